"""Index: words under which things are found, with the right to find them inside the index itself.

Each line of the index holds folded words, the access key of its thing and, for sealed words, keyed tokens that match
whole words and reveal nothing. A search asks for words and keys at once, newest first, without a rank: a rank would be
computed from what others may read. Counts stop at 1,000. The index is outside the log and can be made again from the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

from fairwitness.mission.access import TOP, keys, rights
from fairwitness.mission.fold import fold
from fairwitness.record import seal
from fairwitness.record.erase import on_erase
from fairwitness.record.hand import Door, Hand
from fairwitness.record.kept import Kept
from fairwitness.record.verbs import Verb

LEAST = 3
"""Letters a word needs to be looked for; fewer would read half the index."""
BOUND = 1000
RIGHT = "@"
"""Marks access keys where words and rights share a column: no word holds it, so no text can open itself to a reader."""
MOST_WORDS = 12
MOST_SEALED = 400
MOST_INDEXED = 10_000
LONGEST_WORD = 60
_word = re.compile(r"[0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Line:
    """What the index holds of a thing: its access key, its words, and sealed words (never written as they are)."""

    access: str
    words: str
    sealed: str = ""


M = TypeVar("M", bound=Kept)
_lines: dict[type[Kept], Callable[[Any], Line]] = {}


def indexed(model: type[M]) -> Callable[[Callable[[M], Line]], Callable[[M], Line]]:
    """State how a thing of this model stands in the index."""

    def register(line: Callable[[M], Line]) -> Callable[[M], Line]:
        _lines[model] = line
        return line

    return register


def tokens(words: str) -> list[str]:
    """The folded words of a text, letters and figures alone, cut where no word of a language is as long."""
    return [word[:LONGEST_WORD] for word in _word.findall(fold(words))]


def put(thing: Kept) -> None:
    """Write a thing's line anew, inside the transaction that keeps it; newest things come first."""
    line = _lines[type(thing)](thing)
    sealed = {f"t{seal.token(word)}" for word in tokens(line.sealed)[:MOST_SEALED]}
    held = [*list(dict.fromkeys(tokens(line.words)))[:MOST_INDEXED], *sorted(sealed)]
    opens = [line.access, line.access[-2:]]
    take_out(thing.id)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO mission_word_of (thing, kind) VALUES (%s, %s)", [str(thing.id), thing.kind_on_record()])
            cursor.execute("SELECT last_insert_rowid()")
            row = cursor.fetchone()[0]
            cursor.execute("INSERT INTO mission_word (rowid, words, access) VALUES (%s, %s, %s)", [row, " ".join(held), " ".join(opens)])
        else:
            cursor.execute(
                "INSERT INTO mission_word_of (thing, kind, words) VALUES (%s, %s, array_to_tsvector(%s::text[]))",
                [str(thing.id), thing.kind_on_record(), [*held, *(f"{RIGHT}{one}" for one in opens)]],
            )


def take_out(thing: UUID) -> None:
    """Take a thing's line out of the index."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM mission_word WHERE rowid IN (SELECT id FROM mission_word_of WHERE thing = %s)", [str(thing)])
        cursor.execute("DELETE FROM mission_word_of WHERE thing = %s", [str(thing)])


@on_erase
def _rebuild_at_erase() -> None:
    rebuild()


def rebuild() -> int:
    """Make the index again from the rows; returns how many lines it holds. What destroyed keys closed does not come back."""
    made = 0
    lite = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        if lite:
            cursor.execute("DELETE FROM mission_word")
        cursor.execute("DELETE FROM mission_word_of")
        for model in sorted(_lines, key=lambda one: one._meta.label):
            for thing in model._default_manager.order_by("id").iterator(chunk_size=500):
                put(thing)
                made += 1
        if lite:  # merges the pieces of the index: a deleted word stays in them until then
            cursor.execute("INSERT INTO mission_word (mission_word) VALUES ('optimize')")
    return made


@dataclass(frozen=True, slots=True)
class Found:
    """Ids found, newest first; `count` stops at 1,000 and then reads 1,000+."""

    ids: list[tuple[str, UUID]]
    count: int

    @property
    def count_words(self) -> str:
        """The count as it is printed."""
        return f"{BOUND:,}+" if self.count >= BOUND else str(self.count)


def find(hand: Hand, words: str, *, kinds: Iterable[str] = (), limit: int = 50, verb: Verb = Verb.OBSERVATION_READ) -> Found:
    """Things that hold all the words and that this hand may read. Words of fewer than three letters find only themselves."""
    query = _query(hand, words, verb)
    if query is None:
        return Found([], 0)
    if connection.vendor == "sqlite":
        # ordered by its own row id the full-text table streams newest first; by the joined one it would sort every match
        where, tables = "mission_word MATCH %s", "mission_word CROSS JOIN mission_word_of w ON w.id = mission_word.rowid"
        newest = "mission_word.rowid"
    else:
        where, tables, newest = "w.words @@ %s::tsquery", "mission_word_of w", "w.id"
    values: list[Any] = [query]
    chosen = list(kinds)
    if chosen:
        where += f" AND w.kind IN ({','.join(['%s'] * len(chosen))})"
        values += chosen
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM (SELECT 1 FROM {tables} WHERE {where} LIMIT {BOUND}) bounded", values)
        count = cursor.fetchone()[0]
        cursor.execute(f"SELECT w.kind, w.thing FROM {tables} WHERE {where} ORDER BY {newest} DESC LIMIT %s", [*values, limit])
        ids = [(kind, UUID(thing)) for kind, thing in cursor.fetchall()]
    return Found(ids, count)


def _query(hand: Hand, words: str, verb: Verb) -> str | None:
    """The question to the index, rights inside; None when nothing may or can be found."""
    wanted = tokens(words)[:MOST_WORDS]
    if not wanted:
        return None
    lite = connection.vendor == "sqlite"
    parts = [_one(word, lite) for word in wanted]
    allowed = _access(hand, verb)
    if allowed is not None:
        if not allowed:
            return None
        marked = [f"'{RIGHT}{one}'" for one in allowed]
        parts.append(f"access : ({' OR '.join(allowed)})" if lite else f"({' | '.join(marked)})")
    return (" AND " if lite else " & ").join(parts)


def _one(word: str, lite: bool) -> str:
    sealed = f"t{seal.token(word)}"
    if lite:
        plain = f'"{word}"*' if len(word) >= LEAST else f'"{word}"'
        return f"words : ({plain} OR {sealed})"
    plain = f"'{word}':*" if len(word) >= LEAST else f"'{word}'"
    return f"({plain} | '{sealed}')"


def _access(hand: Hand, verb: Verb) -> list[str] | None:
    if hand.member is None:
        return None if hand.door in (Door.WORKER, Door.COMMAND) else []
    given = [right for right in rights(hand).by_verb.get(verb.value, ()) if right.place is None]
    if any(right.units is None and right.ceiling >= TOP for right in given):
        return None
    found: set[str] = set()
    for right in given:
        found.update(keys(right) if right.units is not None else (f"s{step}" for step in range(right.ceiling + 1)))
    return sorted(found)
