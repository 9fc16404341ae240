"""Recommend: what should change, who should do it, and did they. The list by age, and one ask over all its editions.

A recommendation's page shows both sides' ratings beside each other, every edition's own words, the trainings that answer it, and
what is on record. The list leads with critical and late ones: an ask does not vanish by growing old.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import path
from django.utils import formats
from django.utils.translation import gettext as _

from fairwitness.assist.models import Training
from fairwitness.mission.access import may, open_one, visible
from fairwitness.mission.tell_time import today
from fairwitness.recommend.age import Aged, age_of, ageing, with_ratings
from fairwitness.recommend.draft import weaknesses
from fairwitness.recommend.follow import STEPS, WORDS, went_back
from fairwitness.recommend.models import Rating, Recommendation
from fairwitness.recommend.trace import Edition, addressee_today, first_asked, lineage
from fairwitness.record.verbs import Verb
from fairwitness.share.export import ceiling
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.lists_along import list_along
from fairwitness.web.narrow import narrowed
from fairwitness.web.recommend_acts import urls as acts_urls
from fairwitness.web.take_along import asked_for, heaviest, take_along, ways

COLUMNS = (
    "Code",
    "Recommendation",
    "Addressee",
    "Issued",
    "Due",
    "Days late",
    "Age in days",
    "Mission says",
    "Authority says",
    "Next step",
)


@door(Verb.REPORT_READ)
def list_recommendations(request: StaffRequest) -> HttpResponse:
    """Open recommendations by age, critical and late ones first; on request drafts, or everything ever issued."""
    show, theme = request.GET.get("show", "open"), request.GET.get("theme", "")[:60]
    narrow: dict[str, Any] = {"theme": theme} if theme else {}
    only = narrowed(request)
    if only:
        there = only.apply(Recommendation.objects.all(), "place_id", "addressee__place_id", institutions=("addressee_id",))
        narrow["pk__in"] = there.values("pk")
    if asked_for(request):
        return _export(request, show, narrow)
    context: dict[str, Any] = {
        "verb_now": "recommend", "only": only, "show": show, "theme": theme, "may_draft": may(request.hand, Verb.RECOMMENDATION_DRAFT),
        "take_along": ways(request, request.hand),
    }  # fmt: skip
    mine = visible(request.hand, Recommendation.objects.filter(**narrow))
    context["themes"] = sorted(set(visible(request.hand, Recommendation.objects.exclude(theme="")).values_list("theme", flat=True)))
    aged = ageing(by=request.hand, **narrow)
    context |= {"late": sum(1 for one in aged if one.late), "open": len(aged), "drafts": mine.filter(state=Recommendation.DRAFT).count()}
    if show in ("drafts", "all"):
        rows = with_ratings(mine.filter(state=Recommendation.DRAFT) if show == "drafts" else mine).order_by("-id")
        found: Any = Paginator(rows, 50).get_page(request.GET.get("page"))
        found.object_list = [age_of(one, today()) for one in found.object_list]
    else:
        found = Paginator(aged, 50).get_page(request.GET.get("page"))
    return page(request, "web/recommend/recommendations.html", context | {"page_of": found, "rows": found.object_list})


def _export(request: StaffRequest, show: str, narrow: dict[str, Any]) -> HttpResponse:
    """As on the page: open ones with their age, else drafts or all of them with their words."""
    if show in ("drafts", "all"):
        mine = visible(request.hand, Recommendation.objects.filter(**narrow)).order_by("-id")
        things = mine.filter(state=Recommendation.DRAFT) if show == "drafts" else mine
        return list_along(request, "recommendations", things, hand=request.hand)
    aged = [one for one in ageing(by=request.hand, **narrow) if one.recommendation.sensitivity <= ceiling(request.hand)]
    marking = heaviest(one.recommendation for one in aged)
    return take_along(request, "recommendations", COLUMNS, [_row(one) for one in aged], hand=request.hand, marking=marking)


def _row(one: Aged) -> list[Any]:
    ask = one.recommendation
    return [
        ask.code, ask.act, ask.addressee.name if ask.addressee else "", ask.issued, ask.due, one.late, one.age,
        WORDS[one.mission.status] if one.mission else "", WORDS[one.authority.status] if one.authority else "", one.next_step,
    ]  # fmt: skip


@door(Verb.REPORT_READ)
def show_recommendation(request: StaffRequest, code: str) -> HttpResponse:
    """One recommendation: the ask, both sides' ratings, its editions, what we did about it, its age, and what is on record."""
    by = request.hand
    things = with_ratings(Recommendation.objects.select_related("standard", "place", "unit"))
    ask = open_one(by, things, code=code)
    editions = lineage(ask, by=by)
    first = first_asked(ask)
    trainings = visible(by, Training.objects.filter(recommendation=ask)).prefetch_related("evaluations").order_by("-begins")
    context = {
        "verb_now": "recommend", "ask": ask, "marking": ask.marking(), "aged": age_of(ask, today(), first), "first": first,
        "years": (today() - first).days // 365 if first else 0, "editions": _years(editions, ask), "count": len(editions),
        "rating_rows": _ratings(editions, ask), "steps": [_(WORDS[step]) for step in STEPS], "replies": ask.replies.all(),
        "trainings": [(one, {e.level: e for e in one.evaluations.all()}) for one in trainings], "weak": weaknesses(ask),
        "heir": addressee_today(ask.addressee) if ask.addressee else None, "may": _acts(request, ask),
        "evidence": [r for r in ask.ratings.all() if r.check_made_id], "entries": lines(_ids(ask), by),
    }  # fmt: skip
    return page(request, "web/recommend/recommendation.html", context)


