"""An upgrade makes a backup first, examines what it made, and can be undone; one that fails leaves the store as it was.

The newer version is this one with one migration more, in a folder of its own; everything goes through the command line.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from node import ROOT, Node

GOOD = "CREATE TABLE record_of_later (id integer)"
BAD = "CREATE TABLE record_of_later (id integer); SELECT nothing FROM nowhere"
COUNT = "from fairwitness.record.upgrade import entries; print(entries())"
WRITE = """
from fairwitness.mission.models import MissionProfile
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
one = MissionProfile.objects.get(); one.short_name = "Later"; one.keep(by=command(), verb=Verb.MANDATE_EDIT, why="after the upgrade")
"""


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source of a version with one more migration."""
    source = tmp_path_factory.mktemp("newer") / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "built"))
    return source


def with_migration(source: Path, sql: str) -> str:
    """The search path of a newer version whose last migration does this."""
    folder = source / "fairwitness/record/migrations"
    last = sorted(path.stem for path in folder.glob("0*.py") if path.stem != "0999_later")[-1]
    steps = "\n".join(f"        migrations.RunSQL({one.strip()!r})," for one in sql.split(";"))
    lines = ["from django.db import migrations", "class Migration(migrations.Migration):",
             f"    dependencies = [('record', {last!r})]", "    operations = [", steps, "    ]", ""]  # fmt: skip
    (folder / "0999_later.py").write_text("\n".join(lines), "utf-8")
    return f"{source}:{ROOT / 'tests'}"


@pytest.fixture
def node() -> Iterator[Node]:
    made = Node()
    made.run("init")
    try:
        yield made
    finally:
        made.stop()


def tables(node: Node) -> str:
    return node.python("from django.db import connection; print(connection.introspection.table_names())")


def test_an_upgrade_and_its_way_back(node: Node, newer: Path) -> None:
    path = with_migration(newer, GOOD)
    assert "Nothing waits" in node.run("upgrade").stdout
    assert "could be undone" in node.run("upgrade", "--back", check=False).stderr
    refused = node.run("serve", "--port", "1", check=False, PYTHONPATH=path)
    assert refused.returncode == 1 and "fairwitness upgrade" in refused.stderr and "record_of_later" not in tables(node)
    taken = node.folder / "taken"
    taken.mkdir()
    assert "exists already" in node.run("upgrade", "--backup", str(taken), check=False, PYTHONPATH=path).stderr
    before = int(node.python(COUNT))
    done = node.run("upgrade", PYTHONPATH=path).stdout
    assert "1 migrations were applied" in done and "record_of_later" in tables(node)
    kept = Path(re.search(r"lies in (\S+)\.", done)[1])  # type: ignore[index]
    assert (kept / "manifest.json").exists() and int(node.python(COUNT)) == before + 1
    node.python(WRITE)
    for asked in (("--back",), ("--back", "--giving-up", "7")):
        stopped = node.run("upgrade", *asked, check=False, PYTHONPATH=path)
        assert stopped.returncode == 1 and "--giving-up 1" in stopped.stderr and "record_of_later" in tables(node)
    back = node.run("upgrade", "--back", "--giving-up", "1")
    assert "1 entries were given up" in back.stdout and "record_of_later" not in tables(node)
    assert int(node.python(COUNT)) == before + 1  # that it was put back stands on record
    assert node.run("verify", "--all").returncode == 0
    assert "guards stand" in node.run("doctor", check=False).stdout
    assert "could be undone" in node.run("upgrade", "--back", check=False).stderr
    assert "1 migrations were applied" in node.run("upgrade", PYTHONPATH=path).stdout


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(node: Node, newer: Path) -> None:
    before = int(node.python(COUNT))
    failed = node.run("upgrade", check=False, PYTHONPATH=with_migration(newer, BAD))
    assert failed.returncode == 1 and "The store is as it was before" in failed.stderr and "Traceback" not in failed.stderr
    assert "record_of_later" not in tables(node) and int(node.python(COUNT)) == before
    assert node.run("verify", "--all").returncode == 0
    node.python(WRITE)
    assert int(node.python(COUNT)) == before + 1


def test_nobody_works_while_it_is_upgraded(node: Node, newer: Path) -> None:
    path = with_migration(newer, GOOD)
    work = subprocess.Popen([sys.executable, "-m", "fairwitness", "work"], env=node.environment, cwd=node.folder)
    try:
        end = time.monotonic() + 60
        while not (node.folder / "run" / "work.beat").exists() and time.monotonic() < end:
            time.sleep(0.2)
        refused = node.run("upgrade", check=False, PYTHONPATH=path)
        assert refused.returncode == 1 and "Stop both" in refused.stderr and "record_of_later" not in tables(node)
    finally:
        work.terminate()
        work.wait(30)
    assert "applied" in node.run("upgrade", PYTHONPATH=path).stdout


def test_a_mission_that_is_not_there_cannot_be_upgraded(tmp_path: Path) -> None:
    empty = Node()
    refused = empty.run("upgrade", check=False)
    assert refused.returncode == 1 and "There is no mission" in refused.stderr
