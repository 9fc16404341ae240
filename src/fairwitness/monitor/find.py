"""Find: lists of what was seen and told, as far as the reader may see it, with the visits that could have made it.

A list is filtered in the database by the reader's rights, never afterwards. Totals stop at 1,000+. Lists come from the
index, which costs the same whatever the mission holds; while it is being made again they come from the rows, so that an
index that was lost never looks like data that was lost. The rule it guards: a count stands beside the coverage of the
same places and the same window, and a municipality nobody went to shows no figure, not even a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fairwitness.mission.access import rights, visible
from fairwitness.mission.find_places import below
from fairwitness.mission.index import mark
from fairwitness.mission.models import Area, Place
from fairwitness.mission.rebuild import is_whole
from fairwitness.mission.search import BOUND, Wanted, search
from fairwitness.monitor.index import matching
from fairwitness.monitor.models import Activity, Claim, Observation
from fairwitness.monitor.models.observation import STATE_OF_MEANS
from fairwitness.monitor.number import CODE
from fairwitness.record.hand import Hand
from fairwitness.record.remember import recall

PAGE = 50
REMEMBERED = 20_000
"""Places of which a process remembers the municipality."""
SEEN_STATES = ("seen", "heard", "recorded")
TOLD_STATES = ("reported", "alleged", "unable", "verified")
STATES = (*SEEN_STATES, *TOLD_STATES)
OBSERVATION = Observation.kind_on_record()
Told = Observation | Claim


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for. Empty means any. `states` are the words of the look: seen, heard, …, verified."""

    place: Place | None = None
    kind: str = ""
    states: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    activity: Activity | None = None
    only: Callable[[Any], Any] | None = None
    """A further narrowing by what stands above this room, such as how a thing was rated."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: rows newest first, where it starts, and how many there are at most."""

    rows: list[Told]
    first: int
    total: int
    more: bool

    @property
    def total_words(self) -> str:
        """The total, bounded: 31 or 1,000+."""
        return f"{BOUND:,}+" if self.total > BOUND else f"{self.total}"


def within(place: Place) -> list[UUID] | None:
    """The ids of a place and everything below it; None for a place at the top, which is everywhere."""
    return below([place.id])


def observations(by: Hand, filters: Filters) -> QuerySet[Observation]:
    """The observations that match, as far as the hand may see them."""
    found = _narrow(visible(by, Observation.objects.all()), by, filters)
    if filters.states:
        found = found.filter(_means(filters.states))
    return found


def claims(by: Hand, filters: Filters) -> QuerySet[Claim]:
    """The claims that match, as far as the hand may see them."""
    found = _narrow(visible(by, Claim.objects.all()), by, filters)
    return found.filter(state__in=filters.states) if filters.states else found


def _narrow(found: QuerySet[Any], by: Hand, filters: Filters) -> QuerySet[Any]:
    below = within(filters.place) if filters.place is not None else None
    if below is not None:
        found = found.filter(place_id__in=below)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.since is not None:
        found = found.filter(listed__gte=filters.since)
    if filters.until is not None:
        found = found.filter(listed__lt=filters.until)
    if filters.activity is not None:
        found = found.filter(activity=filters.activity)
    words = filters.words.strip()
    if words and _is_code(words):
        found = found.filter(code__in=_cases(words))
    elif words:
        found = found.filter(pk__in=matching(words, found.model, by))
    if filters.only is not None:
        found = filters.only(found)
    return found


def _is_code(words: str) -> bool:
    """Whether this is the whole code of something; then nothing else is meant."""
    if CODE.fullmatch(words) is None or words.isalpha():
        return False
    return any(model.objects.filter(code__in=_cases(words)).exists() for model in (Observation, Claim))


def _cases(code: str) -> list[str]:
    """A code as people type it. Compared whole, by its index: a comparison without case would read every row."""
    return [code, code.upper(), code.lower()]


def _means(states: Iterable[str]) -> Q:
    """The means that allow these words; every means that is not our senses or a paper is a device that recorded."""
    wanted = set(states)
    condition = Q(means__in=[means for means, state in STATE_OF_MEANS.items() if state in wanted])
    if "recorded" in wanted:
        condition |= ~Q(means__in=list(STATE_OF_MEANS))
    return condition


def listing(by: Hand, filters: Filters, first: int = 0, size: int = PAGE) -> Listing:
    """One page of observations and claims together, newest first."""
    first = max(0, min(first, BOUND))
    last = first + size
    wanted = _wanted(filters)
    if wanted is None:
        chosen, total = _from_rows(by, filters, last)
    else:
        found = search(by, wanted, limit=last)
        by.memo["monitor.find.count", wanted] = found.count
        chosen, total = [(pk, kind == OBSERVATION) for kind, pk in found.ids], found.count
    chosen = chosen[first:]
    rows = _in_full(Observation, [pk for pk, seen in chosen if seen])
    rows |= _in_full(Claim, [pk for pk, seen in chosen if not seen])
    return Listing([rows[pk] for pk, _ in chosen if pk in rows], first, total, total > last and last < BOUND)


def _wanted(filters: Filters) -> Wanted | None:
    """The same question to the index; None where only the rows can answer it."""
    words = filters.words.strip()
    if filters.only is not None or (words and _is_code(words)) or not is_whole():
        return None
    places = within(filters.place) if filters.place is not None else None
    facts = [
        (mark("value", filters.kind),) if filters.kind else (), tuple(mark("state", state) for state in sorted(filters.states)),
        (mark("in", filters.activity.pk),) if filters.activity is not None else (),
    ]  # fmt: skip
    return Wanted(
        words=words, kinds=(OBSERVATION, Claim.kind_on_record()), places=tuple(places) if places is not None else None,
        since=filters.since, until=filters.until, facts=tuple(group for group in facts if group),
    )  # fmt: skip


