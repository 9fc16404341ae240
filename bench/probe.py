"""Bench of silence: a thing one may not see against one that does not exist, through the running server.

    .venv/bin/python bench/probe.py [--engine sqlite|postgres] [--rows 20000] [--rounds 300] [--keep FOLDER]

Limits: same status, same bytes, medians within 1.5 x of each other, either way; asked in turn, so that both meet the same machine.
A search for a word that stands only in things one may not see against a word that stands nowhere: same figures, same limit of time.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from pathlib import Path
from statistics import median

from enter import House, Way, said

HIDDEN = """
from datetime import UTC, datetime
from people import hand
from fairwitness.mission.models import Counterpart, Member, Place, Term, Unit
from fairwitness.monitor.models import Activity
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.source import register_source
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
by, unit, place = command(), Unit.objects.get(code="T2"), Place.objects.get(authority="bench", code="t3")
for v, c in (("event", "damage"), ("means", "saw")):
    if not Term.objects.filter(vocabulary=v, code=c).exists():
        Term(vocabulary=v, code=c, label=c).keep(by=by, verb=Verb.TERM_EDIT)
seen = submit_observation(headline="Qqzhidden thing", kind="damage", means="saw", place=place, unit=unit, sensitivity=2,
                          occurred_from=datetime(2026, 1, 1, tzinfo=UTC), by=by)
source = register_source(category="resident", unit=unit, sensitivity=2, by=by)
went = Activity(code="T2-V-0001", kind="visit", purpose="Hidden", place=place, unit=unit, sensitivity=2, time_zone="UTC")
if not Activity.objects.filter(code=went.code).exists():
    went.keep(by=by, verb=Verb.ACTIVITY_PLAN)
print(seen.code, source.code, went.code)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fairwitness-bench-"))
    house = House(given.engine, folder)
    try:
        house.fill(given.rows)
        seen, source, went = house.python(HIDDEN).split()[-3:]
        way = Way(house.port, house.sign_in("thousandth")["thousandth"])
        house.serve()
        pairs = [
            (f"/monitor/observations/{seen}/", f"/monitor/observations/{seen[:-4]}9998/"),
            (f"/monitor/sources/{source}/", "/monitor/sources/S-9998/"),
            (f"/monitor/activities/{went}/", "/monitor/activities/T2-V-9998/"), ("/find/?q=qqzhidden", "/find/?q=qqzabsent"),
        ]  # fmt: skip
        return said([pair for pair in pairs if not alike(way, *pair, given.rounds)])
    finally:
        house.stop()
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def alike(way: Way, hidden: str, absent: str, rounds: int) -> bool:
    """Whether both answers are the same, and take as long."""
    times: dict[str, list[float]] = {hidden: [], absent: []}
    same = True
    for number in range(rounds):
        answers = [way.get(address) for address in ((hidden, absent) if number % 2 else (absent, hidden))]
        for address, (_status, _body, seconds) in zip((hidden, absent) if number % 2 else (absent, hidden), answers, strict=True):
            times[address].append(seconds)
        bodies = [re.findall(rb"\d+ (?:thing|place)", body) if "?q=" in hidden else body for _status, body, _seconds in answers]
        same = same and answers[0][0] == answers[1][0] and bodies[0] == bodies[1]
    one, other = median(times[hidden][5:]) * 1000, median(times[absent][5:]) * 1000
    ratio = max(one, other) / min(one, other)
    said_same = "same" if same else "NOT THE SAME"
    print(f"  {hidden:<40} hidden p50 {one:6.1f} ms, absent p50 {other:6.1f} ms, {ratio:4.2f} x (limit 1.5); {said_same}")
    return same and ratio <= 1.5


if __name__ == "__main__":
    raise SystemExit(main())
