"""Verify: what was promised, held against what was seen. The matrix, an obligation, a check.

Not met, no data, not checked and not visited are four words on these pages, never one.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import may, open_one, require
from fairwitness.mission.name_places import name_of
from fairwitness.record.verbs import Verb
from fairwitness.verify.check import correct_check, make_check
from fairwitness.verify.lift import municipalities
from fairwitness.verify.matrix import ROUND_RULE, rounds
from fairwitness.verify.models import Check, Obligation
from fairwitness.verify.state import state_obligation
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.verify_cells import MARKS, WORDS, cite_now, evidence_of, matrix_of_all, matrix_of_obligation, matrix_of_place
from fairwitness.web.verify_fields import told_changes
from fairwitness.web.verify_forms import CheckCorrection, CheckForm, ObligationForm, PlaceAsk


@door(Verb.OBSERVATION_READ)
def list_obligations(request: StaffRequest) -> HttpResponse:
    """Every obligation, round by round: in one municipality, or how many municipalities stand where."""
    obligations = list(Obligation.objects.select_related("standard", "established_by").order_by("standard__title", "aspect", "code"))
    names = rounds(request.hand, obligations)[-5:]
    form = PlaceAsk(request.GET or None, hand=request.hand)
    place = form.cleaned_data["place"] if form.is_bound and form.is_valid() else None
    table = matrix_of_place(request.hand, obligations, place, names) if place else matrix_of_all(request.hand, obligations, names)
    context = {
        "verb_now": "verify", "obligations": obligations, "names": names, "table": table, "picker": form, "place": place,
        "place_name": name_of(place) if place else "", "rule": ROUND_RULE, "municipalities": len(municipalities()),
        "may_state": may(request.hand, Verb.OBLIGATION_STATE), "may_check": may(request.hand, Verb.CHECK_MAKE),
    }  # fmt: skip
    return page(request, "web/verify/verify.html", context)


@door(Verb.OBSERVATION_READ)
def show_obligation(request: StaffRequest, code: str) -> HttpResponse:
    """One obligation: its text, its basis, and every municipality in every round."""
    obligation = open_one(request.hand, Obligation.objects.select_related("standard", "established_by", "party"), code=code)
    names = rounds(request.hand, [obligation])[-8:]
    context = {
        "verb_now": "verify", "o": obligation, "names": names, "table": matrix_of_obligation(request.hand, obligation, names),
        "basis": cite_now(obligation), "in_practice": obligation.in_practice.order_by("code"), "rule": ROUND_RULE,
        "may_check": may(request.hand, Verb.CHECK_MAKE), "entries": lines([obligation.pk], request.hand),
    }  # fmt: skip
    return page(request, "web/verify/obligation.html", context)


@door(Verb.OBLIGATION_STATE, "GET", "POST")
def new_obligation(request: StaffRequest) -> HttpResponse:
    """State an obligation."""
    form = ObligationForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            names = [name for name in form.fields if name not in ("once", "base")]
            made = state_obligation(**told_changes(form, names), thing_id=form.new_id(), by=request.hand)
            return redirect("web:obligation", made.code)
    context = {"verb_now": "verify", "form": form, "h1": _("State what was promised"), "submit": _("State the obligation")}
    return page(request, "web/verify/form.html", {**context, "kick": _("Obligation"), "back": reverse("web:verify")})


@door(Verb.OBSERVATION_READ)
def show_check(request: StaffRequest, code: str) -> HttpResponse:
    """One check: its result, the text of its day, what it rests on, what the party says."""
    check = open_one(request.hand, Check.objects.select_related("obligation", "institution", "place"), code=code)
    context = {
        "verb_now": "verify", "c": check, "place_name": name_of(check.place), "word": WORDS[check.value],
        "mark": MARKS.get(check.value, ""),
        "marking": check.marking(), "may_edit": may(request.hand, Verb.CHECK_EDIT, check), "entries": lines([check.pk], request.hand),
        "supports": evidence_of(request.hand, check, "supports"), "contradicts": evidence_of(request.hand, check, "contradicts"),
    }  # fmt: skip
    return page(request, "web/verify/check.html", context)


@door(Verb.CHECK_MAKE, "GET", "POST")
def new_check(request: StaffRequest) -> HttpResponse:
    """Hold an obligation against what was observed."""
    asked = Obligation.objects.filter(code=request.GET.get("obligation", "")[:40]).first()
    initial = {"obligation": asked, "evidence": request.GET.get("evidence", "")[:200]}
    form = CheckForm(request.POST if request.method == "POST" else None, hand=request.hand, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told(form):
            names = [name for name in form.fields if name not in ("once", "base")]
            made = make_check(**told_changes(form, names), thing_id=form.new_id(), by=request.hand)
            return redirect("web:check", made.code)
    context = {"verb_now": "verify", "form": form, "h1": _("Hold an obligation against what was seen"), "submit": _("Keep the check")}
    return page(request, "web/verify/form.html", {**context, "kick": _("Check"), "back": reverse("web:verify")})


@door(Verb.CHECK_EDIT, "GET", "POST")
def edit_check(request: StaffRequest, code: str) -> HttpResponse:
    """Correct a check at the version its writer saw."""
    check = open_one(request.hand, Check.objects.select_related("obligation"), code=code)
    require(request.hand, Verb.CHECK_EDIT, check)
    initial: dict[str, Any] = {name: getattr(check, name) for name in CheckCorrection.CHANGES}
    rests = " ".join(one["code"] for one in evidence_of(request.hand, check, "supports"))
    form = CheckCorrection(
        request.POST if request.method == "POST" else None, hand=request.hand, initial={**initial, "base": check.entry, "evidence": rests}
    )
    if request.method == "POST" and form.is_valid():
        with told(form):
            changes = told_changes(form, [*CheckCorrection.CHANGES, "why", "evidence", "base"])
            correct_check(check, by=request.hand, **changes)
            return redirect("web:check", check.code)
    context = {"verb_now": "verify", "form": form, "h1": f"{_('Correct')} {check.code}", "submit": _("Keep the correction")}
    return page(
        request,
        "web/verify/form.html",
        {**context, "kick": check.obligation.title, "back": reverse("web:check", args=[code]), "marking": check.marking()},
    )


urls = [
    path("verify/", list_obligations, name="verify"),
    path("verify/obligations/new/", new_obligation, name="obligation_new"),
    path("verify/obligations/<str:code>/", show_obligation, name="obligation"),
    path("verify/checks/new/", new_check, name="check_new"),
    path("verify/checks/<str:code>/", show_check, name="check"),
    path("verify/checks/<str:code>/edit/", edit_check, name="check_edit"),
]
