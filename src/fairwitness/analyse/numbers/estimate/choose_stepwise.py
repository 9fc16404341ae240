"""Choose a model step by step from pairs of lists: for sparse overlaps, and for more lists than all models can be tried for.

Starting from independent lists, the pair whose effect is least likely to be chance is added while that probability is below the threshold
(Chan, Silverman and Vincent 2021, JASA 116, section 3.1; threshold .02): the one-sided Poisson probability of as few or as many shared
persons as there
are, under the model so far. Models without a maximum, or whose number is
not determined, are passed over. The rule it guards: where the lists hardly overlap, no effect of three lists is read out of one or two
persons.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.stats import poisson

from fairwitness.analyse.numbers.estimate.fit_models import Fits, Floats, Heard, fit
from fairwitness.analyse.numbers.estimate.judge_existence import settle
from fairwitness.analyse.numbers.estimate.lay_models import Model, design

THRESHOLD = 0.02


def choose_stepwise(counts: Floats, threshold: float = THRESHOLD) -> Model | None:
    """The model chosen by forward steps over pairs; None when not even independent lists can be estimated."""
    lists = len(counts).bit_length() - 1
    x = design(lists)
    model: Model = frozenset(1 << one for one in range(lists))
    left = [(1 << one) | (1 << other) for one, other in combinations(range(lists), 2)]
    here, why = settle(counts, fit(counts, [model]))
    if why[0]:
        return None
    while True:
        chances = {pair: _chance(counts, x, here, pair) for pair in left}
        likely = sorted((pair for pair in left if chances[pair] < threshold), key=lambda pair: chances[pair])
        # the least likely to be chance of those whose model has a number; the others need not be fitted at all
        for pair in likely:
            tried, why = settle(counts, fit(counts, [model | {pair}]))
            if not why[0]:
                break
        else:
            return model
        model, here = model | {pair}, tried
        left.remove(pair)


def _chance(counts: Floats, x: Floats, here: Fits, pair: int) -> float:
    """The one-sided Poisson probability of sharing as few, or as many, as the pair does, given what the model so far expects."""
    shared, expected = float(counts @ x[:, pair]), float(here.mu[0] @ x[:, pair])
    return float(min(poisson.cdf(shared, expected), poisson.sf(np.ceil(shared) - 1, expected)))


def climb_pairs(counts: Floats, start: Model, most: int = 20, heard: Heard | None = None) -> tuple[Model, ...]:
    """Models of pairs around `start`: each pair put in or taken out, climbing by BIC up to `most` steps; all that were visited."""
    lists = len(counts).bit_length() - 1
    pairs = [(1 << one) | (1 << other) for one, other in combinations(range(lists), 2)]
    penalty = np.log(counts[1:].sum())
    seen: dict[Model, float] = {}
    here = start
    for _ in range(most):
        if heard:
            heard(len(seen), most * (len(pairs) + 1))
        around = [one for one in [here, *(here ^ {pair} for pair in pairs)] if one not in seen]
        fits, _ = settle(counts, fit(counts, around))
        values = np.where(fits.reached, -2 * fits.loglik + fits.parameters * penalty, np.inf)
        seen.update(zip(around, values.tolist(), strict=True))
        best = min(seen, key=lambda one: seen[one])
        if best == here:
            break
        here = best
    return tuple(seen)
