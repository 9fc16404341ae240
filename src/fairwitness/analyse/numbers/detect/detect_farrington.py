"""Detect by Farrington: is this week above what the same weeks of former years let expect, past outbreaks weighed down?

Farrington, Andrews, Beale and Catchpole, JRSS A 159 (1996) 547-563, and its flexible family: Noufaily, Enki, Farrington, Garthwaite,
Andrews and Charlett, Statistics in Medicine 32 (2013) 1206-1222. The rule it guards: with fewer than five counts in the last four
weeks there is no bound and no alarm, unless the reader asked for one; the missing bound is shown as missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from fairwitness.analyse.numbers.detect.choose_baseline import choose_periods, choose_windows, find_anniversaries
from fairwitness.analyse.numbers.detect.fit_levels import Fit, fit_levels
from fairwitness.analyse.numbers.detect.state_points import Points, check_between, check_series, refuse
from fairwitness.errors import say

Numbers = NDArray[np.float64]
POWERS = {"none": 1.0, "1/2": 0.5, "2/3": 2.0 / 3.0}
THRESHOLDS = ("delta", "nbPlugin", "muan")
BATCH = 128
MOST_SEARCHED = 1e9


@dataclass(frozen=True, slots=True)
class FarringtonRules:
    """The parameters of the family. Lengths are in rows of the series; `b` in years.

    `alpha` one-sided, for `classic` (1996) the two tails together. `power` of the scale on which the bound is symmetric. `p_trend`:
    a trend is kept when its p is not above. `limit`: (counts, rows) below which there is no bound.
    """

    b: int
    w: int = 3
    periods: int = 10
    leave: int = 26
    reweight: bool = True
    weights_threshold: float = 2.58
    trend: bool = True
    p_trend: float = 1.0
    alpha: float = 0.05
    threshold: str = "delta"
    power: str = "2/3"
    limit: tuple[int, int] = (5, 4)
    frequency: int = 52
    classic: bool = False


@dataclass(frozen=True, slots=True)
class _Cells:
    """The baselines of several weeks, padded with cells of weight 0 to equal length."""

    counts: Numbers
    levels: NDArray[np.int64]
    times: Numbers
    there: Numbers
    offset: Numbers


@dataclass(frozen=True, slots=True)
class Expected:
    """What a baseline lets expect at each tested week: mean (counts), variance of its logarithm, dispersion, slope kept or NaN."""

    mean: Numbers
    log_variance: Numbers
    dispersion: Numbers
    slope: Numbers
    converged: NDArray[np.bool_]


def detect_farrington(
    counts: Numbers,
    rules: FarringtonRules,
    *,
    start: int,
    dates: Sequence[date] | None = None,
    population: Numbers | None = None,
    engine: str = "auto",
) -> Points:
    """Test every row from `start` (1-based) to the last. BadInput when a parameter or the series does not allow it.

    With `population`, one figure a row, the counts per head are what is compared: its logarithm is an offset of the regression, and
    the mean and the bound are those of the population of the tested row.
    """
    check_series(counts, start)
    check_rules(rules)
    offset = np.zeros(counts.size) if population is None else _logarithm(population, counts.size)
    parts = [expect(counts, rules, range(low, min(low + BATCH, counts.size + 1)), dates, engine, offset)
             for low in range(start, counts.size + 1, BATCH)]  # fmt: skip
    known = Expected(*(np.concatenate([getattr(part, name) for part in parts]) for name in Expected.__slots__))
    t = np.arange(start, counts.size + 1)
    observed = counts[start - 1 :]
    bound, p = bound_above(observed, known, rules)
    silent = _recent(counts, rules.limit[1])[start - 1 :] < rules.limit[0]
    bound[silent] = 0.0 if rules.classic else np.nan
    with np.errstate(invalid="ignore"):
        alarm = np.where(silent, 0.0, (observed > bound) & np.isfinite(bound)).astype(np.float64)
    lost = t[~known.converged]
    warnings = (str(say("the fit did not settle at rows {rows}.", rows=", ".join(map(str, lost[:20])))),) if lost.size else ()
    return Points(t, observed, known.mean, bound, alarm, p, warnings)


def _logarithm(population: Numbers, rows: int) -> Numbers:
    """The logarithm of the population, taken as a share of its mean so that the levels stay those of counts."""
    if population.shape != (rows,) or not (np.isfinite(population) & (population > 0)).all():
        refuse("population", say("must be a number above 0 in every row."))
    return np.asarray(np.log(population / population.mean()), dtype=np.float64)


def check_rules(rules: FarringtonRules) -> None:
    """Refuse parameters outside their meaning, each by name."""
    check_between("b", rules.b, 1, 100)
    check_between("w", rules.w, 0, rules.frequency // 2 - 1)
    check_between("periods", rules.periods, 1, rules.frequency)
    check_between("past_weeks_not_included", rules.leave, 0, rules.frequency * rules.b)
    check_between("alpha", rules.alpha, 0, 1, open_ends=True)
    check_between("p_threshold_trend", rules.p_trend, 0, 1)
    check_between("weights_threshold", rules.weights_threshold, 0, 1e9)
    if rules.threshold not in THRESHOLDS:
        refuse("threshold_method", say("“{name}” is not one; there are {names}.", name=rules.threshold, names=", ".join(THRESHOLDS)))
    if rules.power not in POWERS:
        refuse("power_transform", say("“{name}” is not one; there are {names}.", name=rules.power, names=", ".join(POWERS)))
    if rules.limit[0] < 0 or rules.limit[1] < 1:
        refuse("limit54", say("needs a number of counts from 0 up and a number of rows from 1 up."))


def expect(
    counts: Numbers,
    rules: FarringtonRules,
    tested: range,
    dates: Sequence[date] | None = None,
    engine: str = "auto",
    offset: Numbers | None = None,
) -> Expected:
    """Fit the baseline of each tested row: weigh past outbreaks down, keep the trend only where it is to be believed.

    `offset` is the known part of the logarithm of the mean of each row.
    """
    offset = np.zeros(counts.size) if offset is None else offset
    cells = _gather(counts, rules, tested, dates, offset)
    at = np.column_stack([np.array(tested, dtype=np.float64), offset[np.array(tested) - 1]])
    plain = np.arange(len(at))
    parts: list[tuple[NDArray[np.int64], Expected]] = []
    if rules.trend and rules.b >= 3:
        with_trend, believed = _settle(cells, at, rules, trend=True, engine=engine)
        kept, plain = plain[believed], plain[~believed]
        parts.append((kept, _rows(with_trend, believed)))
    if plain.size:
        rest = _Cells(*(getattr(cells, name)[plain] for name in _Cells.__slots__))
        parts.append((plain, _settle(rest, at[plain], rules, trend=False, engine=engine)[0]))
    order = np.argsort(np.concatenate([place for place, _ in parts]))
    whole = Expected(*(np.concatenate([getattr(part, name) for _, part in parts]) for name in Expected.__slots__))
    return _rows(whole, order)


def _rows(known: Expected, which: NDArray[np.bool_] | NDArray[np.int64]) -> Expected:
    return Expected(*(getattr(known, name)[which] for name in Expected.__slots__))


def _gather(counts: Numbers, rules: FarringtonRules, tested: range, dates: Sequence[date] | None, offset: Numbers) -> _Cells:
    """The baseline cells of each tested row, padded."""
    found = []
    for t in tested:
        years = find_anniversaries(t, rules.b, rules.frequency, dates)
        if years[0] - rules.w < 1:
            refuse(
                "b", say("row {t} has no full window {b} years before; begin later (from_row) or look back fewer years.", t=t, b=rules.b)
            )
        if rules.periods == 1:
            rows = choose_windows(t, years, rules.w, rules.leave)
            levels = np.zeros(len(rows), dtype=np.int64)
        else:
            rows, levels = choose_periods(t, years, rules.w, rules.periods, rules.leave)
        if not (levels == 0).any():
            refuse("past_weeks_not_included", say("leaves nothing to compare row {t} with.", t=t))
        found.append((rows, levels))
    width = max(len(rows) for rows, _ in found)
    shape = (len(found), width)
    times = np.repeat(np.array(tested, float)[:, None], width, 1)
    cells = _Cells(np.zeros(shape), np.zeros(shape, dtype=np.int64), times, np.zeros(shape), np.zeros(shape))
    for place, (rows, levels) in enumerate(found):
        cells.counts[place, : len(rows)] = counts[rows - 1]
        cells.levels[place, : len(rows)] = levels
        cells.times[place, : len(rows)] = rows
        cells.there[place, : len(rows)] = 1.0
        cells.offset[place, : len(rows)] = offset[rows - 1]
    return cells


def _settle(cells: _Cells, at: Numbers, rules: FarringtonRules, *, trend: bool, engine: str) -> tuple[Expected, NDArray[np.bool_]]:
    """Fit, weigh residuals down, fit again; and say where the slope may be believed. `at` has the time and the offset of each row."""
    weights = cells.there
    fit = fit_levels(cells.counts, cells.levels, cells.times, weights, trend=trend, offset=cells.offset, engine=engine)
    if rules.reweight:
        weights = weigh_down(cells.counts, fit, fit.leverage(cells.levels, cells.times), weights, rules.weights_threshold)
        fit = fit_levels(cells.counts, cells.levels, cells.times, weights, trend=trend, offset=cells.offset, engine=engine)
    raw = disperse(cells.counts, fit, fit.working)
    error = raw
    if rules.classic:
        error = np.maximum(raw, 1.0)
    elif rules.reweight:
        # The family's published figures state the error of the mean with the scatter of the working residuals under the outbreak weights.
        error = disperse(cells.counts, fit, weights)
    mean, spread = fit.predict(at[:, 0], at[:, 1])
    highest = cells.counts.max(axis=1)
    with np.errstate(all="ignore"):
        ratio = np.abs(fit.slope) / np.sqrt((raw if rules.classic else error) / fit.slope_weight)
        p = 2.0 * special.stdtr(fit.degrees, -ratio)
        believed = (p <= rules.p_trend) & (mean <= highest) & fit.converged
    slope = fit.slope if trend else np.full(len(at), np.nan)
    return Expected(mean, spread * error, np.maximum(raw, 1.0), slope, fit.converged), believed


def weigh_down(counts: Numbers, fit: Fit, leverage: Numbers, there: Numbers, threshold: float) -> Numbers:
    """Weights of a second fit: a standardised Anscombe residual s above `threshold` weighs 1/s², scaled to the number of cells."""
    with np.errstate(all="ignore"):
        scatter = np.maximum(disperse(counts, fit, fit.working), 1.0)[:, None]
        gap = np.cbrt(counts) ** 2 - np.cbrt(fit.mean) ** 2
        s = 1.5 * gap / (np.sqrt(scatter) * fit.mean ** (1.0 / 6.0) * np.sqrt(1.0 - leverage))
        weights = np.where(there > 0, np.where(s > threshold, 1.0 / (s * s), 1.0), 0.0)
    return np.asarray(weights * (there.sum(axis=1) / weights.sum(axis=1))[:, None], dtype=np.float64)


def disperse(counts: Numbers, fit: Fit, weights: Numbers) -> Numbers:
    """Sum of weighted squared working residuals per degree of freedom; with the working weights, Pearson's dispersion."""
    with np.errstate(all="ignore"):
        residual = (counts - fit.mean) / fit.mean
        return np.asarray(np.where(weights > 0, weights * residual * residual, 0.0).sum(axis=1) / fit.degrees, dtype=np.float64)


