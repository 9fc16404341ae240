"""The table of every address x every person x every method: its form, and how a room gives its lines.

A room's module `tests/web/table/<room>.py` holds

    ROWS = [row("web:observation", {"code": "PZ-0417"}, get=(302, 200, 200, 200, 404), post=(302, 405, 405, 405, 405)), …]

    def things(people: People) -> dict[str, object] | None:
        "Makes, through the house's own functions, what the rows need. What it returns fills `{name}` in the rows' values."

The five figures stand for nobody, monitor, analyst, clearer, stranger, in this order; one figure stands for all four who are signed in
(nobody is then sent to the sign-in page). A method that is not given answers 405 to the signed-in and 302 to nobody; at the public door
give it all the same. HEAD answers as GET. A name may carry a query: `web:observations?format=csv`. `data` is what the POST sends
(nothing by default, so that a form answers 422 or a wrong body 400).

Wherever a person gets 404 for a thing, the same person asks for one that does not exist: same status, same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

PERSONS = ("nobody", "monitor", "analyst", "clearer", "stranger")
METHODS = ("GET", "HEAD", "POST")


class Row(NamedTuple):
    """One address with what each person gets, by method. A plain tuple of the first three will do."""

    name: str
    args: Mapping[str, Any]
    expected: Mapping[str, Mapping[str, int]]
    data: Mapping[str, Any] = {}


def row(
    name: str,
    args: Mapping[str, Any] | None = None,
    *,
    get: int | Sequence[int] = 200,
    post: int | Sequence[int] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Row:
    """A line of the table. See the module's first lines for the figures."""
    expected = {"GET": _each(get)}
    if post is not None:
        expected["POST"] = _each(post)
    return Row(name, args or {}, expected, data or {})


def _each(figures: int | Sequence[int]) -> dict[str, int]:
    if isinstance(figures, int):
        figures = (302, figures, figures, figures, figures)
    assert len(figures) == len(PERSONS), f"{figures}: one figure, or one for each of {PERSONS}"
    return dict(zip(PERSONS, figures, strict=True))
