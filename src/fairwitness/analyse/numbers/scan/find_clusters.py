"""Find clusters: sweep the data, sweep many copies of it, and state the clusters that stand out, without overlap.

The rule it guards: the first cluster is the best of everything looked at; each further one shares no place with those before it, and
all are judged against the best of each copy, so that a second cluster is never flattered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log, nan

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.scan.build_zones import Zones
from fairwitness.analyse.numbers.scan.draw_replicates import Draw, expectation_based, permutation, population_based
from fairwitness.analyse.numbers.scan.judge_clusters import SAME, p_gumbel, p_value
from fairwitness.analyse.numbers.scan.score_windows import score
from fairwitness.analyse.numbers.scan.sweep import MOST_CELLS, MOST_WINDOWS, Windows, lay, needed, sweep
from fairwitness.analyse.numbers.scan.sweep_compiled import COMPILED, sweep_compiled
from fairwitness.analyse.numbers.tell_install import tell_install
from fairwitness.errors import BadInput

MODELS = ("permutation", "poisson-eb", "poisson-pb")
PILOT = 16
CELLS_AT_ONCE = 1_500_000
WORTH_COMPILING = 10**9
Sweep = Callable[[NDArray[np.int64], Windows, NDArray[np.int32]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A zone and its periods, `first` to `last` (0-based, both inclusive). `p` and `p_gumbel` are NaN without replicates."""

    zone: int
    first: int
    last: int
    cases: int
    expected: float
    llr: float
    p: float
    p_gumbel: float


@dataclass(frozen=True, slots=True)
class Scan:
    """Clusters, best first; `maxima` are the best scores of the copies; how many zones and windows were looked at; the engine."""

    clusters: list[Cluster]
    maxima: NDArray[np.float64]
    zones: int
    windows: int
    engine: str


