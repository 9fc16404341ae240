"""Set periods: dates of any grain — days, months, years, numbered steps — become equal periods, counted back from the last.

The rule it guards: the last period is always a whole one, for that is where a new cluster shows; if the time does not divide evenly,
it is the first period that is shorter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.read_table import Table, stop
from fairwitness.errors import BadInput, Fault, say

GRAINS = ("day", "month", "year", "step")
DAYS = {"day": 1.0, "month": 30.4375, "year": 365.25, "step": 1.0}
MOST_PERIODS = 40_000
_FORMS = (("year", re.compile(r"(1[5-9]|2[01])\d\d")), ("month", re.compile(r"\d{4}[-/]\d{1,2}")), ("step", re.compile(r"\d{1,6}")))


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods of `every` units of a `grain`, from unit `first` to unit `last` (both inclusive), counted back from the last."""

    grain: str
    every: int
    first: int
    last: int

    def __len__(self) -> int:
        return -(-(self.last - self.first + 1) // self.every)

    @property
    def days(self) -> float:
        """The length of a period in days."""
        return self.every * DAYS[self.grain]

    def place(self, units: NDArray[np.int64]) -> NDArray[np.int64]:
        """The period of each unit, 0 the earliest; −1 for units outside."""
        found = len(self) - 1 - (self.last - units) // self.every
        return np.where((units < self.first) | (units > self.last), -1, found)

    def bounds(self, period: int) -> tuple[int, int]:
        """The first and the last unit of a period."""
        last = self.last - (len(self) - 1 - period) * self.every
        return max(last - self.every + 1, self.first), last

    def name(self, unit: int) -> str:
        """A unit as it is written: 2026-11-30, 2026-11, 2026 or the number of the step."""
        if self.grain == "day":
            return date.fromordinal(unit).isoformat()
        return f"{(unit - 1) // 12:04d}-{(unit - 1) % 12 + 1:02d}" if self.grain == "month" else str(unit)


def read_units(table: Table, column: str) -> tuple[str, NDArray[np.int64]]:
    """The grain of a column of dates, and its units as whole numbers; BadInput where the cells are of different forms."""
    cells = table.texts(column)
    for grain, form in _FORMS:
        if cells and form.fullmatch(cells[0]):
            faults = [
                table.fault(column, say("“{cell}” is not a {grain} as the rows above are.", cell=cell[:40], grain=grain), row)
                for row, cell in enumerate(cells)
                if not form.fullmatch(cell)
            ]
            stop(faults)
            return grain, np.array([unit(cell, grain) for cell in cells], dtype=np.int64)
    return "day", np.array([one.toordinal() for one in table.days(column)], dtype=np.int64)


def unit(cell: str, grain: str) -> int:
    """A date as a whole number of its grain. Raises BadInput."""
    try:
        if grain in ("year", "step"):
            return int(cell[:4] if grain == "year" else cell)
        parts = [int(part) for part in cell.replace("/", "-").split("-")]
        if grain == "month":
            return parts[0] * 12 + date(parts[0], parts[1], 1).month
        return date(*parts).toordinal()
    except (ValueError, TypeError, IndexError):
        raise BadInput("“{cell}” is not a {grain}; write it as the dates of the cases are written.", cell=cell[:40], grain=grain) from None


def coarser(units: NDArray[np.int64], grain: str, wanted: str) -> NDArray[np.int64]:
    """Units of one grain as units of a coarser one. Raises BadInput where they are not coarser."""
    if grain == wanted:
        return units
    if wanted not in ("month", "year") or GRAINS.index(grain) >= GRAINS.index(wanted):
        raise BadInput("Dates by {grain} cannot be gathered by {wanted}.", grain=grain, wanted=wanted)
    if grain == "month":
        return (units - 1) // 12
    dates = [date.fromordinal(int(one)) for one in units]
    return np.array([one.year if wanted == "year" else one.year * 12 + one.month for one in dates], dtype=np.int64)


def set_periods(
    units: NDArray[np.int64], grain: str, every: str, since: str | None, until: str | None
) -> tuple[Periods, NDArray[np.int64]]:
    """Periods over units, and the units in the grain of the periods.

    `every` is a number of units, or “month” or “year”; `since` and `until` bound the time (default: the first and the last case).
    Raises BadInput: an end before the beginning, no such grain, too long a time.
    """
    ends = [None if one is None else unit(one, grain) for one in (since, until)]
    if every in ("month", "year"):
        units = coarser(units, grain, every)
        ends = [None if one is None else int(coarser(np.array([one]), grain, every)[0]) for one in ends]
        grain, every = every, "1"
    if not re.fullmatch(r"\d{1,5}", every) or int(every) < 1:
        raise BadInput.of(
            Fault("--every", say("“{every}” is not a length of time; give a number of days, or month, or year.", every=every))
        )
    first = int(units.min()) if ends[0] is None else ends[0]
    last = int(units.max()) if ends[1] is None else ends[1]
    if last < first:
        raise BadInput.of(Fault("--to", say("the time ends before it begins: a clock that went back, or two dates exchanged.")))
    made = Periods(grain, int(every), first, last)
    if len(made) > MOST_PERIODS:
        raise BadInput(
            "From {first} to {last} there are {count} periods; at most {most} are looked at. Is one of these dates mistyped? Otherwise "
            "take longer periods with --every.",
            first=made.name(first), last=made.name(last), count=f"{len(made):,}", most=f"{MOST_PERIODS:,}",
        )  # fmt: skip
    return made, units


def names(columns: Sequence[str], wanted: str | None, known: Sequence[str], file: str, option: str) -> str:
    """The column meant: the one named by an option, or the first whose name is one of `known`. Raises BadInput naming both."""
    if wanted is not None:
        return wanted
    folded = {column.strip().lower(): column for column in columns}
    for name in known:
        if name in folded:
            return folded[name]
    raise BadInput.of(Fault("", say("has no column called {known}; name yours with {option}. It has {columns}.",
                                    known=" or ".join(known), option=option, columns=", ".join(columns)), file))  # fmt: skip
