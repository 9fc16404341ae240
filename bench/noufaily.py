"""Bench of honesty and power: our own detector on the simulated series of Noufaily et al. (2013), 28 scenarios, weeks 576 to 624.

    .venv/bin/python bench/noufaily.py [--data FOLDER] [--replicates 50]

Read from the folder (FAIRWITNESS_SHARED, else ../shared, then data/reference/noufaily): the series, the outbreaks, and what R's methods
and the oracle, which knows the true parameters, reached on them. Printed: the rate of false alarms at five alphas beside R's, and the
probability of detection at equal rates of false alarms, with the threshold set on the first half of the replicates and reported on the
second. False alarms are counted in the series without outbreaks; detection in the series with four past outbreaks and the one under
test, found when a week from its first to its last has an alarm. Exit code 1 when a must of the table is missed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent / "src")]
ALPHAS = (0.005, 0.01, 0.025, 0.05, 0.1)
FIRST = 576
MUST_POWER = {0.01: 0.58, 0.005: 0.52}


def read(folder: Path) -> tuple[Any, Any, list[tuple[int, int, int, int, int]]]:
    """Series without and with outbreaks (scenario, replicate, week), and those under test: scenario, replicate, start, end, k."""
    import numpy as np

    kept = np.load(folder / "series_replicates_01_50.npz")
    with gzip.open(folder / "outbreaks_replicates_01_50.csv.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["kind"] == "cur"]
    outbreaks = [(int(row["scenario"]) - 1, int(row["rep"]) - 1, int(row["start"]), int(row["end"]), int(row["k"])) for row in rows]
    base = kept["baseline"].astype(np.float64)
    return base, base + kept["outbreak_cases"], outbreaks


def judge(series: Any, words: str) -> Any:
    """p of every week from FIRST, shape (scenario, replicate, week): each series by itself, as `detect_one` judges it."""
    import numpy as np

    from fairwitness.analyse.numbers.pool.detect_one import chances
    from fairwitness.analyse.numbers.pool.judge_weeks import judge_weeks

    found = []
    for scenario, counts in enumerate(series, start=1):
        found.append(chances(judge_weeks(counts, start=FIRST, frequency=52, breaks={}, pooled=False)))
        print(f"\r{words}: scenario {scenario} of {len(series)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return np.array(found)


def say_honesty(quiet: Any, peers: list[dict[str, str]]) -> bool:
    """The rates of false alarms; True when each is within a fifth of what was promised."""
    import numpy as np

    print("\nFalse alarms      nominal   ours   ratio  median  worst scenario   R nbPlugin (worst)")
    held = True
    for alpha in ALPHAS:
        rates = (quiet <= alpha).mean(axis=(1, 2))
        peer = next(row for row in peers if row["method"] == "nbPlugin" and float(row["alpha"]) == alpha)
        held &= abs(rates.mean() / alpha - 1.0) <= 0.2
        print(f"                  {alpha:<8} {rates.mean():.4f}   {rates.mean() / alpha:.2f}   {np.median(rates):.4f}  {rates.max():.4f} "
              f"({rates.max() / alpha:.2f} x)  {peer['FPR']} ({peer['FPR_max_scenario']})")  # fmt: skip
    print("                  must: ratio 0.8 to 1.2; aim: 0.9 to 1.1 and worst scenario <= 2 x")
    return bool(held)


def say_power(quiet: Any, found: list[tuple[int, int, float]], oracle: list[dict[str, str]]) -> bool:
    """Detection at equal rates of false alarms; True when both musts are met."""
    import numpy as np

    half = quiet.shape[1] // 2
    print("\nDetection         at rate   threshold  realised   all   k 1-3   k 4-6   k 7-10   oracle 2-week sum")
    held = True
    for rate, must in MUST_POWER.items():
        learnt = np.sort(quiet[:, :half].ravel())
        limit = learnt[int(rate * len(learnt))]
        realised = (quiet[:, half:] < limit).mean()
        there = [(k, p < limit) for replicate, k, p in found if replicate >= half]
        parts = [np.mean([hit for k, hit in there if low <= k <= high]) for low, high in ((1, 10), (1, 3), (4, 6), (7, 10))]
        best = next(row for row in oracle if row["method"] == "oracle 2-week sum" and float(row["alpha"]) == rate)
        held &= bool(parts[0] >= must)
        kinds = "   ".join(f"{part:.3f}" for part in parts)
        print(
            f"                  {rate:<8}  {limit:.5f}    {realised:.4f}    {kinds}    {best['POD_all']} at {best['FPR']}; wanted >= {must}"
        )
    return held


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("FAIRWITNESS_SHARED", Path(__file__).parent.parent.parent / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data" / "reference" / "noufaily")
    parser.add_argument("--replicates", type=int, default=50)
    given = parser.parse_args()
    base, struck, outbreaks = read(given.data)
    begun = time.process_time()
    quiet = judge(base[:, : given.replicates], "without outbreaks")
    during = judge(struck[:, : given.replicates], "with outbreaks")
    found = [
        (replicate, k, float(during[scenario, replicate, start - FIRST : end - FIRST + 1].min()))
        for scenario, replicate, start, end, k in outbreaks
        if replicate < given.replicates
    ]
    spent = time.process_time() - begun
    with (given.data / "summary.csv").open(encoding="utf-8") as lines:
        honest = say_honesty(quiet, list(csv.DictReader(lines)))
    with (given.data / "oracle.csv").open(encoding="utf-8") as lines:
        able = say_power(quiet, found, list(csv.DictReader(lines)))
    print(f"\n{quiet.size:,} weeks without an outbreak, {len(found):,} outbreaks; {spent:.0f} s of processor time.")
    return 0 if honest and able else 1


if __name__ == "__main__":
    sys.exit(main())
