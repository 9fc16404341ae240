"""What may be reported of a municipality in the next four weeks, beside what was forecast of it before and what then came.

The rule it guards: seen by few, on record for each look, in no other form than this page: no file, no list of places, nothing narrower than
one kind of record; and never a figure alone, but two ends, a chance in words and how often the like held.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairwitness.analyse.foresee_weeks import FORESEEN, Foreseen, clearance, foresee_weeks
from fairwitness.errors import spoken
from fairwitness.mission.name_places import name_of
from fairwitness.mission.tell_time import mission_zone
from fairwitness.record.verbs import Verb
from fairwitness.web.analyse_forms import WHAT_WORDS
from fairwitness.web.analyse_series import address_of_series
from fairwitness.web.ask import Ask, page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.draw_fan import Ahead, fan_for_any_screen
from fairwitness.web.place_page import open_place

SHOWN = 26
MADE = 12
"""Past forecasts shown one by one; all of them stand in the share."""
NARROWER = ("kind", "community", "of", "format")


class ForecastAsk(Ask):
    """What is forecast: one kind of record, and nothing narrower."""

    what = forms.ChoiceField(label=gettext_lazy("What"), choices=[(key, WHAT_WORDS[key]) for key in FORESEEN])

    def clean(self) -> None:
        """What is asked for and not given is refused, so that nobody takes the whole for the part."""
        if any(name in self.data for name in NARROWER):
            raise forms.ValidationError(_("A forecast is of a municipality and of all records of this sort, and it is read here alone."))


@door(Verb.FORECAST_READ)
def show_forecast(request: StaffRequest, place_id: UUID) -> HttpResponse:
    """The next four weeks of one municipality."""
    place = open_place(str(place_id))
    clearance(request.hand, place)
    form = ForecastAsk({"what": "observations", **request.GET.dict()}, hand=request.hand)
    context: dict[str, Any] = {"verb_now": "analyse", "form": form, "place": place, "name": name_of(place)}
    if form.is_valid():
        with told(form):
            context |= _shown(foresee_weeks(request.hand, place, form.cleaned_data["what"]), context["name"])
    answer = page(request, "web/analyse/forecast.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _shown(found: Foreseen, name: str) -> dict[str, Any]:
    what = WHAT_WORDS[found.table.what]
    base = {
        "what": what, "why": spoken(found.why), "series_url": address_of_series(found.place.pk, found.table.what),
        "recorded": found.recorded, "zone": mission_zone(), "entry": found.entry, "rule": found.table.rule,
    }  # fmt: skip
    if found.outlook is None or found.row is None:
        return base
    lines = [_line(found, at) for at in range(len(found.outlook.leads))]
    past = _past(found)
    ahead = [Ahead(line["label"], line["ends"][0], line["ends"][1]) for line in lines]
    points = [(one["label"], one["found"], one["visits"] or (1 if one["days"] else 0)) for one in past]
    held, of = found.outlook.own_cover
    return {
        **base, "lines": lines, "past": past[-SHOWN:][::-1], "made": list(_made(found)), "leads": found.outlook.leads,
        "drawing": mark_safe(fan_for_any_screen(points, ahead, title=f"{name}: {what}", short=f"{name}: {what}"[:44])),
        "after": found.monday(found.origin), "held": held, "of": of, "unseen": sum(1 for one in past if one["found"] is None),
        "all": len(past), "gap": len(found.row.cells) - 1 - found.origin, "stale": found.stale, "warnings": found.outlook.warnings[1:],
    }  # fmt: skip


def _line(found: Foreseen, at: int) -> dict[str, Any]:
    """One week ahead: its chances in words, its intervals, and how often their like held."""
    outlook = found.outlook
    assert outlook is not None
    lead, monday = outlook.leads[at], found.monday(found.origin + outlook.leads[at])
    ends = [(float(outlook.intervals[which, at, 0]), float(outlook.intervals[which, at, 1])) for which in range(len(outlook.levels))]
    double = float(outlook.chance_doubling[at])
    return {
        "monday": monday, "label": date_format(monday, "j M"), "ends": ends,
        "any": chance(float(outlook.chance_any[at])), "ten": chance(float(outlook.chance_over_ten[at])),
        "double": chance(double) if double == double else "",
        "intervals": [
            {"level": f"{level * 100:g}", "ends": between(*ends[which]), "cover": found.cover(level, lead)}
            for which, level in enumerate(outlook.levels)
        ],
    }  # fmt: skip


def chance(share: float) -> str:
    """A chance in whole parts of a hundred, never none and never certain."""
    if share < 0.01:
        return _("less than 1 in 100")
    return _("more than 99 in 100") if share > 0.99 else _("%(n)d in 100") % {"n": round(share * 100)}


def between(low: float, high: float) -> str:
    """An interval of whole numbers."""
    return _("%(low)s to %(high)s") % {"low": f"{low:.0f}", "high": f"{high:.0f}"} if high > low else f"{low:.0f}"


def _past(found: Foreseen) -> list[dict[str, Any]]:
    """The weeks behind, oldest first."""
    assert found.row is not None
    return [
        {
            "label": date_format(found.monday(at), "j M y"), "monday": found.monday(at), "days": cell.looked.days,
            "found": None if cell.state == "not_visited" else cell.things, "visits": cell.looked.visits,
        }
        for at, cell in enumerate(found.row.cells) if at >= found.first
    ]  # fmt: skip


def _made(found: Foreseen) -> Iterator[dict[str, Any]]:
    """The newest past forecasts at the highest level, by the week after which they were made; a lead without one has None."""
    outlook = found.outlook
    assert outlook is not None
    highest = max(outlook.levels)
    told = {(one.origin, one.lead): one for one in outlook.past if one.level == highest}
    for origin in sorted({origin for origin, _lead in told}, reverse=True)[:MADE]:
        ones = [told.get((origin, lead)) for lead in outlook.leads]
        yield {
            "monday": found.monday(found.first + origin),
            "cells": [one and {"ends": between(one.low, one.high), "seen": int(one.seen), "held": one.held} for one in ones],
        }  # fmt: skip


urls = [path("analyse/forecast/<uuid:place_id>/", show_forecast, name="forecast")]
