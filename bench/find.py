"""Bench of finding: lists, filters and words over a million observations, for people who may see all, a thirtieth, a thousandth.

    .venv/bin/python bench/find.py [--engine sqlite|postgres] [--rows 1000000] [--rounds 60] [--keep FOLDER]

Limits: p95 <= 100 ms for each question and each reader, rights inside, totals bounded, rows of the page read in full. Questions:
the list, a kind, a municipality, a fortnight, a kind in a municipality in a quarter, a rare word, a very common word, the beginning
of a common word, two words, a word in a municipality. With --keep the folder is used again.

The first rows go through the door, as everywhere (and their rate is printed); the others are laid beside them as an import that has run
leaves them, rows and lines of the index alike, without their entries: reading does not touch the log.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path[:0] = [str(Path(__file__).parent.parent / "src"), str(Path(__file__).parent.parent / "tests")]
LIMIT_MS = 100
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
KINDS = ("damage", "arrest", "protest", "visit", "queue", "roadblock", "graffiti", "theft")
COMMON = "municipality"
WORDS = 4000
THROUGH_THE_DOOR = 5000


def prepare(engine: str, folder: Path) -> None:
    """Set this process up over a data folder; on PostgreSQL over a real server inside it."""
    os.environ["FAIRWITNESS_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairwitness.web.settings"
    os.environ.pop("FAIRWITNESS_DATABASE", None)
    if engine == "postgres":
        from engine import make_database, postgres_address

        made = (folder / "pg").exists()
        address = postgres_address(folder)
        os.environ["FAIRWITNESS_DATABASE"] = address.replace("/fairwitness?", "/bench?") if made else make_database(address, "bench")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(rows: int) -> dict[str, Any]:
    """A mission with that many observations: one team holds a thirtieth, one a thousandth, the others the rest. Safe to call again."""
    from people import People, build, hand

    from fairwitness.mission.models import Member, Place, Post, Tenure, Unit
    from fairwitness.monitor.models import Observation
    from fairwitness.record.hand import command
    from fairwitness.record.keep import keep_many
    from fairwitness.record.verbs import Verb

    by = command()
    if not Unit.objects.filter(code="HQ").exists():
        people: People = build()
        top = people.places["Kosovo"]
        towns = [Place(code=f"t{n}", authority="bench", kind="municipality", parent=top) for n in range(38)]
        keep_many(towns, by=by, verb=Verb.PLACE_EDIT)
        villages = [Place(code=f"v{n}", authority="bench", kind="village", parent=towns[n % 38]) for n in range(1400)]
        keep_many(villages, by=by, verb=Verb.PLACE_EDIT)
        teams = [Unit(code=f"T{n}", name=f"Team {n}", kind="field team", parent=people.units["HQ"]) for n in range(20)]
        keep_many(teams, by=by, verb=Verb.UNIT_EDIT)
        for code, team in (("thirtieth", teams[0]), ("thousandth", teams[1])):
            member = Member(code=code)
            post = Post(code=f"P-{code}", title=code, unit=team, role="monitor")
            member.keep(by=by, verb=Verb.MEMBER_ENROL)
            post.keep(by=by, verb=Verb.POST_EDIT)
            Tenure(member=member, post=post, since=datetime(2020, 1, 1, tzinfo=UTC)).keep(by=by, verb=Verb.POST_FILL)
    seen_by = Member.objects.filter(code="all").first() or _who_sees_all(by)
    rest = list(Unit.objects.filter(code__startswith="T").exclude(code__in=["T0", "T1"]).order_by("code"))
    thirtieth, thousandth = Unit.objects.get(code="T0"), Unit.objects.get(code="T1")
    villages = list(Place.objects.filter(authority="bench", kind="village").order_by("code"))
    start = Observation.objects.count()
    lexicon = _lexicon()
    for first in range(start, rows, 1000):
        chance = random.Random(first)
        batch = [
            _observation(number, chance, thirtieth if number % 33 == 0 else thousandth if number % 1000 == 7 else chance.choice(rest),
                         chance.choice(villages), lexicon)
            for number in range(first, min(first + 1000, rows))
        ]  # fmt: skip
        if first == THROUGH_THE_DOOR:
            _inverted_index(False)
        if first < THROUGH_THE_DOOR:
            began = time.perf_counter()
            keep_many(batch, by=by, verb=Verb.OBSERVATION_SUBMIT)
            print(f"  {len(batch) / (time.perf_counter() - began):.0f} a second kept and indexed through the door", flush=True)
        else:
            lay(batch)
        if first % 100_000 == 0:
            print(f"  {first:,}", flush=True)
    _inverted_index(True)
    who = {code: Member.objects.get(code=code) for code in ("thirtieth", "thousandth")}
    return {"hand": lambda name: hand(seen_by if name == "all" else who[name]), "town": Place.objects.get(authority="bench", code="t3")}


def _inverted_index(there: bool) -> None:
    """PostgreSQL makes its inverted index faster at once than line by line; it is made again as the migration makes it."""
    from django.db import connection

    if connection.vendor == "postgresql":
        make = "CREATE INDEX IF NOT EXISTS mission_word_gin ON mission_word_of USING gin (words) WITH (gin_pending_list_limit = 512)"
        with connection.cursor() as cursor:
            cursor.execute(make if there else "DROP INDEX IF EXISTS mission_word_gin")


def lay(batch: list[Any]) -> None:
    """Rows and lines as they lie after an import, without entries."""
    from django.db import connection, transaction

    from fairwitness.mission.index import _made
    from fairwitness.mission.write_lines import write_lines
    from fairwitness.record.ledger.entry import uuid7

    fields = type(batch[0])._meta.concrete_fields
    plain = [field.attname for field in fields]
    lite = connection.vendor == "sqlite"
    rows = []
    for one in batch:
        one.derive()
        one.entry = uuid7()
        held = one.__dict__
        rows.append([_raw(held[name], lite) for name in plain])
    columns = ",".join(f'"{field.column}"' for field in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        if lite:
            marks = ",".join("?" * len(fields))
            cursor.cursor.connection.executemany(f"INSERT INTO monitor_observation ({columns}) VALUES ({marks})", rows)
        else:
            with cursor.cursor.copy(f"COPY monitor_observation ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        write_lines([_made(one, False, True) for one in batch])


def _raw(value: Any, lite: bool) -> Any:
    if isinstance(value, UUID):
        return value.hex if lite else value
    if isinstance(value, list | dict):
        return "[]" if isinstance(value, list) else "{}"
    return value.strftime("%Y-%m-%d %H:%M:%S") if lite and isinstance(value, datetime) else value


def _who_sees_all(by: Any) -> Any:
    from fairwitness.mission.models import Grant, Member, Post, Tenure, Unit
    from fairwitness.record.verbs import Verb

    member = Member(code="all")
    member.keep(by=by, verb=Verb.MEMBER_ENROL)
    post = Post(code="P-all", title="all", unit=Unit.objects.get(code="HQ"), role="sees-all")
    post.keep(by=by, verb=Verb.POST_EDIT)
    Tenure(member=member, post=post, since=datetime(2020, 1, 1, tzinfo=UTC)).keep(by=by, verb=Verb.POST_FILL)
    for verb in (Verb.OBSERVATION_READ, Verb.REPORT_READ):
        Grant(role="sees-all", verb=verb.value, reach="mission", ceiling=3).keep(by=by, verb=Verb.POST_EDIT)
    return member


def _lexicon() -> list[str]:
    chance = random.Random(7)
    parts = ["ba", "ke", "li", "mo", "nu", "pra", "shte", "gja", "zhi", "vo", "ra", "tse", "du", "fe"]
    return sorted({"".join(chance.choices(parts, k=chance.randint(2, 5))) for _ in range(WORDS)})


def _observation(number: int, chance: random.Random, unit: Any, place: Any, lexicon: list[str]) -> Any:
    from fairwitness.monitor.models import Observation

    # words as they come: a few are very common, most are rare
    said = [lexicon[min(int(chance.paretovariate(0.7)) - 1, len(lexicon) - 1)] for _ in range(24)]
    if number % 2:
        said.insert(3, COMMON)
    if number % 97 == 0:
        said.append("barricade")
    if number % 50_000 == 11:
        said.append("quicksilver")
    return Observation(
        code=f"B-{number:07d}", kind=chance.choice(KINDS) if number % 500 else "mine-found", headline=" ".join(said[:6]),
        text=" ".join(said[6:]), means="saw", place=place, unit=unit, sensitivity=chance.choice((1, 1, 1, 2)),
        time_zone="Europe/Belgrade",
        occurred_from=NOON - timedelta(seconds=chance.randrange(5 * 365 * 86_400)), listed=None,
    )  # fmt: skip


def questions(town: Any) -> dict[str, Any]:
    """What is asked, by name."""
    from fairwitness.monitor.find import Filters

    return {
        "list": Filters(), "kind": Filters(kind="arrest"), "rare kind": Filters(kind="mine-found"), "municipality": Filters(place=town),
        "fortnight": Filters(since=NOON - timedelta(days=400), until=NOON - timedelta(days=386)),
        "all three": Filters(kind="arrest", place=town, since=NOON - timedelta(days=500), until=NOON - timedelta(days=410)),
        "rare word": Filters(words="quicksilver"), "word in 1 of 97": Filters(words="barricade"),
        "word in every second": Filters(words=COMMON),
        "its beginning": Filters(words="munici"), "three letters": Filters(words="mun"), "two words": Filters(words=f"barricade {COMMON}"),
        "word, place": Filters(words=COMMON, place=town), "no such word": Filters(words="xylophone"),
    }  # fmt: skip


def p(times: list[float], share: float) -> float:
    """A percentile, in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def worked() -> float:
    """Seconds this thread, and on PostgreSQL the server's process behind its connection, have worked so far."""
    from django.db import connection

    own = time.thread_time()
    if connection.vendor == "postgresql":
        pid = connection.connection.info.backend_pid
        field = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        own += (int(field[11]) + int(field[12])) / os.sysconf("SC_CLK_TCK")
    return own


