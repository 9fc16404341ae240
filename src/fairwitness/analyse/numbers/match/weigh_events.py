"""Weigh events: how probable it is that two reports, near in place and time, are of the same event.

What a coincidence looks like is measured, not assumed: one list is moved in time until nothing in it can be the same event any more, and
the
pairs that are then still near in place are coincidences (the control by shifted time of spatial statistics; Diggle and others 1995 permute
likewise). What the same event looks like is learned by `fit_pairs`.

The rule it guards: a pair has a probability, not a verdict; two reports of one village on one day are not thereby one event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.match.fit_pairs import Fit, fit_pairs, log_odds
from fairwitness.analyse.numbers.match.near_events import near_events
from fairwitness.analyse.numbers.match.read_events import Events
from fairwitness.analyse.numbers.tell_install import tell_install
from fairwitness.errors import BadInput

Floats = NDArray[np.float64]
Levels = NDArray[np.int64]
Places = NDArray[np.int64]

# Parts of the spatial window; the first is for one map point written with other digits.
BANDS = np.array([0.02, 0.25, 0.5, 0.75, 1.0])
MOST_STEPS = 7
SHIFTS = 4
NEAR_WORDS = 0.85
# How many pairs the plain expectation of a coincidence is worth beside those that were measured.
OPINION_OF_CHANCE = 20.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs near in place and time: the two lists, the places in them, km and days apart, and the level of agreement per comparison.

    Comparisons in this order: distance, days, each taxonomy (0 the narrowest meaning agrees, its depth: none does), each column of words.
    """

    one: Places
    other: Places
    left: Places
    right: Places
    km: Floats
    days: Floats
    levels: Levels


