"""Lines of running the node: its state is told to everybody in words without figures, its figures to this machine alone."""

from __future__ import annotations

from people import People

from fairwitness.record.beat import beat
from table import row

ALL = (200,) * 5
NO_POST = (405,) * 5
ROWS = [
    row("web:health", get=ALL, post=NO_POST),
    row("web:metrics", get=ALL, post=NO_POST),
]


def things(people: People) -> None:
    """Later work gives its sign; the callers of the table come from this machine."""
    beat()
