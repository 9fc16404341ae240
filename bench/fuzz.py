"""Bench of readers: every reader of what comes from outside is handed spoilt examples for so long, with a new beginning each time.

    .venv/bin/python bench/fuzz.py --seconds 3600 [--only "count" "archive"] [--seed 7]

Limits: only errors of the reader's own come out, one small input takes at most three seconds of the processor, the process grows by at most
400 MB. What breaks a reader is printed with the bytes that did it; the code is then 1. The same seed spoils in the same way.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests"), str(ROOT)]


def main() -> int:
    """Turn by turn, half a minute each at most, until the time is over."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--seconds", type=float, default=3600)
    ask.add_argument("--only", nargs="*", default=[])
    ask.add_argument("--seed", type=int, default=int(time.time()))
    given = ask.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairwitness.web.settings"
    os.environ["FAIRWITNESS_DATA"] = tempfile.mkdtemp(prefix="fairwitness-fuzz-data-")
    import django

    django.setup()
    from fuzz import PARSERS, Broken, trials

    names = given.only or list(PARSERS)
    turn = min(30.0, given.seconds / len(names))
    counts, broken = dict.fromkeys(names, 0), []
    end, seed = time.monotonic() + given.seconds, given.seed
    print(f"seed {seed}, {len(names)} readers, {given.seconds:.0f} s")
    while time.monotonic() < end:
        for name in names:
            try:
                counts[name] += trials(name, min(turn, max(0.1, end - time.monotonic())), seed)
            except Broken as said:
                broken.append(name)
                print(f"BROKEN (seed {seed}) {said}")
        seed += 1
    for name, count in counts.items():
        print(f"{name:24} {count:>12,} inputs{'  BROKEN' if name in broken else ''}")
    return int(bool(broken))


if __name__ == "__main__":
    raise SystemExit(main())
