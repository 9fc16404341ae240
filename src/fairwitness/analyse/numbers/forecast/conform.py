"""Widen or narrow an interval by what past forecasts missed, class of past level by class, and measure how often it then held.

In the field's words: where our 90 % intervals for places like this one held only 82 times in 100, they are widened until they would have
held 90 times. Split conformal prediction (Vovk, Gammerman & Shafer 2005; as quantile margins, Romano et al. 2019), conditional on
bins (Randahl, Williams & Hegre, Political Analysis 34, arXiv:2410.14507), here on the class of *past* level, which is known beforehand.

On the scale log(1 + count), a past forecast misses by E = max(l - y, y - u), negative inside. The margin is the ceil((n + 1) level)-th
smallest of the n past misses of the same class and lead (of the class at any lead where there are too few). The rule it guards: the
coverage beside an interval is measured with margins from before, never with the misses they were taken from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.forecast.draw import LEVELS
from fairwitness.analyse.numbers.forecast.keep_score import Record
from fairwitness.analyse.numbers.forecast.score import covered, whole

Floats = NDArray[np.float64]
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Cover:
    """How often intervals of one level held: `held` of `of` past forecasts, and `as_drawn` of them before any margin.

    `lead` and `past_level` are None where all are taken together; `past_level` "active" is every class but nought.
    """

    level: float
    lead: int | None
    past_level: str | None
    held: int
    as_drawn: int
    of: int

    @property
    def share(self) -> float | None:
        """The share that held; None of none."""
        return self.held / self.of if self.of else None


def margin(misses: Floats, level: float) -> float | None:
    """The margin (on log(1 + count)) that past misses ask for; None when there are too few to say."""
    n = misses.size
    if n < max(FEWEST, math.ceil(level / (1 - level))):
        return None
    return float(np.partition(misses, math.ceil((n + 1) * level) - 1)[math.ceil((n + 1) * level) - 1])


def misses_of(record: Record, which: int) -> Floats:
    """By how much each past interval of level number `which` missed, on log(1 + count); negative inside."""
    seen = np.log1p(record.seen)
    return np.asarray(np.maximum(np.log1p(record.low[:, which]) - seen, seen - np.log1p(record.high[:, which])), np.float64)


def margins(record: Record, which: int, leads: list[int], known: NDArray[np.bool_]) -> dict[tuple[int, int], float]:
    """The margin by (class, lead), from the past forecasts in `known`; a key that is missing has none."""
    misses = misses_of(record, which)
    found: dict[tuple[int, int], float] = {}
    for past_level in range(len(LEVELS)):
        of_class = known & (record.classes == past_level)
        pooled = margin(misses[of_class], record.levels[which])
        for lead in leads:
            own = margin(misses[of_class & (record.leads == lead)], record.levels[which])
            one = pooled if own is None else own
            if one is not None:
                found[past_level, lead] = one
    return found


def conform(low: Floats, high: Floats, by: Floats) -> tuple[Floats, Floats]:
    """The interval moved outwards by margins `by` on log(1 + count), as whole numbers; ends that would cross meet in the middle."""
    bottom, top = np.log1p(low) - by, np.log1p(high) + by
    middle = (bottom + top) / 2
    return whole(np.expm1(np.minimum(bottom, middle)), np.expm1(np.maximum(top, middle)))


def measured(record: Record, leads: list[int]) -> tuple[list[Cover], NDArray[np.bool_], Floats, Floats]:
    """How often intervals held at past origins, each with the margins that could be known at its origin.

    Returns the shares, by level and lead, class, and together; which forecasts had a margin from before (N, levels); and the ends.
    """
    size = (record.seen.size, len(record.levels))
    ready, low, high = np.zeros(size, bool), record.low.copy(), record.high.copy()
    covers: list[Cover] = []
    for which, level in enumerate(record.levels):
        for origin in np.unique(record.origins):
            found = margins(record, which, leads, record.origins + record.leads <= origin)
            now = np.flatnonzero(record.origins == origin)
            keys = list(zip(record.classes[now].tolist(), record.leads[now].tolist(), strict=True))
            by = np.array([found.get(key, math.nan) for key in keys])
            told = now[np.isfinite(by)]
            ready[told, which] = True
            low[told, which], high[told, which] = conform(low[told, which], high[told, which], by[np.isfinite(by)])
        covers += _shares(record, which, level, leads, ready[:, which], low[:, which], high[:, which])
    return covers, ready, low, high


def _shares(record: Record, which: int, level: float, leads: list[int], ready: NDArray[np.bool_], low: Floats, high: Floats) -> list[Cover]:
    """The shares of one level: all, active, each class, and each lead of all, active and each class."""
    held = covered(low, high, record.seen)
    drawn = covered(*whole(record.low[:, which], record.high[:, which]), record.seen)
    groups: list[tuple[str | None, NDArray[np.bool_]]] = [(None, ready), ("active", ready & (record.classes > 0))]
    groups += [(name, ready & (record.classes == at)) for at, name in enumerate(LEVELS)]
    found = []
    for name, group in groups:
        for lead in [None, *leads]:
            here = group if lead is None else group & (record.leads == lead)
            if here.any():
                found.append(Cover(level, lead, name, int(held[here].sum()), int(drawn[here].sum()), int(here.sum())))
    return found
