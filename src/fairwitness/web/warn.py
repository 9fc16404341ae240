"""Warn: the ledger of warnings. Who was warned of what, by when; what they did; whether it came to pass.

The rates on this page stand with their n, and warnings on which somebody acted are named and left out of the hit rate.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import may, open_one, require, sees, visible
from fairwitness.mission.name_places import name_of, names_of
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.warn.answer import answer
from fairwitness.warn.issue import issue
from fairwitness.warn.judge import judge
from fairwitness.warn.models import Warning
from fairwitness.warn.score import LEFT_OUT, WORDS, horizon, score
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.lists_along import list_along
from fairwitness.web.narrow import narrowed
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.verify_cells import evidence_line
from fairwitness.web.verify_fields import told_changes
from fairwitness.web.verify_words import paged
from fairwitness.web.warn_forms import AnswerForm, JudgeForm, WarningForm


@door(Verb.REPORT_READ)
def list_warnings(request: StaffRequest) -> HttpResponse:
    """The ledger, newest first, with its figures over all the reader may see."""
    only = narrowed(request)
    everything = visible(request.hand, Warning.objects.select_related("addressee").prefetch_related("responses").order_by("-issued", "-id"))
    everything = only.apply(everything, "place_id", "addressee__place_id", institutions=("addressee_id",))
    if asked_for(request):
        return list_along(request, "warnings", everything, hand=request.hand)
    found = paged(request, everything)
    names = names_of(one.place_id for one in found["rows"])
    figures = score(everything)
    rows = [(one, names.get(one.place_id, ""), horizon(one), one.responses.all()) for one in found["rows"]]
    context = {
        "verb_now": "warn", **found, "rows": rows, "only": only, "take_along": ways(request, request.hand),
        "score": figures, "words": WORDS, "may_issue": may(request.hand, Verb.WARNING_ISSUE),
        "left_out": [(LEFT_OUT[reason], n) for reason, n in figures.left_out.items()],
        "due": sum(1 for one in everything if horizon(one).due), "open": sum(1 for one in everything if not one.outcome),
    }  # fmt: skip
    return page(request, "web/warn/warn.html", context)


@door(Verb.REPORT_READ)
def show_warning(request: StaffRequest, code: str) -> HttpResponse:
    """One warning: its horizon, its addressee, its basis, the responses, the outcome."""
    warning = open_one(request.hand, Warning.objects.select_related("addressee", "place"), code=code)
    replies = list(warning.responses.order_by("responded", "id"))
    context = {
        "verb_now": "warn", "w": warning, "place_name": name_of(warning.place), "horizon": horizon(warning), "replies": replies,
        "basis": _basis(request.hand, warning), "marking": warning.marking(), "confounded": warning.outcome == "acted",
        "may_answer": may(request.hand, Verb.WARNING_ANSWER, warning), "may_judge": may(request.hand, Verb.WARNING_JUDGE, warning),
        "entries": lines([warning.pk, *(reply.pk for reply in replies)], request.hand),
    }  # fmt: skip
    return page(request, "web/warn/warning.html", context)


def _basis(hand: Hand, warning: Warning) -> list[dict[str, Any]]:
    found = []
    for line in warning.basis.select_related("observation", "claim", "finding").order_by("id"):
        end = line.observation or line.claim
        if end is not None and sees(hand, end):
            found.append(evidence_line(end))
        elif line.finding is not None and sees(hand, line.finding):
            one = line.finding
            found.append({"code": one.code, "headline": one.title, "note": _("finding"), "href": reverse("web:finding", args=[one.code])})
    return found


@door(Verb.WARNING_ISSUE, "GET", "POST")
def new_warning(request: StaffRequest) -> HttpResponse:
    """Issue a warning."""
    form = WarningForm(
        request.POST if request.method == "POST" else None, hand=request.hand, initial={"basis": request.GET.get("basis", "")[:200]}
    )
    if request.method == "POST" and form.is_valid():
        with told(form):
            names = [name for name in form.fields if name not in ("once", "base")]
            made = issue(**told_changes(form, names), thing_id=form.new_id(), by=request.hand)
            return redirect("web:warning", made.code)
    context = {"verb_now": "warn", "form": form, "h1": _("Issue a warning"), "submit": _("Issue the warning"), "kick": _("Warning")}
    hint = _("A warning has a horizon and an addressee. When the horizon has ended it is judged, right or wrong.")
    return page(request, "web/verify/form.html", {**context, "back": reverse("web:warn"), "hint": hint})


@door(Verb.WARNING_ANSWER, "GET", "POST")
def answer_warning(request: StaffRequest, code: str) -> HttpResponse:
    """Write down a response of the addressee."""
    warning = open_one(request.hand, Warning.objects.all(), code=code)
    require(request.hand, Verb.WARNING_ANSWER, warning)
    form = AnswerForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            answer(warning, **told_changes(form, ["kind", "responded", "text"]), thing_id=form.new_id(), by=request.hand)
            return redirect("web:warning", warning.code)
    context = {"verb_now": "warn", "form": form, "h1": _("What did the addressee do?"), "submit": _("Keep the response")}
    context |= {"kick": f"{warning.code} {warning.title}", "back": reverse("web:warning", args=[code]), "marking": warning.marking()}
    return page(request, "web/verify/form.html", context)


@door(Verb.WARNING_JUDGE, "GET", "POST")
def judge_warning(request: StaffRequest, code: str) -> HttpResponse:
    """Judge a warning afterwards, at the version its judge saw."""
    warning = open_one(request.hand, Warning.objects.all(), code=code)
    require(request.hand, Verb.WARNING_JUDGE, warning)
    initial = {"base": warning.entry, "outcome": warning.outcome, "outcome_note": warning.outcome_note, "lesson": warning.lesson}
    form = JudgeForm(request.POST if request.method == "POST" else None, hand=request.hand, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told(form):
            judge(warning, **told_changes(form, ["outcome", "outcome_note", "judged", "early_why", "lesson", "base"]), by=request.hand)
            return redirect("web:warning", warning.code)
    context = {"verb_now": "warn", "form": form, "h1": _("Did it come to pass?"), "submit": _("Keep the judgement")}
    hint = _(
        "Where action was taken, nobody knows what would have happened: choose that outcome, and the warning is left out of the hit rate."
    )
    context |= {
        "kick": f"{warning.code} {warning.title}",
        "back": reverse("web:warning", args=[code]),
        "marking": warning.marking(),
        "hint": hint,
    }
    return page(request, "web/verify/form.html", context)


urls = [
    path("warn/", list_warnings, name="warn"),
    path("warn/new/", new_warning, name="warning_new"),
    path("warn/<str:code>/", show_warning, name="warning"),
    path("warn/<str:code>/answer/", answer_warning, name="warning_answer"),
    path("warn/<str:code>/judge/", judge_warning, name="warning_judge"),
]
