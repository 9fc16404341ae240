"""Tabulate: municipality by month (or by any window) of any kind of thing, with the coverage beside every count.

The rule it guards: zero is not quiet. A 0 is printed only where somebody was there to look; elsewhere the cell says that
nobody went. Counts stay low to high, linked sources count by a named rule, and the reader counts only what the reader may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from fairwitness.analyse.cover_cells import Looked, finder, look
from fairwitness.analyse.fetch import fetch
from fairwitness.analyse.rules import SMALL, STANDARD_RULE, CountingRule
from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.access import require, visible
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.count import Count, add, in_words
from fairwitness.monitor.models import Claim, Event, Observation, Restriction, SourceLink
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.verify.lift import municipalities, municipality_of
from fairwitness.verify.models import Check

WHAT: dict[str, tuple[Any, str, str]] = {
    "observations": (Observation, "occurred_from", "kind"),
    "claims": (Claim, "occurred_from", "kind"),
    "restrictions": (Restriction, "began", "kind"),
    "checks": (Check, "checked_on", "value"),
    "events": (Event, "occurred_from", "kind"),
}
"""What can be counted: the model, when it was, and the column by which it is narrowed."""
MOST_WINDOWS = 120


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, half open: from `since` up to but not including `until`."""

    label: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what was counted and how anybody could have seen it. `count` None: lines, but none of them says how many."""

    things: int
    count: Count | None
    unstated: int
    looked: Looked

    @property
    def state(self) -> str:
        """`counted`, `zero` (somebody looked and saw none) or `not_visited`."""
        return "counted" if self.things else "zero" if self.looked.days else "not_visited"

    @property
    def words(self) -> str:
        """As the cell is printed: the count, 0, or that nobody went."""
        if self.state == "not_visited":
            return "not visited"
        return "not counted" if self.count is None else in_words(self.count)

    @property
    def small(self) -> bool:
        """Whether a public product must widen this cell or leave it out."""
        return self.things > 0 and self.count is not None and self.count.low < SMALL


@dataclass(frozen=True, slots=True)
class Row:
    """One municipality (or an area above the municipalities). `undated`: things whose time is not known well enough for a window."""

    place: UUID
    cells: Sequence[Cell]
    undated: int = 0

    @property
    def unseen(self) -> list[int]:
        """The positions of the windows in which nobody looked."""
        return [at for at, cell in enumerate(self.cells) if not cell.looked.days]

    @property
    def none_at_all(self) -> bool:
        """Whether one may say "none in any of these windows": zero in each, and somebody looked in each."""
        return all(cell.state == "zero" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with everything needed to read it: what, which kind, the windows, the rule, the moment it was recorded by."""

    what: str
    kind: str
    windows: Sequence[Window]
    rows: Sequence[Row]
    rule: CountingRule
    as_of: datetime | None
    folded: int
    """How many lines stand behind another source of the same event and were not counted again."""

    @property
    def small(self) -> int:
        """How many cells are too small for a public product."""
        return sum(1 for row in self.rows for cell in row.cells if cell.small)

    @property
    def things(self) -> int:
        """How many things stand in the cells."""
        return sum(cell.things for row in self.rows for cell in row.cells)

    @property
    def unseen(self) -> int:
        """How many cells nobody looked into."""
        return sum(1 for row in self.rows for cell in row.cells if not cell.looked.days)


@dataclass(slots=True)
class _Item:
    place: UUID
    at: datetime | None
    precision: str
    count: Count | None


def months(first: date, last: date) -> list[Window]:
    """The months from that of `first` to that of `last`, in the mission's zone."""
    if last < first:
        raise BadInput.of(Fault("until", "ends before it begins; check both months"))
    zone, day = ZoneInfo(mission_zone()), first.replace(day=1)
    made: list[Window] = []
    while day <= last:
        if len(made) == MOST_WINDOWS:
            raise BadInput.of(Fault("until", say(
                "makes more than {most_windows} months; choose a shorter time",
                most_windows=MOST_WINDOWS,
            )))
        after = (day + timedelta(days=32)).replace(day=1)
        made.append(Window(f"{day:%Y-%m}", _start(day, zone), _start(after, zone)))
        day = after
    return made


