"""Fit levels: the mean of a series by time of year, with or without a trend, when counts scatter more than chance alone.

A quasi-Poisson regression with log link, fitted by iteratively reweighted least squares (McCullagh and Nelder, Generalized Linear
Models, 1989, sections 2.5 and 9.2). Its only terms are one level per time of year and one common slope, so that every step is the
closed form of a one-way analysis of covariance: sums per level, no matrix. The rule it guards: the answer does not depend on the
engine. With numba the same steps run compiled; without it, in numpy, for many weeks at once; a test holds one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

njit: Any = None
try:
    from numba import njit
except ImportError:  # pragma: no cover - the field laptop without the optional extra
    pass

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
STEPS = 25
CLOSE = 1e-8
_compiled: list[Any] = []


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit per row. P rows, N cells, G levels; weights are those of the last step, as the error of the mean is stated with them."""

    mean: Numbers
    working: Numbers
    level_weight: Numbers
    level_value: Numbers
    level_time: Numbers
    slope: Numbers
    slope_weight: Numbers
    converged: NDArray[np.bool_]
    degrees: Numbers

    def leverage(self, levels: Indices, times: Numbers) -> Numbers:
        """The diagonal of the hat matrix: how much each cell draws its own mean. Shape P x N."""
        rows = np.arange(len(levels))[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = 1.0 / self.level_weight[rows, levels]
            off = times - self.level_time[rows, levels]
            tilt = np.where(self.slope_weight[:, None] > 0, off * off / self.slope_weight[:, None], 0.0)
        return np.where(self.working > 0, self.working * (share + tilt), 0.0)

    def predict(self, times: Numbers, offset: Numbers | float = 0.0) -> tuple[Numbers, Numbers]:
        """Mean and variance of its logarithm, per unit of dispersion, at level 0 and the given time and offset of each row."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            off = times - self.level_time[:, 0]
            tilt = np.where(self.slope_weight > 0, off * off / self.slope_weight, 0.0)
            return np.exp(self.level_value[:, 0] + self.slope * off + offset), 1.0 / self.level_weight[:, 0] + tilt


def fit_levels(
    counts: Numbers, levels: Indices, times: Numbers, weights: Numbers, *, trend: bool, offset: Numbers | None = None, engine: str = "auto"
) -> Fit:
    """Fit each row of `counts` (P x N) on its `levels` (0 to G-1) and, with `trend`, its `times`; cells of weight 0 are not there.

    `offset` (P x N) is a part of the logarithm of the mean that is known: that of the population.
    `engine` is auto, numba or numpy. Steps end when the deviance moves by less than 1e-8 of itself, at most 25.
    """
    depth = int(levels.max()) + 1 if levels.size else 1
    offset = np.zeros_like(counts) if offset is None else offset
    if engine == "numba" or (engine == "auto" and njit is not None):
        found = _kernel()(counts, levels, times, weights, offset, depth, trend)
    else:
        found = _fit_numpy(counts, levels, times, weights, offset, depth, trend)
    mean, working, total, value, centre, slope, tilt, converged = found
    degrees = (weights > 0).sum(axis=1) - (total > 0).sum(axis=1) - (tilt > 0)
    return Fit(mean, working, total, value, centre, slope, tilt, converged > 0, degrees.astype(np.float64))


def _fit_numpy(
    counts: Numbers, levels: Indices, times: Numbers, weights: Numbers, offset: Numbers, depth: int, trend: bool
) -> tuple[Numbers, ...]:
    """All rows at once; a row that has settled is left alone."""
    rows, cells = counts.shape
    mean, working = np.ones((rows, cells)), np.zeros((rows, cells))
    total, value, centre = np.zeros((rows, depth)), np.zeros((rows, depth)), np.zeros((rows, depth))
    slope, tilt, converged = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    live = np.arange(rows)
    y, g, x, w0, known = counts, levels, times, weights, offset
    mu = y + 0.1
    eta = np.log(mu)
    log_y = np.where(y > 0, np.log(np.maximum(y, 1.0)), 0.0)
    before = _deviance(y, log_y, eta, mu, w0)
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            place = g + (np.arange(len(live)) * depth)[:, None]
            w = w0 * mu
            z = eta - known + (y - mu) / mu
            sums = _per_level(place, w, len(live), depth)
            mid = _per_level(place, w * z, len(live), depth) / sums
            eta = np.take(mid, place)
            if trend:
                when = _per_level(place, w * x, len(live), depth) / sums
                off = x - np.take(when, place)
                spread = np.sum(w * off * off, axis=1)
                beta = np.where(spread > 0, np.sum(w * off * (z - eta), axis=1) / spread, 0.0)
                eta = eta + beta[:, None] * off
                centre[live], slope[live], tilt[live] = when, beta, spread
            eta = eta + known
            mu = np.exp(eta)
            mean[live], working[live], total[live], value[live] = mu, w, sums, mid
            now = _deviance(y, log_y, eta, mu, w0)
            done = np.abs(now - before) / (np.abs(now) + 0.1) < CLOSE
            converged[live] = done
            stay = ~done & np.isfinite(now)
            live, before = live[stay], now[stay]
            if not live.size:
                break
            y, x, w0, mu, eta, log_y, g = y[stay], x[stay], w0[stay], mu[stay], eta[stay], log_y[stay], g[stay]
            known = known[stay]
    return mean, working, total, value, centre, slope, tilt, converged


def _deviance(y: Numbers, log_y: Numbers, eta: Numbers, mu: Numbers, weights: Numbers) -> Numbers:
    with np.errstate(all="ignore"):
        terms = np.where(y > 0, y * (log_y - eta) - (y - mu), mu)
        return np.asarray(2.0 * np.sum(np.where(weights > 0, weights * terms, 0.0), axis=1), dtype=np.float64)


def _per_level(place: Indices, what: Numbers, rows: int, depth: int) -> Numbers:
    return np.asarray(np.bincount(place.ravel(), what.ravel(), rows * depth).reshape(rows, depth), dtype=np.float64)


def _kernel() -> Any:
    """The compiled steps, compiled once."""
    if not _compiled:
        _compiled.append(njit(cache=True, error_model="numpy")(_fit_loops))
    return _compiled[0]


def _fit_loops(
    counts: Numbers, levels: Indices, times: Numbers, weights: Numbers, offset: Numbers, depth: int, trend: bool
) -> Any:  # pragma: no cover
    """The same steps cell by cell, for the compiler: no array is made inside the loops."""
    rows, cells = counts.shape
    mean, working = np.ones((rows, cells)), np.zeros((rows, cells))
    total, value, centre = np.zeros((rows, depth)), np.zeros((rows, depth)), np.zeros((rows, depth))
    slope, tilt, converged = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    eta, log_y = np.zeros(cells), np.zeros(cells)
    for p in range(rows):
        before = 0.0
        for i in range(cells):
            mean[p, i] = counts[p, i] + 0.1
            eta[i] = np.log(mean[p, i])
            log_y[i] = np.log(counts[p, i]) if counts[p, i] > 0 else 0.0
            if weights[p, i] > 0:
                y = counts[p, i]
                before += 2.0 * weights[p, i] * (y * (log_y[i] - eta[i]) - (y - mean[p, i]) if y > 0 else mean[p, i])
        for _ in range(STEPS):
            for k in range(depth):
                total[p, k] = value[p, k] = centre[p, k] = 0.0
            for i in range(cells):
                w = weights[p, i] * mean[p, i]
                working[p, i] = w
                k = levels[p, i]
                total[p, k] += w
                value[p, k] += w * (eta[i] - offset[p, i] + (counts[p, i] - mean[p, i]) / mean[p, i]) if w > 0 else 0.0
                centre[p, k] += w * times[p, i]
            for k in range(depth):
                value[p, k] /= total[p, k]
                centre[p, k] = centre[p, k] / total[p, k] if trend else 0.0
            across, spread = 0.0, 0.0
            if trend:
                for i in range(cells):
                    if weights[p, i] > 0:
                        k = levels[p, i]
                        off = times[p, i] - centre[p, k]
                        z = eta[i] - offset[p, i] + (counts[p, i] - mean[p, i]) / mean[p, i]
                        spread += working[p, i] * off * off
                        across += working[p, i] * off * (z - value[p, k])
            slope[p] = across / spread if spread > 0 else 0.0
            tilt[p] = spread
            now = 0.0
            for i in range(cells):
                k = levels[p, i]
                eta[i] = value[p, k] + (slope[p] * (times[p, i] - centre[p, k]) if trend else 0.0) + offset[p, i]
                mean[p, i] = np.exp(eta[i])
                if weights[p, i] > 0:
                    y = counts[p, i]
                    now += 2.0 * weights[p, i] * (y * (log_y[i] - eta[i]) - (y - mean[p, i]) if y > 0 else mean[p, i])
            if abs(now - before) / (abs(now) + 0.1) < CLOSE:
                converged[p] = 1.0
                break
            if not np.isfinite(now):
                break
            before = now
    return mean, working, total, value, centre, slope, tilt, converged
