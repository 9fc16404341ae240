"""Keep the score: forecast again from every past origin with what was known then, and set what happened beside it.

The rule it guards: a past forecast is made from the periods up to its own origin only, by the same rule as today's, so that the
record says how this method did here, not how well it can explain what it has already seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.forecast.draw import LEAST, Habits, draw, standing_of
from fairwitness.analyse.numbers.forecast.score import crps, smooth_interval_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_ORIGINS = 36
PAST_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Record:
    """Past forecasts, one row each (N): index of origin and unit, lead, class of past level at the origin, what was seen, the ends
    of the intervals as drawn, smoothed (N, levels), and the CRPS, of the forecast and of the unit's own last year (the yardstick)."""

    origins: Ints
    units: Ints
    leads: Ints
    classes: Ints
    seen: Floats
    low: Floats
    high: Floats
    crps: Floats
    yardstick: Floats
    levels: tuple[float, ...]


def keep_score(
    past: Floats, leads: list[int], levels: tuple[float, ...], seed: int, habits: Habits, said: Callable[[int, int], None] | None = None
) -> Record:
    """Forecast from up to 36 past origins, the newest ones, and note each forecast whose target lies within `past` (units, periods)."""
    periods, standing = past.shape[1], standing_of(past, habits)
    origins = list(range(LEAST - 1, periods - min(leads)))[-(MOST_ORIGINS + max(leads)) :]
    rows: list[tuple[Ints, Ints, Ints, Ints, Floats, Floats, Floats, Floats, Floats]] = []
    for done, origin in enumerate(origins):
        if said:
            said(done + 1, len(origins))
        known = past[:, : origin + 1]
        there = np.flatnonzero(np.isfinite(known[:, -1]))
        within = [lead for lead in leads if origin + lead < periods]
        if not there.size:
            continue
        known = known[there]
        then = standing.at(there, origin + 1)
        made = draw(known, within, PAST_DRAWS, seed, habits, then)
        seen = past[there][:, [origin + lead for lead in within]]
        ends = [smooth_interval_of(made, level) for level in levels]
        year = np.nan_to_num(known[:, -habits.periods(habits.year) :])
        own = crps(np.repeat(year[:, None], len(within), axis=1), seen)
        told = np.isfinite(seen)
        shape = seen.shape
        rows.append(
            (
                np.full(told.sum(), origin),
                np.broadcast_to(there[:, None], shape)[told],
                np.broadcast_to(np.array(within), shape)[told],
                np.broadcast_to(then.levels[:, -1:], shape)[told],
                seen[told],
                np.stack([low[told] for low, _ in ends], -1),
                np.stack([high[told] for _, high in ends], -1),
                crps(made, seen)[told],
                own[told],
            )
        )
    if not rows:
        none, nothing = np.zeros(0, np.int64), np.zeros(0)
        wide = np.zeros((0, len(levels)))
        return Record(none, none, none, none, nothing, wide, wide, nothing, nothing, levels)
    origin_of, unit_of, lead_of, class_of, seen_of, low_of, high_of, crps_of, own_of = (
        np.concatenate(parts) for parts in zip(*rows, strict=True)
    )
    return Record(origin_of, unit_of, lead_of, class_of, seen_of, low_of, high_of, crps_of, own_of, levels)
