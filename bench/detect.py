"""Bench of detection: CPU per point of the flexible Farrington family, in numpy and compiled.

    .venv/bin/python bench/detect.py [--series 20] [--threshold delta|nbPlugin|muan]

Limits: numpy at most 1 ms of CPU a point, numba at most 0.2 ms; the reference software takes 8 to 10 ms. Series are drawn here with
season and scatter, five years and a year tested; ten periods, trend, reweighting, the parameters of the published comparison. Printed:
milliseconds of process time a point, and what share of the limit that is.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
LIMITS = {"numpy": 1.0, "numba": 0.2}


def main() -> int:
    """Measure both engines on the same points; 1 when a limit is passed."""
    import numpy as np

    from fairwitness.analyse.numbers.detect.detect_farrington import FarringtonRules, detect_farrington
    from fairwitness.analyse.numbers.detect.fit_levels import njit

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=20)
    parser.add_argument("--threshold", default="delta")
    given = parser.parse_args()
    rng = np.random.default_rng(1)
    rows = 52 * 6 + 7
    level = rng.uniform(0.3, 30.0, (given.series, 1)) * np.exp(0.4 * np.sin(2 * np.pi * np.arange(rows) / 52))
    panel = rng.negative_binomial(level, 0.5).astype(np.float64)
    rules = FarringtonRules(b=5, threshold=given.threshold, limit=(0, 4))
    passed = True
    for engine in ("numpy", "numba") if njit is not None else ("numpy",):
        detect_farrington(panel[0], rules, start=rows - 2, engine=engine)
        begin = time.process_time()
        points = sum(len(detect_farrington(one, rules, start=rows - 51, engine=engine).t) for one in panel)
        spent = 1000.0 * (time.process_time() - begin) / points
        passed &= spent <= LIMITS[engine]
        print(f"{engine}: {points} points, {spent:.3f} ms a point, {spent / LIMITS[engine]:.0%} of {LIMITS[engine]} ms")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
