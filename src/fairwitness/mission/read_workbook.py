"""Read a sheet of an Excel workbook (.xlsx): values as a person sees them, formulas as what they last came to.

The file is opened only after it was weighed: how many parts, how large unpacked, how far packed, and no document type or entity in any
of them, because a small file can be made to fill a machine. The rule it guards: nothing is read that the person did not see;
hidden sheets are named and left alone unless they are asked for by name.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from fairwitness.errors import Sentence, say, say_many
from fairwitness.mission.list_lines import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Line, Lines, unreadable

MOST_PARTS = 2_000
MOST_UNPACKED = 160 * 1024 * 1024
MOST_PACKED = 300
"""How many times a part may be larger than what it was packed into; sheets of plain figures reach forty."""
MOST_GAP = 20_000
"""Empty rows in a row before a sheet counts as ended: a stray format far below is not a list."""
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\"")
_NOTHING = rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
_NOT_COMPUTED = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)" + _NOTHING)
_FAR = re.compile(rb"<(?:\w+:)?c\s[^>]*?r=\"(?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])[0-9]+\"[^>]*[^/]>")
"""A cell that holds something beyond the two hundredth column."""
_UNREADABLE = "The workbook is damaged or is not a workbook. Open it in a spreadsheet and save it again as .xlsx, or as CSV."
Span = tuple[int, int, int, int]


def read_workbook(data: bytes, sheet: str = "") -> Lines:
    """The lines of one sheet: the first that is not hidden, unless one is named. Raises NotReadable."""
    # Read in only when there is a workbook: it would cost every process at rest a third of its memory.
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    weigh(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise unreadable(_UNREADABLE) from error
    sheets = [one for one in book.worksheets if hasattr(one, "reset_dimensions")]
    hidden = [one.title for one in sheets if one.sheet_state != "visible"]
    shown = [one for one in sheets if one.title == sheet] if sheet else [one for one in sheets if one.title not in hidden]
    if not shown:
        names = ", ".join(one.title for one in sheets) or "–"
        raise unreadable("There is no such sheet, or every sheet is hidden. The workbook holds: {names}.", names=names)
    chosen: Any = shown[0]
    merged, notes = _look_at(data, getattr(chosen, "_worksheet_path", ""))
    if hidden:
        notes.append(say("Hidden sheets are not read: {names}.", names=", ".join(hidden)))
    return Lines(
        _lines(chosen, merged), sheet=chosen.title, sheets=[one.title for one in sheets], hidden=hidden, notes=notes,
        from_1904=book.epoch == CALENDAR_MAC_1904,
    )  # fmt: skip


def weigh(data: bytes) -> None:
    """Refuse what would fill the machine when unpacked, before anything of it is read as XML."""
    if data.startswith(OLD):
        raise unreadable("This is an old Excel file, or one with a password. Open it, save it as .xlsx without a password, and send that.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS:
                raise unreadable("The workbook has {many} parts; {most} is the most. Copy the list into a new workbook.",
                                 many=len(parts), most=MOST_PARTS)  # fmt: skip
            unpacked = sum(part.file_size for part in parts)
            swollen = any(part.file_size > max(1, part.compress_size) * MOST_PACKED and part.file_size > 1_000_000 for part in parts)
            if unpacked > MOST_UNPACKED or swollen:
                raise unreadable("The workbook unpacks to far more than a list holds ({megabytes} MB). Copy the rows into a new workbook.",
                                 megabytes=unpacked // 1_000_000)  # fmt: skip
            for part in parts:
                if not part.filename.casefold().endswith((".png", ".jpg", ".jpeg", ".gif", ".bin", ".emf", ".wmf")):
                    _no_entities(packed, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise unreadable(_UNREADABLE) from error


def _no_entities(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    tail = b""
    with packed.open(part) as file:
        while piece := file.read(1 << 20):
            window = tail + piece.replace(b"\x00", b"")  # so that UTF-16 is seen as well
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise unreadable("The workbook holds a document type, which no spreadsheet writes. Copy the rows into a new workbook.")
            tail = window[-16:]


def _look_at(data: bytes, path: str) -> tuple[list[Span], list[Sentence]]:
    """Merged cells, and formulas that were never computed, straight from the sheet."""
    from openpyxl.utils import column_index_from_string

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            raw = packed.read(path.lstrip("/"))
    except KeyError:
        return [], []
    if _FAR.search(raw):
        raise unreadable("There is something beyond column {most}. Delete it, or copy the list into a new workbook.", most=MOST_COLUMNS)
    spans: list[Span] = []
    for left, top, right, bottom in _MERGED.findall(raw):
        spans.append((int(top), int(bottom), column_index_from_string(left.decode()), column_index_from_string(right.decode())))
        if len(spans) > 5_000:
            raise unreadable("More than 5,000 merged cells. Undo the merging in the spreadsheet, so that each row says what it says.")
    notes: list[Sentence] = []
    if spans:
        notes.append(say_many("{count} merged area: its value was read into each of its cells.",
                              "{count} merged areas: the value of each was read into all of its cells.", len(spans)))  # fmt: skip
    if _NOT_COMPUTED.search(raw):
        notes.append(say("Some formulas were never computed, and are read as empty. Open the list in a spreadsheet and save it again."))
    return spans, notes


def _lines(sheet: Any, merged: list[Span]) -> Iterator[Line]:
    sheet.reset_dimensions()
    held: dict[Span, str] = {}
    read = gap = 0
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    number = 0
    while True:
        try:
            row = next(rows, None)
        except Exception as error:
            raise unreadable("The sheet cannot be read after row {row}. Save it again as .xlsx, or as CSV.", row=number) from error
        if row is None:
            return
        number += 1
        cells = [_text(value) for value in row]
        if merged:
            _fill(cells, number, merged, held)
        if not any(cells):
            gap += 1
            if gap > MOST_GAP:
                return
            continue
        read, gap = read + 1, 0
        if read > MOST_ROWS:
            raise unreadable("The list has more than {most} rows. Cut it into several files.", most=f"{MOST_ROWS:,}")
        while cells and not cells[-1]:
            cells.pop()
        yield number, cells


def _fill(cells: list[str], number: int, merged: list[Span], held: dict[Span, str]) -> None:
    """A merged area says one thing for all its cells; the file holds it in the first alone."""
    for span in merged:
        top, bottom, left, right = span
        if not top <= number <= bottom or left > MOST_COLUMNS:
            continue
        if number == top:
            held[span] = cells[left - 1] if left <= len(cells) else ""
        if held.get(span):
            last = min(right, MOST_COLUMNS)
            cells += [""] * (last - len(cells))
            cells[left - 1 : last] = [held[span]] * (last - left + 1)


def _text(value: Any) -> str:
    """A cell as a person sees it: days and moments in the order year, month, day; whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value[: LONGEST_CELL + 1].strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
