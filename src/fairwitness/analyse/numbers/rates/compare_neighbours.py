"""Compare neighbours: Moran's I, of all places and of each, with the chance of as much likeness if the figures lay elsewhere.

The rule it guards: rates of small places differ in their reliability; they are compared as departures in units of their own chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.rates.smooth_rates import between
from fairwitness.errors import BadInput, Fault, say

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Moran's I, what it would be by chance, its z on normal theory under randomisation, and p by permutation (one-sided, alike)."""

    i: float
    expected: float
    z: float
    p: float


@dataclass(frozen=True, slots=True)
class Local:
    """Local I of each place, its p by conditional permutation (two-sided), and its quarter: high-high, low-low, high-low, low-high."""

    i: Floats
    p: Floats
    quarter: tuple[str, ...]


def depart(cases: Floats, people: Floats) -> Floats:
    """Rates as departures, (r - m) / sqrt(v): Assunção & Reis (1999, Statistics in Medicine 18, 2147).

    v = a + m / people, a the variance between places by moments (it may be below nought); where v is below nought it is m / people.
    """
    m = cases.sum() / people.sum()
    v = between(cases, people) + m / people
    return np.asarray((cases / people - m) / np.sqrt(np.where(v > 0, v, m / people)))


def compare_all(values: Floats, weights: Floats, *, replicates: int = 999, seed: int = 1) -> Likeness:
    """Moran's I = (n / S0) sum w z z / sum z^2, z the departures from the mean. Places without neighbours are left out.

    The variance is that of Cliff & Ord (1981) under randomisation; p is (1 + permutations with an I as high) / (1 + permutations).
    """
    kept = weights.sum(axis=1) > 0
    values, weights = values[kept], weights[np.ix_(kept, kept)]
    n = len(values)
    if n < 4 or not np.ptp(values):
        raise BadInput.of(Fault("", say("Fewer than four places with neighbours, or no variation: likeness of neighbours is not defined.")))
    z = values - values.mean()
    s0 = float(weights.sum())
    i = _moran(z, weights, s0)
    rng = np.random.default_rng(seed)
    higher = sum(_moran(rng.permutation(z), weights, s0) >= i - 1e-12 for _ in range(replicates))
    expected = -1 / (n - 1)
    return Likeness(i, expected, (i - expected) / np.sqrt(_variance(z, weights, s0)), (1 + higher) / (1 + replicates))


def _moran(z: Floats, weights: Floats, s0: float) -> float:
    return float(len(z) / s0 * (z @ weights @ z) / (z @ z))


def _variance(z: Floats, weights: Floats, s0: float) -> float:
    n = float(len(z))
    s1 = float(((weights + weights.T) ** 2).sum() / 2)
    s2 = float(((weights.sum(axis=1) + weights.sum(axis=0)) ** 2).sum())
    k = float(n * (z**4).sum() / (z**2).sum() ** 2)
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2) - k * (n * (n - 1) * s1 - 2 * n * s2 + 6 * s0**2)
    return first / ((n - 1) * (n - 2) * (n - 3) * s0**2) - 1 / (n - 1) ** 2


def compare_each(values: Floats, weights: Floats, *, replicates: int = 999, seed: int = 1) -> Local:
    """Local Moran (Anselin 1995): z sum w z / m2, m2 = sum z^2 / n. p holds the place still and permutes the others; NaN for an island."""
    n = len(values)
    z = values - values.mean()
    m2 = float((z @ z) / n)
    lag = weights @ z
    i = z * lag / m2
    p = np.full(n, np.nan)
    rng = np.random.default_rng(seed)
    for place in range(n):
        near = weights[place][weights[place] > 0]
        if not len(near):
            continue
        others = np.delete(z, place)
        order = np.argsort(rng.random((replicates, n - 1)), axis=1)[:, : len(near)]
        drawn = others[order] @ near
        above = int((drawn >= lag[place] - 1e-12).sum())
        below = int((drawn <= lag[place] + 1e-12).sum())
        p[place] = min(1.0, 2 * (1 + min(above, below)) / (1 + replicates))
    names = {(True, True): "high-high", (False, False): "low-low", (True, False): "high-low", (False, True): "low-high"}
    quarter = tuple(names[bool(z[at] > 0), bool(lag[at] > 0)] for at in range(n))
    i[weights.sum(axis=1) == 0] = np.nan
    return Local(i, p, quarter)