def weeks(last: date, many: int) -> list[Window]:
    """So many weeks from Monday to Sunday, the last of them that of `last`, each named by the day it begins on."""
    monday = last - timedelta(days=last.weekday())
    if not 0 < many <= MOST_WINDOWS:
        raise BadInput.of(Fault("weeks", say("has to be from 1 to {most}; choose another number.", most=MOST_WINDOWS)))
    return _stretches([monday + timedelta(weeks=step) for step in range(1 - many, 2)])


def days_of_week(last: date) -> list[Window]:
    """The seven days of the week of `last`, Monday first."""
    monday = last - timedelta(days=last.weekday())
    return _stretches([monday + timedelta(days=step) for step in range(8)])


def _stretches(edges: Sequence[date]) -> list[Window]:
    zone = ZoneInfo(mission_zone())
    starts = [_start(day, zone) for day in edges]
    return [Window(f"{day:%Y-%m-%d}", since, until) for day, since, until in zip(edges, starts, starts[1:], strict=False)]


def evenings(first: date, last: date, cut: time) -> list[Window]:
    """Windows from evening to evening, each named by the day on which it ends; the first ends on `first`."""
    zone = ZoneInfo(mission_zone())
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    if not 0 < len(days) <= MOST_WINDOWS:
        raise BadInput.of(Fault("until", say(
            "has to give 1 to {most_windows} windows; choose other days",
            most_windows=MOST_WINDOWS,
        )))
    cuts = [datetime.combine(day, cut, zone).astimezone(UTC) for day in (first - timedelta(days=1), *days)]
    return [Window(f"{day:%Y-%m-%d}", since, until) for day, since, until in zip(days, cuts, cuts[1:], strict=False)]


def tabulate(
    hand: Hand, what: str, windows: Sequence[Window], *, kind: str = "", rule: CountingRule = STANDARD_RULE, as_of: datetime | None = None,
    ceiling: int | None = None,
) -> Table:  # fmt: skip
    """Count one kind of thing by municipality and window, with coverage, of what this reader may see; nothing heavier than `ceiling`."""
    require(hand, Verb.COUNT_READ)
    if what not in WHAT:
        raise BadInput.of(Fault("what", say("is not among: {names}", names=', '.join(WHAT))))
    if not windows:
        raise BadInput.of(Fault("windows", "are empty; give at least one month"))
    spans = [(window.since, window.until) for window in windows]
    items = _items(hand, what, windows, kind, rule, as_of, ceiling)
    lines = _inside(items, windows)
    items = _once(hand, what, items, rule, as_of)
    lifted = municipality_of({item.place for item in items.values()})
    cells: dict[tuple[UUID, int], list[_Item]] = {}
    inside = finder(spans)
    undated: dict[UUID, int] = {}
    for item in items.values():
        place = lifted[item.place]
        if item.at is None or item.precision in ("year", "unknown"):
            undated[place] = undated.get(place, 0) + 1
            continue
        for at in inside(item.at):
            cells.setdefault((place, at), []).append(item)
    looked = look(hand, spans, as_of)
    places = [place.pk for place in municipalities() if place.ended is None or _begins(windows) <= place.ended]
    places += sorted({*(place for place, _ in cells), *undated} - set(places))
    rows = []
    for place in places:
        line = [_cell(cells.get((place, at), []), looked.get((place, at), Looked()), rule) for at in range(len(windows))]
        rows.append(Row(place, line, undated.get(place, 0)))
    return Table(what, kind, list(windows), rows, rule, as_of, lines - _inside(items, windows))


def newest_day(hand: Hand, what: str) -> date | None:
    """The day of the newest thing of this kind that this reader may see; None where there is none, or no such kind."""
    if what not in WHAT:
        return None
    model, when, _narrow = WHAT[what]
    found = visible(hand, model.objects.filter(**{f"{when}__isnull": False})).order_by(f"-{when}").values_list(when, flat=True).first()
    return found.astimezone(ZoneInfo(mission_zone())).date() if isinstance(found, datetime) else found