def scan(
    counts: NDArray[np.int64],
    expected: NDArray[np.float64],
    zones: Zones,
    *,
    model: str,
    longest: int,
    prospective: bool,
    replicates: int = 999,
    seed: int = 1,
    least: int = 2,
    most_clusters: int = 10,
    engine: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> Scan:
    """Scan counts (places, periods) against expected cases of the same shape.

    `model` is one of MODELS; `longest` the longest window in periods; prospective windows end at the last period; `least` the
    smallest count that makes a cluster; `engine` is "numpy", "numba" or "auto" (numba for long work, where there is one). Kulldorff et al.
    (2005), Kulldorff (2001), Neill et al. (2005). Raises BadInput where the data or the size allow no scan.
    """
    total = None if model == "poisson-eb" else float(counts.sum())
    _allowed(counts, expected, zones, model, longest, prospective)
    windows = lay(zones, expected, longest=longest, prospective=prospective, total=total, least=least)
    best = _best_by_zone(counts, windows)
    looked = len(zones) * (longest if prospective else longest * windows.periods - longest * (longest - 1) // 2)
    chosen, name = _engine(engine, looked * replicates)
    maxima = _maxima(_draw(model, counts, expected, windows.periods), windows, replicates, seed, chosen, progress)
    shift = counts.shape[1] - windows.periods
    clusters: list[Cluster] = []
    taken: set[int] = set()
    for zone in np.lexsort((np.diff(zones.indptr), -np.round(best["llr"], 9))):
        value = float(best["llr"][zone])
        if len(clusters) >= most_clusters or value <= 0:
            break
        if taken.isdisjoint(zones.places(zone).tolist()):
            taken.update(zones.places(zone).tolist())
            end, length = int(best["end"][zone]), int(best["length"][zone])
            chance = (p_value(value, maxima), p_gumbel(value, maxima)) if replicates else (nan, nan)
            clusters.append(Cluster(int(zone), shift + end - length, shift + end - 1, int(best["cases"][zone]),
                                    float(best["expected"][zone]), value, *chance))  # fmt: skip
    return Scan(clusters, maxima, len(zones), looked, name)


def _allowed(counts: NDArray[np.int64], expected: NDArray[np.float64], zones: Zones, model: str, longest: int, prospective: bool) -> None:
    if model not in MODELS:
        raise BadInput("“{model}” is not a model of this scan; choose {models}.", model=model, models=", ".join(MODELS))
    periods = counts.shape[1]
    if counts.sum() < 2:
        raise BadInput("There are {count} cases; a cluster needs two at least.", count=int(counts.sum()))
    if model == "permutation" and np.count_nonzero(counts.sum(axis=0)) < 2:
        raise BadInput("All cases fall into one period: there is no time to compare with, and no date to deal anew.")
    if model == "permutation" and np.count_nonzero(counts.sum(axis=1)) < 2:
        raise BadInput("All cases fall on one place: there is no other place to compare with.")
    if not 1 <= longest <= periods:
        raise BadInput("A window of {longest} periods does not fit into the {periods} there are.", longest=longest, periods=periods)
    if model != "poisson-eb" and longest >= periods and len(zones) == 1:
        raise BadInput("The only window is the whole of the data; choose a smaller radius or a shorter longest window.")
    if np.any((expected <= 0) & (counts > 0)):
        raise BadInput("There are cases where none were expected: at {count} places and periods the expected count is 0.",
                       count=int(np.count_nonzero((expected <= 0) & (counts > 0))))  # fmt: skip
    if len(zones) * len(counts) > MOST_CELLS:
        raise BadInput("{zones} zones over {places} places are too many; choose a smaller radius or share, or gather places.",
                       zones=f"{len(zones):,}", places=f"{len(counts):,}")  # fmt: skip
    size = len(zones) * longest * (1 if prospective else periods)
    if size > MOST_WINDOWS:
        raise BadInput("This scan would look at {size} windows; at most {most} are looked at. Take longer periods (--every), a smaller "
                       "radius or a shorter longest window.", size=f"{size:,}", most=f"{MOST_WINDOWS:,}")  # fmt: skip


def _draw(model: str, counts: NDArray[np.int64], expected: NDArray[np.float64], last: int) -> Draw:
    if model == "permutation":
        return permutation(counts, last)
    if model == "poisson-pb":
        return population_based(expected, int(counts.sum()), last)
    return expectation_based(expected, last)


def _engine(engine: str, work: int) -> tuple[Sweep, str]:
    """The engine asked for; with “auto” the compiled one where it is installed and the work is worth the compiling."""
    if engine == "numba" and not COMPILED:
        raise BadInput("numba is not installed here. Choose --engine numpy, or install it with: {command}", command=tell_install("numba"))
    if engine not in ("auto", "numpy", "numba"):
        raise BadInput("“{engine}” is not an engine; choose auto, numpy or numba.", engine=engine)
    compiled = engine == "numba" or (engine == "auto" and COMPILED and work > WORTH_COMPILING)
    return (sweep_compiled, "numba") if compiled else (sweep, "numpy")


def _best_by_zone(counts: NDArray[np.int64], windows: Windows) -> dict[str, NDArray[np.float64]]:
    """The best window of each zone; of equal ones the shortest, then the latest."""
    kept = counts[:, -windows.periods :]
    running = np.zeros(windows.expected.shape)
    for zone in range(len(windows.zones)):
        running[zone, 1:] = np.cumsum(kept[windows.zones.places(zone)].sum(axis=0))
    best = {name: np.zeros(len(windows.zones)) for name in ("llr", "end", "length", "cases", "expected")}
    rows = np.arange(len(windows.zones))
    for length in range(1, windows.longest + 1):
        ends = windows.ends[windows.ends >= length][::-1]
        cases = running[:, ends] - running[:, ends - length]
        expected = windows.expected[:, ends] - windows.expected[:, ends - length]
        value = np.where(cases >= windows.least, score(cases, expected, windows.total), 0.0)
        at = np.argmax(np.round(value, 9), axis=1)
        better = value[rows, at] > best["llr"] + SAME
        new = (value[rows, at], ends[at], float(length), cases[rows, at], expected[rows, at])
        for name, one in zip(("llr", "end", "length", "cases", "expected"), new, strict=True):
            best[name] = np.where(better, one, best[name])
    return best


def _maxima(
    draw: Draw, windows: Windows, replicates: int, seed: int, engine: Sweep, progress: Callable[[int, int], None] | None
) -> NDArray[np.float64]:
    """The best score of each copy. The level starts from a pilot and falls only for copies in which nothing reached it."""
    chance = np.random.default_rng(seed)
    size = max(1, min(100, CELLS_AT_ONCE // (windows.sums.shape[1] * windows.periods)))
    level = 0.5 * log(1 + len(windows.zones) * windows.longest * len(windows.ends))
    need = needed(windows, level)
    found: list[NDArray[np.float64]] = []
    done = 0
    while done < replicates:
        copies = draw(chance, min(size if done else min(PILOT, size), replicates - done))
        best = engine(copies, windows, need)
        lower = level
        while np.any(missed := best == -inf):
            lower = lower / 2 if lower > 0.1 else 0.0
            best[missed] = engine(copies[missed], windows, needed(windows, lower))
            if lower == 0.0:
                best[best == -inf] = 0.0
        found.append(best)
        if not done and (low := 0.85 * float(best.min())) != level:
            level, need = low, needed(windows, low)
        done += len(copies)
        if progress is not None:
            progress(done, replicates)
    return np.concatenate(found) if found else np.empty(0)
