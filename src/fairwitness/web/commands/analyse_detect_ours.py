"""`fairwitness analyse detect --method ours`: the mission's own detector on one column of a plain file, or on several that share strength.

The rule it guards: no alarm without the level it was raised at and how often chance alone would raise one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_detect_say import say_points, state_point

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.pool import Point
    from fairwitness.analyse.numbers.read_table import Table

LEVEL = 0.01
"""The rate of false alarms of a series unless another is asked for: one in about two years of weeks."""


def run_ours(given: argparse.Namespace, table: Table, options: Sequence[str], warnings: list[Any]) -> int:
    """Judge the column, or all columns together, and say the level with the answer; `options` are those of the other methods."""
    from fairwitness.analyse.numbers.budget import recurrence_years, say_recurrence

    stray = [name for name in options if name != "alpha" and getattr(given, name) is not None]
    if stray:
        raise BadInput.of(*(Fault(name, say("is not a parameter of ours.")) for name in stray))
    given.alpha = LEVEL if given.alpha is None else given.alpha
    given.from_row = min(table.rows, given.frequency + 1) if given.from_row is None else given.from_row
    judged = _judge(given, table)
    named = len(judged) > 1
    points = [{**({"column": name} if named else {}), **state_point(one.t, one.observed, one.expected, one.upperbound, one.alarm, one.p)}
              for name, own in judged for one in own]  # fmt: skip
    weeks = sum(one["p"] is not None for one in points)
    alarms = sum(one["alarm"] is True for one in points)
    clusters = sum(one.raised for _, own in judged for one in own)
    often = say_recurrence(recurrence_years(given.alpha, given.frequency))
    foot = [
        say("Alarms are raised at p up to {alpha}: in a series where only the usual goes on, {often}.", alpha=f"{given.alpha:g}",
            often=often),
        say("Rows judged: {rows}; alarms: {alarms}, in {clusters} clusters; by chance alone about {chance} alarms are expected.",
            rows=weeks, alarms=alarms, clusters=clusters, chance=f"{given.alpha * weeks:.1f}"),
    ]  # fmt: skip
    chosen = {"alpha": given.alpha, "frequency": given.frequency, "from_row": given.from_row, "columns": ", ".join(given.column)}
    result = {"points": points, "method": "ours", "chosen": chosen,
              "alarms": alarms, "clusters": clusters, "expected_false_alarms": given.alpha * weeks, "recurrence": str(often)}  # fmt: skip
    return say_points(given, table, result, warnings, foot)


def _judge(given: argparse.Namespace, table: Table) -> list[tuple[str, tuple[Point, ...]]]:
    """The points of each column, by its name."""
    import numpy as np

    from fairwitness.analyse.numbers.pool import detect_one, detect_panel
    from fairwitness.web.commands.begin import Progress

    counts = [table.counts(name, missing=True) for name in given.column]
    asked: dict[str, Any] = {"alpha": given.alpha, "frequency": given.frequency, "start": given.from_row}
    if len(counts) == 1:
        return [(given.column[0], detect_one(counts[0], **asked))]
    progress = Progress("weeks judged")
    watch = detect_panel(np.stack(counts, axis=1), names=given.column, tell=progress, **asked)
    progress.end()
    return list(zip(watch.names, watch.points, strict=True))
