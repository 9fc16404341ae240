"""The week: what was found and where somebody looked, municipality by municipality and day by day, and what departs from what was usual.

The rule it guards: an alarm stands with how often chance alone would bring the like and with the budget all alarms share; where nobody
was there is no figure; and the page decides nothing: a person makes the warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.analyse.judge_alarm import QUARTER, outcomes_of, watch_alarms
from fairwitness.analyse.tabulate import Cell, Table, days_of_week, newest_day, tabulate
from fairwitness.analyse.watch_weeks import Watched, week_of
from fairwitness.errors import spoken
from fairwitness.mission.access import may
from fairwitness.mission.name_places import names_of
from fairwitness.mission.sort_names import key_of
from fairwitness.mission.tell_time import today
from fairwitness.record.verbs import Verb
from fairwitness.web.analyse_forms import WHAT_WORDS, WeekAsk
from fairwitness.web.analyse_outcome import address_of_outcome, outcome_words, precision_words
from fairwitness.web.analyse_series import address_of_series
from fairwitness.web.ask import page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.draw_days import Day, draw_days
from fairwitness.web.read_outlines import Ground, read_ground
from fairwitness.web.show_map import Figure, map_of

SHADES = (1, 3, 4)
"""From how many on a cell of the calendar is shaded lightly, more, and fully; the number stands in it all the same."""


@door(Verb.COUNT_READ)
def show_week(request: StaffRequest) -> HttpResponse:
    """One week, Monday to Sunday; `?week=` is any day of it."""
    last = week_of(newest_day(request.hand, request.GET.get("what", "observations")) or today())
    form = WeekAsk({"what": "observations", "week": f"{last:%d.%m.%Y}", **request.GET.dict()}, hand=request.hand)
    context: dict[str, Any] = {"verb_now": "analyse", "form": form}
    if form.is_valid():
        with told(form):
            context |= _week(request, form.cleaned_data)
    return page(request, "web/analyse/week.html", context)


def _week(request: StaffRequest, asked: dict[str, Any]) -> dict[str, Any]:
    monday = week_of(asked["week"] or today())
    kind = asked["kind"].strip()
    found = watch_alarms(request.hand, asked["what"], monday, kind=kind)
    days = tabulate(request.hand, asked["what"], days_of_week(monday), kind=kind)
    names = names_of(row.place for row in days.rows)
    cells = {row.place: row.cells[-1] for row in found.table.rows}
    ground = read_ground(request.hand)
    letters = {UUID(alarm.place): chr(64 + alarm.rank) for alarm in standing(found) if alarm.rank <= 26}
    looked = [cell for cell in cells.values() if cell.state != "not_visited"]
    return {
        "what": WHAT_WORDS[asked["what"]], "monday": monday, "sunday": monday + timedelta(days=6), "number": monday.isocalendar().week,
        "before": _address(asked, monday - timedelta(weeks=1)), "after": _address(asked, monday + timedelta(weeks=1)),
        "total": sum(cell.things for cell in looked), "looked": len(looked), "unseen": len(cells) - len(looked), "all": len(cells),
        "alarms": _alarms(request, found, letters, names, cells, asked), "why": spoken(found.why),
        "precision": precision_words(found, request.hand, monday) if found.watch is not None else [],
        "calendar": _calendar(days, cells, names, letters, asked), "days": [_day(window.label) for window in days.windows],
        "map": _map(request, found, cells, names, letters, monday, asked, ground), "seven": _seven(days, ground),
        "budget": _budget(found), "rule": found.table.rule,
        "may_warn": may(request.hand, Verb.WARNING_ISSUE),
    }  # fmt: skip


def standing(found: Watched) -> list[Any]:
    """The alarms of a week in which something was found: a week of nought is an alarm only by the week before it, and says nothing new."""
    return [alarm for alarm in found.alarms if alarm.point.observed]


def _address(asked: Mapping[str, Any], monday: date) -> str:
    return f"?{urlencode({'what': asked['what'], 'kind': asked['kind'], 'week': f'{monday:%d.%m.%Y}'})}"


def _day(label: str) -> dict[str, str]:
    day = date.fromisoformat(label)
    return {"short": date_format(day, "D"), "long": date_format(day, "l j F")}


def _budget(found: Watched) -> dict[str, Any]:
    """How many alarms the last quarter raised beside how many chance alone would have."""
    if found.watch is None:
        return {}
    weeks = found.watch.weeks[-QUARTER:]
    chance = sum(week.false_alarms for week in weeks)
    return {"raised": sum(week.raised for week in weeks), "chance": f"{chance:.1f}", "weeks": len(weeks)}


def _alarms(
    request: StaffRequest, found: Watched, letters: Mapping[UUID, str], names: Mapping[UUID, str], cells: Mapping[UUID, Cell],
    asked: Mapping[str, Any],
) -> list[dict[str, Any]]:  # fmt: skip
    outcomes = outcomes_of(found, request.hand)
    lines = []
    for alarm in standing(found):
        place = UUID(alarm.place)
        came = outcome_words(outcomes[place], request.hand) if place in outcomes else None
        judge = address_of_outcome(place, found, asked) if may(request.hand, Verb.ALARM_JUDGE, outcomes.get(place)) else ""
        lines.append({**_alarm(found, alarm, letters, names, cells, asked), "came": came, "judge": judge})
    return lines


def _alarm(
    found: Watched, alarm: Any, letters: Mapping[UUID, str], names: Mapping[UUID, str], cells: Mapping[UUID, Cell], asked: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    place, point = UUID(alarm.place), alarm.point
    cell = cells[place]
    usual = f"{point.expected:.1f}"
    return {
        "letter": letters.get(place, ""), "name": names.get(place, ""), "found": point.observed, "usual": usual,
        "days": cell.looked.days, "recurrence": spoken(alarm.recurrence), "state": alarm.state,
        "together": point.together, "usual_together": f"{point.expected_together:.1f}",
        "url": address_of_series(place, asked["what"], asked["kind"]),
    }  # fmt: skip


def _calendar(
    days: Table, cells: Mapping[UUID, Cell], names: Mapping[UUID, str], letters: Mapping[UUID, str], asked: Mapping[str, Any]
) -> list[dict[str, Any]]:  # fmt: skip
    rows = sorted(days.rows, key=lambda row: key_of(names.get(row.place, "")))
    return [
        {
            "name": names.get(row.place, _("unnamed place")), "url": address_of_series(row.place, asked["what"], asked["kind"]),
            "letter": letters.get(row.place, ""), "cells": [_shaded(cell) for cell in row.cells],
            "week": _shaded(cells[row.place]) if row.place in cells else {"not_visited": True},
        }
        for row in rows
    ]  # fmt: skip


def _seven(days: Table, ground: Ground) -> list[dict[str, Any]]:
    """Each day's small map with what was found and where somebody looked; none where no place can be put anywhere."""
    if not ground.drawable:
        return []
    columns = list(zip(*(row.cells for row in days.rows), strict=True))
    seen = [
        {row.place: cell for row, cell in zip(days.rows, column, strict=True) if cell.state != "not_visited"} for column in columns
    ]
    spots = [town.spot(town.key) for town in ground.towns]
    drawn = draw_days(
        [Day({str(place): cell.things for place, cell in one.items()}) for one in seen], spots, country=ground.outline
    )
    return [
        {"day": date.fromisoformat(window.label), "drawing": mark_safe(svg), "found": sum(cell.things for cell in one.values()),
         "looked": len(one), "all": len(days.rows)}
        for window, svg, one in zip(days.windows, drawn, seen, strict=True)
    ]  # fmt: skip


