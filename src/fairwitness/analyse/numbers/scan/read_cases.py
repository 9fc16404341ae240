"""Read cases: rows of place, date and count become a table of counts by place and period.

The rule it guards: what is not counted is said. Rows outside the time asked for are left out with their number; rows that repeat a
place and a date are added, with their number, because a list of cases repeats them by its nature.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.read_table import Table
from fairwitness.analyse.numbers.scan.read_places import PLACE, Places, find_places
from fairwitness.analyse.numbers.scan.set_periods import Periods, names, read_units, set_periods
from fairwitness.errors import BadInput, Fault, say

DATE = ("date", "day", "month", "year", "week", "time", "period", "step", "t")
COUNT = ("cases", "count", "counts", "events", "n", "number")
MOST_CASES = 50_000_000


@dataclass(frozen=True, slots=True)
class Cases:
    """Counts (places, periods), the row-wise places, periods (−1: outside) and counts they were made of, and what must be said."""

    counts: NDArray[np.int64]
    periods: Periods
    table: Table
    place: NDArray[np.int64]
    period: NDArray[np.int64]
    number: NDArray[np.int64]
    warnings: list[str]


def read_cases(
    table: Table,
    places: Places,
    *,
    place: str | None,
    when: str | None,
    count: str | None,
    every: str,
    since: str | None,
    until: str | None,
) -> Cases:
    """The counts of a table of cases. Columns are found by their names or named by options; without a column of counts every row is
    one case. Raises BadInput for what cannot be read, an unknown place, negative or fractional counts, no case at all.
    """
    if not table.rows:
        raise BadInput.of(Fault("", say("has no rows."), table.name))
    columns = list(table.columns)
    same = place is None and places.column in table.columns
    where = find_places(table, places.column if same else names(columns, place, PLACE, table.name, "--place-column"), places)
    grain, units = read_units(table, names(columns, when, DATE, table.name, "--date-column"))
    warnings: list[str] = []
    named = count or next((column for column in columns if column.lower() in COUNT), None)
    if named is None:
        warnings.append(
            say("{file} has no column of counts; each of its {rows} rows is taken as one case.", file=table.name, rows=table.rows)
        )
        number = np.ones(table.rows, dtype=np.int64)
    else:
        read = table.counts(named)
        if read.sum() > MOST_CASES:
            raise BadInput.of(table.fault(named, say("adds up to {sum} cases; at most {most} are scanned. Is it a population?",
                                                     sum=f"{read.sum():,.0f}", most=f"{MOST_CASES:,}")))  # fmt: skip
        number = read.astype(np.int64)
    periods, units = set_periods(units, grain, every, since, until)
    at = periods.place(units)
    _say_dates(warnings, periods, units, at, number, until)
    repeated = table.rows - len(set(zip(where.tolist(), units.tolist(), strict=True)))
    if repeated and named is not None and every == "1":
        warnings.append(say("{count} rows repeat a place and date of another row; their counts were added.", count=repeated))
    counts = np.zeros((len(places.names), len(periods)), dtype=np.int64)
    np.add.at(counts, (where[at >= 0], at[at >= 0]), number[at >= 0])
    return Cases(counts, periods, table, where, at, number, warnings)


def _say_dates(warnings: list[str], periods: Periods, units: NDArray[np.int64], at: NDArray[np.int64], number: NDArray[np.int64],
               until: str | None) -> None:  # fmt: skip
    if outside := int(number[at < 0].sum()):
        warnings.append(say("{count} cases lie outside the time from {first} to {last} and are left out.", count=outside,
                            first=periods.name(periods.first), last=periods.name(periods.last)))  # fmt: skip
    if until is None:
        warnings.append(say("The time is taken to end with the last case, {last}. If later days were watched and quiet, give --to.",
                            last=periods.name(periods.last)))  # fmt: skip
    if periods.grain == "day" and int(units.max()) > date.today().toordinal() + 1:  # noqa: DTZ011
        warnings.append(say("There are dates in the future, up to {last}: a clock that was wrong, or a mistyped year?",
                            last=periods.name(int(units.max()))))  # fmt: skip
    short = (periods.last - periods.first + 1) % periods.every
    if short:
        warnings.append(say("The time does not divide evenly: its first period has {count} instead of {every} {grain}s.", count=short,
                            every=periods.every, grain=periods.grain))  # fmt: skip
