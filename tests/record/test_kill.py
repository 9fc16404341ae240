"""Killed at any moment: what was acknowledged is there, nothing is there without its entry, no effect happens twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from node import Node

WRITER = """
import os, sys, django; django.setup()
from fairwitness.mission.models import Unit
from fairwitness.record.hand import command
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
number = 0
while True:
    number += 1
    with writing(command()) as unit:
        thing = Unit(code=f"{os.getpid()}-{number}", name="first", kind="team")
        thing.keep(by=unit.hand, verb=Verb.UNIT_EDIT)
        thing.name = "second"
        thing.keep(by=unit.hand, verb=Verb.UNIT_EDIT)
    sys.stdout.write(f"{thing.id} {thing.entry}\\n")
    sys.stdout.flush()
"""
CHECK = """
import sys
from fairwitness.mission.models import Unit
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.doctor import examine_node
from fairwitness.record.examine import examine_log, examine_rows
from fairwitness.record.models import Entry
said = [line.split() for line in open(sys.argv[1]) if line.endswith("\\n")]
rows = {str(key): str(entry) for key, entry in Unit.objects.values_list("id", "entry")}
kept = set(Entry.objects.values_list("entry", flat=True))
make_checkpoint()
print(len([1 for key, entry in said if rows.get(key) != entry or entry not in kept]), "lost")
print(Entry.objects.filter(kind="mission.unit").count() - 2 * len(rows), "halves")
print(examine_rows(), examine_log(strict=True).clean, [s.code for s in examine_node() if not s.ok and s.code in ("engine", "guards")])
"""
ANSWER = """
import os, sys
from datetime import UTC, datetime
from fairwitness.mission.models import Unit
from fairwitness.record.hand import command
from fairwitness.record.models import Job
from fairwitness.record.react import on
from fairwitness.record.verbs import Verb
from fairwitness.record.work import work_once, work_all
@on(Verb.UNIT_EDIT)
def effect(entry, by):
    Unit(code="EFFECT", name="done by reaction", kind="team").keep(by=by, verb=Verb.POST_EDIT)
    if sys.argv[1] == "die":
        os._exit(9)
"""
BEGIN = ANSWER + "Unit(code='CAUSE', name='x', kind='team').keep(by=command(), verb=Verb.UNIT_EDIT)\nwhile work_once(): pass\n"
AGAIN = ANSWER + (
    "print(Unit.objects.filter(code='EFFECT').count())\nwork_all()\nwork_all()\n"
    "print(Unit.objects.filter(code='EFFECT').count(), Job.objects.filter(reaction__contains='effect').get().state == Job.DONE)\n"
)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    made = Node(tmp_path_factory.mktemp("kill"))
    made.python("from django.core.management import call_command\ncall_command('migrate', verbosity=0)")
    yield made


@pytest.mark.parametrize("seed", [1, 2])
def test_four_writers_killed_at_a_random_moment_lose_nothing_they_acknowledged(node: Node, tmp_path: Path, seed: int) -> None:
    environment = {**node.environment, "DJANGO_SETTINGS_MODULE": "fairwitness.web.settings"}
    dice, said = random.Random(seed), [tmp_path / f"said-{number}" for number in range(4)]
    writers = []
    for path in said:
        with path.open("w") as file:
            writers.append(subprocess.Popen([sys.executable, "-c", WRITER], env=environment, cwd=node.folder, stdout=file))
    end = time.monotonic() + 60
    while any(path.stat().st_size == 0 for path in said) and time.monotonic() < end:
        assert all(writer.poll() is None for writer in writers)
        time.sleep(0.02)
    for writer in writers:
        time.sleep(dice.uniform(0.05, 0.35))
        writer.kill()
        writer.wait()
    together = tmp_path / "said"
    together.write_text("".join(path.read_text() for path in said))
    assert together.read_text().count("\n") >= 4
    assert node.python(CHECK, str(together)).splitlines() == ["0 lost", "0 halves", "[] True []"]


def test_a_worker_killed_between_effect_and_done_does_neither_and_the_next_does_both_once(node: Node) -> None:
    with pytest.raises(AssertionError, match="ended with 9"):
        node.python(BEGIN, "die")
    assert node.python(AGAIN, "live").splitlines() == ["0", "1 True"]
