"""Erase: after a key was destroyed, take its remains out of the store, and look whether any byte stayed.

Shredding makes what was sealed unreadable at once; erasing then lets every room rebuild its indexes, rewrites the
database without its free pages, cuts off the write-ahead log, removes files that belong to nothing, and scans the
data folder byte by byte for the phrases given and for remains of destroyed keys. It takes a minute and writers
wait. The rule it guards: what is not in our power is printed, never promised. A source may stake a life on it.
"""

from __future__ import annotations

import base64
import os
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection

from fairwitness.errors import BadInput, BrokenRule, Fault, Unreachable
from fairwitness.record import blobs, keyring
from fairwitness.record.append import log_id
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.verbs import Verb

NOT_PROMISED = (
    "Solid-state disks keep old copies of blocks that no software can reach; full-disk encryption is the only remedy.",
    "What lies compressed or encrypted inside a file (an archive, a picture, a PDF) is not found by searching bytes.",
    "Swap space and hibernation files of the operating system may hold what was in memory.",
    "Copies that left this node (prints, exports, mail, screens, other people's notes) are not reached.",
    "What somebody has read, they remember.",
    "Backups still hold the keys and the data of their day, until they are destroyed themselves.",
    "Other nodes that have not met this one since do not yet know that the key was destroyed.",
    "PostgreSQL: archives of the write-ahead log, replicas and the server's own files are its administrator's to erase.",
)
SHORTEST = 4
PATIENCE = 60
"""Seconds to wait for readers of the write-ahead log."""
_PIECE = 1 << 22

Hook = Callable[[], None]
_hooks: list[Hook] = []


def on_erase(hook: Hook) -> Hook:
    """Register what a room does when the store is erased: rebuild its indexes without what can no longer be read."""
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


@dataclass(frozen=True, slots=True)
class Found:
    """A remain: in which file, at which byte, in which form. `which` is the number of the phrase, never the phrase."""

    path: str
    offset: int
    which: str
    form: str

    def __str__(self) -> str:
        return f"{self.path}, byte {self.offset}: {self.which}, as {self.form}"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done and what was found."""

    indexes: int
    swept: int
    files: int
    scanned: int
    found: tuple[Found, ...]

    def __str__(self) -> str:
        """In words."""
        said = [f"{self.indexes} indexes rebuilt, {self.swept} stray files removed, {self.files} files ({self.scanned} bytes) scanned."]
        said += [str(one) for one in self.found]
        if not self.found:
            said.append("No remains were found in the data folder.")
        return "\n".join(said)


def erase(*, by: Hand, phrases: Sequence[str] = ()) -> Erased:
    """Erase what destroyed keys had closed and search for remains. Not inside a unit of work.

    Raises BadInput for a phrase shorter than four characters: such a one is found everywhere. Raises Unreachable when
    somebody would not let go of the store; keys stay destroyed, and it can be started again.
    """
    if connection.in_atomic_block:
        raise BrokenRule("erase() cannot run inside a unit of work: the database is written anew")
    short = [number for number, phrase in enumerate(phrases, start=1) if len(phrase) < SHORTEST]
    if short:
        raise BadInput.of(*(Fault("phrases", f"is shorter than {SHORTEST} characters; give a longer one", row=row) for row in short))
    for hook in _hooks:
        hook()
    swept = blobs.sweep(older=3600)
    note(
        by=by, verb=Verb.STORE_ERASE, kind="record.store", subject=UUID(log_id()),
        content={"phrases": len(phrases), "keys": len(keyring.gone()), "swept": swept},
    )  # fmt: skip
    _rewrite()
    sought = _sought(phrases)
    files = [path for place in _places() for path in sorted(place.rglob("*")) if path.is_file() and not path.is_symlink()]
    found = [one for path in files for one in scan(path, sought)]
    return Erased(len(_hooks), swept, len(files), sum(path.stat().st_size for path in files if path.exists()), tuple(found))


def _rewrite() -> None:
    """Write the database anew, without free pages, and cut off the write-ahead log."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("VACUUM")
                _cut_off(cursor)
                return
            cursor.execute("VACUUM (FULL)")
            cursor.execute("CHECKPOINT")
    except OperationalError as error:
        busy = "The store could not be written anew ({why}). Stop the node's other processes and run `fairwitness erase` again."
        raise Unreachable(busy, why=str(error).partition("\n")[0]) from None


