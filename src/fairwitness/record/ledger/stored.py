"""What a store hands to whoever checks it: an entry's bytes as they lie there, and the log's promises beside them.

Every store (archive, SQLite, PostgreSQL) says the same four things of an entry, so that one set of
rules judges them all. The rule it guards: bytes are passed on as found, never read and written anew.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Absent(Enum):
    """Why a body is not here. Its commitment stays in the header either way."""

    WITHHELD = "withheld"
    DESTROYED = "destroyed"
    UNSAID = "not here; the store does not say why"


Stored = tuple[bytes, bytes | Absent, bytes | None, bytes | None]
"""(header, body, what the columns beside it say the header should be, what they say its leaf hash should be).

The last two are None where a store has no columns, as in an archive. A caller with columns builds the
third with `Header(...).to_bytes()` from the columns alone, never from the stored header.
"""


class KeptCheckpoint(NamedTuple):
    """A checkpoint as a store keeps it: the signed note and, where the store has columns, its size and root."""

    note: bytes
    size: int | None = None
    root: bytes | None = None


class Unreadable(ValueError):
    """The store cannot be read at all: no such file, or not what it should be. The text says what to do."""
