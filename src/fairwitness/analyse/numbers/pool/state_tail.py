"""State the chance of what was seen: the exact probability of a count as high as this, when nothing but the usual goes on.

The forecast of a sum of weeks is negative binomial: the usual unevenness phi and the posterior spread v of the log mean give it the
variance phi * M + v * M^2 about its mean M (the gamma-Poisson law, exact for phi = 1), mixed over the posterior of phi. Its tail is the
incomplete beta function, no normal curve anywhere. A discrete count cannot hit 5 per cent exactly; the half of its own probability is
counted (mid-p, Lancaster 1961), so that the alarms of many weeks are as frequent as announced.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln

from fairwitness.analyse.numbers.pool.weigh_past import EXCESS

Floats = NDArray[np.float64]


def _sizes(mean: Floats, spread: Floats) -> Floats:
    """The size of the negative binomial at each point of the grid of phi, shape (..., grid)."""
    return np.asarray(1.0 / (EXCESS / mean[..., None] + spread[..., None]))


def state_tail(counts: Floats, mean: Floats, spread: Floats, belief: Floats) -> tuple[Floats, Floats]:
    """P(Y >= count) and P(Y = count) for counts of any shape; `mean`, `spread` of the same shape, `belief` (..., grid)."""
    size = _sizes(mean, spread)
    count, mu = counts[..., None], mean[..., None]
    share = mu / (size + mu)
    above = np.where(count > 0, betainc(np.maximum(count, 1.0), size, share), 1.0)
    point = np.exp(gammaln(count + size) - gammaln(size) - gammaln(count + 1.0) + size * np.log1p(-share) + count * np.log(share))
    return np.asarray((above * belief).sum(axis=-1)), np.asarray((point * belief).sum(axis=-1))


def middle(counts: Floats, mean: Floats, spread: Floats, belief: Floats) -> Floats:
    """The mid-p of counts: P(Y > count) + P(Y = count) / 2."""
    above, point = state_tail(counts, mean, spread, belief)
    return np.asarray(np.clip(above - 0.5 * point, np.finfo(np.float64).tiny, 1.0))


def first_alarm(mean: Floats, spread: Floats, belief: Floats, alpha: Floats) -> Floats:
    """The smallest count whose mid-p is at most alpha (1-d arrays), found by halving."""
    low: Floats = np.zeros(len(mean))
    high: Floats = np.ceil(mean + 5.0 * np.sqrt(mean * (1.0 + EXCESS[-1]) + spread * mean**2) + 10.0)
    while (over := middle(high, mean, spread, belief) > alpha).any():
        high = np.where(over, 2.0 * high, high)
    while (high - low > 0).any():
        centre = np.floor((low + high) / 2.0)
        alarmed = middle(centre, mean, spread, belief) <= alpha
        high, low = np.where(alarmed, centre, high), np.where(alarmed, low, centre + 1.0)
    return high
