"""Bench of bringing a list: 41,063 recommendations from CSV, each taken and linked to its row, rights on.

    .venv/bin/python bench/bring.py [--engine sqlite|postgres] [--rows 41063] [--file LIST.csv[.gz]]

Limits: at least 1,000 rows a second, reading, trial and taking together; taking no more than 4 x `keep_many` of as many rows of a plain
kept model twice (a thing and its line), in the same process; a second run writes nothing. On SQLite the processor's own clock counts, so
that other work on the machine does not; on PostgreSQL, whose server is another process, the wall's. Without a file the list is made.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import random
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent / "src"), str(Path(__file__).parent.parent / "tests"), str(Path(__file__).parent)]

from keep import prepare  # noqa: E402

HERE = Path(__file__).resolve().parents[2] / "shared/data/recommendations/upr_recommendations_sessions_1_20.csv.gz"
LIMIT_RATE, LIMIT_RATIO = 1_000.0, 4.0


def a_list(rows: int) -> bytes:
    """A list as long and as varied as the real one: sentences of ten to sixty words, a hundred and ninety addressees."""
    dice = random.Random(7)
    words = "take steps to ensure all persons enjoy access equal protection law reform courts schools languages delay"
    held = io.StringIO()
    out = csv.writer(held)
    out.writerow(("state_under_review", "recommending_state", "issues", "recommendation"))
    for number in range(rows):
        said = " ".join(dice.choice(words.split()) for _ in range(dice.randint(10, 60)))
        out.writerow((f"State {number % 190}", f"State {number % 187}", "Rights of the Child; Women's rights", f"{said} {number}."))
    return held.getvalue().encode("utf-8")


def _read(source: Path) -> bytes:
    data = source.read_bytes()
    return gzip.decompress(data) if source.suffix == ".gz" else data


def mission(names: set[str]) -> Any:
    """A unit, the people who bring, and the addressees, without which nothing could be taken."""
    from people import build, hand

    from fairwitness.mission.models import Counterpart
    from fairwitness.record.hand import command
    from fairwitness.record.keep import keep_many
    from fairwitness.record.verbs import Verb

    people = build()
    made = [Counterpart(code=f"s-{n}", name=name, kind="state") for n, name in enumerate(sorted(names))]
    keep_many(made, by=command(), verb=Verb.COUNTERPART_EDIT)
    return hand(people.drafter)


def peer(rows: int, clock: Callable[[], float]) -> float:
    """Seconds to keep twice as many rows of a plain model through the same door."""
    from fairwitness.mission.models import Place, PlaceName
    from fairwitness.record.hand import command
    from fairwitness.record.keep import keep_many, writing
    from fairwitness.record.verbs import Verb

    place = Place.objects.first()
    begun = clock()
    for start in range(0, rows, 1000):
        many = min(1000, rows - start)
        with writing(command()):
            for half in range(2):
                keep_many(
                    [PlaceName(place=place, text=f"Name {half} {start + n}", language="und", authority="bench") for n in range(many)],
                    by=command(), verb=Verb.PLACE_EDIT,
                )  # fmt: skip
    return clock() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rows", type=int, default=41_063)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    source = given.file or (HERE if HERE.exists() else None)
    data = a_list(given.rows) if source is None else _read(source)
    prepare(given.engine)
    from fairwitness.mission.bring import bring, match
    from fairwitness.mission.models import Import
    from fairwitness.mission.take_rows import start, take, try_list
    from fairwitness.record.models import Entry

    table = list(csv.DictReader(io.StringIO(data.decode("utf-8"))))[: given.rows]
    held = io.StringIO()
    out = csv.DictWriter(held, list(table[0]))
    out.writeheader()
    out.writerows(table)
    by = mission({row["state_under_review"] for row in table})
    columns = {"state_under_review": "addressee", "recommending_state": "more", "issues": "more", "recommendation": "text"}
    clock = time.process_time if given.engine == "sqlite" else time.perf_counter
    marks = [clock()]
    begun = time.perf_counter()
    imported = bring(held.getvalue().encode(), file_name="list.csv", target="recommendations", by=by)
    match(imported, columns, by=by, profile="bench")
    marks.append(clock())
    trial = try_list(imported, by=by)
    marks.append(clock())
    done = take(start(Import.objects.get(pk=imported.pk), by=by, background=False), by=by)
    marks.append(clock())
    wall = time.perf_counter() - begun
    entries = Entry.objects.count()
    again = take(bring(held.getvalue().encode(), file_name="list.csv", target="recommendations", by=by), by=by)
    changed = Entry.objects.count() - entries + again.made - done.made
    steps = [later - earlier for earlier, later in pairwise(marks)]
    rate = done.rows / sum(steps)
    plain = peer(min(done.rows, 10_000), clock) * done.rows / min(done.rows, 10_000)
    ratio = steps[2] / plain
    name = "made" if source is None else source.name
    print(f"engine {given.engine}, {done.rows} rows ({name}); {trial.faulty} at fault, {done.made} taken")
    print(f"  matched {steps[0]:6.1f} s   tried {steps[1]:6.1f} s   taken {steps[2]:6.1f} s   by the wall clock {wall:6.1f} s")
    print(f"  rate    {rate:8.0f} rows/s (limit {LIMIT_RATE:.0f})  {'ok' if rate >= LIMIT_RATE else 'BELOW THE LIMIT'}")
    print(f"  taking  {ratio:8.2f} x keep_many of both rows (limit {LIMIT_RATIO})  {'ok' if ratio <= LIMIT_RATIO else 'ABOVE THE LIMIT'}")
    print(f"  a second run wrote {changed} entries  {'ok' if not changed else 'NOT THE SAME'}")
    return int(rate < LIMIT_RATE or ratio > LIMIT_RATIO or bool(changed))


if __name__ == "__main__":
    raise SystemExit(main())