def measure(ask: Callable[[], Any], rounds: int) -> tuple[list[float], float, Any]:
    """Times of asking, and the work one of them is on the average, after one that warms up."""
    answer = ask()
    times, before = [], worked()
    for _ in range(rounds):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return times, (worked() - before) / rounds, answer


def run(engine: str, rows: int, rounds: int, folder: Path) -> int:
    prepare(engine, folder)
    from django.db import connection

    from fairwitness.mission.write_lines import merge
    from fairwitness.monitor.find import listing
    from fairwitness.monitor.models import Observation

    had = Observation.objects.count()
    start = time.perf_counter()
    made = fill(rows)
    filled = time.perf_counter() - start
    if rows > had:
        print(f"  filled in {filled:.0f} s")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        else:
            merge()
    failed = 0
    gc.collect()
    gc.freeze()  # as the server does: what stands since the start is not looked through again and again
    print(f"{engine}, {Observation.objects.count():,} observations, {rounds} rounds; load {os.getloadavg()[0]:.1f}")
    print(f"milliseconds p50/p95, and the work of one asking without waiting for others on this machine; limit p95 {LIMIT_MS}")
    print(f"  {'':<22}{'sees all':>22}{'sees a thirtieth':>22}{'sees a thousandth':>22}")
    for name, filters in questions(made["town"]).items():
        cells = []
        for reader in ("all", "thirtieth", "thousandth"):
            times, work, answer = measure(lambda: listing(made["hand"](reader), filters), rounds)  # noqa: B023
            failed += p(times, 0.95) > LIMIT_MS
            cells.append(f"{p(times, 0.5):.0f}/{p(times, 0.95):.0f}, {work * 1000:.0f} ({answer.total_words})")
        print(f"  {name:<22}" + "".join(f"{cell:>22}" for cell in cells), flush=True)
    print("ok" if not failed else f"{failed} ABOVE THE LIMIT")
    return int(failed > 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="a folder to fill, or one filled before; it is not removed")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fairwitness-bench-", dir=os.environ.get("FAIRWITNESS_BENCH_DIR")))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return run(given.engine, given.rows, given.rounds, folder)
    finally:
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
