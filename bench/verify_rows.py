"""How many rows a second are examined against their newest entries.

Makes a node in a temporary folder (`--engine sqlite` or `postgres`) with so many units, a tenth of them edited once, then examines
them as often as asked. The limit it guards: 20,000 rows a second; exit code 1 below it, or when the store
is not found clean.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parents[1] / "tests")]

LIMIT = 20_000


def fill(count: int) -> None:
    """Keep `count` units, a thousand in one unit of work, and edit each tenth of the first ones."""
    from fairwitness.mission.models import Unit
    from fairwitness.record.hand import command
    from fairwitness.record.keep import keep_many, writing
    from fairwitness.record.verbs import Verb

    hand = command()
    for start in range(0, count, 1000):
        units = [Unit(code=f"U{n}", name=f"Field team {n} in Плањане", kind="field team") for n in range(start, min(start + 1000, count))]
        with writing(hand):
            keep_many(units, by=hand, verb=Verb.UNIT_EDIT)
            for unit in units[::10]:
                unit.name += " (renamed)"
                unit.keep(by=hand, verb=Verb.UNIT_EDIT)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=50_000, help="number of rows")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fairwitness-bench-") as folder:
        address = "sqlite"
        if given.engine == "postgres":
            from engine import make_database, postgres_address

            address = make_database(postgres_address(Path(folder)), "fairwitness")
        os.environ.update(FAIRWITNESS_DATA=folder, FAIRWITNESS_DATABASE=address, DJANGO_SETTINGS_MODULE="fairwitness.web.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from fairwitness.record.examine import examine_rows

        call_command("migrate", verbosity=0)
        fill(given.n)
        times = []
        for _ in range(given.rounds):
            began = time.perf_counter()
            found = examine_rows()
            times.append(time.perf_counter() - began)
            if found:
                print("\n".join(finding.sentence for finding in found))
                return 1
    speed = given.n / statistics.median(times)
    print(f"{given.engine}: {given.n} rows, {statistics.median(times):.2f} s, {speed:,.0f} rows/s (limit {LIMIT:,})")
    return 0 if speed >= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