def newest_month(hand: Hand, what: str) -> date | None:
    """The first day of the month of the newest thing of this kind that this reader may see; None where there is none."""
    day = newest_day(hand, what)
    return day.replace(day=1) if day else None


def _inside(items: dict[UUID, _Item], windows: Sequence[Window]) -> int:
    since, until = min(window.since for window in windows), max(window.until for window in windows)
    return sum(1 for item in items.values() if item.at is not None and since <= item.at < until)


def _begins(windows: Sequence[Window]) -> date:
    return min(window.since for window in windows).date()


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _items(
    hand: Hand, what: str, windows: Sequence[Window], kind: str, rule: CountingRule, as_of: datetime | None, ceiling: int | None
) -> dict[UUID, _Item]:  # fmt: skip
    model, when, narrow = WHAT[what]
    columns = {field.attname for field in model._meta.concrete_fields}
    fields = [when, narrow, "place_id", "sensitivity", *(columns & {"precision", "count_low", "count_high", "qualifier"})]
    since, until = min(window.since for window in windows), max(window.until for window in windows)
    if when == "checked_on":
        near = Q(checked_on__gte=since.date(), checked_on__lte=until.date())
    else:
        near = Q(**{f"{when}__gte": since, f"{when}__lt": until}) | Q(**{f"{when}__isnull": True})
    if rule.linked_once and what in ("observations", "claims"):
        near |= Q(links__undone=False, links__relation="same")
    zone = ZoneInfo(mission_zone())
    found: dict[UUID, _Item] = {}
    for row in fetch(hand, model, fields, near, as_of):
        if (kind and row[narrow] != kind) or (ceiling is not None and row["sensitivity"] > ceiling):
            continue
        at = row[when]
        if isinstance(at, date) and not isinstance(at, datetime):
            at = datetime.combine(at, time(12), zone)
        low = row.get("count_low")
        count = None if low is None else Count(low, row["count_high"], row["qualifier"] or "exact")
        found[row["id"]] = _Item(row["place_id"], at, row.get("precision") or "minute", count)
    return found


def _once(hand: Hand, what: str, items: dict[UUID, _Item], rule: CountingRule, as_of: datetime | None) -> dict[UUID, _Item]:
    """Let the sources of one event be one item: the earliest of them, with the lowest and highest any of them states."""
    if not rule.linked_once or what not in ("observations", "claims"):
        return items
    end = "observation_id" if what == "observations" else "claim_id"
    links = fetch(hand, SourceLink, ["event_id", end, "relation", "undone"], Q(undone=False, relation="same"), as_of)
    groups: dict[UUID, list[UUID]] = {}
    for link in links:
        if link[end] in items and link["relation"] == "same" and not link["undone"]:
            groups.setdefault(link["event_id"], []).append(link[end])
    kept = dict(items)
    for members in groups.values():
        standing = [key for key in dict.fromkeys(members) if key in kept]
        if len(standing) < 2:
            continue
        first = min(standing, key=lambda key: (kept[key].at is None, kept[key].at or datetime.max.replace(tzinfo=UTC), key))
        counts = [count for key in standing if (count := kept[key].count) is not None]
        kept[first] = _Item(kept[first].place, kept[first].at, kept[first].precision, _range(counts))
        for key in standing:
            if key != first:
                del kept[key]
    return kept


def _range(counts: Sequence[Count]) -> Count | None:
    if not counts:
        return None
    low = min(count.low for count in counts)
    high = None if any(count.high is None for count in counts) else max(count.high or 0 for count in counts)
    if any(count.qualifier == "about" for count in counts):
        return Count(low, high, "about")
    return Count(low, high, "at_least" if high is None else "exact" if high == low else "range")


def _cell(items: Sequence[_Item], looked: Looked, rule: CountingRule) -> Cell:
    if not rule.sums:
        return Cell(len(items), Count(len(items), len(items), "exact"), 0, looked)
    counts = [item.count for item in items if item.count is not None]
    total = add(counts) if counts or not items else None
    return Cell(len(items), total, len(items) - len(counts), looked)
