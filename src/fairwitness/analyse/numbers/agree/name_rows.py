"""Name the rows of a wide table of ratings: which column, if any, names what was rated, or who rated.

The rule it guards: a name is never weighed as a rating; a first column that may be either is refused.
"""

from __future__ import annotations

from fairwitness.analyse.numbers.read_table import MISSING, Table
from fairwitness.errors import BadInput, Fault, say

GAPS = MISSING | {"*", "."}
UNITS = ("unit", "unit_id", "item", "case", "id", "subject", "indicator", "statement", "event")
RATERS = ("rater", "coder", "observer", "annotator", "reviewer", "by")
NO_COLUMN = "-"
_WHO = {*RATERS, *(f"{one}s" for one in RATERS), *(f"{one}_id" for one in RATERS), "monitor", "judge", "interviewer"}
_NAMES = {"name", "names"}


def name_rows(table: Table, raters_in_rows: bool) -> str | None:
    """The column that names the rows: one called so, or a first column of names. BadInput when it cannot be told from ratings."""
    known = next((name for name in table.columns if name.casefold() in UNITS), None)
    first = next(iter(table.columns))
    if known is not None or len(table.columns) < 2 or not table.rows:
        return known
    who = first.casefold() in _WHO
    if not first or first.casefold() in _NAMES or (who and raters_in_rows):
        return first
    kind = _look(table, first)
    if kind == "ratings":
        return None
    if kind == "perhaps" or (who and not raters_in_rows):
        raise BadInput.of(Fault(first, _ask(first, raters_in_rows, who and kind == "names"), table.name))
    return first


def _ask(first: str, raters_in_rows: bool, who: bool) -> str:
    if who:
        return say(
            "seems to hold the names of raters: give --raters-in-rows when each row is what one of them rated, --rating COL when each row "
            "is one rating, or --unit - when it holds ratings."
        )
    if raters_in_rows:
        return say("may hold the names of the raters or ratings: give --unit {column} for names, --unit - for ratings.", column=first)
    return say("may hold the names of what was rated or ratings: give --unit {column} for names, --unit - for ratings.", column=first)


def _look(table: Table, first: str) -> str:
    """Whether the first column holds “names”, “ratings” or “perhaps” either, from its cells and those of the other columns."""
    cells = [cell for cell in table.columns[first] if cell not in GAPS]
    others = [cell for name, column in table.columns.items() if name != first for cell in column if cell not in GAPS]
    if not cells or not others:
        return "ratings"
    single = len(set(cells)) == len(cells) == table.rows
    if not any(map(_number, cells)):
        if all(map(_number, others)):
            return "names"
        if not single or set(cells) & set(others):
            return "ratings"
        return "names" if table.rows > 2 and len(set(others)) < len(others) else "perhaps"
    if not single or table.rows < 3 or not all(cell.isdigit() for cell in cells):
        return "ratings"
    numbers = list(map(int, cells))
    counted = numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1)
    if not all(map(_number, others)):
        return "perhaps"
    apart = min(numbers) > max(map(float, others)) or max(numbers) < min(map(float, others))
    return "perhaps" if counted or apart else "ratings"


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
