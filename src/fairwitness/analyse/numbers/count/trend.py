"""Draw a trend: raw and per unit of effort side by side, cut where the series breaks.

More visits find more. A rise that follows the visits is no rise, and a new form, a new unit or a municipality that was divided begins
another series. The rule it guards: two periods are compared only within one unbroken stretch and only where somebody looked in both;
what the raw figures and the rates disagree about is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fairwitness.errors import BadInput, Fault, say

LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Period:
    """One period: the raw count (None: nobody looked), effort, rate per unit of effort with its interval, and why a series begins here."""

    label: str
    count: int | None
    effort: float
    rate: float | None
    low: float | None
    high: float | None
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One period held against the one before: ratios raw and per effort, and in words what they say. None where none may be made."""

    label: str
    raw: float | None
    per_effort: float | None
    low: float | None
    high: float | None
    words: str


def trend(
    labels: Sequence[str], counts: NDArray[np.float64], effort: NDArray[np.float64], breaks: Mapping[str, str] | None = None
) -> tuple[list[Period], list[Change]]:
    """Periods and changes of one series of n counts with their effort (visits, hours, days), both of shape (n,).

    NaN in `counts` is a period without data; a nought with no effort is no data too. `breaks` names the label at which a new series
    begins and why. Intervals at 90 %: exact for a rate (Garwood 1936), exact for the ratio of two (Przyborowski and Wilenski 1940, the
    binomial given the sum). Raises BadInput for labels that are doubled or unknown, negative or fractional counts, negative effort.
    """
    breaks = dict(breaks or {})
    _read(labels, counts, effort, breaks)
    periods = []
    for label, count, spent in zip(labels, counts.tolist(), effort.tolist(), strict=True):
        seen = None if math.isnan(count) or (count == 0 and spent == 0) else int(count)
        rate = low = high = None
        if seen is not None and spent > 0:
            rate, low, high = seen / spent, *(bound / spent for bound in _garwood(seen))
        periods.append(Period(label, seen, spent, rate, low, high, breaks.get(label, "")))
    return periods, [_change(before, now) for before, now in pairwise(periods)]


def _read(labels: Sequence[str], counts: NDArray[np.float64], effort: NDArray[np.float64], breaks: Mapping[str, str]) -> None:
    if not len(labels) == counts.size == effort.size:
        raise BadInput.of(Fault("effort", say("has {effort} values for {counts} counts; each count stands with its effort",
                                              effort=effort.size, counts=counts.size)))  # fmt: skip
    known = counts[~np.isnan(counts)]
    faults = []
    if len(set(labels)) != len(labels):
        faults.append(Fault("labels", "name a period twice; each stands once"))
    if np.any(known < 0) or np.any(known != np.floor(known)) or np.any(np.isinf(known)):
        faults.append(Fault("counts", "have a value that is negative, fractional or not finite"))
    if not np.all(np.isfinite(effort)) or np.any(effort < 0):
        faults.append(Fault("effort", "has a value that is missing or negative; where nobody looked it is 0"))
    unknown = sorted(set(breaks) - set(labels))
    if unknown:
        faults.append(Fault("breaks", say("name periods that are not there: {names}", names=", ".join(unknown))))
    if faults:
        raise BadInput.of(*faults)


def _garwood(count: int) -> tuple[float, float]:
    tail = (1 - LEVEL) / 2
    low = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return low, float(stats.chi2.ppf(1 - tail, 2 * count + 2)) / 2


def _change(before: Period, now: Period) -> Change:
    if now.begins:
        return Change(now.label, None, None, None, None, f"A new series begins: {now.begins}. It is not compared with the one before.")
    if before.count is None or now.count is None:
        return Change(now.label, None, None, None, None, "No data in one of the two periods; they are not compared.")
    raw = now.count / before.count if before.count else None
    if not before.effort or not now.effort:
        return Change(now.label, raw, None, None, None, "Effort is not known in one of the two periods; only the raw figures stand.")
    share = before.effort / now.effort
    ratio = raw * share if raw is not None else None
    low, high = (bound * share for bound in _odds(now.count, before.count))
    words = _words(now.count, before.count, ratio, low, high)
    return Change(now.label, raw, ratio, low, high if math.isfinite(high) else None, words)


def _odds(now: int, before: int) -> tuple[float, float]:
    """Interval of the ratio of two Poisson means from the binomial share of the later one."""
    tail, total = (1 - LEVEL) / 2, now + before
    p_low = float(stats.beta.ppf(tail, now, before + 1)) if now else 0.0
    p_high = float(stats.beta.ppf(1 - tail, now + 1, before)) if before else 1.0
    if not total:
        return 0.0, math.inf
    return p_low / (1 - p_low), p_high / (1 - p_high) if p_high < 1 else math.inf


def _words(now: int, before: int, ratio: float | None, low: float, high: float) -> str:
    raw = "more" if now > before else "fewer" if now < before else "as many"
    rate = "more" if low > 1 else "fewer" if high < 1 else "no clear change"
    if rate == "no clear change":
        return f"{raw.capitalize()} in raw figures; per unit of effort no change is clear."
    if raw == rate:
        return f"{raw.capitalize()} in raw figures and per unit of effort."
    return f"{raw.capitalize()} in raw figures, but {rate} per unit of effort: effort changed."
