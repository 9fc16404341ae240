"""People: who is in the mission, how they sign in at this node, when they leave.

Lists show posts and codes. A password is made by chance and shown once; a lost one is reset by two persons. The rule it guards: who
may read the staff list may not thereby enrol, and who enrols cannot give anybody a right (posts do).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.access import may
from fairwitness.mission.enrol import end_service, enrol, wear_hat
from fairwitness.mission.models import Counterpart, Member, Power, SecondHat, Tenure
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.enrol import asked, asked_for, close_account, make_account, sessions_of
from fairwitness.web.manage_parts import acts, ask_page, base_of, one, paged, table, thing_page
from fairwitness.web.models import Account
from fairwitness.web.typed_fields import Day

LANGUAGES = [
    ("en", "English"),
    ("sq", "Shqip"),
    ("sr-Latn", "Srpski"),
    ("sr-Cyrl", "Српски"),
    ("tr", "Türkçe"),
    ("bs", "Bosanski"),
    ("rom", "Romani"),
]


@door(Verb.STAFF_READ)
def people(request: StaffRequest) -> HttpResponse:
    """Members by code, with their posts."""
    gone = request.GET.get("left") == "1"
    rows = paged(request, Member.objects.filter(left__isnull=not gone).order_by("code"))
    held: dict[Any, list[str]] = {}
    for tenure in Tenure.objects.filter(member__in=rows["shown"], until__isnull=True).select_related("post"):
        held.setdefault(tenure.member_id, []).append(f"{tenure.post.title}{_(' (acting)') if tenure.kind == Tenure.ACTING else ''}")
    signs_in = set(Account.objects.filter(member__in=rows["shown"], is_active=True).values_list("member_id", flat=True))
    listed = [
        [
            (m.code, reverse("web:person", args=[m.id])),
            "; ".join(held.get(m.id, [])),
            m.languages,
            _("yes") if m.id in signs_in else _("no"),
            m.left,
        ]
        for m in rows["shown"]
    ]
    waiting = (
        [table(_("Resets that wait for a second person"), [_("Member"), _("Asked"), _("Why")], _resets())] if _may_reset(request) else []
    )
    columns = [_("Member"), _("Posts"), _("Languages"), _("Signs in here"), _("Left")]
    filters = [{"name": "left", "label": _("Who"), "choices": [("1", _("those who left"))], "chosen": "1" if gone else ""}]
    context = {
        **rows,
        "h1": _("%(n)d members") % {"n": rows["total"]},
        "filters": filters,
        "tables": [table(_("Members"), columns, listed, _("Nobody. Enrol a member.")), *(w for w in waiting if w["rows"])],
        "acts": acts(request.hand, (Verb.MEMBER_ENROL, _("Enrol a member"), reverse("web:person_new"))),
    }
    return page(request, "web/manage/list.html", context)


def _may_reset(request: StaffRequest) -> bool:
    return may(request.hand, Verb.CREDENTIAL_RESET)


def _resets() -> list[list[Any]]:
    codes = dict(Member.objects.filter(pk__in=asked_for()).values_list("id", "code"))
    return [[(codes.get(key, "?"), reverse("web:person", args=[key])), one_.at, one_.reason] for key, one_ in asked_for().items()]


@door(Verb.STAFF_READ)
def person(request: StaffRequest, key: str) -> HttpResponse:
    """One member: posts held, other hats, extra power taken, how they sign in here."""
    return person_page(request, one(Member.objects, pk=key))


def person_page(request: StaffRequest, member: Member, once: dict[str, str] | None = None) -> HttpResponse:
    """The page of a member, with what is shown once."""
    tenures = list(Tenure.objects.filter(member=member).select_related("post").order_by("-since"))
    hats = list(SecondHat.objects.filter(member=member).select_related("organisation"))
    powers = Power.objects.filter(member=member).order_by("-since")[:20]
    account = Account.objects.filter(member=member).first()
    edits = may(request.hand, Verb.MEMBER_EDIT)
    posts = [
        [(t.post.title, reverse("web:post", args=[t.post_id])), t.kind, t.since, t.until, t.handover if edits else ""] for t in tenures
    ]
    return thing_page(
        request, request.hand, [member.id, *(t.id for t in tenures), *(h.id for h in hats)],
        h1=_title(member, tenures),
        code=member.code,
        once=once,
        up={"href": reverse("web:people"), "text": _("People")},
        facts=_facts(member, account, edits, _sessions(request, account)),
        tables=[
            table(
                _("Posts"),
                [_("Post"), _("As"), _("Since"), _("Until"), _("Passed on")],
                posts,
                _("No post yet. Without one nothing opens."),
            ),
            table(
                _("Other hats"),
                [_("Organisation"), _("As"), _("Since"), _("Until")],
                [[h.organisation, h.title, h.since, h.until] for h in hats],
                _("None known."),
            ),
            table(
                _("Extra power taken"),
                [_("When"), _("What"), _("Why"), _("Review")],
                [[p.since, p.verb, p.reason, p.review] for p in powers],
                _("None."),
            ),
        ],
        acts=_acts(request, member, account),
    )


def _sessions(request: StaffRequest, account: Account | None) -> list[tuple[str, Any]]:
    """How many browsers are signed in: a number, since where from is the member's own business."""
    if account is None or not _may_reset(request):
        return []
    return [(_("Signed in with"), _("%(n)d browsers") % {"n": len(sessions_of(account))})]


