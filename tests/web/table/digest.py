"""Rows of the table for the daily mail: without a mail server, as a node is when nothing is set."""

from __future__ import annotations

from people import People

from table import row

ROWS = [
    row("web:digest", post=422, data={"address": "somebody@example.org"}),
    row("web:digest", post=422, data={"address": "nothing"}),
    row("web:digest_confirm?code=abc", post=400, data={"code": "abc"}),
    row("web:digest_off", get=405, post=302),
]


def things(people: People) -> None:
    """Nothing is needed."""
