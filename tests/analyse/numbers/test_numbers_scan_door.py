"""The scan at its door: plain files in, one JSON object out, and every refusal with its reason and exit code 2."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairwitness.web.cli import main

NAMES = [f"M{n}" for n in range(12)]


def write(folder: Path, name: str, header: str, rows: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Twelve places in a row, forty days, a burst at M3 and M4 on the last three."""
    chance = np.random.default_rng(5)
    counts = chance.poisson(0.6, (12, 40))
    counts[[3, 4], -3:] += 4
    start = date(2026, 3, 1)
    rows = [f"{NAMES[p]},{start + timedelta(days=d)},{counts[p, d]}" for p in range(12) for d in range(40) if counts[p, d]]
    places = [f"{name},{42 + n / 10:.3f},21.0" for n, name in enumerate(NAMES)]
    return write(tmp_path, "cases.csv", "municipality,date,cases", rows), write(tmp_path, "places.csv", "municipality,lat,lon", places)


def ask(capsys: pytest.CaptureFixture[str], *given: str | Path, code: int = 0) -> dict[str, Any]:
    assert main(["analyse", "scan", *map(str, given), "--json"]) == code
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


USUAL = ("--type", "permutation", "--radius-km", "25", "--max-days", "7", "--prospective", "--replicates", "199", "--seed", "1")


def test_one_object_with_everything(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    found = ask(capsys, *files, *USUAL, "--alarm-days", "100")
    first = found["clusters"][0]
    assert {"M3", "M4"} <= set(first["places"])
    assert (first["from"], first["to"]) == ("2026-04-07", "2026-04-09")
    assert first["p"] == pytest.approx(0.005)
    assert first["recurrence"] == pytest.approx(200)
    assert first["recurrence_words"] == "about once in 7 months by chance"
    assert first["alarm"] and first["ongoing"] is None
    assert found["data"][0]["sha256"] and found["parameters"]["seed"] == 1
    assert ask(capsys, *files, *USUAL, "--alarm-days", "100")["clusters"] == found["clusters"], "a seed gives the same again"


def test_a_table_for_a_person(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "scan", *map(str, files), *USUAL]) == 0
    assert "by chance" in capsys.readouterr().out


