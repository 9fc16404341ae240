"""Accumulate: CUSUM gathers small excesses week by week, and alarms when together they are too many.

Rossi, Lampugnani and Marchi, Statistics in Medicine 18 (1999) 2111-2122, with the approximation to the normal they propose for Poisson
counts. The rule it guards: the sum is not set back after an alarm, so that an ongoing rise goes on alarming until it ends.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.detect.state_points import Points, check_between, check_series, refuse
from fairwitness.errors import say

Numbers = NDArray[np.float64]
TRANSFORMS = ("rossi", "standard", "anscombe")


def detect_cusum(
    counts: Numbers, *, start: int, k: float = 1.04, h: float = 2.26, m: float | None = None, transform: str = "rossi"
) -> Points:
    """S = max(0, S + z - k) from `start`; alarm when S reaches `h`. `m` is the expected count, by default the mean of the rows before.

    z by `transform`: standard (x-m)/sqrt(m); rossi (x-3m+2 sqrt(xm))/(2 sqrt(m)); anscombe 3/2 (x^(2/3)-m^(2/3))/m^(1/6).
    Bound: the least count that alarms; for standard rounded up to a whole one, as published.
    """
    check_series(counts, start)
    check_between("k", k, 0, 1e6)
    check_between("h", h, 0, 1e6, open_ends=True)
    if transform not in TRANSFORMS:
        refuse("transform", say("“{name}” is not one; there are {names}.", name=transform, names=", ".join(TRANSFORMS)))
    if m is None:
        if start < 2:
            refuse("m", say("there is no row before the first tested one to take the mean of; give m or begin later."))
        m = float(counts[: start - 1].mean())
    if not (math.isfinite(m) and m > 0):
        refuse("m", say("the expected count is {m}; a CUSUM needs one above nought. Nothing was ever counted before the tested rows.", m=m))
    t = np.arange(start, counts.size + 1)
    total, bound, alarm = 0.0, np.zeros(len(t)), np.zeros(len(t))
    for place, x in enumerate(counts[t - 1]):
        bound[place] = _least_count(h + k - total, m, transform)
        total = max(0.0, total + _standardise(float(x), m, transform) - k)
        alarm[place] = total >= h
    return Points(t, counts[t - 1], np.full(len(t), m), bound, alarm, np.full(len(t), np.nan))


def _standardise(x: float, m: float, transform: str) -> float:
    if transform == "standard":
        return (x - m) / math.sqrt(m)
    if transform == "anscombe":
        return 1.5 * float(x ** (2 / 3) - m ** (2 / 3)) / float(m ** (1 / 6))
    return (x - 3 * m + 2 * math.sqrt(x * m)) / (2 * math.sqrt(m))


def _least_count(z: float, m: float, transform: str) -> float:
    """The count whose standardised value is z; never below nought."""
    if transform == "standard":
        return max(0.0, math.ceil(m + z * math.sqrt(m)))
    if transform == "anscombe":
        return float(max(0.0, m ** (2 / 3) + z * m ** (1 / 6) / 1.5) ** 1.5)
    inside = 4 * m + 2 * z * math.sqrt(m)
    return max(0.0, math.sqrt(inside) - math.sqrt(m)) ** 2 if inside > 0 else 0.0
