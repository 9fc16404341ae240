"""Findings, ratings and ties: what we hold to be true, how surely, and which sources speak of one event.

A person rates, a person ties, a person concludes; the pages offer the reasons and print the rules.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.analyse.assess import assess, ratings_of
from fairwitness.analyse.conclude import conclude, edit_finding
from fairwitness.analyse.link import suggest, tie
from fairwitness.analyse.models import Finding
from fairwitness.analyse.rules import LINKING, PROOF
from fairwitness.analyse.weigh_links import FEWEST, Weighed, weigh_links
from fairwitness.mission.access import may, open_one, require, sees, visible
from fairwitness.mission.name_places import name_of, names_of
from fairwitness.monitor.happen import events_of, figures, unlink_source
from fairwitness.monitor.models import Claim, Observation, SourceLink
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.web.analyse_forms import AssessmentForm, FindingEdit, FindingForm, TieForm, UntieForm
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.lists_along import list_along
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.verify_cells import evidence_line
from fairwitness.web.verify_fields import told_changes
from fairwitness.web.verify_words import paged

Thing = Observation | Claim


def _open(hand: Hand, kind: str, code: str) -> Thing:
    model: Any = Observation if kind == "observation" else Claim
    thing: Thing = open_one(hand, model.objects.select_related("place", "unit"), code=code)
    return thing


@door(Verb.OBSERVATION_READ)
def list_findings(request: StaffRequest) -> HttpResponse:
    """Findings, newest first."""
    everything = visible(request.hand, Finding.objects.order_by("-concluded", "-id"))
    if asked_for(request):
        return list_along(request, "findings", everything, hand=request.hand)
    found = paged(request, everything)
    names = names_of(one.place_id for one in found["rows"])
    rows = [(one, names.get(one.place_id, "")) for one in found["rows"]]
    return page(
        request,
        "web/analyse/findings.html",
        {
            "verb_now": "analyse", **found, "rows": rows, "may_conclude": may(request.hand, Verb.FINDING_CONCLUDE),
            "take_along": ways(request, request.hand),
        },
    )


@door(Verb.OBSERVATION_READ)
def show_finding(request: StaffRequest, code: str) -> HttpResponse:
    """One finding: to which standard of proof, on what, against what, with which other readings."""
    finding = open_one(request.hand, Finding.objects.select_related("place", "institution", "standard"), code=code)
    context = {
        "verb_now": "analyse", "f": finding, "place_name": name_of(finding.place), "rule": PROOF, "marking": finding.marking(),
        "supports": _evidence(request.hand, finding, "supports"), "contradicts": _evidence(request.hand, finding, "contradicts"),
        "may_edit": may(request.hand, Verb.FINDING_EDIT, finding), "entries": lines([finding.pk], request.hand),
    }  # fmt: skip
    return page(request, "web/analyse/finding.html", context)


def _evidence(hand: Hand, finding: Finding, relation: str) -> list[dict[str, Any]]:
    found = []
    ends = finding.evidence.filter(undone=False, relation=relation).select_related("observation", "claim", "check_made__obligation")
    for line in ends.order_by("id"):
        end = line.observation or line.claim
        if end is not None and sees(hand, end):
            found.append(evidence_line(end))
        elif line.check_made is not None and sees(hand, line.check_made):
            made = line.check_made
            words = f"{made.obligation.title}: {made.get_value_display()}"
            found.append({"code": made.code, "headline": words, "note": _("check"), "href": reverse("web:check", args=[made.code])})
    return found


@door(Verb.FINDING_CONCLUDE, "GET", "POST")
def new_finding(request: StaffRequest) -> HttpResponse:
    """Conclude a finding."""
    form = FindingForm(
        request.POST if request.method == "POST" else None, hand=request.hand, initial={"evidence": request.GET.get("evidence", "")[:200]}
    )
    if request.method == "POST" and form.is_valid():
        with told(form):
            names = [name for name in form.fields if name not in ("once", "base")]
            made = conclude(**told_changes(form, names), thing_id=form.new_id(), by=request.hand)
            return redirect("web:finding", made.code)
    context = {"verb_now": "analyse", "form": form, "h1": _("Conclude a finding"), "submit": _("Conclude"), "kick": _("Finding")}
    return page(request, "web/verify/form.html", {**context, "back": reverse("web:findings"), "aside_note": f"{PROOF}: {PROOF.words}"})


@door(Verb.FINDING_EDIT, "GET", "POST")
def change_finding(request: StaffRequest, code: str) -> HttpResponse:
    """Change a finding at the version its writer saw."""
    finding = open_one(request.hand, Finding.objects.all(), code=code)
    require(request.hand, Verb.FINDING_EDIT, finding)
    initial: dict[str, Any] = {name: getattr(finding, name) for name in FindingEdit.CHANGES}
    rests = " ".join(one["code"] for one in _evidence(request.hand, finding, "supports"))
    form = FindingEdit(
        request.POST if request.method == "POST" else None, hand=request.hand, initial={**initial, "base": finding.entry, "evidence": rests}
    )
    if request.method == "POST" and form.is_valid():
        with told(form):
            edit_finding(finding, by=request.hand, **told_changes(form, [*FindingEdit.CHANGES, "why", "evidence", "base"]))
            return redirect("web:finding", finding.code)
    context = {
        "verb_now": "analyse",
        "form": form,
        "h1": f"{_('Change')} {finding.code}",
        "submit": _("Keep the change"),
        "kick": finding.title,
    }
    context |= {"back": reverse("web:finding", args=[code]), "aside_note": f"{PROOF}: {PROOF.words}", "marking": finding.marking()}
    return page(request, "web/verify/form.html", context)


def _rate(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    thing = _open(request.hand, kind, code)
    form = AssessmentForm(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            assess(thing, **told_changes(form, ["source_grade", "information_grade", "reason"]), thing_id=form.new_id(), by=request.hand)
            return redirect(f"web:assess_{kind}", thing.code)
    context = {
        "verb_now": "analyse", "thing": thing, "line": evidence_line(thing), "form": form, "ratings": ratings_of(thing),
        "marking": thing.marking(), "link_url": reverse(f"web:link_{kind}", args=[thing.code]),
    }  # fmt: skip
    return page(request, "web/analyse/assess.html", context)


@door(Verb.ASSESSMENT_MAKE, "GET", "POST")
def assess_observation(request: StaffRequest, code: str) -> HttpResponse:
    """Rate an observation: the source and the information, apart."""
    return _rate(request, "observation", code)


@door(Verb.ASSESSMENT_MAKE, "GET", "POST")
def assess_claim(request: StaffRequest, code: str) -> HttpResponse:
    """Rate a claim: the source and the information, apart."""
    return _rate(request, "claim", code)


def _ties(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    thing = _open(request.hand, kind, code)
    undo = "link" in request.POST
    form: TieForm | UntieForm = (UntieForm if undo else TieForm)(request.POST if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            asked = form.cleaned_data
            if undo:
                link = open_one(request.hand, SourceLink.objects.filter(event__in=events_of(thing, request.hand)), pk=asked["link"])
                unlink_source(link, why=asked["why"], base=asked["base"], by=request.hand)
            else:
                tie(thing, asked["other"], reason=asked["reason"], thing_id=form.new_id(), by=request.hand)
            return redirect(f"web:link_{kind}", thing.code)
    events = [(event, [(one, evidence_line(one.told)) for one in figures(event, request.hand)]) for event in events_of(thing, request.hand)]
    found = suggest(thing, request.hand)
    weighed = weigh_links(thing, [one.other for one in found], request.hand)
    offered = [(one, evidence_line(one.other), _chance(weighed.probability.get(one.other.pk), weighed)) for one in found]
    context = {
        "verb_now": "analyse", "thing": thing, "line": evidence_line(thing), "form": form if form.is_bound else TieForm(hand=request.hand),
        "undo": undo, "events": events, "offered": offered, "rule": LINKING, "learned": _learned(weighed), "marking": thing.marking(),
        "may_unlink": may(request.hand, Verb.EVENT_UNLINK), "once": form.initial["once"],
    }  # fmt: skip
    return page(request, "web/analyse/link.html", context)


def _chance(probability: float | None, weighed: Weighed) -> str:
    """A probability in two digits, never as a certainty; nothing where the page says why there is none."""
    if probability is None:
        return "" if weighed.too_few else _("no probability: place or day are not known well enough, or too far apart")
    if probability < 0.01 or probability > 0.99:
        return _("probability below 0.01") if probability < 0.01 else _("probability above 0.99")
    return _("probability %(value)s") % {"value": f"{probability:.2f}"}


def _learned(weighed: Weighed) -> str:
    """From how much the probabilities were learned, or why there are none."""
    known = {"pairs": weighed.pairs, "sources": weighed.sources, "fewest": FEWEST}
    if weighed.too_few:
        return _(
            "No probabilities: they take a day and a place that are known, and at least %(fewest)d near pairs to learn from among the "
            "sources you may see."
        ) % known  # fmt: skip
    said = _("Probabilities are learned from %(pairs)d near pairs among %(sources)d sources that you may see.") % known
    return f"{said} {_('They measure nearness in place, time and kind, and know nothing of what is written.')}"


@door(Verb.EVENT_LINK, "GET", "POST")
def link_observation(request: StaffRequest, code: str) -> HttpResponse:
    """What may speak of the same event as this observation; decide, or undo."""
    return _ties(request, "observation", code)


@door(Verb.EVENT_LINK, "GET", "POST")
def link_claim(request: StaffRequest, code: str) -> HttpResponse:
    """What may speak of the same event as this claim; decide, or undo."""
    return _ties(request, "claim", code)


urls = [
    path("analyse/findings/", list_findings, name="findings"),
    path("analyse/findings/new/", new_finding, name="finding_new"),
    path("analyse/findings/<str:code>/", show_finding, name="finding"),
    path("analyse/findings/<str:code>/edit/", change_finding, name="finding_edit"),
    path("analyse/observations/<str:code>/rating/", assess_observation, name="assess_observation"),
    path("analyse/claims/<str:code>/rating/", assess_claim, name="assess_claim"),
    path("analyse/observations/<str:code>/event/", link_observation, name="link_observation"),
    path("analyse/claims/<str:code>/event/", link_claim, name="link_claim"),
]