def bound_above(observed: Numbers, known: Expected, rules: FarringtonRules) -> tuple[Numbers, Numbers]:
    """The count above which to alarm, and the probability of one as high as observed.

    delta: normal on the scale of `power`, variance of count and mean together (1996, section 3.6). nbPlugin: quantile of the negative
    binomial with that mean and dispersion. muan: the same at the upper limit of the mean, its logarithm normal (2013, section 3.5).
    """
    tail = rules.alpha / 2 if rules.classic else rules.alpha
    z = -special.ndtri(tail)
    with np.errstate(all="ignore"):
        if rules.threshold == "delta":
            power = POWERS[rules.power]
            spread = power * known.mean ** (power - 0.5) * np.sqrt(known.dispersion + known.log_variance * known.mean)
            centre = known.mean**power
            bound = np.maximum(centre + z * spread, 0.0) ** (1.0 / power)
            return bound, special.ndtr(-(observed**power - centre) / spread)
        mean = known.mean if rules.threshold == "nbPlugin" else known.mean * np.exp(z * np.sqrt(known.log_variance))
        return quantile_of_counts(1.0 - tail, mean, known.dispersion), tail_of_counts(observed, mean, known.dispersion)


def quantile_of_counts(level: float, mean: Numbers, dispersion: Numbers) -> Numbers:
    """The smallest count not exceeded with probability `level`: variance = dispersion times mean, Poisson where that is 1.

    Above a thousand million the normal quantile stands in (the search for the exact one would not end); NaN where the mean has no end.
    """
    with np.errstate(all="ignore"):
        exact = mean < MOST_SEARCHED
        wide, narrow = exact & (dispersion > 1), exact & (dispersion <= 1)
        found = np.where(np.isfinite(mean), mean + special.ndtri(level) * np.sqrt(mean * dispersion), np.nan)
        found[wide] = stats.nbinom.ppf(level, mean[wide] / (dispersion[wide] - 1.0), 1.0 / dispersion[wide])
        found[narrow] = stats.poisson.ppf(level, mean[narrow])
        return np.asarray(found, dtype=np.float64)


def tail_of_counts(observed: Numbers, mean: Numbers, dispersion: Numbers) -> Numbers:
    """The probability of a count at least as high as observed."""
    with np.errstate(all="ignore"):
        size = np.where(dispersion > 1, mean / (dispersion - 1.0), 1.0)
        wide = np.where(observed > 0, special.betainc(np.maximum(observed, 1.0), size, 1.0 - 1.0 / dispersion), 1.0)
        narrow = np.where(observed > 0, special.gammainc(np.maximum(observed, 1.0), mean), 1.0)
        return np.asarray(np.where(np.isfinite(mean), np.where(dispersion > 1, wide, narrow), np.nan), dtype=np.float64)


def _recent(counts: Numbers, rows: int) -> Numbers:
    """The sum of the last `rows` counts, the current one among them."""
    total = np.concatenate([np.zeros(rows), np.cumsum(counts)])
    return np.asarray(total[rows:] - total[:-rows], dtype=np.float64)


def for_months(rules: FarringtonRules) -> FarringtonRules:
    """The rules of the flexible family for a monthly series: windows of one month either side, one level, three months left out."""
    return replace(rules, w=1, periods=1, leave=3, frequency=12)
