"""Take a table of counts along: every count with its coverage, its rule and what it holds, safe to open in a spreadsheet.

The rule it guards: a figure never leaves without its coverage, the file is marked by the heaviest thing its reader's counts may rest
on, and it goes through the one function that makes it harmless and puts it on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from fairwitness.analyse.tabulate import Cell, Table
from fairwitness.mission.access import TOP, rights
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.web.take_along import take_along

COLUMNS = (
    "municipality", "window", "count", "low", "high", "qualifier", "state", "lines", "lines_without_figure",
    "visits", "days_covered", "not_working",
    "of_what", "kind", "rule", "rule_words", "recorded_by",
)  # fmt: skip
COVERAGE = "Each count stands with the visits and days that could have made it; where nobody went there is no figure."


def export_table(request: HttpRequest, table: Table, names: Mapping[UUID, str], *, by: Hand) -> HttpResponse:
    """The table as a file. Refused without the right to export; on record when it is made."""
    rows = [
        _line(names.get(row.place, str(row.place)), window.label, cell, table)
        for row in table.rows
        for window, cell in zip(table.windows, row.cells, strict=True)
    ]
    name = f"{table.what}-{table.windows[0].label}-{table.windows[-1].label}"
    return take_along(request, name, COLUMNS, rows, hand=by, marking=_heaviest(by), coverage=COVERAGE, as_of=table.as_of)


def _heaviest(by: Hand) -> int:
    """The heaviest things this reader's counts may rest on."""
    return max((right.ceiling for right in rights(by).by_verb.get(Verb.OBSERVATION_READ.value, ())), default=int(TOP))


def _line(place: str, window: str, cell: Cell, table: Table) -> Sequence[Any]:
    # Where nobody looked there is no figure, not even an empty sum.
    count = None if cell.state == "not_visited" else cell.count
    figure = (count.low, count.high, count.qualifier) if count else ("", "", "")
    return (
        place, window, cell.words, figure[0], "" if figure[1] is None else figure[1], figure[2], cell.state, cell.things,
        cell.unstated,
        cell.looked.visits, cell.looked.days, "; ".join(cell.looked.down), table.what, table.kind or "all",
        str(table.rule),
        table.rule.words,
        table.as_of.isoformat() if table.as_of else "",
    )  # fmt: skip

