"""Read dates: what the rows of a series are, weeks, months or days, by their own dates; and whether each follows the one before.

Weeks (2004-W02), months (1985-01) and days in the usual spellings are understood; a spelling that could be two days is refused.
The rule it guards: a series is never judged on a calendar its own dates contradict. A clock that goes back, a week that stands twice
and a gap are faults with their row, whatever the method.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from fairwitness.analyse.numbers.detect.state_points import refuse
from fairwitness.analyse.numbers.read_table import MISSING, Table, stop
from fairwitness.errors import Fault, say

_NAMES = ("date", "week", "month", "day", "time", "period", "datum")
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})(?:-?1)?", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})[-/M](\d{1,2})")
_DAY = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?")
_POINTS = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?")
_EITHER = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(\d{4}|\d{2})\.?")
ROWS = {"week": 52, "month": 12, "day": 365}
DAILY = ("ears_c1", "ears_c2", "ears_c3", "outbreakp")
"""Methods that know no year, and so can read days."""


@dataclass(frozen=True, slots=True)
class Course:
    """The dates of the rows in a column, and what a row is: a week, a month or a day."""

    column: str
    days: list[date]
    step: str


def read_course(table: Table, asked: str, counted: Sequence[str]) -> Course | None:
    """The dates in the column `asked`, or with `auto` in the column of dates if there is one; None when there is none, or with `none`.

    `counted` are the columns of counts. BadInput names every row that is no date, and every row that does not follow the one before.
    """
    if asked == "none":
        return None
    column = find_column(table, counted) if asked == "auto" else asked
    if column is None:
        return None
    cells = table.texts(column)
    days, months = _read_all(table, column, cells)
    step = _step(table, column, days, months)
    stop(list(_breaks(table, column, days, step)))
    return Course(column, days, step)


def choose_frequency(course: Course | None, given: int | None, method: str) -> int:
    """The rows of a year: as the dates have it, else as given, else 52. What is given must not contradict the dates."""
    if given is not None and given not in (12, 52) and not (given == ROWS["day"] and method in DAILY):
        refuse("frequency", say("is 52 (weeks) or 12 (months), not {value}.", value=given))
    if course is None:
        return given or ROWS["week"]
    rows = ROWS[course.step]
    if course.step == "day" and method not in DAILY:
        refuse(course.column, say("has a row a day; {method} reads weeks or months. Add the days up, or take one of {names}.",
                                  method=method, names=", ".join(DAILY)))  # fmt: skip
    if given is not None and given != rows:
        refuse("frequency", say("is {given}, but a row of “{column}” is one {step}: write --frequency {rows}, or --dates none.",
                                given=given, column=course.column, step=course.step, rows=rows))  # fmt: skip
    return rows


def find_column(table: Table, counted: Sequence[str]) -> str | None:
    """The column of dates: one filled column named date, or one whose name speaks of time and whose cells are mostly dates."""
    free = [name for name in table.columns if name not in counted]
    for name in free:
        if name.casefold() == "date" and any(cell not in MISSING for cell in table.columns[name]):
            return name
    for word in _NAMES:
        for name in free:
            filled = [cell for cell in table.columns[name] if cell not in MISSING]
            if word in re.split(r"[\W_]+", name.casefold()) and filled and 2 * sum(map(_is_time, filled)) >= len(filled):
                return name
    return None


def _is_time(cell: str) -> bool:
    return _EITHER.fullmatch(cell) is not None or _read(cell) is not None


def _read(cell: str) -> tuple[date, str] | None:
    """The day a cell names, the first of its week or month; None where it names none."""
    try:
        if found := _WEEK.fullmatch(cell):
            return date.fromisocalendar(int(found[1]), int(found[2]), 1), "week"
        if found := _DAY.fullmatch(cell):
            return date(int(found[1]), int(found[3]), int(found[4])), "day"
        if found := _MONTH.fullmatch(cell):
            return date(int(found[1]), int(found[2]), 1), "month"
        if found := _COMPACT.fullmatch(cell):
            return date(int(found[1]), int(found[2]), int(found[3])), "day"
        if found := _POINTS.fullmatch(cell):
            return date(int(found[3]), int(found[2]), int(found[1])), "day"
    except ValueError:
        return None
    return None


def _read_all(table: Table, column: str, cells: Sequence[str]) -> tuple[list[date], bool]:
    """Every cell as a day, and whether they are months; each that is none, or is written in another way than the first, is a fault."""
    faults: list[Fault] = []
    days: list[date] = []
    kinds: list[str] = []
    for row, cell in enumerate(cells):
        found = _read(cell)
        if found is not None:
            days.append(found[0])
            kinds.append(found[1])
            if found[1] != kinds[0]:
                words = say("“{cell}” is not written as “{first}” is; write weeks, months or days, not mixed.", cell=cell[:40],
                            first=cells[0][:40])  # fmt: skip
                faults.append(table.fault(column, words, row))
        elif _EITHER.fullmatch(cell):
            words = say("“{cell}” can be read in two ways; write it as 2026-11-30 or 30.11.2026.", cell=cell[:40])
            faults.append(table.fault(column, words, row))
        else:
            words = say("“{cell}” is no date; write it as 2026-11-30, a week as 2026-W48, a month as 2026-11; or give --dates none.",
                        cell=cell[:40])  # fmt: skip
            faults.append(table.fault(column, words, row))
    stop(faults)
    return days, kinds[:1] == ["month"]


def _step(table: Table, column: str, days: Sequence[date], months: bool) -> str:
    """What a row is, by the usual distance between rows."""
    if months:
        return "month"
    gaps = sorted((after - one).days for one, after in pairwise(days) if after > one)
    usual = gaps[len(gaps) // 2] if gaps else 7
    step = {1: "day", 7: "week"}.get(usual, "month" if 28 <= usual <= 31 else "")
    if not step:
        words = say("has rows {days} days apart; a row must be a week or a month.", days=usual)
        stop([table.fault(column, words)])
    return step


def _breaks(table: Table, column: str, days: Sequence[date], step: str) -> list[Fault]:
    """Faults where a row does not follow the one before by one step."""
    faults = []
    for row, (one, after) in enumerate(pairwise(days), 1):
        same_month = step == "month" and (one.year, one.month) == (after.year, after.month)
        gap = (after.year - one.year) * 12 + after.month - one.month if step == "month" else (after - one).days
        if gap == {"week": 7}.get(step, 1):
            continue
        words = say(
            "{after} does not follow {one} by one {step}; give every {step} one row, or --dates none.", after=after, one=one, step=step
        )
        if after == one or same_month:
            words = say("“{week}” stands here again; each week has one row.", week=table.columns[column][row][:40])
        elif after < one:
            words = say("is not later than the row before; the rows must run forward in time.")
        faults.append(table.fault(column, words, row))
    return faults
