"""Keep: the one door through which anything is written.

    with writing(hand):
        visit.keep(by=hand, verb=Verb.ACTIVITY_REPORT)

`writing` is one unit of work: rows are written as they come, their entries are appended once, last,
just before commit, with the jobs that later reactions need. Everything or nothing. An inner `writing`
joins the outer one.

What must follow from keeping in the same transaction, such as the words under which a thing is found, is met here once a
unit (`meet_kept`, `meet_noted`), after its last row and before its entries: whoever keeps a thing cannot forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fairwitness.errors import BrokenRule, Stale
from fairwitness.record.append import Draft, append
from fairwitness.record.hand import Door, Hand
from fairwitness.record.kept import Kept, open_door
from fairwitness.record.ledger.canonical import canonical
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.react import queue_jobs
from fairwitness.record.transcribe import body_of, row_of
from fairwitness.record.verbs import Verb

KeptAnswer = Callable[[Sequence[tuple[Kept, bool]]], None]
"""Met with the things of a unit of work, each once, and whether it is new."""
NotedAnswer = Callable[[dict[str, Any]], None]
_kept_answers: dict[type[Kept], tuple[KeptAnswer, ...]] = {}
_noted_answers: dict[Verb, tuple[NotedAnswer, ...]] = {}


def meet_kept(model: type[Kept], answer: KeptAnswer) -> None:
    """From now on `answer` is met with every thing of this model that is kept, in the unit of work that keeps it."""
    if answer not in _kept_answers.get(model, ()):
        _kept_answers[model] = (*_kept_answers.get(model, ()), answer)


def meet_noted(verb: Verb, answer: NotedAnswer) -> None:
    """From now on `answer` is met with the content of every note of this verb, in the unit of work that puts it on record."""
    if answer not in _noted_answers.get(verb, ()):
        _noted_answers[verb] = (*_noted_answers.get(verb, ()), answer)


class Unit:
    """One unit of work: its hand, the entries that wait for the end, and what is to be met before."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self.drafts: list[Draft] = []
        self.public: list[Draft] = []
        self.met: dict[KeptAnswer, dict[UUID, tuple[Kept, bool]]] = {}
        self.noted: list[tuple[NotedAnswer, dict[str, Any]]] = []

    def meet(self, thing: Kept, *, new: bool) -> None:
        """Somebody may have to answer this thing at the end; kept twice in a unit, it is met once and as it stands then."""
        for answer in _kept_answers.get(type(thing), ()):
            waiting = self.met.setdefault(answer, {})
            before = waiting.get(thing.id)
            waiting[thing.id] = (thing, new or (before is not None and before[1]))

    def close(self) -> None:
        """Meet what follows, then append what waits. Called once, inside the transaction, after the last row."""
        while self.met:
            met, self.met = self.met, {}
            for answer, things in met.items():
                answer(list(things.values()))
        for answer_note, content in self.noted:
            answer_note(content)
        if self.drafts:
            append(self.drafts, self.hand)
            queue_jobs([(draft.verb, draft.entry) for draft in self.drafts])
        if self.public:
            # The public may read these headers: which person published is for the inner log alone.
            append(self.public, Hand(None, Door.PUBLIC, self.hand.at), table="record_public_entry", log="public")


_open: ContextVar[Unit | None] = ContextVar("fairwitness_unit", default=None)


@contextmanager
def writing(hand: Hand) -> Iterator[Unit]:
    """One unit of work in the name of `hand`: all that is kept inside, with its entries, or nothing."""
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    unit = Unit(hand)
    token = _open.set(unit)
    try:
        with transaction.atomic():
            yield unit
            unit.close()
    finally:
        _open.reset(token)


@cache
def _statements(model: type[Kept], vendor: str) -> tuple[str, str, tuple[Any, ...]]:
    fields = tuple(model._meta.concrete_fields)
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ",".join(quote(field.column) for field in fields)
    marks = ",".join(["%s"] * len(fields))
    changed = ",".join(f"{quote(field.column)}=%s" for field in fields if field.attname != "id")
    insert = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
    update = f"UPDATE {table} SET {changed} WHERE {quote('id')}=%s AND {quote('entry')}=%s"
    return insert, update, fields


