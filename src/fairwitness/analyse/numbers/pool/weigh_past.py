"""Weigh the past: how uneven the counts are of themselves, and which past weeks look like an outbreak and must not teach what is usual.

A usual week is negative binomial with variance phi * mu; an outbreak is a run of two to four weeks with a higher and more uneven mean. The
weight of a week is the probability that no such run passes through it (EM for a mixture, Dempster, Laird and Rubin 1977): weeks
that stand together betray an outbreak that none of them would alone, and a single high week is left to the ordinary unevenness.
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
OUTBREAK_RATE, RATE_WEEKS = 0.02, 100.0
"""Outbreaks a week, before anything is seen; and for how many weeks of the series' own past that guess counts."""
OUTBREAK_RISES = ((2.0, 1.5), (4.0, 2.0))
"""How outbreaks look: the rise of the mean in standard deviations, and by how much phi grows."""
OUTBREAK_WEEKS = (2, 3, 4)
"""How long they last, each as likely."""
MOST_ODDS = 60.0


def plain_belief() -> Floats:
    """The prior of a series that stands alone over the grid: phi - 1 has density 1/(1 + excess)^2, half of it below phi = 2."""
    edges = np.concatenate([[0.0], np.sqrt(EXCESS[:-1] * EXCESS[1:]), [np.inf]])
    return np.diff(-1.0 / (1.0 + edges))


def log_chance(counts: Floats, mu: Floats, excess: Floats | float) -> Floats:
    """The log-probability of counts that are negative binomial with mean mu and variance (1 + excess) * mu (shapes broadcast)."""
    size = mu / excess
    found: Floats = (
        gammaln(counts + size) - gammaln(size) - gammaln(counts + 1.0) - size * np.log1p(excess) + counts * np.log(excess / (1.0 + excess))
    )
    return found


def believe(counts: Floats, mu: Floats, weights: Floats, coefficients: Floats, belief: Floats) -> Floats:
    """The posterior over the grid, shape (series, grid); `belief` (grid,) or (series, grid) is the prior, `coefficients` the effective
    number fitted.

    The likelihood is that of the weeks given their sum: how many cases there were in all says nothing about how uneven they are, so that
    a place without a case keeps the prior.
    """
    found = np.empty((len(counts), len(EXCESS)))
    some = np.nonzero(counts)
    count, mean, weight = counts[some], mu[some], weights[some]
    sum_seen, sum_usual = (weights * counts).sum(axis=1), (weights * mu).sum(axis=1)
    for place, excess in enumerate(EXCESS):
        # A week of nought adds only its share of the mean, so the costly part runs over the other weeks alone.
        size = mean / excess
        rise = weight * (gammaln(count + size) - gammaln(size) + count * np.log(excess / (1.0 + excess)))
        whole = np.bincount(some[0], rise, minlength=len(counts)) - sum_usual * np.log1p(excess) / excess
        found[:, place] = whole - log_chance(sum_seen, sum_usual, float(excess))
    found += 0.5 * np.maximum(coefficients - 1.0, 0.0)[:, None] * np.log1p(EXCESS) + np.log(belief)
    found = np.exp(found - found.max(axis=1, keepdims=True))
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def usual_chance(counts: Floats, mu: Floats, phi: Floats, here: Floats) -> Floats:
    """For each past week the probability that no outbreak ran through it, shape (series, weeks); `here` is 0 where there is no data.

    Every run of weeks is a possible outbreak, its odds the product of its weeks' likelihood ratios; a week is as suspect as the runs
    through it together. How many outbreaks there are is learnt from each series itself: one that had none is not trimmed.
    """
    odds = _outbreak_odds(counts, mu, phi, here)
    weeks = np.mean(OUTBREAK_WEEKS)
    struck = (here * odds / (1.0 / OUTBREAK_RATE + odds)).sum(axis=1, keepdims=True)
    rate = (struck / weeks + OUTBREAK_RATE * RATE_WEEKS) / (here.sum(axis=1, keepdims=True) + RATE_WEEKS)
    return np.asarray(1.0 / (1.0 + rate * odds))


def _outbreak_odds(counts: Floats, mu: Floats, phi: Floats, here: Floats) -> Floats:
    """The odds of each week to lie in an outbreak, for one outbreak a week to be expected."""
    excess = np.maximum(phi - 1.0, EXCESS[0])[:, None]
    plain = log_chance(counts, mu, excess)
    odds = np.zeros_like(mu)
    kinds = len(OUTBREAK_RISES) * len(OUTBREAK_WEEKS)
    for rise, spread in OUTBREAK_RISES:
        high = log_chance(counts, mu + rise * np.sqrt((1.0 + excess) * mu), (1.0 + excess) * spread - 1.0)
        gain = _running(here * (high - plain))
        for length in OUTBREAK_WEEKS:
            if length <= mu.shape[1]:
                run = np.exp(np.clip(gain[:, length:] - gain[:, :-length], -MOST_ODDS, MOST_ODDS)) / kinds
                odds += _through(run, length)
    return odds


def _running(values: Floats) -> Floats:
    """The sums up to each week, with a nought before them."""
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


def _through(run: Floats, length: int) -> Floats:
    """For each week the sum over the runs of this length that pass through it; `run` is indexed by the first week."""
    padded = np.zeros((len(run), run.shape[1] + 2 * (length - 1)))
    padded[:, length - 1 : length - 1 + run.shape[1]] = run
    found: Floats = np.lib.stride_tricks.sliding_window_view(padded, length, axis=1).sum(axis=-1)
    return found
