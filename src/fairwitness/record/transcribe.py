"""Transcribe: a row as the ledger writes it, and the rules every kept value obeys.

One list of writers per model, made once; keeping, bulk keeping and `verify rows` use the same list, so
that a row and its entry cannot drift apart. Refuses what one of the two engines would take and the
other not: NUL, lone surrogates, text longer than its column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from fairwitness.errors import BadInput, BrokenRule, Fault, say
from fairwitness.record.kept import Kept
from fairwitness.record.ledger.canonical import LARGEST, NotCanonical, canonical_unchecked, check

Writer = Callable[[Any], Any]


def _text(field: models.Field[Any, Any], name: str) -> Writer:
    longest = field.max_length

    def write(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not str:
            value = str(value)
        if "\x00" in value:
            raise BadInput.of(Fault(name, "holds a NUL character; remove it"))
        if longest is not None and len(value) > longest:
            raise BadInput.of(Fault(name, say(
                "is {count} characters long; {longest} is the most",
                count=len(value), longest=longest,
            )))
        if not value.isascii():
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:
                raise BadInput.of(Fault(name, "holds half a character (a lone surrogate); type it again")) from None
        return value

    return write


def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise BrokenRule("a kept moment needs a time zone")
        value = value.astimezone(UTC)
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _whole(value: int | None) -> int | str | None:
    return value if value is None or -LARGEST <= value <= LARGEST else str(value)


def _plain(value: Any) -> Any:
    return None if value is None else str(value)


def _day(value: date | time | None) -> str | None:
    return None if value is None else value.isoformat()


def _decimal(field: models.DecimalField[Any, Any]) -> Writer:
    step = Decimal(1).scaleb(-field.decimal_places)

    def write(value: Any) -> str | None:
        return None if value is None else str(Decimal(value).quantize(step))

    return write


def _json(name: str) -> Writer:
    def write(value: Any) -> Any:
        try:
            check(value)
        except NotCanonical as error:
            raise BadInput.of(Fault(name, str(error))) from None
        return value

    return write


def _bytes(value: Any) -> str | None:
    return None if value is None else bytes(value).hex()


def _writer(field: models.Field[Any, Any], name: str) -> Writer:
    if isinstance(field, models.ForeignKey):
        return _writer(field.target_field, name)
    if isinstance(field, models.UUIDField):
        return _plain
    if isinstance(field, models.CharField | models.TextField):
        return _text(field, name)
    if isinstance(field, models.BooleanField):
        return lambda value: value
    if isinstance(field, models.IntegerField):
        return _whole
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.DateField | models.TimeField):
        return _day
    if isinstance(field, models.DecimalField):
        return _decimal(field)
    if isinstance(field, models.JSONField):
        return _json(name)
    if isinstance(field, models.BinaryField):
        return _bytes
    raise BrokenRule("{kind} cannot be put on record; use text, whole numbers, decimals, times or JSON", kind=type(field).__name__)


@cache
def writers(model: type[Kept]) -> tuple[tuple[str, Writer], ...]:
    """(attribute, writer) of every column but `entry`, in alphabetical order."""
    fields = [field for field in model._meta.concrete_fields if field.attname != "entry"]
    return tuple(sorted((field.attname, _writer(field, field.name)) for field in fields))


def row_of(thing: Kept) -> dict[str, Any]:
    """The row as the ledger writes it. Raises BadInput."""
    held = thing.__dict__
    return {name: write(held[name]) for name, write in writers(type(thing))}


def body_of(row: dict[str, Any], why: str = "") -> bytes:
    """Canonical bytes of an entry's body: the row, then why."""
    if why:
        return b'{"row":' + canonical_unchecked(row) + b',"why":' + canonical_unchecked(why) + b"}"
    return b'{"row":' + canonical_unchecked(row) + b"}"


def rows_from(model: type[Kept], values: Iterable[Sequence[Any]]) -> Iterable[tuple[Any, bytes]]:
    """(entry id, canonical start of the body) for tuples of `entry` and then the columns of `writers(model)`."""
    made = writers(model)
    names = [name for name, _ in made]
    write = [writer for _, writer in made]
    for value in values:
        row = {name: w(v) for name, w, v in zip(names, write, value[1:], strict=True)}
        yield value[0], b'{"row":' + canonical_unchecked(row)
