"""Near events: which pairs of events from two lists are near enough in place and time to be the same at all.

The rule it guards: how many pairs there would be is counted before any is made. A million events on one day in one place are refused, with
what to do; the machine does not hang.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fairwitness.analyse.numbers.match.read_events import Events, Floats
from fairwitness.errors import BadInput

EARTH_KM = 6371.0088
MOST_PAIRS = 2_000_000

Places = NDArray[np.int64]


def near_events(one: Events, other: Events, km: float, days: float, *, shift: float = 0.0) -> tuple[Places, Places, Floats, Floats]:
    """Pairs within `km` and `days`: their places in the two lists, distance in km (great circle), and difference of their days (first less
    second).

    Both ends are inside. shift: days by which the second list is moved, to see how many pairs chance alone brings.
    BadInput where there would be more than two million.
    """
    spaces = [_space(events, km, days, moved) for events, moved in ((one, 0.0), (other, shift))]
    _refuse(one, other, km, days, _at_least(*spaces))
    here, there = (cKDTree(space, balanced_tree=False) for space in spaces)
    # A box in space and time that holds every pair of the window; `2 ** -20` keeps pairs on its edge inside.
    reach = 1.0 + 2.0**-20
    _refuse(one, other, km, days, int(here.count_neighbors(there, reach, p=np.inf)))
    pairs = here.sparse_distance_matrix(there, reach, p=np.inf, output_type="ndarray")
    order = np.lexsort((pairs["j"], pairs["i"]))
    left, right = pairs["i"][order].astype(np.int64), pairs["j"][order].astype(np.int64)
    apart = distance_km(one.latitude[left], one.longitude[left], other.latitude[right], other.longitude[right])
    between = np.floor(one.start[left]) - np.floor(other.start[right]) - shift
    inside = (apart <= km) & (np.abs(between) <= days)
    return left[inside], right[inside], apart[inside], between[inside]


def _refuse(one: Events, other: Events, km: float, days: float, number: int) -> None:
    """BadInput where so many pairs are too many."""
    if number > MOST_PAIRS:
        raise BadInput("{one} and {other} have {number} pairs and more within about {km} km and {days} days, and {most} is the most: "
                       "too many events at one place and time to be told apart. Narrow --km and --days, or divide the "
                       "lists by kind of event.",
                       one=one.name, other=other.name, number=f"{number:,}", km=f"{km:g}", days=f"{days:g}",
                       most=f"{MOST_PAIRS:,}")  # fmt: skip


def _at_least(here: Floats, there: Floats) -> int:
    """Pairs in the same half-window cell of space and time: surely near.

    One pass over the events tells a hopeless heap before any tree is asked.
    """
    cells = np.floor(2.0 * np.vstack([here, there])).astype(np.int64)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    cell = cell.ravel()
    number = int(cell.max(initial=-1)) + 1
    mine, theirs = (np.bincount(part, minlength=number).astype(object) for part in (cell[: len(here)], cell[len(here) :]))
    return int((mine * theirs).sum())


def distance_km(latitude: Floats, longitude: Floats, to_latitude: Floats, to_longitude: Floats) -> Floats:
    """Great-circle distance by the haversine formula, degrees in, km out."""
    first, second = np.radians(latitude), np.radians(to_latitude)
    half = np.sin((second - first) / 2) ** 2 + np.cos(first) * np.cos(second) * np.sin(np.radians(to_longitude - longitude) / 2) ** 2
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def _space(events: Events, km: float, days: float, moved: float) -> Floats:
    """Events as points: three axes of the globe in windows of km, one of time in windows of days. A chord is never longer than its arc."""
    latitude, longitude = np.radians(events.latitude), np.radians(events.longitude)
    globe = (
        EARTH_KM / max(km, 1e-6) * np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])
    )
    time = (np.floor(events.start) + moved) / max(days, 0.5)
    return np.asarray(np.vstack([globe, time]).T)
