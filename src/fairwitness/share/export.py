"""Export a list: as CSV or JSON, with its marking and notice inside the file, and the act on record.

The rules it guards: a cell that a spreadsheet would take for a formula is made harmless; a file says what it is, so that it can
still be handled rightly when it lies somewhere else; whoever takes a list along is on record with what and how many.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fairwitness.errors import BadInput, Fault
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import MissionProfile
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.verbs import Verb

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Exported:
    """A file ready to leave."""

    data: bytes
    media_type: str
    file_name: str


def export(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, *, by: Hand, marking: int = Sensitivity.INTERNAL
) -> Exported:
    """A list for a member: `marking` is that of its heaviest row. Raises Refused, BadInput for an unknown form."""
    require(by, Verb.RELEASE_EXPORT)
    table = [[plain(cell) for cell in row] for row in rows]
    made = write(name, columns, table, form, marking=Sensitivity(marking).label)
    member = by.member
    subject = member if member is not None else MissionProfile.objects.values_list("pk", flat=True).get()
    said = {"list": name, "rows": len(table), "form": form, "marking": Sensitivity(marking).label}
    note(by=by, verb=Verb.RELEASE_EXPORT, kind="share.export", subject=subject, content=said)
    return made


def write(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str, *, marking: str) -> Exported:
    """The bytes of a list that may leave: its first lines are its marking and, in a demonstration, its notice."""
    if form not in TYPES:
        raise BadInput.of(Fault("format", f"“{form[:20]}” is not written here; ask for csv or json"))
    profile = MissionProfile.objects.first()
    notice = profile.notice if profile else ""
    table = [[plain(cell) for cell in row] for row in rows]
    if form == "json":
        named = [dict(zip(columns, row, strict=True)) for row in table]
        found = {"marking": marking, "notice": notice, "columns": list(columns), "rows": named}
        return Exported(json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8"), TYPES[form], f"{name}.json")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for line in (marking, notice):
        if line:
            writer.writerow([safe(line)])
    writer.writerow([safe(column) for column in columns])
    writer.writerows([safe(cell) for cell in row] for row in table)
    return Exported(b"\xef\xbb\xbf" + out.getvalue().encode("utf-8"), TYPES[form], f"{name}.csv")


def plain(value: Any) -> str:
    """A cell in words; nothing stays nothing."""
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def safe(text: str) -> str:
    """A cell no spreadsheet computes: what begins like a formula gets an apostrophe before it."""
    return f"'{text}" if text.lstrip(" \u00a0\n").startswith(FORMULA) or text.startswith(FORMULA) else text
