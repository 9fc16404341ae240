"""Detect by likelihood ratio: since some week in the past, has the level been higher than the season lets expect?

Generalised likelihood ratio for Poisson and negative binomial counts: Höhle and Paul, Computational Statistics and Data Analysis 52
(2008) 4357-4368. The rule it guards: the statistic begins anew after each alarm; what it shows beside a week is the statistic, not a
number of counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from fairwitness.analyse.numbers.detect.state_points import Points, check_between, check_series, refuse
from fairwitness.errors import say

Numbers = NDArray[np.float64]
STEPS = 60


def detect_glr(
    counts: Numbers, *, start: int, c_arl: float = 5.0, family: str = "poisson", season: int = 1, trend: bool = False,
    frequency: int = 52, dispersion: float | None = None, kappa: float | None = None, direction: str = "inc",
) -> Points:  # fmt: skip
    """Alarm when max over the start of sup over kappa of the log-likelihood ratio reaches `c_arl`; then begin anew.

    The mean before any change is a Poisson or negative binomial regression on the rows before `start`: intercept, `season` pairs of
    sine and cosine, with `trend` a slope. `dispersion` alpha of the negative binomial (variance mu + alpha mu²), estimated by maximum
    likelihood when None. `kappa` fixes the logarithm of the change. `direction` inc or dec.
    """
    check_series(counts, start)
    check_between("c_arl", c_arl, 0, 1e6, open_ends=True)
    check_between("season", season, 0, frequency // 2)
    if direction not in ("inc", "dec"):
        refuse("direction", say("is inc or dec, not “{name}”.", name=direction))
    design = _design(counts.size, season, trend, frequency)
    before = start - 1
    if before < design.shape[1] + 2:
        refuse("from_row", say("row {row} has too few rows before it to fit the season; begin later.", row=start))
    if not counts[:before].any():
        refuse("column", say("nothing was counted before row {row}; there is no level to depart from.", row=start))
    alpha = 0.0
    if family == "poisson":
        beta = _fit_mean(counts[:before], design[:before], 0.0)
    else:
        beta, alpha = _fit_wide(counts[:before], design[:before], dispersion)
    mean = np.exp(design @ beta)
    t = np.arange(start, counts.size + 1)
    statistic = _run(counts[before:], mean[before:], alpha, c_arl, kappa, 1.0 if direction == "inc" else -1.0)
    return Points(t, counts[before:], mean[before:], statistic, (statistic >= c_arl).astype(np.float64), np.full(len(t), np.nan))


def _design(rows: int, season: int, trend: bool, frequency: int) -> Numbers:
    """Intercept, slope, pairs of sine and cosine of the row number."""
    t = np.arange(1, rows + 1, dtype=np.float64)
    columns = [np.ones(rows)] + ([t] if trend else [])
    for pair in range(1, season + 1):
        turn = 2.0 * np.pi * pair * t / frequency
        columns += [np.sin(turn)] if 2 * pair == frequency else [np.sin(turn), np.cos(turn)]
    return np.column_stack(columns)


def _fit_mean(y: Numbers, x: Numbers, alpha: float) -> Numbers:
    """Coefficients of a log-linear mean, variance mu + alpha mu², by iteratively reweighted least squares to the last digit."""
    eta = np.log(y + 0.1)
    beta = np.zeros(x.shape[1])
    for _ in range(STEPS):
        mu = np.exp(np.clip(eta, -700, 700))
        root = np.sqrt(mu / (1.0 + alpha * mu))
        new = np.linalg.lstsq(x * root[:, None], root * (eta + (y - mu) / mu), rcond=None)[0]
        eta = x @ new
        if np.max(np.abs(new - beta)) < 1e-12 * (1.0 + np.max(np.abs(new))):
            return np.asarray(new, dtype=np.float64)
        beta = new
    return np.asarray(beta, dtype=np.float64)


def _fit_wide(y: Numbers, x: Numbers, dispersion: float | None) -> tuple[Numbers, float]:
    """Mean and alpha of a negative binomial by maximum likelihood; alpha 0 (Poisson) where counts scatter no more than chance."""
    if dispersion is not None:
        check_between("dispersion_alpha", dispersion, 0, 1e6)
        return _fit_mean(y, x, dispersion), dispersion

    def loss(log_size: float) -> float:
        size = float(np.exp(log_size))
        mu = np.exp(x @ _fit_mean(y, x, 1.0 / size))
        terms = special.gammaln(y + size) - special.gammaln(size) + size * np.log(size / (size + mu)) + special.xlogy(y, mu / (size + mu))
        return -float(terms.sum())

    found = optimize.minimize_scalar(loss, bounds=(-7.0, 16.0), method="bounded", options={"xatol": 1e-9})
    size = float(np.exp(found.x))
    size = _polish(y, x, size)
    return _fit_mean(y, x, 1.0 / size), 1.0 / size


def _polish(y: Numbers, x: Numbers, size: float) -> float:
    """The root of the score of the size near a minimum found by search, whose own precision ends at the square root of the machine's."""

    def score(log_size: float) -> float:
        k = float(np.exp(log_size))
        mu = np.exp(x @ _fit_mean(y, x, 1.0 / k))
        return float(np.sum(special.digamma(y + k) - special.digamma(k) + np.log(k / (k + mu)) + 1.0 - (y + k) / (k + mu)))

    low, high = np.log(size) - 0.02, np.log(size) + 0.02
    if score(low) * score(high) > 0:
        return size
    return float(np.exp(optimize.brentq(score, low, high, xtol=1e-13)))


