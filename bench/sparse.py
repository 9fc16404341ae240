"""Bench of sparse series: outbreaks of three to five cases laid over real municipal-like panels, found at equal rates of false alarms.

    .venv/bin/python bench/sparse.py [--data FOLDER] [--injections 500] [--seed 1]

Two kinds of panel: hepatitis A in twelve districts of Berlin (mean .08 a week), and salmonella agona thinned and dealt to sixteen places
(mean .15 a week), twice. Every alarm on the panel as it is counts as false, for each method alike; its threshold is the p that gives the
rate. An outbreak of 3 to 5 cases falls over its weeks with lognormal delays (0, .5), as in Noufaily et al. (2013), in a place and a
week drawn at random; it is found when a week from its first to its last case has an alarm. Compared: our detector with places sharing
strength, ours on each place alone, and the flexible Farrington method with limit54 = (0, 4). Wanted: 1.5 times Farrington's detection.
Guard weeks make every method's forecast independent of the outbreak, so that one forecast serves all injections.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent / "src")]
RATES = (0.005, 0.01, 0.02)
START = 170


def read(path: Path) -> Any:
    """The counts of a file of the reference, shape (weeks, places): all columns but time and state."""
    import numpy as np

    with path.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    return np.array([[float(cell) for cell in row[4:]] for row in rows[1:]])


def spread_out(series: Any, places: int, mean: float, rng: Any) -> Any:
    """One series thinned and dealt to places of unequal size, shape (weeks, places)."""
    shares = rng.gamma(2.0, size=places)
    kept = rng.binomial(series.astype(int), min(1.0, mean * places / series.mean()))
    return rng.multinomial(kept, shares / shares.sum()).astype(float)


def inject(panel: Any, injections: int, rng: Any) -> list[tuple[int, Any]]:
    """Places and the weekly cases of outbreaks, in the panel's weeks."""
    import numpy as np

    found = []
    for _ in range(injections):
        delays = np.floor(rng.lognormal(0.0, 0.5, rng.integers(3, 6))).astype(int)
        extra = np.zeros(len(panel))
        np.add.at(extra, rng.integers(START - 1, len(panel) - 12) + delays, 1.0)
        found.append((int(rng.integers(panel.shape[1])), extra))
    return found


def ours(panel: Any, pooled: bool) -> Any:
    """The p of the panel with any extra cases in one place: a function of place and extra cases, giving the weeks from START."""
    import numpy as np

    from fairwitness.analyse.numbers.pool.judge_weeks import judge_weeks
    from fairwitness.analyse.numbers.pool.state_tail import middle

    judged = judge_weeks(panel.T.copy(), start=START, frequency=52, breaks={}, pooled=pooled)

    def p(place: int, extra: Any) -> Any:
        series = panel[:, place] + extra
        pairs = (series[1:] + series[:-1])[START - 2 :]
        return middle(np.asarray(pairs), judged.mean[place], judged.spread[place], judged.belief[place])

    return p


def farrington(panel: Any, threshold: str) -> Any:
    """The same of the flexible Farrington method with three years behind each week and no rule against few cases."""
    import numpy as np

    from fairwitness.analyse.numbers.detect.detect_farrington import FarringtonRules, bound_above, expect

    rules = FarringtonRules(b=3, alpha=0.05, threshold=threshold, limit=(0, 4))
    known = [expect(panel[:, place], rules, range(START, len(panel) + 1)) for place in range(panel.shape[1])]

    def p(place: int, extra: Any) -> Any:
        observed = (panel[:, place] + extra)[START - 1 :]
        bound, tail = bound_above(observed, known[place], rules)
        return np.where(np.isfinite(bound) & np.isfinite(tail), tail, np.nan)

    return p


def measure(name: str, p: Any, panel: Any, outbreaks: list[tuple[int, Any]]) -> list[float]:
    """Print and return the detection at each rate."""
    import numpy as np

    quiet = np.array([p(place, np.zeros(len(panel))) for place in range(panel.shape[1])])
    struck = []
    for place, extra in outbreaks:
        weeks = np.flatnonzero(extra)
        during = p(place, extra)[weeks[0] - START + 1 : weeks[-1] - START + 2]
        struck.append(float(np.nan_to_num(during, nan=1.0).min()))
    ladder = np.sort(np.nan_to_num(quiet, nan=1.0).ravel())
    found = []
    for rate in RATES:
        place = int(rate * len(ladder))
        # Between ties no threshold gives the rate exactly; the share of them that fits is counted, for each method alike.
        limit = ladder[place]
        below, at = (ladder < limit).mean(), (ladder == limit).mean()
        part = (rate - below) / at if at else 0.0
        found.append(float(np.mean([one < limit for one in struck]) + part * np.mean([one == limit for one in struck])))
    stated = np.isfinite(quiet).mean()
    rates = "  ".join(f"{alpha}: {(quiet <= alpha).mean():.4f}" for alpha in (0.005, 0.01, 0.05))
    print(f"  {name:<28} found {'  '.join(f'{one:.3f}' for one in found)}   stated {stated:.1%}   alarms at {rates}")
    return found


def main() -> int:
    """Run and print."""
    import numpy as np

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("FAIRWITNESS_SHARED", Path(__file__).parent.parent.parent / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data" / "reference" / "surveillance" / "in")
    parser.add_argument("--injections", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    agona = read(given.data / "salmonella.agona.csv")[:, 0]
    panels = {
        "ha.sts": read(given.data / "ha.sts.csv"),
        **{f"agona over 16 places, deal {deal}": spread_out(agona, 16, 0.15, rng) for deal in (1, 2)},
    }
    for name, panel in panels.items():
        outbreaks = inject(panel, given.injections, rng)
        print(f"{name}: {panel.shape[1]} places, mean {panel.mean():.3f} a week; rates of false alarms {RATES}")
        best = measure("ours, places together", ours(panel, True), panel, outbreaks)
        measure("ours, each place alone", ours(panel, False), panel, outbreaks)
        for threshold in ("nbPlugin", "delta"):
            peer = measure(f"Farrington flexible, {threshold}", farrington(panel, threshold), panel, outbreaks)
            print(
                f"  {'':<28} ratio {'  '.join(f'{own / other:.2f} ' if other else 'inf  ' for own, other in zip(best, peer, strict=True))}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
