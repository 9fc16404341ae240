"""Bench of keeping: what going on record costs beside a plain save, as ratios of medians in one process.

    .venv/bin/python bench/keep.py [--engine sqlite|postgres] [--rounds 7]

Limits: keep <= 2.5 x `with atomic(): save(force_insert=True)`; update <= 3 x a locked read and save;
keep_many of 10,000 <= 3 x bulk_create on SQLite, <= 4 x on PostgreSQL; four clients on PostgreSQL >= 500 keep/s.
The plain peer is a table of the same columns without guards and without a log. Like is held against like: these rows are kept
without a line in the index of words; the rows “found” are kept with one, and their peer writes the same line beside its plain save.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path[:0] = [str(Path(__file__).parent.parent / "src"), str(Path(__file__).parent.parent / "tests")]


def prepare(engine: str) -> str:
    folder = Path(tempfile.mkdtemp(prefix="fairwitness-bench-", dir=os.environ.get("FAIRWITNESS_BENCH_DIR")))
    os.environ["FAIRWITNESS_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairwitness.web.settings"
    if engine == "postgres":
        from engine import make_database, postgres_address

        os.environ["FAIRWITNESS_DATABASE"] = make_database(postgres_address(folder), "fairwitness")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return engine


def plain_model() -> Any:
    """A table like `mission_unit`, without log and guards."""
    from django.db import connection, models

    from fairwitness.mission.models import Unit
    from fairwitness.record.ledger.entry import uuid7

    class Plain(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid7)
        entry = models.UUIDField(default=uuid7)
        code = models.CharField(max_length=24, unique=True)
        name = models.CharField(max_length=200)
        kind = models.CharField(max_length=24)
        parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
        opened = models.DateField(null=True)
        closed = models.DateField(null=True)
        invented = models.BooleanField(default=False)
        source = models.CharField(max_length=500, blank=True, default="")

        class Meta:
            app_label = "bench"

    with connection.schema_editor() as editor:
        editor.create_model(Plain)
    return Plain


def values(number: int, mark: str) -> dict[str, Any]:
    return {"code": f"{mark}-{number}", "name": f"Municipal office {number} for communities and return", "kind": "field team",
            "source": "https://example.org/a/page/of/some/length"}  # fmt: skip


def timed(act: Any, many: int) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) / many


def run(engine: str, rounds: int) -> int:
    from django.db import transaction

    from fairwitness.mission import index
    from fairwitness.mission.models import Unit
    from fairwitness.mission.write_lines import write_lines
    from fairwitness.record import keep
    from fairwitness.record.hand import Door, Hand
    from fairwitness.record.keep import keep_many
    from fairwitness.record.ledger.entry import uuid7
    from fairwitness.record.verbs import Verb

    plain = plain_model()
    hand = Hand(uuid7(), Door.COMMAND)
    verb = Verb.UNIT_EDIT
    times: dict[str, list[float]] = {}
    number = 0

    def plain_save() -> None:
        for n in range(200):
            with transaction.atomic():
                plain(**values(number + n, "p")).save(force_insert=True)

    def kept_save() -> None:
        for n in range(200):
            Unit(**values(number + n, "k")).keep(by=hand, verb=verb)

    def plain_update() -> None:
        ids = list(plain.objects.filter(code__startswith=f"p-{number // 1000}").values_list("pk", flat=True)[:100])
        for pk in ids:
            with transaction.atomic():
                thing = plain.objects.select_for_update().get(pk=pk)
                thing.kind = "changed"
                thing.save()

    def kept_update() -> None:
        ids = list(Unit.objects.filter(code__startswith=f"k-{number // 1000}").values_list("pk", flat=True)[:100])
        for pk in ids:
            thing = Unit.objects.get(pk=pk)
            thing.kind = "changed"
            thing.keep(by=hand, verb=verb)

    def plain_many() -> None:
        with transaction.atomic():
            plain.objects.bulk_create([plain(**values(n, f"bp{number}")) for n in range(10_000)])

    def kept_many() -> None:
        keep_many([Unit(**values(n, f"bk{number}")) for n in range(10_000)], by=hand, verb=verb)

    def plain_found() -> None:
        for n in range(200):
            unit = Unit(**values(number + n, "q"))
            with transaction.atomic():
                plain(**values(number + n, "q")).save(force_insert=True)
                write_lines([index._made(unit, True, True)])

    def kept_found() -> None:
        for n in range(200):
            Unit(**values(number + n, "f")).keep(by=hand, verb=verb)

    def plain_many_found() -> None:
        with transaction.atomic():
            plain.objects.bulk_create([plain(**values(n, f"bq{number}")) for n in range(10_000)])
            write_lines([index._made(Unit(**values(n, f"bq{number}")), True, True) for n in range(10_000)])

    def kept_many_found() -> None:
        keep_many([Unit(**values(n, f"bf{number}")) for n in range(10_000)], by=hand, verb=verb)

    answers = dict(keep._kept_answers)
    for round_ in range(rounds):
        number = round_ * 1000 + 100000
        for name, act, many in (
            ("plain save", plain_save, 200), ("keep", kept_save, 200), ("plain update", plain_update, 100), ("update", kept_update, 100),
            ("bulk_create", plain_many, 10_000), ("keep_many", kept_many, 10_000),
            ("plain found", plain_found, 200), ("keep found", kept_found, 200), ("bulk found", plain_many_found, 10_000),
            ("many found", kept_many_found, 10_000),
        ):  # fmt: skip
            keep._kept_answers.clear()
            if "found" in name:
                keep._kept_answers.update(answers)
            times.setdefault(name, []).append(timed(act, many))
    print(f"engine {engine}, {rounds} rounds, medians")
    failed = 0
    limit_many = 3.0 if engine == "sqlite" else 4.0
    held = (
        ("keep", "plain save", 2.5), ("update", "plain update", 3.0), ("keep_many", "bulk_create", limit_many),
        ("keep found", "plain found", 2.5), ("many found", "bulk found", limit_many),
    )  # fmt: skip
    for ours, peer, limit in held:
        a, b = median(times[ours]), median(times[peer])
        verdict = "ok" if a / b <= limit else "ABOVE THE LIMIT"
        failed += a / b > limit
        print(f"  {ours:<10} {a * 1e6:9.1f} us   {peer:<13} {b * 1e6:9.1f} us   {a / b:5.2f} x (limit {limit})  {verdict}")
    return failed


def client(address: str, number: int, seconds: float, barrier: Any, out: Any) -> None:
    import django

    os.environ["FAIRWITNESS_DATABASE"] = address
    django.setup()
    from fairwitness.mission.models import Unit
    from fairwitness.record.hand import Door, Hand
    from fairwitness.record.ledger.entry import uuid7
    from fairwitness.record.verbs import Verb

    hand = Hand(uuid7(), Door.STAFF)
    barrier.wait()
    end, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        Unit(**values(done, f"c{number}")).keep(by=hand, verb=Verb.UNIT_EDIT)
        done += 1
    out.put(done)


def four_clients(seconds: float = 5.0) -> int:
    context = multiprocessing.get_context("spawn")
    barrier, out = context.Barrier(4), context.Queue()
    processes = [context.Process(target=client, args=(os.environ["FAIRWITNESS_DATABASE"], n, seconds, barrier, out)) for n in range(4)]
    for process in processes:
        process.start()
    total = sum(out.get() for _ in processes)
    for process in processes:
        process.join()
    rate = total / seconds
    print(f"  four clients: {rate:.0f} keep/s (limit 500)  {'ok' if rate >= 500 else 'BELOW THE LIMIT'}")
    return int(rate < 500)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    prepare(arguments.engine)
    failures = run(arguments.engine, arguments.rounds)
    if arguments.engine == "postgres":
        failures += four_clients()
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
