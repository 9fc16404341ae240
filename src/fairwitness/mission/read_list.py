"""Read a mission's own list, from Excel or as CSV: its headings, its rows, and what was noticed on the way.

A list is as people keep lists: a title above the headings, empty rows, columns without a name. The rule it guards: a row that is wider than
the headings has shifted and is named, never taken; and two columns of one name are told apart, never merged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice

from fairwitness.errors import Sentence, say, say_many
from fairwitness.mission.fold import fold
from fairwitness.mission.list_lines import LONGEST_CELL, MOST_BYTES, Line, bare, unreadable
from fairwitness.mission.read_csv import read_csv
from fairwitness.mission.read_workbook import OLD, read_workbook

LOOK = 30
"""Rows among which the headings are looked for."""
LONGEST_HEADING = 120
ERRORS = ("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: its number as a person counts lines, its cells by heading. `wrong` says why it cannot be taken as it stands."""

    number: int
    cells: tuple[str, ...]
    wrong: Sentence | None = None


@dataclass(slots=True)
class ReadList:
    """A list that was read whole."""

    headings: list[str]
    rows: list[ListRow]
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    encoding: str = ""
    notes: list[Sentence] = field(default_factory=list)
    from_1904: bool = False


def read_list(data: bytes, *, sheet: str = "", encoding: str = "") -> ReadList:
    """Read a file. Raises NotReadable with what to do about it."""
    if len(data) > MOST_BYTES:
        raise unreadable("The file is {size} MB large; {most} MB is the most. Leave out pictures and other sheets, or cut it into"
                         " several files.", size=len(data) // (1 << 20), most=MOST_BYTES >> 20)  # fmt: skip
    if not data.strip():
        raise unreadable("The file is empty.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", OLD)):
        found = read_workbook(data, sheet)
    elif data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"{\\rtf")):
        raise unreadable("This is neither an Excel workbook nor a text file of values. Save the list as .xlsx or as CSV.")
    else:
        found = read_csv(data, encoding)
    top = list(islice(found.lines, LOOK))
    at = _headings_at(top)
    headings = _headings([bare(cell) for cell in top[at][1]], top[at + 1 :])
    notes = list(found.notes)
    if at:
        notes.append(say_many("{count} row above the headings was left out.", "{count} rows above the headings were left out.", at))
    rows = [_row(line, len(headings)) for line in chain(top[at + 1 :], found.lines)]
    if not rows:
        raise unreadable("There are headings, but no row below them.")
    return ReadList(headings, rows, found.sheet, found.sheets, found.hidden, found.encoding, notes, found.from_1904)


def _headings_at(top: list[Line]) -> int:
    """The first row that names nearly as many columns as the rows have, most of them with a name of their own."""
    if not top:
        raise unreadable("There is nothing in the file that looks like a list.")
    width = max(sum(1 for cell in cells if cell.strip()) for _, cells in top)
    for at, (_, cells) in enumerate(top):
        named = [fold(cell) for cell in cells if cell.strip()]
        if len(named) >= 0.6 * width and 2 * len(set(named)) >= len(named):
            return at
    return 0


def _headings(cells: list[str], below: list[Line]) -> list[str]:
    """A name for each column: its own, with a number when it comes again, or its letter where it has none."""
    width = max([len(cells), *(len(row) for _, row in below[:1])]) if not cells else len(cells)
    found: list[str] = []
    seen: set[str] = set()
    for at in range(width):
        said = " ".join((cells[at] if at < len(cells) else "").split())[:LONGEST_HEADING]
        name, number = said or f"Column {_letter(at)}", 1
        while fold(name) in seen or name in found:
            number += 1
            name = f"{said or 'Column ' + _letter(at)} ({number})"
        seen.add(fold(name))
        found.append(name)
    return found


def _letter(at: int) -> str:
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


def _row(line: Line, width: int) -> ListRow:
    number, cells = line
    wrong: Sentence | None = None
    beyond = [cell for cell in cells[width:] if cell.strip()]
    if beyond:
        wrong = say("has {many} columns where the headings are {width}; it has shifted. Look for a separator inside a value.",
                    many=len(cells), width=width)  # fmt: skip
    kept = tuple(bare(cell) for cell in cells[:width]) + ("",) * (width - len(cells))
    bad = next((cell for cell in kept if cell in ERRORS), None)
    long = next((cell for cell in kept if len(cell) > LONGEST_CELL), None)
    if wrong is None and bad is not None:
        wrong = say("holds the error {error} of a formula; mend it in the spreadsheet.", error=bad)
    if wrong is None and long is not None:
        wrong = say("holds a cell of more than {most} characters; shorten it.", most=f"{LONGEST_CELL:,}")
    return ListRow(number, kept, wrong)
