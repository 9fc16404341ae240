"""Read a sheet: the columns of a table as kinds, its cells as amounts, and which cells say that nothing is known.

The rule it guards: a cell that says NA, n/a or – is *no data*, never none; a cell that is no count is never made one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fairwitness.analyse.numbers.crossfoot.read_amounts import Amount, amounts, plain
from fairwitness.analyse.numbers.crossfoot.read_kinds import Kind, kinds

_GAPS = {"", "-", "–", "—", "−", "na", "n/a", "n.a.", "n.a", "nd", "n/d", "n.d.", "nan", "null", ".", "..", "...", "…", "?", "*", "unknown",
         "no data", "not available", "not known", "not recorded"}  # fmt: skip
_TOTAL = re.compile(r"^\W*(?:grand |sub-?)?(?:total|sum|all|overall|altogether|in all|gjithsej|ukupno|toplam)\b|\btotals?$", re.I)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table read: names of columns, what kind each is, the label of each row, and its amounts (None where there is none)."""

    names: Sequence[str]
    kinds: Sequence[Kind]
    labels: Sequence[str]
    cells: Sequence[Sequence[Amount | None]]
    texts: Sequence[Sequence[str]]

    def at(self, row: int, column: int) -> str:
        """A place in words: the header is row 1."""
        return f"row {row + 2}, {self.names[column]}"

    def gap(self, row: int, column: int) -> bool:
        """Is there no figure in the cell, in a row that states one elsewhere? A heading states none at all."""
        return self.cells[row][column] is None and any(self.cells[row])

    def of(self, kind: str) -> list[int]:
        """The columns of a kind."""
        return [at for at, one in enumerate(self.kinds) if one.name == kind]


def read_sheet(columns: dict[str, list[str]]) -> Sheet:
    """A table of texts as a sheet. Cells hold a count as people write it: 1,910, “about 45”, 6-7, 24%."""
    names = list(columns)
    rows = len(next(iter(columns.values()), []))
    texts = [[columns[name][row] for name in names] for row in range(rows)]
    cells = [[_cell(text) for text in line] for line in texts]
    numeric = [_numeric(at, [line[at] for line in texts], [line[at] for line in cells]) for at in range(len(names))]
    found = kinds(names, numeric, [[line[at] for line in cells] for at in range(len(names))])
    label = next((at for at, kind in enumerate(found) if kind.name == "text"), None)
    if label is None and any(is_total(texts[row][at]) for row in range(rows) for at in range(1)):
        label = 0
    return Sheet(names, found, [line[label] if label is not None else "" for line in texts], cells, texts)


def _numeric(at: int, texts: Sequence[str], cells: Sequence[Amount | None]) -> bool:
    """A column of figures. A few words among them, as “<5”, are cells without a figure; in the first column they are labels."""
    words = [text for text, cell in zip(texts, cells, strict=True) if cell is None and not is_gap(text)]
    figures = sum(cell is not None for cell in cells)
    return not words or (figures > 0 and (at > 0 and len(words) < figures and not any(map(is_total, words))))


def _cell(text: str) -> Amount | None:
    shown = plain(text)
    found = amounts(shown)
    if len(found) != 1 or shown[found[0].end :].strip(" )"):
        return None
    before = shown[: found[0].start].strip("( ")
    if before in ("-", "–") and found[0].low == found[0].high:
        return replace(found[0], low=-found[0].low, high=-found[0].low, text=f"-{found[0].text.strip()}")
    return found[0] if before in ("", "+") else None


def is_gap(text: str) -> bool:
    """Does a cell say that nothing is known?"""
    return text.strip().casefold() in _GAPS


def is_total(text: str) -> bool:
    """Does the label of a row, or the name of a column, say that it is a total?"""
    return bool(_TOTAL.search(text))


def places(text: str) -> int:
    """How many digits a figure shows behind the point."""
    return len(re.sub(r"[^\d.]", "", text).partition(".")[2])