def _run(y: Numbers, mean: Numbers, alpha: float, limit: float, kappa: float | None, sign: float) -> Numbers:
    """The statistic row by row, from the last alarm on."""
    statistic = np.zeros(len(y))
    begin = 0
    for now in range(len(y)):
        some, mu = y[begin : now + 1], mean[begin : now + 1]
        if kappa is not None:
            gained = _ratios(some, mu, alpha, np.full(len(some), kappa))
        elif alpha == 0.0:
            gained = _poisson(some, mu, sign)
        else:
            gained = _ratios(some, mu, alpha, _best_shift(some, mu, alpha, sign))
        statistic[now] = max(0.0, float(gained.max()))
        if statistic[now] >= limit:
            begin = now + 1
    return statistic


def _poisson(y: Numbers, mean: Numbers, sign: float) -> Numbers:
    """The greatest log-likelihood ratio of a change since each row; the best kappa is log(sum y / sum mean), in the right direction."""
    seen, due = np.cumsum(y[::-1]), np.cumsum(mean[::-1])
    with np.errstate(divide="ignore"):
        shift = np.log(seen / due)
    shift = np.maximum(shift, 0.0) if sign > 0 else np.minimum(shift, 0.0)
    rest = np.where(seen > 0, seen * np.where(seen > 0, shift, 0.0), 0.0)
    return np.asarray(rest - due * np.expm1(shift), dtype=np.float64)


def _best_shift(y: Numbers, mean: Numbers, alpha: float, sign: float) -> Numbers:
    """For each start the kappa where the score of the negative binomial is nought: bisection-guarded Newton, all starts at once."""
    count = len(y)
    inside = np.tril(np.ones((count, count), dtype=bool)).T
    low, high = (np.zeros(count), np.full(count, 40.0)) if sign > 0 else (np.full(count, -40.0), np.zeros(count))
    shift = np.zeros(count)
    for _ in range(STEPS):
        mu = mean[None, :] * np.exp(shift)[:, None]
        score = np.where(inside, (y[None, :] - mu) / (1.0 + alpha * mu), 0.0).sum(axis=1)
        slope = np.where(inside, -mu * (1.0 + alpha * y[None, :]) / (1.0 + alpha * mu) ** 2, 0.0).sum(axis=1)
        low, high = np.where(score > 0, shift, low), np.where(score < 0, shift, high)
        step = shift - score / slope
        new = np.where((step >= low) & (step <= high), step, 0.5 * (low + high))
        edge = (sign > 0) & (shift == 0) & (score <= 0) | (sign < 0) & (shift == 0) & (score >= 0)
        new = np.where(edge, 0.0, new)
        if np.max(np.abs(new - shift)) < 1e-12:
            return np.asarray(new, dtype=np.float64)
        shift = new
    return shift


def _ratios(y: Numbers, mean: Numbers, alpha: float, shift: Numbers) -> Numbers:
    """The log-likelihood ratio of a change by exp(shift) since each row."""
    inside = np.tril(np.ones((len(y), len(y)), dtype=bool)).T
    factor = np.exp(shift)[:, None]
    if alpha == 0.0:
        terms = y[None, :] * shift[:, None] - mean[None, :] * (factor - 1.0)
    else:
        terms = y[None, :] * shift[:, None] - (y[None, :] + 1.0 / alpha) * np.log1p(alpha * mean[None, :] * (factor - 1.0)
                                                                                    / (1.0 + alpha * mean[None, :]))  # fmt: skip
    return np.asarray(np.where(inside, terms, 0.0).sum(axis=1), dtype=np.float64)
