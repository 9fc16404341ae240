"""Judge clusters: how often would chance alone do as well, in words a head of office can act on?

    p          (1 + copies that do at least as well) / (1 + copies): exact at every number of copies (Dwass 1957)
    p_gumbel   the tail of a Gumbel distribution fitted to the copies' best scores by their mean and variance, for p far below what
               the copies can resolve (Abrams, Kulldorff and Kleinman 2010)
    recurrence 1/p scans, in days: how long on average between two such findings if nothing ever happens (Kleinman et al. 2004)

The rule it guards: an ongoing cluster is one alarm, however many days it goes on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EULER = 0.5772156649015329
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Earlier:
    """A cluster that was found before: its places and its first and last day (ordinals)."""

    places: frozenset[str]
    first: int
    last: int


def p_value(value: float, maxima: NDArray[np.float64]) -> float:
    """Monte-Carlo p of a score among the best scores of copies."""
    return float((1 + np.count_nonzero(maxima >= value - SAME)) / (1 + len(maxima)))


def p_gumbel(value: float, maxima: NDArray[np.float64]) -> float:
    """Gumbel p of a score; NaN when there are fewer than 20 copies or they do not vary."""
    spread = float(np.std(maxima, ddof=1)) if len(maxima) >= 20 else 0.0
    if not spread > 0:
        return math.nan
    scale = spread * math.sqrt(6) / math.pi
    place = float(np.mean(maxima)) - EULER * scale
    return float(-np.expm1(-math.exp(-(value - place) / scale)))


def in_words(days: float) -> str:
    """A recurrence interval as a sentence's part: “about once in 14 months by chance”."""
    if days < 1.5:
        return "about once a day by chance"
    for unit, length, below in (("days", 1.0, 21), ("weeks", 7.0, 91), ("months", 30.4375, 731), ("years", 365.25, math.inf)):
        if days < below:
            return f"about once in {days / length:,.0f} {unit} by chance"
    return "never by chance"


def continues(places: Sequence[str], first: int, last: int, earlier: Sequence[Earlier], gap: int) -> Earlier | None:
    """The earlier cluster that this one goes on from: a place in common, and days that overlap or lie at most `gap` days apart."""
    for one in earlier:
        if one.places.intersection(places) and first <= one.last + gap and last >= one.first - gap:
            return one
    return None
