"""One municipality week by week: what was found, what would have been usual, how often anybody looked, what was not yet on record.

The rule it guards: the band says what was usual, not what will be; a week in which nobody looked is hatched; and what came in late is
told apart, so that nobody takes a quiet ending for calm.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import ngettext

from fairwitness.analyse.tabulate import Row, newest_day, tabulate, weeks
from fairwitness.analyse.watch_weeks import Watched, watch_weeks, week_of
from fairwitness.errors import spoken
from fairwitness.mission.access import may
from fairwitness.mission.name_places import name_of
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.record.verbs import Verb
from fairwitness.verify.lift import MUNICIPALITY, municipality_of
from fairwitness.web import draw
from fairwitness.web.analyse_forms import WHAT_WORDS, SeriesAsk
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.place_page import open_place

SHOWN = 52


def address_of_series(place: UUID, what: str = "observations", kind: str = "") -> str:
    """The page of a municipality's weeks."""
    asked = {name: value for name, value in (("what", what), ("kind", kind)) if value and value != "observations"}
    return reverse("web:place_series", args=[place]) + (f"?{urlencode(asked)}" if asked else "")


@door(Verb.COUNT_READ)
def show_series(request: StaffRequest, place_id: UUID) -> HttpResponse:
    """The last year of one municipality."""
    place = open_place(str(place_id))
    form = SeriesAsk({"what": "observations", **request.GET.dict()}, hand=request.hand)
    context: dict[str, Any] = {"verb_now": "analyse", "form": form, "place": place, "name": name_of(place)}
    if form.is_valid():
        with told(form):
            context |= _series(request, municipality_of([place.pk])[place.pk], context["name"], form.cleaned_data)
    if place.kind == MUNICIPALITY and may(request.hand, Verb.FORECAST_READ):
        context["forecast_url"] = reverse("web:forecast", args=[place.pk])
    return page(request, "web/analyse/series.html", context)


def _series(request: StaffRequest, place: UUID, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    hand, what, kind = request.hand, asked["what"], asked["kind"].strip()
    last = week_of(newest_day(hand, what) or today())
    found = watch_weeks(hand, what, last, kind=kind, judge=SHOWN)
    row = next((row for row in found.table.rows if row.place == place), None)
    if row is None:
        return {}
    then = end_of(asked["as_of"]) if asked["as_of"] else None
    past = tabulate(hand, what, weeks(last, SHOWN), kind=kind, as_of=then) if then else None
    known = next((one for one in past.rows if one.place == place), None) if past else None
    lines = _lines(found, row, known)
    return {
        "what": WHAT_WORDS[what], "drawing": mark_safe(_drawing(lines, f"{name}: {WHAT_WORDS[what]}")), "lines": lines[::-1],
        "total": sum(line["found"] or 0 for line in lines), "unseen": sum(1 for line in lines if line["nobody"]), "all": len(lines),
        "alarms": [line for line in lines if line["letter"]], "why": spoken(found.why), "rule": found.table.rule, "then": asked["as_of"],
        "judged": found.watch is not None, "since_then": sum((line["found"] or 0) - (line["then"] or 0) for line in lines),
    }  # fmt: skip


def end_of(day: date) -> datetime:
    """The moment a day ends in the mission's zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(mission_zone())).astimezone(UTC)


def _lines(found: Watched, row: Row, known: Row | None) -> list[dict[str, Any]]:
    """A line for each week, oldest first."""
    points = {point.t: point for point in found.points(row.place)}
    lines, letter = [], 0
    for at in range(len(row.cells) - SHOWN, len(row.cells)):
        cell, point = row.cells[at], points.get(at + 1)
        before = known.cells[at - len(row.cells) + SHOWN].things if known is not None else None
        raised = point is not None and point.alarm and bool(point.observed)
        letter += raised
        nobody = cell.state == "not_visited"
        monday = date.fromisoformat(found.table.windows[at].label)
        lines.append({
            "label": date_format(monday, "j M y"), "monday": monday, "found": None if nobody else cell.things, "nobody": nobody,
            "days": cell.looked.days, "visits": cell.looked.visits, "expected": point.expected if point else None,
            "upper": point.upperbound if point else None, "usual": _usual(point), "letter": str(letter) if raised else "",
            "goes_on": bool(point and point.ongoing), "then": before, "down": "; ".join(cell.looked.down),
        })  # fmt: skip
    return lines


def _usual(point: Any) -> str:
    if point is None:
        return ""
    if point.upperbound is None:
        return f"{point.expected:.1f}"
    top = max(0, int(point.upperbound))
    return ngettext("%(mean)s; up to %(top)d would not surprise", "%(mean)s; up to %(top)d would not surprise", top) % {
        "mean": f"{point.expected:.1f}", "top": top,
    }  # fmt: skip


def _drawing(lines: list[dict[str, Any]], title: str) -> str:
    points: list[draw.Point] = [
        (line["label"], line["found"], 0 if line["nobody"] else max(line["visits"], 1 if line["days"] else 0)) for line in lines
    ]
    band = [(0.0, max(0.0, float(line["upper"] or 0.0))) for line in lines]
    alarms = {line["label"]: line["letter"] for line in lines if line["letter"]}
    return draw.series_for_any_screen(points, title=title, alarms=alarms, band=band)


urls = [path("analyse/weeks/<uuid:place_id>/", show_series, name="place_series")]
