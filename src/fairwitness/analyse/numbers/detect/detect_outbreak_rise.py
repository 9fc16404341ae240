"""Detect a rise: have the counts begun to climb, whatever their level was and however they climb?

The semiparametric surveillance of Frisén and Andersson, Biometrical Journal 51 (2009), known as outbreakP: the likelihood of the best
never-falling course against that of the best constant one. The rule it guards: it presumes a level course before; over a season that
comes every year it alarms every year.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.detect.state_points import Points, check_between, check_series

Numbers = NDArray[np.float64]


def detect_outbreak_rise(counts: Numbers, *, start: int = 1, k: float = 100.0) -> Points:
    """Alarm when the ratio exceeds `k`; the ratio stands as `upperbound` and begins at row `start`. It states no probability.

    The best never-falling course is found by pooling adjacent violators; its blocks are kept from row to row.
    """
    check_series(counts, start)
    check_between("k", k, 0, 1e300, open_ends=True)
    blocks: list[tuple[float, int]] = []
    t = np.arange(start, counts.size + 1)
    ratio, level = np.ones(len(t)), np.zeros(len(t))
    for place, x in enumerate(counts[t - 1]):
        total, rows = float(x), 1
        while blocks and blocks[-1][0] * rows >= total * blocks[-1][1]:
            earlier = blocks.pop()
            total, rows = total + earlier[0], rows + earlier[1]
        blocks.append((total, rows))
        seen, whole = sum(one[0] for one in blocks), place + 1
        level[place] = seen / whole
        gained = sum(one[0] * np.log(one[0] / one[1] / level[place]) for one in blocks if one[0] > 0)
        with np.errstate(over="ignore"):
            ratio[place] = np.exp(gained)
    return Points(t, counts[t - 1], level, ratio, (ratio > k).astype(np.float64), np.full(len(t), np.nan))
