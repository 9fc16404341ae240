"""Reading the log out of a Fairwitness SQLite database, without Fairwitness: opened read-only, nothing but `sqlite3`.

The expected tables are `record_entry`, `record_checkpoint` and `record_node`. All reading happens in one
transaction, so that a node at work cannot make the log look torn. The rule it guards: the columns beside
an entry are read as what they are, a second statement of the same facts, and are never trusted in its place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from fairwitness.record.ledger.stored import Absent, KeptCheckpoint, Stored, Unreadable

_COLUMNS = (
    "SELECT seq, header, body, leaf, commitment, entry, at, door, member, kind, log, prev, recorded, schema, subject, verb "
    "FROM record_entry"
)
_SAID = (
    b'{"body":"%b","entry":"%b","hand":{"at":"%b","door":"%b","member":%b},"kind":"%b","log":"%b","prev":%b,'
    b'"recorded":"%b","schema":%d,"seq":%d,"subject":"%b","verb":"%b"}'
)
LINKS = """
SELECT e.seq, CASE WHEN p.entry IS NULL THEN 'unknown' WHEN p.seq >= e.seq THEN 'later' ELSE 'other' END
FROM {table} e LEFT JOIN {table} p ON p.entry = e.prev
WHERE e.prev IS NOT NULL AND (p.entry IS NULL OR p.seq >= e.seq OR p.subject <> e.subject)
UNION ALL
SELECT max(seq), 'twice' FROM {table} GROUP BY entry HAVING count(*) > 1
ORDER BY 1 LIMIT ?
"""
"""Entries whose link to the previous version of their subject does not hold, and entry ids given twice."""


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


class Database:
    """The log inside a SQLite database. Loop over it for the entries; use it as a context to close it."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise Unreadable(f"{path} is not a file")
        self.path = path
        try:
            self._connection = sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True, isolation_level=None)
            # Text is handed over as bytes: a column that holds broken UTF-8 is a finding, not a crash.
            self._connection.text_factory = bytes
            self._connection.execute("BEGIN")
            names = {name for (name,) in self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if b"record_entry" not in names:
                raise Unreadable(f"{path} has no table record_entry: it is not a Fairwitness database")
            self._connection.execute(_COLUMNS + " LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise Unreadable(f"{path} cannot be read as a SQLite database: {error}") from None
        self._tables = names

    def __enter__(self) -> Database:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def __iter__(self) -> Iterator[Stored]:
        return self._rows(_COLUMNS + " ORDER BY seq")

    def entry(self, seq: int) -> Stored | None:
        """One entry, or None."""
        return next(self._rows(_COLUMNS + " WHERE seq = ?", seq), None)

    def _rows(self, query: str, *values: int) -> Iterator[Stored]:
        for row in self._connection.execute(query, values):
            seq, header, body, leaf, commitment, entry, at, door, member, kind, log, prev, recorded, schema, subject, verb = row
            try:
                said = _SAID % (
                    commitment, entry, at, door, b'"%b"' % member if member is not None else b"null", kind, log,
                    b'"%b"' % prev if prev is not None else b"null", recorded, schema, seq, subject, verb,
                )  # fmt: skip
            except TypeError:
                said = b""
            yield _bytes(header), Absent.UNSAID if body is None else _bytes(body), said, _bytes(leaf)

    def checkpoints(self) -> Iterator[KeptCheckpoint]:
        """The checkpoints, by size."""
        if b"record_checkpoint" in self._tables:
            for size, root, note in self._connection.execute("SELECT size, root, note FROM record_checkpoint ORDER BY size, id"):
                yield KeptCheckpoint(_bytes(note), size if isinstance(size, int) else -1, _bytes(root))

    def nodes(self, level: int, first: int, count: int) -> Iterable[tuple[int, bytes]]:
        """The stored tree nodes of one level with these indexes; there may be fewer than asked for."""
        if b"record_node" not in self._tables:
            return ()
        query = "SELECT idx, hash FROM record_node WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx"
        return ((index, _bytes(value)) for index, value in self._connection.execute(query, (level, first, first + count)))

    def node_count(self) -> int:
        """How many tree nodes are stored at all."""
        if b"record_node" not in self._tables:
            return 0
        (count,) = self._connection.execute("SELECT count(*) FROM record_node").fetchone()
        return int(count)

    def broken_links(self, most: int) -> list[tuple[int, str]]:
        """Up to `most` entries (seq, what is wrong) whose link to a previous version does not hold."""
        rows = self._connection.execute(LINKS.format(table="record_entry"), (most,)).fetchall()
        return [(seq, bytes(why).decode("ascii")) for seq, why in rows]


def read_sqlite(path: Path) -> Database:
    """Open a Fairwitness database for reading. Raises Unreadable."""
    return Database(path)


class LinkTable:
    """The links of a stream of entries, kept on disk in a temporary database: memory stays constant however long the log."""

    def __init__(self) -> None:
        # An empty name makes a database in a temporary file that vanishes when closed.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE link (seq INTEGER, entry TEXT, prev TEXT, subject TEXT)")
        self._connection.execute("BEGIN")

    def add(self, links: Iterable[tuple[int, str, str | None, str]]) -> None:
        """Note (seq, entry, prev, subject) of some entries."""
        self._connection.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", links)

    def broken_links(self, most: int) -> list[tuple[int, str]]:
        """As `Database.broken_links`."""
        self._connection.execute("CREATE INDEX link_entry ON link (entry)")
        rows = self._connection.execute(LINKS.format(table="link"), (most,)).fetchall()
        self._connection.close()
        return rows
