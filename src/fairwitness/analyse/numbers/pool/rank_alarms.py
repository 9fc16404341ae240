"""Rank the alarms of a week: the strongest first, each cluster raised once, what lies beyond the cap or is too likely chance said to be so.

The rule it guards: an alarm that is not raised is listed with the reason, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.budget import Spent, false_share, recurrence_years, say_recurrence
from fairwitness.analyse.numbers.pool.detect_one import Point
from fairwitness.errors import Sentence

Floats = NDArray[np.float64]

RAISED, ONGOING, BEYOND, DOUBTFUL = "raised", "ongoing", "beyond the cap", "too likely chance"


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm: `rank` within its week (1 is the strongest), `state` raised, ongoing, beyond the cap or too likely chance.

    `q` bounds the share of false alarms among those of the week at least as strong; `recurrence` is in words for this one place,
    `mission_recurrence` for any of the places watched.
    """

    place: str
    point: Point
    rank: int
    state: str
    q: float
    recurrence_years: float
    recurrence: Sentence
    mission_recurrence: Sentence


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the mission: the level its budget came to, the false alarms expected by chance in all places, and the alarms by state."""

    t: int
    alpha: float
    false_alarms: float
    raised: int
    ongoing: int
    held_back: int


def rank_alarms(
    names: Sequence[str], points: Sequence[Point], p: Floats, spent: Spent, *, frequency: int, cap: int | None, fdr: float | None
) -> tuple[Week, tuple[Alarm, ...]]:
    """One week: its `points` and `p` (NaN is no data), one per place, become its alarms by strength.

    At most `cap` are raised, and only with a `q` of at most `fdr`.
    """
    share = false_share(p)
    listed = (place for place, point in enumerate(points) if point.raised or point.ongoing)
    watched = int(np.isfinite(p).sum())
    alarms: list[Alarm] = []
    raised = 0
    for rank, place in enumerate(sorted(listed, key=lambda place: (p[place], names[place])), start=1):
        state = _state(points[place], float(share[place]), raised, cap, fdr)
        raised += state == RAISED
        years = recurrence_years(float(p[place]), frequency)
        words, of_all = say_recurrence(years), say_recurrence(years / watched)
        alarms.append(Alarm(names[place], points[place], rank, state, float(share[place]), years, words, of_all))
    ongoing = sum(one.state == ONGOING for one in alarms)
    return Week(points[0].t, spent.alpha, spent.false_alarms, raised, ongoing, len(alarms) - raised - ongoing), tuple(alarms)


def _state(point: Point, share: float, raised: int, cap: int | None, fdr: float | None) -> str:
    if point.ongoing:
        return ONGOING
    if fdr is not None and share > fdr:
        return DOUBTFUL
    return BEYOND if cap is not None and raised >= cap else RAISED
