"""Posts: held, acting, vacant; filled, handed over with a note, vacated and changed with a reason.

Rights follow the post, so filling one gives them and vacating one ends them at that moment. The rule it guards: nobody fills a post
with themselves, and a hand-over says what is passed on.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.edit import add_post, edit_post
from fairwitness.mission.enrol import fill, hand_over, vacate
from fairwitness.mission.models import Grant, Member, Post, Tenure, Unit
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.manage_parts import WhyForm, acts, ask_page, base_of, one, paged, table, thing_page
from fairwitness.web.typed_fields import Day
from fairwitness.web.verify_fields import institutions


@door(Verb.STAFF_READ)
def posts(request: StaffRequest) -> HttpResponse:
    """Posts by code, each with who is in it."""
    vacant = request.GET.get("state") == "vacant"
    found = Post.objects.filter(abolished__isnull=True).select_related("unit").order_by("code")
    filled = Exists(Tenure.objects.filter(post=OuterRef("pk"), until__isnull=True))
    rows = paged(request, found.filter(~filled) if vacant else found)
    inside: dict[Any, list[str]] = {}
    for t in Tenure.objects.filter(post__in=rows["shown"], until__isnull=True).select_related("member").order_by("kind"):
        inside.setdefault(t.post_id, []).append(
            t.member.code if t.kind == Tenure.HOLDER else _("%(code)s, acting") % {"code": t.member.code}
        )
    listed = [
        [
            (post.title, reverse("web:post", args=[post.id])),
            post.code,
            post.unit,
            post.role,
            "; ".join(inside.get(post.id, [])) or _("vacant"),
        ]
        for post in rows["shown"]
    ]
    filters = [{"name": "state", "label": _("State"), "choices": [("vacant", _("vacant ones"))], "chosen": "vacant" if vacant else ""}]
    columns = [_("Post"), _("Code"), _("Unit"), _("Role"), _("Who is in it")]
    context = {
        **rows,
        "h1": (_("%(n)d posts are vacant") if vacant else _("%(n)d posts")) % {"n": rows["total"]},
        "filters": filters,
        "tables": [table(_("Posts"), columns, listed, _("No post matches."))],
        "acts": acts(request.hand, (Verb.POST_EDIT, _("Establish a post"), reverse("web:post_new"))),
    }
    return page(request, "web/manage/list.html", context)


def _state(now: list[Tenure], held: str) -> str:
    if held:
        return _("held by %(code)s") % {"code": held}
    return _("nobody holds it; %(who)s acting") % {"who": now[0].member} if now else _("vacant")


@door(Verb.STAFF_READ)
def post(request: StaffRequest, key: str) -> HttpResponse:
    """One post: who is and was in it, what it may do."""
    found = one(Post.objects.select_related("unit", "second_hat"), pk=key)
    tenures = list(Tenure.objects.filter(post=found).select_related("member").order_by("-since"))
    now = [t for t in tenures if t.until is None]
    held = next((t.member.code for t in now if t.kind == Tenure.HOLDER), "")
    rows = [[(t.member.code, reverse("web:person", args=[t.member_id])), t.kind, t.since, t.until, t.handover] for t in tenures]
    offered = [(Verb.POST_FILL, _("Fill it"), reverse("web:post_fill", args=[found.id]))]
    if held:
        offered.append((Verb.POST_HANDOVER, _("Hand it over"), reverse("web:post_handover", args=[found.id])))
    if now:
        offered.append((Verb.POST_VACATE, _("Vacate it"), reverse("web:post_vacate", args=[found.id])))
    if found.abolished is None:
        offered.append((Verb.POST_EDIT, _("Change or abolish it"), reverse("web:post_edit", args=[found.id])))
    rights = Grant.objects.filter(role=found.role, until__isnull=True).order_by("verb")
    facts = [
        (_("Unit"), found.unit),
        (_("Role"), found.role),
        (_("Also acts for"), found.second_hat or "–"),
        (_("Abolished"), found.abolished or "–"),
    ]
    return thing_page(
        request, request.hand, [found.id, *(t.id for t in tenures)],
        h1=f"{found.title}: {_state(now, held)}",
        code=found.code,
        up={"href": reverse("web:posts"), "text": _("Posts")},
        facts=facts,
        acts=acts(request.hand, *offered),
        tables=[
            table(_("Who is and was in it"), [_("Member"), _("As"), _("Since"), _("Until"), _("Passed on")], rows, _("Nobody yet.")),
            table(
                _("What it may do"),
                [_("Act"), _("Reach"), _("Up to")],
                [[g.verb, g.get_reach_display(), g.get_ceiling_display()] for g in rights],
                _("Nothing: its role has no right."),
            ),
        ],
    )


class PostForm(Ask):
    """A new post."""

    code = forms.CharField(label=lazy("Code"), max_length=80)
    title = forms.CharField(label=lazy("Title"), max_length=200)
    unit = forms.ModelChoiceField(Unit.objects.filter(closed__isnull=True).order_by("name"), label=lazy("Unit"))
    role = forms.ChoiceField(label=lazy("Role"), help_text=lazy("The post carries the rights of its role"))

    def __init__(self, *given: Any, **values: Any) -> None:
        """Offer the roles that have rights."""
        super().__init__(*given, **values)
        roles = Grant.objects.order_by("role").values_list("role", flat=True).distinct()
        self.fields["role"].choices = [("", "—"), *((role, role) for role in roles)]  # type: ignore[attr-defined]


class PostEdit(Ask):
    """What of a post may change. Its role does not: what it may do would change unseen."""

    title = forms.CharField(label=lazy("Title"), max_length=200)
    unit = forms.ModelChoiceField(Unit.objects.filter(closed__isnull=True).order_by("name"), label=lazy("Unit"))
    second_hat = institutions(lazy("Also acts for"))
    established = Day(label=lazy("Established on"), required=False)
    abolished = Day(label=lazy("Abolished on"), required=False, help_text=lazy("Only a vacant post is abolished; it stays readable"))
    why = forms.CharField(label=lazy("Why"), max_length=500)

    FIELDS = ("title", "unit", "second_hat", "established", "abolished")


class FillForm(Ask):
    """Who comes into the post, and as what."""

    member = forms.ModelChoiceField(Member.objects.filter(left__isnull=True).order_by("code"), label=lazy("Member"))
    kind = forms.ChoiceField(
        label=lazy("As"), choices=[("holder", lazy("its holder")), ("acting", lazy("acting"))], widget=forms.RadioSelect
    )


class HandoverForm(Ask):
    """To whom, and what is passed on."""

    member = forms.ModelChoiceField(Member.objects.filter(left__isnull=True).order_by("code"), label=lazy("To"))
    note = forms.CharField(
        label=lazy("What is passed on"),
        widget=forms.Textarea,
        max_length=20_000,
        help_text=lazy("Open cases, promises made, people to meet"),
    )


@door(Verb.POST_EDIT, "GET", "POST")
def post_new(request: StaffRequest) -> HttpResponse:
    """Establish a post."""
    form = PostForm(sent(request), hand=request.hand)

    def act(asked: Ask) -> Post:
        said = asked.cleaned_data
        return add_post(said["code"], said["title"], said["unit"], said["role"], by=request.hand, thing_id=asked.new_id())

    h1, then = _("Establish a post"), lambda made: reverse("web:post", args=[made.id])
    return ask_page(request, form, act, then, h1=h1, submit=_("Establish it"), back=reverse("web:posts"))


@door(Verb.POST_EDIT, "GET", "POST")
def post_edit(request: StaffRequest, key: str) -> HttpResponse:
    """Re-title, move or abolish a post, with the reason."""
    found = one(Post.objects, pk=key)
    stands = {name: getattr(found, name) for name in PostEdit.FIELDS}
    form = PostEdit(sent(request), hand=request.hand, initial={**stands, "base": found.entry})
    address = reverse("web:post", args=[found.id])

    def act(asked: Ask) -> Post:
        changes = {name: asked.cleaned_data[name] for name in PostEdit.FIELDS}
        return edit_post(found, by=request.hand, why=asked.cleaned_data["why"], base=base_of(asked), **changes)

    h1 = _("Change %(post)s") % {"post": found}
    return ask_page(request, form, act, lambda _made: address, h1=h1, submit=_("Change it"), back=address)


@door(Verb.POST_FILL, "GET", "POST")
def post_fill(request: StaffRequest, key: str) -> HttpResponse:
    """Put a member into the post."""
    found = one(Post.objects, pk=key)
    form = FillForm(sent(request), hand=request.hand, initial={"kind": "holder"})
    address = reverse("web:post", args=[found.id])

    def act(asked: Ask) -> Tenure:
        return fill(found, asked.cleaned_data["member"], by=request.hand, kind=asked.cleaned_data["kind"], thing_id=asked.new_id())

    h1 = _("Fill %(post)s") % {"post": found}
    return ask_page(request, form, act, lambda _made: address, h1=h1, submit=_("Fill it"), back=address)


@door(Verb.POST_HANDOVER, "GET", "POST")
def post_handover(request: StaffRequest, key: str) -> HttpResponse:
    """Hand the post over, with a note."""
    found = one(Post.objects, pk=key)
    form = HandoverForm(sent(request), hand=request.hand)
    address = reverse("web:post", args=[found.id])

    def act(asked: Ask) -> Tenure:
        return hand_over(found, asked.cleaned_data["member"], asked.cleaned_data["note"], by=request.hand)

    h1 = _("Hand over %(post)s") % {"post": found}
    return ask_page(request, form, act, lambda _made: address, h1=h1, submit=_("Hand it over"), back=address)


@door(Verb.POST_VACATE, "GET", "POST")
def post_vacate(request: StaffRequest, key: str) -> HttpResponse:
    """Leave the post vacant."""
    found = one(Post.objects, pk=key)
    form = WhyForm(sent(request), hand=request.hand, label=_("Why"), hint=_("For example: end of secondment"))
    address = reverse("web:post", args=[found.id])
    h1 = _("Leave %(post)s vacant") % {"post": found}
    return ask_page(
        request,
        form,
        lambda a: vacate(found, by=request.hand, why=a.cleaned_data["why"]),
        lambda _made: address,
        h1=h1,
        submit=_("Vacate it"),
        back=address,
    )


urls = [
    path("manage/posts/", posts, name="posts"),
    path("manage/posts/new/", post_new, name="post_new"),
    path("manage/posts/<uuid:key>/", post, name="post"),
    path("manage/posts/<uuid:key>/edit/", post_edit, name="post_edit"),
    path("manage/posts/<uuid:key>/fill/", post_fill, name="post_fill"),
    path("manage/posts/<uuid:key>/handover/", post_handover, name="post_handover"),
    path("manage/posts/<uuid:key>/vacate/", post_vacate, name="post_vacate"),
]
