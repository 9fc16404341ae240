"""Build zones: the sets of places that a scan looks at together, as circles on the map or as neighbours that touch.

The rule it guards: a zone does not depend on the order of a file. Places equally far from a centre enter its circle together or not
at all; the reference software takes only some of those that are tied, and which ones depends on their order. For municipalities,
whose centres are a convention, sets that share borders are the better zones: they have no ties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.errors import BadInput

EARTH_KM = 6367.0
SAME = 1e-9
MOST_ZONES = 200_000
MOST_MEMBERS = 20_000_000

Distances = Callable[[int], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Zones:
    """Sets of places. Zone z holds `indices[indptr[z]:indptr[z + 1]]`, nearest to its centre first.

    `centres` is the place a circle was drawn about and `radii` the distance to its farthest place, in the unit of the
    distances; −1 and NaN for sets of neighbours.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    centres: NDArray[np.int64]
    radii: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.centres)

    def places(self, zone: int) -> NDArray[np.int64]:
        """The places of a zone."""
        return self.indices[self.indptr[zone] : self.indptr[zone + 1]]


def great_circle(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> Distances:
    """Distances in kilometres over a sphere of radius 6,367 km, from degrees. A function from one place to its distances from all."""
    north, east = np.radians(lat), np.radians(lon)
    points = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])

    def far(centre: int) -> NDArray[np.float64]:
        chord = np.sqrt(((points - points[centre]) ** 2).sum(axis=1))
        return np.asarray(2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0)), dtype=np.float64)

    return far


def straight(x: NDArray[np.float64], y: NDArray[np.float64]) -> Distances:
    """Distances in a plane, in the unit of the coordinates. A function from one place to its distances from all."""

    def far(centre: int) -> NDArray[np.float64]:
        return np.asarray(np.hypot(x - x[centre], y - y[centre]), dtype=np.float64)

    return far


def circles(
    far: Distances,
    weights: NDArray[np.float64],
    *,
    radius: float | None = None,
    share: float | None = None,
    nearest: int | None = None,
) -> Zones:
    """Circles about every place, growing by distance until the first limit is met.

    `weights` (places,) is what a share is a share of: population, expected cases, or cases. `radius` in the unit of the distances,
    `share` between 0 and 1 of the whole weight, `nearest` counts places, the centre included. Equal sets are kept once, about the
    centre that stands first. Raises BadInput when no circle meets the limits, or more than 200,000 do.
    """
    count = len(weights)
    span = max((float(far(0).max()) if count else 0.0), 1.0)
    most = np.inf if share is None else share * float(weights.sum()) * (1 + SAME)
    made = _Sets()
    for centre in range(count):
        distance = far(centre)
        order = np.argsort(distance, kind="stable")
        if radius is not None:
            order = order[distance[order] <= radius * (1 + SAME)]
        held = np.cumsum(weights[order])
        for end in range(1, len(order) + 1):
            if (nearest is not None and end > nearest) or held[end - 1] > most:
                break
            edge = distance[order[end - 1]]
            if end < len(order) and distance[order[end]] - edge <= SAME * span:
                continue
            made.add(order[:end], centre, float(edge))
    return made.zones()


def neighbours(weights: NDArray[np.float64], borders: Iterable[tuple[int, int]], *, most_places: int, share: float | None = None) -> Zones:
    """Every connected set of up to `most_places` places that share borders, whose weight is at most `share` of the whole.

    `borders` are pairs of places; each is read in both directions. Flexible zones after Tango and Takahashi (2005), without their
    limit to the nearest. Raises BadInput when there are more than 200,000.
    """
    touches: list[set[int]] = [set() for _ in weights]
    for one, other in borders:
        if one != other:
            touches[one].add(other)
            touches[other].add(one)
    most = np.inf if share is None else share * float(weights.sum()) * (1 + SAME)
    made = _Sets()
    level = [frozenset([place]) for place in range(len(weights)) if weights[place] <= most]
    for _ in range(most_places):
        for one_set in level:
            made.add(np.array(sorted(one_set), dtype=np.int64), -1, float("nan"))
        grown = {one_set | {place} for one_set in level for member in one_set for place in touches[member] - one_set}
        if len(grown) > MOST_ZONES:
            raise _too_many()
        level = sorted((one_set for one_set in grown if float(weights[list(one_set)].sum()) <= most), key=sorted)
    return made.zones()


class _Sets:
    """Distinct sets of places, in the order they came."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self.members: list[NDArray[np.int64]] = []
        self.centres: list[int] = []
        self.radii: list[float] = []
        self.held = 0

    def add(self, members: NDArray[np.int64], centre: int, radius: float) -> None:
        key = np.sort(members).tobytes()
        if key in self.seen:
            return
        self.held += len(members)
        if len(self.seen) >= MOST_ZONES or self.held > MOST_MEMBERS:
            raise _too_many()
        self.seen.add(key)
        self.members.append(members.astype(np.int64))
        self.centres.append(centre)
        self.radii.append(radius)

    def zones(self) -> Zones:
        if not self.members:
            raise BadInput("No zone meets these limits: every place alone is already beyond them. Allow a larger share.")
        return Zones(
            np.concatenate([[0], np.cumsum([len(one) for one in self.members])]).astype(np.int64),
            np.concatenate(self.members),
            np.array(self.centres, dtype=np.int64),
            np.array(self.radii, dtype=np.float64),
        )


def _too_many() -> BadInput:
    return BadInput("These limits give more than {most} zones; choose a smaller radius, a smaller share or fewer places in a zone.",
                    most=f"{MOST_ZONES:,}")  # fmt: skip


def matrix(zones: Zones, places: int) -> NDArray[np.float32]:
    """Zones as a matrix of 0 and 1 (zones × places): one product sums places into zones."""
    found = np.zeros((len(zones), places), dtype=np.float32)
    found[np.repeat(np.arange(len(zones)), np.diff(zones.indptr)), zones.indices] = 1
    return found


def names(zones: Zones, zone: int, places: Sequence[str]) -> list[str]:
    """The names of a zone's places, nearest to the centre first."""
    return [places[place] for place in zones.places(zone)]
