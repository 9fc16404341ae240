"""Agreement: the published example, the oracle package on many tables, missing ratings, and refusal where nothing varies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest

from fairwitness.analyse.numbers.agree.name_rows import name_rows
from fairwitness.analyse.numbers.agree.read_ratings import LEVELS, Ratings
from fairwitness.analyse.numbers.agree.weigh_ratings import compare_two, weigh_ratings
from fairwitness.analyse.numbers.read_table import parse_table
from fairwitness.web.cli import main

PUBLISHED = """A,B,C,D
1,1,NA,1
2,2,3,2
3,3,3,3
3,3,3,3
2,2,2,2
1,2,3,4
4,4,4,4
1,1,2,1
2,2,2,2
NA,5,5,5
NA,NA,1,1
NA,NA,3,NA
"""
"""Four observers, twelve units: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C to E."""


def written(folder: Path, text: str) -> str:
    path = folder / "r.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
def test_the_published_example(tmp_path: Path, capsys: pytest.CaptureFixture[str], level: str, alpha: float) -> None:
    assert main(["analyse", "agreement", written(tmp_path, PUBLISHED), "--level", level, "--replicates", "200", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["alpha"] == pytest.approx(alpha, abs=6e-4)
    assert said["units"] == 11
    assert said["ci"][0] <= said["alpha"] <= said["ci"][1]
    assert said["refused"] is None


@pytest.mark.parametrize("level", LEVELS)
def test_the_oracle_agrees_on_many_tables(level: Any) -> None:
    rng = np.random.default_rng(11)
    for _ in range(25):
        codes = rng.integers(0, 5, size=(int(rng.integers(3, 30)), int(rng.integers(2, 6))))
        codes[rng.random(codes.shape) < 0.25] = -1
        paired = codes[(codes >= 0).sum(axis=1) >= 2]
        if len(np.unique(paired[paired >= 0])) < 2:
            continue
        values = np.array([0.0, 1.0, 3.0, 4.0, 10.0])
        data = np.where(codes >= 0, values[codes], np.nan).T
        expected = krippendorff.alpha(reliability_data=data, level_of_measurement=level, value_domain=values)
        ours = weigh_ratings(Ratings(codes, tuple("abcde"), values, tuple(map(str, range(codes.shape[1])))), level, replicates=0)
        assert ours.alpha == pytest.approx(expected, abs=1e-10)


def test_long_and_wide_and_turned_tables_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line.split(",") for line in PUBLISHED.strip().split("\n")]
    long = "unit,rater,rating\n" + "".join(
        f"u{at},{who},{cell}\n" for at, line in enumerate(rows[1:]) for who, cell in zip(rows[0], line, strict=True)
    )
    turned = ",".join(f"u{at}" for at in range(12)) + "\n" + "".join(",".join(line[at] for line in rows[1:]) + "\n" for at in range(4))
    named = (
        "unit,"
        + rows[0][0]
        + ","
        + ",".join(rows[0][1:])
        + "\n"
        + "".join(f"u{at}," + ",".join(line) + "\n" for at, line in enumerate(rows[1:]))
    )
    found = []
    for text, more in ((PUBLISHED, []), (long, []), (turned, ["--raters-in-rows"]), (named, []), (PUBLISHED.replace("NA", "*"), [])):
        assert main(["analyse", "agreement", written(tmp_path, text), "--level", "ordinal", "--replicates", "100", "--json", *more]) == 0
        found.append(json.loads(capsys.readouterr().out)["alpha"])
    assert max(found) - min(found) < 1e-12


def test_cohens_kappa_by_hand() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed .7, by chance .5, kappa .4."""
    pairs = [(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15
    kappa, weighted, both = compare_two(Ratings(np.array(pairs), ("yes", "no"), np.array([0.0, 1.0]), ("a", "b")))
    assert kappa == pytest.approx(0.4)
    assert weighted == pytest.approx(0.4)
    assert both == 50


def test_words_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "a,b\nnone,partly\npartly,partly\nfull,full\nnone,none\nfull,partly\n"
    assert main(["analyse", "agreement", written(tmp_path, text), "--level", "ordinal", "--order", "none,partly,full", "--json"]) == 0
    words = json.loads(capsys.readouterr().out)["alpha"]
    numbers = text.replace("none", "1").replace("partly", "2").replace("full", "3")
    assert main(["analyse", "agreement", written(tmp_path, numbers), "--level", "ordinal", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["alpha"] == pytest.approx(words)


@pytest.mark.parametrize(
    ("text", "level", "more", "words"),
    [
        ("a,b\n1,1\n1,1\n", "nominal", [], "All ratings are the same"),
        ("a,b\n1,\n,2\n", "nominal", [], "No unit was rated by two"),
        ("a\n1\n2\n", "nominal", [], "one rater"),
        ("a,b\n1,x\n2,2\n", "interval", [], "row 2: “x” is not a number"),
        ("a,b\nlow,high\nlow,low\n", "ordinal", [], "--order"),
        ("a,b\nlow,high\nlow,low\n", "ordinal", ["--order", "low"], "does not name the rating “high”"),
        ("a,b\n1,-2\n1,1\n", "ratio", [], "below nought"),
        ("unit,rater,rating\nu,a,1\nu,a,2\n", "nominal", [], "twice"),
        ("unit,a,b\nu,1,2\nv,1,1\nu,1,1\n", "nominal", [], "row 4, unit: “u” stands here again, first in row 2"),
        ("unit,a,b\nu,1,2\n,1,1\n", "nominal", [], "row 3, unit: is empty"),
        ("rater,x,y\nu,1,2\nu,1,1\n", "nominal", ["--raters-in-rows", "--unit", "rater"], "row 3, rater: the rater “u” stands here again"),
        ("a,b\n1,2\n2,2\n", "nominal", ["--replicates", "-1"], "from 0 to 100000"),
    ],
)
def test_what_cannot_be_weighed_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, level: str, more: list[str], words: str
) -> None:
    assert main(["analyse", "agreement", written(tmp_path, text), "--level", level, "--json", *more]) == 2
    assert words in json.loads(capsys.readouterr().out)["refused"]


def test_a_misspelt_level_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "agreement", written(tmp_path, PUBLISHED), "--level", "nominel"]) == 2
    assert "nominel" in capsys.readouterr().err


TURNED = "\n".join(",".join(column) for column in zip(*(line.split(",") for line in PUBLISHED.strip().split("\n")), strict=True)) + "\n"
"""The published example with a row for each observer, whose name stands first."""


@pytest.mark.parametrize("header", ["rater", "coder", "observer", "", "Observers", "name", "who rated"])
def test_the_names_of_raters_in_rows_are_no_ratings(tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str) -> None:
    text = f"{header},{','.join(map(str, range(1, 13)))}\n{TURNED}"
    path = written(tmp_path, text)
    assert main(["analyse", "agreement", path, "--level", "nominal", "--raters-in-rows", "--replicates", "0", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["alpha"] == pytest.approx(0.743421, abs=1e-6)
    assert (said["raters"], said["ratings"]) == (["A", "B", "C", "D"], 40)
    assert any("names the raters" in one for one in said["warnings"]) is bool(header)


def test_numbers_of_raters_under_a_name_for_raters_are_no_ratings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"rater,{','.join(map(str, range(1, 13)))}\n{TURNED}"
    for at, name in enumerate("ABCD", 1):
        text = text.replace(f"\n{name},", f"\n{at},")
    assert main(["analyse", "agreement", written(tmp_path, text), "--level", "nominal", "--raters-in-rows", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ratings"] == 40


@pytest.mark.parametrize("header", ["", "indicator no", "name"])
def test_the_names_of_units_are_no_ratings(tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str) -> None:
    lines = PUBLISHED.strip().split("\n")
    text = "\n".join([f"{header},{lines[0]}", *(f"u{at},{line}" for at, line in enumerate(lines[1:]))]) + "\n"
    assert main(["analyse", "agreement", written(tmp_path, text), "--level", "nominal", "--replicates", "0", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["alpha"] == pytest.approx(0.743421, abs=1e-6)
    assert said["raters"] == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("x,a,b\n1,4,4\n2,5,4\n3,4,4\n", ["--raters-in-rows"], "give --unit x for names, --unit - for ratings"),
        ("x,a,b\n1,4,4\n2,5,4\n3,4,4\n", [], "what was rated or ratings"),
        ("x,a,b\n2019,4,4\n2020,5,4\n2023,4,4\n", [], "--unit x"),
        ("x,a\nlow,high\nmiddle,top\n", [], "--unit x"),
        ("coder,s1,s2\nAnna,1,2\nBen,1,1\n", [], "--raters-in-rows"),
    ],
)
def test_a_first_column_that_may_be_names_or_ratings_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, more: list[str], words: str
) -> None:
    path = written(tmp_path, text)
    assert main(["analyse", "agreement", path, "--level", "nominal", "--json", *more]) == 2
    assert words in json.loads(capsys.readouterr().out)["refused"]
    assert main(["analyse", "agreement", path, "--level", "nominal", "--json", "--unit", "-", *more]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ratings"] == said["units"] * len(said["raters"])


def test_ratings_in_the_first_column_are_ratings() -> None:
    for text in ("coder,reviewer\n1,1\n2,1\n1,2\n", "x,y\nyes,no\nno,no\nyes,yes\n", "x,y\n3.1,3.2\n2.7,2.8\n4.4,4.1\n", PUBLISHED):
        table = parse_table("r.csv", text)
        assert name_rows(table, False) is None


def test_without_a_level_nominal_is_stated_with_the_others_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, PUBLISHED)
    assert main(["analyse", "agreement", path, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["level"], said["parameters"]["level"]) == ("nominal", None)
    assert said["alpha"] == said["by_level"]["nominal"]
    assert [round(one, 3) for one in said["by_level"].values()] == [0.743, 0.815, 0.849, 0.797]
    assert said["warnings"][0].startswith("The level of measurement was not given: nominal")
    assert main(["analyse", "agreement", path]) == 0
    plain = capsys.readouterr()
    assert "alpha, nominal" in plain.out and "if ordinal" in plain.out and "not given" in plain.err
    assert main(["analyse", "agreement", path, "--level", "ratio", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert list(said["by_level"]) == ["ratio"] and not any("not given" in one for one in said["warnings"])


def test_words_without_a_level_are_nominal_and_an_order_makes_them_ordinal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "a,b\nlow,high\nlow,low\nhigh,high\n")
    assert main(["analyse", "agreement", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["by_level"]["ordinal"] is None
    assert main(["analyse", "agreement", path, "--order", "low,high", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["level"], list(said["by_level"])) == ("ordinal", ["ordinal"])
    assert not any("not given" in one for one in said["warnings"])
