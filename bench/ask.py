"""Bench of asking: five questions over ten million lines in Parquet, on DuckDB.

    .venv/bin/python bench/ask.py [--lines 10000000] [--threads 2] [--keep FOLDER]

Limit: 10 s of the clock for all five together, opening and reading the files included, and the same in processor time for each thread.
The lines are drawn by a fixed rule: 38 places, six years, ten kinds, a fifth of them linked to events three by three, a few without a
day or without a figure; beside them a visit of two places in three on each day. A plain count of the lines over the same file is run
first, so that the ratio says what the questions cost beyond reading.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
LIMIT_S = 10.0

LINES = """COPY (SELECT i AS line, CASE WHEN i % 5 = 0 THEN i // 15 END AS event,
    ['seen', 'heard', 'recorded', 'reported'][1 + (hash(i) % 4)::INT] AS stream, 'm' || lpad((hash(i + 1) % 38)::VARCHAR, 2, '0') AS place,
    CASE WHEN i % 1000 <> 7 THEN DATE '2020-01-01' + (i // 15 * 7919 % 2190)::INT END AS day,
    CASE WHEN i % 500 = 3 THEN 'month' ELSE 'day' END AS precision, 'k' || (i % 10) AS kind,
    CASE WHEN i % 97 <> 5 THEN (1 + hash(i + 2) % 6)::BIGINT END AS low,
    CASE WHEN i % 97 <> 5 AND i % 31 <> 2 THEN (6 + hash(i + 3) % 4)::BIGINT END AS high,
    CASE WHEN i % 97 = 5 THEN '' WHEN i % 31 = 2 THEN 'at_least' WHEN i % 3 = 0 THEN 'about' ELSE 'range' END AS qualifier,
    CASE WHEN i % 1000 <> 7 THEN DATE '2020-01-01' + (i // 15 * 7919 % 2190 + hash(i + 4) % 60)::INT ELSE DATE '2024-05-01' END AS recorded
    FROM range({lines}) t(i)) TO '{file}' (FORMAT parquet)"""
VISITS = """COPY (SELECT 'm' || lpad(p::VARCHAR, 2, '0') AS place, DATE '2020-01-01' + d::INT AS day, 'done' AS state
    FROM range(38) a(p), range(2190) b(d) WHERE (p + d) % 3 > 0) TO '{file}' (FORMAT parquet)"""


def draw(folder: Path, lines: int) -> dict[str, list[Path]]:
    """The files, drawn where they are not there yet."""
    import duckdb

    files = {"observations": folder / f"lines-{lines}.parquet", "activities": folder / "visits.parquet"}
    for table, text in (("observations", LINES), ("activities", VISITS)):
        if not files[table].exists():
            duckdb.execute(text.format(lines=lines, file=files[table]))
    return {table: [path] for table, path in files.items()}


def main() -> int:
    """Measure; 1 when the limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    from fairwitness.analyse.numbers.ask.open_set import OpenSet
    from fairwitness.analyse.numbers.ask.run_questions import answer, engine, lay
    from fairwitness.analyse.numbers.ask.word_questions import QUESTIONS

    folder = given.keep or Path(tempfile.mkdtemp(prefix="fairwitness-ask-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        tables = draw(folder, given.lines)
        whole, used = 0.0, 0.0
        with engine("duckdb", given.threads) as (run, look):
            look("plain", str(tables["observations"][0]))
            begun = time.perf_counter()
            run("SELECT COUNT(*), SUM(low), COUNT(DISTINCT place) FROM plain")
            plain = time.perf_counter() - begun
            laid = None
            for name in ("", *QUESTIONS):
                begun, cpu = time.perf_counter(), time.process_time()
                if laid is None:
                    laid, rows = lay(OpenSet(tables), run, look, rule="C-2"), 0
                else:
                    rows = len(answer(laid, name).rows)
                took, cpu = time.perf_counter() - begun, time.process_time() - cpu
                whole, used = whole + took, used + cpu
                print(f"{name or 'laid out':9} {took:6.2f} s clock  {cpu:6.2f} s processor  {rows:7,} rows")
    finally:
        if given.keep is None:
            shutil.rmtree(folder)
    print(f"all five  {whole:6.2f} s clock  {used:6.2f} s processor  {whole / plain:.0f} times a plain count; limit {LIMIT_S:.0f} s")
    return int(min(whole, used / given.threads) > LIMIT_S)


if __name__ == "__main__":
    raise SystemExit(main())
