"""`fairwitness analyse sum`: five sums over an analysis set or over plain Parquet files, on DuckDB or on Spark.

The rule it guards: no sum without the rule it was counted by, the moment its data stood on record, and what it does not show.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    rows: int | None
    digest: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which data, which question, which rule, which engine."""
    parser.add_argument("data", nargs="+", type=Path, help="the folder of an analysis set, or Parquet files of lines (place, day, …)")
    parser.add_argument("--question", default="coverage", help="counts, coverage (default), rolling, overlap or trend")
    parser.add_argument("--rule", default="C-1", help="the rule of counting: C-0, C-1 (default) or C-2")
    parser.add_argument("--of", default="observations", help="observations (default), claims or both; a plain file holds one kind of line")
    parser.add_argument("--kind", default="", help="only lines of this code of the vocabulary")
    parser.add_argument("--engine", default="duckdb", help="duckdb (default) or spark")
    parser.add_argument("--threads", type=int, default=0, help="how many threads at most; 0: as many as there are")
    parser.add_argument("--master", default="", help="the address of a Spark cluster; this machine when left out")


def run(given: argparse.Namespace) -> int:
    """Answer it. Refused: data that have expired or were changed, a question, rule or engine that does not exist."""
    from fairwitness.analyse.numbers.ask.open_set import open_set
    from fairwitness.analyse.numbers.ask.run_questions import ask, engine
    from fairwitness.analyse.numbers.ask.word_questions import question_of, rule_of
    from fairwitness.errors import BadInput, Fault

    if given.threads < 0:
        raise BadInput.of(Fault("threads", "is below 0; 0 is as many as there are"))
    question_of(given.question), rule_of(given.rule)
    opened = open_set(given.data)
    with engine(given.engine, given.threads, given.master) as (work, look):
        answer = ask(opened, given.question, work, look, rule=given.rule, of=given.of, kind=given.kind)
    marked = {name: opened.manifest.get(name) for name in ("marking", "vintage", "expires")}
    if given.json:
        rows = {str(one["file"]): int(one["rows"]) for one in opened.manifest.get("tables", ())}
        files = [_File(name, rows.get(name), digest) for name, digest in sorted(opened.digests.items())]
        lines = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        said = {"question": given.question, "rule": answer.rule, "rows": lines}
        say_json(given, files, {**said, **marked}, answer.warnings)  # type: ignore[arg-type]
        return 0
    if opened.manifest:
        print(f"{marked['marking']}. As on record at {marked['vintage']}; to be used until {marked['expires']}. Rule {answer.rule}.")
    say_table(answer.columns, answer.rows)
    say_warnings(answer.warnings)
    return 0