def test_an_ongoing_cluster_is_one_alarm(files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = tmp_path / "yesterday.json"
    alarms = []
    for last in ("2026-04-08", "2026-04-09"):
        more = ("--known", known) if known.exists() else ()
        found = ask(capsys, *files, *USUAL, "--alarm-days", "100", "--to", last, *more)
        known.write_text(json.dumps(found), encoding="utf-8")
        alarms.append((found["clusters"][0]["alarm"], found["clusters"][0]["ongoing"] is not None))
    assert alarms == [(True, False), (False, True)]


def test_years_with_population_and_covariates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = write(tmp_path, "c.csv", "county,year,count,age",
                  [f"{n},{y},{1 + 6 * (n == 'M2' and y > 1988)},{a}" for n in NAMES for y in range(1985, 1992) for a in "12"])  # fmt: skip
    people = write(tmp_path, "p.csv", "county,year,population,age",
                   [f"{n},{y},{1000 * int(a) + y},{a}" for n in NAMES for y in (1982, 1991) for a in "12"])  # fmt: skip
    places = write(tmp_path, "g.csv", "county,x,y", [f"{n},{i},0" for i, n in enumerate(NAMES)])
    usual = (cases, places, "--retrospective", "--max-periods", "4", "--nearest", "4", "--replicates", "99")
    found = ask(capsys, *usual, "--type", "poisson-pb", "--population", people, "--covariates", "age")
    first = found["clusters"][0]
    assert (first["places"], first["from"], first["to"], first["cases"]) == (["M2"], "1989", "1991", 42)
    assert first["recurrence"] is None
    assert "name its columns with --covariates" in ask(capsys, *usual, "--type", "poisson-pb", "--population", people, code=2)["refused"]
    given = write(tmp_path, "e.csv", "county,year,expected", [f"{n},{y},2" for n in NAMES for y in range(1980, 1992)])
    found = ask(capsys, *usual, "--type", "poisson-eb", "--expected", given)
    first = found["clusters"][0]
    assert first["llr"] == pytest.approx(42 * np.log(42 / 6) + 6 - 42, abs=1e-9)
    gap = write(tmp_path, "gap.csv", "county,year,expected", [f"{n},{y},2" for n in NAMES for y in range(1986, 1992)])
    assert "no expected count" in ask(capsys, *usual, "--type", "poisson-eb", "--expected", gap, code=2)["refused"]
    assert "needs a population" in ask(capsys, *usual, "--type", "poisson-pb", code=2)["refused"]


def test_zones_of_neighbours_and_weeks(files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    borders = write(tmp_path, "b.csv", "one,other", [f"M{n},M{n + 1}" for n in range(11)])
    found = ask(capsys, *files, "--type", "permutation", "--adjacency", borders, "--max-places", "2", "--every", "4", "--max-days", "8",
                "--prospective", "--replicates", "99")  # fmt: skip
    assert found["clusters"][0]["places"] == ["M3", "M4"]
    assert found["zones"] == 23
    assert found["clusters"][0]["recurrence"] == pytest.approx(4 / found["clusters"][0]["p"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--radius-km", "0"), "must be above 0"),
        (("--radius-km", "-3"), "must be above 0"),
        (("--max-days", "0.5"), "shorter than one period"),
        (("--from", "2026-05-01", "--to", "2026-04-01"), "ends before it begins"),
        (("--from", "31.4.2026"), "write it as the dates"),
        (("--every", "fortnight"), "not a length of time"),
        (("--expected", "x.csv"), "belongs to --type poisson-eb"),
        (("--replicates", "-1"), "must be 0 or more"),
        (("--count-column", "casse"), "it has municipality, date, cases"),
    ],
)
def test_options_that_mean_nothing(files: tuple[Path, Path], options: tuple[str, ...], words: str,
                                   capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    assert words in ask(capsys, *files, *USUAL, *options, code=2)["refused"]


def test_a_misspelt_option_is_refused(files: tuple[Path, Path]) -> None:
    assert main(["analyse", "scan", *map(str, files), *USUAL, "--radious", "3"]) == 2
    assert main(["analyse", "scan", *map(str, files), *USUAL, "--type", "permutaton"]) == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("M99,2026-03-01,1", "“M99” is not in places.csv. If a municipality was split"),
        ("M1,2026-03-01,-1", "below 0"),
        ("M1,2026-03-01,1.5", "no fractions"),
        ("M1,2026-03-01,NaN", "“NaN” is no count"),
        ("M1,2026-02-30,1", "not a date"),
        ("M1,2026-03-01T02:30,1", "not a date"),
        ("M1,0026-03-01,1", "mistyped"),
    ],
)
def test_rows_that_cannot_be_counted(files: tuple[Path, Path], row: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    files[0].write_text(files[0].read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    assert words in ask(capsys, *files, *USUAL, code=2)["refused"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("M1,42,21", "more than once"),
        ("M77,,", "“M77” has no coordinates"),
        ("M77,95,21", "not a latitude"),
    ],
)
def test_places_that_cannot_be_found(files: tuple[Path, Path], row: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    files[1].write_text(files[1].read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    assert words in ask(capsys, *files, *USUAL, code=2)["refused"]


def test_a_million_cases_on_one_day(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files[0].write_text(files[0].read_text(encoding="utf-8") + "M7,2026-04-09,1000000\n", encoding="utf-8")
    refused = ask(capsys, *files, *USUAL, code=2)["refused"]
    assert "M7: alone more than 50 per cent" in refused and "--max-share 100" in refused, "the spike itself is not passed over"
    found = ask(capsys, *files, *USUAL, "--max-share", "50")
    assert any("M7" in words and "--max-share" in words for words in found["warnings"]), "who leaves it out is told so"
    found = ask(capsys, *files, *USUAL, "--max-share", "100")
    assert found["clusters"][0]["cases"] >= 1_000_000
    alone = write(files[0].parent, "alone.csv", "municipality,date,cases", ["M1,2026-04-09,1000000", "M2,2026-04-09,3"])
    assert "no date to deal anew" in ask(capsys, alone, files[1], *USUAL, "--max-share", "100", code=2)["refused"]


def test_the_nearest_places_have_no_largest_share_unless_asked(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files[0].write_text(files[0].read_text(encoding="utf-8") + "M7,2026-04-09,1000000\n", encoding="utf-8")
    usual = list(USUAL)
    at = usual.index("--radius-km")
    usual[at : at + 2] = ["--nearest", "2"]
    assert ask(capsys, *files, *usual)["clusters"][0]["cases"] >= 1_000_000


def test_half_a_day_is_no_window(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    usual = list(USUAL)
    usual[usual.index("--max-days") + 1] = "6.5"
    assert "no whole number of days" in ask(capsys, *files, *usual, code=2)["refused"]


def test_what_is_left_out_and_added_is_said(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files[0].write_text(files[0].read_text(encoding="utf-8") + "M7,2026-04-09,1\nM7,2026-04-09,1\n", encoding="utf-8")
    said = " ".join(ask(capsys, *files, *USUAL, "--from", "2026-03-10")["warnings"])
    assert "lie outside the time" in said and "were added" in said and "--to" in said
