"""Export a list: as CSV, Excel or JSON, with marking, moment and coverage inside the file, and the act on record.

The rules it guards: a cell that a spreadsheet would take for a formula is made harmless; a file says what it is, as of when and what it
rests on, so that it can still be handled rightly when it lies somewhere else; nobody carries away what is heavier than their right to
export; and whoever takes a list along is on record with what and how many.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from fairwitness.errors import BadInput, Fault, Refused, say
from fairwitness.mission.access import TOP, require, rights, why_not
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.list_lines import LONGEST_CELL, SIGNS
from fairwitness.mission.models import MissionProfile
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.verbs import Verb

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
MOST_ROWS = 50_000
"""Rows of one file; the file says so when there are more."""
FORMULA = tuple(SIGNS)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file ready to leave."""

    data: bytes
    media_type: str
    file_name: str


def export(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, *, by: Hand, marking: int = Sensitivity.INTERNAL,
    coverage: str = "", as_of: datetime | None = None,
) -> Exported:  # fmt: skip
    """A list for a member: `marking` is that of its heaviest row. Raises Refused, BadInput for an unknown form.

    `coverage` says where and when somebody looked, or that the list counts nothing; `as_of` is the moment it shows, now when left out.
    """
    require(by, Verb.RELEASE_EXPORT)
    if by.member is not None and marking > max(right.ceiling for right in rights(by).by_verb[Verb.RELEASE_EXPORT.value]):
        raise Refused(why_not(by, Verb.RELEASE_EXPORT), verb=Verb.RELEASE_EXPORT.value)
    table = list(islice(rows, MOST_ROWS + 1))
    more = len(table) > MOST_ROWS
    said = [_moment(as_of or by.at), coverage, f"The first {MOST_ROWS:,} rows of more; narrow the list." if more else ""]
    made = write(name, columns, table[:MOST_ROWS], form, marking=Sensitivity(marking).label, said=said)
    member = by.member
    subject = member if member is not None else MissionProfile.objects.values_list("pk", flat=True).get()
    content = {"list": name, "rows": len(table[:MOST_ROWS]), "form": form, "marking": Sensitivity(marking).label}
    note(by=by, verb=Verb.RELEASE_EXPORT, kind="share.export", subject=subject, content=content)
    return made


def ceiling(by: Hand) -> int:
    """The heaviest marking this hand may carry away; none is -1."""
    if by.member is None:
        return int(TOP)
    return max((right.ceiling for right in rights(by).by_verb.get(Verb.RELEASE_EXPORT.value, ())), default=-1)


def write(
    name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str, *, marking: str, said: Sequence[str] = ()
) -> Exported:
    """The bytes of a list that may leave: its first lines are its marking, in a demonstration its notice, and what is to be said of it."""
    if form not in TYPES:
        known = ", ".join(TYPES)
        raise BadInput.of(Fault("format", say("“{form}” is not written here; ask for one of {known}", form=form[:20], known=known)))
    profile = MissionProfile.objects.first()
    notice = profile.notice if profile else ""
    head = [line for line in (marking, notice, *said) if line]
    if form == "json":
        named = [dict(zip(columns, [plain(cell) for cell in row], strict=True)) for row in rows]
        found = {"marking": marking, "notice": notice, "said": [line for line in said if line], "columns": list(columns), "rows": named}
        return Exported(json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8"), TYPES[form], f"{name}.json")
    data = _workbook(name, head, columns, rows) if form == "xlsx" else _text(head, columns, rows)
    return Exported(data, TYPES[form], f"{name}.{form}")


def _text(head: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for line in head:
        writer.writerow([safe(line)])
    writer.writerow([safe(column) for column in columns])
    writer.writerows([safe(plain(cell)) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _workbook(name: str, head: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook in which every text is a text: a formula's sign stays a sign, also when somebody edits the cell."""
    # Read in only when somebody takes a workbook along: it would cost every process at rest a third of its memory.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(letter if letter.isalnum() or letter in " -_" else " " for letter in name)[:31] or "List")
    for line in head:
        sheet.append([_cell(sheet, line)])
    sheet.append([_cell(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, int) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value if abs(value) < 10**15 else str(value))
    if isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
        return WriteOnlyCell(sheet, value)
    words = ILLEGAL_CHARACTERS_RE.sub("\ufffd", plain(value))[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, words)
    cell.data_type = "s"
    if risky(words):
        cell.quotePrefix = True
    return cell


def _moment(at: datetime) -> str:
    zone = MissionProfile.objects.values_list("time_zone", flat=True).first()
    here = at.astimezone(ZoneInfo(zone) if zone else UTC)
    return f"As of {here:%Y-%m-%d %H:%M} ({zone or 'UTC'})"


def plain(value: Any) -> str:
    """A cell in words; nothing stays nothing."""
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def risky(text: str) -> bool:
    """Whether a spreadsheet would take this for a formula, also behind blanks, also in full-width letters."""
    return text.startswith(FORMULA) or text.lstrip(" \u00a0\u3000\ufeff\n").startswith(FORMULA)


def safe(text: str) -> str:
    """A cell no spreadsheet computes: what begins like a formula gets an apostrophe before it."""
    return f"'{text}" if risky(text) else text
