"""Weigh the past: how uneven the counts are of themselves, and which past weeks look like an outbreak and must not teach what is usual.

Each past week is either usual, negative binomial with variance phi * mu, or, with a small probability, part of an outbreak with a
higher and more uneven mean; its weight is its probability of being usual (EM for a two-part mixture, Dempster, Laird and Rubin 1977).
Phi is integrated over a grid with its posterior, adjusted for the coefficients that were fitted (Cox and Reid 1987).
The rule it guards: an old crisis neither hides the next one nor is quietly struck out with part of the ordinary unevenness.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]

EXCESS: Floats = np.array([0.001, 0.03, 0.07, 0.13, 0.2, 0.3, 0.45, 0.65, 0.9, 1.25, 1.7, 2.3, 3.1, 4.2, 5.7, 8.0, 12.0, 20.0, 40.0])
"""The grid of phi - 1."""
OUTBREAK_SHARE, OUTBREAK_RISE, OUTBREAK_SPREAD = 0.005, 4.0, 2.0


def plain_belief() -> Floats:
    """The prior of a series that stands alone over the grid: phi - 1 has density 1/(1 + excess)^2, half of it below phi = 2."""
    edges = np.concatenate([[0.0], np.sqrt(EXCESS[:-1] * EXCESS[1:]), [np.inf]])
    return np.diff(-1.0 / (1.0 + edges))


def log_chance(counts: Floats, mu: Floats, excess: Floats) -> Floats:
    """The log-probability of counts that are negative binomial with mean mu and variance (1 + excess) * mu (shapes broadcast)."""
    size = mu / excess
    found: Floats = (
        gammaln(counts + size) - gammaln(size) - gammaln(counts + 1.0) - size * np.log1p(excess) + counts * np.log(excess / (1.0 + excess))
    )
    return found


def believe(counts: Floats, mu: Floats, weights: Floats, coefficients: Floats, belief: Floats) -> Floats:
    """The posterior over the grid, shape (series, grid); `belief` (grid,) or (series, grid) is the prior, `coefficients` the effective
    number fitted.
    """
    found = np.empty((len(counts), len(EXCESS)))
    some = np.nonzero(counts)
    count, mean, weight = counts[some], mu[some], weights[some]
    total = (weights * mu).sum(axis=1)
    for place, excess in enumerate(EXCESS):
        # A week of nought adds only its share of the mean, so the costly part runs over the other weeks alone.
        size = mean / excess
        rise = weight * (gammaln(count + size) - gammaln(size) + count * np.log(excess / (1.0 + excess)))
        found[:, place] = np.bincount(some[0], rise, minlength=len(counts)) - total * np.log1p(excess) / excess
    found += 0.5 * coefficients[:, None] * np.log1p(EXCESS) + np.log(belief)
    found = np.exp(found - found.max(axis=1, keepdims=True))
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def usual_chance(counts: Floats, mu: Floats, phi: Floats) -> Floats:
    """For each past week the probability that it was usual, shape (series, weeks)."""
    excess = np.maximum(phi - 1.0, EXCESS[0])[:, None]
    plain = log_chance(counts, mu, excess)
    high = log_chance(counts, mu + OUTBREAK_RISE * np.sqrt((1.0 + excess) * mu), (1.0 + excess) * OUTBREAK_SPREAD - 1.0)
    odds = np.clip(high - plain, -50.0, 50.0) + np.log(OUTBREAK_SHARE / (1.0 - OUTBREAK_SHARE))
    return np.asarray(1.0 / (1.0 + np.exp(odds)))
