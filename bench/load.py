"""Bench of a full office: sixteen staff at once on the default server.

    .venv/bin/python bench/load.py [--engine sqlite|postgres] [--rows 20000] [--staff 16] [--seconds 20] [--workers 1] [--keep FOLDER]

Limits: >= 100 pages a second, p95 <= 300 ms, <= 300 MB in all processes of the server. Pages in turn: home, the list, the list
narrowed, one observation, find, oneself. The askers run in a process of their own and share the machine with the server; beside
what came of it stands what the server worked for a page, which other work on the machine changes little.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from enter import House, Way, percentile, said

PAGES = ("/", "/monitor/", "/monitor/?kind=arrest", "/monitor/observations/B-0000033/", "/find/?q=barricade", "/me/")


def staff(port: int, session: str, many: int, seconds: float, out: Any) -> None:
    """So many people in one process, each on a line of their own."""
    times: list[float] = []
    wrong: list[tuple[str, int]] = []

    def one(first: int) -> None:
        way, number, end = Way(port, session), first, time.monotonic() + seconds
        while time.monotonic() < end:
            status, _body, took = way.get(PAGES[number % len(PAGES)])
            times.append(took)
            if status != 200:
                wrong.append((PAGES[number % len(PAGES)], status))
            number += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put((times, wrong))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--staff", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--workers", type=int, default=0, help="as many processes; 0 leaves the server its default")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fairwitness-bench-"))
    house = House(given.engine, folder)
    try:
        house.fill(given.rows)
        session = house.sign_in("thirtieth")["thirtieth"]
        house.serve(*(("--workers", str(given.workers)) if given.workers else ()))
        way = Way(house.port, session)
        for address in PAGES:
            way.get(address)
            before = house.worked()
            took = sorted(way.get(address)[2] for _ in range(20))
            own = (house.worked() - before) / 20
            size = len(way.get(address)[1]) / 1024
            print(f"  {address:<36}{took[10] * 1000:6.0f} ms alone, {own * 1000:4.0f} ms of work, {size:5.0f} KB")
        out = multiprocessing.get_context("spawn").Queue()
        asker = multiprocessing.get_context("spawn").Process(target=staff, args=(house.port, session, given.staff, given.seconds, out))
        before = house.worked()
        asker.start()
        times, wrong = out.get()
        asker.join()
        own = (house.worked() - before) / len(times)
        rate, slow, size = len(times) / given.seconds, percentile(times, 0.95), house.resident()
        print(f"  load {os.getloadavg()[0]:.1f}; {given.staff} staff: {rate:.0f} pages a second (limit 100),"
              f" p50 {percentile(times, 0.5):.0f} ms, p95 {slow:.0f} ms (limit 300), {size:.0f} MB (limit 300),"
              f" {len(wrong)} not answered with 200 {wrong[:2]}")  # fmt: skip
        print(f"  {own * 1000:.0f} ms of the server's work for a page: a free core gives {1 / own:.0f} pages a second")
        return said(rate < 100 or slow > 300 or size > 300 or wrong)
    finally:
        house.stop()
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
