"""Detect by EARS: is this week above the mean of the few weeks before it? For places without years of history.

Hutwagner, Thompson, Seeman and Treadwell, Journal of Urban Health 80 (2003) i89-i96: C1 (mild), C2 (medium, two weeks left out) and
C3 (ultra: what C2 gathered over three weeks). The rule it guards: a baseline that does not vary gives C3 no scale; then there is
neither bound nor verdict.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fairwitness.analyse.numbers.detect.state_points import Points, check_between, check_series, refuse
from fairwitness.errors import say

Numbers = NDArray[np.float64]
LAG = {"C1": 0, "C2": 2, "C3": 2}


def first_row(variant: str, baseline: int) -> int:
    """The first row that has its whole baseline: directly before it (C1), two rows further back (C2), and twice more (C3)."""
    return baseline + 1 + {"C1": 0, "C2": 2, "C3": 4}[variant]


def detect_ears(counts: Numbers, variant: str, *, start: int, alpha: float = 0.001, baseline: int = 7, min_sigma: float = 0.0) -> Points:
    """Test every row from `start` by C1, C2 or C3. Bound: mean + z(1-alpha) standard deviations of the `baseline` rows.

    `min_sigma` is the least standard deviation, in counts. C3: observed + s(z - sum over the two rows before of max(0, C2 - 1)),
    not below nought; it states no probability.
    """
    check_series(counts, start)
    if variant not in LAG:
        refuse("method", say("EARS has C1, C2 and C3, not “{name}”.", name=variant))
    check_between("alpha", alpha, 0, 1, open_ends=True)
    check_between("baseline", baseline, 3, 366)
    check_between("min_sigma", min_sigma, 0, 1e9)
    if start < first_row(variant, baseline):
        refuse(
            "from_row",
            say("row {row} has no whole baseline; the first that has is {first}.", row=start, first=first_row(variant, baseline)),
        )
    t = np.arange(start, counts.size + 1)
    mean, sigma = _recent(counts, baseline, LAG[variant], min_sigma)
    observed, m, s = counts[t - 1], mean[t - 1], sigma[t - 1]
    z = -special.ndtri(alpha)
    with np.errstate(all="ignore"):
        if variant != "C3":
            p = np.where(s > 0, special.ndtr(-(observed - m) / s), np.nan)
            return Points(t, observed, m, m + z * s, (observed > m + z * s).astype(np.float64), p)
        over = np.maximum((counts - mean) / sigma - 1.0, 0.0)
        bound = np.maximum(observed + s * (z - over[t - 2] - over[t - 3]), 0.0)
        alarm = np.where(np.isnan(bound), np.nan, observed > bound)
    return Points(t, observed, m, bound, alarm, np.full(len(t), np.nan))


def _recent(counts: Numbers, baseline: int, lag: int, least: float) -> tuple[Numbers, Numbers]:
    """Mean and standard deviation (n-1) of the `baseline` rows that end `lag` rows before each row; NaN where there are not so many."""
    mean, sigma = np.full(counts.size, np.nan), np.full(counts.size, np.nan)
    if counts.size > baseline + lag:
        window = np.lib.stride_tricks.sliding_window_view(counts, baseline)[: counts.size - baseline - lag]
        mean[baseline + lag :] = window.mean(axis=1)
        sigma[baseline + lag :] = np.maximum(window.std(axis=1, ddof=1), least)
    return mean, sigma
