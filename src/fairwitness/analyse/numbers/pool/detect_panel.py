"""Detect over a panel: all places of a mission judged together, with one budget of false alarms, ranked, each cluster raised once.

The rule it guards: no place is silent because it is small, nobody is woken twice for the same cluster, and what lies beyond the cap is
still listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.budget import LOOSEST, Spent, false_share, recurrence_years, say_recurrence, spend
from fairwitness.analyse.numbers.pool.detect_one import Point, chances, check_asked, check_counts, lay_points
from fairwitness.analyse.numbers.pool.judge_weeks import Judged, judge_weeks
from fairwitness.analyse.numbers.pool.state_tail import first_alarm, state_tail
from fairwitness.errors import BadInput, Fault, Sentence, say

Floats = NDArray[np.float64]

RAISED, ONGOING, BEYOND = "raised", "ongoing", "beyond the cap"


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm: `rank` within its week (1 is the strongest), `state` raised, ongoing or beyond the cap.

    `q` bounds the share of false alarms among those of the week at least as strong; `recurrence` is in words for this one place,
    `mission_recurrence` for any of the places watched.
    """

    place: str
    point: Point
    rank: int
    state: str
    q: float
    recurrence_years: float
    recurrence: Sentence
    mission_recurrence: Sentence


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the mission: the level its budget came to, the false alarms expected by chance, and the alarms by state."""

    t: int
    alpha: float
    false_alarms: float
    raised: int
    ongoing: int
    beyond: int


@dataclass(frozen=True, slots=True)
class Watch:
    """What the panel says: `points` per place in the order of `names`, the `weeks`, and `alarms` by week and rank."""

    names: tuple[str, ...]
    points: tuple[tuple[Point, ...], ...]
    weeks: tuple[Week, ...]
    alarms: tuple[Alarm, ...]


def detect_panel(
    counts: Floats,
    *,
    alpha: float | None = None,
    budget: float | None = None,
    frequency: int,
    start: int,
    names: Sequence[str],
    breaks: Mapping[str, Sequence[int]] | None = None,
    cap: int | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Watch:
    """Judge the weeks from `start` (1-based) of counts (weeks, places), NaN where there is no data; places share strength.

    Give `budget`, the false alarms allowed a week over all places, or `alpha`, the rate of each place. `breaks` maps a name to the
    1-based first weeks of its new stretches; `cap` is the most alarms raised in a week. BadInput with every fault when something does
    not fit.
    """
    panel = np.asarray(counts, dtype=np.float64)
    if panel.ndim != 2 or panel.shape[1] != len(names):
        raise BadInput.of(
            Fault("counts", say("must have a row for each week and a column for each of the {count} places.", count=len(names)))
        )
    _check_panel(panel, alpha, budget, cap, names, breaks or {})
    by_index = {names.index(name): tuple(sorted(own)) for name, own in (breaks or {}).items()}
    check_asked(len(panel), alpha=alpha if alpha is not None else 0.01, frequency=frequency, start=start, breaks=by_index)
    across = panel.T.copy()
    judged = judge_weeks(across, start=start, frequency=frequency, breaks=by_index, pooled=True, tell=tell)
    spent = _spent(judged, alpha, budget)
    limits = np.tile(np.array([one.alpha for one in spent]), (len(names), 1))
    points = lay_points(across, judged, limits, start=start)
    weeks, alarms = _ranked(names, points, chances(judged), spent, frequency, cap)
    return Watch(tuple(names), points, weeks, alarms)


def _check_panel(panel: Floats, alpha: float | None, budget: float | None, cap: int | None, names: Sequence[str],
                 breaks: Mapping[str, Sequence[int]]) -> None:  # fmt: skip
    faults = []
    if (alpha is None) == (budget is None):
        faults.append(Fault("budget", say("or alpha must be given, one of them.")))
    if budget is not None and not 0.0 < budget <= LOOSEST * len(names):
        most = say("is {budget}; for {places} places it must lie above 0 and be at most {most}: beyond that the usual would be an alarm.",
                   budget=f"{budget:g}", places=len(names), most=f"{LOOSEST * len(names):g}")  # fmt: skip
        faults.append(Fault("budget", most))
    if cap is not None and cap < 1:
        faults.append(Fault("cap", say("is {cap}; at least one alarm must be raised.", cap=cap)))
    doubled = sorted({name for name in names if list(names).count(name) > 1})
    if doubled:
        faults.append(Fault("names", say("name a place twice: {names}.", names=", ".join(doubled))))
    faults += [Fault("break", say("names {name}, which is no place of this panel.", name=name)) for name in breaks if name not in names]
    if not faults and np.isfinite(panel).any() and not np.nansum(panel):
        faults.append(Fault("counts", say("are nought in every week of every place: nothing shows what is usual.")))
    if faults:
        raise BadInput.of(*faults)
    check_counts(panel.T, names)


def _spent(judged: Judged, alpha: float | None, budget: float | None) -> list[Spent]:
    """For each week the level and the false alarms expected of the places that have data in it."""
    found = []
    for at in range(judged.mean.shape[1]):
        there = np.isfinite(judged.seen[:, at])
        mean, spread, belief = judged.mean[there, at], judged.spread[there, at], judged.belief[there, at]
        if alpha is not None or not len(mean):
            level = alpha if alpha is not None else LOOSEST
            edge = first_alarm(mean, spread, belief, np.full(len(mean), level))
            found.append(Spent(level, float(state_tail(edge, mean, spread, belief)[0].sum())))
        else:
            found.append(_afford(mean, spread, belief, float(budget or 0.0)))
    return found


def _afford(mean: Floats, spread: Floats, belief: Floats, budget: float) -> Spent:
    """Spend a week's budget over its places: all counts between a level much stricter and one somewhat looser than an even share are
    weighed.
    """
    even = budget / len(mean)
    low = first_alarm(mean, spread, belief, np.full(len(mean), min(4.0 * even, 0.5)))
    high = first_alarm(mean, spread, belief, np.full(len(mean), even / 32.0))
    steps = np.concatenate([np.arange(least, most) for least, most in zip(low, high, strict=True)])
    owner = np.repeat(np.arange(len(mean)), (high - low).astype(int))
    above, point = state_tail(steps, mean[owner], spread[owner], belief[owner])
    floor = float(state_tail(high, mean, spread, belief)[0].sum())
    return spend(budget, floor, above - 0.5 * point, point)


def _ranked(names: Sequence[str], points: Sequence[Sequence[Point]], p: Floats, spent: Sequence[Spent], frequency: int,
            cap: int | None) -> tuple[tuple[Week, ...], tuple[Alarm, ...]]:  # fmt: skip
    """Each week's alarms by strength; those raised beyond the cap are said to be so."""
    weeks, alarms = [], []
    for at, one in enumerate(spent):
        share = false_share(p[:, at])
        listed = (place for place in range(len(names)) if points[place][at].raised or points[place][at].ongoing)
        alarmed = sorted(listed, key=lambda place: (p[place, at], names[place]))
        states: list[str] = []
        for place in alarmed:
            fresh = points[place][at].raised
            state = ONGOING if not fresh else BEYOND if cap is not None and states.count(RAISED) >= cap else RAISED
            states.append(state)
        watched = int(np.isfinite(p[:, at]).sum())
        for rank, (place, state) in enumerate(zip(alarmed, states, strict=True), start=1):
            years = recurrence_years(float(p[place, at]), frequency)
            alarms.append(Alarm(names[place], points[place][at], rank, state, float(share[place]), years, say_recurrence(years),
                                say_recurrence(years / watched)))  # fmt: skip
        weeks.append(Week(points[0][at].t, one.alpha, one.false_alarms, states.count(RAISED), states.count(ONGOING), states.count(BEYOND)))
    return tuple(weeks), tuple(alarms)
