"""Fit the visits: the share of sites that have it and the chance that a visit finds it, by maximum likelihood, or the reason why not.

The rule it guards: *not identified* is an answer. Where the likelihood is as high at the edge as at its top, is flat, or
climbs as long as one lets it, the visits do not hold the figure that was asked for, and none is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, gammaln, logsumexp

from fairwitness.analyse.numbers.occupy.read_visits import Visits
from fairwitness.analyse.numbers.occupy.weigh_states import MODELS, weigh_states

Floats = NDArray[np.float64]
WIDEST = 5.0
"""A standard error on the logit or log scale beyond which a parameter is not known at all."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit. `reason` is None when it is identified; otherwise `theta` is where the climb stopped and is not to be printed."""

    theta: Floats
    covariance: Floats
    log_likelihood: float
    names: tuple[str, ...]
    most: int
    reason: str | None = None
    warnings: list[str] = field(default_factory=list)


def log_likelihood(theta: Floats, visits: Visits, model: str, most: int) -> tuple[float, Floats]:
    """Log likelihood and its gradient. log L = sum over sites of log sum over N of f(N) prod over visits Binomial(y; N, p).

    The gradient is the expectation of the states' own gradients given what was found (Fisher's identity). With effort the link of p is the
    complementary log-log with log effort as offset, p = 1 - (1 - p0)^effort; without it, the logit.
    """
    columns, seen = visits.site.shape[1], visits.visit.shape[2]
    beta, alpha, extra = theta[:columns], theta[columns : columns + seen], theta[columns + seen :]
    log_f, by_eta, by_extra = weigh_states(model, visits.site @ beta, extra, most)
    made = ~np.isnan(visits.found)
    p, slope = detect(visits, alpha)
    y = np.where(made, visits.found, 0.0)
    held = np.arange(log_f.shape[1], dtype=float)
    left = held[None, None, :] - y[:, :, None]
    able = left >= 0
    free = np.where(able, left, 0.0)
    chosen = gammaln(held + 1)[None, None, :] - gammaln(y + 1)[:, :, None] - gammaln(free + 1)
    one = chosen + (y * np.log(p))[:, :, None] + free * np.log1p(-p)[:, :, None]
    one = np.where(made[:, :, None], np.where(able, one, -np.inf), 0.0)
    joint = log_f + one.sum(axis=1)
    each = logsumexp(joint, axis=1)
    weight = np.exp(joint - each[:, None])
    expected = weight @ held
    by_visit = np.where(made, slope * (y / p - (expected[:, None] - y) / (1 - p)), 0.0)
    gradient = [visits.site.T @ (weight * by_eta).sum(axis=1), np.einsum("ij,ijk->k", by_visit, visits.visit)]
    if MODELS[model]:
        gradient.append(np.array([(weight * by_extra).sum()]))
    return float(each.sum()), np.concatenate(gradient)


def detect(visits: Visits, alpha: Floats) -> tuple[Floats, Floats]:
    """The chance that a visit finds one that is there, (sites, visits), and its derivative by the linear predictor."""
    eta = visits.visit @ alpha
    if visits.offset is None:
        p = np.clip(expit(eta), 1e-12, 1 - 1e-12)
        return p, p * (1 - p)
    rate = np.exp(np.clip(eta + visits.offset, -30.0, 3.3))
    p = np.clip(-np.expm1(-rate), 1e-12, 1 - 1e-12)
    return p, rate * np.exp(-rate)


def fit_visits(visits: Visits, model: str = "occupancy", most: int | None = None) -> Fit:
    """Fit a model: `occupancy` (MacKenzie et al. 2002), or `poisson`, `nb`, `zip` N-mixtures (Royle 2004) summed up to `most`.

    Without `most` the sum runs to the largest count plus 100. `Fit.reason` says when the data do not identify the parameters.
    """
    names = (
        *(f"state{name}" for name in visits.site_names),
        *(f"p{name}" for name in visits.visit_names),
        *(("log size",) if model == "nb" else ("logit zero",) if model == "zip" else ()),
    )
    top = int(np.nanmax(visits.found, initial=0.0))
    most = 1 if model == "occupancy" else most or top + 100
    size = len(names)
    reason = _hopeless(visits, model)
    if reason:
        return Fit(np.full(size, np.nan), np.full((size, size), np.nan), float("nan"), names, most, reason)
    theta, best = _climb(visits, model, most, size)
    information = -_hessian(theta, visits, model, most)
    reason = _flat(information) or (_edge(visits, best) if model == "occupancy" else _endless(visits, model, most, theta, best))
    try:
        covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    except np.linalg.LinAlgError:
        covariance = np.full((size, size), np.nan)
    return Fit(theta, covariance, best, names, most, reason)


