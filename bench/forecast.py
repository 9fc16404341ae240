"""Bench of forecasts: the rows of the goal table on public data, with the measured column and the work in seconds.

    .venv/bin/python bench/forecast.py [--shared ../shared] [--seeds 1 2 3]

Country-months (UCDP; targets of 2019 and 2020 from October of the year before, leads 3-14, 1,000 draws) beside the two public
benchmarks scored in the same run; coverage of the 90 % interval at leads 1-3 over rolling origins; regions by month in Ethiopia and
Ukraine over the last 36 months of each beside each region's own last twelve months. Limits are of the scores, not of the clock.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from fairwitness.analyse.numbers.forecast.conform import Cover
from fairwitness.analyse.numbers.forecast.draw import Habits, baseline, draw
from fairwitness.analyse.numbers.forecast.foresee import Outlook, foresee
from fairwitness.analyse.numbers.forecast.read_panel import Panel, origin_of, read_panel
from fairwitness.analyse.numbers.forecast.score import crps, log_score

Floats = NDArray[np.float64]
LEADS = list(range(3, 15))
WINDOWS = (("2019", "466", 9.146, 8.07), ("2020", "478", 21.339, 20.9))
LAST_POISSON = {"2019": 9.480, "2020": 23.698}


def row(what: str, must: str, aim: str, measured: str, held: bool) -> bool:
    """Print a row of the table."""
    print(f"{what:<58}{must:>14}{aim:>12}{measured:>22}  {'held' if held else 'NOT HELD'}", flush=True)
    return held


def windows(panel: Panel, seeds: list[int]) -> bool:
    """The two windows of countries."""
    held = True
    for name, origin, must, aim in WINDOWS:
        at = origin_of(panel, origin)
        past, seen = panel.upto(at), panel.past[:, at - panel.first + 3 : at - panel.first + 15]
        began = time.process_time()
        drawn = [draw(past, LEADS, 1000, seed, Habits()) for seed in seeds]
        work = (time.process_time() - began) / len(seeds)
        found = [float(crps(one, seen).mean()) for one in drawn]
        bits = np.mean([log_score(one, seen).mean() for one in drawn])
        year = float(crps(baseline(past, LEADS, "last-12", 1000, 1, Habits()), seen).mean())
        last = float(crps(baseline(past, LEADS, "last-poisson", 1000, 1, Habits()), seen).mean())
        published = f"published {must} and {LAST_POISSON[name]}"
        print(
            f"  {name}: conflictology {year:.3f}, last historical Poisson {last:.3f} ({published}); our log score {bits:.3f}; {work:.2f} s"
        )
        print(f"  {name}: ours by seed {', '.join(f'{one:.3f}' for one in found)}")
        held &= row(f"country-months {name}, mean CRPS", f"< {must}", f"<= {aim}", f"{np.mean(found):.3f}", max(found) <= aim)
    return held


def share(cover: Cover | None) -> float:
    """The share that held, as a percentage."""
    return 100 * cover.held / cover.of if cover else float("nan")


def coverage(outlook: Outlook, what: str) -> bool:
    """The measured coverage of the 90 % interval."""
    held = True
    for lead in outlook.leads:
        cover = outlook.cover(0.9, lead, "active")
        drawn = 100 * cover.as_drawn / cover.of if cover else float("nan")
        held &= row(
            f"{what}, active, lead {lead}: 90 % interval held",
            "87-93 %",
            "",
            f"{share(cover):.1f} ({drawn:.1f} drawn)",
            87 <= share(cover) <= 93,
        )
    for name in ("1-10", "11-100", ">100"):
        cover = outlook.cover(0.9, None, name)
        if cover:
            print(f"  past level {name}: {share(cover):.1f} % of {cover.of}")
    return held


def regions(path: Path) -> Floats:
    """Deaths (best estimate) by first-order region and month of an event list; events without a region are left out and counted."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [
            (one["adm_1"], int(one["date_start"][:4]) * 12 + int(one["date_start"][5:7]) - 1, float(one["best"]))
            for one in csv.DictReader(lines)
        ]
    placed = [one for one in rows if one[0]]
    names, months = sorted({one[0] for one in placed}), [one[1] for one in rows]
    first = min(months) // 12 * 12
    past = np.zeros((len(names), (max(months) // 12 + 1) * 12 - first))
    for name, month, deaths in placed:
        past[names.index(name), month - first] += deaths
    left = f"{len(rows) - len(placed)} of {len(rows)} events without a region left out"
    print(f"  {path.name}: {len(names)} regions, {past.shape[1]} months; {left}")
    return past


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parent.parent.parent / "shared")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    given = parser.parse_args()
    data = given.shared / "data"
    panel = read_panel(data / "reference/forecast/country_month_ucdp_2017-05_2020-12.csv.gz", "country_id", "month_id", "ged_sb")
    print(f"vintage sha256 {panel.table.digest}")
    print(f"{'what':<58}{'must':>14}{'aim':>12}{'measured':>22}")
    held = windows(panel, given.seeds)
    began = time.process_time()
    outlook = foresee(panel.past, [1, 2, 3])
    print(f"  outlook of {len(panel.units)} units with its record: {time.process_time() - began:.1f} s")
    held &= coverage(outlook, "countries")
    for name in ("ethiopia", "ukraine"):
        past = regions(data / f"ucdp_ged/ged_{name}.csv.gz")
        outlook = foresee(past, [1, 2, 3])
        newest = outlook.record.origins >= past.shape[1] - 36
        skill = 100 * (1 - outlook.record.crps[newest].mean() / outlook.record.yardstick[newest].mean())
        held &= row(f"{name}, region-months: CRPS below own last twelve by", "3 %", "", f"{skill:.1f} %", skill >= 3)
        coverage(outlook, name)
    print("ok" if held else "NOT ALL HELD")
    return int(not held)


if __name__ == "__main__":
    raise SystemExit(main())
