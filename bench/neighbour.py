"""Bench of the noisy neighbour: what one reader's widest allowed question costs everybody else.

    .venv/bin/python bench/neighbour.py [--engine sqlite|postgres] [--rows 100000] [--seconds 20] [--keep FOLDER]

Limit: with two worker processes, while A asks the worst allowed question without a pause, B's p95 is at most 2 x B's p95 alone.
The worst question is the slowest of a few wide ones, found first: two very common words that never meet, a common word in a kind
that has none, the beginning of everything. Statements that run for two seconds are stopped by the house.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

from enter import House, Way, percentile, said

WIDE = (
    "/find/?q=municipality&kind=monitor.claim", "/find/?q=mun&room=warn", "/monitor/?q=municipality", "/find/?q=municipality+barricade+mun",
    "/find/?from=1900-01-01&to=2200-01-01&kind=monitor.observation", "/monitor/",
)  # fmt: skip
OWN = ("/monitor/", "/find/?q=barricade", "/")


def ask(way: Way, seconds: float) -> list[float]:
    """B's day: three pages in turn, with a breath between them."""
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        times.append(way.get(OWN[len(times) % len(OWN)])[2])
        time.sleep(0.02)
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fairwitness-bench-"))
    house = House(given.engine, folder)
    try:
        house.fill(given.rows)
        keys = house.sign_in("all", "thirtieth")
        house.serve("--workers", "2")
        noisy, own = Way(house.port, keys["all"]), Way(house.port, keys["thirtieth"])
        costs = {address: min(noisy.get(address)[2] for _ in range(3)) for address in WIDE}
        worst = max(costs, key=lambda address: costs[address])
        print(f"  load {os.getloadavg()[0]:.1f}; the worst question: {worst}, {costs[worst] * 1000:.0f} ms")
        ask(own, 3)
        alone = ask(own, given.seconds)
        stop = threading.Event()
        asked: list[int] = []

        def loop() -> None:
            while not stop.is_set():
                asked.append(noisy.get(worst)[0])

        thread = threading.Thread(target=loop)
        thread.start()
        beside = ask(own, given.seconds)
        stop.set()
        thread.join()
        one, other = percentile(alone, 0.95), percentile(beside, 0.95)
        print(f"  B alone p95 {one:.0f} ms ({len(alone)} pages), beside A p95 {other:.0f} ms"
              f" ({len(beside)} pages; A asked {len(asked)} times), {other / one:.2f} x (limit 2)")  # fmt: skip
        return said(other > 2 * one)
    finally:
        house.stop()
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
