"""Budget false alarms: a mission says how many it can afford in a week, and every place shares that allowance instead of having a level of
its own.

The allowance is spent exactly: the counts that would be an alarm, in all places together, have no more probability in a usual week than
was allowed. Alarms are ranked; with each goes how often chance alone would bring the like, in words, and the share of false alarms to
be feared among those at least as strong (Benjamini and Hochberg 1995).
The rule it guards: people who are woken too often stop listening; and what is ranked low is said to be there, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.errors import Sentence, say, say_many

Floats = NDArray[np.float64]

LOOSEST = 0.1
"""No place has an alarm at a p above this, however large the budget: such weeks are usual."""
LONGEST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Spent:
    """How a week's allowance was spent: alarms at p <= `alpha`; `false_alarms` are expected by chance in a usual week."""

    alpha: float
    false_alarms: float


def spend(allowed: float, floor: float, chance: Floats, weight: Floats) -> Spent:
    """The loosest level at which no more than `allowed` false alarms are expected in the week.

    `chance` (steps,) is the mid-p of each count that may become an alarm, of all places in one row, `weight` (steps,) its probability
    in a usual week; `floor` the expected false alarms from all higher counts than those.
    """
    order = np.argsort(chance, kind="stable")
    sorted_chance = chance[order]
    running = floor + np.cumsum(weight[order])
    affordable = (running <= allowed) & (sorted_chance <= LOOSEST)
    tied = np.append(sorted_chance[1:] != sorted_chance[:-1], True)
    if not (affordable & tied).any():
        return Spent(float(sorted_chance[0] / 2.0) if len(chance) else 0.0, floor)
    last = int(np.flatnonzero(affordable & tied)[-1])
    return Spent(float(sorted_chance[last]), float(running[last]))


def false_share(p: Floats) -> Floats:
    """For each p of a week (NaN is no data) the Benjamini-Hochberg bound of false alarms among all that are at least as strong."""
    found = np.full(p.shape, np.nan)
    there = np.flatnonzero(np.isfinite(p))
    order = there[np.argsort(p[there], kind="stable")]
    raw = p[order] * len(order) / np.arange(1, len(order) + 1)
    found[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return found


def recurrence_years(p: float, frequency: int) -> float:
    """The mean time in years between weeks as unusual as this in one place, by chance."""
    return 1.0 / (p * frequency)


def say_recurrence(years: float) -> Sentence:
    """A recurrence interval in words: once in 14 months by chance."""
    if years > LONGEST_YEARS:
        return say("less than once in {years} years by chance", years=LONGEST_YEARS)
    if years >= 3.0:
        return say_many("once in {count} year by chance", "once in {count} years by chance", round(years))
    if (months := years * 12.0) >= 3.0:
        return say_many("once in {count} month by chance", "once in {count} months by chance", round(months))
    if (weeks := years * 52.18) >= 1.5:
        return say("once in {count} weeks by chance", count=round(weeks))
    return say("in most weeks by chance")
