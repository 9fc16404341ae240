"""Average over models: one interval that owns up to not knowing which model is right.

Each model speaks with its own spread of totals, laid over the logarithm of the unseen number so that its profile interval is kept on both
sides,
and counts by its weight (Buckland, Burnham and Augustin 1997, Biometrics 53). The rule it guards: the headline is never the interval of
one chosen model:
that one is too narrow (Silverman, Chan and Vincent 2024, Statistics and Computing 34).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from fairwitness.analyse.numbers.estimate.bound_profile import Profile
from fairwitness.analyse.numbers.estimate.fit_models import Floats


@dataclass(frozen=True, slots=True)
class Mixture:
    """The averaged number: weighted mean of the models' totals, and the ends of the interval."""

    total: float
    low: float
    high: float


def weigh(criterion: Floats) -> Floats:
    """Weights exp(-difference/2), summing to one; infinite where a model has no number."""
    raw = np.exp(-(criterion - criterion.min()) / 2)
    return np.asarray(raw / raw.sum())


def average(documented: float, totals: Floats, profile: Profile, weights: Floats, level: float) -> Mixture:
    """The mixture of the models' spreads; `profile` holds their intervals at `level`. Models without weight may hold anything."""
    used = weights > 1e-12
    w, peak = weights[used] / weights[used].sum(), np.log(np.maximum(profile.peak[used] - documented, 0.05))
    z = ndtri((1 + level) / 2)
    left = np.maximum(peak - np.log(np.maximum(profile.low[used] - documented, 1e-3)), 1e-9) / z
    right = np.maximum(np.log(np.minimum(profile.high[used], 1e5 * documented) - documented) - peak, 1e-9) / z

    def chance(at: float) -> float:
        return float(w @ ndtr((at - peak) / np.where(at < peak, left, right)))

    ends = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        low, high = float((peak - 12 * left).min()), float((peak + 12 * right).max())
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if chance(middle) < share else (low, middle)
        ends.append(documented + float(np.exp(low)))
    return Mixture(float(w @ totals[used]), ends[0], ends[1])
