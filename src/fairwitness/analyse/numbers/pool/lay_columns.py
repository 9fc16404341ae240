"""Lay the columns of what is usual: level, trend, season, the slow drift from year to year, and a step where a series was broken.

A level that moves is followed by steps a year apart (a random walk whose pace is learnt); a marked break, such as a municipality that
was split or a change of who counts, has a step of its own that may have any size.
The rule it guards: figures before a break never set the level of what comes after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL_SD, TREND_SD, SEASON_SD, SECOND_SD, BREAK_SD = 2.0, 0.15, 0.6, 0.2, 2.0
DRIFT_SD, SLOW_SD = 0.1, 0.02
MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Prior:
    """Normal priors of the coefficients: `mean` (series, coefficients), `covariance` (series, coefficients, coefficients).

    The pace of the drift is not in it; it is learnt, and laid upon it.
    """

    mean: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns for one moment of learning: weeks 1 to `last` (1-based) are the past, `breaks` the first weeks of new stretches."""

    frequency: int
    last: int
    breaks: tuple[int, ...] = ()

    @property
    def steps(self) -> tuple[int, ...]:
        """The first weeks of the years counted back from the end of the past; the first year has no step."""
        back = range(self.last - self.frequency + 1, self.frequency // 2 + 1, -self.frequency)
        return tuple(back)[:MOST_STEPS]

    @property
    def drift(self) -> slice:
        """Where the steps of the drift stand."""
        return slice(self.fixed, self.fixed + len(self.steps))

    @property
    def fixed(self) -> int:
        """How many columns level, trend and season take."""
        return 2 + (2 if self.frequency >= 4 else 0) + (2 if self.frequency >= 8 else 0)

    def columns(self, weeks: Floats) -> Floats:
        """The columns at 1-based weeks, shape (weeks, coefficients); a step is 1 before its week, so the level is the newest stretch's."""
        turn = 2.0 * np.pi * weeks / self.frequency
        found = [np.ones_like(weeks), (weeks - self.last) / self.frequency]
        if self.frequency >= 4:
            found += [np.cos(turn), np.sin(turn)]
        if self.frequency >= 8:
            found += [np.cos(2 * turn), np.sin(2 * turn)]
        found += [(weeks < one).astype(np.float64) for one in (*self.steps, *self.breaks)]
        return np.stack(found, axis=-1)

    def prior(self, counts: Floats) -> Prior:
        """The weak prior of series (series, weeks; NaN is no data) that stand alone: level about the mean, all else about nought."""
        level = np.log((np.nansum(counts, axis=1) + 0.5) / np.maximum(np.isfinite(counts).sum(axis=1), 1.0))
        season = [SEASON_SD] * (2 if self.frequency >= 4 else 0) + [SECOND_SD] * (2 if self.frequency >= 8 else 0)
        sd = [LEVEL_SD, TREND_SD, *season] + [0.0] * len(self.steps) + [BREAK_SD] * len(self.breaks)
        mean = np.zeros((len(counts), len(sd)))
        mean[:, 0] = level
        return Prior(mean, np.tile(np.diag(np.square(sd)), (len(counts), 1, 1)))
