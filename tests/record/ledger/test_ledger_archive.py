"""The archive: our published file, every flipped bit, every cut, every kind of absence."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairwitness.record.ledger.archive import MAGIC, Archive, ArchiveError, write_archive
from fairwitness.record.ledger.stored import Absent, Stored, Unreadable
from fairwitness.record.ledger.verify import verify_path
from tests.record.ledger.invent import KEY, checkpoint, header, made, naive_root, vectors


def written(path: Path, count: int = 7, *sizes: int) -> Path:
    entries = made(count)
    write_archive(path, entries, [checkpoint(entries, size) for size in sizes])
    return path


def test_published_archive(tmp_path: Path) -> None:
    found = vectors("archive_own")
    path = tmp_path / "log"
    path.write_bytes(bytes.fromhex(found["archive"]))
    verdict = verify_path(path, [found["note"].encode()], [found["vkey"]], strict=True)
    assert verdict.clean, verdict.sentences()
    assert (verdict.size, verdict.root.hex(), verdict.absent, verdict.signatures, verdict.vouched) == (
        found["size"],
        found["root"],
        1,
        2,
        2,
    )
    archive = Archive(path)
    assert [each[0].decode() for each in archive] == found["headers"]
    write_archive(tmp_path / "again", archive, archive.checkpoints())
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_it_comes_back_as_it_went(tmp_path: Path) -> None:
    entries: list[Stored] = made(6)
    entries[1] = (entries[1][0], Absent.WITHHELD, None, None)
    entries[2] = (entries[2][0], Absent.UNSAID, None, None)
    entries[3] = (header(3, b"b" * 1_000_000).to_bytes(), b"b" * 1_000_000, None, None)
    kept = [checkpoint(entries, size) for size in (0, 2, 5)]
    assert write_archive(tmp_path / "log", entries, kept) == (6, naive_root([each[0] for each in entries]))
    archive = Archive(tmp_path / "log")
    assert list(archive) == entries and archive.closing == (6, naive_root([each[0] for each in entries]))
    assert [each.note for each in archive.checkpoints()] == [each.note for each in kept]
    assert verify_path(tmp_path / "log", vkeys=[KEY]).clean


def test_an_empty_log(tmp_path: Path) -> None:
    verdict = verify_path(written(tmp_path / "log", 0, 0))
    assert verdict.clean and verdict.size == 0 and verdict.root == naive_root([])


def test_a_flipped_bit_in_any_byte_is_found(tmp_path: Path) -> None:
    sound = written(tmp_path / "log", 3, 2).read_bytes()
    path = tmp_path / "changed"
    for place in range(len(sound)):
        changed = bytearray(sound)
        changed[place] ^= 1 << place * 5 % 8
        path.write_bytes(changed)
        if place < len(MAGIC):
            with pytest.raises(Unreadable):
                verify_path(path)
        else:
            verdict = verify_path(path)
            assert not verdict.clean, place


def test_the_reason_of_an_absence_cannot_flip(tmp_path: Path) -> None:
    sound = written(tmp_path / "log", 5).read_bytes()
    place = sound.index(b"ED") + 1
    for bit in range(8):
        (tmp_path / "changed").write_bytes(bytes([*sound[:place], sound[place] ^ 1 << bit, *sound[place + 1 :]]))
        assert not verify_path(tmp_path / "changed").clean


def test_every_cut_is_named_with_its_place(tmp_path: Path) -> None:
    sound = written(tmp_path / "log", 3, 2).read_bytes()
    path = tmp_path / "cut"
    for length in range(len(MAGIC), len(sound)):
        path.write_bytes(sound[:length])
        with pytest.raises(ArchiveError) as raised:
            for _ in Archive(path):
                pass
        assert len(MAGIC) <= raised.value.offset <= length
        assert any(fault.code == "store.damaged" for fault in verify_path(path).faults)


@pytest.mark.parametrize("tail", [b"\n", b"\x00", b"EP\x00\x01\x00\x00\x00\x00{"])
def test_what_follows_the_end_is_named(tmp_path: Path, tail: bytes) -> None:
    path = written(tmp_path / "log")
    length = path.stat().st_size
    path.write_bytes(path.read_bytes() + tail)
    with pytest.raises(ArchiveError, match="follow the end") as raised:
        list(Archive(path))
    assert raised.value.offset == length


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (struct.pack(">2sHI", b"EP", 0, 0), "without a header"),
        (struct.pack(">2sHI", b"EW", 1, 3) + b"{abc", "having no body here"),
        (struct.pack(">2sHI", b"EX", 1, 0) + b"{", "no record begins"),
        (struct.pack(">2sHI", b"EP", 9, 0xFFFFFFFF) + b"{", "cut off"),
        (struct.pack(">2sQ32s", b"Z.", 1, bytes(32)), "says it holds 1"),
        (struct.pack(">2sI", b"C.", 0xFFFFFFFF), "checkpoint of 4294967295 bytes"),
        (struct.pack(">2sI", b"C.", 1) + b"x" + bytes(32), "does not fit its own hash"),
        (b"C", "broken off"),
    ],
)
def test_wrong_records_are_named(tmp_path: Path, record: bytes, words: str) -> None:
    path = tmp_path / "log"
    path.write_bytes(MAGIC + record + bytes(64 if words in ("without a header", "having no body here", "no record begins") else 0))
    with pytest.raises(ArchiveError, match=words) as raised:
        list(Archive(path))
    assert raised.value.offset == len(MAGIC)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.integers(0, 2000))
def test_rubbish_raises_only_our_error(tmp_path: Path, data: bytes, place: int) -> None:
    path = tmp_path / "sound"
    if not path.exists():
        written(path, 3, 2)
    sound = path.read_bytes()
    for each in (MAGIC + data, sound[:place] + data + sound[place:], sound[: len(MAGIC) + place] + data):
        (tmp_path / "rubbish").write_bytes(each)
        try:
            archive = Archive(tmp_path / "rubbish")
            list(archive.checkpoints())
            list(archive)
        except (ArchiveError, Unreadable):
            pass
        if each != sound and each.startswith(MAGIC):
            assert not verify_path(tmp_path / "rubbish", strict=True).clean


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    path = written(tmp_path / "log")
    before = path.read_bytes()
    with pytest.raises(Unreadable, match="exists already"):
        write_archive(path, made(1))
    with pytest.raises(Unreadable, match="65,535"):
        write_archive(tmp_path / "other", [*made(2), (b"{" * 65_536, b"", None, None)])
    with pytest.raises(Unreadable, match="cannot be written"):
        write_archive(tmp_path / "nowhere" / "log", made(1))
    (tmp_path / "third.part").touch()
    with pytest.raises(Unreadable, match="in the way"):
        write_archive(tmp_path / "third", made(1))
    assert path.read_bytes() == before and sorted(each.name for each in tmp_path.iterdir()) == ["log", "third.part"]


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536])
def test_a_header_has_one_byte_to_sixty_five_thousand(tmp_path: Path, length: int) -> None:
    entries: list[Stored] = [*made(2), (b"{" * length, b"", None, None)]
    if 0 < length < 65_536:
        assert write_archive(tmp_path / "log", entries)[0] == 3 and list(Archive(tmp_path / "log")) == entries
        return
    with pytest.raises(Unreadable, match=f"entry 2 has a header of {length} bytes; an archive holds 1 to 65,535"):
        write_archive(tmp_path / "log", entries)


class Endless(bytes):
    """A body that says it is longer than any memory."""

    def __len__(self) -> int:
        return 1 << 32


def test_a_body_of_four_gigabytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"entry 1 has a body of 4294967296 bytes; an archive holds fewer than 2\^32"):
        write_archive(tmp_path / "log", [made(1)[0], (b"{}", Endless(), None, None)])
    assert not list(tmp_path.iterdir())


def test_the_bytes_are_on_the_disk_before_they_have_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, bool]] = []

    def watched(number: int) -> None:
        seen.append(("fsync", os.fstat(number).st_size, (tmp_path / "log").exists()))

    monkeypatch.setattr(os, "fsync", watched)
    path = written(tmp_path / "log", 3, 2)
    assert seen == [("fsync", path.stat().st_size, False)] and sorted(tmp_path.iterdir()) == [path]


def test_why_nothing_can_be_written_or_read_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "log")
    for other, words in ((path, "exists already"), (tmp_path / "none" / "log", "cannot be written: No such file")):
        with pytest.raises(Unreadable, match=f"{other} {words}"):
            write_archive(other, [])
    (tmp_path / "x.part").touch()
    with pytest.raises(Unreadable, match=f"{tmp_path / 'x.part'} is in the way"):
        write_archive(tmp_path / "x", [])
    with pytest.raises(Unreadable, match=f"{tmp_path / 'none'} cannot be read: No such file"):
        Archive(tmp_path / "none")
    (tmp_path / "other").write_bytes(MAGIC[:-1])
    with pytest.raises(Unreadable, match=f"{tmp_path / 'other'} is not a ledger archive: it does not begin with '{MAGIC[:-1].decode()}'$"):
        Archive(tmp_path / "other")


def test_the_closing_record_is_known_at_the_end_of_a_loop_and_not_before(tmp_path: Path) -> None:
    entries = made(3)
    end = write_archive(tmp_path / "log", entries)
    archive = Archive(tmp_path / "log")
    loop = iter(archive)
    for _ in range(3):
        next(loop)
        assert archive.closing is None
    assert next(loop, None) is None and archive.closing == end
    next(iter(archive))
    assert archive.closing is None, "a new loop has not come to the end yet"


RECORD = struct.pack(">2sHI", b"EP", 2, 20) + b"{}" + b"b" * 20
"""A sound entry of 30 bytes."""
CUT = "the file ends in the middle of a record after {n} entries: it was cut off"
NONE = "no record begins with b'EQ': a length before this place is wrong, or the file is damaged"


@pytest.mark.parametrize("before", [0, 1, 3])
@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (b"E", CUT),
        (b"EP\0\2\0\0\0", CUT),
        (RECORD[:-1], CUT),
        (struct.pack(">2sQ32s", b"Z.", 0, bytes(32))[:-1], CUT),
        (struct.pack(">2sHI", b"EQ", 2, 0) + b"{}", NONE),
        (struct.pack(">2sHI", b"EP", 0, 2) + b"{}", "an entry without a header"),
        (struct.pack(">2sHI", b"EW", 0, 0), "an entry without a header"),
        (struct.pack(">2sHI", b"ED", 1, 1) + b"{}", "an entry is marked as having no body here, but a length is given for it"),
        (struct.pack(">2sQ32s", b"Z.", 9, bytes(32)), "the archive says it holds 9 entries, but {n} stand in it"),
    ],
)
def test_the_place_and_the_number_of_a_damage_are_exact(tmp_path: Path, before: int, record: bytes, sentence: str) -> None:
    place = len(MAGIC) + before * len(RECORD)
    (tmp_path / "log").write_bytes(MAGIC + RECORD * before + record)
    with pytest.raises(ArchiveError) as raised:
        list(Archive(tmp_path / "log"))
    assert (raised.value.offset, str(raised.value)) == (place, f"{sentence.format(n=before)} (at byte {place})")


@pytest.mark.parametrize("tail", [1, 7, 100])
def test_so_many_bytes_after_the_end_are_counted(tmp_path: Path, tail: int) -> None:
    path = written(tmp_path / "log")
    length = path.stat().st_size
    path.write_bytes(path.read_bytes() + bytes(tail))
    with pytest.raises(ArchiveError) as raised:
        list(Archive(path))
    assert str(raised.value) == f"{tail} bytes follow the end of the archive (at byte {length})"


def noted(note: bytes) -> bytes:
    return struct.pack(">2sI", b"C.", len(note)) + note + sha256(note).digest()


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (b"C.\0\0\0", "a checkpoint record is broken off or not marked as one"),
        (b"C!" + noted(b"xyz")[2:], "a checkpoint record is broken off or not marked as one"),
        (noted(b"xyz")[:-1], "a checkpoint of 3 bytes is announced, but the file ends before"),
        (noted(b"xyz")[:-1] + b"!", "a checkpoint does not fit its own hash"),
    ],
)
def test_a_damaged_checkpoint_is_named_with_its_place(tmp_path: Path, record: bytes, sentence: str) -> None:
    place = len(MAGIC) + len(noted(b"first"))
    (tmp_path / "log").write_bytes(MAGIC + noted(b"first") + record)
    archive = Archive(tmp_path / "log")
    for reading in (archive.checkpoints(), iter(archive)):
        with pytest.raises(ArchiveError) as raised:
            list(reading)
        assert str(raised.value) == f"{sentence} (at byte {place})"
    (tmp_path / "log").write_bytes(MAGIC + noted(b"first") + noted(b""))
    assert [each.note for each in archive.checkpoints()] == [b"first", b""]


@pytest.mark.parametrize("length", [200_000, 262_144, 300_000, 900_000])
def test_entries_are_whole_wherever_the_pieces_are_cut(tmp_path: Path, length: int) -> None:
    entries: list[Stored] = [(b"{%d}" % number, bytes([number]) * (length + number), None, None) for number in range(5)]
    entries[2] = (b"{2}", Absent.WITHHELD, None, None)
    write_archive(tmp_path / "log", entries)
    assert list(Archive(tmp_path / "log")) == entries


def test_a_file_that_becomes_shorter_while_it_is_read_is_named(tmp_path: Path) -> None:
    entries: list[Stored] = [(b"{}", b"b" * 300_000, None, None) for _ in range(4)]
    write_archive(tmp_path / "log", entries)
    loop = iter(Archive(tmp_path / "log"))
    assert next(loop) == entries[0]
    os.truncate(tmp_path / "log", 620_000)
    with pytest.raises(ArchiveError, match=r"the file became shorter while it was read, after \d entries \(at byte \d+\)"):
        list(loop)


@pytest.mark.parametrize("record", [RECORD, struct.pack(">2sHI", b"EW", 50, 0) + b"w" * 50])
def test_a_file_that_ends_behind_a_whole_entry_was_cut_off_too(tmp_path: Path, record: bytes) -> None:
    (tmp_path / "log").write_bytes(MAGIC + RECORD + record)
    with pytest.raises(ArchiveError) as raised:
        list(Archive(tmp_path / "log"))
    assert str(raised.value) == f"{CUT.format(n=2)} (at byte {len(MAGIC + RECORD + record)})"


def test_what_broke_an_export_is_told_even_when_its_beginning_is_gone(tmp_path: Path) -> None:
    def broken() -> Iterator[Stored]:
        yield made(1)[0]
        (tmp_path / "log.part").unlink()
        raise LookupError("the store is gone")

    with pytest.raises(LookupError, match="the store is gone"):
        write_archive(tmp_path / "log", broken())
    assert not list(tmp_path.iterdir())
