"""Say a result of `fairwitness analyse`: as a table for a person, or as one JSON object that can be computed again.

The rule it guards: no figure without the parameters, the digest of the data and the version of the code it was computed by.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fairwitness import __version__

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.read_table import Table

_NOT_PARAMETERS = {"command", "analysis", "json"}


def parameters(given: argparse.Namespace) -> dict[str, Any]:
    """Every option with the value it had, given or not."""
    return {name: value if isinstance(value, int | float | bool | None) else _plain(value) for name, value in sorted(vars(given).items())
            if name not in _NOT_PARAMETERS}  # fmt: skip


def _plain(value: Any) -> Any:
    """A value as JSON has it: arrays become lists, what is not finite becomes null, anything else its text."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bool | int | str | None):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)


def say_json(given: argparse.Namespace, tables: Sequence[Table], result: Mapping[str, Any], warnings: Sequence[str] = ()) -> None:
    """Print one object: the result's own keys, and `analysis`, `parameters`, `data`, `code`, `warnings`."""
    data = [{"file": table.name, "rows": table.rows, "sha256": table.digest} for table in tables]
    whole = {**result, "analysis": given.analysis, "parameters": parameters(given), "data": data,
             "code": f"fairwitness {__version__}", "warnings": list(map(str, warnings))}  # fmt: skip
    print(json.dumps(_plain(whole), ensure_ascii=False, indent=1))


def say_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print columns: text to the left, numbers to the right, a dash where there is nothing."""
    cells = [[_shown(one) for one in row] for row in rows]
    wide = [max(len(head), *(len(row[place]) for row in cells)) if cells else len(head) for place, head in enumerate(header)]
    right = [all(isinstance(row[place], int | float | None) for row in rows) for place in range(len(header))]
    for line in [list(header), *cells]:
        print("  ".join(one.rjust(width) if at else one.ljust(width) for one, width, at in zip(line, wide, right, strict=True)).rstrip())


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    return str(value)


def say_warnings(warnings: Sequence[str]) -> None:
    """Print what a reader must know beside the figures, on the error stream, so that a table can be piped."""
    for warning in warnings:
        print(f"Note: {warning}", file=sys.stderr)
