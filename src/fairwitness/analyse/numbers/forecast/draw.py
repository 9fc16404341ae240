"""Draw what the next periods may bring, for every unit at once, from what the unit and units like it went through before.

In the field's words: next month looks like one of the last months, more likely a recent one, somewhat more or less; a month far
above the unit's own habit is not expected to repeat in full; and a place where nothing happened is as likely to see something
as such places were before. The rule it guards: only periods up to the origin are looked at.

A draw at lead L is, with probability 1 - share, `round(v * exp(s z - s^2/2))`: v one of the unit's last `reach` values, chosen with
weight 2^(-age / half(L)), z standard normal, and v above the habit h (weighted mean of log(1 + value)) drawn in to
log(1 + v) = h + pull (log(1 + v) - h). With probability `share` (always, where the unit was silent throughout or has fewer than
`LEAST` periods) it is an analogue: the value a unit in the same class of past level had L periods after a past origin, scaled
to this unit's habit. The sizes were chosen on windows that end in 2018 (docs/reference/methods/forecast.md); nothing is fitted later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST = 6
LEVELS = ("0", "1-10", "11-100", ">100")


@dataclass(frozen=True, slots=True)
class Habits:
    """How past is weighed. Lengths are months; `per_month` turns them into periods of the panel (1 month, 4.35 weeks, 30.4 days)."""

    reach: float = 24.0
    half: float = 2.5
    half_per_lead: float = 0.3
    noise: float = 0.5
    noise_per_lead: float = 0.02
    pull: float = 0.8
    habit_half: float = 4.0
    share: float = 0.1
    year: float = 12.0
    per_month: float = 1.0

    def periods(self, months: float) -> int:
        """A length in months as whole periods, at least one."""
        return max(1, round(months * self.per_month))

    def half_life(self, lead: int) -> float:
        """The age, in periods, at which a past value counts half as much as the newest, for a forecast `lead` periods ahead."""
        return (self.half + self.half_per_lead * max(0.0, lead / self.per_month - 1)) * self.per_month

    def spread(self, lead: int) -> float:
        """The standard deviation of the noise on the logarithm, `lead` periods ahead; the same beyond two years."""
        return self.noise + self.noise_per_lead * min(24.0, max(0.0, lead / self.per_month - 1))


@dataclass(frozen=True, slots=True)
class Standing:
    """Each unit's class of level and habit at every period (units, periods), each from the periods up to it only."""

    levels: NDArray[np.int64]
    log_habit: Floats

    def at(self, units: NDArray[np.int64], periods: int) -> Standing:
        """The standing of some units in the first periods."""
        return Standing(self.levels[units, :periods], self.log_habit[units, :periods])


def standing_of(past: Floats, habits: Habits) -> Standing:
    """The standing of every unit at every period."""
    log_habit = np.stack([habit_of(past[:, : at + 1], habits) for at in range(past.shape[1])], axis=1)
    return Standing(level_of(past, habits), log_habit)


def draw(past: Floats, leads: list[int], draws: int, seed: int, habits: Habits, standing: Standing | None = None) -> Floats:
    """Draws of shape (units, leads, draws), whole numbers, from `past` (units, periods) of counts; NaN before a unit's first period.

    The draws of one lead do not depend on which other leads are asked. The same number of a draw at two leads is not a path: leads
    are drawn independently, so sums over leads must not be formed from them. `standing` spares the work where it is known already.
    """
    standing = standing or standing_of(past, habits)
    units = past.shape[0]
    made = np.empty((units, len(leads), draws))
    levels, log_habit = standing.levels, standing.log_habit
    known = np.isfinite(past).sum(1)
    for place, lead in enumerate(leads):
        chance = np.random.default_rng([seed, lead])
        own = _own(past, lead, draws, chance, habits, log_habit[:, -1])
        alike, there = _analogues(past, levels, log_habit, lead, draws, chance)
        recent = past[:, -habits.periods(habits.reach) :]
        pooled_only = (known < LEAST) | (np.nansum(recent, axis=1) == 0)
        share = np.where(there, np.where(pooled_only, 1.0, habits.share), 0.0)
        made[:, place] = np.where(chance.random((units, draws)) < share[:, None], alike, own)
    return made


def weights(periods: int, half: float) -> Floats:
    """Weights of the last `periods` values, oldest first, halved with every `half` periods of age. Not normed."""
    return np.asarray(0.5 ** (np.arange(periods)[::-1] / half), np.float64)


def habit_of(past: Floats, habits: Habits) -> Floats:
    """Each unit's habit: the weighted mean of log(1 + value) over its reach."""
    recent = past[:, -habits.periods(habits.reach) :]
    weight = np.where(np.isfinite(recent), weights(recent.shape[1], habits.habit_half * habits.per_month), 0.0)
    total = weight.sum(1)
    summed: Floats = (np.log1p(np.nan_to_num(recent)) * weight).sum(1)
    return summed / np.where(total > 0, total, 1.0)


