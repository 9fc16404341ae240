"""Blobs: only ciphertext on the disk, no loss and no double, no piece changed, swapped or cut off unseen."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from node import Node

from fairwitness.errors import BadInput, Gone, Tampered, Unreachable
from fairwitness.record import blobs, keyring
from fairwitness.record.hand import Door, Hand
from fairwitness.record.models import Blob, Entry
from fairwitness.record.verbs import Verb

UPLOAD = """
import django; django.setup()
import sys
from fairwitness.record import blobs
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
print("ready", flush=True)
sys.stdin.readline()
for number in range(5):
    blob = blobs.store([b"the same photograph" * 50000, str(number).encode()], scope="source:1", by=command(), verb=Verb.ATTACHMENT_ADD)
    print(blob.name, flush=True)
"""


@pytest.fixture
def hand() -> Hand:
    return Hand(uuid4(), Door.STAFF)


def store(data: bytes, hand: Hand, scope: str | None = None, most: int | None = None) -> Blob:
    pieces = [data[start : start + 300_000] for start in range(0, len(data), 300_000)]
    return blobs.store(pieces, scope=scope or f"source:{uuid4()}", by=hand, verb=Verb.ATTACHMENT_ADD, most=most)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [0, 1, blobs.PIECE - 1, blobs.PIECE, blobs.PIECE + 1, 2 * blobs.PIECE + 5])
def test_what_is_read_is_what_was_stored_and_only_ciphertext_lies_on_the_disk(hand: Hand, size: int) -> None:
    data = os.urandom(size)
    blob = store(data, hand)
    lying = blobs.path_of(blob.name).read_bytes()
    assert b"".join(blobs.read(blob)) == data and blobs.plain_hash(blob) == hashlib.sha256(data).hexdigest()
    assert hashlib.sha256(lying).hexdigest() == blob.name and len(lying) == blob.size
    assert size < 32 or data[:32] not in lying
    assert Entry.objects.get(entry=str(blob.entry)).subject == str(blob.id)
    body = bytes(Entry.objects.get(entry=str(blob.entry)).body)
    assert blobs.plain_hash(blob).encode() not in body


@pytest.mark.django_db
def test_identical_bytes_are_one_in_a_scope_and_not_seen_to_be_equal_across_scopes(hand: Hand) -> None:
    one, again, other = store(b"photo", hand, "source:a"), store(b"photo", hand, "source:a"), store(b"photo", hand, "source:b")
    assert one.id == again.id and other.id != one.id and other.same != one.same and other.name != one.name


@pytest.mark.django_db
def test_a_piece_swapped_or_cut_off_is_found_in_reading(hand: Hand) -> None:
    blob = store(os.urandom(3 * blobs.PIECE), hand)
    path = blobs.path_of(blob.name)
    whole = path.read_bytes()
    start, step = blobs._START, 4 + 12 + blobs.PIECE + 16
    first, second, rest = whole[start : start + step], whole[start + step : start + 2 * step], whole[start + 2 * step :]
    head = whole[:start]
    for damaged in (
        head + second + first + rest,
        head + first + second,
        head + first + rest,
        head,
        whole[:-1],
        whole + b"x",
        b"",
        b"other",
    ):
        path.write_bytes(damaged)
        with pytest.raises(Tampered):
            list(blobs.read(blob))
    path.unlink()
    with pytest.raises(Tampered):
        list(blobs.read(blob))


@pytest.mark.django_db
def test_too_large_or_broken_off_leaves_nothing_behind(hand: Hand) -> None:
    before, rows = set(blobs.lying_about()), Blob.objects.count()
    with pytest.raises(BadInput, match="larger than 10 bytes"):
        store(b"x" * 11, hand, most=10)

    def broken() -> object:
        yield b"first half"
        raise ConnectionError("the phone lost its network")

    with pytest.raises(Unreachable):
        blobs.store(broken(), scope="source:x", by=hand, verb=Verb.ATTACHMENT_ADD)  # type: ignore[arg-type]
    assert set(blobs.lying_about()) == before and Blob.objects.count() == rows


@pytest.mark.django_db
def test_once_the_key_is_gone_nothing_is_read_and_nothing_more_is_sealed(hand: Hand) -> None:
    blob = store(b"words", hand, "source:gone")
    keyring.destroy("source:gone")
    for act in (lambda: list(blobs.read(blob)), lambda: blobs.plain_hash(blob), lambda: store(b"more", hand, "source:gone")):
        with pytest.raises(Gone):
            act()


@pytest.mark.django_db
def test_what_no_row_names_is_an_orphan_and_swept_only_when_old(hand: Hand) -> None:
    blob = store(b"kept", hand)
    stray = blobs.folder() / "ab" / ("0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left by a process that died")
    assert stray in blobs.orphans() and blobs.path_of(blob.name) not in blobs.orphans()
    blobs.sweep(older=3600)
    assert stray.exists()
    os.utime(stray, (time.time() - 7200, time.time() - 7200))
    blobs.sweep(older=3600)
    assert not stray.exists() and blobs.path_of(blob.name).exists()


def test_identical_uploads_of_many_processes_at_once_are_kept_once_each(tmp_path: Path) -> None:
    node = Node(tmp_path)
    node.python("from django.core.management import call_command\ncall_command('migrate', verbosity=0)")
    environment = {**node.environment, "DJANGO_SETTINGS_MODULE": "fairwitness.web.settings"}
    start = [sys.executable, "-c", UPLOAD]
    crowd = [subprocess.Popen(start, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for one in crowd:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in crowd:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    said = [one.communicate(timeout=120)[0].split() for one in crowd]
    assert all(one.returncode == 0 for one in crowd) and len({tuple(names) for names in said}) == 1 and len(set(said[0])) == 5
    found = node.python(
        "from fairwitness.record import blobs\nfrom fairwitness.record.models import Blob\n"
        "from fairwitness.record.examine import examine_blobs, examine_rows\n"
        "print(Blob.objects.count(), len(list(blobs.lying_about())), blobs.orphans(), examine_blobs(), examine_rows())"
    )
    assert found.strip() == "5 5 [] [] []"
