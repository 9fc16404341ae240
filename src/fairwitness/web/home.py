"""Home: what needs me now, by date and weight; where we were this week; open warnings; asks that fall due; what changed meanwhile.

The headline says how many things wait and how many are late. A count stands beside its coverage, and what nobody visited
is named. The page asks a bounded number of questions whatever the mission holds.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Subquery
from django.http import HttpResponse
from django.urls import path
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.mission.access import may, rights, visible
from fairwitness.mission.name_places import names_of
from fairwitness.mission.save_search import news_of
from fairwitness.mission.sort_names import in_order
from fairwitness.monitor.models import Activity, Observation
from fairwitness.record.hand import Hand
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.warn.score import horizon
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.frame import frame
from fairwitness.web.home_needs import Me, all_needs, open_recommendations, open_warnings, to
from fairwitness.web.map_coverage import week_map
from fairwitness.web.read_outlines import read_ground

FIRST = 12
LOOK_BACK = 3000
CHANGED = {
    "monitor.activity": "activity", "monitor.observation": "observation", "monitor.claim": "claim", "report.report": "report_page",
    "verify.check": "check", "analyse.finding": "finding", "warn.warning": "warning", "recommend.recommendation": "recommendation",
}  # fmt: skip
"""Kinds of things whose change by somebody else is told to whoever wrote them, and the page of each."""


@door(None)
def home(request: StaffRequest) -> HttpResponse:
    """What needs me now."""
    zone = str(frame(request)["time_zone"])
    today = datetime.now(ZoneInfo(zone)).date()
    me = Me.of(request.hand, today)
    found = all_needs(me)
    rows = [{"need": need, "when": need.when(today), "state": _state(need.days(today))} for need in found]
    late = sum(1 for need in found if need.days(today) < 0)
    context: dict[str, Any] = {
        "rows": rows if request.GET.get("all") else rows[:FIRST], "rest": len(rows) - FIRST, "count": len(rows), "late": late,
        "today": today,
        "everything": bool(request.GET.get("all")), "headline": _headline(len(rows)), "week": where_we_were(request.hand, today, zone),
        "warnings": [_warning(one, today, zone) for one in open_warnings(me)[:8]], "posts": rights(request.hand).posts,
        "recommendations": [_recommendation(one, today) for one in open_recommendations(me)[:8]], "away": while_away(request.hand),
        "searches": news_of(request.hand), "may_take_power": may(request.hand, Verb.POWER_TAKE),
    }  # fmt: skip
    return page(request, "web/home/home.html", context)


def _headline(count: int) -> str:
    words = [_("Nothing"), _("One thing"), _("Two things"), _("Three things"), _("Four things"), _("Five things"), _("Six things"),
             _("Seven things"), _("Eight things"), _("Nine things")]  # fmt: skip
    what = words[count] if count < len(words) else _("%(n)d things") % {"n": count}
    return (ngettext("%(what)s needs you", "%(what)s need you", count) if count else _("%(what)s needs you now")) % {"what": what}


def _state(days: int) -> str:
    return "late" if days < 0 else "soon" if days < 2 else ""


def _warning(one: Any, today: date, zone: str) -> dict[str, Any]:
    seen, last = horizon(one, today, zone), next(iter(one.responses.all()), None)
    answer = f"{last.get_kind_display().capitalize()}, {last.responded:%-d %B}" if last else ""
    asked = f"{one.addressee}: {one.action_asked}"
    return {"code": one.code, "title": one.title, "url": to("warning", one.code), "asked": asked, "answer": answer, "horizon": seen}


def _recommendation(one: Any, today: date) -> dict[str, Any]:
    last = next((rating for rating in one.ratings.all() if rating.assessor == "mission"), None)
    return {
        "code": one.code, "title": one.title, "url": to("recommendation", one.code), "addressee": one.addressee,
        "rating": last.get_status_display() if last else _("not rated yet"), "age": in_words((today - (one.issued or today)).days),
        "due": one.due, "late": one.due < today,
    }  # fmt: skip


def in_words(days: int) -> str:
    """An age in the largest whole unit."""
    if days >= 730:
        return ngettext("%(n)d year", "%(n)d years", days // 365) % {"n": days // 365}
    if days >= 60:
        return ngettext("%(n)d month", "%(n)d months", days // 30) % {"n": days // 30}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def where_we_were(hand: Hand, today: date, zone: str) -> dict[str, Any]:
    """The week from Monday until now: municipalities visited of all, observations, and those nobody visited, by name."""
    monday = today - timedelta(days=today.weekday())
    since = make_aware(datetime.combine(monday, time.min), ZoneInfo(zone))
    lifted = ("place_id", "place__kind", "place__parent_id", "place__parent__kind", "place__parent__parent_id")
    visits = visible(hand, Activity.objects.filter(state=Activity.DONE, started__gte=since)).values_list(*lifted)
    been = Counter(town for row in visits if (town := _lift(row)) is not None)
    ground = read_ground(hand)
    towns = [town.id for town in ground.towns]
    missed = [town for town in towns if town not in been]
    seen = visible(hand, Observation.objects.filter(occurred_from__gte=since)).count()
    names = names_of(towns, on=today)
    return {
        "number": today.isocalendar().week, "since": monday, "visited": len(towns) - len(missed), "all": len(towns), "observations": seen,
        "missed": in_order(names[town] for town in missed if town in names), "map": week_map(hand, been, names, ground),
    }  # fmt: skip


def _lift(row: tuple[Any, ...]) -> UUID | None:
    place, kind, parent, parent_kind, grand = row
    found: UUID | None = place if kind == "municipality" else parent if parent_kind == "municipality" else grand
    return found


def while_away(hand: Hand) -> list[dict[str, Any]]:
    """Things I wrote that others changed lately, newest first, five at most; only those I may still read."""
    last = Subquery(Entry.objects.order_by("-seq").values("seq")[:1])
    rows = Entry.objects.filter(seq__gt=last - LOOK_BACK, kind__in=list(CHANGED), prev__isnull=False, member__isnull=False)
    changed: dict[str, list[str]] = {}
    for kind, subject in rows.exclude(member=str(hand.member)).order_by("-seq").values_list("kind", "subject")[:400]:
        changed.setdefault(subject, []).append(kind)
    mine = (
        set(Entry.objects.filter(subject__in=list(changed), member=str(hand.member)).values_list("subject", flat=True))
        if changed
        else set()
    )
    told = [(subject, found[0], len(found)) for subject, found in changed.items() if subject in mine][:5]
    open_ = {kind: _open(hand, kind, [subject for subject, of, _n in told if of == kind]) for kind in {kind for _s, kind, _n in told}}
    return [
        {"code": open_[kind][subject][0], "url": to(CHANGED[kind], open_[kind][subject][1]), "n": count}
        for subject, kind, count in told
        if subject in open_[kind]
    ]


def _open(hand: Hand, kind: str, subjects: list[str]) -> dict[str, tuple[str, str]]:
    model: Any = apps.get_model(kind)
    code, key = ("symbol", "slug") if kind == "report.report" else ("code", "code")
    rows = visible(hand, model.objects.filter(pk__in=subjects)).values_list("pk", code, key)
    return {str(pk): (name, address) for pk, name, address in rows}


urls = [path("", home, name="home")]
