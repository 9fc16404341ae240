"""Rebuild: make the index again from the rows, a few hundred things at a time, and go on where it stopped.

People work meanwhile: what they keep is met as always. Until it is whole, whoever searches is told so and lists are read
from the rows, so that an index that was lost never looks like data that was lost. The rule it guards: what destroyed keys
had closed does not come back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from fairwitness.mission import index
from fairwitness.mission.write_lines import alone, clear, count_lines, merge, remember, state
from fairwitness.record.erase import on_erase
from fairwitness.record.kept import Kept

CHUNK = 400
WHOLE, AT = "whole", "at"
Progress = Callable[[int, int | None], None]


def is_whole() -> bool:
    """Whether every thing stands in the index."""
    return state(WHOLE) == "yes"


def start() -> None:
    """Take every line out and remember that the index is to be made again."""
    with transaction.atomic():
        alone()
        remember(WHOLE, "no")
        remember(AT, "")
        clear()


def go_on() -> int:
    """Write the lines of the next few hundred things, and remember how far it came. Returns how many; 0 when it is whole."""
    with transaction.atomic():
        alone()
        if is_whole():
            return 0
        at, _, last = state(AT).partition(" ")
        models = [model for model in index.models() if model._meta.label >= at]
        for model in models:
            chunk = _next(model, last if model._meta.label == at else "")
            if chunk:
                index.put(*chunk)
                remember(AT, f"{model._meta.label} {chunk[-1].pk}")
                return len(chunk)
        remember(WHOLE, "yes")
        remember(AT, "")
    merge()
    return 0


def _next(model: type[Kept], after: str) -> list[Any]:
    rows: Any = model._default_manager.order_by("id")
    if after:
        rows = rows.filter(pk__gt=after)
    if connection.vendor == "postgresql":
        rows = rows.select_for_update()
    return list(rows[:CHUNK])


def rebuild(*, anew: bool = True, progress: Progress | None = None) -> int:
    """Make the index again; with `anew` False, go on where it stopped. Returns how many lines were written."""
    if anew:
        start()
    total = sum(model._default_manager.count() for model in index.models()) if progress is not None else 0
    done = 0
    while step := go_on():
        done += step
        if progress is not None:
            progress(done, total)
    return done


def missing() -> dict[str, tuple[int, int]]:
    """Kinds whose lines are not as many as their things: how many lines, how many things. Lines of things that are not shown
    (a struck paragraph) are counted as there."""
    lines = count_lines()
    found = {}
    for model in index.models():
        kind, things = model.kind_on_record(), index.shown(model).count()
        if lines.get(kind, 0) != things:
            found[kind] = (lines.get(kind, 0), things)
    return found


@on_erase
def _rebuild_at_erase() -> None:
    rebuild()
