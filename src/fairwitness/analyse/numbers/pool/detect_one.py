"""Detect in one series: what is said of each week is a probability, and an alarm where it falls to the rate of false alarms that was asked
for.

`p` is the probability that this week and the last together bring so many or more when nothing but the usual goes on (mid-p). An alarm
that goes on is one alarm: `raised` is true only for its first week, until four weeks without an alarm have passed.
The rule it guards: a series that cannot say anything is refused with the reason; one that can has a probability in every week that has
data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.pool.judge_weeks import Breaks, Judged, judge_weeks, least_past
from fairwitness.analyse.numbers.pool.state_tail import first_alarm, middle
from fairwitness.errors import BadInput, Fault, Sentence, say

Floats = NDArray[np.float64]

QUIET = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A week as judged. `t` is the 1-based row; `observed` None where there is no data, and then `p` is None too.

    `expected` is the expected count of the week; `upperbound` the highest count of this week that would not yet have been an alarm
    beside last week's (below nought when last week's alone is too much): `alarm` is observed > upperbound, the same as p <= alpha.
    `together` and `expected_together` are the sums with the week before. `raised` is the first week of a cluster, `ongoing` a later
    one; a week without a case raises nothing.
    """

    t: int
    observed: int | None
    expected: float
    upperbound: float | None
    alarm: bool
    p: float | None
    raised: bool
    ongoing: bool
    together: int | None
    expected_together: float


def detect_one(counts: Floats, *, alpha: float, frequency: int, start: int, breaks: Sequence[int] = ()) -> tuple[Point, ...]:
    """Judge the weeks from `start` (1-based) of one series of counts (weeks,), NaN where there is no data.

    `alpha` is the rate of false alarms in weeks without an outbreak, `frequency` the weeks (or months) of a year, `breaks` the 1-based
    first weeks of new stretches. BadInput when the counts are no counts, all nought or missing, or too few weeks stand before `start`.
    """
    series = np.asarray(counts, dtype=np.float64)
    if series.ndim != 1:
        raise BadInput.of(Fault("counts", say("are not one series of weeks.")))
    check_counts(series[None, :], ("counts",))
    check_asked(len(series), alpha=alpha, frequency=frequency, start=start, breaks={0: breaks})
    if not np.nansum(series):
        raise BadInput.of(
            Fault("counts", say("are nought in every week: nothing shows what is usual. Watch the place beside others: analyse watch."))
        )
    judged = judge_weeks(series[None, :], start=start, frequency=frequency, breaks={0: tuple(breaks)}, pooled=False)
    limits = np.full(judged.mean.shape, alpha)
    return lay_points(series[None, :], judged, limits, start=start)[0]


def chances(judged: Judged) -> Floats:
    """The mid-p of every week, shape (series, weeks judged); NaN where there is no data."""
    there = np.isfinite(judged.seen)
    found = middle(np.where(there, judged.seen, 0.0), judged.mean, judged.spread, judged.belief)
    return np.where(there, found, np.nan)


def lay_points(counts: Floats, judged: Judged, limits: Floats, *, start: int) -> tuple[tuple[Point, ...], ...]:
    """The points of each series; `limits` (series, weeks judged) is the p at or below which there is an alarm."""
    p = chances(judged)
    found = []
    for place in range(len(counts)):
        bound = first_alarm(judged.mean[place], judged.spread[place], judged.belief[place], limits[place])
        own: list[Point] = []
        latest = -QUIET - 1
        for at, t in enumerate(range(start, start + p.shape[1])):
            chance, seen = float(p[place, at]), counts[place, t - 1]
            there = bool(np.isfinite(seen))
            alarm = there and bool(chance <= limits[place, at])
            upper = float(bound[at] - 1.0 - (judged.seen[place, at] - seen)) if there else None
            ongoing = alarm and t - latest <= QUIET
            raised = alarm and not ongoing and bool(seen > 0)
            latest = t if raised or ongoing else latest
            own.append(Point(t, int(seen) if there else None, float(judged.expected[place, at]), upper, alarm, chance if there else None,
                             raised, ongoing, int(judged.seen[place, at]) if there else None, float(judged.mean[place, at])))  # fmt: skip
        found.append(tuple(own))
    return tuple(found)


def check_counts(counts: Floats, names: Sequence[str]) -> None:
    """Refuse what are no counts: negative, fractional, infinite, or no figure at all. counts (series, weeks)."""
    faults = []
    for own, name in zip(counts, names, strict=True):
        there = own[~np.isnan(own)]
        wrong = (there < 0) | ~np.isfinite(there) | (there != np.floor(there))
        if not len(there):
            faults.append(Fault(name, say("has no figure in any week; no data is not nought.")))
        elif wrong.any():
            faults.append(
                Fault(name, say("has {value}, which is no count; counts are whole numbers from nought up.", value=f"{there[wrong][0]:g}"))
            )
    if faults:
        raise BadInput.of(*faults)


def check_asked(weeks: int, *, alpha: float, frequency: int, start: int, breaks: Breaks) -> None:
    """Refuse parameters that cannot be met, each by its name."""
    faults: list[Fault] = []

    def demand(wrong: bool, name: str, sentence: Sentence) -> None:
        if wrong:
            faults.append(Fault(name, sentence))

    demand(not 0.0 < alpha < 0.5, "alpha", say("is {alpha}; it must lie between 0 and 0.5.", alpha=f"{alpha:g}"))
    demand(not 1 <= frequency <= 366, "frequency", say("is {frequency}; a year has 1 to 366 rows.", frequency=frequency))
    if not faults:
        least = least_past(frequency)
        short = say("The series has {weeks} rows; {least} must stand before the first that is judged.", weeks=weeks, least=least)
        early = say("is {start}; with {frequency} rows a year it can be {first} to {weeks}.",
                    start=start, frequency=frequency, first=least + 1, weeks=weeks)  # fmt: skip
        demand(weeks <= least, "", short)
        demand(weeks > least and not least < start <= weeks, "start", early)
    for own in breaks.values():
        for one in own:
            demand(not 1 < one <= weeks, "break", say("at row {row} lies outside rows 2 to {weeks}.", row=one, weeks=weeks))
    if faults:
        raise BadInput.of(*faults)
