"""Judge weeks: for every week and series from a first week on, the forecast that only the past before its guard weeks allows.

What is learnt is renewed every four weeks and at every break, at moments fixed by the calendar of the series and not by where the
analyst begins, so that a week has the same probability whenever it is asked about. The evidence is the sum of this week and the last.
The rule it guards: no week is judged by itself, by its future or by another level than that of its own stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.pool.lay_columns import Layout, Prior
from fairwitness.analyse.numbers.pool.learn_past import foresee, learn_past
from fairwitness.analyse.numbers.pool.share_strength import share_strength
from fairwitness.analyse.numbers.pool.weigh_past import EXCESS, plain_belief

Floats = NDArray[np.float64]
Breaks = Mapping[int, Sequence[int]]
"""For the index of a series the 1-based first weeks of its new stretches."""

RENEW = 4
TOGETHER = 2
OFF_SD = 1e-4


@dataclass(frozen=True, slots=True)
class Judged:
    """Forecasts, each of shape (series, weeks judged) but `belief` (series, weeks judged, grid): `expected` of the week alone;
    `mean` and `spread` of the sum with the week before, `seen` that sum as it was (NaN where the week itself has no data).
    """

    expected: Floats
    mean: Floats
    spread: Floats
    belief: Floats
    seen: Floats


def least_past(frequency: int) -> int:
    """The number of weeks that must stand before the first week judged."""
    return max(8, frequency // 2)


def judge_weeks(
    counts: Floats, *, start: int, frequency: int, breaks: Breaks, pooled: bool, tell: Callable[[int, int], None] | None = None
) -> Judged:
    """Judge weeks `start` (1-based) to the last of counts (series, weeks; NaN is no data); `tell` hears how far it has come."""
    series, weeks = counts.shape
    asked = weeks - start + 1
    expected, mean, spread, seen = (np.full((series, asked), np.nan) for _ in range(4))
    found = Judged(expected, mean, spread, np.empty((series, asked, len(EXCESS))), seen)
    anchor = 0
    for place, t in enumerate(range(start, weeks + 1)):
        now = max([t - (t - 1) % RENEW, *(one for own in breaks.values() for one in own if one <= t)])
        now = max(now, least_past(frequency) + 1)
        if now != anchor:
            anchor = now
            broken = np.array([any(one <= anchor for one in breaks.get(index, ())) for index in range(series)])
            layout, past, prior = _past(counts, anchor, frequency, breaks)
            learnt = share_strength(past, layout, prior, broken) if pooled else learn_past(past, layout, prior, plain_belief())
        span = np.arange(float(t - TOGETHER + 1), t + 1.0)
        window = counts[:, t - TOGETHER : t]
        there = np.isfinite(window)
        found.expected[:, place] = foresee(learnt, layout, span[-1:], np.ones((series, 1), np.bool_))[0]
        found.mean[:, place], found.spread[:, place] = foresee(learnt, layout, span, _same_stretch(there, t, breaks))
        found.belief[:, place] = learnt.belief
        found.seen[:, place] = np.where(there[:, -1], (np.where(there, window, 0.0) * _same_stretch(there, t, breaks)).sum(axis=1), np.nan)
        if tell is not None:
            tell(place + 1, asked)
    return found


def _same_stretch(there: NDArray[np.bool_], t: int, breaks: Breaks) -> NDArray[np.bool_]:
    """The weeks of the sum that have data and lie on this side of a break."""
    here = there.copy()
    here[:, -1] = True
    for index, own in breaks.items():
        if t in own:
            here[index, :-1] = False
    return here


def _past(counts: Floats, anchor: int, frequency: int, breaks: Breaks) -> tuple[Layout, Floats, Prior]:
    """The past that may teach at `anchor`: up to half a year of guard weeks, fewer where the stretch since the last break is short, is
    left out.
    """
    begun = np.ones(len(counts))
    for index, own in breaks.items():
        begun[index] = max([1, *(one for one in own if one <= anchor)])
    guard = np.minimum(frequency // 2, (anchor - begun) // 4).astype(int)
    last = anchor - 1 - int(guard.min())
    past = counts[:, :last].copy()
    for index, weeks in enumerate(guard):
        past[index, anchor - 1 - weeks :] = np.nan
    steps = tuple(sorted({one for own in breaks.values() for one in own if one <= anchor}))
    layout = Layout(frequency, last, steps)
    prior = layout.prior(past)
    for column, one in enumerate(steps, start=layout.drift.stop):
        for index in range(len(counts)):
            if one not in breaks.get(index, ()):
                prior.covariance[index, column, column] = OFF_SD**2
    return layout, past, prior