def _acts(request: StaffRequest, ask: Recommendation) -> dict[str, bool]:
    """What this reader may do here, by the name of the form."""
    draft = ask.state == Recommendation.DRAFT
    verbs = {
        "edit": Verb.RECOMMENDATION_EDIT, "issue": Verb.RECOMMENDATION_ISSUE, "reply": Verb.RECOMMENDATION_REPLY,
        "rate": Verb.RECOMMENDATION_RATE, "relate": Verb.RECOMMENDATION_RELATE, "train": Verb.TRAINING_PLAN,
    }  # fmt: skip
    fits = {"edit": True, "issue": draft, "reply": not draft, "rate": not draft, "relate": True, "train": not draft}
    return {name: fits[name] and may(request.hand, verb, ask if name != "train" else None) for name, verb in verbs.items()}


def _ids(ask: Recommendation) -> list[Any]:
    ties = [line.pk for line in ask.earlier_ones.all()] + [line.pk for line in ask.later_ones.all()]
    return [ask.pk, *ties, *(one.pk for one in ask.ratings.all()), *(one.pk for one in ask.replies.all())]


def _years(editions: list[Edition], here: Recommendation) -> list[tuple[str, list[Edition], bool]]:
    """Editions by year of issue, newest first; a year in which one became several shows them beside each other."""
    found: dict[str, list[Edition]] = {}
    for one in editions:
        issued = one.recommendation.issued
        found.setdefault(str(issued.year) if issued else _("draft"), []).append(one)
    return [(year, rows, any(one.recommendation.pk == here.pk for one in rows)) for year, rows in found.items()]


def _ratings(editions: list[Edition], here: Recommendation) -> list[dict[str, Any]]:
    """Lines for `parts/ratings.html`, newest first, over all editions."""
    every = [(rating, one.recommendation) for one in editions for rating in one.ratings]
    every.sort(key=lambda pair: (pair[0].rated, pair[0].id), reverse=True)
    return [_line(rating, "" if ask.pk == here.pk else ask.code, [r for r, _ask in every]) for rating, ask in every]


def _line(rating: Rating, edition: str, every: list[Rating]) -> dict[str, Any]:
    who = rating.assessor_name or rating.get_assessor_display()
    own = [one for one in every if one.recommendation_id == rating.recommendation_id]
    said = "" if rating.status in STEPS else f"{_(WORDS[rating.status])}. "
    back = f"{_('Went back.')} " if went_back(own, rating) else ""
    place = STEPS.index(rating.status) if rating.status in STEPS else None
    note = f"{edition + ': ' if edition else ''}{who}: {said}{back}{rating.evidence}"
    return {
        "when": formats.date_format(rating.rated, "DATE_FORMAT"), "note": note[:300],
        "mission": place if rating.assessor == "mission" else None,
        "authority": place if rating.assessor == "authority" else None, "not_assessed": rating.status == "not_assessed",
    }  # fmt: skip


urls = [
    path("recommend/", list_recommendations, name="recommend"),
    *acts_urls,
    path("recommend/<slug:code>/", show_recommendation, name="recommendation"),
]
"""What can be asked of this room."""
