"""The door of the detectors: dates that are read and believed, frequencies that follow them, published spellings, and what ours says."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairwitness.analyse.numbers.detect.choose_method import PARAMETERS
from fairwitness.analyse.numbers.detect.name_method import name_method, name_power
from fairwitness.web.cli import main
from fairwitness.web.commands.analyse_detect import spell_out

WEEKS = [date(2004, 1, 5) + timedelta(7 * week) for week in range(330)]
MONTHS = [date(1985 + month // 12, month % 12 + 1, 1) for month in range(156)]
COUNTS = [int(one) for one in np.random.default_rng(1).negative_binomial(4.0, 0.5, 330)]
METHODS = [*PARAMETERS, "ours"]


def write(folder: Path, dates: list[Any], *, name: str = "date", **more: list[Any]) -> Path:
    path = folder / "series.csv"
    rows = zip(dates, COUNTS, *more.values(), strict=False)
    path.write_text(f"{','.join([name, 'n', *more])}\n" + "".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def ask(capsys: pytest.CaptureFixture[str], path: Path, *more: str, column: str = "n") -> tuple[int, dict[str, Any]]:
    code = main(["analyse", "detect", str(path), "--column", column, "--json", *more])
    return code, json.loads(capsys.readouterr().out)


def bounds(said: dict[str, Any]) -> list[Any]:
    return [one["upperbound"] for one in said["points"]]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("fault", "words"), [("back", "run forward in time"), ("twice", "stands here again"), ("gap", "does not follow"),
                                              ("empty", "is no date")])  # fmt: skip
def test_dates_that_do_not_run_are_refused_by_every_method(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str, fault: str, words: str
) -> None:
    days: list[Any] = list(WEEKS)
    if fault == "back":
        days[100], days[101] = days[101], days[100]
    elif fault == "twice":
        days[101] = days[100]
    elif fault == "gap":
        days[101:] = [one + timedelta(7) for one in days[101:]]
    else:
        days[101] = ""
    path = write(tmp_path, days)
    code, said = ask(capsys, path, "--method", method, "--from-row", "329")
    assert code == 2
    assert "row 103, date" in said["refused"]
    assert words in said["refused"]
    assert ask(capsys, path, "--method", method, "--from-row", "329", "--dates", "none")[0] == 0
    write(tmp_path, days, name="moment")
    assert ask(capsys, path, "--method", method, "--from-row", "329", "--dates", "moment")[0] == 2


@pytest.mark.parametrize("name", ["Date", "week", "report_date", "Week start", "period"])
def test_a_column_of_dates_is_found_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    days = [*WEEKS[:50], *reversed(WEEKS[50:])]
    assert ask(capsys, write(tmp_path, days, name=name), "--method", "ears_c1")[0] == 2
    assert ask(capsys, write(tmp_path, list(range(1, 331)), name=name if name != "Date" else "t"), "--method", "ears_c1")[0] == 0


@pytest.mark.parametrize(
    "form", ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y-%m-%dT00:00:00", "%Y-%m-%d 00:00", "%d.%m.%Y", "%d.%m.%Y.", "%G-W%V"]
)
def test_the_usual_spellings_of_a_week_are_one(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    plain = bounds(ask(capsys, write(tmp_path, list(WEEKS)), "--method", "farrington", "--from-row", "320")[1])
    code, said = ask(capsys, write(tmp_path, [day.strftime(form) for day in WEEKS]), "--method", "farrington", "--from-row", "320")
    assert code == 0
    assert said["chosen"]["years"] == "calendar"
    assert bounds(said) == plain


@pytest.mark.parametrize(("cell", "words"), [("05/01/2004", "two ways"), ("5-1-2004", "two ways"), ("05.01.04", "two ways"),
                                             ("2004-W60", "is no date"), ("2004-02-30", "is no date"), ("spring", "is no date"),
                                             ("2004-W02", "not mixed"), ("2004-01", "not mixed")])  # fmt: skip
def test_a_date_that_could_be_two_or_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], cell: str, words: str) -> None:
    code, said = ask(capsys, write(tmp_path, [*WEEKS[:200], cell, *WEEKS[201:]]), "--method", "bayes")
    assert code == 2
    assert "row 202, date" in said["refused"]
    assert words in said["refused"]


def test_a_whole_column_that_could_be_two_is_refused_and_not_overlooked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = ask(capsys, write(tmp_path, [day.strftime("%d/%m/%Y") for day in WEEKS], name="week"), "--method", "ours")
    assert code == 2
    assert "write it as 2026-11-30" in said["refused"]


@pytest.mark.parametrize("method", ["farrington_flexible", "bayes", "ears_c1", "ours", "glr_pois"])
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m"])
def test_months_are_taken_for_months(tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str, form: str) -> None:
    path = write(tmp_path, [day.strftime(form) for day in MONTHS])
    code, said = ask(capsys, path, "--method", method)
    assert code == 0
    assert said["parameters"]["frequency"] == said["chosen"]["frequency"] == 12
    assert ask(capsys, path, "--method", method, "--frequency", "12")[1]["points"] == said["points"]
    code, said = ask(capsys, path, "--method", method, "--frequency", "52")
    assert code == 2
    assert "--frequency 12" in said["refused"]


def test_weeks_are_not_taken_for_months(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = ask(capsys, write(tmp_path, list(WEEKS)), "--method", "bayes", "--frequency", "12")
    assert code == 2
    assert "--frequency 52" in said["refused"]


def test_without_dates_the_frequency_taken_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, ["NA"] * 330)
    _, said = ask(capsys, path, "--method", "bayes")
    assert said["parameters"]["frequency"] == said["chosen"]["frequency"] == 52
    assert any("--frequency 12" in one for one in said["warnings"])
    assert not ask(capsys, path, "--method", "bayes", "--frequency", "52")[1]["warnings"]
    main(["analyse", "detect", str(path), "--column", "n", "--method", "bayes"])
    assert "frequency 52" in capsys.readouterr().err


def test_days_are_for_methods_that_know_no_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, [date(2024, 1, 1) + timedelta(day) for day in range(330)])
    code, said = ask(capsys, path, "--method", "ears_c2")
    assert (code, said["parameters"]["frequency"]) == (0, 365)
    code, said = ask(capsys, path, "--method", "bayes")
    assert code == 2
    assert "Add the days up" in said["refused"]
    assert ask(capsys, write(tmp_path, [date(2004, 1, 1) + timedelta(14 * row) for row in range(330)]), "--method", "ears_c2")[0] == 2


def test_ours_states_its_level_and_what_chance_would_bring(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, list(WEEKS))
    code, said = ask(capsys, path, "--method", "ours")
    assert code == 0
    assert said["parameters"]["alpha"] == said["chosen"]["alpha"] == 0.01
    assert said["parameters"]["from_row"] == said["points"][0]["t"] == 53
    assert set(said["points"][0]) == {"t", "observed", "expected", "upperbound", "alarm", "p"}
    assert said["expected_false_alarms"] == pytest.approx(0.01 * 278)
    assert all(one["alarm"] == (one["p"] <= 0.01) for one in said["points"])
    assert main(["analyse", "detect", str(path), "--column", "n", "--method", "ours", "--alpha", "0.05"]) == 0
    out = capsys.readouterr().out
    assert "Alarms are raised at p up to 0.05" in out
    assert "once in 5 months by chance" in out


def test_ours_reads_several_columns_and_names_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(4)
    others = {name: [int(one) for one in rng.poisson(0.4, 330)] for name in ("a", "b")}
    path = write(tmp_path, list(WEEKS), **others, none=[0] * 330)
    several = ["--column", "a", "--column", "b", "--column", "none", "--from-row", "321", "--method", "ours"]
    code, said = ask(capsys, path, *several)
    assert code == 0
    assert [(one["column"], one["t"]) for one in said["points"]] == [(name, t) for name in ("n", "a", "b", "none") for t in range(321, 331)]
    assert all(one["p"] is not None for one in said["points"])
    assert main(["analyse", "detect", str(path), "--column", "n", *several]) == 0
    assert capsys.readouterr().out.startswith("column")
    code, said = ask(capsys, path, "--column", "a", "--method", "bayes")
    assert (code, "only ours reads several" in said["refused"]) == (2, True)
    nothing = write(tmp_path, list(WEEKS), x=[0] * 330, y=[0] * 330)
    code, said = ask(capsys, nothing, "--column", "y", "--method", "ours", column="x")
    assert (code, "nought in every week of every place" in said["refused"]) == (2, True)


@pytest.mark.parametrize(("given", "ours"), [
    ("farringtonFlexible", "farrington_flexible"), ("FARRINGTON", "farrington"), ("algo.farrington", "farrington"),
    ("earsC_C1", "ears_c1"), ("EARSC_c2", "ears_c2"), ("ears-C3", "ears_c3"), ("Bayes", "bayes"), ("bayes1", "bayes1"),
    ("algo.bayes3", "bayes3"), ("rki", "rki3"), ("RKI2", "rki2"), ("CUSUM", "cusum"), ("glrnb", "glr_nb"), ("glrpois", "glr_pois"),
    ("glr_poisson", "glr_pois"), ("outbreakP", "outbreakp"), ("Ours", "ours"), ("farington", "farington"), ("earsC", "earsC"),
])  # fmt: skip
def test_the_published_names_are_known(given: str, ours: str) -> None:
    assert name_method(given) == ours


def test_a_published_call_gives_what_ours_gives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, list(WEEKS))
    plain = ["--method", "farrington_flexible", "--limit54", "3", "4", "--no-trend", "--weights-threshold", "2", "--power-transform", "1/2",
             "--periods", "5"]  # fmt: skip
    theirs = ["--method", "farringtonFlexible", "--limit54", "3,4", "--trend", "FALSE", "--weightsThreshold", "2", "--powertrans", "0.5",
              "--noPeriods=5", "--reweight", "T", "--populationOffset", "F", "--fitFun", "algo.farrington.fitGLM.flexible"]  # fmt: skip
    code, said = ask(capsys, path, *theirs)
    assert code == 0
    assert said["points"] == ask(capsys, path, *plain)[1]["points"]
    assert said["chosen"]["limit54"] == [3, 4]
    assert said["chosen"]["trend"] is False
    for wrong in (["--fit-fun", "glm"], ["--fit-fun", "algo.farrington.fitGLM.fast"], ["--power-transform", "0.7"]):
        assert ask(capsys, path, *theirs[:2], *wrong)[0] == 2
    assert ask(capsys, path, "--method", "ears_c1", "--fit-fun", "algo.farrington.fitGLM.fast")[0] == 2


def test_spellings_are_made_ours_and_nothing_else_is_touched() -> None:
    assert spell_out(["--trend=TRUE", "--actY", "f", "--limit54=c(5, 4)"]) == ["--trend", "--no-act-y", "--limit54", "5", "4"]
    assert spell_out(["--column", "T", "f.csv", "--config", "old"]) == ["--column", "T", "f.csv", "--config", "old"]
    assert spell_out(["--no-trend", "TRUE"]) == ["--no-trend", "TRUE"]
    for given, power in (("1", "none"), ("NONE", "none"), ("0.5", "1/2"), ("0.6667", "2/3"), ("2/3", "2/3"), ("3/4", "3/4")):
        assert name_power(given) == power


def test_a_population_is_asked_for_and_refused_where_it_means_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [2000 - 3 * row for row in range(330)]
    path = write(tmp_path, list(WEEKS), population=people, men=[0] * 330)
    flexible = ["--method", "farrington_flexible", "--from-row", "320"]
    _, said = ask(capsys, path, *flexible, "--population-offset", "TRUE")
    assert said["chosen"]["population"] == "population"
    assert said["parameters"]["population_offset"] is True
    named = ask(capsys, path, *flexible, "--population", "population")[1]
    assert bounds(named) == bounds(said) != bounds(ask(capsys, path, *flexible)[1])
    for more, words in ((["--population", "men"], "above 0"), (["--population", "population", "--no-population-offset"], "switched off")):
        assert words in ask(capsys, path, *flexible, *more)[1]["refused"]
    for method in ("bayes", "ears_c1", "cusum"):
        code, said = ask(capsys, path, "--method", method, "--population-offset")
        assert (code, "fit a regression" in said["refused"]) == (2, True)
    bare = write(tmp_path, list(WEEKS))
    assert "write --population COLUMN" in ask(capsys, bare, *flexible, "--population-offset")[1]["refused"]
