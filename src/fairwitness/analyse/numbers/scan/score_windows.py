"""Score windows: how much better does "more happened here, then" explain the count of a window than "nothing special"?

The logarithm of the likelihood ratio. With a known total (permutation, population-based; Kulldorff 1997, 2005):
    c ln(c/μ) + (N − c) ln((N − c)/(N − μ))        where c > μ, else 0
With expectations only (expectation-based; Neill et al. 2005):
    c ln(c/μ) + μ − c                              where c > μ, else 0
c is the count, μ the expected count of the window, N all cases.

The rule it guards: what is skipped for speed is skipped because it provably cannot matter. Both scores grow with c, so that for each
window there is a smallest count that reaches a level; whatever stays below it needs no logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

DENSE = 4096
STEP = 2e-4
SLACK = 1e-9


def score(cases: NDArray[np.generic] | float, expected: NDArray[np.float64] | float, total: float | None) -> NDArray[np.float64]:
    """The score of windows with `cases` where `expected` were expected; `total` is N, or None for the expectation-based score."""
    c, mu = np.asarray(cases, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    safe = np.where(mu > 0, mu, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = xlogy(c, c / safe)
        if total is None:
            whole = inside + mu - c
        else:
            whole = inside + xlogy(total - c, np.where(total > c, (total - c) / (total - mu), 1.0))
    return np.where((c > mu) & (mu > 0), whole, 0.0)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """For a level: counts, and for each the largest expected count with which it still scores the level."""

    counts: NDArray[np.float64]
    limits: NDArray[np.float64]
    least: int

    def needed(self, expected: NDArray[np.float64]) -> NDArray[np.int64]:
        """The smallest count of each window that may score the level: never above it, at worst below where counts are very large."""
        place = np.searchsorted(self.limits, expected, side="left")
        before = np.concatenate([[0.0], self.counts])[place]
        return np.maximum(before.astype(np.int64) + 1, self.least)


def thresholds(level: float, total: float | None, most: int, least: int) -> Thresholds:
    """Thresholds of a level. `most` is the largest count worth telling apart, `least` the smallest that makes a cluster."""
    most = max(most if total is None else min(most, int(total)), 1)
    counts = np.arange(1, min(most, DENSE) + 1, dtype=np.float64)
    if most > DENSE:
        steps = int(np.ceil(np.log(most / DENSE) / STEP))
        counts = np.unique(np.concatenate([counts, np.ceil(np.geomspace(DENSE, most, steps + 1))]))
    return Thresholds(counts, np.maximum.accumulate(_highest_expected(counts, level, total)) * (1 + SLACK), least)


def _highest_expected(counts: NDArray[np.float64], level: float, total: float | None) -> NDArray[np.float64]:
    """For each count the largest expected count with which it scores `level`: bisection on s in μ = c·exp(−s)."""
    low, high = np.zeros_like(counts), level / counts + 2.0
    for _ in range(60):
        middle = (low + high) / 2
        mu = counts * np.exp(-middle)
        reached = score(counts, mu, total) >= level
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.asarray(counts * np.exp(-low), dtype=np.float64)
