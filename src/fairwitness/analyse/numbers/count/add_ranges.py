"""Add ranges: many counts from low to high become one, and the sum promises no more than its parts did.

It is the rule of a single observer's count, on arrays: a part that is open upwards leaves the sum open, “about” in one part is “about” in
the sum. Beside it two small rules of printing: no percentage of fewer than ten, and figures of several sources stay side by side. The
rule it guards: 36 and 45 are 36 and 45, never 40 and a half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.errors import BadInput, Fault, say

FEWEST = 10
"""Of fewer than this, no percentage is ever made."""


@dataclass(frozen=True, slots=True)
class Range:
    """How many: `low` to `high` (None: open upwards), whether any part was “about”, and how many lines stated no figure."""

    low: int
    high: int | None
    about: bool = False
    unstated: int = 0

    def __str__(self) -> str:
        """As it is printed."""
        span = f"{self.low}" if self.high == self.low else f"{self.low} or more" if self.high is None else f"{self.low} to {self.high}"
        return ("about " if self.about else "") + span + (f", and {self.unstated} without a figure" if self.unstated else "")


def add_ranges(low: NDArray[np.float64], high: NDArray[np.float64], about: NDArray[np.bool_]) -> Range | None:
    """The sum of n counts: `low` and `high` of shape (n,), NaN in `low` where no figure was stated, NaN in `high` alone where it is open.

    None when no line states a figure. Raises BadInput for shapes that differ, counts below nought or fractional, high below low.
    """
    if not low.shape == high.shape == about.shape or low.ndim != 1:
        raise BadInput.of(Fault("count", say("has {low} lows, {high} highs and {about} marks; they stand side by side, one each",
                                             low=low.size, high=high.size, about=about.size)))  # fmt: skip
    stated = ~np.isnan(low)
    for name, column in (("low", low), ("high", high)):
        known = column[~np.isnan(column)]
        if np.any(known < 0) or np.any(known != np.floor(known)):
            raise BadInput.of(Fault(name, "has a count that is negative, fractional or not finite"))
    if np.any(high < low) or np.any(~stated & ~np.isnan(high)):
        raise BadInput.of(Fault("high", "is below its low, or stands without one"))
    if not stated.any():
        return None
    highs = high[stated]
    top = None if np.isnan(highs).any() else int(highs.sum())
    return Range(int(low[stated].sum()), top, bool(about[stated].any()), int((~stated).sum()))


def percentage(part: int, whole: int) -> float | None:
    """Part of the whole in per cent; None of fewer than ten. Raises BadInput when the part is no part of the whole."""
    if not 0 <= part <= whole:
        raise BadInput.of(Fault("part", say("{part} is no part of {whole}", part=part, whole=whole)))
    return 100.0 * part / whole if whole >= FEWEST else None


def side_by_side(figures: Mapping[str, Range]) -> str:
    """The figures of several sources in one sentence, each with its source; equal ones are said once, different ones are never merged."""
    if not figures:
        return "no figure"
    groups: dict[str, list[str]] = {}
    for source, figure in figures.items():
        groups.setdefault(str(figure), []).append(source)
    return "; ".join(f"{words} ({', '.join(sources)})" for words, sources in groups.items())
