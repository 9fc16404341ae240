"""Read events: lists of incidents with a day and a point each, and the taxonomies that say which of one list's words mean which of
another's.

The rule it guards: an event without a day or a point cannot be matched by time and place, and one that ends before it begins has a clock
that goes back: both are refused with their row, and so is a word that no taxonomy explains. Nothing is dropped to make the rest fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.match.fold_names import fold_name
from fairwitness.analyse.numbers.match.guess_columns import header_word
from fairwitness.analyse.numbers.read_table import MISSING, Table, stop
from fairwitness.errors import BadInput, Fault, say

Floats = NDArray[np.float64]

_NAMES: dict[str, tuple[str, ...]] = {
    "date": ("date", "start", "start_date", "date_start", "startdate", "day", "event_date"),
    "end": ("enddate", "end_date", "end", "date_end"),
    "latitude": ("latitude", "lat", "y"),
    "longitude": ("longitude", "lon", "lng", "long", "x"),
    "number": ("event", "event_id", "unique_id", "id", "number", "rec_id"),
}
_WORDS = frozenset(
    {"place", "settlement", "village", "town", "municipality", "place_name", "location", "type", "kind", "category", "event_type"}
)
_SOURCE = ("data_source", "source", "list", "dataset")
_BASE = ("base_categories", "base_category", "category", "word")


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """What the words of a column mean: (list, word) to its meanings, from the narrowest to the broadest."""

    column: str
    depth: int
    meanings: Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Events:
    """The events of one list. start and end in days (of the proleptic calendar), latitude and longitude in degrees.

    meanings: per taxonomy, each event's meanings; None where its cell is empty. words: per column of words, each event's key.
    """

    name: str
    numbers: list[str]
    start: Floats
    end: Floats
    latitude: Floats
    longitude: Floats
    meanings: list[list[tuple[str, ...] | None]]
    words: list[list[str]]

    @property
    def lasting(self) -> NDArray[np.bool_]:
        """Which of them last beyond a day: episodes, as Donnay and others call them."""
        return np.asarray(np.floor(self.end) > np.floor(self.start))


def find_column(table: Table, role: str, asked: str | None) -> str | None:
    """The column of a role: the one asked for, else the first whose header is known for it."""
    if asked is not None:
        table.texts(asked)
        return asked
    by_word = {header_word(column): column for column in table.columns}
    return next((by_word[word] for word in _NAMES[role] if word in by_word), None)


def columns_of_words(tables: Sequence[Table], taken: Sequence[str]) -> list[str]:
    """Columns with words for a place or a kind of event that stand in every list and that no taxonomy explains."""
    return [
        one
        for one in tables[0].columns
        if header_word(one) in _WORDS and one not in taken and all(one in table.columns for table in tables)
    ]


def read_taxonomy(table: Table, tables: Sequence[Table]) -> Taxonomy:
    """A taxonomy: a column with the list, one with the word, then meanings from narrow to broad. Its file's name ends in the column it
    explains.
    """
    stem = _stem(table.name)
    shared = [one for one in tables[0].columns if all(one in other.columns for other in tables)]
    column = max((one for one in shared if stem == one or stem.endswith(f"_{one}")), key=len, default=None)
    if column is None:
        raise BadInput.of(table.fault("", say("explains no column: its name must end in the name of a column that stands in every "
                                              "list ({columns}).",
                                              columns=", ".join(shared))))  # fmt: skip
    by_word = {header_word(one): one for one in table.columns}
    source = next((by_word[word] for word in _SOURCE if word in by_word), None)
    base = next((by_word[word] for word in _BASE if word in by_word), None)
    levels = [one for one in table.columns if one not in (source, base)]
    if source is None or base is None or not levels:
        raise BadInput.of(table.fault("", say("needs a column data.source, a column base.categories and at least one level of meaning.")))
    rows = zip(table.texts(source), table.texts(base), *(table.texts(one) for one in levels), strict=True)
    return Taxonomy(column, len(levels), {(row[0], row[1]): tuple(row[2:]) for row in rows})


def read_events(table: Table, taxonomies: Sequence[Taxonomy], words: Sequence[str], asked: Mapping[str, str | None]) -> Events:
    """The events of a list. `asked`: column per role (date, end, latitude, longitude, number), None to find it by its header. BadInput
    with the rows.
    """
    if table.rows == 0:
        raise BadInput.of(table.fault("", say("has no events; there is nothing to match.")))
    found = {role: find_column(table, role, asked.get(role)) for role in _NAMES}
    missing = [role for role in ("date", "latitude", "longitude") if found[role] is None]
    if missing:
        raise BadInput.of(*(table.fault(role, say("is not among the columns; events are matched by day and point. The file has {columns}.",
                                                  columns=", ".join(table.columns))) for role in missing))  # fmt: skip
    date, latitude, longitude = str(found["date"]), str(found["latitude"]), str(found["longitude"])
    start = _moments(table, date)
    end = _moments(table, found["end"], start) if found["end"] else start
    places = {column: table.numbers(column) for column in (latitude, longitude)}
    faults = [
        table.fault(str(found["end"]), say("is before the start; a clock went back."), int(row)) for row in np.flatnonzero(end < start)
    ]
    for column, most in ((latitude, 90.0), (longitude, 180.0)):
        beyond = np.flatnonzero(np.abs(places[column]) > most)
        faults += [table.fault(column, say("is beyond {most} degrees.", most=f"{most:g}"), int(row)) for row in beyond]
    numbers, doubled = _numbers(table, found["number"])
    stop([*faults, *doubled])
    return Events(_stem(table.name), numbers, start, end, places[latitude], places[longitude],
                  [_meanings(table, one) for one in taxonomies],
                  [[fold_name(cell) for cell in table.texts(column)] for column in words])  # fmt: skip


def _stem(name: str) -> str:
    return name.removesuffix(".gz").rpartition(".")[0] or name


def _moments(table: Table, column: str, otherwise: Floats | None = None) -> Floats:
    """A column of days or moments as days; an empty cell has the value of `otherwise` where that is given."""
    found = np.zeros(table.rows)
    faults: list[Fault] = []
    known: dict[str, float] = {}
    for row, cell in enumerate(table.texts(column)):
        if otherwise is not None and cell in MISSING:
            found[row] = otherwise[row]
            continue
        if cell not in known:
            try:
                moment = datetime.fromisoformat(cell.replace("/", "-")).replace(tzinfo=None)
            except ValueError:
                faults.append(table.fault(column, say("“{cell}” is not a date; write it as 2026-11-30.", cell=cell[:40]), row))
                continue
            known[cell] = moment.toordinal() + (moment.hour * 60 + moment.minute) / 1440
        found[row] = known[cell]
    stop(faults)
    return found


def _numbers(table: Table, column: str | None) -> tuple[list[str], list[Fault]]:
    if column is None:
        return [str(row + 2) for row in range(table.rows)], []
    first: dict[str, int] = {}
    faults = []
    for row, cell in enumerate(table.texts(column)):
        if not cell:
            faults.append(table.fault(column, say("is empty; every event needs its own number."), row))
        elif first.setdefault(cell, row) != row:
            faults.append(table.fault(column, say("“{cell}” is also the number of row {first}; each event needs its own.",
                                                  cell=cell[:40], first=first[cell] + 2), row))  # fmt: skip
    return table.texts(column), faults


def _meanings(table: Table, taxonomy: Taxonomy) -> list[tuple[str, ...] | None]:
    """Each event's meanings. The list is known to the taxonomy by its file's name, or by its column `dataset`."""
    names = table.columns.get("dataset") or [_stem(table.name)] * table.rows
    found: list[tuple[str, ...] | None] = []
    faults: list[Fault] = []
    for row, (name, cell) in enumerate(zip(names, table.texts(taxonomy.column), strict=True)):
        meaning = taxonomy.meanings.get((name, cell)) or taxonomy.meanings.get((_stem(table.name), cell))
        if meaning is None and cell not in MISSING:
            faults.append(
                table.fault(
                    taxonomy.column, say("“{cell}” is in no line of the taxonomy for the list {name}.", cell=cell[:40], name=name), row
                )
            )
        found.append(meaning)
    stop(faults)
    return found
