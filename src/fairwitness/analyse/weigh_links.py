"""Weigh links: how probable it is that two sources speak of one event, by how near they are in place and time and by their kind.

How often chance brings two sources as near is measured on what the reader may see: one list of it moved in time against the other.
The rule it guards: a probability stands beside a suggestion and decides nothing; where place or day are not known well enough, or there
is too little to learn from, there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from fairwitness.errors import BadInput
from fairwitness.mission.access import visible
from fairwitness.mission.models import Place
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.happen import Told
from fairwitness.monitor.models import Claim, Observation
from fairwitness.record.hand import Hand

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.match.read_events import Events

KM, DAYS = 30.0, 3.0
"""How far apart two sources are compared at all; both ends inside. Beyond, rule L-1 alone speaks."""
AROUND = timedelta(days=365)
"""Sources within this time before and after are learned from."""
MOST = 750
"""Observations, and claims, before and as many after: the nearest in time to learn from."""
TELLERS = 10
"""Lists apart: units that observe and categories that tell; the smallest are one list."""
KNOWN = ("minute", "hour", "day")
FEWEST = 30
"""Of fewer near pairs than this nothing is learned: a general opinion would speak in the place of the mission's own data."""
COLUMNS = ("id", "kind", "place_id", "occurred_from", "occurred_until", "time_zone")
Row = Mapping[str, Any]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Weighed:
    """`probability` by the id of each source that could be compared. `pairs`: near pairs there are to learn from, among `sources`."""

    probability: Mapping[UUID, float]
    pairs: int
    sources: int

    @property
    def too_few(self) -> bool:
        """Whether there is too little to learn a probability from."""
        return self.pairs < FEWEST


def weigh_links(thing: Told, others: Sequence[Told], hand: Hand) -> Weighed:
    """How probable each of these is to speak of the same event as the thing."""
    asked = [_row(one) for one in (thing, *others) if one.precision in KNOWN and one.occurred_from is not None]
    if len(asked) < 2 or asked[0]["id"] != thing.pk:
        return Weighed({}, 0, 0)
    tellers = _tellers(thing, hand)
    points = points_of({row["place_id"] for row in (*asked, *(row for rows in tellers for row in rows))})
    mine, theirs = ([row for row in rows if row["place_id"] in points] for rows in (asked[:1], asked[1:]))
    if not mine or not theirs:
        return Weighed({}, 0, 0)
    lists = [[row for row in rows if row["place_id"] in points and row["id"] != thing.pk] for rows in tellers]
    try:
        return weigh_rows(mine, theirs, [rows for rows in lists if rows], points)
    except BadInput:
        # More near pairs than can be weighed: then chance alone brings too many for any to say much.
        return Weighed({}, 0, 0)


def weigh_rows(mine: Sequence[Row], theirs: Sequence[Row], tellers: Sequence[Sequence[Row]], points: Mapping[UUID, Point]) -> Weighed:
    """The probability that the one row of `mine` and each of `theirs` are of one event, learned from it and from the lists of `tellers`."""
    # Heavy to read in, and most pages have no use for it.
    from fairwitness.analyse.numbers.match.fit_pairs import log_odds, probability
    from fairwitness.analyse.numbers.match.weigh_events import find_candidates, weigh_events

    # What is asked about is a list of its own, so that there is always a pair to learn from.
    lists = [_events("asked", mine, points), *(_events(str(number), rows, points) for number, rows in enumerate(tellers))]
    found = find_candidates(lists, KM, DAYS, (1,)) if len(lists) > 1 else None
    sources = 1 + sum(map(len, tellers))
    if found is None or len(found.left) < FEWEST:
        return Weighed({}, 0 if found is None else len(found.left), sources)
    fit = weigh_events(lists, found, KM, DAYS, (1,))[1]
    pairs = find_candidates([lists[0], _events("others", theirs, points)], KM, DAYS, (1,))
    chances = probability(log_odds(pairs.levels, fit.share, fit.m, fit.u))
    weighed = {theirs[int(place)]["id"]: float(chance) for place, chance in zip(pairs.right, chances, strict=True)}
    return Weighed(weighed, len(found.left), sources)


def _tellers(thing: Told, hand: Hand) -> list[list[Row]]:
    """What the reader may see around that time, by who tells it: one event is seldom told twice by one teller."""
    when = thing.occurred_from
    assert when is not None
    before = Q(occurred_from__gte=when - AROUND, occurred_from__lte=when)
    after = Q(occurred_from__gt=when, occurred_from__lte=when + AROUND)
    found: dict[str, list[Row]] = {}
    for model, teller in ((Observation, "unit_id"), (Claim, "source__category")):
        for side, order in ((before, "-occurred_from"), (after, "occurred_from")):
            seen = visible(hand, model.objects.filter(side, precision__in=KNOWN)).order_by(order, "id")
            for row in seen.values(*COLUMNS, teller)[:MOST]:
                found.setdefault(f"{teller} {row[teller]}", []).append(row)
    heaps = sorted(found.values(), key=len, reverse=True)
    rest = [row for heap in heaps[TELLERS:] for row in heap]
    return [*heaps[:TELLERS], *([rest] if rest else [])]


def _row(one: Told) -> Row:
    return {"id": one.pk, **{name: getattr(one, name) for name in COLUMNS[1:]}}


def _events(name: str, rows: Sequence[Row], points: Mapping[UUID, Point]) -> Events:
    import numpy as np

    from fairwitness.analyse.numbers.match.read_events import Events

    zone = ZoneInfo(mission_zone())
    start = [float(row["occurred_from"].astimezone(zone).date().toordinal()) for row in rows]
    end = [float((row["occurred_until"] or row["occurred_from"]).astimezone(zone).date().toordinal()) for row in rows]
    where = np.array([points[row["place_id"]] for row in rows], dtype=np.float64).reshape(len(rows), 2)
    kinds: list[tuple[str, ...] | None] = [(str(row["kind"]),) for row in rows]
    return Events(name, [str(row["id"]) for row in rows], np.array(start), np.array(end), where[:, 0], where[:, 1], [kinds], [])


def points_of(places: Iterable[UUID]) -> dict[UUID, Point]:
    """Latitude and longitude of these places. One without a point has that of what it lies in, or the middle of what lies in it; what has
    neither is left out."""
    wanted = set(places)
    own, parents = _read(Q(pk__in=wanted))
    bare = wanted - own.keys()
    above, _ = _read(Q(pk__in={parents[one] for one in bare if parents.get(one)}))
    points, within = _read(Q(parent__in=bare))
    inside: dict[UUID | None, list[Point]] = {}
    for place, point in points.items():
        inside.setdefault(within[place], []).append(point)
    found = dict(own)
    for one in bare:
        over, heap = parents.get(one), inside.get(one)
        if over in above:
            found[one] = above[over]
        elif heap:
            found[one] = (sum(point[0] for point in heap) / len(heap), sum(point[1] for point in heap) / len(heap))
    return found


def _read(which: Q) -> tuple[dict[UUID, Point], dict[UUID, UUID | None]]:
    """Points of those of these places that have one, and what each lies in."""
    points: dict[UUID, Point] = {}
    parents: dict[UUID, UUID | None] = {}
    for key, parent, latitude, longitude in Place.objects.filter(which).values_list("id", "parent_id", "latitude", "longitude"):
        parents[key] = parent
        try:
            points[key] = (float(latitude), float(longitude))
        except ValueError:
            continue
    return points, parents
