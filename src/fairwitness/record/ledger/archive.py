"""The archive of a log: one file that a court expert can read in thirty years, with or without this program.

All numbers are unsigned, most significant byte first. The file is, without gaps and in this order:

1. the line `fairwitness ledger archive 1` and a line break (0x0A): 29 bytes;
2. any number of *checkpoint records*, ascending by size: the two bytes `C.`, the length of the note
   (4 bytes), the signed note (C2SP signed-note and tlog-checkpoint), the SHA-256 of the note (32 bytes);
3. for each entry of the log, by `seq` from 0, one *entry record*: the byte `E`; one byte for the body:
   `P` present, `W` withheld, `D` destroyed, `N` not here for a reason not stated; the length of the
   header (2 bytes, never 0); the length of the body (4 bytes, 0 unless present); header; body;
4. one *closing record*: the two bytes `Z.`, the number of entries (8 bytes), the root of the Merkle
   tree over all headers (32 bytes). Nothing follows it.

A header is canonical JSON (RFC 8785); its key `body` is the SHA-256 of the body's bytes in hexadecimal
digits. A body is 16 random bytes, then canonical JSON. A leaf of the tree is SHA-256(0x00 header), a
node SHA-256(0x01 left right), as in RFC 6962. The rule it guards: nothing is tolerated. A file that
ends early, says a wrong length or goes on too long is refused with the place of the fault.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from fairwitness.record.ledger.entry import leaf_hash
from fairwitness.record.ledger.merkle import Frontier
from fairwitness.record.ledger.stored import Absent, KeptCheckpoint, Stored, Unreadable

MAGIC = b"fairwitness ledger archive 1\n"
_ENTRY = struct.Struct(">2sHI")
_CHECKPOINT = struct.Struct(">2sI")
_CLOSING = struct.Struct(">2sQ32s")
_CHUNK = 1 << 18
_PRESENT = b"EP"
_WHY = {b"EW": Absent.WITHHELD, b"ED": Absent.DESTROYED, b"EN": Absent.UNSAID}
_TAG = {why: tag for tag, why in _WHY.items()}


class ArchiveError(ValueError):
    """The archive is damaged; `offset` is the byte at which the faulty record begins."""

    def __init__(self, offset: int, sentence: str) -> None:
        super().__init__(f"{sentence} (at byte {offset})")
        self.offset = offset


def write_archive(path: Path, entries: Iterable[Stored], checkpoints: Iterable[KeptCheckpoint] = ()) -> tuple[int, bytes]:
    """Write a new archive, whole or not at all. Returns the number of entries and the root. Never overwrites."""
    part = path.with_name(path.name + ".part")
    if path.exists():
        raise Unreadable(f"{path} exists already; an archive is never overwritten")
    try:
        file = part.open("xb")
    except FileExistsError:
        raise Unreadable(f"{part} is in the way: another export is running, or one was broken off; remove it then") from None
    except OSError as error:
        raise Unreadable(f"{path} cannot be written: {error.strerror}") from None
    try:
        with file:
            frontier = _write(file, entries, checkpoints)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return frontier.size, frontier.root()


def _write(file: BinaryIO, entries: Iterable[Stored], checkpoints: Iterable[KeptCheckpoint]) -> Frontier:
    file.write(MAGIC)
    for checkpoint in checkpoints:
        file.write(_CHECKPOINT.pack(b"C.", len(checkpoint.note)) + checkpoint.note + sha256(checkpoint.note).digest())
    frontier = Frontier()
    for header, body, _, _ in entries:
        if not 0 < len(header) < 1 << 16:
            raise Unreadable(f"entry {frontier.size} has a header of {len(header)} bytes; an archive holds 1 to 65,535")
        if isinstance(body, Absent):
            file.write(_ENTRY.pack(_TAG[body], len(header), 0) + header)
        elif len(body) >= 1 << 32:
            raise Unreadable(f"entry {frontier.size} has a body of {len(body)} bytes; an archive holds fewer than 2^32")
        else:
            file.write(_ENTRY.pack(_PRESENT, len(header), len(body)) + header + body)
        frontier.append(leaf_hash(header))
    file.write(_CLOSING.pack(b"Z.", frontier.size, frontier.root()))
    return frontier


class Archive:
    """An archive opened for reading. Each loop over it reads the file anew, holding one entry at a time.

    `closing` is what the closing record says (number of entries, root) once a loop has come to the end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.closing: tuple[int, bytes] | None = None
        try:
            with path.open("rb") as file:
                if file.read(len(MAGIC)) != MAGIC:
                    raise Unreadable(f"{path} is not a ledger archive: it does not begin with {MAGIC[:-1].decode()!r}")
        except OSError as error:
            raise Unreadable(f"{path} cannot be read: {error.strerror}") from None

    def checkpoints(self) -> Iterator[KeptCheckpoint]:
        """The checkpoints kept in the archive. Raises ArchiveError where the file is damaged."""
        with self.path.open("rb") as file:
            for note in self._notes(file):
                yield KeptCheckpoint(note)

    def _notes(self, file: BinaryIO) -> Iterator[bytes]:
        """The notes from the beginning of `file`, which is left where the first entry begins."""
        total = os.fstat(file.fileno()).st_size
        file.seek(len(MAGIC))
        while file.peek(1)[:1] == b"C":  # type: ignore[attr-defined]
            at = file.tell()
            head = file.read(_CHECKPOINT.size)
            if len(head) < _CHECKPOINT.size or head[:2] != b"C.":
                raise ArchiveError(at, "a checkpoint record is broken off or not marked as one")
            length = _CHECKPOINT.unpack(head)[1]
            if at + _CHECKPOINT.size + length + 32 > total:
                raise ArchiveError(at, f"a checkpoint of {length} bytes is announced, but the file ends before")
            note = file.read(length)
            if sha256(note).digest() != file.read(32):
                raise ArchiveError(at, "a checkpoint does not fit its own hash")
            yield note

    def __iter__(self) -> Iterator[Stored]:
        """The entries in order. Raises ArchiveError where the file is damaged."""
        self.closing = None
        present, unpack, head = _PRESENT, _ENTRY.unpack_from, _ENTRY.size
        with self.path.open("rb", buffering=_CHUNK) as file:
            total = os.fstat(file.fileno()).st_size
            for _ in self._notes(file):
                pass
            base, position, count = file.tell(), 0, 0
            buffer = file.read(_CHUNK)
            limit = len(buffer)
            while True:
                if position + head <= limit:
                    tag, header_length, body_length = unpack(buffer, position)
                    start = position + head
                    middle = start + header_length
                    end = middle + body_length
                    if end <= limit and tag == present and header_length:
                        yield buffer[start:middle], buffer[middle:end], None, None
                        position, count = end, count + 1
                        continue
                    if end <= limit and tag in _WHY and header_length and not body_length:
                        yield buffer[start:middle], _WHY[tag], None, None
                        position, count = end, count + 1
                        continue
                    need = self._needed(tag, header_length, body_length, base + position)
                else:
                    need = head
                if base + position + need > total:
                    raise ArchiveError(base + position, f"the file ends in the middle of a record after {count} entries: it was cut off")
                if position + need > limit:
                    buffer = buffer[position:] + file.read(max(_CHUNK, need - (limit - position)))
                    base, position, limit = base + position, 0, len(buffer)
                    if limit < need:
                        raise ArchiveError(base, f"the file became shorter while it was read, after {count} entries")
                    continue
                self.closing = self._close(buffer, position, base, count, total)
                return

    @staticmethod
    def _needed(tag: bytes, header_length: int, body_length: int, at: int) -> int:
        """The length of the record that begins here, or ArchiveError when none begins here."""
        if tag == b"Z.":
            return _CLOSING.size
        if tag != _PRESENT and tag not in _WHY:
            raise ArchiveError(at, f"no record begins with {tag!r}: a length before this place is wrong, or the file is damaged")
        if not header_length:
            raise ArchiveError(at, "an entry without a header")
        if tag != _PRESENT and body_length:
            raise ArchiveError(at, "an entry is marked as having no body here, but a length is given for it")
        return _ENTRY.size + header_length + body_length

    @staticmethod
    def _close(buffer: bytes, position: int, base: int, count: int, total: int) -> tuple[int, bytes]:
        _, said, root = _CLOSING.unpack_from(buffer, position)
        at = base + position
        if said != count:
            raise ArchiveError(at, f"the archive says it holds {said} entries, but {count} stand in it")
        if at + _CLOSING.size != total:
            raise ArchiveError(at + _CLOSING.size, f"{total - at - _CLOSING.size} bytes follow the end of the archive")
        return said, root
