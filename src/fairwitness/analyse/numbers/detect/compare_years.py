"""Compare years: is this week above what the same weeks of the last years make likely? The rules of thumb of public health offices.

Bayes: the predictive distribution of a Poisson count after the reference counts, Jeffreys' prior (Riebler, Munich 2004; Höhle,
Computational Statistics 22, 2007). RKI: mean plus two standard deviations, or for a mean up to twenty the upper limit of the Poisson
confidence interval of Crow and Gardner, Biometrika 46 (1959) 441-453 (Robert Koch Institute; Höhle 2007). The rule it guards: RKI is
a rule of thumb and states no probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from fairwitness.analyse.numbers.detect.choose_baseline import choose_windows, find_anniversaries
from fairwitness.analyse.numbers.detect.state_points import Points, check_between, check_series, refuse
from fairwitness.errors import say

Numbers = NDArray[np.float64]
CROW_GARDNER = (3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633, 19.050, 20.335, 21.364, 22.945,
                23.762, 25.400, 26.306, 27.735, 28.966, 30.017)  # fmt: skip


def gather_reference(counts: Numbers, t: int, *, b: int, w: int, this_year: bool, frequency: int, dates: Sequence[date] | None) -> Numbers:
    """The counts within `w` rows of the same week of the last `b` years and, with `this_year`, of the `w` rows before row `t`."""
    rows = list(choose_windows(t, find_anniversaries(t, b, frequency, dates), w)) if b else []
    rows += list(range(t - w, t)) if this_year else []
    if not rows or min(rows) < 1:
        words = say(
            "row {t} has not its whole reference of {b} years and {w} weeks; begin later (from_row) or look back less.", t=t, b=b, w=w
        )
        refuse("b", words)
    return np.asarray(counts[np.array(rows) - 1], dtype=np.float64)


def _check(counts: Numbers, start: int, b: int, w: int, this_year: bool, frequency: int) -> None:
    check_series(counts, start)
    check_between("b", b, 0, 100)
    check_between("w", w, 0, frequency // 2)
    if b == 0 and not (this_year and w > 0):
        refuse("b", say("with no years and no weeks of this year there is nothing to compare with."))


def detect_bayes(
    counts: Numbers, *, start: int, alpha: float = 0.05, b: int = 2, w: int = 4, act_y: bool = True, frequency: int = 52,
    dates: Sequence[date] | None = None,
) -> Points:  # fmt: skip
    """Bound: the 1-alpha quantile of the negative binomial of size 1/2 + sum and probability n/(n+1) of the n reference counts."""
    _check(counts, start, b, w, act_y, frequency)
    check_between("alpha", alpha, 0, 1, open_ends=True)
    t = np.arange(start, counts.size + 1)
    known = [gather_reference(counts, int(at), b=b, w=w, this_year=act_y, frequency=frequency, dates=dates) for at in t]
    number = np.array([len(one) for one in known], dtype=np.float64)
    size = 0.5 + np.array([one.sum() for one in known])
    observed = counts[t - 1]
    bound = stats.nbinom.ppf(1.0 - alpha, size, number / (number + 1.0))
    p = np.where(observed > 0, special.betainc(np.maximum(observed, 1.0), size, 1.0 / (number + 1.0)), 1.0)
    return Points(t, observed, size / number, bound, (observed > bound).astype(np.float64), p)


def detect_rki(
    counts: Numbers, *, start: int, b: int = 2, w: int = 4, act_y: bool = False, frequency: int = 52, dates: Sequence[date] | None = None
) -> Points:
    """RKI 1 is b=0, w=6 of this year; RKI 2 is b=1, w=6 with this year; RKI 3 is b=2, w=4 without it."""
    _check(counts, start, b, w, act_y, frequency)
    t = np.arange(start, counts.size + 1)
    known = [gather_reference(counts, int(at), b=b, w=w, this_year=act_y, frequency=frequency, dates=dates) for at in t]
    if min(len(one) for one in known) < 2:
        refuse("w", say("one reference count has no scatter; take a wider window."))
    mean = np.array([one.mean() for one in known])
    wide = mean + 2.0 * np.array([one.std(ddof=1) for one in known])
    table = np.array(CROW_GARDNER)[np.clip(np.floor(mean), 0, 20).astype(np.int64)]
    bound = np.where(mean > 20, wide, table)
    return Points(t, counts[t - 1], mean, bound, (counts[t - 1] > bound).astype(np.float64), np.full(len(t), np.nan))
