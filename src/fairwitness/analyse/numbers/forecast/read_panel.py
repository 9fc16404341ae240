"""Read a panel: one row per unit and period, every unit without gaps up to the origin.

The rule it guards: what the panel does not say is not guessed. A missing period, a doubled one, a clock that goes back, a negative
or fractional count is a fault with its place; a period without events must be there, as 0, where somebody looked and saw none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.read_table import Table, read_table, stop
from fairwitness.errors import BadInput, Fault, say

_MONTH = re.compile(r"\d{4}[-/]\d{1,2}")
_DAY = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}")
_WEEK = re.compile(r"\d{4}-W\d{2}")
_NUMBER = re.compile(r"-?\d+(\.0+)?")


@dataclass(frozen=True, slots=True)
class Clock:
    """How the periods of a panel are written: `step` is number, month, week, iso week or day."""

    step: str
    offset: int = 0

    def number(self, cell: str) -> int:
        """The period a cell names. ValueError when it names none."""
        if self.step == "number":
            if not _NUMBER.fullmatch(cell):
                raise ValueError(cell)
            return int(float(cell))
        if self.step == "iso week":
            year, _, week = cell.partition("-W")
            return (date.fromisocalendar(int(year), int(week), 1).toordinal() - 1) // 7
        parts = [int(part) for part in cell.replace("/", "-").split("-")]
        if self.step == "month":
            if not 1 <= parts[1] <= 12 or (len(parts) == 3 and parts[2] != 1):
                raise ValueError(cell)
            return parts[0] * 12 + parts[1] - 1
        days = date(*parts).toordinal() - self.offset
        if self.step == "week":
            if days % 7:
                raise ValueError(cell)
            return days // 7
        return days

    def text(self, number: int) -> str:
        """The period as the panel writes it (months as 2019-01)."""
        if self.step == "number":
            return str(number)
        if self.step == "month":
            return f"{number // 12:04d}-{number % 12 + 1:02d}"
        if self.step == "iso week":
            year, week, _ = date.fromordinal(number * 7 + 1).isocalendar()
            return f"{year:04d}-W{week:02d}"
        return (date.fromordinal(self.offset) + timedelta(days=number * (7 if self.step == "week" else 1))).isoformat()


@dataclass(frozen=True, slots=True)
class Panel:
    """Counts `past` (units, periods), NaN where a unit has no row; `first` is the number of the first period on the clock."""

    units: list[str]
    past: NDArray[np.float64]
    first: int
    clock: Clock
    table: Table
    warnings: list[str]

    def upto(self, origin: int) -> NDArray[np.float64]:
        """The counts of the periods up to and including the origin."""
        return self.past[:, : origin - self.first + 1]


def clock_of(cells: list[str]) -> Clock:
    """The clock all these cells can be read by: whole numbers, months (2019-01, or first days of months),
    weeks (2019-W05, or days a week apart) or days."""
    unlike = sorted(set(cells))
    if all(map(_NUMBER.fullmatch, unlike)):
        return Clock("number")
    if all(map(_MONTH.fullmatch, unlike)):
        return Clock("month")
    if all(map(_WEEK.fullmatch, unlike)):
        return Clock("iso week")
    if all(map(_DAY.fullmatch, unlike)):
        parts = [tuple(int(part) for part in cell.replace("/", "-").split("-")) for cell in unlike]
        if all(part[2] == 1 for part in parts):
            return Clock("month")
        days = sorted({date(*part).toordinal() for part in parts})
        return Clock("week", days[0]) if all((day - days[0]) % 7 == 0 for day in days) else Clock("day", days[0])
    raise ValueError("mixed")


def read_panel(path: Path, unit: str, time: str, value: str) -> Panel:
    """The panel in a file. BadInput names every fault: mixed clocks, gaps, doubled keys, clocks that go back, values that are no counts."""
    table = read_table(path)
    names, cells, counts = table.texts(unit), table.texts(time), table.counts(value)
    if not table.rows:
        raise BadInput.of(table.fault(value, say("has no rows; a forecast needs a past.")))
    stop([table.fault(unit, say("is empty; every row names its unit."), row) for row, name in enumerate(names) if not name])
    try:
        clock = clock_of(cells)
        numbers = [clock.number(cell) for cell in cells]
    except ValueError:
        raise BadInput.of(
            table.fault(
                time, say("is not one clock; write all periods as whole numbers, as 2019-01, as 2019-W05 or as 2019-01-31, not mixed.")
            )
        ) from None
    units = sorted(set(names), key=_order(names))
    place = {name: at for at, name in enumerate(units)}
    first, last = min(numbers), max(numbers)
    if (last - first + 1) * len(units) > 50_000_000:
        raise BadInput.of(
            table.fault(time, say("spans {span} periods; that is beyond reason. Is it one clock?", span=f"{last - first + 1:,}"))
        )
    past = np.full((len(units), last - first + 1), np.nan)
    faults = _fill(table, past, [place[name] for name in names], numbers, first, counts, (unit, time))
    stop(faults or _gaps(table, past, units, first, clock, time))
    if not np.nansum(past):
        raise BadInput.of(table.fault(value, say("is nought everywhere; where nothing was ever counted, nothing can be forecast.")))
    return Panel(units, past, first, clock, table, [])


def _order(names: list[str]) -> Callable[[str], tuple[int, str]]:
    """Units in the order of numbers where all are numbers, otherwise of the alphabet."""
    if all(map(str.isdecimal, names)):
        return lambda name: (int(name), name)
    return lambda name: (0, name)


def _fill(
    table: Table,
    past: NDArray[np.float64],
    places: list[int],
    numbers: list[int],
    first: int,
    counts: NDArray[np.float64],
    columns: tuple[str, str],
) -> list[Fault]:
    """Write the counts into `past`; faults where a key is doubled or the clock of a unit goes back."""
    faults: list[Fault] = []
    newest = dict.fromkeys(set(places), first - 1)
    unit, time = columns
    for row, (at, number) in enumerate(zip(places, numbers, strict=True)):
        if np.isfinite(past[at, number - first]):
            faults.append(
                table.fault(
                    time,
                    say(
                        "{unit}, {time} stands in the file twice; one count per unit and period.",
                        unit=table.columns[unit][row][:40],
                        time=table.columns[time][row][:40],
                    ),
                    row,
                )
            )
        elif number < newest[at]:
            faults.append(
                table.fault(
                    time,
                    say(
                        "{time} comes after a later period of {unit}: the clock goes back. Sort the file by time.",
                        unit=table.columns[unit][row][:40],
                        time=table.columns[time][row][:40],
                    ),
                    row,
                )
            )
        newest[at] = max(newest[at], number)
        past[at, number - first] = counts[row]
    return faults


def _gaps(table: Table, past: NDArray[np.float64], units: list[str], first: int, clock: Clock, time: str) -> list[Fault]:
    """Faults where a unit misses a period between its first and its last."""
    faults: list[Fault] = []
    for name, row in zip(units, past, strict=True):
        known = np.flatnonzero(np.isfinite(row))
        missing = np.flatnonzero(~np.isfinite(row[known[0] : known[-1] + 1])) + known[0]
        if missing.size:
            faults.append(
                table.fault(
                    time,
                    say(
                        "{unit} has no row for {time}, and {count} such gaps; write 0 only where somebody looked and saw none.",
                        unit=name[:40],
                        time=clock.text(int(missing[0]) + first),
                        count=missing.size,
                    ),
                )
            )
    return faults


def origin_of(panel: Panel, cell: str) -> int:
    """The number of the origin. BadInput when the panel does not have it, or a unit that reaches it too short a past."""
    time = "--origin"
    shown = say("{first} to {last}", first=panel.clock.text(panel.first), last=panel.clock.text(panel.first + panel.past.shape[1] - 1))
    try:
        number = panel.clock.number(cell)
    except (ValueError, IndexError):
        raise BadInput.of(
            Fault(time, say("“{cell}” is not a period of this panel; it has {shown}.", cell=cell[:40], shown=shown))
        ) from None
    at = number - panel.first
    if not 0 <= at < panel.past.shape[1]:
        raise BadInput.of(Fault(time, say("“{cell}” is not in this panel; it has {shown}.", cell=cell[:40], shown=shown)))
    if at < 2:
        raise BadInput.of(
            Fault(time, say("“{cell}” leaves {count} periods of past; a forecast needs at least three.", cell=cell[:40], count=at + 1))
        )
    if not np.nansum(panel.past[:, : at + 1]):
        raise BadInput.of(
            Fault(
                time, say("up to “{cell}” everything is nought; where nothing was ever counted, nothing can be forecast.", cell=cell[:40])
            )
        )
    return number


def living(panel: Panel, origin: int) -> tuple[Panel, list[str]]:
    """The panel of the units that have a count at the origin, and a warning for those whose series ended before or began later."""
    there = np.isfinite(panel.past[:, origin - panel.first])
    gone = [name for name, is_there in zip(panel.units, there, strict=True) if not is_there]
    warnings = []
    if gone:
        warnings.append(
            say(
                "{count} units have no count at the origin and are not forecast: {names}.",
                count=len(gone),
                names=", ".join(gone[:10]) + (" …" if len(gone) > 10 else ""),
            )
        )
    kept = [name for name, is_there in zip(panel.units, there, strict=True) if is_there]
    return Panel(kept, panel.past[there], panel.first, panel.clock, panel.table, []), list(map(str, warnings))
