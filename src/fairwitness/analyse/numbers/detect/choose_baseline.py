"""Choose the baseline: which past weeks are compared with this one, and which time of year each of them stands for.

The windows around the same week of former years (Farrington et al., JRSS A 159, 1996) form level 0; the rest of the year is divided
into periods of equal width (Noufaily et al., Statistics in Medicine 32, 2013). The rule it guards: the weeks just before the tested
one may be left out, so that an outbreak that has begun does not raise its own threshold; the tested week itself never takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.detect.state_points import refuse
from fairwitness.errors import say

Indices = NDArray[np.int64]


def find_anniversaries(t: int, years: int, frequency: int, dates: Sequence[date] | None) -> list[int]:
    """The 1-based rows of the same week of the `years` years before row `t`, oldest first; the row itself is not among them.

    Without `dates` a year is `frequency` rows. With the dates of the rows it is the calendar year: the row nearest the same day.
    Rows before the first may come out at nought or below.
    """
    if dates is None:
        return [t - back * frequency for back in range(years, 0, -1)]
    today, first = dates[t - 1], dates[0]
    found = []
    for back in range(years, 0, -1):
        leap = today.month == 2 and today.day == 29
        then = date(today.year - back, 3, 1) if leap else today.replace(year=today.year - back)
        if frequency == 12:
            found.append(1 + (then.year - first.year) * 12 + then.month - first.month)
        else:
            found.append(1 + ((then - first).days + 3) // 7)
    return found


def choose_windows(t: int, anniversaries: Sequence[int], half: int, leave: int = 0) -> Indices:
    """The rows within `half` of each anniversary, before the last `leave` rows before `t`."""
    rows = {row for middle in anniversaries for row in range(middle - half, middle + half + 1) if row < t - leave}
    return np.array(sorted(rows), dtype=np.int64)


def choose_periods(t: int, anniversaries: Sequence[int], half: int, periods: int, leave: int) -> tuple[Indices, Indices]:
    """Every row from the first window to `t`, without the last `leave`, and its level: 0 in a window, 1 to `periods`-1 between them.

    The gap between two windows is cut into periods of equal width; a row on a border belongs to the earlier one.
    """
    middles = [*anniversaries, t]
    first = middles[0] - half
    levels = np.zeros(t + half + 1 - first, dtype=np.int64)
    for here, there in pairwise(middles):
        gap = there - here - 2 * half - 1
        if gap < periods - 1:
            refuse(
                "periods",
                say("the year has {gap} rows outside the windows; they cannot be cut into {cut} periods.", gap=gap, cut=periods - 1),
            )
        steps = np.arange(gap, dtype=np.int64)
        cut = np.maximum(-(-steps * (periods - 1) // max(gap - 1, 1)), 1)
        levels[here + half + 1 - first : there - half - first] = cut
    rows = np.arange(first, t - leave, dtype=np.int64)
    return rows, levels[: len(rows)]
