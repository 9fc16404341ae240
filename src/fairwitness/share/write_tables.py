"""Write the tables of an analysis set as Parquet, with a manifest that names every byte and every rule.

The rule it guards: a table has the columns that are named here and no other, and the manifest says of each how many rows and which
SHA-256, so that whoever reads the set later knows that it is what left.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from fairwitness import __version__
from fairwitness.analyse.numbers.ask.open_set import FORMAT, MANIFEST
from fairwitness.analyse.rules import COUNTING, LINKING

LINE = {
    "line": "BIGINT", "event": "BIGINT", "stream": "VARCHAR", "place": "VARCHAR", "day": "DATE", "precision": "VARCHAR", "kind": "VARCHAR",
    "low": "BIGINT", "high": "BIGINT", "qualifier": "VARCHAR", "state": "VARCHAR", "recorded": "DATE",
}  # fmt: skip
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "observations": LINE,
    "claims": LINE,
    "events": {"event": "BIGINT", "place": "VARCHAR", "day": "DATE", "precision": "VARCHAR", "kind": "VARCHAR", "recorded": "DATE"},
    "activities": {"place": "VARCHAR", "day": "DATE", "kind": "VARCHAR", "state": "VARCHAR", "hours": "DOUBLE", "members": "BIGINT",
                   "recorded": "DATE"},
    "coverage": {"place": "VARCHAR", "day": "DATE", "means": "VARCHAR", "operational": "BOOLEAN", "hours": "DOUBLE", "recorded": "DATE"},
    "restrictions": {"place": "VARCHAR", "day": "DATE", "kind": "VARCHAR", "minutes": "BIGINT", "recorded": "DATE"},
    "checks": {"place": "VARCHAR", "day": "DATE", "obligation": "VARCHAR", "value": "VARCHAR", "numerator": "BIGINT",
               "denominator": "BIGINT", "recorded": "DATE"},
    "places": {"place": "VARCHAR", "name": "VARCHAR", "kind": "VARCHAR", "ended": "DATE"},
}  # fmt: skip
"""Every table and every column there is in a set."""


def write_set(folder: Path, tables: Mapping[str, Sequence[tuple[Any, ...]]], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Write tables and manifest into a new folder; returns the manifest with its tables, rules and code."""
    folder.mkdir()
    named = []
    with duckdb.connect() as base:
        for table, columns in COLUMNS.items():
            file = folder / f"{table}.parquet"
            rows = tables[table]
            _write(base, file, columns, rows)
            named.append({"table": table, "file": file.name, "rows": len(rows), "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
                          "columns": dict(columns)})  # fmt: skip
    rules = [{"name": rule.name, "version": rule.version, "words": rule.words} for rule in (*COUNTING.values(), LINKING)]
    whole = {"format": FORMAT, **manifest, "code": f"fairwitness {__version__}", "rules": rules, "tables": named}
    (folder / MANIFEST).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return whole


def _write(base: duckdb.DuckDBPyConnection, file: Path, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Through a text beside it: a row at a time is slow, and a text needs no further library."""
    text = file.with_suffix(".csv")
    try:
        with text.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
        forms = ", ".join(f"'{name}': '{form}'" for name, form in columns.items())
        said = "auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
        read = f"read_csv(?, {said}, columns = {{{forms}}})"
        base.execute(f"CREATE OR REPLACE TEMPORARY TABLE t AS SELECT * FROM {read}", [str(text)])
        base.execute(f"COPY t TO '{str(file).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd)")
    finally:
        text.unlink(missing_ok=True)
