"""Bound the number of one model: the interval of totals that the overlap of the lists does not contradict.

For every assumed total N the table is completed with N - n unseen, the model is fitted, and the multinomial likelihood is compared with its
largest value; N stays in the interval while twice the difference is below the chi-square quantile (Cormack 1992, Biometrics 48;
Sanathanan 1972).
The rule it guards: an interval that has no upper end on these data says so; it is not cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln
from scipy.stats import chi2

from fairwitness.analyse.numbers.estimate.fit_models import BLOCK, Floats, shape, solve
from fairwitness.analyse.numbers.estimate.lay_models import Model

LEAST_UNSEEN = 0.05
MOST_TIMES = 1e4
TURNS = 40
_Falls = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Profile:
    """Per model: `peak` (the total of largest multinomial likelihood), `low`, `high` (inf where the data set no upper end)."""

    peak: Floats
    low: Floats
    high: Floats


def bound(counts: Floats, models: Sequence[Model], unseen: Floats, level: float = 0.95) -> Profile:
    """Profile-likelihood intervals of the total for `models`, whose Poisson fits say `unseen`; counts as in `fit`."""
    found = [_bound(counts, models[first : first + BLOCK], unseen[first : first + BLOCK], level) for first in range(0, len(models), BLOCK)]
    peak, low, high = (np.concatenate([part[place] for part in found]) for place in range(3)) if found else (np.zeros(0),) * 3
    return Profile(peak, low, high)


def _bound(counts: Floats, models: Sequence[Model], unseen: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    curve = _Curve(counts, models)
    n = float(counts[1:].sum())
    least, most = np.log(LEAST_UNSEEN), np.log(MOST_TIMES * n)
    start = np.clip(np.log(np.maximum(unseen, LEAST_UNSEEN)), least, most)
    floor, roof = np.full(len(models), least), np.full(len(models), most)
    peak = _root(lambda at: curve.at(at)[1], np.maximum(start - 0.3, floor), np.minimum(start + 0.3, roof), floor, roof)
    top = curve.at(peak)[0]
    cut = np.sqrt(chi2.ppf(level, 1))

    def below(at: Floats) -> Floats:
        return np.asarray(cut - np.sqrt(np.maximum(2 * (top - curve.at(at)[0]), 0.0)))

    low = _root(lambda at: -below(at), np.maximum(peak - 0.6, floor), peak, floor, peak)
    high = _root(below, peak, np.minimum(peak + 0.6, roof), peak, roof)
    lows = np.where(low <= floor + 1e-9, n, n + np.exp(low))
    return n + np.exp(peak), lows, np.where(high >= roof - 1e-9, np.inf, n + np.exp(high))


class _Curve:
    """The profile likelihood of a block of models at assumed unseen numbers exp(at), with its slope in the unseen number."""

    def __init__(self, counts: Floats, models: Sequence[Model]) -> None:
        self.alive, self.active = shape(counts, models, whole=True)
        self.counts = counts
        self.beta: Floats | None = None

    def at(self, at: Floats) -> tuple[Floats, Floats]:
        """Log-likelihood and its derivative by the unseen number, for each model at its own point."""
        unseen = np.exp(at)
        seen = np.tile(self.counts, (len(at), 1))
        seen[:, 0] = unseen
        total = seen.sum(axis=1)
        self.beta, mu, _, _ = solve(seen, self.alive, self.active, self.beta)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.log(mu / total[:, None])
            value = gammaln(total + 1) - gammaln(unseen + 1) + np.where(seen > 0, seen * share, 0.0).sum(axis=1)
        return value, digamma(total + 1) - digamma(unseen + 1) + share[:, 0]


def _root(falls: _Falls, left: Floats, right: Floats, floor: Floats, roof: Floats) -> Floats:
    """Where a falling function of each model's point is nought: brackets are widened, then narrowed by the Illinois rule; ends where it
    is not."""
    left, right = left.copy(), right.copy()
    up, down = falls(left), falls(right)
    for _ in range(TURNS):
        wide_left, wide_right = (up < 0) & (left > floor), (down > 0) & (right < roof)
        if not (wide_left | wide_right).any():
            break
        reach = 2 * (right - left) + 0.1
        right, left = (
            np.where(wide_left, left, np.where(wide_right, np.minimum(right + reach, roof), right)),
            np.where(wide_left, np.maximum(left - reach, floor), np.where(wide_right, right, left)),
        )
        up, down = falls(left), falls(right)
    ended = np.where(up < 0, -1, np.where(down > 0, 1, 0))
    side = np.zeros(len(left), dtype=np.int64)
    at = np.where(ended < 0, left, right)
    for _ in range(TURNS):
        open_ = (ended == 0) & (right - left > 1e-10)
        if not open_.any():
            break
        with np.errstate(divide="ignore", invalid="ignore"):
            tried = np.where(open_, (left * down - right * up) / (down - up), at)
        tried = np.where(np.isfinite(tried), np.clip(tried, left, right), (left + right) / 2)
        tried = np.where(ended == 0, tried, at)
        value = falls(tried)
        done = open_ & (np.abs(value) < 1e-9)
        rises = value > 0
        down = np.where(open_ & rises & (side > 0), down / 2, down)
        up = np.where(open_ & ~rises & (side < 0), up / 2, up)
        left, up = np.where(open_ & rises, tried, left), np.where(open_ & rises, value, up)
        right, down = np.where(open_ & ~rises, tried, right), np.where(open_ & ~rises, value, down)
        side = np.where(rises, 1, -1)
        at = np.where(open_, tried, at)
        left, right = np.where(done, tried, left), np.where(done, tried, right)
    return at
