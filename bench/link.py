"""Bench of linking: persons and events, against the published figures, with the time each took on this machine.

    .venv/bin/python bench/link.py [--seeds 3]

Limits: public lists of persons: best F1 >= .9996, F1 >= .999 at the threshold nobody tuned; made lists in four spellings: F1 >= .95 with at
most 5 % of entries in the reviewer's queue; events: 34 matches, 55 duplicates, 140 unique; made missions of three sources: F1 >= .95,
queue <= 5 %. The public lists are read from FAIRWITNESS_SHARED, and their rows left out where it has none.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent
sys.path[:0] = [str(HERE / "src"), str(HERE / "tests" / "analyse" / "numbers")]

from made_lists import SOURCES, events, f1, persons, save, taxonomy, true_pairs  # noqa: E402

from fairwitness.web.cli import main  # noqa: E402

REFERENCE = Path(os.environ.get("FAIRWITNESS_SHARED", str(HERE.parent / "shared"))) / "data" / "reference"


def analysed(*given: str) -> tuple[dict[str, Any], float]:
    """What the command printed, and the processor's seconds."""
    out, began = io.StringIO(), time.process_time()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(["analyse", *given, "--json"])
    if code:
        raise SystemExit(f"analyse {given[0]} ended with {code}")
    return json.loads(out.getvalue()), time.process_time() - began


def say(row: str, holds: bool, measured: str, seconds: float) -> bool:
    """One row; whether it holds."""
    print(f"{'ok  ' if holds else 'MISS'} {row:<42} {measured:<58} {seconds:6.1f} s CPU", flush=True)
    return holds


def public(folder: Path) -> list[bool]:
    """The published figures."""
    found = []
    lists = [REFERENCE / "linkage" / f"dataset4{one}.csv.gz" for one in "ab"]
    if all(one.exists() for one in lists):
        result, seconds = analysed("link", *map(str, lists), "--out", str(folder / "pairs.csv"))
        truth = {frozenset({f"rec-{n}-org", f"rec-{n}-dup-0"}) for n in range(5000)}
        plain = f1({frozenset({pair["left"], pair["right"]}) for pair in result["pairs"]}, truth)
        best, hits = 0.0, 0
        with (folder / "pairs.csv").open(encoding="utf-8") as rows:
            for number, row in enumerate(csv.DictReader(rows), 1):
                hits += frozenset({row["left"], row["right"]}) in truth
                best = max(best, 2 * hits / (number + len(truth)))
        found.append(
            say("febrl4", best >= 0.9996 and plain >= 0.999, f"best F1 {best:.5f}, at .5 {plain:.5f}, queue {result['queue']}", seconds)
        )
    crashes = REFERENCE / "event_dedup"
    if crashes.exists():
        kinds = map(str, sorted(crashes.glob("crash_taxonomies_*.csv")))
        result, seconds = analysed("match-events", *(str(crashes / f"crash_data{n}.csv") for n in (1, 2, 3)), "--taxonomy", *kinds)
        figures = (result["matches"], result["duplicates"], result["unique"])
        overlap = list(result["overlap"].values())
        found.append(say("event_dedup: matches, duplicates, unique", figures == (34, 55, 140), f"{figures}, overlap {overlap}", seconds))
    return found


def made(folder: Path, seed: int) -> list[bool]:
    """A mission's lists, made by a seed."""
    lists = persons(seed, 1500)
    paths = [str(save(folder, f"{name}.csv", rows)) for name, rows in zip("ab", lists, strict=True)]
    result, seconds = analysed("link", *paths)
    score = f1({frozenset({pair["left"], pair["right"]}) for pair in result["pairs"]}, true_pairs(lists, "unique_id"))
    holds = score >= 0.95 and result["queue_share"] <= 0.05
    found = [
        say(f"persons in four spellings, seed {seed}", holds, f"F1 {score:.4f}, queue {result['queue_share']:.1%} of entries", seconds)
    ]
    sources = events(seed)
    paths = [str(save(folder, f"{name}.csv", rows)) for name, rows in zip(SOURCES, sources, strict=True)]
    result, seconds = analysed("match-events", *paths, "--taxonomy", str(save(folder, "kinds_incident.csv", taxonomy())))
    score = f1({frozenset({pair["left"], pair["right"]}) for pair in result["pairs"] if pair["match"]}, true_pairs(sources, "event"))
    holds = score >= 0.95 and result["queue_share"] <= 0.05
    return [
        *found,
        say(f"events of three sources, seed {seed}", holds, f"F1 {score:.4f}, queue {result['queue_share']:.1%} of reports", seconds),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        held = public(Path(name)) + [one for seed in range(1, asked.seeds + 1) for one in made(Path(name), seed)]
    sys.exit(0 if all(held) else 1)
