"""Fit log-linear models to the overlap of lists, many at once: what each model expects in every pattern, and in the one nobody saw.

Counts are Poisson, log mu(pattern) = sum of the model's parameters over the sets the pattern contains (Cormack 1989, Biometrics 45); the
unseen number is exp(intercept). Where a set of lists shares nobody its parameter is minus infinity: its patterns leave the fit and are
expected to be nought (extended maximum; Chan, Silverman and Vincent 2021, JASA 116, section 2.3). Newton's method with halved steps.
The rule it guards: a fit that did not reach its maximum says so; its number is never used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from fairwitness.analyse.numbers.estimate.lay_models import Model, design

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Heard = Callable[[int, int], None]

BLOCK = 256
TURNS = 80
CLOSE = 1e-9
FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Fits:
    """Fits of `models`, in their order. Arrays of shape (models, patterns) unless said otherwise.

    `alive`: patterns that are fitted (not minus infinity); `active`: parameters that are finite, intercept included; `beta`: parameters
    (0 where not active); `mu`: expected counts; `reached` (models,): the likelihood equations hold with every expected count above nought,
    which proves that the maximum exists; `loglik` (models,): Poisson log-likelihood with its constant; `spread` (models,): standard error
    of the intercept, without meaning where not reached; `parameters` (models,): how many, those at minus infinity included.
    """

    models: tuple[Model, ...]
    alive: Flags
    active: Flags
    beta: Floats
    mu: Floats
    reached: Flags
    loglik: Floats
    spread: Floats
    parameters: NDArray[np.int64]

    @property
    def unseen(self) -> Floats:
        """The expected number that no list names, exp(intercept)."""
        return np.exp(np.where(self.reached, self.beta[:, 0], np.nan))


def shape(counts: Floats, models: Sequence[Model], *, whole: bool = False) -> tuple[Flags, Flags]:
    """Which patterns and which parameters stay in the fit. `whole` keeps pattern 0, for a table completed by an assumed unseen number."""
    cells = len(counts)
    lists = cells.bit_length() - 1
    x = design(lists)
    told = counts @ x > 0  # somebody is named by (at least) these lists
    wanted = np.zeros((len(models), cells), dtype=np.bool_)
    for row, model in enumerate(models):
        wanted[row, [0, *model]] = True
    void = wanted & ~told
    void[:, 0] = False
    alive = ~((void.astype(np.float64) @ x.T) > 0)
    alive[:, 0] = whole
    return alive, wanted & ~void


def fit(counts: Floats, models: Sequence[Model], heard: Heard | None = None) -> Fits:
    """Fit `models` to `counts`, of length 2^lists by pattern (counts[0] is not looked at). Weighted (fractional) counts are allowed."""
    alive, active = shape(counts, models)
    cells = len(counts)
    beta, mu = np.zeros((len(models), cells)), np.zeros((len(models), cells))
    reached, spread = np.zeros(len(models), dtype=np.bool_), np.full(len(models), np.nan)
    for first in range(0, len(models), BLOCK):
        part = slice(first, min(first + BLOCK, len(models)))
        if heard:
            heard(first, len(models))
        beta[part], mu[part], reached[part], spread[part] = solve(counts, alive[part], active[part])
    seen = np.where(alive, counts, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(alive, np.where(seen > 0, seen * np.log(mu), 0.0) - mu - gammaln(seen + 1), 0.0)
    number = np.array([len(model) + 1 for model in models], dtype=np.int64)
    return Fits(tuple(models), alive, active, beta, mu, reached, each.sum(axis=1), spread, number)


def solve(counts: Floats, alive: Flags, active: Flags, start: Floats | None = None) -> tuple[Floats, Floats, Flags, Floats]:
    """Newton's method over a block: parameters, expected counts, whether the maximum was surely reached, standard error of the intercept.

    Where an expected count is so small that nought cannot be told from it the third says no; whoever then shows that a maximum exists may
    use the rest.
    `counts` is (patterns,) or (models, patterns); `start` are parameters to begin from.
    """
    used = np.flatnonzero(active.any(axis=0))  # many lists with pairs only: a fraction of the columns
    beta = np.zeros(active.shape)
    beta[:, used], mu, reached, spread = _solve(
        design(alive.shape[1].bit_length() - 1)[:, used], counts, alive, active[:, used], None if start is None else start[:, used]
    )
    return beta, mu, reached, spread


def _solve(x: Floats, counts: Floats, alive: Flags, active: Flags, start: Floats | None) -> tuple[Floats, Floats, Flags, Floats]:
    seen = np.where(alive, counts, 0.0)
    scale = np.maximum(seen.sum(axis=1), 1.0)
    if start is None:
        weight = np.where(alive, seen + 0.5, 0.0)
        right = (weight * np.log(np.where(alive, seen + 0.5, 1.0))) @ x
        beta, _ = _newton(x, weight, right, active)
    else:
        beta = start.copy()
    mu, value = _look(x, beta, seen, alive)
    open_ = np.ones(len(alive), dtype=np.bool_)
    for _ in range(TURNS):
        slope = np.where(active, (seen - mu) @ x, 0.0)
        open_ &= np.abs(slope).max(axis=1) > CLOSE * scale
        todo = np.flatnonzero(open_)
        if not len(todo):
            break
        move, _ = _newton(x, mu[todo], slope[todo], active[todo])
        stride = np.minimum(1.0, 8.0 / np.maximum(np.abs(move @ x.T * alive[todo]).max(axis=1), 1e-300))
        for _ in range(12):
            tried = beta[todo] + stride[:, None] * move
            after_mu, after = _look(x, tried, seen[todo], alive[todo])
            worse = after < value[todo] - 1e-9 * scale[todo]
            if not worse.any():
                break
            stride[worse] /= 2
        beta[todo], mu[todo], value[todo] = tried, after_mu, after
    slope = np.where(active, (seen - mu) @ x, 0.0)
    least = np.where(alive, mu, np.inf).min(axis=1)
    reached = (np.abs(slope).max(axis=1) <= 1e-6 * scale) & (least > FLOOR * scale / 1e3)
    _, spread = _newton(x, mu, slope, active)
    return beta, mu, reached, spread


def _look(x: Floats, beta: Floats, seen: Floats, alive: Flags) -> tuple[Floats, Floats]:
    eta = np.clip(beta @ x.T, -60.0, 60.0)
    mu = np.where(alive, np.exp(eta), 0.0)
    return mu, (np.where(alive, seen * eta, 0.0) - mu).sum(axis=1)


def _newton(x: Floats, weight: Floats, right: Floats, active: Flags) -> tuple[Floats, Floats]:
    """Solve the weighted equations over the active parameters, and the standard error of the first of them."""
    pairs = active[:, :, None] & active[:, None, :]
    bend = np.where(pairs, (x.T[None] * weight[:, None, :]) @ x, 0.0)
    unit = np.arange(x.shape[1])
    size = np.sqrt(np.maximum(bend[:, unit, unit], 1e-300))
    size[~active] = 1.0
    bend /= size[:, :, None] * size[:, None, :]
    bend[:, unit, unit] = np.where(active, 1.0 + 1e-13, 1.0)
    right = np.where(active, right, 0.0) / size
    first = np.zeros_like(right)
    first[:, 0] = 1.0
    both = np.stack([right, first], axis=2)
    try:
        found = np.linalg.solve(bend, both)
    except np.linalg.LinAlgError:
        found = np.linalg.pinv(bend, hermitian=True) @ both
    return found[:, :, 0] / size, np.sqrt(np.maximum(found[:, 0, 1], 0.0)) / size[:, 0]