def _cut_off(cursor: Any) -> None:
    """SQLite answers `busy` without an error while a reader needs the log: then nothing was cut off yet."""
    end = time.monotonic() + PATIENCE
    while True:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0] == 0:
            return
        if time.monotonic() > end:
            raise OperationalError("a reader kept the write-ahead log")
        time.sleep(0.2)


def _places() -> list[Path]:
    """The data folder; and the tables of a PostgreSQL server on this machine whose files we may read."""
    places = [Path(settings.FAIRWITNESS_DATA)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_has_role('pg_read_all_settings', 'member')")
            if cursor.fetchone()[0]:
                cursor.execute("SELECT current_setting('data_directory'), (SELECT oid FROM pg_database WHERE datname = current_database())")
                folder, oid = cursor.fetchone()
                tables = Path(folder) / "base" / str(oid)
                if os.access(tables, os.R_OK | os.X_OK):
                    places.append(tables)
    return places


_Sought = list[tuple[bytes, str, str]]
"""(bytes, which, form)"""


def spellings(phrase: str) -> Iterable[str]:
    """A phrase as typed, in small and capital letters, and without accents, as an index or a file name may hold it."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", phrase.lower()) if not unicodedata.combining(letter))
    return dict.fromkeys([phrase, unicodedata.normalize("NFD", phrase), phrase.lower(), phrase.upper(), plain])


def _sought(phrases: Sequence[str]) -> _Sought:
    made: _Sought = []
    for number, phrase in enumerate(phrases, start=1):
        sought = {data: form for spelling in spellings(phrase) for data, form in forms(spelling)}
        made += [(data, f"phrase {number}", form) for data, form in sought.items()]
    for number, trace in enumerate(keyring.traces(), start=1):
        made += [(data, f"destroyed key {number}", form) for data, form in _coded(trace, "bytes")]
    return made


def forms(phrase: str) -> Iterator[tuple[bytes, str]]:
    """Every form in which a phrase might lie on the disk."""
    yield phrase.encode("utf-16-le"), "UTF-16LE"
    yield phrase.encode("utf-16-be"), "UTF-16BE"
    if not phrase.isascii():
        yield phrase.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00"), "JSON escapes"
    yield from _coded(phrase.encode("utf-8"), "UTF-8")


def _coded(data: bytes, plain: str) -> Iterator[tuple[bytes, str]]:
    yield data, plain
    yield data.hex().encode("ascii"), "hexadecimal"
    yield data.hex().upper().encode("ascii"), "hexadecimal"
    for shift in range(3):
        # Only digits that are made of our bytes alone are searched for, whatever stood before and after.
        digits = base64.b64encode(bytes(shift) + data)
        core = digits[-(-shift * 8 // 6) : (shift + len(data)) * 8 // 6]
        yield core, "base64"
        if core.translate(None, b"+/") != core:
            yield core.replace(b"+", b"-").replace(b"/", b"_"), "base64"


def scan(path: Path, sought: _Sought) -> Iterator[Found]:
    """The first place in a file of each thing sought, read piece by piece with an overlap."""
    left = list(sought)
    overlap = max((len(data) for data, _, _ in sought), default=1) - 1
    name = os.path.relpath(path, settings.FAIRWITNESS_DATA) if path.is_relative_to(settings.FAIRWITNESS_DATA) else str(path)
    try:
        with path.open("rb") as file:
            tail, start = b"", 0
            while left and (piece := file.read(_PIECE)):
                window = tail + piece
                for one in list(left):
                    at = window.find(one[0])
                    if at >= 0:
                        left.remove(one)
                        yield Found(name, start + at, one[1], one[2])
                tail = window[len(window) - overlap :] if overlap else b""
                start += len(window) - len(tail)
    except OSError as error:
        yield Found(name, 0, "not scanned", error.strerror or "unreadable")