def _climb(visits: Visits, model: str, most: int, size: int) -> tuple[Floats, float]:
    """The best of several starts, so that a second hill is not taken for the top."""
    columns = visits.site.shape[1]
    best: tuple[Floats, float] | None = None
    mean = float(np.log(np.nanmean(visits.found) * 2 + 1e-3))
    for state, seen in ((0.0, 0.0), (-1.0, 1.0), (1.0, -1.5)):
        start = np.zeros(size)
        start[0] = state if model == "occupancy" else mean - seen
        start[columns] = seen
        if model == "zip":
            start[-1] = -1.0

        def down(theta: Floats) -> tuple[float, Floats]:
            value, slope = log_likelihood(theta, visits, model, most)
            return (-value, -slope) if np.isfinite(value) else (1e12, np.zeros_like(theta))

        found = minimize(down, start, jac=True, method="BFGS", options={"gtol": 1e-7, "maxiter": 500})
        if best is None or -found.fun > best[1]:
            best = (np.asarray(found.x), float(-found.fun))
    assert best is not None
    return best


def _hessian(theta: Floats, visits: Visits, model: str, most: int) -> Floats:
    """Central differences of the analytic gradient, made symmetric."""
    size = len(theta)
    made = np.zeros((size, size))
    for place in range(size):
        step = np.zeros(size)
        step[place] = 1e-5 * max(1.0, abs(theta[place]))
        above, below = log_likelihood(theta + step, visits, model, most)[1], log_likelihood(theta - step, visits, model, most)[1]
        made[place] = (above - below) / (2 * step[place])
    return np.asarray((made + made.T) / 2)


def _hopeless(visits: Visits, model: str) -> str | None:
    made = ~np.isnan(visits.found)
    if not made.any():
        return "nobody visited any site"
    if not (made.sum(axis=1) >= 2).any():
        return "no site was visited twice, so absence cannot be told from having been missed"
    if not np.nansum(visits.found):
        return "nothing was found on any visit, so absence cannot be told from having been missed"
    if model != "occupancy":
        return None
    seen = np.nansum(visits.found, axis=1) > 0
    if seen.all():
        return "something was found at every site, so the share of sites that have it lies at its edge, 1"
    if np.nanmin(visits.found[seen]) == 1:
        return (
            "every visit to a site where it was ever found did find it: detection lies at its edge, 1; only the naive share can be stated"
        )
    return None


def _flat(information: Floats) -> str | None:
    """The information is singular, or a standard error is beyond all use."""
    if not np.isfinite(information).all():
        return "the likelihood has no maximum that could be found"
    values = np.linalg.eigvalsh(information)
    if values[0] <= 1e-8 * values[-1] or values[0] <= 0:
        return "the likelihood is flat: quite different values of the parameters fit the visits equally well"
    if np.sqrt(np.diag(np.linalg.inv(information))).max() > WIDEST:
        return "the likelihood is flat: at least one parameter has a standard error so large that any value fits the visits"
    return None


def _edge(visits: Visits, best: float) -> str | None:
    """Is “it is at every site, and visits missed it” as likely as the best fit? Then the share lies at its edge."""
    everywhere = Visits(visits.found, visits.site[:, :1], visits.visit, visits.offset, visit_names=visits.visit_names)
    columns = visits.visit.shape[2]

    def down(alpha: Floats) -> float:
        return -log_likelihood(np.concatenate([[30.0], alpha]), everywhere, "occupancy", 1)[0]

    found = minimize(down, np.zeros(columns), method="BFGS")
    if best + found.fun < 1e-3:
        return "“it is at every site and visits missed it” explains the visits as well; the share that has it lies at its edge, 1"
    return None


def _endless(visits: Visits, model: str, most: int, theta: Floats, best: float) -> str | None:
    """Does the estimate climb when the sum over N runs further? Then abundance is without bound (Dennis, Morgan & Ridout 2015)."""
    further, higher = _climb(visits, model, 2 * most, len(theta))
    if abs(further[0] - theta[0]) > 0.01 or higher - best > 1e-3:
        return "abundance grows without bound as larger numbers are allowed; the visits cannot tell many, seldom seen, from few, often seen"
    return None
