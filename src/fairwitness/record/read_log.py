"""Read a log out of this node's database, on either engine, for whoever checks or exports it.

The same four things of an entry as every store gives (see `ledger.stored`): bytes as they lie there, and what
the columns beside them say. The rule it guards: columns are read as bytes and never trusted in place of the
header, and memory does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from fairwitness.record.ledger.database import LINKS
from fairwitness.record.ledger.stored import Absent, KeptCheckpoint, Stored

STEP = 2000
_WORDS = ("commitment", "entry", "at", "door", "member", "kind", "log", "prev", "recorded", "subject", "verb")


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is read as of one moment, while writers go on. Joins a transaction that is open already."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _raw(word: str) -> str:
    return f"CAST({word} AS BLOB)" if connection.vendor == "sqlite" else f"convert_to({word}, 'UTF8')"


class LogRows:
    """One log of this node (`inner` or `public`), as a store."""

    def __init__(self, log: str = "inner") -> None:
        self.prefix = "record_public_" if log == "public" else "record_"

    def _all(self, query: str, *values: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return list(cursor.fetchall())

    def __iter__(self) -> Iterator[Stored]:
        words = ", ".join(map(_raw, _WORDS))
        query = f"SELECT seq, header, body, leaf, schema, {words} FROM {self.prefix}entry WHERE seq > %s ORDER BY seq LIMIT {STEP}"
        last = -(2**62)
        while rows := self._all(query, last):
            for row in rows:
                yield _stored(row)
            last = rows[-1][0]

    def checkpoints(self) -> Iterator[KeptCheckpoint]:
        """The checkpoints, by size."""
        for size, root, note in self._all(f"SELECT size, root, note FROM {self.prefix}checkpoint ORDER BY size, id"):
            yield KeptCheckpoint(bytes(note), size, bytes(root))

    def nodes(self, level: int, first: int, count: int) -> Iterable[tuple[int, bytes]]:
        """The stored tree nodes of one level with these indexes."""
        query = f"SELECT idx, hash FROM {self.prefix}node WHERE level = %s AND idx >= %s AND idx < %s ORDER BY idx"
        return ((index, bytes(value)) for index, value in self._all(query, level, first, first + count))

    def node_count(self) -> int:
        """How many tree nodes are stored at all."""
        return int(self._all(f"SELECT count(*) FROM {self.prefix}node")[0][0])

    def broken_links(self, most: int) -> list[tuple[int, str]]:
        """Entries whose link to the previous version of their subject does not hold."""
        query = LINKS.format(table=f"{self.prefix}entry").replace("?", "%s")
        return [(int(seq), str(why)) for seq, why in self._all(query, most)]


def _stored(row: Any) -> Stored:
    seq, header, body, leaf, schema, commitment, entry, at, door, member, kind, log, prev, recorded, subject, verb = row
    said = (
        b'{"body":"%b","entry":"%b","hand":{"at":"%b","door":"%b","member":%b},"kind":"%b","log":"%b","prev":%b,'
        b'"recorded":"%b","schema":%d,"seq":%d,"subject":"%b","verb":"%b"}'
    ) % (
        commitment, entry, at, door, b'"%b"' % bytes(member) if member is not None else b"null", kind, log,
        b'"%b"' % bytes(prev) if prev is not None else b"null", recorded, schema, seq, subject, verb,
    )  # fmt: skip
    return bytes(header), Absent.UNSAID if body is None else bytes(body), said, bytes(leaf)
