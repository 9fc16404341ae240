"""State chances in words: what may come, as sentences a reader can hold us to, never as one number.

The rule it guards: a chance is given in steps of whole percents, never as 0 or 100 per cent, with the coverage measured beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.forecast.draw import LEVELS
from fairwitness.errors import Sentence, say

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.forecast.conform import Cover
    from fairwitness.analyse.numbers.forecast.foresee import Outlook

Floats = NDArray[np.float64]


def chances(draws: Floats, year: Floats) -> tuple[Floats, Floats, Floats]:
    """Shares of draws above nought, above ten, and of at least twice the mean of the last year (units, leads); the last is NaN where
    that mean is nought: nothing cannot double."""
    double = (draws >= 2 * year[:, None, None]).mean(-1)
    return (draws > 0).mean(-1), (draws > 10).mean(-1), np.where(year[:, None] > 0, double, np.nan)


def percent(share: float) -> Sentence:
    """A chance in words, in whole percents."""
    if share < 0.01:
        return say("less than 1 in 100")
    return say("more than 99 in 100") if share > 0.99 else say("{count} in 100", count=round(share * 100))


def sentences(outlook: Outlook, unit: int) -> list[str]:
    """The sentences of one unit, a lead each."""
    any_, ten, double = (one[0] for one in chances(outlook.draws[unit : unit + 1], outlook.year[unit : unit + 1]))
    told = []
    which = int(np.argmax(outlook.levels))
    level = outlook.levels[which]
    for at, lead in enumerate(outlook.leads):
        more = "" if np.isnan(double[at]) else say("; of at least twice the last year's mean {chance}", chance=percent(double[at]))
        low, high = outlook.low[which, unit, at], outlook.high[which, unit, at]
        ends = say("{low} to {high}", low=f"{low:,.0f}", high=f"{high:,.0f}") if high > low else f"{low:,.0f}"
        first = say("{lead} ahead: the chance of any is {any}, of more than ten {ten}{more}.", lead=lead, any=percent(any_[at]),
                    ten=percent(ten[at]), more=more)  # fmt: skip
        cover = outlook.cover(level, lead, LEVELS[int(outlook.class_now[unit])])
        second = say("The {level} % interval is {ends}; {held}", level=f"{level * 100:g}", ends=ends, held=held(cover))
        told.append(f"{first} {second}")
    return told


def held(cover: Cover | None) -> str:
    """How often such intervals held, in words."""
    if cover is None or cover.of < 10:
        return str(say("how often such intervals held could not be measured."))
    return str(
        say(
            "such intervals held in {held} of {of} past forecasts at this level of past ({share:.0f} %).",
            held=f"{cover.held:,}",
            of=f"{cover.of:,}",
            share=100 * cover.held / cover.of,
        )
    )
