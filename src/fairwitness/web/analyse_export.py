"""Export a table of counts as CSV: every count with its coverage, its rule and what it holds, safe to open in a spreadsheet.

The rule it guards: a figure never leaves without its coverage, the export needs its own right and goes on record, and no cell can
run as a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from fairwitness.analyse.tabulate import Cell, Table
from fairwitness.mission.access import require
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb

COLUMNS = (
    "municipality", "window", "count", "low", "high", "qualifier", "state", "lines", "lines_without_figure",
    "visits", "days_covered", "not_working",
    "of_what", "kind", "rule", "rule_words", "recorded_by",
)  # fmt: skip
RUNS = ("=", "+", "-", "@", "\t", "\r")


def export_table(table: Table, names: Mapping[UUID, str], *, by: Hand) -> HttpResponse:
    """The table as a CSV file. Refused without the right to export; on record when it is made."""
    require(by, Verb.RELEASE_EXPORT)
    content = {
        "what": table.what, "kind": table.kind, "from": table.windows[0].label, "to": table.windows[-1].label, "rule": str(table.rule),
        "lines": table.things,
    }  # fmt: skip
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(COLUMNS)
    for row in table.rows:
        for window, cell in zip(table.windows, row.cells, strict=True):
            out.writerow([safe(value) for value in _line(names.get(row.place, str(row.place)), window.label, cell, table)])
    note(by=by, verb=Verb.RELEASE_EXPORT, kind="analyse.table", subject=uuid7(), content=content)
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{table.what}-{table.windows[0].label}-{table.windows[-1].label}.csv"'
    return answer


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


def safe(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNS) else value
