"""Weigh ratings: Krippendorff's alpha with its interval, and Cohen's kappa where two have rated.

The rule it guards: agreement is stated beyond chance, with an interval; where all ratings are the same there is nothing to agree
about, and no figure is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.agree.read_ratings import Ratings
from fairwitness.errors import BadInput, Fault, say

Floats = NDArray[np.float64]
MOST_VALUES = 4000


@dataclass(frozen=True, slots=True)
class Agreement:
    """alpha = 1 - observed / expected disagreement; `low`, `high` its interval; `usable` of `replicates` resamples had variation."""

    alpha: float
    low: float | None
    high: float | None
    observed: float
    expected: float
    units: int
    ratings: int
    replicates: int
    usable: int


@dataclass(frozen=True, slots=True)
class _Pairable:
    """The ratings of units rated twice or more, one after the other."""

    unit: NDArray[np.int64]
    code: NDArray[np.int64]
    rated: Floats
    values: Floats


def weigh_ratings(
    ratings: Ratings,
    level: str,
    *,
    replicates: int = 1000,
    seed: int = 1,
    confidence: float = 0.95,
    tell: Callable[[int], None] = lambda done: None,
) -> Agreement:
    """Krippendorff's alpha (Krippendorff, *Content Analysis*, 4th ed. 2019, ch. 12), and the percentile interval of resampled units.

    With n pairable ratings, unit u holding m of them: observed = (1/n) sum over u of sum over pairs of d(c, k) / (m - 1), expected =
    sum over c, k of n_c n_k d(c, k) / (n (n - 1)). d is 1 for unequal (nominal), the squared difference of mid-ranks (ordinal),
    of values (interval), or ((c - k) / (c + k)) squared (ratio). BadInput when no unit was rated twice or all ratings are the same.
    """
    given = ratings.codes >= 0
    paired = given.sum(axis=1) >= 2
    if not paired.any():
        raise BadInput.of(Fault("", say("No unit was rated by two; there is nothing to compare.")))
    unit, rater = np.nonzero(given & paired[:, None])
    _, unit = np.unique(unit, return_inverse=True)
    kept = ratings.codes[paired]
    code = kept[unit, rater]
    one = _Pairable(unit, code, np.bincount(unit).astype(float), ratings.values)
    if len(np.unique(code)) == 1:
        raise BadInput.of(Fault("", say("All ratings are the same: without variation agreement beyond chance is not defined.")))
    units = len(one.rated)
    if level == "ratio" and len(one.values) > MOST_VALUES:
        raise BadInput.of(Fault("", say("has more than {most} different values; round them.", most=MOST_VALUES)))
    alpha, observed, expected = _alpha(one, level, np.ones(units))
    drawn: list[float] = []
    rng = np.random.default_rng(seed)
    for done in range(replicates):
        again = np.bincount(rng.integers(units, size=units), minlength=units).astype(float)
        value = _alpha(one, level, again)[0]
        if np.isfinite(value):
            drawn.append(value)
        tell(done + 1)
    low, high = np.quantile(drawn, [0.5 - confidence / 2, 0.5 + confidence / 2]) if len(drawn) >= 20 and units >= 2 else (None, None)
    return Agreement(
        alpha,
        None if low is None else float(low),
        None if high is None else float(high),
        observed,
        expected,
        units,
        len(code),
        replicates,
        len(drawn),
    )


def _alpha(one: _Pairable, level: str, weight: Floats) -> tuple[float, float, float]:
    """Alpha, observed and expected disagreement when unit u counts `weight[u]` times; NaN where nothing varies."""
    each = weight[one.unit]
    many = np.bincount(one.code, weights=each, minlength=len(one.values)).astype(np.float64)
    total = float(many.sum())
    within, between = _disagree(one, level, many)
    expected = between / (total * (total - 1))
    observed = float((weight * within / (one.rated - 1)).sum()) / total
    return (1 - observed / expected if expected > 0 else float("nan")), observed, expected


def _disagree(one: _Pairable, level: str, many: Floats) -> tuple[Floats, float]:
    """The sum of d over all ordered pairs within each unit, and over all pairs of all ratings."""
    units = len(one.rated)
    if level == "nominal":
        cell, times = np.unique(one.unit * len(one.values) + one.code, return_counts=True)
        same = np.bincount(cell // len(one.values), weights=times.astype(float) ** 2, minlength=units)
        return one.rated**2 - same, float(many.sum() ** 2 - (many**2).sum())
    if level == "ratio":
        return _disagree_by_ratio(one, many)
    values = np.cumsum(many) - many / 2 if level == "ordinal" else one.values
    values = values - float((many * values).sum() / many.sum())
    held = values[one.code]
    sums, squares = np.bincount(one.unit, weights=held, minlength=units), np.bincount(one.unit, weights=held**2, minlength=units)
    return 2 * (one.rated * squares - sums**2), 2 * float(many.sum() * (many * values**2).sum() - (many * values).sum() ** 2)


def _disagree_by_ratio(one: _Pairable, many: Floats) -> tuple[Floats, float]:
    sums = one.values[:, None] + one.values[None, :]
    apart = ((one.values[:, None] - one.values[None, :]) / np.where(sums == 0, 1.0, sums)) ** 2
    held = np.full((len(one.rated), int(one.rated.max())), -1)
    place = np.arange(len(one.unit)) - np.searchsorted(one.unit, one.unit)
    held[one.unit, place] = one.code
    there = (held >= 0)[:, :, None] & (held >= 0)[:, None, :]
    within = np.where(there, apart[held[:, :, None], held[:, None, :]], 0.0).sum(axis=(1, 2))
    return within, float(many @ apart @ many)


def compare_two(ratings: Ratings) -> tuple[float | None, float | None, int]:
    """Cohen's kappa (1960) of two raters, kappa with squared weights (1968) on the scale's values, and the units both rated.

    None where one of the two is not defined: no unit in common, or no variation.
    """
    both = ratings.codes[(ratings.codes >= 0).all(axis=1)]
    if ratings.codes.shape[1] != 2 or not len(both):
        return None, None, len(both)
    size = len(ratings.values)
    table = np.zeros((size, size))
    np.add.at(table, (both[:, 0], both[:, 1]), 1.0)
    table /= table.sum()
    chance = np.outer(table.sum(axis=1), table.sum(axis=0))
    unequal = 1.0 - np.eye(size)
    apart = (ratings.values[:, None] - ratings.values[None, :]) ** 2
    made = [
        1 - float((weight * table).sum() / (weight * chance).sum()) if (weight * chance).sum() > 0 else None for weight in (unequal, apart)
    ]
    return made[0], made[1], len(both)
