"""Judge whether a model has a maximum on these lists at all, and whether its number is determined: before any number is believed.

The maximum exists exactly when some table with a positive count in every live pattern has the observed margins (Fienberg and Rinaldo 2012,
Annals of Statistics 40, theorem 3 and section 4; Chan, Silverman and Vincent 2021, section 2.4): a linear program. A fit that satisfies the
likelihood equations with all expected counts above nought is such a table, so the program runs only where Newton's method did not settle
it, and expected counts too small to tell from nought do not by themselves settle the matter (`_holds`).
The number is determined when the live columns are linearly independent. The rule it guards: an optimiser that stops is not a maximum.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from fairwitness.analyse.numbers.estimate.fit_models import Fits, Flags, Floats, shape, solve
from fairwitness.analyse.numbers.estimate.lay_models import Model, design

PLAIN = 1e-7
"""From this share of all that are documented on a pattern is plainly expected, and not on its way to nought."""
EXISTS, NO_MAXIMUM, NOT_IDENTIFIED, NO_OVERLAP = "", "no maximum exists", "not identifiable", "the lists fall apart"


def judge(counts: Floats, models: tuple[Model, ...]) -> list[str]:
    """For each model: empty when it can be estimated, otherwise why not."""
    alive, active = shape(counts, models)
    return [_judge(counts, one, some) for one, some in zip(alive, active, strict=True)]


def _judge(counts: Floats, alive: Flags, active: Flags) -> str:
    x = design(len(counts).bit_length() - 1)[np.ix_(alive, active)]
    if not determined(x):
        return NOT_IDENTIFIED
    return EXISTS if has_maximum(x, counts[alive]) else NO_MAXIMUM


def determined(x: Floats) -> bool:
    """Whether the columns are linearly independent."""
    return bool(x.shape[1] <= x.shape[0] and np.linalg.matrix_rank(x) == x.shape[1])


def has_maximum(x: Floats, seen: Floats) -> bool:
    """The linear program: the largest s such that a table with every count at least s has the margins of `seen`; a maximum exists when
    s > 0."""
    if bool((seen > 0).all()):
        return True
    scale = max(float(seen.max()), 1.0)
    goal = np.zeros(len(x) + 1)
    goal[-1] = -1.0
    # counts are written as rest + s, with rest and s not negative
    both = np.hstack([x.T, x.sum(axis=0)[:, None]])
    found = linprog(goal, A_eq=both, b_eq=x.T @ seen / scale, bounds=(0, None), method="highs")
    return bool(found.status == 0 and -found.fun > 1e-9)


def settle(counts: Floats, fits: Fits) -> tuple[Fits, list[str]]:
    """The fits with those set right that Newton's method left open, and for each model why it has no number (empty where it has)."""
    reasons = [EXISTS] * len(fits.models)
    sparse = np.flatnonzero(~fits.alive[:, 1:].all(axis=1) | ~fits.reached)
    ranks = _ranks(fits, sparse)
    reached = fits.reached.copy()
    # what forbids a maximum in a model forbids it in every larger one with the same live patterns: smaller models first
    without: dict[bytes, list[Flags]] = {}
    for place, rank in sorted(zip(sparse.tolist(), ranks.tolist(), strict=True), key=lambda one: int(fits.active[one[0]].sum())):
        known = without.setdefault(fits.alive[place].tobytes(), [])
        if rank < fits.active[place].sum():
            reasons[place], reached[place] = NOT_IDENTIFIED, False
        elif not fits.reached[place]:
            x = design(len(counts).bit_length() - 1)[np.ix_(fits.alive[place], fits.active[place])]
            if _holds(x, counts[fits.alive[place]], fits.mu[place][fits.alive[place]]):
                reached[place] = True
                continue
            reasons[place] = NO_MAXIMUM
            if any((smaller <= fits.active[place]).all() for smaller in known):
                continue
            if not has_maximum(x, counts[fits.alive[place]]):
                known.append(fits.active[place])
            else:
                _, mu, _, _ = solve(counts, fits.alive[place][None], fits.active[place][None])
                near = np.abs((counts - mu[0])[fits.alive[place]] @ x).max() <= 1e-6 * max(counts.sum(), 1.0)
                reasons[place] = EXISTS if near else "the maximum was not reached"
                reached[place] = near
    return replace(fits, reached=reached), reasons


def _holds(x: Floats, seen: Floats, mu: Floats) -> bool:
    """Whether a fit stands although some expected counts are too small to tell from nought: with many lists the pattern of all of them is.

    Where no maximum exists there is a direction in which only vanishing counts change (Fienberg and Rinaldo 2012); where the patterns that
    are plainly expected determine every parameter by themselves there is none.
    """
    scale = max(float(seen.sum()), 1.0)
    clear = mu > PLAIN * scale
    return bool(np.abs((seen - mu) @ x).max() <= 1e-6 * scale and determined(x[clear]))


def _ranks(fits: Fits, places: NDArray[np.intp]) -> NDArray[np.int64]:
    if not len(places):
        return np.zeros(0, dtype=np.int64)
    x = design(fits.alive.shape[1].bit_length() - 1)
    held = x[None] * fits.alive[places][:, :, None] * fits.active[places][:, None, :]
    return np.concatenate([np.linalg.matrix_rank(part) for part in np.array_split(held, len(places) // 512 + 1)]).astype(np.int64)


def parts(counts: Floats) -> list[int]:
    """The lists, as bit masks, that hang together by shared persons: one mask when all do."""
    lists = len(counts).bit_length() - 1
    groups = [1 << one for one in range(lists)]
    for pattern in np.flatnonzero(counts > 0):
        touched = [group for group in groups if group & int(pattern)]
        joined = 0
        for group in touched:
            joined |= group
        groups = [group for group in groups if group not in touched] + ([joined] if touched else [])
    return sorted(groups)
