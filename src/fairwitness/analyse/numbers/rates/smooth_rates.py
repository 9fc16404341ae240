"""Smooth rates: each place's rate drawn towards the rate of all, or of its neighbours, as far as chance could have made it.

The rule it guards: the raw figures stay beside the smoothed one; where the places differ no more than chance makes them, all have one rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import gamma

from fairwitness.errors import BadInput, Fault, say

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Smoothed:
    """`rates` per head; `mean` the rate they are drawn to and `variance` between places (arrays for the local form)."""

    rates: Floats
    mean: Floats
    variance: Floats


@dataclass(frozen=True, slots=True)
class Gamma:
    """Rates as a gamma distribution: `shape` / `rate` is its mean; `low`, `high` the interval of each place. shape None: all one rate."""

    rates: Floats
    low: Floats
    high: Floats
    shape: float | None
    rate: float | None


def check_counts(cases: Floats, people: Floats) -> None:
    """Refuse what has no rate: fewer than three places, nobody living there, no case at all."""
    if len(cases) < 3:
        raise BadInput.of(Fault("", say("has fewer than three places; there is nothing to draw a rate towards.")))
    if (people <= 0).any():
        raise BadInput.of(Fault("population", say("is nought in a place; a rate needs people.")))
    if not cases.sum():
        raise BadInput.of(Fault("cases", say("has no case at all; every rate is nought.")))


def smooth_global(cases: Floats, people: Floats) -> Smoothed:
    """Marshall (1991, Applied Statistics 40, 283), towards the rate of all.

    With r = cases / people, m = total cases / total people, s2 = sum people (r - m)^2 / total people and a = max(0, s2 - m / mean people):
    the rate is m + (r - m) a / (a + m / people).
    """
    rates, m = cases / people, cases.sum() / people.sum()
    a = max(0.0, between(cases, people))
    return Smoothed(m + (rates - m) * a / (a + m / people), np.array(m), np.array(a))


def between(cases: Floats, people: Floats) -> float:
    """The variance of the rates between places beyond chance, by moments; below nought where there is none."""
    m = cases.sum() / people.sum()
    return float((people * (cases / people - m) ** 2).sum() / people.sum() - m / people.mean())


def smooth_local(cases: Floats, people: Floats, near: NDArray[np.bool_]) -> Smoothed:
    """Marshall's local form: mean and variance of each place are those of itself and its neighbours. An island keeps its own rate."""
    group = (near | np.eye(len(cases), dtype=bool)).astype(float)
    rates = cases / people
    held = group @ people
    m = (group @ cases) / held
    s2 = (group * people[None, :] * (rates[None, :] - m[:, None]) ** 2).sum(axis=1) / held
    a = np.maximum(0.0, s2 - m / (held / group.sum(axis=1)))
    safe = np.where(a + m / people > 0, a + m / people, 1.0)
    return Smoothed(m + (rates - m) * a / safe, m, a)


def smooth_gamma(cases: Floats, people: Floats, level: float = 0.95) -> Gamma:
    """Poisson counts with gamma rates (Clayton & Kaldor 1987, Biometrics 43, 671), fitted by maximum likelihood of the negative binomial.

    The rate of a place is (cases + shape) / (people + rate), with the interval of its gamma distribution. Where the likelihood climbs to
    a gamma without spread, every place has the rate of all and the interval is that of the total (gamma with the total's cases).
    """
    mean = cases.sum() / people.sum()

    def down(log_shape: Floats) -> float:
        # people are scaled by the mean rate, so that expected counts, not heads, meet the shape
        shape, scale = float(np.exp(log_shape[0])), float(np.exp(log_shape[1]))
        expected = people * scale
        each = (
            gammaln(cases + shape)
            - gammaln(shape)
            + shape * np.log(shape / (shape + expected))
            + cases * np.log(expected / (shape + expected))
        )
        return -float(each.sum())

    found = min(
        (
            minimize(down, np.array([start, np.log(mean)]), method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000})
            for start in (0.0, 3.0)
        ),
        key=lambda one: float(one.fun),
    )
    poisson = -float((cases * np.log(people * mean) - people * mean).sum())
    tail = 0.5 - level / 2
    if poisson - float(found.fun) < 1e-6 or found.x[0] > 12:
        whole = gamma(cases.sum() + 0.5, scale=1 / people.sum())
        same = np.ones_like(cases)
        return Gamma(same * mean, same * whole.ppf(tail), same * whole.ppf(1 - tail), None, None)
    shape = float(np.exp(found.x[0]))
    rate = shape / float(np.exp(found.x[1]))
    made = gamma(cases + shape, scale=1 / (people + rate))
    return Gamma((cases + shape) / (people + rate), made.ppf(tail), made.ppf(1 - tail), shape, rate)
