"""Write lines: how the index lies in each of the two engines, and how its lines are written, replaced and counted.

A line's number is the moment the thing happened and a few digits of its id, so that the newest are read first and a
span of days is a span of numbers. SQLite holds the words in a full-text table; PostgreSQL in a column with an inverted
index. The rule it guards: a thing has one line, and it is replaced in the transaction that changed the thing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection

RIGHT = "@"
"""Marks facts where words and facts share a column: no word holds it, so no text can open itself to a reader."""
LOCK = 7_060_001
SLOT_BITS = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = 400


@dataclass(frozen=True, slots=True)
class Made:
    """A line ready to be written. `new` things are told to whoever asked to be told; `out` ones have no line at all."""

    number: int
    thing: str
    kind: str
    scope: str
    words: list[str]
    hidden: list[str]
    facts: list[str]
    new: bool
    out: bool


def first_number(at: datetime | date) -> int:
    """The lowest number a line of this moment may have. A day begins at midnight UTC."""
    moment = at if isinstance(at, datetime) else datetime.combine(at, time.min, UTC)
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return int((moment - _EPOCH).total_seconds()) << SLOT_BITS


def number_of(at: datetime | date, thing: UUID) -> int:
    """The number of a thing's line."""
    return first_number(at) + (thing.int & ((1 << SLOT_BITS) - 1))


def write_lines(lines: Sequence[Made]) -> None:
    """Write these lines, replacing what these things had. Call inside a transaction."""
    for start in range(0, len(lines), _STEP):
        part = lines[start : start + _STEP]
        if connection.vendor == "sqlite":
            _write_sqlite(part)
        else:
            _write_postgres(part)


def _numbers(cursor: Any, lines: Sequence[Made]) -> list[int]:
    """The numbers of these lines; where two things happened in the same second and their digits agree, the next free one."""
    things = [line.thing for line in lines]
    found: list[int] = []
    used: set[int] = set()
    for line in lines:
        number = line.number
        while number in used:
            number += 1
        used.add(number)
        found.append(number)
    while True:
        sql = f"SELECT id FROM mission_word_of WHERE id IN ({_marks(found)}) AND NOT thing IN ({_marks(things)})"
        cursor.execute(sql, [*found, *things])
        taken = {row[0] for row in cursor.fetchall()}
        if not taken:
            return found
        for place, number in enumerate(found):
            if number in taken:
                while number in taken or number in used:
                    number += 1
                used.add(number)
                found[place] = number


def _marks(values: Sequence[object]) -> str:
    return ",".join(["%s"] * len(values))


def _write_sqlite(lines: Sequence[Made]) -> None:
    known = [line.thing for line in lines if not line.new]
    kept = [line for line in lines if not line.out]
    with connection.cursor() as cursor:
        old: list[tuple[int]] = []
        if known:
            cursor.execute(f"SELECT id FROM mission_word_of WHERE thing IN ({_marks(known)})", known)
            old = cursor.fetchall()
        if old:
            cursor.executemany("DELETE FROM mission_word WHERE rowid = %s", old)
            cursor.executemany("DELETE FROM mission_word_of WHERE id = %s", old)
        if not kept:
            return
        numbers = _numbers(cursor, kept)
        cursor.executemany(
            "INSERT INTO mission_word_of (id, thing, kind, scope) VALUES (%s, %s, %s, %s)",
            [(number, line.thing, line.kind, line.scope) for number, line in zip(numbers, kept, strict=True)],
        )
        cursor.executemany(
            "INSERT INTO mission_word (rowid, words, facts) VALUES (%s, %s, %s)",
            [(n, " ".join([*line.words, *line.hidden]), " ".join(line.facts)) for n, line in zip(numbers, kept, strict=True)],
        )
        cursor.executemany("INSERT OR IGNORE INTO mission_word_known (word) VALUES (%s)", [(word,) for word in _known(kept)])
        cursor.executemany("INSERT OR IGNORE INTO mission_word_new (thing) VALUES (%s)", [(line.thing,) for line in kept if line.new])


