"""State points: what a method says of each week it tested, in one form for all methods.

The rule it guards: where a method gives no bound, no probability or no verdict, the place is empty (NaN); nothing is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.errors import BadInput, Fault, say

Numbers = NDArray[np.float64]
MOST_COUNTED = 2**53


@dataclass(frozen=True, slots=True)
class Points:
    """The tested weeks, each array of the same length. NaN where there is nothing to state.

    `t` 1-based row of the series; `observed` its count; `expected` the mean the method expects (counts); `upperbound` the count above
    which it alarms (counts), or for `glr` and `outbreakp` the statistic itself; `alarm` 1, 0 or NaN; `p` the probability of a count
    at least as high when nothing happened.
    """

    t: NDArray[np.int64]
    observed: Numbers
    expected: Numbers
    upperbound: Numbers
    alarm: Numbers
    p: Numbers
    warnings: tuple[str, ...] = ()


def check_series(counts: Numbers, start: int) -> None:
    """Refuse a series no method can read: empty, missing or negative counts, fractions, or a first tested row outside it."""
    if counts.ndim != 1 or counts.size == 0:
        refuse("column", say("has no rows."))
    wrong = np.flatnonzero(~np.isfinite(counts) | (counts < 0) | (counts != np.floor(counts)))
    if wrong.size:
        refuse(
            "column",
            say("row {row} is not a whole number from nought up; a count has no gaps, fractions or minus signs.", row=wrong[0] + 1),
        )
    vast = np.flatnonzero(counts > MOST_COUNTED)
    if vast.size:
        refuse("column", say("row {row} is above {most}; so many cannot be counted exactly.", row=vast[0] + 1, most=f"{MOST_COUNTED:,}"))
    if not 1 <= start <= counts.size:
        refuse("from_row", say("row {row} is not in the series; it has {rows} rows.", row=start, rows=counts.size))


def refuse(field: str, sentence: str) -> None:
    """Refuse with the parameter at fault."""
    raise BadInput.of(Fault(field, sentence))


def check_between(field: str, value: float, low: float, high: float, *, open_ends: bool = False) -> None:
    """Refuse a parameter outside its range; with `open_ends` the ends themselves are outside."""
    inside = low < value < high if open_ends else low <= value <= high
    if not inside:
        words = say("must be between {low} and {high}; it is {value}.", low=f"{low:g}", high=f"{high:g}", value=f"{value:g}")
        refuse(field, words)
