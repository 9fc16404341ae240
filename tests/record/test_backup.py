"""Backing up while people work, restoring elsewhere, and naming the copy that writes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from node import Node

WRITER = """
import os, django; django.setup()
import sys
from fairwitness.mission.models import Unit
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
number = 0
while True:
    number += 1
    unit = Unit(code=f"W{os.getpid()}-{number}", name="Written while the backup ran", kind="team")
    unit.keep(by=command(), verb=Verb.UNIT_EDIT)
    unit.name = "Edited"
    unit.keep(by=command(), verb=Verb.UNIT_EDIT)
    print(unit.id, flush=True)
"""
FIRST = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from fairwitness.record import blobs, seal
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
make_checkpoint()
blob = blobs.store([b"the photograph"], scope="source:1", by=command(), verb=Verb.ATTACHMENT_ADD)
print(seal.seal("source:1", "what was said"))
"""
BACKUP = "import sys; from pathlib import Path; from fairwitness.record.backup import backup\n"
BACKUP += "made = backup(Path(sys.argv[1]), keys=Path(sys.argv[2]))\nprint(made.entries['inner'])"
RESTORE = "import sys; from pathlib import Path; from fairwitness.record.restore import restore\n"
RESTORE += "done = restore(Path(sys.argv[1]), keys=Path(sys.argv[2]) if len(sys.argv) > 2 else None)\nprint('FAULTS', list(done.faults))"
WRITE_ON = """
import sys
from fairwitness.mission.models import Unit
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb
made = [Unit(code=f"{sys.argv[1]}{n}", name=sys.argv[1], kind="team") for n in range(int(sys.argv[2]))]
keep_many(made, by=command(), verb=Verb.UNIT_EDIT)
print(bytes(make_checkpoint().note).decode(), end="")
"""
AGAINST = """
import sys, json
from fairwitness.record.examine import examine_log
print(json.dumps(examine_log(outside=[sys.argv[1].encode()]).as_dict()))
"""


@dataclass
class Saved:
    node: Node
    backup: Path
    keys: Path
    before: list[str]
    sealed: str


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """A node that was backed up while a writer wrote."""
    folder = tmp_path_factory.mktemp("backup")
    node = Node(folder / "original")
    (folder / "original").mkdir()
    sealed = node.python(FIRST).strip()
    environment = {**node.environment, "DJANGO_SETTINGS_MODULE": "fairwitness.web.settings"}
    writer = subprocess.Popen([sys.executable, "-c", WRITER], env=environment, cwd=node.folder, stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        before = [writer.stdout.readline().strip() for _ in range(20)]
        node.python(BACKUP, str(folder / "copy"), str(folder / "keys" / "keys.json"))
        after = writer.stdout.readline().strip()
        assert writer.poll() is None and after
    finally:
        writer.kill()
        writer.communicate()
    yield Saved(node, folder / "copy", folder / "keys" / "keys.json", before, sealed)


def test_a_backup_taken_while_somebody_writes_is_restored_elsewhere_and_examined_clean(saved: Saved, tmp_path: Path) -> None:
    manifest = json.loads((saved.backup / "manifest.json").read_bytes())
    assert manifest["entries"]["inner"] >= 40 and saved.keys.stat().st_mode & 0o077 == 0
    assert not list(saved.backup.parent.glob("*.part*"))
    assert not [path for path in saved.backup.rglob("*") if path.name in ("node.key", "keys.sqlite3", "session.key")]
    other = Node(tmp_path)
    assert "FAULTS []" in other.python(RESTORE, str(saved.backup), str(saved.keys))
    found = other.python(
        "import sys\nfrom fairwitness.record import blobs, guard, seal\nfrom fairwitness.record.models import Blob, Entry\n"
        "from fairwitness.record.examine import examine_log, examine_rows\nfrom fairwitness.mission.models import Unit\n"
        "count = Unit.objects.filter(id__in=sys.argv[2].split(',')).count()\n"
        "print(count, guard.missing(), examine_rows(), examine_log(strict=True).clean)\n"
        "print(seal.unseal(sys.argv[1]), b''.join(blobs.read(Blob.objects.get())), Entry.objects.order_by('seq').last().verb)",
        saved.sealed, ",".join(saved.before),
    )  # fmt: skip
    assert found.splitlines() == ["20 [] [] True", "what was said b'the photograph' store.restore"]

    note = saved.node.python(WRITE_ON, "A", "3000")
    assert "outside.truncated" in json.loads(other.python(AGAINST, note))["fault_counts"]
    other.python(WRITE_ON, "B", "12000")
    verdict = json.loads(other.python(AGAINST, note))
    assert "outside.fork" in verdict["fault_counts"]
    assert any(sentence.startswith("Fork: ") for sentence in verdict["sentences"])
    assert json.loads(saved.node.python(AGAINST, note))["clean"]


def test_a_damaged_backup_is_refused_by_name_and_nothing_is_written(saved: Saved, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(saved.backup, copy)
    files = [path for path in copy.rglob("*") if path.is_file() and path.name != "manifest.json"]
    victim = max(files, key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(bytes(data))
    other = Node(tmp_path / "other")
    other.folder.mkdir()
    with pytest.raises(AssertionError, match="was changed after the backup was made") as caught:
        other.python(RESTORE, str(copy), str(saved.keys))
    assert victim.name in str(caught.value)
    assert {path.name for path in other.folder.iterdir()} <= {"session.key"}


def test_a_node_that_holds_something_is_not_restored_over_and_a_backup_not_overwritten(saved: Saved) -> None:
    with pytest.raises(AssertionError, match="is not empty"):
        saved.node.python(RESTORE, str(saved.backup), str(saved.keys))
    with pytest.raises(AssertionError, match="exists already"):
        saved.node.python(BACKUP, str(saved.backup), str(saved.keys))


def test_without_its_keys_a_copy_reads_and_refuses_to_sign(saved: Saved, tmp_path: Path) -> None:
    other = Node(tmp_path)
    assert "FAULTS []" in other.python(RESTORE, str(saved.backup))
    with pytest.raises(AssertionError, match="key that signed the earlier checkpoints is not here"):
        other.python(WRITE_ON, "C", "2")
    with pytest.raises(AssertionError, match="Gone"):
        other.python("import sys; from fairwitness.record import seal; seal.unseal(sys.argv[1])", saved.sealed)
