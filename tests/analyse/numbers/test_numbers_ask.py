"""Sums over Parquet: the five questions against a count by hand, the same on both engines, and what is refused."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from fairwitness.analyse.numbers.ask.open_set import OpenSet, open_set
from fairwitness.analyse.numbers.ask.run_questions import Answer, answer, engine, lay
from fairwitness.analyse.numbers.ask.word_questions import QUESTIONS
from fairwitness.errors import BadInput
from fairwitness.web.cli import main

HEADER = "line BIGINT, event BIGINT, stream VARCHAR, place VARCHAR, day DATE, precision VARCHAR, kind VARCHAR, low BIGINT, high BIGINT, " \
         "qualifier VARCHAR, recorded DATE"  # fmt: skip
Line = tuple[Any, ...]
NO_SPARK = importlib.util.find_spec("pyspark") is None or shutil.which("java") is None
FIRST = date(2024, 12, 23)


def drawn(lines: int, seed: int = 4) -> list[Line]:
    """Lines of all sorts: linked and alone, undated, known to the month only, uncounted, open upwards, about."""
    dice = random.Random(seed)
    made: list[Line] = []
    for number in range(lines):
        day = FIRST + timedelta(days=dice.randrange(70)) if dice.random() > 0.05 else None
        low = dice.randrange(1, 9) if dice.random() > 0.1 else None
        high = None if low is None or dice.random() < 0.1 else low + dice.randrange(4)
        said = "" if low is None else "at_least" if high is None else dice.choice(["about", "range", "exact"])
        made.append((
            number, dice.randrange(lines // 6) if dice.random() < 0.4 else None, dice.choice(["seen", "heard", "told"]),
            dice.choice(["18", "12", "1"]), day, "month" if dice.random() < 0.05 else dice.choice(["day", None]), dice.choice(["a", "b"]),
            low, high, said, (day or FIRST) + timedelta(days=dice.randrange(60)),
        ))  # fmt: skip
    return made


def parquet(file: Path, header: str, rows: list[Line]) -> Path:
    with duckdb.connect() as base:
        base.execute(f"CREATE TABLE t ({header})")
        if rows:
            base.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", rows)
        base.execute(f"COPY t TO '{file}' (FORMAT parquet)")
    return file


def a_set(folder: Path, lines: list[Line]) -> OpenSet:
    """Lines, and visits of two places on some days; nobody ever goes to place 1."""
    days = ((0, "18", "done"), (1, "18", "done"), (1, "18", "done"), (30, "12", "done"), (62, "12", "planned"), (100, "18", "done"))
    visits = [(place, FIRST + timedelta(days=step), state) for step, place, state in days]
    places = [("18",), ("12",), ("1",), ("7",)]
    return OpenSet({
        "observations": [parquet(folder / "lines.parquet", HEADER, lines)],
        "activities": [parquet(folder / "visits.parquet", "place VARCHAR, day DATE, state VARCHAR", visits)],
        "places": [parquet(folder / "places.parquet", "place VARCHAR", places)],
    })  # fmt: skip


def answers(opened: OpenSet, name: str = "duckdb", rule: str = "C-2") -> dict[str, Answer]:
    with engine(name, 1) as (run, look):
        laid = lay(opened, run, look, rule=rule)
        return {question: answer(laid, question) for question in QUESTIONS}


def folded(lines: list[Line], linked: bool) -> list[Line]:
    """The things by hand: (place, day, precision, low, high, qualifier, recorded)."""
    groups: dict[Any, list[Line]] = defaultdict(list)
    for one in lines:
        groups[("alone", one[0]) if not linked or one[1] is None else ("event", one[1])].append(one)
    things = []
    for group in groups.values():
        if not group:
            continue
        first = min(group, key=lambda one: (one[4] is None, one[4] or FIRST, one[0]))
        counted = [one for one in group if one[7] is not None]
        low = min((one[7] for one in counted), default=None)
        high = None if not counted or any(one[8] is None for one in counted) else max(one[8] for one in counted)
        about = any(one[9] == "about" for one in counted)
        things.append((first[3], first[4], first[5], low, high, about, min(one[10] for one in group)))
    return things


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@pytest.mark.parametrize("rule", ["C-0", "C-1", "C-2"])
def test_counts_agree_with_a_count_by_hand(tmp_path: Path, rule: str) -> None:
    lines = drawn(400)
    cells: dict[tuple[date, str], list[Line]] = defaultdict(list)
    for thing in folded(lines, rule != "C-0"):
        if thing[1] is not None and thing[2] != "month":
            cells[monday(thing[1]), thing[0]].append(thing)
    wanted = []
    for (week, place), things in sorted(cells.items()):
        counted = [one for one in things if one[3] is not None] if rule == "C-2" else things
        low = (sum(one[3] for one in counted) if counted else None) if rule == "C-2" else len(things)
        open_end = rule == "C-2" and any(one[4] is None for one in counted)
        high = (None if open_end or not counted else sum(one[4] for one in counted)) if rule == "C-2" else len(things)
        about = rule == "C-2" and any(one[5] for one in counted)
        wanted.append((place, week, len(things), low, high, open_end, about, len(things) - len(counted)))
    found = answers(a_set(tmp_path, lines), rule=rule)["counts"]
    assert found.rows == wanted and found.rule == f"{rule} v1"
    assert any("have no day" in said for said in found.warnings) and any("month only" in said for said in found.warnings)


def test_no_data_is_not_none_and_every_week_has_its_row(tmp_path: Path) -> None:
    lines = [(1, None, "seen", "18", FIRST, "day", "a", 2, 3, "range", FIRST)]
    rows = {(row[0], row[1]): row for row in answers(a_set(tmp_path, lines))["coverage"].rows}
    after = FIRST + timedelta(days=7)
    assert rows["18", FIRST] == ("18", FIRST, 1, 2, 3, 2, 3, "counted")
    assert rows["18", after][2:] == (0, None, None, 0, 0, "no data")
    assert rows["12", monday(FIRST + timedelta(days=30))][2:] == (0, 0, 0, 1, 1, "none")
    assert rows["7", FIRST][7] == "no data" and all(row[7] == "no data" for key, row in rows.items() if key[0] == "1")
    assert len(rows) == 4 * 15, "from the first line to the last visit, each week once for each place"
    rolling = {(row[0], row[1]): row[2:] for row in answers(a_set(tmp_path, lines))["rolling"].rows}
    assert rolling["18", FIRST] == (1, 2, None, 0.5) and rolling["18", after] == (None, 0, 1, 0.5)
    assert rolling["18", FIRST + timedelta(days=28)][3] is None, "four weeks without a look have no rate"


def test_what_was_recorded_late_is_in_the_later_vintage_alone(tmp_path: Path) -> None:
    january = date(2025, 1, 10)
    lines = [(1, None, "seen", "18", january, "day", "a", 2, 2, "exact", january),
             (2, None, "seen", "18", january, "day", "a", 5, None, "at_least", date(2025, 3, 2))]  # fmt: skip
    found = answers(a_set(tmp_path, lines))["trend"].rows
    assert found == [(date(2025, 1, 1), date(2025, 1, 31), 1, 2, 2, False), (date(2025, 1, 1), date(2025, 3, 31), 2, 7, None, True)]


def test_overlap_counts_events_and_not_lines(tmp_path: Path) -> None:
    lines = [(number, event, stream, "18", FIRST, "day", "a", 1, 1, "exact", FIRST) for number, (event, stream) in
             enumerate([(1, "seen"), (1, "seen"), (1, "told"), (2, "told"), (None, "seen")])]  # fmt: skip
    assert answers(a_set(tmp_path, lines))["overlap"].rows == [("seen", "seen", 1), ("seen", "told", 1), ("told", "told", 2)]


@pytest.mark.slow
@pytest.mark.skipif(NO_SPARK, reason="needs the extra `spark` and Java 17")
def test_both_engines_give_equal_answers(tmp_path: Path) -> None:
    opened = a_set(tmp_path, drawn(300))
    here, there = answers(opened), answers(opened, "spark")
    for question in QUESTIONS:
        assert len(here[question].rows) > 3, question
        assert here[question].columns == there[question].columns and here[question].warnings == there[question].warnings
        for one, other in zip(here[question].rows, there[question].rows, strict=True):
            for mine, theirs in zip(one, other, strict=True):
                assert mine == (pytest.approx(theirs, rel=1e-12) if isinstance(mine, float) else theirs), (question, one, other)


def test_the_command_prints_a_table_or_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = parquet(tmp_path / "events.parquet", "place VARCHAR, day DATE", [("18", FIRST), ("18", FIRST)])
    assert main(["analyse", "sum", str(file), "--question", "counts", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["rows"] == [{"place": "18", "week": "2024-12-23", "things": 2, "low": 2, "high": 2, "open_end": False, "about": False,
                             "unstated": 0}]  # fmt: skip
    assert said["rule"] == "C-1 v1" and said["data"][0]["sha256"] and said["parameters"]["engine"] == "duckdb"
    assert main(["analyse", "sum", str(file)]) == 0
    shown = capsys.readouterr()
    assert "counted" in shown.out and "does not say where anybody looked" in shown.err


@pytest.mark.parametrize(("options", "sentence"), [
    (["--question", "count"], "ask one of counts"), (["--rule", "C-9"], "no rule of counting"), (["--engine", "sparc"], "duckdb, spark"),
    (["--of", "things"], "observations, claims, both"), (["--kind", "a' OR '1'='1"], "no code of the vocabulary"),
    (["--threads", "-1"], "below 0"), (["--of", "claims"], "this data has no claims"),
])  # fmt: skip
def test_what_is_misspelt_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str) -> None:
    file = parquet(tmp_path / "events.parquet", "place VARCHAR, day DATE", [("18", FIRST)])
    assert main(["analyse", "sum", str(file), *options]) == 2
    assert sentence in capsys.readouterr().err


def test_files_that_are_no_lines_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = parquet(tmp_path / "short.parquet", "place VARCHAR, number BIGINT", [("18", 1)])
    text = tmp_path / "text.parquet"
    text.write_text("place,day\n18,2024-12-23\n")
    broken, wordy = tmp_path / "broken.parquet", parquet(tmp_path / "wordy.parquet", "place VARCHAR, day VARCHAR", [("18", "in May")])
    broken.write_bytes(b"PAR1 and no more")
    wrong = ((broken, "cannot be summed"), (wordy, "cannot be summed"), (short, "has no column day"),
             (text, "not a Parquet file"), (tmp_path, "has no manifest"), (tmp_path / "no", "not there"))  # fmt: skip
    for path, sentence in wrong:
        assert main(["analyse", "sum", str(path)]) == 2
        assert sentence in capsys.readouterr().err
    rows = [("18", FIRST, 2, 3), ("18", FIRST, -2, 3), ("12", FIRST, None, -1)]
    below = parquet(tmp_path / "below.parquet", "place VARCHAR, day DATE, low BIGINT, high BIGINT", rows)
    for question in QUESTIONS:
        assert main(["analyse", "sum", str(below), "--question", question]) == 2
        said = capsys.readouterr()
        assert "is below 0 in 2 of 3 rows" in said.err and not said.out
    with pytest.raises(BadInput, match="names nothing"):
        open_set([])
