"""Read ratings: one row for each thing rated and one column for each rater, or one row for each rating.

The rule it guards: a rating not given is missing and stays so; a rating that the scale does not have is a fault with its place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.agree.name_rows import GAPS, NO_COLUMN, RATERS, UNITS, name_rows
from fairwitness.analyse.numbers.read_table import Table, stop
from fairwitness.errors import BadInput, Fault, say

Floats = NDArray[np.float64]
LEVELS = ("nominal", "ordinal", "interval", "ratio")
RATINGS = ("rating", "value", "code", "score", "rated")


@dataclass(frozen=True, slots=True)
class Ratings:
    """`codes` (units, raters): the place of each rating among `scale`, -1 where none was given; `values` are the scale as numbers.

    `names` is the column that names the rows and is no rating, where there is one.
    """

    codes: NDArray[np.int64]
    scale: tuple[str, ...]
    values: Floats
    raters: tuple[str, ...]
    names: str | None = None


def read_ratings(
    table: Table,
    level: str,
    *,
    unit: str | None = None,
    rater: str | None = None,
    rating: str | None = None,
    order: Sequence[str] = (),
    raters_in_rows: bool = False,
) -> Ratings:
    """The ratings in a table, wide or long. Long when it has a column of raters and one of ratings, named so or by option.

    `unit` names the column that names the rows of a wide table (units, or raters when `raters_in_rows`); "-" says that none does.
    `order` gives an ordinal scale of words from lowest to highest. BadInput when a rating is not of the scale, or is given twice.
    """
    if level not in LEVELS:
        raise BadInput.of(Fault("level", say("“{level}” is none of {levels}.", level=level, levels=", ".join(LEVELS))))
    of = unit or _known(table, UNITS)
    by, what = rater or _known(table, RATERS), rating or _known(table, RATINGS)
    if of and by and what:
        cells, raters = _long(table, of, by, what)
        return _coded(table, cells, raters, level, order)
    names = None if unit == NO_COLUMN and NO_COLUMN not in table.columns else unit or name_rows(table, raters_in_rows)
    if names is not None:
        _once(table, names, raters_in_rows)
    raters = [name for name in table.columns if name != names]
    cells = [[table.columns[name][row] for name in raters] for row in range(table.rows)]
    if raters_in_rows:
        cells = [list(column) for column in zip(*cells, strict=True)]
        raters = table.columns[names] if names is not None else [str(row + 1) for row in range(table.rows)]
    return replace(_coded(table, cells, raters, level, order), names=names)


def _known(table: Table, names: Sequence[str]) -> str | None:
    return next((name for name in table.columns if name.casefold() in names), None)


def _once(table: Table, unit: str, raters_in_rows: bool) -> None:
    """Refuse a wide table where a row stands twice: the same thing, or the same rater, would be weighed as two."""
    first: dict[str, int] = {}
    faults: list[Fault] = []
    for row, one in enumerate(table.texts(unit)):
        if not one:
            faults.append(table.fault(unit, say("is empty."), row))
        elif one in first:
            if raters_in_rows:
                again = say(
                    "the rater “{one}” stands here again, first in row {row}; one row is one rater.", one=one[:40], row=first[one] + 2
                )
            else:
                again = say("“{one}” stands here again, first in row {row}; one row is one thing rated.", one=one[:40], row=first[one] + 2)
            faults.append(table.fault(unit, again, row))
        else:
            first[one] = row
    stop(faults)


def _long(table: Table, unit: str, rater: str, rating: str) -> tuple[list[list[str]], list[str]]:
    units, raters = list(dict.fromkeys(table.texts(unit))), list(dict.fromkeys(table.texts(rater)))
    at_unit, at_rater = {name: at for at, name in enumerate(units)}, {name: at for at, name in enumerate(raters)}
    cells = [["" for _ in raters] for _ in units]
    given: set[tuple[str, str]] = set()
    faults: list[Fault] = []
    for row, (one, who, what) in enumerate(zip(table.texts(unit), table.texts(rater), table.texts(rating), strict=True)):
        if not one or not who:
            faults.append(table.fault(unit if not one else rater, say("is empty."), row))
        elif (one, who) in given:
            faults.append(table.fault(rating, say("{who} has rated “{one}” twice; keep one rating.", who=who[:40], one=one[:40]), row))
        else:
            given.add((one, who))
            cells[at_unit[one]][at_rater[who]] = what
    stop(faults)
    return cells, raters


def _coded(table: Table, cells: list[list[str]], raters: list[str], level: str, order: Sequence[str]) -> Ratings:
    if len(raters) < 2:
        raise BadInput.of(Fault("", say("has one rater; agreement takes two at least."), table.name))
    found = list(dict.fromkeys(cell for row in cells for cell in row if cell not in GAPS))
    if order:
        if len(set(order)) != len(order):
            raise BadInput.of(Fault("order", say("names a rating twice.")))
        strange = [cell for cell in found if cell not in order]
        if strange:
            raise BadInput.of(Fault("order", say("does not name the rating “{cell}”.", cell=strange[0][:40]), table.name))
        scale, values = list(order), np.arange(1.0, len(order) + 1)
    else:
        scale, values = _scale(table, cells, found, level)
    at = {name: place for place, name in enumerate(scale)}
    if not order and level != "nominal":
        same = {value: place for place, value in reversed(list(enumerate(values.tolist())))}
        at = {name: same[values[place]] for place, name in enumerate(scale)}
    codes = np.array([[at.get(cell, -1) if cell not in GAPS else -1 for cell in row] for row in cells], dtype=np.int64)
    return Ratings(codes.reshape(len(cells), len(raters)), tuple(scale), values, tuple(raters))


def _scale(table: Table, cells: list[list[str]], found: list[str], level: str) -> tuple[list[str], Floats]:
    """The ratings that occur, in order of size, as numbers where the level asks for numbers."""
    if level == "nominal":
        return found, np.arange(float(len(found)))
    numbers: dict[str, float] = {}
    faults: list[Fault] = []
    for name in found:
        try:
            numbers[name] = float(name)
        except ValueError:
            numbers[name] = math.nan
        row = next(at for at, line in enumerate(cells) if name in line)
        if not math.isfinite(numbers[name]):
            ordinal = say("give the order of the ratings with --order")
            remedy = ordinal if level == "ordinal" else say("choose --level nominal or ordinal")
            faults.append(Fault("", say("“{cell}” is not a number; {remedy}.", cell=name[:40], remedy=remedy), table.name, row + 2))
        elif level == "ratio" and numbers[name] < 0:
            faults.append(Fault("", say("“{cell}” is below nought; a ratio scale begins there.", cell=name[:40]), table.name, row + 2))
    stop(faults)
    scale = sorted(found, key=lambda name: numbers[name])
    return scale, np.array([numbers[name] for name in scale])
