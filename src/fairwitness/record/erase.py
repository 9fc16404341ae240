"""Erase: after a key was destroyed, take its remains out of the store, and look whether any byte stayed.

Shredding makes what was sealed unreadable at once; erasing then lets every room rebuild its indexes, rewrites the
database without its free pages, cuts off the write-ahead log, removes files that belong to nothing, and scans the
data folder byte by byte for the phrases given and for remains of destroyed keys. It takes a minute and writers
wait. The rule it guards: what is not in our power is printed, never promised. A source may stake a life on it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from fairwitness.errors import BadInput, Fault
from fairwitness.record import blobs, keyring
from fairwitness.record.append import log_id
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.verbs import Verb

NOT_PROMISED = (
    "Solid-state disks keep old copies of blocks that no software can reach; full-disk encryption is the only remedy.",
    "Swap space and hibernation files of the operating system may hold what was in memory.",
    "Copies that left this node (prints, exports, mail, screens, other people's notes) are not reached.",
    "Backups still hold the keys and the data of their day, until they are destroyed themselves.",
    "Other nodes that have not met this one since do not yet know that the key was destroyed.",
    "PostgreSQL: archives of the write-ahead log, replicas and the server's own files are its administrator's to erase.",
)
SHORTEST = 4
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

    Raises BadInput for a phrase shorter than four characters: such a one is found everywhere.
    """
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
    files = [path for path in sorted(Path(settings.FAIRWITNESS_DATA).rglob("*")) if path.is_file() and not path.is_symlink()]
    found = [one for path in files for one in scan(path, sought)]
    return Erased(len(_hooks), swept, len(files), sum(path.stat().st_size for path in files if path.exists()), tuple(found))


def _rewrite() -> None:
    """Write the database anew, without free pages, and cut off the write-ahead log."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        cursor.execute("VACUUM (FULL)")
        cursor.execute("CHECKPOINT")


_Sought = list[tuple[bytes, str, str]]
"""(bytes, which, form)"""


def _sought(phrases: Sequence[str]) -> _Sought:
    made: _Sought = []
    for number, phrase in enumerate(phrases, start=1):
        made += [(data, f"phrase {number}", form) for data, form in forms(phrase)]
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
    name = os.path.relpath(path, settings.FAIRWITNESS_DATA)
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
