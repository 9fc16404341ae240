"""Foresee one place: its next periods, borrowing from its peers, with the record of its own past forecasts, as a page shows them.

The rule it guards: a page that shows a place's fan shows beside it what earlier fans said and what then happened there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.forecast.conform import Cover, measured
from fairwitness.analyse.numbers.forecast.draw import LEVELS
from fairwitness.analyse.numbers.forecast.foresee import foresee
from fairwitness.analyse.numbers.forecast.state_chances import chances, sentences
from fairwitness.errors import BadInput, say

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PastForecast:
    """One past forecast of a place: made at `origin` (index of the period) for `lead` periods later, the interval as printed then, and
    what was seen."""

    origin: int
    lead: int
    level: float
    low: float
    high: float
    seen: float
    held: bool


@dataclass(frozen=True, slots=True)
class PlaceOutlook:
    """A place's next periods: `quantiles` (leads, probabilities), `intervals` (levels, leads, 2), `chance_any`, `chance_over_ten`,
    `chance_doubling` (leads,; NaN where the last year was nought), `cover` measured on places of its class of past level, `own_cover`
    on this place alone (held, of) at the highest level, `past` the record of this place's forecasts, `sentences` to print."""

    leads: list[int]
    probabilities: tuple[float, ...]
    quantiles: Floats
    levels: tuple[float, ...]
    intervals: Floats
    calibrated: bool
    chance_any: Floats
    chance_over_ten: Floats
    chance_doubling: Floats
    past_level: str
    cover: list[Cover]
    own_cover: tuple[int, int]
    past: list[PastForecast]
    sentences: list[str]
    warnings: list[str]


def foresee_place(
    series: Floats,
    peers: Floats,
    leads: Sequence[int] = (1, 2, 3, 4),
    *,
    step: str = "week",
    seed: int = 1,
    draws: int = 1000,
    levels: Sequence[float] = (0.5, 0.9),
    probabilities: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
) -> PlaceOutlook:
    """Forecast one place: `series` (periods,) of counts, `peers` (places, periods) of the other places over the same periods, from
    which the place borrows. BadInput as `foresee`, or when the peers do not have the periods of the series."""
    if peers.size and peers.shape[1] != series.shape[0]:
        raise BadInput(
            say("The peers have {peers} periods, the place {place}; they must be the same.", peers=peers.shape[1], place=series.shape[0])
        )
    whole = foresee(
        np.vstack([series[None], peers]) if peers.size else series[None], leads, draws=draws, seed=seed, levels=levels, step=step
    )
    any_, ten, double = (one[0] for one in chances(whole.draws, whole.year))
    past_level = LEVELS[int(whole.class_now[0])]
    record = whole.record
    _, ready, low, high = measured(record, whole.leads)
    past = [
        PastForecast(
            int(record.origins[at]),
            int(record.leads[at]),
            level,
            float(low[at, which]),
            float(high[at, which]),
            float(record.seen[at]),
            bool(low[at, which] <= record.seen[at] <= high[at, which]),
        )
        for which, level in enumerate(whole.levels)
        for at in np.flatnonzero((record.units == 0) & ready[:, which])
    ]
    top = [one for one in past if one.level == max(whole.levels)]
    cover = [one for one in whole.covers if one.past_level == past_level]
    return PlaceOutlook(
        whole.leads,
        tuple(probabilities),
        np.quantile(whole.draws[0], list(probabilities), axis=-1).T,
        whole.levels,
        np.stack([whole.low[:, 0], whole.high[:, 0]], -1),
        bool(whole.calibrated[:, 0].all()),
        any_,
        ten,
        double,
        past_level,
        cover,
        (sum(one.held for one in top), len(top)),
        past,
        sentences(whole, 0),
        whole.warnings,
    )
