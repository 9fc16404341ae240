"""Bench of the scan: 38 places × 365 days, about 600 zones, windows of up to 28 days, 999 copies; both directions, both engines.

    .venv/bin/python bench/scan.py [--cases 2000] [--seed 7] [--engine numpy|numba] [--plain]

Limits in seconds of processor time: numpy 2 (prospective) and 250 (retrospective), numba 0.5 and 60; what is aimed at: 0.2 and 15.
Compiling is not counted: it happens once and is kept. With --plain the prospective scan is also done window by window, without
thresholds, in the same run, and the ratio is printed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import numpy as np

from fairwitness.analyse.numbers.scan.build_zones import Zones, circles, straight
from fairwitness.analyse.numbers.scan.draw_replicates import permutation
from fairwitness.analyse.numbers.scan.expect_cases import by_margins
from fairwitness.analyse.numbers.scan.find_clusters import scan
from fairwitness.analyse.numbers.scan.score_windows import score
from fairwitness.analyse.numbers.scan.sweep_compiled import COMPILED

PLACES, DAYS, LONGEST, COPIES = 38, 365, 28, 999
LIMITS = {("numpy", True): 2.0, ("numpy", False): 250.0, ("numba", True): 0.5, ("numba", False): 60.0}


def made(cases: int, seed: int) -> tuple[Any, Any, Zones]:
    """Cases at random over places of unequal size, their expectations, and the zones: circles of up to the 20 nearest."""
    chance = np.random.default_rng(seed)
    size = chance.lognormal(0, 1, PLACES)
    cells = chance.multinomial(cases, np.repeat(size / size.sum() / DAYS, DAYS)).reshape(PLACES, DAYS)
    x, y = chance.uniform(0, 100, (2, PLACES))
    return cells, by_margins(cells), circles(straight(x, y), cells.sum(axis=1).astype(float), nearest=20)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    before = time.process_time()
    answer = work()
    return time.process_time() - before, answer


def plain(counts: Any, expected: Any, zones: Zones, seed: int) -> Any:
    """The prospective scan with every logarithm taken: the peer in the same run."""
    draw, chance = permutation(counts, LONGEST), np.random.default_rng(seed)
    total, best = float(counts.sum()), []
    for copy in draw(chance, COPIES):
        highest = 0.0
        for zone in range(len(zones)):
            members = zones.places(zone)
            cases = np.cumsum(copy[members].sum(axis=0)[::-1])
            mu = np.cumsum(expected[members, -LONGEST:].sum(axis=0)[::-1])
            highest = max(highest, float(score(np.where(cases > 1, cases, 0), mu, total).max()))
        best.append(highest)
    return np.array(best)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--engine", choices=["numpy", "numba"])
    parser.add_argument("--plain", action="store_true")
    given = parser.parse_args()
    counts, expected, zones = made(given.cases, given.seed)
    print(f"{PLACES} places x {DAYS} days, {given.cases} cases, {len(zones)} zones, up to {LONGEST} days, {COPIES} copies; "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    failed, maxima = 0, {}
    for engine in [given.engine] if given.engine else ["numpy", *(["numba"] if COMPILED else [])]:
        if engine == "numba":
            for way in (True, False):
                scan(counts, expected, zones, model="permutation", longest=2, prospective=way, replicates=2, engine=engine)
        for way in (True, False):
            spent, found = timed(lambda: scan(counts, expected, zones, model="permutation", longest=LONGEST, prospective=way,  # noqa: B023
                                              replicates=COPIES, seed=given.seed, engine=engine))  # noqa: B023  # fmt: skip
            limit = LIMITS[engine, way]
            failed += spent > limit
            maxima[engine, way] = found.maxima
            print(f"  {engine} {'prospective' if way else 'retrospective':<14}{spent:8.2f} s  limit {limit:g}  "
                  f"({found.windows:,} windows, ratio {spent / limit:.2f})", flush=True)  # fmt: skip
    for way in (True, False):
        if ("numba", way) in maxima and ("numpy", way) in maxima:
            failed += not np.allclose(maxima["numba", way], maxima["numpy", way], rtol=1e-12, atol=1e-12)
    if given.plain:
        spent, best = timed(lambda: plain(counts, expected, zones, given.seed))
        print(f"  plain prospective {spent:.1f} s, its median {np.median(best):.4f}")
    print("ok" if not failed else f"{failed} ABOVE THE LIMIT OR UNEQUAL")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
