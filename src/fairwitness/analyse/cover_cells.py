"""Cover the cells of a table: for each municipality and window, on how many days anybody looked, and what was down.

The rule it guards: a count without its coverage says nothing. A device that was down is named with its reason; a day
counts as covered once, however many looked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from fairwitness.analyse.fetch import fetch
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.models import Activity, Coverage
from fairwitness.record.hand import Hand
from fairwitness.verify.lift import municipality_of

Span = tuple[datetime, datetime]


@dataclass(slots=True)
class Looked:
    """How anybody could have seen it: visits done, days on which somebody or something looked, and what was down and why."""

    visits: int = 0
    dates: set[date] = field(default_factory=set)
    down: list[str] = field(default_factory=list)

    @property
    def days(self) -> int:
        """Days covered."""
        return len(self.dates)


def look(hand: Hand, spans: Sequence[Span], as_of: datetime | None) -> dict[tuple[UUID, int], Looked]:
    """Coverage by municipality and position of the window, of what the reader may see (as recorded by `as_of`)."""
    since, until = min(span[0] for span in spans), max(span[1] for span in spans)
    visits = fetch(
        hand, Activity, ["place_id", "state", "started", "ended"], Q(state=Activity.DONE, started__gte=since, started__lt=until), as_of
    )
    windows = fetch(
        hand,
        Coverage,
        ["place_id", "since", "until", "operational", "means", "device", "reason"],
        Q(until__gte=since, since__lt=until),
        as_of,
    )
    lifted = municipality_of({row["place_id"] for row in (*visits, *windows)})
    zone = ZoneInfo(mission_zone())
    found: dict[tuple[UUID, int], Looked] = {}
    inside = finder(spans)
    for row in visits:
        if row["state"] != Activity.DONE or row["started"] is None:
            continue
        for at in inside(row["started"]):
            cell = found.setdefault((lifted[row["place_id"]], at), Looked())
            cell.visits += 1
            cell.dates.add(row["started"].astimezone(zone).date())
    for row in windows:
        for at, span in enumerate(spans):
            begin, end = max(row["since"], span[0]), min(row["until"], span[1])
            # A window of no length at its very start still saw something; one that ends where ours begins saw nothing of ours.
            if begin < end or (begin == end == row["since"] and begin < span[1]):
                cell = found.setdefault((lifted[row["place_id"]], at), Looked())
                _add(cell, row, begin, end, zone)
    return found


def finder(spans: Sequence[Span]) -> Callable[[datetime], list[int]]:
    """What tells the positions of the spans (half open) a moment lies in. Spans that follow each other are not walked through."""
    if all(one[1] <= other[0] for one, other in pairwise(spans)):
        begins = [span[0] for span in spans]

        def found(at: datetime) -> list[int]:
            place = bisect_right(begins, at) - 1
            return [place] if place >= 0 and at < spans[place][1] else []

        return found
    return lambda at: [place for place, span in enumerate(spans) if span[0] <= at < span[1]]


def _add(cell: Looked, row: dict[str, object], begin: datetime, end: datetime, zone: ZoneInfo) -> None:
    if row["operational"]:
        day, last = begin.astimezone(zone).date(), max(begin, end - timedelta(microseconds=1)).astimezone(zone).date()
        while day <= last:
            cell.dates.add(day)
            day += timedelta(days=1)
    else:
        named = str(row["device"] or row["means"])
        words = f"{named}: {row['reason']}" if row["reason"] else named
        if words not in cell.down:
            cell.down.append(words)
