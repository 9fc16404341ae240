"""The command line, as a person meets it: one sentence for what is wrong, and the way of a mission from init to restore."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from node import Node, passwords

from fairwitness.record.ledger.note import split_note
from fairwitness.web.cli import COMMANDS

EDIT = """
from django.db import connection
from fairwitness.mission.models import Unit
with connection.cursor() as cursor:
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = replica")
    else:
        cursor.execute("DROP TRIGGER fw_advance_mission_unit")
    cursor.execute("UPDATE mission_unit SET name = 'bribed' WHERE code = %s", [Unit.objects.order_by("code").first().code])
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A mission begun by `init`."""
    made = Node(tmp_path_factory.mktemp("commands"))
    printed = made.run("init").stdout
    assert set(passwords(printed.replace("cu-", "cu"))) == {"cu1", "cu2"}
    yield made


def sentences(done: subprocess.CompletedProcess[str]) -> str:
    """What was said on the error stream: sentences, never a trace."""
    assert "Traceback" not in done.stderr and 'File "' not in done.stderr, done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_says_what_it_takes(command: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "fairwitness", command, "--help"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0 and command in done.stdout and COMMANDS[command].split(",")[0] in " ".join(done.stdout.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "given",
    [["verify"], ["backup", "copy"], ["work", "--once"], ["checkpoint"], ["shred", "--list"], ["erase"], ["export-log", "log"],
     ["import", "pack", "x"]],
)  # fmt: skip
def test_where_no_mission_is_every_command_says_so_in_one_sentence(given: list[str], tmp_path: Path) -> None:
    done = Node(tmp_path).run(*given, check=False)
    assert done.returncode == 1 and sentences(done).startswith("There is no mission in") and "\n" not in sentences(done)
    assert not (tmp_path / "copy").exists() and not (tmp_path / "log").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["verify", "--checkpoint", "none"], "none cannot be read"),
        (["verify", "--checkpoint", "session.key"], "give the file as it was handed out"),
        (["verify", "--key", "x+y+z"], "is not a key line"),
        (["restore", "/nowhere"], "has no manifest.json"),
        (["shred", "source:none", "--why", "test"], "has no key"),
        (["shred", "source:none"], "say why"),
        (["shred", "node:signing", "--why", "test"], "node's own keys"),
        (["shred"], "is missing"),
        (["import", "places", "/nowhere"], "cannot be opened"),
        (["init"], "holds a mission already"),
        (["init", "--custodian", "A"], "is given twice"),
        (["init", "--custodian", "A:NO-POST", "--custodian", "B:NO-POST"], "is not in the pack"),
        (["backup", "."], "exists already"),
        (["export-log", "session.key"], "exists already"),
        (["export-log", "/nowhere/log"], "cannot be written"),
        (["backup", "/proc/copy"], "could not be written"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_the_code_is_one(node: Node, given: list[str], said: str) -> None:
    done = node.run(*given, check=False)
    assert done.returncode == 1 and said in sentences(done), done.stdout + done.stderr


def test_an_unknown_command_is_a_two(node: Node) -> None:
    assert node.run("vrify", check=False).returncode == 2 and node.run("verify", "--chekpoint", "x", check=False).returncode == 2


def test_an_unreachable_database_is_a_sentence(tmp_path: Path) -> None:
    if os.environ.get("FAIRWITNESS_ENGINE") == "postgres":
        done = Node(tmp_path).run("verify", check=False, FAIRWITNESS_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    else:
        (tmp_path / "fairwitness.sqlite3").write_bytes(b"this is not a database, but a letter" * 200)
        done = Node(tmp_path).run("verify", check=False)
    assert done.returncode == 1 and sentences(done).startswith("The database did not do it")


def test_from_a_checkpoint_over_an_export_to_a_restored_copy(node: Node, tmp_path: Path) -> None:
    node.run("work", "--once")
    signed = node.run("checkpoint")
    note, key = tmp_path / "kept.note", signed.stderr.strip().removeprefix("key: ")
    note.write_text(signed.stdout)
    split_note(signed.stdout.encode())
    verified = node.run("verify", "--all", "--checkpoint", str(note), "--key", key, "--strict")
    assert "log inner: agrees" in verified.stdout and "rows: agrees" in verified.stdout and "blobs: agrees" in verified.stdout
    assert json.loads(node.run("verify", "--log", "--json").stdout)["faults"] == {"log inner": [], "log public": []}

    archive = tmp_path / "mission.ledger"
    node.run("export-log", str(archive), "--withhold-bodies")
    alone = [sys.executable, "-m", "fairwitness.record.ledger", "verify", str(archive), "--checkpoint", str(note), "--key", key]
    done = subprocess.run(alone, capture_output=True, text=True, env=node.environment)
    assert done.returncode == 0 and "bodies are not here" in done.stdout, done.stdout + done.stderr

    copy, keys = tmp_path / "copy", tmp_path / "keys.json"
    assert "SHA-256" in node.run("backup", str(copy), "--keys", str(keys)).stdout
    other = Node(tmp_path / "unused")
    (tmp_path / "unused").mkdir()
    other.run("restore", str(copy), str(tmp_path / "again"), "--keys", str(keys))
    other.environment["FAIRWITNESS_DATA"] = str(tmp_path / "again")
    assert other.run("verify", "--checkpoint", str(note)).returncode == 0
    doctor = other.run("doctor", "--checkpoint", str(note), check=False).stdout
    assert "This log continues the checkpoint given" in doctor

    for _ in range(2):
        node.run("export-log", str(tmp_path / f"mark-{time.monotonic_ns()}"))
    newer = tmp_path / "newer.note"
    newer.write_text(node.run("checkpoint").stdout)
    for _ in range(4):
        other.run("export-log", str(tmp_path / f"mark-{time.monotonic_ns()}"))
    for command in ("verify", "doctor"):
        done = other.run(command, "--checkpoint", str(newer), check=False)
        assert done.returncode == 1 and "Fork: " in done.stdout, done.stdout


def test_a_worker_asked_to_stop_stops_without_a_trace(node: Node) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "fairwitness", "work"], env=node.environment, cwd=node.folder, stderr=subprocess.PIPE, text=True,
        preexec_fn=heed_interrupts,
    ) as worker:  # fmt: skip
        time.sleep(4)
        assert worker.poll() is None
        worker.send_signal(signal.SIGINT)
        try:
            said = worker.communicate(timeout=30)[1]
        except subprocess.TimeoutExpired:
            worker.kill()
            raise
        assert worker.returncode == 130 and "Traceback" not in said and "Stopped" in said


def heed_interrupts() -> None:
    """Tests that run in the background of a shell are deaf to interrupts, and so would be whatever they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_row_edited_behind_the_guards_is_named_and_the_code_is_one(tmp_path: Path) -> None:
    node = Node(tmp_path)
    node.run("init")
    node.python(EDIT)
    done = node.run("verify", "--rows", check=False)
    assert done.returncode == 1 and "mission_unit" in done.stdout and "name" in done.stdout and "bribed" not in done.stdout
    if os.environ.get("FAIRWITNESS_ENGINE") != "postgres":
        assert "fw_advance_mission_unit" in node.run("doctor", check=False).stdout


def test_guards_that_somebody_removed_are_put_back_and_named(tmp_path: Path) -> None:
    made = Node(tmp_path)
    made.environment["FAIRWITNESS_DEMO"] = "1"
    made.run("demo", "--folder", str(tmp_path), "--build-only")
    asked = "from fairwitness.report.correct import offers; from fairwitness.report.models import Report; reports = Report.objects.all(); "
    asked += "print(len(reports), offers(reports))"
    assert made.python(asked).strip() == "1 []", "its recommendations were issued after it: that asks for no correction"
    of = "' ON mission_unit'" if os.environ.get("FAIRWITNESS_ENGINE") == "postgres" else "''"
    made.python(f"from django.db import connection; connection.cursor().execute('DROP TRIGGER fw_stay_mission_unit' + {of})")
    again = made.run("demo", "--folder", str(tmp_path), "--build-only", "--case", "kosovo-1999")
    assert "fw_stay_mission_unit" in sentences(again) and "fairwitness verify" in again.stderr
    assert "Built after" in again.stdout and "http://" not in again.stdout
    assert sentences(made.run("demo", "--folder", str(tmp_path), "--build-only")) == ""
