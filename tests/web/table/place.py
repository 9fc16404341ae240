"""Rows of the table for the pages of places and institutions. A place is open to every member; what stands on its page is not."""

from __future__ import annotations

from people import People

from table import row

PRIZREN, NOBODY = {"code": "ask:18"}, (302, 404, 404, 404, 404)
ROWS = [
    row("web:place_page", PRIZREN),
    row("web:place_page", {"code": "{village}"}),
    row("web:place_page", {"code": "pack:kosovo"}),
    row("web:place_page", {"code": "ask:999"}, get=NOBODY),
    row("web:place_page", {"code": "no-such"}, get=NOBODY),
    row("web:place_read", PRIZREN, get=405, post=400),
    row("web:place_read", PRIZREN, get=405, post=302, data={"upto": "0"}),
    row("web:place_read", PRIZREN, get=405, post=400, data={"upto": "99999999"}),
    row("web:place_read", {"code": "ask:999"}, get=(302, 405, 405, 405, 405), post=NOBODY, data={"upto": "0"}),
    row("web:place_timeline", PRIZREN),
    row("web:place_timeline?as=table&kind=seen&kind=said", PRIZREN),
    row("web:place_timeline?since=1.2.2024&until=1.1.2024", PRIZREN, get=422),
    row("web:place_timeline?since=yesterday", PRIZREN, get=422),
    row("web:place_timeline", {"code": "ask:999"}, get=NOBODY),
    row("web:institution", {"code": "mun-18"}),
    row("web:institution", {"code": "no-such"}, get=NOBODY),
    row("web:monitor?place=ask:18"),
]


def things(people: People) -> dict[str, object]:
    """A village of Prizren, by its id."""
    return {"village": people.places["Planjane"].id}