def _shaded(cell: Cell) -> dict[str, Any]:
    if cell.state == "not_visited":
        return {"not_visited": True}
    return {"text": str(cell.things), "shade": sum(cell.things >= step for step in SHADES)}


def _map(
    request: StaffRequest, found: Watched, cells: Mapping[UUID, Cell], names: Mapping[UUID, str], letters: Mapping[UUID, str],
    monday: date, asked: Mapping[str, Any], ground: Ground,
) -> dict[str, Any] | None:  # fmt: skip
    figures = {}
    for place, cell in cells.items():
        days = ngettext("%(n)d day", "%(n)d days", cell.looked.days) % {"n": cell.looked.days}
        note = _("looked on %(days)s") % {"days": days} if cell.looked.days else ""
        if place in letters:
            note = "; ".join(part for part in (note, _("alarm %(letter)s") % {"letter": letters[place]}) if part)
        figures[place] = Figure(
            None if cell.state == "not_visited" else cell.things, looked=bool(cell.looked.days), note=note, alarm=place in letters,
            href=address_of_series(place, asked["what"], asked["kind"]),
        )  # fmt: skip
    title = _("%(what)s, week from %(day)s") % {"what": WHAT_WORDS[found.table.what], "day": date_format(monday, "j F Y")}
    counted = str(WHAT_WORDS[found.table.what])
    return map_of(request.hand, figures, title=title, counted=counted, names=dict(names), table=False, ground=ground)


urls = [path("analyse/week/", show_week, name="week")]
