"""Fit pairs: how much does it say that two entries agree here and differ there? Learned from the lists themselves, without labels.

The model is that of Fellegi and Sunter (1969): a pair belongs together or not; given that, its agreements are independent. `m` is how often
an agreement is seen among pairs that belong together, `u` how often by chance. `u` is measured on pairs drawn at random; `m` and the number
of pairs that belong together are found by expectation and maximisation (Dempster, Laird and Rubin 1977).

The rule it guards: a probability is stated for every pair, and the same input gives the same probability, always.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Levels = NDArray[np.int64]

MISSING = -1
# Weight of the starting opinion, in pairs: enough that a level seen in no pair is possible, too little to resist the data.
OPINION = 2.0
LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class Fit:
    """`share`: of all possible pairs, those that belong together. `m`, `u`: per comparison, the probability of each level (best first).

    `expected` is the number of pairs among the candidates that belong together; `rounds` how many steps it took.
    """

    share: float
    m: list[Floats]
    u: list[Floats]
    expected: float
    rounds: int


def start_m(levels: int) -> Floats:
    """The opinion before any data: nine in ten pairs that belong together agree in full; the rest spreads over the other levels."""
    return np.array([0.9] + [0.1 / (levels - 1)] * (levels - 1)) if levels > 1 else np.ones(1)


def log_odds(patterns: Levels, share: float, m: list[Floats], u: list[Floats]) -> Floats:
    """Natural log of the odds that a pair belongs together, per pattern. A missing cell says nothing either way."""
    found = np.full(len(patterns), np.log(share) - np.log1p(-share))
    for column, (mine, chance) in enumerate(zip(m, u, strict=True)):
        weight = np.append(np.log(np.maximum(mine, LEAST)) - np.log(np.maximum(chance, LEAST)), 0.0)
        found += weight[patterns[:, column]]  # MISSING is -1: the last weight, nought
    return found


def probability(odds: Floats) -> Floats:
    """Probability from log odds, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * odds)), dtype=np.float64)


def fit_pairs(patterns: Levels, counts: Floats, u: list[Floats], pairs: float, *, share: float, m: list[Floats] | None = None,
              most: float = 0.5, contaminated: bool = True, rounds: int = 200, enough: float = 1e-6) -> Fit:  # fmt: skip
    """Fit `m` and the share of pairs that belong together.

    `u` is what was measured on random pairs; where these are `contaminated`, the pairs among them that belong together are taken out of it.

    patterns: (P, K) level of agreement per comparison, 0 the fullest, MISSING where a cell is empty. counts: (P,) candidate pairs with
    that pattern. pairs: all pairs there could be, candidates or not; those that are no candidates count as not belonging
    together. most: the share is never above it.
    """
    start = [start_m(len(one)) for one in u] if m is None else m
    found, chance, step = [one.copy() for one in start], u, 0
    while step < rounds:
        step += 1
        weight = counts * probability(log_odds(patterns, share, found, chance))
        total = float(weight.sum())
        before, share = share, min(max(total / pairs, 1.0 / (10.0 * pairs)), most)
        moved = abs(np.log(share / before))
        for column, opinion in enumerate(start):
            seen = patterns[:, column] >= 0
            heap = np.bincount(patterns[seen, column], weights=weight[seen], minlength=len(opinion)) + OPINION * opinion
            fresh = heap / heap.sum()
            moved = max(moved, float(np.abs(fresh - found[column]).max()))
            found[column] = fresh
        if contaminated:
            chance = [without_matches(raw, fresh, share) for raw, fresh in zip(u, found, strict=True)]
        if moved < enough:
            break
    expected = float((counts * probability(log_odds(patterns, share, found, chance))).sum())
    return Fit(share, found, chance, expected, step)


def without_matches(raw: Floats, m: Floats, share: float) -> Floats:
    """`u` as measured on random pairs, less what the pairs among them that belong together brought in; never below a fiftieth of it."""
    clean = np.maximum((raw - share * m) / (1.0 - share), np.maximum(raw / 50.0, LEAST))
    return np.asarray(clean / clean.sum(), dtype=np.float64)
