"""Estimate by strata: the same question period by period or region by region, and their sum, with what could not be estimated counted as
documented.

Strata make lists more alike within than over the whole (Sekar and Deming 1949, JASA 44). A stratum may have a model of its own, over some
of the lists
only: who is on none of these is left out, as it was for Kosovo 1999 (Ball, Betts, Scheuren, Dudukovic and Asher 2002).
The rule it guards: a stratum without an estimate counts as what is documented there, "at least"; it is never filled from its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from fairwitness.analyse.numbers.estimate.estimate_total import Interval, refuse
from fairwitness.analyse.numbers.estimate.fit_models import Fits, fit
from fairwitness.analyse.numbers.estimate.judge_existence import settle
from fairwitness.analyse.numbers.estimate.lay_models import Model, every_model, generators, notation, read_model
from fairwitness.analyse.numbers.estimate.read_overlap import Overlap


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: what is documented on the lists used, the model, the total, its standard error; `refused` when only what is documented
    stands.

    `corrected`: the named model has no maximum here, and the total is Chapman's, one added to each count; it has no standard error.
    """

    name: str
    observed: float
    lists: tuple[str, ...]
    model: str
    total: float
    error: float
    refused: str | None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """All strata together: documented, the sum of totals (what was refused counts as documented), the interval of the sum."""

    observed: float
    total: float
    interval: Interval
    refused: int


def estimate_strata(strata: Mapping[str, Overlap], models: Mapping[str, str] | None = None, *, criterion: str = "bic") -> list[Stratum]:
    """Estimate each stratum, by the model `models` names for it, or by the best of all models of its lists (up to five)."""
    return [_one(name, overlap, (models or {}).get(name, ""), criterion) for name, overlap in strata.items()]


def _one(name: str, overlap: Overlap, words: str, criterion: str) -> Stratum:
    if words.startswith("("):
        named = words.replace("(", " ").replace(")", " ").split()
        read_model(words, overlap.names)  # a list that is not there is named before it is looked for
        overlap = overlap.only(tuple(list_ for list_ in overlap.names if list_ in named))
    elif not words:
        overlap = overlap.only(tuple(list_ for list_, number in overlap.sizes.items() if number > 0))
    candidates: tuple[Model, ...] = (read_model(words, overlap.names),) if words else ()
    reason = refuse(overlap) if not words else None
    fits: Fits | None = None
    if not reason:
        fits, reasons = settle(overlap.counts, fit(overlap.counts, candidates or every_model(len(overlap.names))))
        reason = None if fits.reached.any() else reasons[0]
    n = overlap.documented
    added = _corrected(overlap, candidates[0]) if candidates and reason else None
    if added is not None:
        return Stratum(name, n, overlap.names, notation(candidates[0]), n + added, 0.0, None, True)
    if reason or fits is None:
        return Stratum(name, n, overlap.names, notation(candidates[0]) if candidates else "", n, 0.0, reason)
    price = np.log(n) if criterion == "bic" else 2.0
    place = int(np.argmin(np.where(fits.reached, -2 * fits.loglik + fits.parameters * price, np.inf)))
    unseen = float(fits.unseen[place])
    return Stratum(name, n, overlap.names, notation(fits.models[place]), n + unseen, unseen * float(fits.spread[place]), None)


def _corrected(overlap: Overlap, model: Model) -> float | None:
    """The unseen number of a model of two sets of lists, with Chapman's one added to each count; None for other models.

    Where none of the lists that both sets share names them, being on the rest of the one set and on the rest of the other are independent.
    """
    tops = generators(model)
    if len(tops) != 2:
        return None
    one, other = tops[0] & ~tops[1], tops[1] & ~tops[0]
    at = np.arange(len(overlap.counts))
    apart = overlap.counts * ((at & tops[0] & tops[1]) == 0)
    first, second = (at & one) > 0, (at & other) > 0
    both = float(apart[first & second].sum())
    return max((float(apart[first].sum()) - both + 1) * (float(apart[second].sum()) - both + 1) / (both + 1) - 1, 0.0)


def add_up(strata: list[Stratum], level: float = 0.95) -> Sum:
    """The sum over strata, with an interval that is normal on the logarithm of the unseen number; strata are taken as independent."""
    observed, total = sum(one.observed for one in strata), sum(one.total for one in strata)
    unseen, error = total - observed, float(np.sqrt(sum(one.error**2 for one in strata)))
    reach = float(np.exp(ndtri((1 + level) / 2) * np.sqrt(np.log1p((error / unseen) ** 2)))) if unseen > 0 else 1.0
    return Sum(observed, total, (observed + unseen / reach, observed + unseen * reach), sum(one.refused is not None for one in strata))
