"""Share strength between places: a municipality with three incidents a year borrows level, season and unevenness from all others.

First the whole panel, added up, is learnt as one series: its trend, season and drift are far better known than those of any place. A
place is the whole plus differences of its own, drawn from normal laws whose width is learnt from all places (empirical Bayes by EM,
Laird and Ware 1982, Biometrics 38); phi is drawn from a common law over its grid. What is not known of the whole is carried into every
place. Where places differ much, the laws are wide and each stands on its own past; where they hardly differ, they count as one.
The rule it guards: a place without a single case in its past has a stated probability too, not silence.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.pool.lay_columns import Layout, Prior
from fairwitness.analyse.numbers.pool.learn_past import Learnt, learn_past
from fairwitness.analyse.numbers.pool.weigh_past import plain_belief

Floats = NDArray[np.float64]
Places = NDArray[np.bool_]

ROUNDS = 12
LEAST_SD = 0.03
"""Places are never taken to be the same to the last digit."""
FEW = 3
"""With fewer places there is no law to learn: each stands alone."""


def share_strength(counts: Floats, layout: Layout, alone: Prior, broken: Places) -> Learnt:
    """Fit all places (places, weeks; NaN is no data) at once; `alone` is the prior each would have by itself, wider than any law.

    `broken` (places,) are those with a series break: they are left out of the whole, as far as enough others remain.
    """
    belief = plain_belief()
    seen = np.asarray(np.isfinite(counts).any(axis=1), dtype=np.bool_)
    if seen.sum() < FEW:
        return learn_past(counts, layout, alone, belief)
    steady = np.asarray(seen & ~broken, dtype=np.bool_)
    whole = _learn_whole(counts[steady if steady.sum() >= FEW else seen], layout)
    apart = np.sqrt(np.einsum("mii->mi", alone.covariance))
    learnt = learn_past(counts, layout, _law(whole, layout, alone, 0.0, apart), belief, common=True)
    for turn in range(ROUNDS):
        offset, apart = _differences(learnt, whole, alone, seen, layout)
        belief = _common(learnt, seen)
        last = turn == ROUNDS - 1
        learnt = learn_past(
            counts, layout, _law(whole, layout, alone, offset, apart), belief, first=learnt, rounds=3 if last else 2, common=True
        )
    return replace(learnt, drift=learnt.drift + whole.drift[0])


def _learn_whole(counts: Floats, layout: Layout) -> Learnt:
    """The panel added up; a week in which some places have no data counts for as much as those are of the whole on average."""
    level = np.nanmean(counts, axis=1)
    part = (np.isfinite(counts) * (level[:, None] + 1e-6)).sum(axis=0) / (level + 1e-6).sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        total = np.where(part > 0.5, np.round(np.nansum(counts, axis=0) / part), np.nan)[None, :]
    prior = layout.prior(total)
    for column in range(layout.drift.stop, prior.mean.shape[1]):
        prior.covariance[:, column, column] = LEAST_SD**2
    return learn_past(total, layout, prior, plain_belief())


def _law(whole: Learnt, layout: Layout, alone: Prior, offset: float, apart: Floats) -> Prior:
    """The prior of each place: the whole with what is not known of it, an offset of the level, and differences of the width `apart`."""
    held = layout.drift.stop
    mean, covariance = alone.mean.copy(), alone.covariance.copy()
    mean[:, :held] = whole.beta[0, :held]
    mean[:, 0] += offset
    covariance[:, :held, :held] = whole.covariance[0, :held, :held]
    own = np.arange(layout.fixed)
    covariance[:, own, own] += apart[:, own] ** 2
    return Prior(mean, covariance)


def _differences(learnt: Learnt, whole: Learnt, alone: Prior, seen: Places, layout: Layout) -> tuple[float, Floats]:
    """The mean offset of the level and the width of each difference between a place and the whole, what is not known about it included."""
    beta = learnt.beta[seen, : layout.fixed] - whole.beta[0, : layout.fixed]
    offset = float(beta[:, 0].mean())
    beta[:, 0] -= offset
    own = np.einsum("mii->mi", learnt.covariance[seen])[:, : layout.fixed] - np.diag(whole.covariance[0])[: layout.fixed]
    wide = np.sqrt(np.maximum((beta**2 + own).mean(axis=0), LEAST_SD**2))
    most = np.sqrt(np.einsum("mii->mi", alone.covariance))[:, : layout.fixed]
    return offset, np.minimum(wide, most)


def _common(learnt: Learnt, seen: Places) -> Floats:
    """The law of phi over the grid: what the places say together, with the plain law as one place more."""
    held = learnt.belief[seen].sum(axis=0) + plain_belief()
    return np.asarray(held / held.sum())
