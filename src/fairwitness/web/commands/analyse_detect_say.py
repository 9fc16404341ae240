"""Say the tested rows of `fairwitness analyse detect`: as a table with every parameter below it, or as one JSON object.

The rule it guards: what a method does not state is shown as nothing, never as nought.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.read_table import Table


def state_point(t: Any, observed: Any, expected: Any, upperbound: Any, alarm: Any, p: Any) -> dict[str, Any]:
    """One tested row; what is not stated is null."""
    clear = {name: None if value is None or value != value else float(value)
             for name, value in (("expected", expected), ("upperbound", upperbound), ("p", p))}  # fmt: skip
    return {
        "t": int(t),
        "observed": None if observed is None or observed != observed else int(observed),
        "expected": clear["expected"],
        "upperbound": clear["upperbound"],
        "alarm": None if alarm is None or alarm != alarm else bool(alarm),
        "p": clear["p"],
    }


def say_points(given: argparse.Namespace, table: Table, result: dict[str, Any], warnings: Sequence[Any], foot: Sequence[Any] = ()) -> int:
    """Print the tested rows, below them `foot`, and every parameter they were tested with."""
    if given.json:
        say_json(given, [table], result, [*map(str, warnings)])
        return 0
    header = (*(("column",) if "column" in result["points"][0] else ()), "t", "observed", "expected", "upperbound", "alarm", "p")
    shown = {True: "ALARM", False: "", None: "?"}
    rows = [[shown[one[name]] if name == "alarm" else one[name] for name in header] for one in result["points"]]
    say_table(header, rows)
    for line in foot:
        print(line)
    chosen = ", ".join(f"{name} {value}" for name, value in result["chosen"].items())
    say_warnings([f"{given.method}: {chosen}.", *map(str, warnings)])
    return 0
