"""Compare simple estimates: two lists at a time, and models of unequal chances; context for the ladder, never a headline.

Chapman's estimate of two lists supposes them independent (Chapman 1951; variance Seber 1970). Unequal chances of being named: log-linear
models of
Darroch, Fienberg, Glonek and Junker 1993 (JASA 88), Chao 1987 (Biometrics 43, a lower bound), and the gamma form of Rivest and
Baillargeon 2007
(Biometrics 63). The rule it guards: how far defensible numbers lie apart is shown, because that spread is the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fairwitness.analyse.numbers.estimate.fit_models import Floats
from fairwitness.analyse.numbers.estimate.lay_models import design

GAMMA = 3.5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lists, by place from 0: Chapman's total and the standard error of it."""

    lists: tuple[int, int]
    total: float
    error: float


def chapman(first: float, second: float, both: float) -> tuple[float, float]:
    """Chapman's total and its standard error, from the sizes of two lists and what they share."""
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return total, float(np.sqrt(variance))


def compare_pairs(counts: Floats) -> list[Pair]:
    """Chapman's estimate for every two lists that share somebody."""
    x = design(len(counts).bit_length() - 1)
    told = counts @ x
    lists = range(len(counts).bit_length() - 1)
    return [Pair((one, other), *chapman(float(told[1 << one]), float(told[1 << other]), float(told[1 << one | 1 << other])))
            for one, other in combinations(lists, 2) if told[1 << one | 1 << other] > 0]  # fmt: skip


def unequal_chances(counts: Floats) -> dict[str, float]:
    """Totals under unequal chances of being named, lists of different reach: Chao's lower bound, Darroch, gamma. Three lists or more."""
    lists = len(counts).bit_length() - 1
    times = np.array([cell.bit_count() for cell in range(len(counts))], dtype=np.float64)
    plain = design(lists)[:, [0, *(1 << one for one in range(lists))]]
    columns = {
        "chao": np.stack([np.maximum(times - least, 0.0) for least in range(2, lists)], axis=1),
        "darroch": (times**2 / 2)[:, None],
        "gamma": (np.log(GAMMA) - np.log(GAMMA + times))[:, None],
    }
    found = {}
    for name, extra in columns.items():
        beta = _fit(counts, np.hstack([plain, extra]))
        while name == "chao" and beta is not None and (beta[lists + 1 :] < 0).any():  # chances can only be more unequal, never less
            extra = extra[:, beta[lists + 1 :] >= 0]
            beta = _fit(counts, np.hstack([plain, extra]))
        if beta is not None:
            found[name] = float(counts.sum() + np.exp(beta[0]))
    return found


def _fit(counts: Floats, x: Floats) -> Floats | None:
    """The coefficients of a Poisson model with these columns on the seen patterns; None when it does not settle."""
    seen, rows = counts[1:], x[1:]
    mu = seen + 0.5
    for _ in range(60):
        weighted = rows * mu[:, None]
        try:
            beta = np.linalg.solve(rows.T @ weighted, weighted.T @ (np.log(mu) + (seen - mu) / mu))
        except np.linalg.LinAlgError:
            return None
        after = np.exp(np.clip(rows @ beta, -30, 30))
        if np.abs(after - mu).max() < 1e-8 * seen.sum():
            return np.asarray(beta) if np.abs((seen - after) @ rows).max() < 1e-5 * seen.sum() else None
        mu = after
    return None
