"""Weigh the states a site may be in: empty or occupied, or holding 0, 1, 2 … of what is counted, before any visit is looked at.

One idea serves four models: a site holds N, and each visit finds each of the N with probability p. For occupancy N is 0 or 1
(MacKenzie et al. 2002); for N-mixtures it is Poisson, negative binomial or zero-inflated Poisson (Royle 2004). The rule it guards:
the models differ in this one place only, so that what holds for one holds for the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, expit, gammaln, log_expit, logsumexp

Floats = NDArray[np.float64]
MODELS: dict[str, int] = {"occupancy": 0, "poisson": 0, "nb": 1, "zip": 1}
"""Each model and how many parameters it has beside those of the site and of the visit."""


def weigh_states(model: str, eta: Floats, extra: Floats, most: int) -> tuple[Floats, Floats, Floats]:
    """Log probability of N = 0..most at each site, and its derivatives.

    `eta` (sites,) is the linear predictor: logit of psi for occupancy, log of the mean abundance otherwise. `extra` holds the log of the
    negative binomial's size, or the logit of the share of structural zeros. Returns arrays (sites, states): log f, d log f / d eta,
    d log f / d extra (noughts where the model has none). An N-mixture is a distribution cut off at `most`.
    """
    if model == "occupancy":
        log_f = np.stack([log_expit(-eta), log_expit(eta)], axis=1)
        slope = np.stack([-expit(eta), expit(-eta)], axis=1)
        return log_f, slope, np.zeros_like(log_f)
    states = np.arange(most + 1.0)[None, :]
    mean = np.exp(np.clip(eta, -700.0, 700.0))[:, None]
    if model == "nb":
        return _negative_binomial(states, mean, float(np.exp(np.clip(extra[0], -700.0, 700.0))))
    log_f = states * eta[:, None] - mean - gammaln(states + 1)
    slope = states - mean
    if model == "poisson":
        return log_f, slope, np.zeros_like(log_f)
    return _inflate(log_f, slope, mean, float(extra[0]))


def _negative_binomial(states: Floats, mean: Floats, size: float) -> tuple[Floats, Floats, Floats]:
    whole = size + mean
    log_f = (
        gammaln(states + size)
        - gammaln(size)
        - gammaln(states + 1)
        + size * (np.log(size) - np.log(whole))
        + states * (np.log(mean) - np.log(whole))
    )
    slope = size * (states - mean) / whole
    by_size = digamma(states + size) - digamma(size) + np.log(size) - np.log(whole) + 1 - (states + size) / whole
    return log_f, slope, size * by_size


def _inflate(log_f: Floats, slope: Floats, mean: Floats, logit_zero: float) -> tuple[Floats, Floats, Floats]:
    """Structural zeros with probability z: f(0) = z + (1 - z) e^-mean, the rest is (1 - z) times the Poisson."""
    zero, not_zero = float(expit(logit_zero)), float(expit(-logit_zero))
    made = log_f + log_expit(-logit_zero)
    by_zero = np.full_like(made, -zero)
    made[:, 0] = logsumexp(np.stack([np.full(len(mean), log_expit(logit_zero)), made[:, 0]]), axis=0)
    share = np.exp(log_expit(-logit_zero) - mean[:, 0] - made[:, 0])
    slope = slope.copy()
    slope[:, 0] = -mean[:, 0] * share
    by_zero[:, 0] = zero * not_zero * (1 - np.exp(-mean[:, 0])) / np.exp(made[:, 0])
    return made, slope, by_zero
