"""Detect by likelihood ratio: since some week in the past, has the level been higher than the season lets expect?

Generalised likelihood ratio for Poisson and negative binomial counts: Höhle and Paul, Computational Statistics and Data Analysis 52
(2008) 4357-4368. The rule it guards: the statistic begins anew after each alarm; what it shows beside a week is the statistic, not a
number of counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fairwitness.analyse.numbers.detect.state_points import Points, check_between, check_series, refuse
from fairwitness.errors import say

Numbers = NDArray[np.float64]
STEPS = 60
ROUNDS = 25
SIZE_STEPS = 24
LEAST_ALPHA = 1e-12
SIZE_CLOSE = float(np.finfo(np.float64).eps) ** 0.25


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
        beta, _ = _fit_mean(counts[:before], design[:before], 0.0)
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


def _fit_mean(y: Numbers, x: Numbers, alpha: float, eta: Numbers | None = None) -> tuple[Numbers, Numbers]:
    """Coefficients of a log-linear mean, variance mu + alpha mu², and its logarithms, by iteratively reweighted least squares.

    Steps begin at `eta` and end when the deviance moves by less than 1e-8 of itself: the published statistics were stopped there.
    """
    eta = np.log(y + (0.1 if alpha == 0.0 else np.where(y == 0, 1.0 / 6.0, 0.0))) if eta is None else eta
    mu = np.exp(eta)
    before = _deviance(y, mu, alpha)
    beta: Numbers = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        root = np.sqrt(mu / (1.0 + alpha * mu))
        if not np.isfinite(root).all() or not np.isfinite(eta).all():
            refuse("column", say("no level and season can be fitted to the rows before the first tested one."))
        beta = np.asarray(np.linalg.lstsq(x * root[:, None], root * (eta + (y - mu) / mu), rcond=None)[0], dtype=np.float64)
        eta = np.clip(x @ beta, -700, 700)
        mu = np.exp(eta)
        now = _deviance(y, mu, alpha)
        if abs(now - before) / (abs(now) + 0.1) < 1e-8:
            break
        before = now
    return np.asarray(beta, dtype=np.float64), np.asarray(eta, dtype=np.float64)


def _deviance(y: Numbers, mu: Numbers, alpha: float) -> float:
    """Twice the distance of the log-likelihood from its greatest."""
    kept = special.xlogy(y, np.maximum(y, 1.0) / mu)
    if alpha == 0.0:
        return 2.0 * float(np.sum(kept - (y - mu)))
    size = 1.0 / alpha
    return 2.0 * float(np.sum(kept - (y + size) * np.log((y + size) / (mu + size))))


def _fit_wide(y: Numbers, x: Numbers, dispersion: float | None) -> tuple[Numbers, float]:
    """Mean and alpha of a negative binomial by maximum likelihood, mean and alpha in turn
    (Venables and Ripley, Modern Applied Statistics with S, 2002, section 7.4).
    """
    if dispersion is not None:
        check_between("dispersion_alpha", dispersion, 0, 1e6)
        return _fit_mean(y, x, dispersion)[0], dispersion

    beta, eta = _fit_mean(y, x, 0.0)
    mean = np.exp(eta)
    size = _fit_size(y, mean)
    likely = _likelihood(y, mean, size)
    for _ in range(ROUNDS):
        beta, eta = _fit_mean(y, x, 1.0 / size, eta)
        before, size = size, _fit_size(y, mean)
        mean = np.exp(eta)
        earlier, likely = likely, _likelihood(y, mean, size)
        moved = abs(earlier - likely) / np.sqrt(2.0 * max(1, len(y) - x.shape[1])) + abs(before - size)
        if moved <= 1e-8:
            break
    return beta, 1.0 / size


def _fit_size(y: Numbers, mean: Numbers) -> float:
    """The size k = 1/alpha at given means: Newton steps on the score from the moment estimate, as the textbook stops them.

    Where the counts scatter a little less than chance, the size grows and the last step stands: the statistic is then Poisson's to
    three digits. Where it grows without end, as in a series that never varies, there is no alpha: BadInput.
    """
    scatter = float(np.sum((y / mean - 1.0) ** 2))
    size = len(y) / scatter if scatter > 0 else np.inf
    step = 1.0
    for _ in range(SIZE_STEPS):
        if abs(step) <= SIZE_CLOSE or not np.isfinite(size):
            break
        size = abs(size)
        with np.errstate(all="ignore"):
            score = (special.digamma(y + size) - special.digamma(size) + np.log(size) + 1.0 - np.log(size + mean)
                     - (y + size) / (mean + size))  # fmt: skip
            bend = (-special.polygamma(1, y + size) + special.polygamma(1, size) - 1.0 / size + 2.0 / (mean + size)
                    - (y + size) / (mean + size) ** 2)  # fmt: skip
            step = float(score.sum() / bend.sum())
        size += step
    if not np.isfinite(size) or 1.0 / max(size, 1e-8) < LEAST_ALPHA:
        if float(np.sum((y - mean) ** 2 / mean)) > 2.0 * len(y):
            refuse("column", say("no alpha can be estimated from the counts before the first tested row; give dispersion_alpha."))
        refuse("column", say("the counts before the first tested row scatter no more than chance lets them (Poisson): there is no alpha to "
                             "estimate. Take glr_pois, or give dispersion_alpha."))  # fmt: skip
    return max(size, 1e-8)


def _likelihood(y: Numbers, mean: Numbers, size: float) -> float:
    """The log-likelihood of the negative binomial, without what does not depend on the parameters."""
    terms = (
        special.gammaln(size + y) - special.gammaln(size) + size * np.log(size) + special.xlogy(y, mean) - (size + y) * np.log(size + mean)
    )
    return float(terms.sum())


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
