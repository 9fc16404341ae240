"""The command line, run as a stranger would: isolated, without site packages, with nothing but the source folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fairwitness.record.ledger.archive import write_archive
from tests.record.ledger.invent import KEY, STRANGER, checkpoint, database, made

SOURCE = Path(__file__).resolve().parents[3] / "src"
ENTRIES = made(40)
KEPT = [checkpoint(ENTRIES, size) for size in (10, 32)]
RUN = "import runpy, sys; sys.path[:0] = [{source!r}]; sys.argv = ['ledger', *sys.argv[1:]]; "
RUN += "runpy.run_module('fairwitness.record.ledger', run_name='__main__', alter_sys=True)"
IMPORTED = """
import sys
sys.path[:0] = [{source!r}]
before = set(sys.modules)
import fairwitness.record.ledger.__main__
import fairwitness.record.ledger.verify, fairwitness.record.ledger.prove
strangers = {{name.partition('.')[0] for name in set(sys.modules) - before}} - set(sys.stdlib_module_names) - {{'fairwitness'}}
rooms = {{name for name in sys.modules if name.startswith('fairwitness')}} - {{'fairwitness', 'fairwitness.record'}}
print(sorted(strangers), sorted(name for name in rooms if not name.startswith('fairwitness.record.ledger')))
"""


def run(*arguments: object, source: Path = SOURCE) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-S", "-I", "-B", "-c", RUN.format(source=str(source)), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    write_archive(tmp_path / "log.archive", ENTRIES, KEPT)
    return tmp_path / "log.archive"


def test_nothing_but_the_standard_library_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", IMPORTED.format(source=str(SOURCE))], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[] []", done.stdout + done.stderr


def test_it_runs_from_a_folder_that_holds_nothing_else(tmp_path: Path, archive: Path) -> None:
    alone = tmp_path / "alone"
    shutil.copytree(SOURCE / "fairwitness" / "record" / "ledger", alone / "fairwitness" / "record" / "ledger")
    assert run("verify", archive, source=alone).returncode == 0


def test_verify(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "note").write_bytes(KEPT[1].note)
    done = run("verify", archive, "--checkpoint", tmp_path / "note", "--key", KEY.vkey, "--strict")
    assert done.returncode == 0 and "The first 32 entries are those" in done.stdout, done.stderr
    found = json.loads(run("verify", archive, "--json").stdout)
    assert found["clean"] and found["size"] == 40 and found["faults"] == [] and found["vouched"] is None


def test_verify_finds_faults(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "note").write_bytes(checkpoint(ENTRIES, 40).note)
    shorter = tmp_path / "short"
    write_archive(shorter, ENTRIES[:36], KEPT)
    assert run("verify", shorter).returncode == 0
    done = run("verify", shorter, "--checkpoint", tmp_path / "note", "--json")
    assert done.returncode == 1 and [fault["code"] for fault in json.loads(done.stdout)["faults"]] == ["outside.truncated"]
    done = run("verify", archive, "--key", STRANGER.vkey)
    assert done.returncode == 1 and "none of the keys given" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("verify",),
        ("verify", "/nowhere"),
        ("verify", "{a}", "--key", "x"),
        ("verify", "{a}", "--checkpoint", "/nowhere"),
        ("show", "{a}", "40"),
        ("show", "{a}", "-1"),
        ("show", "{a}", "x"),
        ("export", "{a}", "{a}.2"),
        ("check-proof", "{a}"),
        ("verify", "{a}", "--checkpoint", "{a}"),
    ],
)
def test_wrong_use_has_code_two_and_a_sentence(archive: Path, arguments: tuple[str, ...]) -> None:
    done = run(*(each.format(a=archive) for each in arguments))
    assert done.returncode == 2 and done.stderr and "Traceback" not in done.stderr


def test_prove_and_check(tmp_path: Path, archive: Path) -> None:
    page = tmp_path / "page"
    for seq, signed in ((3, True), (31, True), (39, False)):
        page.write_text(run("prove", archive, seq).stdout)
        done = run("check-proof", page, "--key", KEY.vkey)
        assert done.returncode == 0 and ("signed by" in done.stdout) == signed, done.stderr
    page.write_text(page.read_text().replace("phone", "staff"))
    done = run("check-proof", page)
    assert done.returncode == 1 and done.stderr.startswith("Fault: the proof leads to")
    page.write_text(run("prove", archive, 3).stdout)
    assert run("check-proof", page, "--key", STRANGER.vkey).returncode == 1
    assert run("prove", archive, 40).returncode == 1


def test_show(archive: Path) -> None:
    done = run("show", archive, 3)
    assert done.returncode == 0 and done.stdout == f'{ENTRIES[3][0].decode()}\n{{"count":3,"text":"Пут 3"}}\n'
    assert run("show", archive, 4).stdout.endswith("body: destroyed\n")


def test_export(tmp_path: Path) -> None:
    node = database(tmp_path / "node.sqlite", ENTRIES, KEPT)
    done = run("export", node, tmp_path / "out")
    assert done.returncode == 0 and "40 entries" in done.stdout, done.stderr
    assert run("verify", tmp_path / "out", "--strict", "--key", KEY.vkey).returncode == 0
    assert run("export", node, tmp_path / "out").returncode == 2
    assert run("export", node, tmp_path / "bare", "--withhold-bodies").returncode == 0
    assert "Пут".encode() not in (tmp_path / "bare").read_bytes() and "Пут".encode() in (tmp_path / "out").read_bytes()
    assert json.loads(run("verify", tmp_path / "bare", "--json").stdout)["absent_bodies"] == 40
    assert run("show", node, 5).stdout == run("show", tmp_path / "out", 5).stdout