def find_candidates(lists: Sequence[Events], km: float, days: float, depths: Sequence[int], *, shift: float = 0.0) -> Candidates:
    """The pairs of every two lists within the window; shift as in `near_events`."""
    parts = []
    for first in range(len(lists)):
        for second in range(first + 1, len(lists)):
            left, right, apart, between = near_events(lists[first], lists[second], km, days, shift=shift)
            agreed = _levels(lists[first], lists[second], left, right, apart / max(km, 1e-9), np.abs(between), days, depths)
            parts.append((np.full(len(left), first), np.full(len(left), second), left, right, apart, between, agreed))
    return Candidates(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def weigh_events(lists: Sequence[Events], found: Candidates, km: float, days: float, depths: Sequence[int]) -> tuple[Floats, Fit]:
    """Natural log odds that a candidate pair is one event, and what was learned. Lists without a single candidate have no odds."""
    sizes = _sizes(lists, days, depths)
    expected = _chance(lists, days, depths)
    counts = [OPINION_OF_CHANCE * one for one in expected]
    shifted = 0
    for step in range(1, SHIFTS + 1):
        for sign in (-1.0, 1.0):
            control = find_candidates(lists, km, days, depths, shift=sign * step * (2.0 * np.floor(days) + 3.0))
            shifted += len(control.left)
            for column, one in enumerate(counts):
                seen = control.levels[:, column]
                one += np.bincount(seen[seen >= 0], minlength=len(one))
    chance = [one / one.sum() for one in counts]
    chance[1] = expected[1]  # a coincidence falls on any day alike
    total = len(found.left)
    if total == 0:
        return np.zeros(0), Fit(0.0, [], [], 0.0, 0)
    share = min(max(1.0 - shifted / (2.0 * SHIFTS) / total, 0.05), 0.95)
    start = [_start(size, column) for column, size in enumerate(sizes)]
    patterns, number = np.unique(found.levels, axis=0, return_counts=True)
    fit = fit_pairs(patterns, number.astype(np.float64), chance, float(total), share=share, m=start, most=0.99, contaminated=False)
    return log_odds(found.levels, fit.share, fit.m, fit.u), fit


def _start(size: int, column: int) -> Floats:
    """The opinion of an agreement before any data: near is likelier than far, the narrowest meaning likelier than a broad one."""
    ratio = (0.75, 0.5)[column] if column < 2 else 0.12
    found = ratio ** np.arange(size, dtype=np.float64)
    return np.asarray(found / found.sum())


def _sizes(lists: Sequence[Events], days: float, depths: Sequence[int]) -> list[int]:
    return [len(BANDS), min(int(days), MOST_STEPS - 1) + 1, *(depth + 1 for depth in depths), *(3 for _ in lists[0].words)]


def _levels(
    one: Events, other: Events, left: Places, right: Places, part: Floats, between: Floats, days: float, depths: Sequence[int]
) -> Levels:
    steps = min(int(days), MOST_STEPS - 1)
    columns = [
        np.searchsorted(BANDS, np.minimum(part, 1.0)),
        np.minimum(np.ceil(between * steps / max(int(days), 1)), steps).astype(np.int64),
    ]
    for mine, theirs, depth in zip(one.meanings, other.meanings, depths, strict=True):
        columns.append(np.array([_agreement(mine[a], theirs[b], depth) for a, b in zip(left, right, strict=True)], dtype=np.int64))
    for words, other_words in zip(one.words, other.words, strict=True):
        alike = _alike()
        columns.append(np.array([alike(words[a], other_words[b]) for a, b in zip(left, right, strict=True)], dtype=np.int64))
    return np.stack(columns, axis=1).astype(np.int64)


def _agreement(mine: tuple[str, ...] | None, theirs: tuple[str, ...] | None, depth: int) -> int:
    if mine is None or theirs is None:
        return -1
    return next((level for level, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a == b), depth)


def _alike() -> Callable[[str, str], int]:
    """0 the same key, 1 nearly, 2 another; -1 where one is empty."""
    try:
        from rapidfuzz.distance import JaroWinkler
    except ImportError as why:
        missing = (
            "Comparing words of places and kinds needs the package rapidfuzz, which is not installed here. Leave the words out with "
            "--no-words, or install it with: {command}"
        )
        raise BadInput(missing, command=tell_install("rapidfuzz")) from why
    known: dict[tuple[str, str], int] = {}

    def alike(one: str, other: str) -> int:
        if not one or not other:
            return -1
        if (one, other) not in known:
            known[one, other] = 0 if one == other else 1 if JaroWinkler.similarity(one, other) >= NEAR_WORDS else 2
        return known[one, other]

    return alike


def _chance(lists: Sequence[Events], days: float, depths: Sequence[int]) -> list[Floats]:
    """What a coincidence is expected to look like: any point of the disc, any day of the window, any meaning as often as the lists
    have it.
    """
    steps = _sizes(lists, days, depths)[1]
    rings = np.diff(np.concatenate([[0.0], BANDS**2]))
    width = np.bincount(np.minimum(np.ceil(np.abs(np.arange(-int(days), int(days) + 1)) * (steps - 1) / max(int(days), 1)), steps - 1)
                        .astype(np.int64), minlength=steps).astype(np.float64)  # fmt: skip
    found = [rings, width / width.sum()]
    for place, depth in enumerate(depths):
        heap = np.full(depth + 1, 0.5)
        for first in range(len(lists)):
            for second in range(first + 1, len(lists)):
                heap += _crossed(lists[first].meanings[place], lists[second].meanings[place], depth)
        found.append(heap / heap.sum())
    return [*found, *(np.array([0.1, 0.1, 0.8]) for _ in lists[0].words)]


def _crossed(mine: Sequence[tuple[str, ...] | None], theirs: Sequence[tuple[str, ...] | None], depth: int) -> Floats:
    """Pairs of any two events per level of agreement, counted by meaning and not one by one."""
    heap = np.zeros(depth + 1)
    left, right = ({one: list(part).count(one) for one in set(part) if one is not None} for part in (mine, theirs))
    for one, number in left.items():
        for other, times in right.items():
            heap[_agreement(one, other, depth)] += number * times
    return heap