# One line in one question: a question costs more than its answer. The number is the first free one of its second.
_ONE_LINE = (
    "WITH locked AS (SELECT pg_advisory_xact_lock_shared(%s)),"
    " free AS (SELECT n FROM locked, generate_series(%s::bigint, %s::bigint + 1000) n"
    " WHERE NOT EXISTS (SELECT 1 FROM mission_word_of w WHERE w.id = n AND w.thing <> %s) LIMIT 1),"
    " known AS (INSERT INTO mission_word_known (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING),"
    " fresh AS (INSERT INTO mission_word_new (thing) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING)"
    " INSERT INTO mission_word_of (id, thing, kind, scope, words)"
    " SELECT n, %s, %s, %s, array_to_tsvector(string_to_array(%s, chr(31))) FROM free"
    " ON CONFLICT (thing) DO UPDATE SET id = excluded.id, kind = excluded.kind, scope = excluded.scope, words = excluded.words"
)


_MANY_LINES = (
    "INSERT INTO mission_word_of (id, thing, kind, scope, words)"
    " SELECT n, thing, kind, scope, array_to_tsvector(string_to_array(words, chr(31)))"
    " FROM json_to_recordset(%s::json) AS line (n bigint, thing text, kind text, scope text, words text)"
    " ON CONFLICT (thing) DO UPDATE SET id = excluded.id, kind = excluded.kind, scope = excluded.scope, words = excluded.words"
)


def _joined(line: Made) -> str:
    """The words of a line as one text: an array of texts costs the driver more than the database."""
    return "\x1f".join([*line.words, *line.hidden, *(f"{RIGHT}{fact}" for fact in line.facts)])


def _write_one(line: Made) -> None:
    new = [line.thing] if line.new else []
    with connection.cursor() as cursor:
        cursor.execute(
            _ONE_LINE,
            [LOCK, line.number, line.number, line.thing, _known([line]), new, line.thing, line.kind, line.scope, _joined(line)],
        )


def _write_postgres(lines: Sequence[Made]) -> None:
    if len(lines) == 1 and not lines[0].out:
        _write_one(lines[0])
        return
    kept = [line for line in lines if not line.out]
    out = [line.thing for line in lines if line.out]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
        if out:
            cursor.execute("DELETE FROM mission_word_of WHERE thing = ANY(%s)", [out])
        if not kept:
            return
        numbers = _numbers(cursor, kept)
        rows = [
            {"n": n, "thing": line.thing, "kind": line.kind, "scope": line.scope, "words": _joined(line)}
            for n, line in zip(numbers, kept, strict=True)
        ]
        cursor.execute(_MANY_LINES, [json.dumps(rows)])
        cursor.execute("INSERT INTO mission_word_known (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [_known(kept)])
        new = [line.thing for line in kept if line.new]
        if new:
            cursor.execute("INSERT INTO mission_word_new (thing) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [new])


def _known(lines: Sequence[Made]) -> list[str]:
    """The words whose beginnings may be looked for: without figures, longer than a beginning. Never a sealed one. In one order,
    so that two writers do not wait for each other in a circle."""
    return sorted({word for line in lines for word in line.words if len(word) > 3 and word.isalpha()})


def clear() -> None:
    """Take every line out."""
    with connection.cursor() as cursor:
        for table in ("mission_word", "mission_word_of", "mission_word_known", "mission_word_new"):
            if table != "mission_word" or connection.vendor == "sqlite":
                cursor.execute(f"DELETE FROM {table}")


def merge() -> None:
    """Merge the pieces of the index: until then they hold words that were deleted."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO mission_word (mission_word) VALUES ('optimize')")
        else:
            cursor.execute("SELECT gin_clean_pending_list('mission_word_gin'::regclass)")
            cursor.execute("ANALYZE mission_word_of")


def alone() -> None:
    """Until the end of this transaction nobody else writes a line."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def count_lines() -> dict[str, int]:
    """How many lines each kind has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, COUNT(*) FROM mission_word_of GROUP BY kind")
        return dict(cursor.fetchall())


def state(name: str) -> str:
    """What the index remembers of itself: `whole` and `at`, how far its making has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM mission_word_state WHERE name = %s", [name])
        row = cursor.fetchone()
    return row[0] if row else ""


def remember(name: str, value: str) -> None:
    """Remember it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mission_word_state (name, value) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )
