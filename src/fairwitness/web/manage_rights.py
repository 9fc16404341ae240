"""Rights: what each role may do, line by line, added and ended with a reason; and extra power, taken for an hour and reviewed.

The rule it guards: nobody is a standing superuser. An hour has a reason, ends by itself and is reviewed by somebody else.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.access import may
from fairwitness.mission.edit import add_grant, end_grant
from fairwitness.mission.handling import SENSITIVITIES, Sensitivity
from fairwitness.mission.models import Grant, Power, Unit
from fairwitness.mission.name_places import names_of
from fairwitness.mission.take_power import lendable, review, take, times_used
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import PAST
from fairwitness.web.manage_parts import WhyForm, acts, ask_page, base_of, one, paged, table
from fairwitness.web.typed_fields import AnyPlace


@door(Verb.STAFF_READ)
def rights(request: StaffRequest) -> HttpResponse:
    """The lines of rights that stand, role by role."""
    role = request.GET.get("role", "")
    standing = Grant.objects.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()))
    roles = sorted(set(standing.values_list("role", flat=True)))
    rows = paged(request, (standing.filter(role=role) if role in roles else standing).order_by("role", "verb"))
    edits = may(request.hand, Verb.POST_EDIT)
    places = names_of(g.place_id for g in rows["shown"] if g.place_id)
    listed = [
        [
            g.role,
            PAST.get(g.verb, g.verb),
            g.get_reach_display() + (f", {places.get(g.place_id, '?')}" if g.place_id else ""),
            g.get_ceiling_display(),
            g.until,
            (_("End it"), reverse("web:grant_end", args=[g.id])) if edits else "",
        ]
        for g in rows["shown"]
    ]
    columns = [_("Role"), _("May do"), _("Reach"), _("Up to"), _("Until"), ""]
    filters = [{"name": "role", "label": _("Role"), "choices": [(one_, one_) for one_ in roles], "chosen": role}]
    context = {
        **rows,
        "h1": _("%(n)d lines of rights") % {"n": rows["total"]},
        "filters": filters,
        "say": _("A member has the rights of the role of the post they hold, while they hold it."),
        "tables": [table(_("Rights"), columns, listed, _("No right stands for this role."))],
        "acts": acts(request.hand, (Verb.POST_EDIT, _("Add a right"), reverse("web:grant_new"))),
    }
    return page(request, "web/manage/list.html", context)


class GrantForm(Ask):
    """A line of rights."""

    role = forms.CharField(label=lazy("Role"), max_length=80, help_text=lazy("As in the list of rights, or a new one"))
    verb = forms.ChoiceField(label=lazy("May do"))
    reach = forms.ChoiceField(label=lazy("Reach"), choices=Grant.REACHES, widget=forms.RadioSelect)
    ceiling = forms.TypedChoiceField(label=lazy("Up to"), choices=SENSITIVITIES, coerce=int, initial=int(Sensitivity.INTERNAL))
    place = AnyPlace(label=lazy("Only in this place"), required=False)
    why = forms.CharField(label=lazy("Why"), max_length=300)

    def __init__(self, *given: Any, **values: Any) -> None:
        """Offer every verb of the house."""
        super().__init__(*given, **values)
        self.fields["verb"].choices = [("", "—"), *((v.value, f"{v.value} – {v.past}") for v in Verb)]  # type: ignore[attr-defined]


@door(Verb.POST_EDIT, "GET", "POST")
def grant_new(request: StaffRequest) -> HttpResponse:
    """Give a role a right."""
    form = GrantForm(sent(request), hand=request.hand)

    def act(asked: Ask) -> Grant:
        said = asked.cleaned_data
        return add_grant(
            said["role"].strip(),
            said["verb"],
            said["reach"],
            said["ceiling"],
            said["why"],
            by=request.hand,
            place=said["place"],
            thing_id=asked.new_id(),
        )

    h1, back = _("Add a right"), reverse("web:rights")
    return ask_page(request, form, act, lambda made: f"{back}?role={made.role}", h1=h1, submit=_("Add it"), back=back)


@door(Verb.POST_EDIT, "GET", "POST")
def grant_end(request: StaffRequest, key: str) -> HttpResponse:
    """End a right."""
    found = one(Grant.objects, pk=key)
    form = WhyForm(sent(request), hand=request.hand, label=_("Why"), initial={"base": found.entry})
    back = reverse("web:rights")
    h1 = _("End a right of %(role)s: %(verb)s") % {"role": found.role, "verb": found.verb}
    return ask_page(
        request,
        form,
        lambda a: end_grant(found, a.cleaned_data["why"], by=request.hand, base=base_of(a)),
        lambda _made: back,
        h1=h1,
        submit=_("End it"),
        back=back,
    )


@door(Verb.STAFF_READ)
def powers(request: StaffRequest) -> HttpResponse:
    """Extra power, newest first, with its review; those that wait alone, where that is asked for."""
    waiting = request.GET.get("state") == "waiting"
    taken = Power.objects.select_related("member", "unit", "reviewer").order_by("-since")
    rows = paged(request, taken.filter(review="") if waiting else taken)
    reviews = may(request.hand, Verb.POWER_REVIEW)
    listed = [
        [
            p.since,
            p.member.code,
            PAST.get(p.verb, p.verb),
            p.unit or _("the whole mission"),
            p.reason,
            p.review
            or (
                (_("Review it"), reverse("web:power_review", args=[p.id]))
                if reviews and p.member_id != request.member.id
                else _("not reviewed")
            ),
        ]
        for p in rows["shown"]
    ]
    columns = [_("Taken"), _("Member"), _("To have"), _("In"), _("Why"), _("Review")]
    open_ = Power.objects.filter(review="").count()
    context = {
        **rows,
        "h1": _("%(n)d of %(all)d hours wait for a review") % {"n": open_, "all": taken.count()},
        "filters": [
            {"name": "state", "label": _("Which"), "choices": [("waiting", _("those that wait"))], "chosen": "waiting" if waiting else ""}
        ],
        "tables": [table(_("Extra power"), columns, listed, _("Nobody has taken any."))],
        "acts": acts(request.hand, (Verb.POWER_TAKE, _("Take an hour"), reverse("web:power_take"))),
    }
    return page(request, "web/manage/list.html", context)


class HourForm(Ask):
    """What extra power is taken for, how far, and why."""

    verb = forms.ChoiceField(label=lazy("What you need to do"))
    unit = forms.ModelChoiceField(
        Unit.objects.none(), required=False, label=lazy("In which unit and below"), empty_label=lazy("the whole mission")
    )
    ceiling = forms.TypedChoiceField(label=lazy("Up to"), choices=SENSITIVITIES[:3], coerce=int, initial=int(Sensitivity.INTERNAL))
    reason = forms.CharField(
        label=lazy("Why"), widget=forms.Textarea, max_length=1000, help_text=lazy("Stands on record; somebody else reviews it")
    )

    def __init__(self, *given: Any, **values: Any) -> None:
        """Offer what may be lent, and the units of the mission."""
        super().__init__(*given, **values)
        lent = sorted((verb.value, f"{verb.value} – {verb.past}") for verb in lendable())
        self.fields["verb"].choices = [("", "—"), *lent]  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(closed__isnull=True).order_by("name")  # type: ignore[attr-defined]


@door(Verb.POWER_TAKE, "GET", "POST")
def power_take(request: StaffRequest) -> HttpResponse:
    """Take one hour of extra power, with a reason."""
    form = HourForm(sent(request), hand=request.hand, initial={"verb": request.GET.get("verb", "")})

    def act(asked: Ask) -> Power:
        said, verbs = asked.cleaned_data, {verb.value: verb for verb in lendable()}
        return take(verbs[said["verb"]], reason=said["reason"], by=request.hand, unit=said["unit"], ceiling=said["ceiling"])

    say = _("It begins now and ends by itself after one hour. Identities, keys, posts and clearances are never lent.")
    h1, back = _("Take one hour of extra power"), reverse("web:me")
    return ask_page(request, form, act, lambda _made: back, h1=h1, submit=_("Take the hour"), back=back, say=say)


@door(Verb.POWER_REVIEW, "GET", "POST")
def power_review(request: StaffRequest, key: str) -> HttpResponse:
    """Write down what the review of an hour found."""
    found = one(Power.objects.select_related("member"), pk=key)
    hint = _("Used as said, or not; what was done in it")
    form = WhyForm(sent(request), hand=request.hand, label=_("What the review found"), hint=hint, initial={"base": found.entry})
    back = reverse("web:powers")
    said = {"code": found.member.code, "verb": PAST.get(found.verb, found.verb), "why": found.reason, "n": times_used(found)}
    return ask_page(
        request,
        form,
        lambda a: review(found, a.cleaned_data["why"], by=request.hand, base=base_of(a)),
        lambda _made: back,
        h1=_("Review the hour of %(code)s") % said,
        submit=_("Write it down"),
        back=back,
        say=_("Taken to have %(verb)s, with this reason: %(why)s. Times this stands on record in that hour: %(n)d.") % said,
    )


urls = [
    path("manage/rights/", rights, name="rights"),
    path("manage/rights/new/", grant_new, name="grant_new"),
    path("manage/rights/<uuid:key>/end/", grant_end, name="grant_end"),
    path("manage/powers/", powers, name="powers"),
    path("manage/powers/take/", power_take, name="power_take"),
    path("manage/powers/<uuid:key>/review/", power_review, name="power_review"),
]
