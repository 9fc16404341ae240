"""Fit what is usual: the expected count of every week in every series, from level, trend and season of its own past.

The mean is log-linear, mu(t) = exp(level + trend + season), the variance is phi times the mean (Noufaily et al. 2013, Statistics in
Medicine 32, equation 1). Each coefficient has a normal prior, so that a short or an empty series has a fit too, and its posterior
spread says how little is known.
The rule it guards: what is not known widens the forecast; it is never replaced by a nought.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.pool.lay_columns import Prior

Floats = NDArray[np.float64]

BOUND = 20.0
STRIDE = 1.5


def usual(columns: Floats, beta: Floats) -> Floats:
    """Expected counts, shape (series, weeks), from columns (weeks, coefficients) or (series, weeks, coefficients)."""
    return np.exp(np.clip(beta @ columns.T if columns.ndim == 2 else (columns @ beta[..., None])[..., 0], -BOUND, BOUND))


def step(counts: Floats, columns: Floats, weights: Floats, phi: Floats, beta: Floats, prior: Prior) -> tuple[Floats, Floats, Floats]:
    """One Newton step of the penalised quasi-likelihood: new coefficients, their covariance, and the effective number of coefficients.

    counts, weights (series, weeks); columns (weeks, coefficients); phi (series,). Weight 0 stands for no data.
    """
    mu = usual(columns, beta)
    scaled = weights / phi[:, None]
    information = columns.T @ (columns * (scaled * mu)[..., None])
    precision = np.linalg.inv(prior.covariance)
    slope = (scaled * (counts - mu)) @ columns - (precision @ (beta - prior.mean)[..., None])[..., 0]
    covariance = np.asarray(np.linalg.inv(information + precision), dtype=np.float64)
    move = np.clip((covariance @ slope[..., None])[..., 0], -STRIDE, STRIDE)
    return beta + move, covariance, np.asarray(np.einsum("mij,mji->m", covariance, information))
