"""Count: where the mission went in the period of a report, and where it did not.

The figures are computed anew from activities each time they are read until the report is issued. The rule
guarded here: zero is not quiet. The municipalities nobody visited are named with every count of visits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from fairwitness.mission.models import Area, Place, Unit
from fairwitness.monitor.models import Activity
from fairwitness.report.models import Report
from fairwitness.report.word import Piece

FIGURES = frozenset(("visits", "reached", "areas", "missed"))
"""What a text may take over by `{=visits}` and so on."""
NEEDS_COVERAGE = frozenset(("visits", "reached"))
MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True)
class Reach:
    """Activities done in a period, by municipality of the area, and the municipalities nobody went to."""

    activities: list[Activity] = field(default_factory=list)
    visits: dict[UUID, int] = field(default_factory=dict)
    areas: list[Place] = field(default_factory=list)

    @property
    def reached(self) -> list[Place]:
        """Municipalities somebody went to."""
        return [place for place in self.areas if self.visits.get(place.id)]

    @property
    def missed(self) -> list[Place]:
        """Municipalities nobody went to."""
        return [place for place in self.areas if not self.visits.get(place.id)]


def moments(report: Report) -> tuple[datetime, datetime] | None:
    """From when to when the report speaks: whole local days, not beyond the cut-off."""
    if report.period_from is None or report.period_until is None:
        return None
    zone = ZoneInfo(report.time_zone)
    start = datetime.combine(report.period_from, time.min, zone)
    end = datetime.combine(report.period_until + timedelta(days=1), time.min, zone)
    return start.astimezone(UTC), min(end, report.cut_off).astimezone(UTC) if report.cut_off else end.astimezone(UTC)


def units_below(unit: UUID) -> set[UUID]:
    """A unit and all below it."""
    pairs = list(Unit.objects.values_list("id", "parent_id"))
    found, todo = {unit}, [unit]
    while todo:
        here = todo.pop()
        for child, parent in pairs:
            if parent == here and child not in found:
                found.add(child)
                todo.append(child)
    return found


def count(report: Report) -> Reach:
    """Where the mission went in the area its unit answers for. An activity of any kind done there counts as a visit."""
    span = moments(report)
    if span is None:
        return Reach()
    units = units_below(report.unit_id)
    current: Any = (Q(since__isnull=True) | Q(since__lte=span[1])) & (Q(until__isnull=True) | Q(until__gt=span[0]))
    areas = list(Place.objects.filter(kind=MUNICIPALITY, areas__in=Area.objects.filter(current, unit__in=units)).distinct())
    done = list(
        Activity.objects.filter(
            unit__in=units, sensitivity__lte=report.sensitivity, state=Activity.DONE, started__gte=span[0], started__lt=span[1]
        ).order_by("started", "id")
    )
    home = municipalities({activity.place_id for activity in done})
    tally = Counter(home[activity.place_id] for activity in done if activity.place_id in home)
    known = {place.id for place in areas}
    inside = [activity for activity in done if home.get(activity.place_id) in known]
    return Reach(inside, {place: n for place, n in tally.items() if place in known}, sorted(areas, key=lambda place: str(place.id)))


def municipalities(places: set[UUID]) -> dict[UUID, UUID]:
    """The municipality each place lies in, where it lies in one."""
    found: dict[UUID, UUID] = {}
    here = {place: place for place in places}
    while here:
        rows = {row.id: row for row in Place.objects.filter(id__in=set(here.values()))}
        above: dict[UUID, UUID] = {}
        for place, stands in here.items():
            row = rows.get(stands)
            if row is not None and row.kind == MUNICIPALITY:
                found[place] = row.id
            elif row is not None and row.parent_id is not None:
                above[place] = row.parent_id
        here = above
    return found


def figures(reach: Reach, names: dict[UUID, str]) -> dict[str, tuple[Piece, ...]]:
    """The computed figures as words: numbers with the style of computed things, places by name."""
    missed = sorted(reach.missed, key=lambda place: names[place.id])
    listed: list[Piece] = []
    for place, one in enumerate(missed):
        if place:
            listed.append(Piece(" and " if place == len(missed) - 1 else ", "))
        listed.append(Piece(names[one.id], place=str(one.id)))
    return {
        "visits": (Piece(str(len(reach.activities)), "calc"),),
        "reached": (Piece(str(len(reach.reached)), "calc"),),
        "areas": (Piece(str(len(reach.areas)), "calc"),),
        "missed": tuple(listed) or (Piece("none", "calc"),),
    }