def _facts(member: Member, account: Account | None, edits: bool, more: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return ([(_("Name"), member.name or "–")] if edits else []) + [
        (_("Languages"), ", ".join(member.languages) or "–"),
        (_("Joined"), member.joined or "–"),
        (_("Left"), member.left or "–"),
        (_("Signs in here"), _signs(account)),
        *more,
    ]


def _title(member: Member, tenures: list[Tenure]) -> str:
    if member.left:
        return _("%(code)s has left the mission") % {"code": member.code}
    held = [t.post.title for t in tenures if t.until is None]
    return ", ".join(held) or _("%(code)s holds no post") % {"code": member.code}


def _signs(account: Account | None) -> str:
    if account is None:
        return _("has no account here")
    return account.username if account.is_active else _("account closed")


def _acts(request: StaffRequest, member: Member, account: Account | None) -> list[dict[str, str]]:
    if member.left is not None:
        return []
    offered = [(Verb.MEMBER_EDIT, _("Write down another hat"), reverse("web:hat_new", args=[member.id]))]
    if account is None:
        offered.append((Verb.MEMBER_ENROL, _("Make an account"), reverse("web:account_new", args=[member.id])))
    elif asked(member) is None:
        offered.append((Verb.CREDENTIAL_RESET, _("Ask for a new password or second factor"), reverse("web:reset_ask", args=[member.id])))
    else:
        offered.append(
            (Verb.CREDENTIAL_RESET, _("Confirm the reset as second person"), reverse("web:reset_confirm", args=[member.id]))
        )
    if account is not None and account.is_active:
        offered.append((Verb.CREDENTIAL_RESET, _("End their sessions"), reverse("web:person_sessions_end", args=[member.id])))
    offered.append((Verb.ACCESS_EXPLAIN, _("What they may do, and why"), reverse("web:person_why", args=[member.id])))
    offered.append((Verb.MEMBER_EDIT, _("End their time in the mission"), reverse("web:person_end", args=[member.id])))
    return acts(request.hand, *offered)


class PersonForm(Ask):
    """A new member."""

    code = forms.CharField(label=lazy("Code"), max_length=24, help_text=lazy("Stands on every page in place of the name, such as PZ-M4"))
    name = forms.CharField(label=lazy("Name"), max_length=200, required=False, help_text=lazy("Read only by those who edit members"))
    languages = forms.MultipleChoiceField(label=lazy("Languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple, required=False)
    joined = Day(label=lazy("Joined"), required=False)


class AccountForm(Ask):
    """The name typed at the door."""

    username = forms.CharField(label=lazy("Name to sign in with"), max_length=60, help_text=lazy("Letters, figures, full stop, hyphen"))


class HatForm(Ask):
    """A function in another organisation."""

    organisation = forms.ModelChoiceField(Counterpart.objects.order_by("name"), label=lazy("Organisation"))
    title = forms.CharField(label=lazy("As"), max_length=200)
    since = Day(label=lazy("Since"), required=False)
    until = Day(label=lazy("Until"), required=False)


class LeaveForm(Ask):
    """The last day."""

    on = Day(label=lazy("Last day"))


@door(Verb.MEMBER_ENROL, "GET", "POST")
def person_new(request: StaffRequest) -> HttpResponse:
    """Enrol a member."""
    form = PersonForm(sent(request), hand=request.hand)

    def act(asked_: Ask) -> Member:
        said = asked_.cleaned_data
        return enrol(
            said["code"], by=request.hand, name=said["name"], languages=said["languages"], joined=said["joined"], thing_id=asked_.new_id()
        )

    say = _("A member may sign in once there is an account, and do something once there is a post.")
    then = lambda made: reverse("web:person", args=[made.id])  # noqa: E731
    return ask_page(request, form, act, then, h1=_("Enrol a member"), submit=_("Enrol"), back=reverse("web:people"), say=say)


@door(Verb.MEMBER_ENROL, "GET", "POST")
def account_new(request: StaffRequest, key: str) -> HttpResponse:
    """Make an account; its password is shown once."""
    member = one(Member.objects, pk=key)
    form = AccountForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            secret = make_account(member, form.cleaned_data["username"], by=request.hand)
            return person_page(request, member, shown_once(secret))
    context = {"form": form, "h1": _("Make an account for %(code)s") % {"code": member.code}, "submit": _("Make it"), "back": _back(member)}
    return page(request, "web/manage/form.html", context)


def shown_once(secret: str) -> dict[str, str]:
    """A password, with what to do about it."""
    words = _("Hand this password over in person. It is shown once and kept nowhere; at the first sign-in a second factor is set up.")
    return {"words": words, "secret": secret}


def _back(member: Member) -> str:
    return reverse("web:person", args=[member.id])


@door(Verb.MEMBER_EDIT, "GET", "POST")
def person_end(request: StaffRequest, key: str) -> HttpResponse:
    """A member leaves: posts are vacated, the account is closed, in one act."""
    member = one(Member.objects, pk=key)
    form = LeaveForm(sent(request), hand=request.hand, initial={"on": timezone.localdate(), "base": member.entry})

    def act(asked_: Ask) -> None:
        with writing(request.hand):
            end_service(member, on=asked_.cleaned_data["on"], by=request.hand, base=base_of(asked_))
            close_account(member, by=request.hand)

    say = _("Every post they hold is vacated now, their account is closed, their sessions end. What they wrote stays.")
    h1 = _("End the time of %(code)s in the mission") % {"code": member.code}
    return ask_page(request, form, act, lambda _made: _back(member), h1=h1, submit=_("End it"), back=_back(member), say=say)


@door(Verb.MEMBER_EDIT, "GET", "POST")
def hat_new(request: StaffRequest, key: str) -> HttpResponse:
    """Write down a function in another organisation: clearance shows it."""
    member = one(Member.objects, pk=key)
    form = HatForm(sent(request), hand=request.hand)

    def act(asked_: Ask) -> SecondHat:
        said = asked_.cleaned_data
        return wear_hat(member, said["organisation"], said["title"], by=request.hand, since=said["since"], until=said["until"])

    h1 = _("Another hat of %(code)s") % {"code": member.code}
    return ask_page(request, form, act, lambda _made: _back(member), h1=h1, submit=_("Write it down"), back=_back(member))


urls = [
    path("manage/people/", people, name="people"),
    path("manage/people/new/", person_new, name="person_new"),
    path("manage/people/<uuid:key>/", person, name="person"),
    path("manage/people/<uuid:key>/account/", account_new, name="account_new"),
    path("manage/people/<uuid:key>/hats/new/", hat_new, name="hat_new"),
    path("manage/people/<uuid:key>/end/", person_end, name="person_end"),
]
