"""Read a table: a plain CSV file becomes columns, and every fault in it is named with its row before anything is computed.

The rule it guards: no figure is computed from a cell that was guessed. What is empty, negative, fractional or not a number
where a count is asked is a fault with its place and its remedy; nothing is skipped in silence.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fairwitness.errors import BadInput, Fault, NotReadable, Sentence, say

MOST_ROWS = 12_000_000
MOST_FAULTS = 20
MISSING = frozenset({"", "NA", "NaN", "nan", "null", "NULL"})


@dataclass(frozen=True, slots=True)
class Table:
    """A file as columns of text, in the file's order. `digest` is the SHA-256 of its bytes, `rows` excludes the header.

    Row numbers in faults count lines as a person counts them: the header is row 1.
    """

    name: str
    digest: str
    columns: dict[str, list[str]]
    rows: int

    def texts(self, column: str) -> list[str]:
        """The cells of a column, stripped; BadInput names the columns there are when it is not there."""
        if column not in self.columns:
            raise BadInput.of(self.fault(column, say("is not a column of this file; it has {columns}.", columns=", ".join(self.columns))))
        return self.columns[column]

    def fault(self, column: str, sentence: str, row: int | None = None) -> Fault:
        """A fault of this file; `row` is the 0-based index of the data row."""
        return Fault(column, sentence, self.name, None if row is None else row + 2)

    def counts(self, column: str, *, missing: bool = False) -> NDArray[np.float64]:
        """A column of counts: whole numbers from nought up, as float64; NaN where the cell is empty and `missing` allows it."""
        return self._numbers(column, whole=True, least=0.0, missing=missing)

    def numbers(self, column: str, *, least: float = -math.inf, missing: bool = False) -> NDArray[np.float64]:
        """A column of finite numbers not below `least`; NaN where the cell is empty and `missing` allows it."""
        return self._numbers(column, whole=False, least=least, missing=missing)

    def days(self, column: str) -> list[date]:
        """A column of dates, as 2026-11-30 or 2026/11/30."""
        faults: list[Fault] = []
        found: list[date] = []
        for row, cell in enumerate(self.texts(column)):
            try:
                year, month, day = (int(part) for part in cell.replace("/", "-").split("-"))
                found.append(date(year, month, day))
            except ValueError:
                faults.append(self.fault(column, say("“{cell}” is not a date; write it as 2026-11-30.", cell=cell[:40]), row))
        stop(faults)
        return found

    def _numbers(self, column: str, *, whole: bool, least: float, missing: bool) -> NDArray[np.float64]:
        found = np.full(self.rows, math.nan)
        faults: list[Fault] = []
        for row, cell in enumerate(self.texts(column)):
            if cell in MISSING:
                if not missing:
                    faults.append(self.fault(column, _unsaid(cell, whole), row))
                continue
            try:
                value = float(cell)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                faults.append(self.fault(column, say("“{cell}” is not a number.", cell=cell[:40]), row))
            elif whole and value != math.floor(value):
                faults.append(self.fault(column, say("“{cell}” is not a whole number; a count has no fractions.", cell=cell[:40]), row))
            elif value < least:
                faults.append(self.fault(column, say("“{cell}” is below {least}.", cell=cell[:40], least=f"{least:g}"), row))
            else:
                found[row] = value
        stop(faults)
        return found


def _unsaid(cell: str, count: bool) -> Sentence:
    """Why a cell that says nothing cannot stand here: a count must not become nought in silence, any other number must be a number."""
    if cell and count:
        return say("“{cell}” is no count; write how many, and 0 only where somebody looked and saw none.", cell=cell)
    if cell:
        return say("“{cell}” is not a number.", cell=cell)
    if count:
        return say("is empty; write 0 only where somebody looked and saw none.")
    return say("is empty; write a number.")


def stop(faults: Sequence[Fault]) -> None:
    """Refuse when there is a fault; at most twenty are shown, and how many more there are is said."""
    if not faults:
        return
    shown = list(faults[:MOST_FAULTS])
    if len(faults) > MOST_FAULTS:
        shown.append(Fault("", say("and {count} faults more.", count=len(faults) - MOST_FAULTS), faults[0].file))
    raise BadInput.of(*shown)


def read_table(path: Path) -> Table:
    """The table in a CSV file (UTF-8, comma or semicolon or tab, header first; `.gz` is unpacked).

    NotReadable when it is no such file, a header is doubled or empty, or a row is longer or shorter than the header.
    """
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, PermissionError) as why:
        raise NotReadable("{file} cannot be read: {why}.", file=str(path), why=why.strerror or "") from why
    try:
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as why:
        raise NotReadable("{file} is not a text file in UTF-8; save it as CSV in UTF-8.", file=path.name) from why
    return parse_table(path.name, text, sha256(raw).hexdigest())


def parse_table(name: str, text: str, digest: str = "") -> Table:
    """The table in a text, as `read_table` reads a file; `name` stands in its faults. NotReadable as there."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = [cell.strip() for cell in next(reader, [])]
    if not any(header):
        raise NotReadable("{file} is empty; its first line must name the columns.", file=name)
    doubled = sorted({one for one in header if header.count(one) > 1})
    if doubled:
        raise NotReadable("{file} names a column twice: {names}.", file=name, names=", ".join(doubled) or "—")
    columns: list[list[str]] = [[] for _ in header]
    faults: list[Fault] = []
    for line, cells in enumerate(reader):
        if not cells:
            continue
        if len(cells) != len(header):
            wrong = say("has {found} cells; the header has {asked}.", found=len(cells), asked=len(header))
            faults.append(Fault("", wrong, name, line + 2))
            if len(faults) > MOST_FAULTS:
                break
            continue
        for column, cell in zip(columns, cells, strict=True):
            column.append(cell.strip())
        if len(columns[0]) > MOST_ROWS:
            raise NotReadable("{file} has more than {most} rows; divide it.", file=name, most=f"{MOST_ROWS:,}")
    stop(faults)
    digest = digest or sha256(text.encode()).hexdigest()
    return Table(name, digest, dict(zip(header, columns, strict=True)), len(columns[0]))
