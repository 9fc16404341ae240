"""State the share of sites, or the number, and how surely: with standard error and interval, or with the reason why there is none.

The rule it guards: the naive share is always stated beside the estimate, and an estimate that is not identified is not stated at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from fairwitness.analyse.numbers.occupy.fit_visits import detect, fit_visits
from fairwitness.analyse.numbers.occupy.read_visits import Visits

Floats = NDArray[np.float64]


def state_share(visits: Visits, model: str = "occupancy", most: int | None = None, level: float = 0.95) -> dict[str, Any]:
    """The answer as a mapping: naive, psi (or `abundance`), p, se, ci, logLik, aic, coefficients, identified, refused.

    psi is the mean over sites and p the mean over the visits made, at mean effort; without covariates they are the parameters
    themselves. Standard errors by the delta method; intervals are symmetric on the logit scale (log for abundance).
    """
    made = ~np.isnan(visits.found)
    naive = float((np.nansum(visits.found, axis=1) > 0).mean()) if len(visits.found) else None
    about = {
        "model": model,
        "naive": naive,
        "sites": len(visits.found),
        "visits": int(made.sum()),
        "detections": int((visits.found > 0).sum()),
    }
    none: dict[str, Any] = {
        "psi": None,
        "abundance": None,
        "p": None,
        "se": None,
        "ci": None,
        "logLik": None,
        "aic": None,
        "coefficients": [],
    }
    if not len(visits.found):
        return {**about, **none, "identified": False, "refused": "Not identified: nobody visited any site."}
    fit = fit_visits(visits, model, most)
    if fit.reason:
        return {**about, **none, "identified": False, "refused": f"Not identified: {fit.reason}."}
    columns = visits.site.shape[1]
    state_name = "psi" if model == "occupancy" else "abundance"
    state, by_state = _state(visits, model, fit.theta)
    p, by_p = _mean_detection(visits, fit.theta, columns, made)
    z = float(norm.ppf(0.5 + level / 2))
    se = {state_name: _spread(by_state, fit.covariance), "p": _spread(by_p, fit.covariance)}
    ci = {state_name: _interval(state, se[state_name], z, model != "occupancy"), "p": _interval(p, se["p"], z, False)}
    each = np.sqrt(np.diag(fit.covariance))
    coefficients = [
        {"name": name.replace("state", "psi" if model == "occupancy" else "lambda"), "estimate": float(value), "se": float(error)}
        for name, value, error in zip(fit.names, fit.theta, each, strict=True)
    ]
    return {
        **about,
        "psi": state if model == "occupancy" else None,
        "abundance": None if model == "occupancy" else state,
        "p": p,
        "se": se,
        "ci": ci,
        "logLik": fit.log_likelihood,
        "aic": 2 * len(fit.theta) - 2 * fit.log_likelihood,
        "coefficients": coefficients,
        "summed_to": fit.most,
        "identified": True,
        "refused": None,
    }


def _state(visits: Visits, model: str, theta: Floats) -> tuple[float, Floats]:
    """The mean of psi, or of abundance, over sites, and its gradient in theta."""
    eta = visits.site @ theta[: visits.site.shape[1]]
    gradient = np.zeros(len(theta))
    if model == "occupancy":
        each = expit(eta)
        slope = each * (1 - each)
        gradient[: visits.site.shape[1]] = (slope[:, None] * visits.site).mean(axis=0)
        return float(each.mean()), gradient
    each = np.exp(eta)
    kept = float(expit(-theta[-1])) if model == "zip" else 1.0
    gradient[: visits.site.shape[1]] = kept * (each[:, None] * visits.site).mean(axis=0)
    if model == "zip":
        gradient[-1] = -kept * (1 - kept) * each.mean()
    return float(kept * each.mean()), gradient


def _mean_detection(visits: Visits, theta: Floats, columns: int, made: NDArray[np.bool_]) -> tuple[float, Floats]:
    alpha = theta[columns : columns + visits.visit.shape[2]]
    level = Visits(visits.found, visits.site, visits.visit, None if visits.offset is None else np.zeros_like(visits.offset))
    p, slope = detect(level, alpha)
    gradient = np.zeros(len(theta))
    gradient[columns : columns + len(alpha)] = (slope[made][:, None] * visits.visit[made]).mean(axis=0)
    return float(p[made].mean()), gradient


def _spread(gradient: Floats, covariance: Floats) -> float:
    return float(np.sqrt(gradient @ covariance @ gradient))


def _interval(value: float, se: float, z: float, log_scale: bool) -> list[float]:
    if log_scale:
        return [float(value * np.exp(-z * se / value)), float(value * np.exp(z * se / value))]
    eta, wide = np.log(value / (1 - value)), z * se / (value * (1 - value))
    return [float(expit(eta - wide)), float(expit(eta + wide))]