def _write(thing: Kept, old: UUID | None) -> None:
    insert, update, fields = _statements(type(thing), connection.vendor)
    held = thing.__dict__
    values = {f.attname: f.get_db_prep_save(held[f.attname], connection) for f in fields}
    with connection.cursor() as cursor:
        if old is None:
            cursor.execute(insert, list(values.values()))
            return
        key = values.pop("id")
        prepared = type(thing)._meta.get_field("entry").get_db_prep_save(old, connection)
        cursor.execute(update, [*values.values(), key, prepared])
        if cursor.rowcount == 1:
            return
    raise Stale("Somebody else changed this after you opened it. Compare both versions, then send yours again.", mine=thing)


def keep(thing: Kept, *, by: Hand, verb: Verb, why: str = "") -> None:
    """Write `thing` and its entry, or neither. New things are inserted; others replace the version they were read at.

    Raises Stale when another writer came first, BadInput for text no engine keeps, IntegrityError for a broken constraint.
    """
    with writing(by) as unit:
        _complete(thing)
        old = None if thing._state.adding else thing.entry
        row = row_of(thing)
        new = uuid7()
        thing.entry = new
        try:
            _write(thing, old)
        except BaseException:
            if old is not None:
                thing.entry = old
            raise
        thing._state.adding = False
        thing._state.db = connection.alias
        kind, schema, prev = thing.kind_on_record(), thing.schema_on_record, str(old) if old else None
        unit.drafts.append(Draft(str(new), kind, schema, verb.value, row["id"], prev, body_of(row, why)))
        unit.meet(thing, new=old is None)


def keep_many(things: Sequence[Kept], *, by: Hand, verb: Verb, why: str = "") -> None:
    """Keep many *new* things of one model through the same door, as fast as the database allows.

    Callers commit every 500 to 1,000 rows, so that others get their turn and an interrupted import resumes.
    """
    if not things:
        return
    model = type(things[0])
    with writing(by) as unit:
        insert, _, fields = _statements(model, connection.vendor)
        kind, schema, name = model.kind_on_record(), model.schema_on_record, verb.value
        rows = []
        for thing in things:
            if type(thing) is not model or not thing._state.adding:
                raise BrokenRule("keep_many takes new things of one model")
            _complete(thing)
            row = row_of(thing)
            new = uuid7()
            thing.entry = new
            held = thing.__dict__
            rows.append([field.get_db_prep_save(held[field.attname], connection) for field in fields])
            unit.drafts.append(Draft(str(new), kind, schema, name, row["id"], None, body_of(row, why)))
        _insert_many(insert, rows)
        for thing in things:
            thing._state.adding = False
            thing._state.db = connection.alias
            unit.meet(thing, new=True)


def _insert_many(insert: str, rows: list[list[Any]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(insert, rows)
            return
        head, _, marks = insert.partition(" VALUES ")
        step = max(1, 30_000 // max(1, len(rows[0])))
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            cursor.execute(f"{head} VALUES {','.join([marks] * len(part))}", [value for row in part for value in row])


def _complete(thing: Kept) -> None:
    """Derived columns (access key, search key) are computed here, at the door, so that they are never out of date."""
    derive = getattr(thing, "derive", None)
    if derive is not None:
        derive()


def note(*, by: Hand, verb: Verb, kind: str, subject: UUID, content: dict[str, Any], public: bool = False) -> None:
    """Put on record an act that has no row of its own: an opening of the vault, a search in it, a published release.

    `content` must be free of anything sealed. With `public`, it goes into the public log.
    """
    with writing(by) as unit:
        draft = Draft(str(uuid7()), kind, 1, verb.value, str(subject), None, canonical({"row": None, "note": content}))
        (unit.public if public else unit.drafts).append(draft)
        unit.noted += [(answer, content) for answer in _noted_answers.get(verb, ())]


open_door(keep)
