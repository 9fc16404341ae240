"""Share strength between places: a municipality with three incidents a year borrows level, season and unevenness from all others, as far
as they agree.

Level, trend and season of a place are drawn from normal laws of the whole panel, phi from a common law over its grid; these laws are
learnt from the panel itself (empirical Bayes by EM, Laird and Ware 1982, Biometrics 38). Where places differ much, a law is wide and
each stands on its own past; where they hardly differ, they count as one.
The rule it guards: a place without a single case in its past has a stated probability too, not silence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.pool.lay_columns import Layout, Prior
from fairwitness.analyse.numbers.pool.learn_past import Learnt, learn_past
from fairwitness.analyse.numbers.pool.weigh_past import plain_belief

Floats = NDArray[np.float64]

ROUNDS = 12
LEAST_SD = 0.03
"""Places are never taken to be the same to the last digit."""
FEW = 3
"""With fewer places there is no law to learn: each stands alone."""


def share_strength(counts: Floats, layout: Layout, alone: Prior) -> Learnt:
    """Fit all places (places, weeks; NaN is no data) at once; `alone` is the prior each would have by itself, and the law is never wider
    than that.
    """
    belief = plain_belief()
    seen = np.asarray(np.isfinite(counts).any(axis=1), dtype=np.bool_)
    if seen.sum() < FEW:
        return learn_past(counts, layout, alone, belief)
    learnt = learn_past(counts, layout, _together(counts, alone), belief, common=True)
    prior = alone
    for _turn in range(ROUNDS):
        prior, belief = _law(learnt, alone, seen, layout.fixed), _common(learnt, seen)
        learnt = learn_past(counts, layout, prior, belief, first=learnt, rounds=2, common=True)
    return learn_past(counts, layout, prior, belief, first=learnt, rounds=3, common=True)


def _together(counts: Floats, alone: Prior) -> Prior:
    """To begin with: the level of each place drawn to that of all."""
    mean = alone.mean.copy()
    mean[:, 0] = np.log((np.nansum(counts) + 0.5) / max(np.isfinite(counts).sum(), 1))
    return Prior(mean, alone.sd)


def _law(learnt: Learnt, alone: Prior, seen: NDArray[np.bool_], shared: int) -> Prior:
    """The normal law of each shared coefficient: mean and spread over the places that were seen, what is not known about each included."""
    mean, sd = alone.mean.copy(), alone.sd.copy()
    beta = learnt.beta[seen, :shared]
    own = np.einsum("mii->mi", learnt.covariance[seen])[:, :shared]
    centre = beta.mean(axis=0)
    wide = np.sqrt(((beta - centre) ** 2 + own).mean(axis=0))
    mean[:, :shared] = centre
    sd[:, :shared] = np.clip(wide, LEAST_SD, alone.sd[:, :shared])
    return Prior(mean, sd)


def _common(learnt: Learnt, seen: NDArray[np.bool_]) -> Floats:
    """The law of phi over the grid: what the places say together, with the plain law as one place more."""
    held = learnt.belief[seen].sum(axis=0) + plain_belief()
    return np.asarray(held / held.sum())
