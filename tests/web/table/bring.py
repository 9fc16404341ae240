"""Rows of the table for bringing lists: one of the Prizren team that was tried, one of them that was taken."""

from __future__ import annotations

from people import People

from fairwitness.mission.bring import bring, match
from fairwitness.mission.models import Import
from fairwitness.mission.take_rows import start, take, try_list
from fairwitness.record.hand import command
from table import row

TRIED, DONE = {"code": "{tried}"}, {"code": "{done}"}
MINE = (302, 403, 200, 403, 403)
ROWS = [
    row("web:imports", get=MINE),
    row("web:import_new", get=MINE, post=(302, 403, 422, 403, 403)),
    row("web:import", TRIED, get=MINE),
    row("web:import", DONE, get=MINE),
    row("web:import_columns", TRIED, get=MINE, post=(302, 403, 422, 403, 403)),
    row("web:import_words", TRIED, get=MINE, post=(302, 403, 302, 403, 403)),
    row("web:import_try", TRIED, get=(302, 405, 405, 405, 405), post=(302, 403, 302, 403, 403)),
    row("web:import_start", TRIED, get=(302, 405, 405, 405, 405), post=(302, 403, 403, 403, 403)),
    row("web:import_undo", DONE, get=MINE, post=(302, 403, 422, 403, 403)),
    row("web:import_report", TRIED, get=MINE),
]


def things(people: People) -> dict[str, str]:
    """Two lists of recommendations, by the node's own hand for the Prizren team."""
    made: dict[str, str] = {}
    for name in ("tried", "done"):
        data = f"Recommendation\nDo the {name} thing.\n".encode()
        one = bring(data, file_name=f"{name}.csv", target="recommendations", unit=people.units["PZ-T1"], by=command())
        try_list(match(one, one.columns, by=command()), by=command())
        made[name] = one.code
    one = Import.objects.get(code=made["done"])
    take(start(one, by=command(), background=False), by=command())
    return made
