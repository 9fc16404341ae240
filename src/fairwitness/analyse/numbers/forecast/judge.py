"""Judge a file of draws by what then happened: every score, by lead, by level of the forecast and by unit.

The rule it guards: a mean over units is carried by a few of them, so the same scores are given on log(1 + count), by level, by lead and
as skill per unit; and no score stands without the data it was computed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.forecast.score import covered, crps, interval_of, interval_score, log_score

Floats = NDArray[np.float64]
BANDS = ((-1.0, 0.5, "under 1"), (0.5, 10.0, "1-10"), (10.0, 100.0, "11-100"), (100.0, np.inf, ">100"))


def judge(draws: Floats, seen: Floats, levels: Sequence[float] = (0.5, 0.9)) -> dict[str, Any]:
    """The mean scores of draws (keys, n) for what was seen (keys,): `crps`, `crps_fair`, `crps_log1p`, `log_score` (bits),
    `interval_score`, `coverage` and `coverage_active` (where a draw or the count is above nought) by level."""
    marks: dict[str, Any] = {
        "n": int(seen.size),
        "crps": float(crps(draws, seen).mean()),
        "crps_fair": float(crps(draws, seen, fair=True).mean()) if draws.shape[-1] > 1 else None,
        "crps_log1p": float(crps(np.log1p(draws), np.log1p(seen)).mean()),
        "log_score": float(log_score(draws, seen).mean()),
        "interval_score": {},
        "coverage": {},
        "coverage_active": {},
    }
    active = (draws > 0).mean(-1) >= 0.5
    for level in levels:
        low, high = interval_of(draws, level)
        held = covered(low, high, seen)
        marks["interval_score"][f"{level:g}"] = float(interval_score(low, high, seen, level).mean())
        marks["coverage"][f"{level:g}"] = float(held.mean())
        marks["coverage_active"][f"{level:g}"] = float(held[active].mean()) if active.any() else None
    return marks


def by_group(draws: Floats, seen: Floats, groups: NDArray[Any], levels: Sequence[float], called: str) -> list[dict[str, Any]]:
    """The scores of each group, in the groups' order; `called` is the key that names the group."""
    return [{called: name, **judge(draws[groups == name], seen[groups == name], levels)} for name in np.unique(groups).tolist()]


def by_band(draws: Floats, seen: Floats, levels: Sequence[float]) -> list[dict[str, Any]]:
    """The scores by the mean of the forecast: a split known before anything happened (a split by what happened would reward the bold)."""
    mean = draws.mean(-1)
    found = []
    for least, most, name in BANDS:
        here = (mean > least) & (mean <= most)
        if here.any():
            found.append({"level": name, **judge(draws[here], seen[here], levels)})
    return found


def by_unit(draws: Floats, seen: Floats, units: Sequence[str], against: Floats | None = None) -> list[dict[str, Any]]:
    """CRPS of each unit, largest first, and its skill, 1 - CRPS / CRPS of `against` (of "nothing will happen" when None); null where
    the other is perfect."""
    own = crps(draws, seen)
    other = crps(against, seen) if against is not None else np.abs(seen)
    found: list[dict[str, Any]] = []
    named = np.array(units)
    for name in dict.fromkeys(units):
        here = named == name
        mine, theirs = float(own[here].mean()), float(other[here].mean())
        found.append({"unit": name, "n": int(here.sum()), "crps": mine, "skill": 1 - mine / theirs if theirs > 0 else None})
    return sorted(found, key=lambda one: -one["crps"])