def level_of(past: Floats, habits: Habits) -> NDArray[np.int64]:
    """The class of past level at every period (units, periods): of the mean of the year that ends there, rounded up, as in `LEVELS`.

    -1 where a unit has no past yet. While less than a year lies behind, what there is counts.
    """
    year = habits.periods(habits.year)
    known = np.cumsum(np.isfinite(past), axis=1)
    total = np.cumsum(np.nan_to_num(past), axis=1)
    before_known, before_total = (np.pad(one, ((0, 0), (year, 0)))[:, : past.shape[1]] for one in (known, total))
    count = known - before_known
    mean = (total - before_total) / np.maximum(count, 1)
    level = np.where(mean == 0, 0, np.where(mean <= 10, 1, np.where(mean <= 100, 2, 3)))
    return np.asarray(np.where(count == 0, -1, level), np.int64)


def _own(past: Floats, lead: int, draws: int, chance: np.random.Generator, habits: Habits, habit: Floats) -> Floats:
    """Draws from each unit's own past."""
    recent = past[:, -habits.periods(habits.reach) :]
    weight = np.where(np.isfinite(recent), weights(recent.shape[1], habits.half_life(lead)), 0.0)
    climbed = np.cumsum(weight, axis=1)
    aim = chance.random((past.shape[0], draws)) * climbed[:, -1:]
    chosen = np.stack([np.searchsorted(climbed[unit], aim[unit], side="right") for unit in range(past.shape[0])])
    values = np.nan_to_num(recent)[np.arange(past.shape[0])[:, None], np.minimum(chosen, recent.shape[1] - 1)]
    log, usual = np.log1p(values), habit[:, None]
    values = np.where(log > usual, np.expm1(usual + habits.pull * (log - usual)), values)
    spread = habits.spread(lead)
    noise = np.exp(spread * chance.standard_normal(values.shape) - spread * spread / 2)
    return np.asarray(np.rint(values * noise), np.float64)


def _analogues(
    past: Floats, levels: NDArray[np.int64], log_habit: Floats, lead: int, draws: int, chance: np.random.Generator
) -> tuple[Floats, NDArray[np.bool_]]:
    """Draws from what units of the same class of level had `lead` periods later, and for which units there were any.

    An origin counts from the second quarter of the record on, so that a class is more than one value where the record allows it.
    """
    units, periods = past.shape
    made, there = np.zeros((units, draws)), np.zeros(units, bool)
    first = min(11, max(0, (periods - lead) // 2))
    if periods <= lead:
        return made, there
    before = levels[:, first : periods - lead]
    after = past[:, first + lead :]
    usual = np.expm1(log_habit[:, first : periods - lead])
    own = np.expm1(log_habit[:, -1])
    for level in range(len(LEVELS)):
        which = (before == level) & np.isfinite(after)
        here = np.flatnonzero(levels[:, -1] == level)
        if not here.size or which.sum() < LEAST:
            continue
        pick = chance.integers(0, int(which.sum()), (here.size, draws))
        scale = 1.0 if level == 0 else (own[here, None] + 0.5) / (usual[which][pick] + 0.5)
        made[here] = np.rint(after[which][pick] * scale)
        there[here] = True
    return made, there


def baseline(past: Floats, leads: list[int], method: str, draws: int, seed: int, habits: Habits) -> Floats:
    """Draws of the public benchmarks, to be compared with: `last-12` (each value of the last year once, known as conflictology),
    `last-poisson` (Poisson around the last value) and `zero`. Source: Hegre et al., arXiv:2407.11045."""
    units = past.shape[0]
    if method == "last-12":
        year = past[:, -habits.periods(habits.year) :]
        known = np.isfinite(year)
        if not known.all():
            order = np.stack(
                [
                    np.resize(row[mask], year.shape[1]) if mask.any() else np.zeros(year.shape[1])
                    for row, mask in zip(year, known, strict=True)
                ]
            )
            year = order
        return np.repeat(year[:, None, :], len(leads), axis=1)
    if method == "last-poisson":
        chance = np.random.default_rng(seed)
        return chance.poisson(np.repeat(past[:, -1], len(leads) * draws).reshape(units, len(leads), draws)).astype(np.float64)
    return np.zeros((units, len(leads), draws))


def factor(step: str) -> float:
    """How many periods of this step a month has."""
    return {"week": 365.25 / 12 / 7, "iso week": 365.25 / 12 / 7, "day": 365.25 / 12}.get(step, 1.0)
