"""Score draws against what then happened: how far off, how sure, and how often an interval held.

Four scores, each with its formula. CRPS (Gneiting & Raftery 2007) of a sample x_1..x_n: mean|x_i - y| - (1 / 2n^2) sum|x_i - x_j|, exact
for the sample as a distribution; the fair form (Ferro 2014) divides the second sum by 2n(n - 1) instead, the score of the distribution
the sample was drawn from. Interval score (Gneiting & Raftery 2007) of the central interval [l, u] of level 1 - a:
u - l + (2/a)(l - y)+ + (2/a)(y - u)+. Log score, as in the VIEWS prediction challenge (Hegre et al., arXiv:2407.11045):
-log2((n_b + 1) / (n + 11)), n_b the draws in the bin of y, of eleven bins. The rule it guards: lower is better, for all four.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EDGES = (0.0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)


def crps(draws: Floats, seen: Floats, *, fair: bool = False) -> Floats:
    """CRPS of samples `draws` (..., n) for `seen` (...), in the unit of the counts. The fair form needs n >= 2."""
    n = draws.shape[-1]
    ordered = np.sort(draws, axis=-1)
    rank = 2 * np.arange(1, n + 1) - n - 1
    pairs = (ordered * rank).sum(-1) / (n * (n - 1) if fair else n * n)
    return np.asarray(np.abs(draws - seen[..., None]).mean(-1) - pairs, np.float64)


def log_score(draws: Floats, seen: Floats, edges: tuple[float, ...] = EDGES) -> Floats:
    """Ignorance in bits: minus log2 of the smoothed share of draws in the bin of what was seen; the last bin is open."""
    bin_of_draw = np.searchsorted(edges, draws, side="right")
    bin_of_seen = np.searchsorted(edges, seen, side="right")
    same = (bin_of_draw == bin_of_seen[..., None]).sum(-1)
    return np.asarray(-np.log2((same + 1) / (draws.shape[-1] + len(edges))), np.float64)


def interval_of(draws: Floats, level: float) -> tuple[Floats, Floats]:
    """The central interval of this level (quantiles interpolated linearly), of shape (...)."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return low, high


def smooth_interval_of(draws: Floats, level: float) -> tuple[Floats, Floats]:
    """The central interval of whole numbers as if each were spread evenly over the half unit below and above it: ends that move
    smoothly, so that they can be calibrated although counts are tied. Shape (...); the lower end may be as low as -1/2."""
    ordered = np.sort(draws, axis=-1)
    n = ordered.shape[-1]
    at = np.broadcast_to(np.arange(n), ordered.shape)
    begins = np.concatenate([np.ones_like(ordered[..., :1], bool), np.diff(ordered, axis=-1) != 0], axis=-1)
    ends = np.concatenate([begins[..., 1:], np.ones_like(begins[..., :1])], axis=-1)
    first = np.maximum.accumulate(np.where(begins, at, 0), axis=-1)
    last = np.minimum.accumulate(np.where(ends, at, n - 1)[..., ::-1], axis=-1)[..., ::-1]
    spread = ordered + (at - first + 0.5) / (last - first + 1) - 0.5
    low, high = np.quantile(spread, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return low, high


def whole(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The whole numbers from nought up that lie between two ends, as their first and last; the nearest one where none does."""
    first, last = np.maximum(np.ceil(low - 1e-9), 0.0), np.floor(high + 1e-9)
    middle = np.maximum(np.rint((low + high) / 2), 0.0)
    none = last < first
    return np.where(none, middle, first), np.where(none, middle, last)


def interval_score(low: Floats, high: Floats, seen: Floats, level: float) -> Floats:
    """The interval score: width, and 2 / (1 - level) for every count by which the interval was missed."""
    miss = np.maximum(low - seen, 0) + np.maximum(seen - high, 0)
    return np.asarray(high - low + 2 / (1 - level) * miss, np.float64)


def covered(low: Floats, high: Floats, seen: Floats) -> NDArray[np.bool_]:
    """Where the interval held what was seen."""
    return np.asarray((low <= seen) & (seen <= high), np.bool_)