def _from_rows(by: Hand, filters: Filters, last: int) -> tuple[list[tuple[UUID, bool]], int]:
    seen, told = observations(by, filters), claims(by, filters)
    top: list[tuple[datetime, UUID, bool]] = []
    for is_seen, found in ((True, seen), (False, told)):
        top += [(at, pk, is_seen) for at, pk in found.order_by("-listed", "-id").values_list("listed", "id")[:last]]
    return [(pk, is_seen) for _, pk, is_seen in sorted(top, reverse=True)[:last]], min(BOUND + 1, _bounded(seen) + _bounded(told))


def _bounded(found: QuerySet[Any]) -> int:
    return len(found.order_by().values_list("pk", flat=True)[: BOUND + 1])


def _in_full(model: type[Observation] | type[Claim], ids: Sequence[UUID]) -> dict[UUID, Told]:
    things: QuerySet[Any] = model.objects.filter(pk__in=ids)
    if model is Claim:
        things = things.select_related("source")
    return {thing.id: thing for thing in things.prefetch_related("attachments")}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was found in a municipality beside the visits that could have found it. No visit: no figure.

    `found` is None where more than 1,000 were found in all: they are counted by municipality once a place or a period is chosen.
    """

    place: Place
    found: int | None
    visits: int


def coverage_beside(by: Hand, filters: Filters) -> list[Coverage]:
    """Municipality by municipality: observations and claims found, and visits done there in the same window."""
    visits = visible(by, Activity.objects.filter(state=Activity.DONE))
    if filters.since is not None:
        visits = visits.filter(ended__gte=filters.since)
    if filters.until is not None:
        visits = visits.filter(started__lt=filters.until)
    below = within(filters.place) if filters.place is not None else None
    if below is not None:
        visits = visits.filter(place_id__in=below)
    if filters.activity is not None:
        visits = visits.filter(pk=filters.activity.pk)
    found = _found(by, filters)
    gone = _tally(visits)
    top = municipality_of({pk for pk, _ in (found or []) + gone})
    shown = {place.id: place for place in _expected(by, filters)} | {place.id: place for place in top.values()}
    counts = {pk: [0, 0] for pk in shown}
    for column, rows in ((0, found or []), (1, gone)):
        for pk, number in rows:
            counts[top[pk].id][column] += number
    lines = [Coverage(place, counts[pk][0] if found is not None else None, counts[pk][1]) for pk, place in shown.items()]
    return sorted(lines, key=lambda line: (-(line.found or 0), -line.visits, line.place.code))


def _found(by: Hand, filters: Filters) -> list[tuple[UUID, int]] | None:
    """How many were found in each place; None where they are more than are counted."""
    wanted = _wanted(filters)
    if wanted is None:
        things = observations(by, filters), claims(by, filters)
        return None if sum(map(_bounded, things)) > BOUND else [row for some in things for row in _tally(some)]
    counted = by.memo.get(("monitor.find.count", wanted))
    if (search(by, wanted, limit=1).count if counted is None else counted) > BOUND:
        return None
    found = search(by, wanted, limit=BOUND, count=False)
    rows: list[tuple[UUID, int]] = []
    for model in (Observation, Claim):
        rows += _tally(model.objects.filter(pk__in=[pk for kind, pk in found.ids if kind == model.kind_on_record()]))
    return rows


def _tally(things: QuerySet[Any]) -> list[tuple[UUID, int]]:
    return list(things.order_by().values_list("place_id").annotate(number=Count("pk")))


def municipality_of(ids: Iterable[UUID]) -> dict[UUID, Place]:
    """For each place the municipality it lies in, or itself where it lies in none."""
    wanted = set(ids)
    known: dict[UUID, Place] = recall("monitor.find.municipality_of", (Place,), dict)
    top = {pk: place for pk in wanted if (place := known.get(pk)) is not None}
    fresh = _municipality_of(wanted - top.keys())
    if len(known) > REMEMBERED:
        known.clear()
    known.update(fresh)
    return top | fresh


def _municipality_of(wanted: set[UUID]) -> dict[UUID, Place]:
    known: dict[UUID, Place] = {}
    step = set(wanted)
    while step:
        known |= {place.id: place for place in Place.objects.filter(pk__in=step)}
        step = {place.parent_id for place in known.values() if place.kind != "municipality" and place.parent_id} - set(known)
    answer: dict[UUID, Place] = {}
    for pk in wanted:
        place: Place | None = known[pk]
        while place is not None and place.kind != "municipality":
            place = known.get(place.parent_id) if place.parent_id else None
        answer[pk] = place or known[pk]
    return answer


def _expected(by: Hand, filters: Filters) -> list[Place]:
    """The municipalities a reader expects in the table, also where nobody went: those of the place, else of the own area."""
    if filters.activity is not None:
        return []
    if filters.place is not None:
        if filters.place.kind == "municipality":
            return [filters.place]
        below = within(filters.place)
        places = Place.objects.filter(kind="municipality", ended__isnull=True)
        return list(places.filter(pk__in=below) if below is not None else places)
    units = frozenset(rights(by).units())
    return recall(("monitor.find.areas", units), (Area, Place), lambda: _areas_of(units))


def _areas_of(units: frozenset[UUID]) -> list[Place]:
    areas = Area.objects.filter(unit_id__in=units, until__isnull=True, place__kind="municipality")
    return [area.place for area in areas.select_related("place")]
