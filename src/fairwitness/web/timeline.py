"""The timeline of a place: day by day what happened, was seen, was said and was done there, with the days on which nobody looked.

Drawn by the server, as a list or as a table of the same, to be narrowed in the address and printed. The rule it guards: a day
without a line is empty only where somebody was there to look; elsewhere it is hatched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from fairwitness.errors import NotThere
from fairwitness.mission.find_places import below
from fairwitness.mission.models import Place
from fairwitness.mission.name_places import name_of, place_of
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.monitor.models import Event
from fairwitness.record.hand import Hand
from fairwitness.web.ask import Ask, page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.draw import series_for_any_screen
from fairwitness.web.frame import frame
from fairwitness.web.looked import Looked, looked
from fairwitness.web.narrow import address_of_place
from fairwitness.web.order_in_time import GROUPS, MOST, Line, Window, in_order, last_before, of_event
from fairwitness.web.typed_fields import Day

USUAL = timedelta(days=89)
LONGEST = timedelta(days=366)
DAYS_DRAWN = 92


class WindowForm(Ask):
    """From when to when, and of which kind."""

    since = Day(label=lazy("From"), required=False)
    until = Day(label=lazy("To"), required=False)
    kind = forms.MultipleChoiceField(label=lazy("What"), choices=list(GROUPS.items()), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *given: Any, today: date, **options: Any) -> None:
        """On the day it is where the mission is."""
        self.today = today
        super().__init__(*given, **options)

    def clean(self) -> dict[str, Any]:
        """An end after its beginning, and no more than a year at once."""
        said = super().clean() or {}
        since, until = self.span(said)
        if since > until:
            self.add_error("until", _("lies before the first day; swap the two"))
        elif until - since > LONGEST:
            self.add_error("since", _("is more than a year before the last day; ask for a year at a time"))
        return said

    def span(self, said: dict[str, Any]) -> tuple[date, date]:
        """The days asked for; the last ninety where none is given."""
        until = said.get("until") or (min(self.today, said["since"] + USUAL) if said.get("since") else self.today)
        return said.get("since") or until - USUAL, until


@door(None)
def place_timeline(request: StaffRequest, code: str) -> HttpResponse:
    """The timeline of a place and everything in it."""
    place = place_of(code[:120])
    if place is None:
        raise NotThere()
    zone = ZoneInfo(str(frame(request)["time_zone"]))
    form = WindowForm(request.GET or None, hand=request.hand, today=today(str(zone)))
    context: dict[str, Any] = {
        "place": place, "name": name_of(place), "place_url": address_of_place(place), "form": form,
        "as_table": request.GET.get("as") == "table",
    }  # fmt: skip
    if not form.is_bound or form.is_valid():
        context |= _shown(request, place, form, zone)
    return page(request, "web/place/timeline.html", context)


def _shown(request: StaffRequest, place: Place, form: WindowForm, zone: ZoneInfo) -> dict[str, Any]:
    said = form.cleaned_data if form.is_bound else {}
    window = Window(*form.span(said), zone)
    groups = frozenset(said.get("kind") or GROUPS)
    ids = below([place.id])
    lines, more = in_order(request.hand, ids, window, groups)
    seen = looked(request.hand, ids, window.since, window.until, zone)
    until = lines[-1].at.astimezone(zone).date() if lines and more else window.since - timedelta(days=1)
    if not lines:
        until = last_before(request.hand, ids, window.since, zone) or until
    since = until - (window.until - window.since)
    return {
        "lines": lines, "days": by_day(lines, zone, seen), "more": more, "most": MOST, "coverage": seen.words(), "table": table_of(lines),
        "svg": _drawn(lines, seen, window), "since": window.since, "until": window.until,
        "older_url": _address(request, since, until),
        "other_url": _as(request, "list" if request.GET.get("as") == "table" else "table"),
    }  # fmt: skip


def _address(request: StaffRequest, since: date, until: date) -> str:
    asked = {name: request.GET.getlist(name) for name in request.GET if name not in ("since", "until")}
    return f"?{urlencode({**asked, 'since': f'{since:%d.%m.%Y}', 'until': f'{until:%d.%m.%Y}'}, doseq=True)}"


def _as(request: StaffRequest, form: str) -> str:
    asked = {name: request.GET.getlist(name) for name in request.GET}
    return f"?{urlencode({**asked, 'as': form}, doseq=True)}"


def by_day(lines: Iterable[Line], zone: ZoneInfo, seen: Looked | None = None) -> list[dict[str, Any]]:
    """The lines under their days; a day on which nobody looked says so."""
    found: list[dict[str, Any]] = []
    for line in lines:
        heading = line.heading(zone)
        if not found or found[-1]["heading"] != heading:
            day = line.at.astimezone(zone).date()
            found.append({"heading": heading, "lines": [], **_looked_on(day, seen if line.on_a_day() else None)})
        found[-1]["lines"].append(_told(line))
    return found


def _looked_on(day: date, seen: Looked | None) -> dict[str, Any]:
    if seen is None or not seen.since <= day <= seen.until:
        return {"coverage": "", "nobody": False}
    n = seen.visits.get(day, 0)
    if n:
        return {"coverage": ngettext("%(n)d visit", "%(n)d visits", n) % {"n": n}, "nobody": False}
    return {"coverage": _("a means worked there") if day in seen.days else _("no visit on record"), "nobody": day not in seen.days}


def _told(line: Line) -> dict[str, Any]:
    recorded = _("put on record on %(day)s") % {"day": date_format(line.recorded, "DATE_FORMAT")} if line.recorded else ""
    return {"when": line.when, "group": GROUPS[line.group], "code": line.code, "title": line.title, "href": line.href, "note": line.note,
            "state": line.state, "recorded": recorded}  # fmt: skip


def table_of(lines: Iterable[Line]) -> dict[str, Any]:
    """The same as a table."""
    columns = [{"label": one} for one in (_("When"), _("What"), _("Thing"), _("Note"), _("Put on record"))]
    rows = []
    for line in lines:
        thing = {"text": f"{line.code} {line.title}".strip(), "href": line.href}
        recorded = date_format(line.recorded, "DATE_FORMAT") if line.recorded else _("the same day")
        rows.append({"cells": [{"text": line.when}, {"text": GROUPS[line.group]}, thing, {"text": line.note or "–"}, {"text": recorded}]})
    return {"columns": columns, "rows": rows, "label": _("Timeline")}


def _drawn(lines: list[Line], seen: Looked, window: Window) -> str:
    """By day, or by week where the days are many: how many lines, above how often anybody looked."""
    counts = Counter(line.at.astimezone(window.zone).date() for line in lines if line.on_a_day())
    days = (window.until - window.since).days + 1
    step = timedelta(days=1 if days <= DAYS_DRAWN else 7)
    points, first = [], window.since
    while first <= window.until:
        last = min(first + step - timedelta(days=1), window.until)
        count = sum(n for day, n in counts.items() if first <= day <= last)
        looks = seen.on(first, last)
        points.append((f"{first:%d.%m.}", count if count or looks else None, looks))
        first += step
    title = _("By day, above how often anybody looked") if step.days == 1 else _(
        "By week, above how often anybody looked")  # fmt: skip
    return mark_safe(series_for_any_screen(points, title=title))


def event_timeline(hand: Hand, event: Event) -> dict[str, Any]:
    """One event in the order it happened, as a list and as a table, for its page."""
    zone = ZoneInfo(mission_zone())
    lines = of_event(hand, event, zone)
    return {"days": by_day(lines, zone), "table": table_of(lines)}


urls = [path("places/<str:code>/timeline/", place_timeline, name="place_timeline")]
