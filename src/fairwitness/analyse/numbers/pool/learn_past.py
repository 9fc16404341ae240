"""Learn what is usual from the past alone: mean, unevenness, drift and the weight of each week, together, until they agree.

The rule it guards: the weeks just past, in which a crisis may already be going on, teach nothing (guard weeks), and nothing after a
week is ever used to judge it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.pool.fit_mean import step, usual
from fairwitness.analyse.numbers.pool.lay_columns import DRIFT_SD, SLOW_SD, Layout, Prior
from fairwitness.analyse.numbers.pool.weigh_past import EXCESS, believe, usual_chance

Floats = NDArray[np.float64]

ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the past says: coefficients (series, k), their covariance (series, k, k), the posterior over the grid of phi (series, grid).

    `drift` (series,) is the variance of the level's yearly steps.
    """

    beta: Floats
    covariance: Floats
    belief: Floats
    drift: Floats


def learn_past(
    counts: Floats, layout: Layout, prior: Prior, belief: Floats, *, first: Learnt | None = None, rounds: int = ROUNDS, common: bool = False
) -> Learnt:
    """Fit series (series, weeks 1 to layout.last; NaN is no data).

    `belief` is the prior over the grid of phi, `first` an earlier fit to begin at; with `common` the drift has one pace for all series.
    """
    columns = layout.columns(np.arange(1.0, layout.last + 1.0))
    here = np.isfinite(counts).astype(np.float64)
    counts = np.where(here > 0, counts, 0.0)
    weights = here
    beta = _begin(counts, here, prior) if first is None else first.beta
    held = np.broadcast_to(belief, (len(counts), len(EXCESS))) if first is None else first.belief
    drift = np.full(len(counts), DRIFT_SD**2) if first is None else first.drift
    for turn in range(rounds):
        phi = 1.0 + held @ EXCESS
        beta, covariance, fitted = step(counts, columns, weights, phi, beta, _paced(prior, layout, drift))
        if turn < 2 and first is None:
            continue
        mu = usual(columns, beta)
        weights = here * usual_chance(counts, mu, phi, here)
        drift = _pace(beta, covariance, prior, layout, common)
        if turn == rounds - 1 or (turn % 2 == 0 and first is None):
            held = believe(counts, mu, weights, fitted, belief)
    return Learnt(beta, covariance, held, drift)


def _begin(counts: Floats, here: Floats, prior: Prior) -> Floats:
    """Where the search begins: the prior, at the level of each series itself."""
    beta = prior.mean.copy()
    beta[:, 0] = np.log((counts.sum(axis=1) + 0.5) / np.maximum(here.sum(axis=1), 1.0))
    return beta


def _paced(prior: Prior, layout: Layout, drift: Floats) -> Prior:
    """The prior with the learnt pace of the drift."""
    covariance = prior.covariance.copy()
    where = np.arange(layout.drift.start, layout.drift.stop)
    covariance[:, where, where] += drift[:, None]
    return Prior(prior.mean, covariance)


def _pace(beta: Floats, covariance: Floats, prior: Prior, layout: Layout, common: bool) -> Floats:
    """The variance of a yearly step: the posterior mean square over the steps, with one step of SLOW_SD laid beside them."""
    here = layout.drift
    own = np.einsum("mii->mi", covariance - prior.covariance)[:, here]
    steps = np.maximum((beta - prior.mean)[:, here] ** 2 + own, 0.0)
    if common:
        return np.full(len(steps), (steps.sum() + SLOW_SD**2) / (steps.size + 1.0))
    return np.asarray((steps.sum(axis=1) + SLOW_SD**2) / (steps.shape[1] + 1.0))


def foresee(learnt: Learnt, layout: Layout, weeks: Floats, seen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Mean and spread (the posterior variance of the log mean) of the sum over those `weeks` (1-based) that are `seen` (series, weeks)."""
    columns = layout.columns(weeks)
    mu = usual(columns, learnt.beta) * seen
    total = np.maximum(mu.sum(axis=1), 1e-9)
    slope = (mu @ columns) / total[:, None]
    ahead = (float(weeks[-1]) - layout.last) / layout.frequency
    spread = np.einsum("mi,mij,mj->m", slope, learnt.covariance, slope) + learnt.drift * ahead
    return total, np.maximum(spread, 1e-9)
