"""Run the questions on an engine: DuckDB in this process, or Spark, here or on a cluster.

The rule it guards: an engine adds nothing of its own. Views and questions are the same texts on both, answers are plain rows in one
order, and a figure is equal wherever it was computed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from fairwitness.analyse.numbers.ask.open_set import OpenSet
from fairwitness.analyse.numbers.ask.word_questions import (
    LEFT_OUT,
    LOOKED_SPAN,
    OF,
    question_of,
    rule_of,
    word_lines,
    word_looked,
    word_places,
    word_things,
    word_weekly,
    word_weeks,
)
from fairwitness.analyse.numbers.tell_install import tell_install
from fairwitness.analyse.rules import CountingRule
from fairwitness.errors import BadInput, Fault, NotReadable, say

ENGINES = ("duckdb", "spark")
Rows = list[tuple[Any, ...]]
Run = Callable[[str], Rows]
Look = Callable[[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows under their columns, the rule they were counted by, and what a reader must know beside them."""

    columns: tuple[str, ...]
    rows: Rows
    rule: str
    warnings: tuple[str, ...]


@contextmanager
def engine(name: str, threads: int = 0, address: str = "") -> Iterator[tuple[Run, Look]]:
    """An engine as two functions: run a text, and name a file as a view (returns its columns). BadInput where it cannot be had.

    `threads` 0 is all there are; `address` is Spark's master, this machine when empty.
    """
    if name == "duckdb":
        import duckdb

        with duckdb.connect(config={"threads": threads} if threads else {}) as base:
            def run(text: str) -> Rows:
                try:
                    return list(base.execute(text).fetchall()) if text.startswith("SELECT") else _nothing(base.execute(text))
                except duckdb.Error as why:
                    raise NotReadable("The data cannot be summed: {why}", why=str(why).partition("\n")[0]) from why

            def look(view: str, path: str) -> Sequence[str]:
                quoted = path.replace("'", "''")
                run(f"CREATE OR REPLACE TEMPORARY VIEW {view} AS SELECT * FROM read_parquet('{quoted}')")
                return [str(row[0]) for row in base.execute(f"DESCRIBE {view}").fetchall()]

            yield run, look
    elif name == "spark":
        session = _spark(threads, address)
        try:
            def run_there(text: str) -> Rows:
                return [tuple(row) for row in session.sql(text).collect()]

            def look_there(view: str, path: str) -> Sequence[str]:
                frame = session.read.parquet(path)
                frame.createOrReplaceTempView(view)
                return [str(column) for column in frame.columns]

            yield run_there, look_there
        finally:
            session.stop()
    else:
        raise BadInput.of(Fault("engine", say("“{name}” is not known; there are {names}", name=name[:40], names=", ".join(ENGINES))))


@dataclass(frozen=True, slots=True)
class Laid:
    """Data laid out as views under a rule, ready to be asked: lines in all, those without a day, those known to the month only."""

    run: Run
    rule: CountingRule
    lines: int
    undated: int
    months: int
    looked: bool


def ask(opened: OpenSet, name: str, run: Run, look: Look, *, rule: str = "C-1", of: str = "observations", kind: str = "") -> Answer:
    """Answer one question over an opened set. Raises BadInput for a question, rule or table that is not there."""
    question_of(name)
    return answer(lay(opened, run, look, rule=rule, of=of, kind=kind), name)


def lay(opened: OpenSet, run: Run, look: Look, *, rule: str = "C-1", of: str = "observations", kind: str = "") -> Laid:
    """Lay the files of a set out as views, for any number of questions. Raises BadInput, also where a count is below nought."""
    counting = rule_of(rule)
    if of not in OF:
        raise BadInput.of(Fault("of", say("“{of}” is not counted; there are {names}", of=of[:40], names=", ".join(OF))))
    seen: dict[str, list[tuple[str, Sequence[str]]]] = {}
    for table, paths in opened.tables.items():
        for number, path in enumerate(paths):
            view = f"file_{table}_{number}"
            seen.setdefault(table, []).append((view, look(view, str(path.resolve()))))
    asked = [one for table in OF[of] for one in seen.get(table, ())]
    if not asked:
        raise BadInput.of(Fault("of", say("this data has no {of}", of=of)))
    first = {table: views[0][0] for table, views in seen.items()}
    both = [one for table in OF["both"] for one in seen.get(table, ())]
    texts = [
        word_lines("lines", asked, kind), word_lines("all_lines", both, kind), word_things(counting),
        word_looked(first.get("activities"), first.get("coverage")), *word_weekly(), word_places(first.get("places")),
    ]  # fmt: skip
    for text in texts:
        run(text)
    (undated, months, negative, since, until, lines), (begun, ended) = run(LEFT_OUT)[0], run(LOOKED_SPAN)[0]
    if negative:
        below = say("is below 0 in {rows} of {lines} rows; a count is 0 or more. Nothing was summed.", rows=negative, lines=lines)
        raise BadInput.of(Fault("low, high", below))
    run(word_weeks(day if isinstance(day, date) else None for day in (since, until, begun, ended)))
    return Laid(run, counting, lines, undated, months, begun is not None)


def answer(laid: Laid, name: str) -> Answer:
    """Answer one question over what was laid out. Raises BadInput for a question that is not asked here."""
    question = question_of(name)
    rows = [tuple(_plain(cell) for cell in row) for row in laid.run(question.sql)]
    return Answer(question.columns, rows, str(laid.rule), _warnings(name, question.not_shown, laid))


def _warnings(name: str, not_shown: str, laid: Laid) -> tuple[str, ...]:
    said = [not_shown] if name == "overlap" else [laid.rule.words, not_shown]
    if not laid.lines:
        said.append("There is not a single line; that is no statement that nothing happened.")
    if laid.undated:
        said.append(f"{laid.undated} lines have no day and stand in no row.")
    if laid.months and name in ("counts", "coverage", "rolling"):
        said.append(f"{laid.months} lines are known to the month only and stand in no week.")
    if not laid.looked and name in ("coverage", "rolling"):
        said.append("This data does not say where anybody looked: a week without lines is *no data*, not none.")
    return tuple(said)


def _spark(threads: int, address: str) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        missing = say("Spark is not installed here. Use duckdb, or install it with: {command}", command=tell_install("pyspark"))
        raise BadInput.of(Fault("engine", missing)) from None
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    try:
        made = (SparkSession.builder.master(address or f"local[{threads or '*'}]").appName("fairwitness")
                .config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "64" if address else "2").getOrCreate())  # fmt: skip
    except Exception as why:
        # Whatever the gateway to Java raises, the remedy is the same.
        wrong = say("Spark did not start ({why}); it needs Java 17, or use duckdb", why=type(why).__name__)
        raise BadInput.of(Fault("engine", wrong)) from why
    made.sparkContext.setLogLevel("ERROR")
    return made


def _nothing(_done: Any) -> Rows:
    return []


def _plain(cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, bool | int | float | str | date) else str(cell)
