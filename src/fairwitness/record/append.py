"""Append: the last act before commit. The log lock is held for as long as this takes and no longer.

SQLite: raw SQL, the position comes from the write lock already held. PostgreSQL: one server function
locks the log's row, gives the positions, completes the headers and hashes the leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from fairwitness.errors import BrokenRule
from fairwitness.record.hand import Hand
from fairwitness.record.ledger.entry import commitment, halves, salted, stamp

COLUMNS = "seq,entry,log,kind,schema,verb,member,door,at,subject,prev,recorded,header,body,commitment,leaf"


@dataclass(slots=True)
class Draft:
    """An entry before it has a position. `content` is the canonical bytes of its body."""

    entry: str
    kind: str
    schema: int
    verb: str
    subject: str
    prev: str | None
    content: bytes


_known: dict[tuple[str, str], str] = {}


def log_id(name: str = "inner") -> str:
    """The id of this node's log, as it stands in every header."""
    key = (str(connection.settings_dict["NAME"]) + str(connection.settings_dict.get("HOST", "")), name)
    if key not in _known:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id_text FROM record_log WHERE name = %s", [name])
            row = cursor.fetchone()
        if row is None:
            raise BrokenRule("this database has no log; run migrate")
        _known[key] = row[0]
    return _known[key]


def append(drafts: Sequence[Draft], hand: Hand, *, table: str = "record_entry", log: str = "inner") -> int:
    """Put drafts on record in their order; returns the position of the first. Call inside a transaction, last."""
    home = log_id(log)
    at, recorded = stamp(hand.at), stamp(datetime.now(UTC))
    member = str(hand.member) if hand.member else None
    door = hand.door.value
    parts = []
    for draft in drafts:
        body = salted(draft.content)
        commit = commitment(body)
        before, after = halves(
            log=home, entry=draft.entry, kind=draft.kind, schema=draft.schema, verb=draft.verb, member=member, door=door,
            at=at, subject=draft.subject, prev=draft.prev, recorded=recorded, body=commit,
        )  # fmt: skip
        parts.append((draft, body, commit, before, after))
    if connection.vendor == "sqlite":
        return _append_sqlite(parts, (home, member, door, at, recorded), table)
    return _append_postgres(parts, (home, member, door, at, recorded), log)


_Parts = list[tuple[Draft, bytes, str, bytes, bytes]]
_Shared = tuple[str, str | None, str, str, str]


def _append_sqlite(parts: _Parts, shared: _Shared, table: str) -> int:
    home, member, door, at, recorded = shared
    sha = hashlib.sha256
    with connection.cursor() as wrapped:
        cursor = wrapped.cursor
        raw = cursor.connection
        first: int = raw.execute(f"SELECT COALESCE(MAX(seq), -1) + 1 FROM {table}").fetchone()[0]
        rows = []
        seq = first
        for d, body, commit, before, after in parts:
            header = before + b"%d" % seq + after
            rows.append((
                seq, d.entry, home, d.kind, d.schema, d.verb, member, door, at, d.subject, d.prev, recorded,
                header, body, commit, sha(b"\x00" + header).digest(),
            ))  # fmt: skip
            seq += 1
        raw.executemany(f"INSERT INTO {table} ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    return first


def _append_postgres(parts: _Parts, shared: _Shared, log: str) -> int:
    home, member, door, at, recorded = shared
    drafts = [part[0] for part in parts]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_append(%s,%s,%s,%s,%s,%s,%s::text[],%s::text[],%s::int[],%s::text[],%s::text[],%s::text[],"
            "%s::bytea[],%s::bytea[],%s::bytea[],%s::text[])",
            [
                log, home, member, door, at, recorded,
                [d.entry for d in drafts], [d.kind for d in drafts], [d.schema for d in drafts], [d.verb for d in drafts],
                [d.subject for d in drafts], [d.prev for d in drafts],
                [p[3] for p in parts], [p[4] for p in parts], [p[1] for p in parts], [p[2] for p in parts],
            ],
        )  # fmt: skip
        first: int = cursor.fetchone()[0]
    return first
