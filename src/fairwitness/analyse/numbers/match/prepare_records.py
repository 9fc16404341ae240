"""Prepare records: cells of lists of persons as they are compared and blocked, under names of our own.

The rule it guards: what is made from a name here is a key for comparing, held in memory for one run; columns get numbers instead of names,
so that a header can never become a command to the database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fairwitness.analyse.numbers.match.fold_names import fold_name, fold_words
from fairwitness.analyse.numbers.read_table import MISSING, Table, stop
from fairwitness.errors import BadInput, say

MOST_RECORDS = 1_000_000
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_NOT_PLAIN = re.compile(r"[^\w@]|_")

Columns = dict[str, list[str | None]]


def prepare_records(table: Table, own: str | None, kinds: Mapping[str, str]) -> Columns:
    """The list as columns `unique_id`, `c0`, `c1`, …, and the parts they are blocked by (`c0_p` the beginning of a name, `c1_y` a year,
    `c1_d` a day).

    Cells without content are None. BadInput where the list is empty or two entries have one number.
    """
    if table.rows == 0:
        raise BadInput.of(table.fault("", say("has no entries; there is nothing to link.")))
    if table.rows > MOST_RECORDS:
        raise BadInput.of(table.fault("", say("has more than {most} entries; divide it, by year or region.", most=f"{MOST_RECORDS:,}")))
    found: Columns = {"unique_id": list(_numbers(table, own))}
    for place, (column, kind) in enumerate(kinds.items()):
        texts = table.texts(column)
        keys = {cell: None if cell in MISSING else (_cell(cell, kind) or None) for cell in set(texts)}
        cells = [keys[cell] for cell in texts]
        found[f"c{place}"] = cells
        if kind in {"given", "surname", "name", "text"}:
            found[f"c{place}_p"] = [cell[: 5 if kind == "text" else 3] if cell else None for cell in cells]
        if kind == "date":
            found[f"c{place}_y"] = [cell[:4] if cell and len(cell) == 8 else None for cell in cells]
            found[f"c{place}_d"] = [cell[4:] if cell and len(cell) == 8 else None for cell in cells]
    return found


def _numbers(table: Table, own: str | None) -> Sequence[str]:
    """Each entry's own number, or its line in the file where it has none."""
    if own is None:
        return [str(row + 2) for row in range(table.rows)]
    cells = table.texts(own)
    first: dict[str, int] = {}
    faults = []
    for row, cell in enumerate(cells):
        if not cell:
            faults.append(table.fault(own, say("is empty; every entry needs its own number."), row))
        elif cell in first:
            words = say("“{cell}” is also the number of row {first}; each entry needs its own.", cell=cell[:40], first=first[cell] + 2)
            faults.append(table.fault(own, words, row))
        else:
            first[cell] = row
    stop(faults)
    return cells


def _cell(cell: str, kind: str) -> str:
    if kind in {"given", "surname", "text"}:
        return fold_name(cell)
    if kind == "name":
        return fold_words(cell)
    if kind == "date":
        return date_key(cell)
    return _NOT_PLAIN.sub("", cell.casefold())


def date_key(cell: str) -> str:
    """A date as eight digits, year first, from 1961-11-30, 30.11.1961 or 19611130; other cells as their digits."""
    if iso := _ISO.match(cell):
        return f"{iso[1]}{int(iso[2]):02}{int(iso[3]):02}"
    if day_first := _DAY_FIRST.match(cell):
        return f"{day_first[3]}{int(day_first[2]):02}{int(day_first[1]):02}"
    return "".join(one for one in cell if one.isdigit())
