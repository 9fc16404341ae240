"""Fetch the rows a count is made of: as they stand, or as they stood on record at a moment.

The rule it guards: a count holds only what its reader may see now, and `as_of` means *recorded by then*: what came in later, or
was corrected later, is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from fairwitness.mission.access import visible
from fairwitness.record.hand import Hand
from fairwitness.record.kept import Kept
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.look_back import read
from fairwitness.record.models import Entry

Row = dict[str, Any]


def fetch(hand: Hand, model: type[Kept], fields: Sequence[str], where: models.Q, as_of: datetime | None) -> list[Row]:
    """Rows with `id` and these columns, of what the reader may see. `where` narrows the present rows; a row of the past is not narrowed
    (it may have been corrected since), so callers look at each row themselves."""
    names = ["id", *fields]
    if as_of is None:
        return list(visible(hand, model.objects.filter(where)).values(*names))
    allowed = {str(key) for key in visible(hand, model.objects.all()).values_list("id", flat=True)}
    then: dict[str, Row] = {}
    entries = Entry.objects.filter(kind=model.kind_on_record(), recorded__lte=stamp(as_of)).order_by("seq")
    for entry in entries.iterator():
        if entry.subject in allowed:
            line = read(entry)
            if line.row is not None:
                then[entry.subject] = line.row
    columns = {field.attname: field for field in model._meta.concrete_fields}
    return [{name: _value(columns[name], row.get(name)) for name in names} for row in then.values()]


def _value(field: models.Field[Any, Any], text: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    if text is None:
        return None
    if isinstance(field, models.UUIDField):
        return UUID(text)
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat(text)
    if isinstance(field, models.DateField):
        return date.fromisoformat(text)
    return text
