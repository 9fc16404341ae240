"""What a list from outside consists of before the mission makes anything of it: numbered lines of cells, and what was noticed.

The rule it guards: a reader passes on, it does not decide. Every cell is text as a person sees it in the file; what was changed
on the way (a date written as a serial number, a merged cell) is said in a note, and what cannot be read is refused with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from fairwitness.errors import Fault, NotReadable, Sentence, say

MOST_BYTES = 24 * 1024 * 1024
"""Fits the largest body the web door takes; a list of 40,000 recommendations is a third of it."""
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
"""What a cell of a spreadsheet holds at most."""
SIGNS = "=+-@\t\r\n＝＋－＠"
"""What a spreadsheet takes for the beginning of a formula, the full-width forms included."""

Line = tuple[int, list[str]]


@dataclass(slots=True)
class Lines:
    """The lines of one sheet or one text file. `sheets` names every sheet, the hidden ones by themselves."""

    lines: Iterator[Line]
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    encoding: str = ""
    notes: list[Sentence] = field(default_factory=list)
    from_1904: bool = False


def unreadable(sentence: str, **params: object) -> NotReadable:
    """The refusal of a file, with its remedy."""
    said = say(sentence, **params)
    return NotReadable(said, faults=(Fault("file", said),))


def bare(cell: str) -> str:
    """A cell without outer blanks, and without the apostrophe that an export puts before what looks like a formula."""
    text = cell.strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1:].lstrip(" \u00a0")[:1] in SIGNS else text
