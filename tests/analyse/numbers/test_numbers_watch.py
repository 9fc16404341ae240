"""The watch over a panel: a budget spent exactly, alarms ranked and raised once, recurrence in words; refusals through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fairwitness.analyse.numbers.budget import false_share, recurrence_years, say_recurrence, spend
from fairwitness.analyse.numbers.pool import Watch, detect_panel
from fairwitness.errors import BadInput
from fairwitness.web.cli import main

NAMES = [f"place {one}" for one in range(12)]


def panel_of(seed: int, weeks: int = 160) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(rng.gamma(2.0, 0.4, 12), (weeks, 12)).astype(float)


@pytest.fixture(scope="module")
def struck() -> Watch:
    panel = panel_of(1)
    panel[140:143, 4] += (6.0, 7.0, 5.0)
    panel[141, 7] += 9.0
    return detect_panel(panel, budget=0.3, frequency=52, start=131, names=NAMES)


def test_a_budget_is_spent_and_never_overspent() -> None:
    spent = spend(0.05, 0.01, np.array([0.001, 0.02, 0.004, 0.3]), np.array([0.002, 0.03, 0.006, 0.4]))
    assert (spent.alpha, spent.false_alarms) == (0.02, pytest.approx(0.048))
    assert spend(0.015, 0.01, np.array([0.001, 0.02]), np.array([0.002, 0.03])).alpha == 0.001
    none = spend(0.005, 0.01, np.array([0.001]), np.array([0.002]))
    assert (none.alpha, none.false_alarms) == (0.0005, 0.01)
    tied = spend(0.05, 0.0, np.array([0.02, 0.02]), np.array([0.03, 0.03]))
    assert tied.alpha < 0.02, "two places that are alike are alarms together or not at all"


def test_the_share_of_false_alarms_is_that_of_benjamini_and_hochberg() -> None:
    # The fifteen p-values of Benjamini and Hochberg (1995), section 4: at .05 the procedure rejects four.
    p = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0])
    assert (false_share(p) <= 0.05).sum() == 4
    assert np.isnan(false_share(np.array([0.1, np.nan]))[1])


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (12 / (14 * 52), "once in 14 months by chance"),
        (1 / 520, "once in 10 years by chance"),
        (1 / 5, "once in 5 weeks by chance"),
        (0.9, "in most weeks by chance"),
        (1e-9, "less than once in 100 years by chance"),
    ],
)
def test_a_recurrence_is_said_in_words(p: float, words: str) -> None:
    assert str(say_recurrence(recurrence_years(p, 52))) == words


def test_each_week_spends_no_more_than_the_budget_and_most_of_it(struck: Watch) -> None:
    assert all(week.false_alarms <= 0.3 for week in struck.weeks)
    assert np.mean([week.false_alarms for week in struck.weeks]) > 0.2


def test_the_false_alarms_that_come_are_those_that_were_budgeted() -> None:
    raised = []
    for seed in (21, 22, 23):
        watch = detect_panel(panel_of(seed), budget=0.6, frequency=52, start=121, names=NAMES)
        raised.append(sum(point.alarm for own in watch.points for point in own))
    assert 0.5 < np.mean(raised) / (0.6 * 40) < 1.5


def test_an_ongoing_cluster_is_raised_once_and_the_strongest_stands_first(struck: Watch) -> None:
    of_place = [(alarm.point.t, alarm.state) for alarm in struck.alarms if alarm.place == "place 4" and 141 <= alarm.point.t <= 144]
    assert of_place[0] == (141, "raised")
    assert all(state == "ongoing" for _, state in of_place[1:])
    assert len(of_place) >= 3
    for week in struck.weeks:
        p = [alarm.point.p for alarm in struck.alarms if alarm.point.t == week.t]
        assert p == sorted(p)


def test_beyond_the_cap_is_listed_and_not_raised() -> None:
    panel = panel_of(2)
    panel[150, :4] += 12.0
    watch = detect_panel(panel, budget=0.3, frequency=52, start=151, names=NAMES, cap=2)
    states = [alarm.state for alarm in watch.alarms if alarm.point.t == 151]
    assert states == ["raised", "raised", "beyond the cap", "beyond the cap"]
    assert (watch.weeks[0].raised, watch.weeks[0].held_back) == (2, 2)
    doubtful = detect_panel(panel, alpha=0.1, frequency=52, start=151, names=NAMES, fdr=1e-12)
    assert {alarm.state for alarm in doubtful.alarms if alarm.point.t == 151} == {"too likely chance"}


def written(folder: Path, panel: np.ndarray, *, weeks: list[str] | None = None) -> Path:
    path = folder / "panel.csv"
    head = (["week"] if weeks else []) + [f"p{one}" for one in range(panel.shape[1])]
    rows = [",".join(([weeks[at]] if weeks else []) + ["" if np.isnan(one) else f"{one:g}" for one in row]) for at, row in enumerate(panel)]
    path.write_text("\n".join([",".join(head), *rows]) + "\n", encoding="utf-8")
    return path


def test_the_command_says_points_alarms_weeks_and_what_was_computed_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    panel = panel_of(3, 90)[:, :4]
    panel[88, 2] = 14.0
    panel[80, 1] = np.nan
    panel[20:23, 3] = np.nan
    weeks = [str(np.datetime64("2024-01-01") + 7 * one) for one in range(90)]
    path = written(tmp_path, panel, weeks=weeks)
    asked = ["analyse", "watch", str(path), "--budget", "0.2", "--time", "week", "--start", "80", "--break", "p0:2024-06-03", "--json"]
    assert main(asked) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["points"]) == {"p0", "p1", "p2", "p3"}
    first = found["points"]["p2"][0]
    assert (first["t"], first["time"]) == (80, weeks[79])
    assert {"observed", "expected", "upperbound", "alarm", "p", "recurrence"} <= set(first)
    assert found["points"]["p1"][1]["p"] is None
    assert any(alarm["place"] == "p2" and alarm["t"] == 89 and alarm["state"] == "raised" for alarm in found["alarms"])
    assert all(week["expected_false_alarms"] <= 0.2 for week in found["weeks"])
    assert found["refused"] is None
    assert found["parameters"]["budget"] == 0.2
    assert len(found["data"][0]["sha256"]) == 64
    assert any(warning.startswith("1 cells have no data") for warning in found["warnings"])
    assert any(warning.startswith("3 cells before the weeks judged have no data") for warning in found["warnings"])
    assert main(asked[:-1]) == 0
    assert "By chance alone" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ("none", [], "budget: or alpha must be given"),
        ("none", ["--budget", "0"], "must lie above 0"),
        ("none", ["--budget", "1", "--alpha", "0.01"], "one of them"),
        ("none", ["--budget", "1", "--start", "3"], "start: is 3"),
        ("none", ["--budget", "1", "--break", "nowhere:50"], "no place of this panel"),
        ("none", ["--budget", "1", "--break", "p0"], "a colon and a row"),
        ("none", ["--budget", "1", "--places", "p0,p9"], "is not a column"),
        ("none", ["--budget", "1", "--cap", "0"], "at least one alarm"),
        ("none", ["--budget", "1", "--frequency", "0"], "a year has 1 to 366 rows"),
        ("noughts", ["--budget", "1"], "nought in every week of every place"),
        ("empty", ["--budget", "1"], "no data is not nought"),
        ("negative", ["--budget", "1"], "below 0"),
        ("fraction", ["--budget", "1"], "no fractions"),
        ("three", ["--budget", "1"], "3 rows"),
        ("twice", ["--budget", "1", "--time", "week"], "stands here again"),
        ("back", ["--budget", "1", "--time", "week"], "run forward in time"),
        ("gap", ["--budget", "1", "--time", "week"], "usual step"),
    ],
)
def test_what_cannot_be_watched_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: str, options: list[str], words: str
) -> None:
    panel = panel_of(4, 60)[:, :4]
    weeks = [str(np.datetime64("2024-01-01") + 7 * one) for one in range(60)]
    if change == "noughts":
        panel[:] = 0.0
    if change == "empty":
        panel[:, 2] = np.nan
    if change in ("negative", "fraction"):
        panel[7, 1] = {"negative": -2.0, "fraction": 1.5}[change]
    if change == "three":
        panel = panel[:3]
    if change == "twice":
        weeks[20] = weeks[19]
    if change == "back":
        weeks[20], weeks[21] = weeks[21], weeks[20]
    if change == "gap":
        weeks = weeks[:30] + [str(np.datetime64("2024-01-01") + 7 * one) for one in range(31, 61)]
    path = written(tmp_path, panel, weeks=weeks if "--time" in options else None)
    assert main(["analyse", "watch", str(path), *options, "--json"]) == 2
    said = capsys.readouterr()
    assert words in json.loads(said.out)["refused"]
    assert words in said.err


def test_a_misspelt_option_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, panel_of(4, 60)[:, :4])
    assert main(["analyse", "watch", str(path), "--buget", "2"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("usage: fairwitness analyse watch ") and "“--buget” (did you mean --budget?)" in said


def test_names_and_shape_are_checked() -> None:
    with pytest.raises(BadInput, match="twice"):
        detect_panel(panel_of(5)[:, :2], budget=0.1, frequency=52, start=100, names=["a", "a"])
    with pytest.raises(BadInput, match="a column for each"):
        detect_panel(panel_of(5), budget=0.1, frequency=52, start=100, names=["a"])
