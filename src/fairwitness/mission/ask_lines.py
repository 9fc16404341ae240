"""Ask lines: how each of the two engines is asked for the newest lines that fit, and how many there are at most.

SQLite streams its full-text table newest first. PostgreSQL's inverted index knows no order: so the newest thousand
lines are read first, in order, and the index is asked only where too few of them fit. The rule it guards: what a question
costs follows from what it finds, not from how much the mission holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from fairwitness.mission.write_lines import RIGHT

WINDOW = 1000
"""Lines read in order on PostgreSQL before its index is asked, or more of them where many fit."""
MOST_WINDOW = 5000
COMMON = 0.08
"""From this share of fitting lines on, reading in order is also the cheaper way to count."""
Row = tuple[str, str, int]


@dataclass(slots=True)
class Asked:
    """A question: for each word what it may be; facts, one of each group; rights, all of one group; from and before which number."""

    words: list[tuple[list[str], str, list[str]]] = field(default_factory=list)
    facts: list[tuple[str, ...]] = field(default_factory=list)
    rights: list[tuple[str, ...]] | None = None
    since: int | None = None
    until: int | None = None
    things: list[str] | None = None


def ask(asked: Asked, limit: int, before: int | None = None, most: int = 0) -> tuple[list[Row], int]:
    """Kind, id and number of the newest lines that fit; and how many fit in all, counted no further than `most` (0: not counted)."""
    until = before if asked.until is None or (before is not None and before < asked.until) else asked.until
    if connection.vendor == "sqlite":
        return _sqlite(asked, until, limit), _count_sqlite(asked, most) if most else 0
    query = _postgres_query(asked)
    size = WINDOW
    rows, seen, whole = _window(asked, query, until, size, limit)
    if not whole and 0 < seen < limit and limit * size // seen < MOST_WINDOW:
        size = limit * size * 3 // (seen * 2)
        rows, seen, whole = _window(asked, query, until, size, limit)
    if not whole and seen < limit:
        rows = _inverted(asked, query, until, f"SELECT kind, thing, id FROM fits ORDER BY id DESC LIMIT {int(limit)}")
    if not most or before is not None:
        return rows, _count_postgres(asked, query, most, (*_window(asked, query, asked.until, WINDOW, 1)[1:], WINDOW)) if most else 0
    return rows, _count_postgres(asked, query, most, (seen, whole, size))


def _count_sqlite(asked: Asked, most: int) -> int:
    table, where, values = _sqlite_from(asked, asked.until)
    return int(_all(f"SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE {where} LIMIT {int(most)}) found", values)[0][0])


def _count_postgres(asked: Asked, query: str, most: int, near: tuple[int, bool, int]) -> int:
    """Count from what was read in order, a little further where much fits, else from the index."""
    seen, whole, size = near
    if not whole and size * COMMON <= seen < most:
        _rows, seen, whole = _window(asked, query, asked.until, int(most / (seen / size) * 1.5), 1)
    if whole or seen >= most:
        return min(seen, most)
    return int(_inverted(asked, query, asked.until, "SELECT COUNT(*) FROM fits", f"LIMIT {int(most)}")[0][0])


def _all(sql: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _sqlite(asked: Asked, until: int | None, limit: int) -> list[Row]:
    table, where, values = _sqlite_from(asked, until)
    number = "mission_word.rowid" if table == "mission_word" else "w.id"
    # ordered by its own row id the full-text table streams newest first; by the joined one it would sort every match
    source = "mission_word CROSS JOIN mission_word_of w ON w.id = mission_word.rowid" if table == "mission_word" else table
    return [tuple(row) for row in _all(
        f"SELECT w.kind, w.thing, w.id FROM {source} WHERE {where} ORDER BY {number} DESC LIMIT %s", [*values, limit]
    )]  # fmt: skip


def _sqlite_from(asked: Asked, until: int | None) -> tuple[str, str, list[Any]]:
    query = _sqlite_query(asked)
    table, number = ("mission_word", "mission_word.rowid") if query else ("mission_word_of w", "w.id")
    where = ["mission_word MATCH %s" if query else "1"]
    values: list[Any] = [query] if query else []
    for sign, bound in ((">=", asked.since), ("<", until)):
        if bound is not None:
            where.append(f"{number} {sign} %s")
            values.append(bound)
    if asked.things is not None:
        where.append(f"{number} IN (SELECT id FROM mission_word_of WHERE thing IN ({','.join(['%s'] * len(asked.things))}))")
        values += asked.things
    return table, " AND ".join(where), values


def _sqlite_query(asked: Asked) -> str:
    parts = []
    for exact, begun, places in asked.words:
        alone = [_together(one) for one in exact] + ([f'"{begun}"*'] if begun else [])
        words = f"words : ({' OR '.join(alone)})"
        parts.append(f"({words} OR facts : ({' OR '.join(places)}))" if places else f"({words})")
    parts += [f"facts : ({' OR '.join(group)})" for group in asked.facts]
    if asked.rights is not None:
        groups = [group[0] if len(group) == 1 else f"({' AND '.join(group)})" for group in asked.rights]
        parts.append(f"facts : ({' OR '.join(groups)})")
    return " AND ".join(parts)


def _together(words: str) -> str:
    """A word; or several, all of them."""
    some = [f'"{word}"' for word in words.split()]
    return some[0] if len(some) == 1 else f"({' AND '.join(some)})"


def _postgres_query(asked: Asked) -> str:
    parts = []
    for exact, begun, places in asked.words:
        alone = ["(" + " & ".join(f"'{word}'" for word in one.split()) + ")" for one in exact]
        alone += [f"'{begun}':*"] if begun else []
        parts.append(f"({' | '.join([*alone, *_marked(places)])})")
    parts += [f"({' | '.join(_marked(group))})" for group in asked.facts]
    if asked.rights is not None:
        parts.append("(" + " | ".join("(" + " & ".join(_marked(group)) + ")" for group in asked.rights) + ")")
    return " & ".join(parts)


def _marked(facts: Sequence[str]) -> list[str]:
    return [f"'{RIGHT}{fact}'" for fact in facts]


def _span(asked: Asked, until: int | None) -> tuple[str, list[Any]]:
    where = "TRUE"
    values: list[Any] = []
    for sign, bound in ((">=", asked.since), ("<", until)):
        if bound is not None:
            where += f" AND id {sign} %s"
            values.append(bound)
    if asked.things is not None:
        where += " AND thing = ANY(%s)"
        values.append(asked.things)
    return where, values


def _window(asked: Asked, query: str, until: int | None, size: int, limit: int) -> tuple[list[Row], int, bool]:
    """Of the newest lines those that fit (the first few), how many fit, and whether those were all lines there are."""
    where, values = _span(asked, until)
    fits = "words @@ %s::tsquery" if query else "TRUE"
    found = _all(
        f"WITH near AS MATERIALIZED (SELECT kind, thing, id, {fits} AS fits FROM mission_word_of WHERE {where}"
        f" ORDER BY id DESC LIMIT {int(size)})"
        " SELECT kind, thing, id, (SELECT COUNT(*) FROM near WHERE fits), (SELECT COUNT(*) FROM near) FROM near"
        f" WHERE fits ORDER BY id DESC LIMIT {int(limit)}",
        [*([query] if query else []), *values],
    )  # fmt: skip
    if not found:
        many = _all(f"SELECT COUNT(*) FROM (SELECT 1 FROM mission_word_of WHERE {where} LIMIT {int(size)}) near", values)[0][0]
        return [], 0, many < size
    return [(kind, thing, number) for kind, thing, number, _fits, _near in found], found[0][3], found[0][4] < size


def _inverted(asked: Asked, query: str, until: int | None, then: str, most: str = "") -> list[Any]:
    """Ask the inverted index. Where it is asked, few lines fit; the planner, who guesses, is not."""
    where, values = _span(asked, until)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),"
                       " set_config('jit', 'off', true)")  # fmt: skip
        cursor.execute(
            f"WITH fits AS MATERIALIZED (SELECT kind, thing, id FROM mission_word_of WHERE words @@ %s::tsquery AND {where} {most}) {then}",
            [query, *values],
        )
        return [tuple(row) for row in cursor.fetchall()]
