"""Foresee: draws, intervals and the record of past forecasts together, because none of them may be shown without the others.

The rule it guards: an interval comes with how often its like held in the past and of how many; where nothing could be measured, it
says so. Forecasts are of *reported* events: a place from which nobody reports looks quiet in the past and in the forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.forecast.conform import Cover, conform, margins, measured
from fairwitness.analyse.numbers.forecast.draw import LEAST, Habits, draw, factor, level_of
from fairwitness.analyse.numbers.forecast.keep_score import Record, keep_score
from fairwitness.analyse.numbers.forecast.score import smooth_interval_of
from fairwitness.errors import BadInput, say, say_many

Floats = NDArray[np.float64]
FARTHEST = 60


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may come, for every unit. `draws` (units, leads, n); `low`, `high`, `calibrated` (levels, units, leads); `class_now`
    (units,) indexes `draw.LEVELS`; `year` (units,) is the mean of the last year; `record` and `covers` are the measured past."""

    leads: list[int]
    levels: tuple[float, ...]
    draws: Floats
    low: Floats
    high: Floats
    calibrated: NDArray[np.bool_]
    class_now: NDArray[np.int64]
    year: Floats
    record: Record
    covers: list[Cover]
    warnings: list[str]

    def cover(self, level: float, lead: int | None, past_level: str | None) -> Cover | None:
        """The measured coverage of this level, lead (None: all) and class of past level (None: all, or "active")."""
        return next((one for one in self.covers if (one.level, one.lead, one.past_level) == (level, lead, past_level)), None)


def habits_of(step: str) -> Habits:
    """The habits for a panel of months, weeks, days or plain numbers (which are taken for months)."""
    return Habits(per_month=factor(step))


def foresee(
    past: Floats,
    leads: Sequence[int],
    *,
    draws: int = 1000,
    seed: int = 1,
    levels: Sequence[float] = (0.5, 0.9),
    step: str = "month",
    said: Callable[[int, int], None] | None = None,
) -> Outlook:
    """Forecast every unit of `past` (units, periods; whole counts, NaN only before a unit's first period).

    `leads` are periods ahead (1 is the next), `levels` of the intervals lie between 0 and 1, `step` is month, week, day or number.
    BadInput when the horizon, the number of draws or a level is beyond reason, or there is no past.
    """
    leads, levels = sorted(set(leads)), tuple(levels)
    check(past, leads, draws, levels)
    habits = habits_of(step)
    made = draw(past, leads, draws, seed, habits)
    record = keep_score(past, leads, levels, seed, habits, said)
    covers = measured(record, leads)[0]
    class_now = level_of(past, habits)[:, -1]
    low, high = (np.stack(ends) for ends in zip(*(smooth_interval_of(made, level) for level in levels), strict=True))
    calibrated = np.zeros(low.shape, bool)
    for which in range(len(levels)):
        found = margins(record, which, leads, np.ones(record.seen.size, bool))
        by = np.array([[found.get((int(one), lead), np.nan) for lead in leads] for one in class_now])
        calibrated[which] = np.isfinite(by)
        low[which], high[which] = conform(low[which], high[which], np.nan_to_num(by))
    year = np.nanmean(past[:, -habits.periods(habits.year) :], axis=1)
    return Outlook(leads, levels, made, low, high, calibrated, class_now, year, record, covers, _warnings(past, leads, record))


def check(past: Floats, leads: Sequence[int], draws: int, levels: Sequence[float]) -> None:
    """Refuse what no past can answer; `leads` ascending."""
    if past.ndim != 2 or past.shape[0] < 1 or past.shape[1] < 3:
        raise BadInput(say("A forecast needs at least three periods of past."))
    known = past[np.isfinite(past)]
    if (known < 0).any() or (known != np.floor(known)).any():
        raise BadInput(say("A past of counts has whole numbers from nought up."))
    if not known.sum():
        raise BadInput(say("The past is nought everywhere; where nothing was ever counted, nothing can be forecast."))
    if not np.isfinite(past[:, -1]).all():
        raise BadInput(say("A unit without a count at the origin cannot be forecast."))
    if not leads or leads[0] < 1:
        raise BadInput(say("A lead is a whole number of periods, from 1."))
    if leads[-1] > FARTHEST or leads[-1] > max(24, past.shape[1] - 1):
        most = min(FARTHEST, max(24, past.shape[1] - 1))
        raise BadInput(
            say(
                "A lead of {lead} periods is beyond reason for a past of {periods}; the farthest is {most}.",
                lead=leads[-1],
                periods=past.shape[1],
                most=most,
            )
        )
    if not 10 <= draws <= 100_000 or past.shape[0] * len(leads) * draws > 50_000_000:
        raise BadInput(say("{draws} draws: ask for 10 to 100,000, and not more than 50 million numbers in all.", draws=f"{draws:,}"))
    if not levels or not all(0 < level < 1 for level in levels):
        raise BadInput(say("The level of an interval lies between 0 and 1, as .9."))


def _warnings(past: Floats, leads: list[int], record: Record) -> list[str]:
    """What a reader must know beside these forecasts."""
    found = [say("These are forecasts of reported events: where nobody looked, the past and the forecast look quiet.")]
    short = int((np.isfinite(past).sum(1) < LEAST).sum())
    if short:
        found.append(
            say_many(
                "{count} unit has fewer than {least} periods of past; its forecast is pooled only: what units at its level saw.",
                "{count} units have fewer than {least} periods of past; their forecasts are pooled only: what units at their level saw.",
                short,
                least=LEAST,
            )
        )
    untried = [lead for lead in leads if not (record.leads == lead).any()]
    if untried:
        found.append(
            say(
                "The past is too short to have tried leads {leads}; their intervals are measured on shorter leads or not at all.",
                leads=", ".join(map(str, untried)),
            )
        )
    return list(map(str, found))
