"""Blobs: attachments, encrypted in pieces under the key of their source or item, and named by the hash of the ciphertext.

A file is `fairwitness blob 1` and a line break, 16 random bytes, then pieces: length (4 bytes), nonce,
AES-GCM ciphertext. Each piece is bound to its file, its number and whether it is the last, so that pieces
cannot be swapped, dropped or cut off. Only ciphertext touches the disk, also under the temporary name; the
file is whole and synced before its row is kept. The rule it guards: a row whose blob is missing cannot come
about; a blob without a row can (a process died between), is reported, and goes with the next `erase`.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import IntegrityError, transaction

from fairwitness.errors import BadInput, Fault, Tampered, Unreachable
from fairwitness.record import quota, seal
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.models import Blob
from fairwitness.record.verbs import Verb

MAGIC = b"fairwitness blob 1\n"
PIECE = 1 << 20
_LENGTH = struct.Struct(">I")
_START = len(MAGIC) + 16


def folder() -> Path:
    """Where blobs lie."""
    return Path(settings.FAIRWITNESS_DATA) / "blobs"


def path_of(name: str) -> Path:
    """Where the blob of this name lies."""
    return folder() / name[:2] / name[2:]


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of an open file, piece by piece."""
    return iter(lambda: file.read(PIECE), b"")


def _even(source: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """(piece, whether it is the last): pieces of one size, the last one shorter; an empty source is one empty piece."""
    held = bytearray()
    for part in source:
        held += part
        while len(held) > PIECE:
            yield bytes(held[:PIECE]), False
            del held[:PIECE]
    yield bytes(held), True


def _about(mark: bytes, number: int, last: bool) -> bytes:
    return b"blob" + mark + struct.pack(">Q?", number, last)


def store(source: Iterable[bytes], *, scope: str, by: Hand, verb: Verb, most: int | None = None) -> Blob:
    """Encrypt and keep; returns the kept Blob, an existing one when identical bytes lie in this scope already.

    Raises BadInput above `most` bytes or the day's end (see `quota`), Gone when the scope's key was destroyed, Unreachable when
    the disk does not take it. Nothing stays behind then.
    """
    most = quota.allowed(by, most)
    part = folder() / "part" / os.urandom(16).hex()
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            name, size, plain = _write(part, source, scope, most)
            return _keep(part, name, size, plain, scope, by, verb)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Unreachable("The attachment could not be written ({why}); nothing was kept.", why=error.strerror or "disk") from None


def _write(part: Path, source: Iterable[bytes], scope: str, most: int | None) -> tuple[str, int, str]:
    mark, total = os.urandom(16), 0
    cipher, plain = hashlib.sha256(MAGIC + mark), hashlib.sha256()
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(MAGIC + mark)
        for number, (piece, last) in enumerate(_even(source)):
            total += len(piece)
            if most is not None and total > most:
                raise BadInput.of(Fault("file", f"is larger than {most} bytes, the most that is taken; send a smaller one"))
            plain.update(piece)
            sealed = seal.seal_bytes(scope, piece, _about(mark, number, last))
            out = _LENGTH.pack(len(sealed)) + sealed
            cipher.update(out)
            file.write(out)
        file.flush()
        os.fsync(file.fileno())
        return cipher.hexdigest(), file.tell(), plain.hexdigest()


def _keep(part: Path, name: str, size: int, plain: str, scope: str, by: Hand, verb: Verb) -> Blob:
    same = seal.token_within(scope, bytes.fromhex(plain))
    with writing(by):
        found = Blob.objects.filter(same=same).first()
        if found is not None:
            return found
        _move(part, path_of(name))
        blob = Blob(name=name, scope=scope, size=size, plain=seal.seal(scope, plain), same=same)
        try:
            with transaction.atomic():
                blob.keep(by=by, verb=verb)
        except IntegrityError:
            # Identical bytes were kept by somebody else a moment ago; theirs stands.
            path_of(name).unlink()
            return Blob.objects.get(same=same)
    return blob


def _move(part: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(part, target)
    for place in (target.parent, target.parent.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(blob: Blob) -> Iterator[bytes]:
    """The plain bytes, piece by piece; the key is asked for at each piece. Raises Gone, Tampered."""
    try:
        file = path_of(blob.name).open("rb")
    except OSError:
        raise Tampered("The blob {name} is not where it was kept. Restore it from a backup.", name=blob.name) from None
    with file:
        start = file.read(_START)
        if len(start) != _START or not start.startswith(MAGIC):
            raise Tampered("The blob {name} is not a blob any more.", name=blob.name)
        mark, number, head = start[len(MAGIC) :], 0, file.read(4)
        while len(head) == 4:
            length = _LENGTH.unpack(head)[0]
            sealed = file.read(min(length, PIECE + 64))
            head = file.read(4)
            yield seal.open_bytes(blob.scope, sealed, _about(mark, number, not head))
            number += 1
        if head or not number:
            raise Tampered("The blob {name} was cut off.", name=blob.name)


def plain_hash(blob: Blob) -> str:
    """SHA-256 of the plain bytes, in hexadecimal digits. Raises Gone."""
    return seal.unseal(blob.plain)


def lying_about() -> Iterator[Path]:
    """Every file under `blobs/`, whether a row names it or not."""
    if folder().is_dir():
        yield from (path for path in sorted(folder().rglob("*")) if path.is_file())


def name_at(path: Path) -> str:
    """The name a file would have as a blob, from where it lies; empty for anything else."""
    parts = path.relative_to(folder()).parts
    name = "".join(parts)
    return name if len(parts) == 2 and len(parts[0]) == 2 and len(name) == 64 else ""


def orphans() -> list[Path]:
    """Files that no row names: left by a process that died, or put there by somebody."""
    known = set(Blob.objects.values_list("name", flat=True))
    return [path for path in lying_about() if name_at(path) not in known]


def sweep(older: float = 24 * 3600) -> int:
    """Remove orphans older than so many seconds; younger ones may be on their way. Returns how many."""
    gone = [path for path in orphans() if time.time() - path.stat().st_mtime > older]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
