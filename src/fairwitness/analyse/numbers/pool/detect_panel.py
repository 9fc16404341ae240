"""Detect over a panel: all places of a mission judged together, with one budget of false alarms, ranked, each cluster raised once.

The rule it guards: no place is silent because it is small, nobody is woken twice for the same cluster, and what lies beyond the cap is
still listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.budget import LOOSEST, Spent, spend
from fairwitness.analyse.numbers.pool.detect_one import Point, chances, check_asked, check_counts, lay_points
from fairwitness.analyse.numbers.pool.judge_weeks import Judged, judge_weeks
from fairwitness.analyse.numbers.pool.rank_alarms import Alarm, Week, rank_alarms
from fairwitness.analyse.numbers.pool.state_tail import first_alarm, state_tail
from fairwitness.errors import BadInput, Fault, say

Floats = NDArray[np.float64]


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
    fdr: float | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Watch:
    """Judge the weeks from `start` (1-based) of counts (weeks, places), NaN where there is no data; places share strength.

    Give `budget`, the false alarms allowed a week over all places, or `alpha`, the rate of each place. `breaks` maps a name to the
    1-based first weeks of its new stretches; `cap` is the most alarms raised in a week, `fdr` the greatest share of false alarms
    among them. BadInput with every fault when something does not fit.
    """
    panel = np.asarray(counts, dtype=np.float64)
    if panel.ndim != 2 or panel.shape[1] != len(names):
        raise BadInput.of(
            Fault("counts", say("must have a row for each week and a column for each of the {count} places.", count=len(names)))
        )
    _check_panel(panel, names, breaks or {})
    _check_budget(alpha, budget, cap, fdr)
    by_index = {names.index(name): tuple(sorted(own)) for name, own in (breaks or {}).items()}
    check_asked(len(panel), alpha=alpha if alpha is not None else 0.01, frequency=frequency, start=start, breaks=by_index)
    across = panel.T.copy()
    judged = judge_weeks(across, start=start, frequency=frequency, breaks=by_index, pooled=True, tell=tell)
    spent = _spent(judged, alpha, budget)
    limits = np.tile(np.array([one.alpha for one in spent]), (len(names), 1))
    points = lay_points(across, judged, limits, start=start)
    p = chances(judged)
    ranked = [
        rank_alarms(names, [own[at] for own in points], p[:, at], one, frequency=frequency, cap=cap, fdr=fdr)
        for at, one in enumerate(spent)
    ]
    return Watch(tuple(names), points, tuple(week for week, _ in ranked), tuple(alarm for _, alarms in ranked for alarm in alarms))


def _check_budget(alpha: float | None, budget: float | None, cap: int | None, fdr: float | None) -> None:
    faults = []
    if (alpha is None) == (budget is None):
        faults.append(Fault("budget", say("or alpha must be given, one of them: the false alarms you can afford in a week, such as 2.")))
    if budget is not None and not 0.0 < budget < np.inf:
        faults.append(Fault("budget", say("is {budget}; it must lie above 0.", budget=f"{budget:g}")))
    if cap is not None and cap < 1:
        faults.append(Fault("cap", say("is {cap}; at least one alarm must be raised.", cap=cap)))
    if fdr is not None and not 0.0 < fdr <= 1.0:
        faults.append(Fault("fdr", say("is {fdr}; it must lie above 0 and be at most 1.", fdr=f"{fdr:g}")))
    if faults:
        raise BadInput.of(*faults)


def _check_panel(panel: Floats, names: Sequence[str], breaks: Mapping[str, Sequence[int]]) -> None:
    faults = []
    doubled = sorted({name for name in names if list(names).count(name) > 1})
    if doubled:
        faults.append(Fault("names", say("name a place twice: {names}.", names=", ".join(doubled))))
    faults += [Fault("break", say("names {name}, which is no place of this panel.", name=name)) for name in breaks if name not in names]
    if not panel.size:
        faults.append(Fault("counts", say("have no place or no week.")))
    elif np.isfinite(panel).any() and not np.nansum(panel):
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
    even = min(budget / len(mean), LOOSEST)
    low = first_alarm(mean, spread, belief, np.full(len(mean), min(4.0 * even, 0.5)))
    high = first_alarm(mean, spread, belief, np.full(len(mean), even / 32.0))
    steps = np.concatenate([np.arange(least, most) for least, most in zip(low, high, strict=True)])
    owner = np.repeat(np.arange(len(mean)), (high - low).astype(int))
    above, point = state_tail(steps, mean[owner], spread[owner], belief[owner])
    floor = float(state_tail(high, mean, spread, belief)[0].sum())
    return spend(budget, floor, above - 0.5 * point, point)
