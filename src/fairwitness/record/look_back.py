"""Look back: what was on record about a thing, and how a thing stood on a day.

`history` is newest first. `as_of` means *recorded* by then, not occurred. Entries of older schemas are
carried over at reading by upcasters; what is stored is never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fairwitness.record.ledger.entry import open_body, stamp
from fairwitness.record.models import Entry

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
_upcasts: dict[tuple[str, int], Upcast] = {}


def upcast(kind: str, schema: int) -> Callable[[Upcast], Upcast]:
    """Register how a row of `kind` at `schema` becomes a row of the next schema."""

    def register(function: Upcast) -> Upcast:
        _upcasts[kind, schema] = function
        return function

    return register


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history. `row` is the thing as kept then (None for an act without a row); `why` its reason."""

    seq: int
    entry: str
    kind: str
    verb: str
    member: str | None
    door: str
    at: str
    recorded: str
    subject: str
    row: dict[str, Any] | None
    why: str


def read(entry: Entry) -> Line:
    """An entry as a line of history, its row carried over to the present schema."""
    body = open_body(bytes(entry.body)) if entry.body is not None else {"row": None}
    row = body.get("row")
    if row is not None:
        row, _ = carry_over(entry.kind, entry.schema, row)
    return Line(
        entry.seq, entry.entry, entry.kind, entry.verb, entry.member, entry.door, entry.at, entry.recorded, entry.subject, row,
        str(body.get("why") or (body.get("note") or {}).get("why") or ""),
    )  # fmt: skip


def carry_over(kind: str, schema: int, row: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """A row as the present schema of its kind has it, and that schema."""
    while (kind, schema) in _upcasts:
        row = _upcasts[kind, schema](row)
        schema += 1
    return row, schema


def read_note(entry: Entry) -> dict[str, Any]:
    """What an act without a row has to say (see `keep.note`)."""
    return dict(open_body(bytes(entry.body)).get("note") or {}) if entry.body is not None else {}


def history(subjects: Iterable[UUID], limit: int = 50) -> list[Line]:
    """What is on record about these things, newest first."""
    texts = [str(subject) for subject in subjects]
    return [read(entry) for entry in Entry.objects.filter(subject__in=texts).order_by("-seq")[:limit]]


def as_of(subject: UUID, moment: datetime) -> dict[str, Any] | None:
    """The row as it stood on record at `moment` (recorded time), or None when it was not yet there."""
    found = Entry.objects.filter(subject=str(subject), recorded__lte=stamp(moment)).order_by("-seq").first()
    return read(found).row if found else None
