"""Forecasts: scores as an oracle and the published figures have them, draws that look at nothing later, intervals that hold."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
import scoringrules
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fairwitness.analyse.numbers.forecast.conform import conform, margin, measured
from fairwitness.analyse.numbers.forecast.draw import Habits, baseline, draw, level_of
from fairwitness.analyse.numbers.forecast.exchange_draws import read_draws, write_draws
from fairwitness.analyse.numbers.forecast.foresee import foresee
from fairwitness.analyse.numbers.forecast.foresee_place import foresee_place
from fairwitness.analyse.numbers.forecast.keep_score import keep_score
from fairwitness.analyse.numbers.forecast.read_panel import origin_of, read_panel
from fairwitness.analyse.numbers.forecast.score import crps, interval_of, interval_score, log_score, smooth_interval_of, whole
from fairwitness.analyse.numbers.forecast.state_chances import percent
from fairwitness.web.cli import main

SHARED = Path(os.environ.get("FAIRWITNESS_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data"
COUNTRIES = SHARED / "reference/forecast/country_month_ucdp_2017-05_2020-12.csv.gz"
needs_shared = pytest.mark.skipif(not COUNTRIES.exists(), reason="the reference data are not on this machine")
LEADS = list(range(3, 15))


def mission(units: int = 40, periods: int = 120, seed: int = 5) -> NDArray[np.float64]:
    """Counts of places of very different level, whose level wanders: a few heavy, half of them nearly silent."""
    chance = np.random.default_rng(seed)
    start = np.log(np.geomspace(0.02, 200, units))[:, None]
    walk = np.cumsum(chance.normal(0, 0.15, (units, periods)), axis=1)
    return chance.poisson(np.exp(start + walk - walk.mean(1, keepdims=True))).astype(np.float64)


def test_crps_is_the_oracles_in_both_forms() -> None:
    chance = np.random.default_rng(1)
    draws, seen = chance.poisson(4.0, (50, 200)).astype(float), chance.poisson(4.0, 50).astype(float)
    np.testing.assert_allclose(crps(draws, seen), scoringrules.crps_ensemble(seen, draws, estimator="nrg"), atol=1e-12)
    np.testing.assert_allclose(crps(draws, seen, fair=True), scoringrules.crps_ensemble(seen, draws, estimator="fair"), atol=1e-12)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=30), st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_crps_is_its_definition(sample: list[int], seen: int) -> None:
    x = np.array(sample, float)
    pairs = np.abs(x[:, None] - x[None, :])
    assert math.isclose(crps(x, np.array(float(seen))), np.abs(x - seen).mean() - pairs.mean() / 2, abs_tol=1e-9)


def test_interval_score_is_the_oracles() -> None:
    chance = np.random.default_rng(2)
    low, width, seen = chance.uniform(0, 9, 30), chance.uniform(0, 9, 30), chance.uniform(0, 20, 30)
    found = interval_score(low, low + width, seen, 0.9)
    np.testing.assert_allclose(found, scoringrules.interval_score(seen, low, low + width, 0.1), atol=1e-12)


def test_log_score_counts_bins_with_one_more_in_each() -> None:
    draws = np.array([[0.0] * 900 + [1.0] * 100])
    found = [float(log_score(draws, np.array([seen]))[0]) for seen in (0.0, 2.0, 3.0, 5000.0)]
    np.testing.assert_allclose(found, [-math.log2(one / 1011) for one in (901, 101, 1, 1)])


def test_draws_look_at_nothing_after_the_origin_and_repeat_by_seed() -> None:
    past = mission()
    later = past.copy()
    later[:, 100:] = 999.0
    first = draw(past[:, :100], [1, 5], 50, 7, Habits())
    assert np.array_equal(first, draw(later[:, :100], [1, 5], 50, 7, Habits()))
    assert np.array_equal(first[:, 1:], draw(past[:, :100], [5], 50, 7, Habits()))
    assert not np.array_equal(first, draw(past[:, :100], [1, 5], 50, 8, Habits()))
    assert (first >= 0).all()
    assert (first == np.floor(first)).all()


def test_the_record_of_an_origin_does_not_change_when_more_becomes_known() -> None:
    past = mission(12, 60)
    early, late = (keep_score(past[:, :end], [1, 3], (0.9,), 1, Habits()) for end in (50, 60))
    both = sorted(set(early.origins.tolist()) & set(late.origins.tolist()))
    for origin in both:
        one, other = ((record.origins == origin) & (record.leads == 1) for record in (early, late))
        np.testing.assert_array_equal(early.high[one], late.high[other])


def test_a_silent_place_is_as_likely_to_see_something_as_such_places_were() -> None:
    chance = np.random.default_rng(3)
    past = (chance.random((300, 60)) < 0.004).astype(float) * 3
    past[0] = 20
    silent = level_of(past, Habits())[:, -1] == 0
    made = draw(past, [1], 1000, 1, Habits())
    assert 0.002 < (made[silent] > 0).mean() < 0.007


def test_a_spike_is_not_expected_to_repeat_in_full() -> None:
    past = mission(30, 48)
    past[0], past[0, -1] = 10, 10_000
    assert np.quantile(draw(past, [1], 4000, 1, Habits())[0], 0.95) < 10_000


def test_the_margin_is_the_order_statistic_of_split_conformal_prediction() -> None:
    misses = np.arange(99.0)
    assert margin(misses, 0.9) == 89.0
    assert margin(misses[:19], 0.9) is None
    low, high = conform(np.array([4.0]), np.array([9.0]), np.array([-5.0]))
    assert low[0] == high[0]


def test_margins_restore_coverage_of_intervals_that_were_too_narrow() -> None:
    past = mission(60, 110, 9)
    record = keep_score(past, [1, 2, 3], (0.9,), 1, Habits(noise=0.05, share=0.0, half=0.4))
    active = [one for one in measured(record, [1, 2, 3])[0] if one.past_level == "active" and one.lead is None]
    assert active[0].as_drawn / active[0].of < 0.8
    assert 0.86 < active[0].held / active[0].of < 0.96


def test_ends_of_counts_move_smoothly_through_ties() -> None:
    draws = np.array([[0.0] * 50 + [1.0] * 50])
    low, high = smooth_interval_of(draws, 0.9)
    np.testing.assert_allclose([low[0], high[0]], [-0.4, 1.4], atol=0.02)
    first, last = whole(np.array([-0.4, 3.2, 2.6]), np.array([1.4, 3.7, 5.0]))
    assert first.tolist() == [0, 3, 3]
    assert last.tolist() == [1, 3, 5]


def test_weekly_counts_of_small_places_are_covered_as_stated() -> None:
    chance = np.random.default_rng(3)
    level = np.geomspace(0.03, 8, 38)[:, None] * np.exp(np.cumsum(chance.normal(0, 0.08, (38, 200)), axis=1))
    weeks = chance.poisson(np.clip(level, 0.01, 60)).astype(np.float64)
    cover = foresee(weeks, [1, 2, 3, 4], step="week").cover(0.9, None, "active")
    assert cover is not None
    assert 0.87 <= cover.held / cover.of <= 0.93


def test_measured_coverage_uses_margins_from_before_only() -> None:
    past = mission(30, 60)
    record = keep_score(past, [1], (0.9,), 1, Habits())
    _, ready, _, high = measured(record, [1])
    shorter = keep_score(past[:, :50], [1], (0.9,), 1, Habits())
    _, ready_before, _, high_before = measured(shorter, [1])
    origin = 45
    now, before = record.origins == origin, shorter.origins == origin
    first = min(record.origins) == min(shorter.origins)
    assert ready[now].any()
    assert ready_before[before].any()
    if first:
        np.testing.assert_allclose(high[now], high_before[before])


def test_a_place_has_its_record_beside_its_forecast() -> None:
    past = mission(38, 104)
    place = foresee_place(past[30], np.delete(past, 30, 0), [1, 2, 3, 4])
    assert place.quantiles.shape == (4, 5)
    assert (np.diff(place.quantiles, axis=1) >= 0).all()
    assert place.intervals.shape == (2, 4, 2)
    held, of = place.own_cover
    assert of == sum(one.level == 0.9 for one in place.past)
    assert 0.7 < held / of <= 1
    assert all("such intervals held in" in one for one in place.sentences)
    assert any("nobody looked" in one for one in place.warnings)


def test_a_unit_of_three_periods_is_pooled_only_and_said_so() -> None:
    past = mission(20, 40)
    past[3, :-3] = np.nan
    found = foresee(past, [1, 2])
    assert any("1 unit has fewer than 6 periods" in one for one in found.warnings)
    assert np.isfinite(found.draws[3]).all()


def test_chances_are_never_nought_or_certain() -> None:
    assert [percent(one) for one in (0.0, 0.004, 0.3, 1.0)] == [
        "less than 1 in 100",
        "less than 1 in 100",
        "30 in 100",
        "more than 99 in 100",
    ]


def test_draws_come_back_from_the_file_as_they_were(tmp_path: Path) -> None:
    draws = mission(3, 24)[:, -12:].reshape(3, 2, 6)
    write_draws(tmp_path / "d.csv.gz", ["a", 'b,"c', "d"], ["2026-01", "2026-02"], [1, 2], draws)
    back = read_draws(tmp_path / "d.csv.gz")
    assert back.keys[2] == ('b,"c', "2026-01")
    np.testing.assert_array_equal(back.draws.reshape(draws.shape), draws)
    assert back.leads is not None
    assert back.leads.tolist() == [1, 2] * 3


def panel_file(folder: Path, lines: list[str], name: str = "panel.csv") -> str:
    (folder / name).write_text("place,month,count\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return str(folder / name)


def months(unit: str, counts: list[int], year: int = 2024) -> list[str]:
    return [f"{unit},{year + at // 12}-{at % 12 + 1:02d},{count}" for at, count in enumerate(counts)]


PAST = [0, 2, 1, 0, 4, 3, 2, 0, 1, 5, 2, 2, 3, 1, 0, 2]
COLUMNS = ["--unit", "place", "--time", "month", "--value", "count"]


def test_the_command_forecasts_and_scores_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = months("North", [*PAST, 3, 1]) + months("South", [*PAST[::-1], 0, 4])
    panel, out = panel_file(tmp_path, lines), str(tmp_path / "d.csv")
    asked = [
        "analyse",
        "forecast",
        panel,
        *COLUMNS,
        "--origin",
        "2025-04",
        "--leads",
        "1-2",
        "--draws",
        "200",
        "--seed",
        "3",
        "--out",
        out,
        "--json",
    ]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["units"][0]["forecasts"][1]["time"] == "2025-06"
    assert set(told["units"][0]["forecasts"][0]) >= {"intervals", "chance_any", "chance_over_10", "chance_doubling", "sentence"}
    assert told["out"]["rows"] == 800
    assert told["parameters"]["seed"] == 3
    assert told["vintage"] == told["data"][0]["sha256"]
    seen = panel_file(tmp_path, lines[16:18] + lines[34:], "seen.csv")
    assert main(["analyse", "forecast", "score", out, seen, "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    drawn = read_draws(Path(out))
    by_hand = crps(drawn.draws, np.array([3.0, 1.0, 0.0, 4.0])).mean()
    assert scores["crps"] == pytest.approx(float(by_hand))
    assert [one["lead"] for one in scores["by_lead"]] == [1, 2]
    assert {one["unit"] for one in scores["by_unit"]} == {"North", "South"}
    assert scores["vintage"] == scores["data"][1]["sha256"]


def test_the_table_never_prints_a_bare_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    panel = panel_file(tmp_path, months("North", PAST) + months("South", PAST))
    assert main(["analyse", "forecast", panel, *COLUMNS, "--origin", "2025-04", "--leads", "1"]) == 0
    printed = capsys.readouterr()
    assert "90 % interval" in printed.out
    assert "How often such intervals held" in printed.out
    assert "reported events" in printed.err


def test_the_table_has_every_lead_or_says_which_it_leaves_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    panel = panel_file(tmp_path, months("North", PAST * 3) + months("South", PAST[::-1] * 3))
    asked = ["analyse", "forecast", panel, *COLUMNS, "--origin", "2027-12", "--draws", "200", "--leads"]
    assert main([*asked, "1-3"]) == 0
    printed = capsys.readouterr().out
    assert [line.split()[1] for line in printed.splitlines() if line.startswith("North")] == ["2028-01", "2028-02", "2028-03"]
    assert "Left out" not in printed
    assert main([*asked, "1-14"]) == 0
    printed = capsys.readouterr().out
    north = [line.split()[1] for line in printed.splitlines() if line.startswith("North")]
    assert north == [*(f"2028-{one:02d}" for one in range(1, 12)), "2029-02"]
    assert "Left out of this table: 2028-12 to 2029-01 (2 of 14 periods)" in printed


@pytest.mark.parametrize(
    ("origin", "leads", "lines", "words"),
    [
        ("2031-01", "1", months("A", PAST), "not in this panel; it has 2024-01 to 2025-04"),
        ("spring", "1", months("A", PAST), "is not a period of this panel"),
        ("2024-02", "1", months("A", PAST), "at least three"),
        ("2025-04", "1", [*months("A", PAST)[:5], *months("A", PAST)[6:]], "no row for 2024-06"),
        ("2025-04", "1", [*months("A", PAST), "A,2025-04,2"], "stands in the file twice"),
        ("2025-04", "1", months("A", PAST)[::-1], "the clock goes back"),
        ("2025-04", "1", [*months("A", PAST), "B,2025-04,-1"], "below 0"),
        ("2025-04", "1", [*months("A", PAST), "B,2025-04,1.5"], "no fractions"),
        ("2025-04", "1", [*months("A", PAST), "B,2025-04,NaN"], "“NaN” is no count"),
        ("2025-04", "1", [*months("A", PAST), "B,17,1"], "is not one clock"),
        ("2025-04", "1", months("A", [0] * 16), "nought everywhere"),
        ("2024-06", "1", months("A", [0] * 8 + [3] * 8), "everything is nought"),
        ("2025-04", "3-400", months("A", PAST), "beyond reason"),
        ("2025-04", "14-3", months("A", PAST), "names no leads"),
        ("2025-04", "0-3", months("A", PAST), "names no leads"),
    ],
)
def test_what_cannot_be_forecast_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], origin: str, leads: str, lines: list[str], words: str
) -> None:
    out = tmp_path / "d.csv"
    code = main(
        ["analyse", "forecast", panel_file(tmp_path, lines), *COLUMNS, "--origin", origin, "--leads", leads, "--out", str(out), "--json"]
    )
    printed = capsys.readouterr()
    assert code == 2
    assert words in json.loads(printed.out)["refused"]
    assert words in printed.err
    assert list(tmp_path.iterdir()) == [tmp_path / "panel.csv"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--method", "conflictologie"], "is none of ours"),
        (["--levels", "90"], "between 0 and 1"),
        (["--draws", "2"], "ask for 10"),
        (["--seed", "-1"], "whole number from 0"),
        (["--against", "x.csv"], "belongs to score"),
        (["--method", "zero"], "--out"),
        (["--out", "/nowhere/at/all/d.csv"], "cannot be written"),
    ],
)
def test_misspelt_values_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str) -> None:
    panel = panel_file(tmp_path, months("A", PAST))
    assert main(["analyse", "forecast", panel, *COLUMNS, "--origin", "2025-04", "--leads", "1", *options]) == 2
    assert words in capsys.readouterr().err


def test_options_that_miss_or_are_misspelt_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    panel = panel_file(tmp_path, months("A", PAST))
    assert main(["analyse", "forecast", panel, "--unit", "place"]) == 2
    assert "needs --time, --value, --origin, --leads" in capsys.readouterr().err
    assert main(["analyse", "forecast", panel, *COLUMNS, "--origin", "2025-04", "--lead", "1"]) == 2


@pytest.mark.parametrize(
    ("draws", "words"),
    [
        ("unit,time,draw,value\nA,1,0,2\nA,1,0,3\n", "has draw 0 twice"),
        ("unit,time,draw,value\nA,1,0,2\nA,1,1,3\nB,1,0,1\n", "all must have as many"),
        ("unit,time,draw,value\nA,1,0,-2\n", "is not a draw"),
        ("unit,time,draw,value\nA,9,0,2\n", "are the keys written alike"),
        ("unit,time,value\nA,1,2\n", "none of the columns"),
        ("unit,time,draw,value\n", "has no draws"),
    ],
)
def test_a_file_of_draws_that_cannot_be_scored_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], draws: str, words: str
) -> None:
    (tmp_path / "d.csv").write_text(draws, encoding="utf-8")
    (tmp_path / "seen.csv").write_text("unit,time,value\nA,1,2\nB,1,2\n", encoding="utf-8")
    assert main(["analyse", "forecast", "score", str(tmp_path / "d.csv"), str(tmp_path / "seen.csv"), "--json"]) == 2
    assert words in json.loads(capsys.readouterr().out)["refused"]


@pytest.mark.parametrize(
    ("cells", "after"),
    [
        (["2026-W01", "2026-W02", "2026-W03"], "2026-W04"),
        (["2026-01-05", "2026-01-12", "2026-01-19"], "2026-01-26"),
        (["2026-01-05", "2026-01-06", "2026-01-07"], "2026-01-08"),
        (["2025-11-01", "2025-12-01", "2026-01-01"], "2026-02"),
        (["466", "467", "468"], "469"),
    ],
)
def test_a_panel_keeps_its_own_clock(tmp_path: Path, cells: list[str], after: str) -> None:
    panel = read_panel(Path(panel_file(tmp_path, [f"A,{cell},1" for cell in cells])), "place", "month", "count")
    assert panel.past.shape == (1, 3)
    assert panel.clock.text(origin_of(panel, cells[-1]) + 1) == after


def window(origin: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    panel = read_panel(COUNTRIES, "country_id", "month_id", "ged_sb")
    at = origin_of(panel, origin) - panel.first
    return panel.past[:, : at + 1], panel.past[:, at + 3 : at + 15]


@needs_shared
@pytest.mark.parametrize(
    ("origin", "conflictology", "interval", "last_poisson", "aim"),
    [("466", 9.1463, 89.058, 9.480, 8.07), ("478", 21.3393, 344.964, 23.698, 20.9)],
)
def test_countries_are_held_to_the_published_benchmarks(
    origin: str, conflictology: float, interval: float, last_poisson: float, aim: float
) -> None:
    past, seen = window(origin)
    year = baseline(past, LEADS, "last-12", 1000, 1, Habits())
    assert crps(year, seen).mean() == pytest.approx(conflictology, abs=4e-4)
    assert interval_score(*interval_of(year, 0.9), seen, 0.9).mean() == pytest.approx(interval, abs=6e-3)
    assert crps(baseline(past, LEADS, "last-poisson", 1000, 1, Habits()), seen).mean() == pytest.approx(last_poisson, abs=0.03)
    ours = draw(past, LEADS, 1000, 1, Habits())
    assert crps(ours, seen).mean() <= aim
    assert log_score(ours, seen).mean() <= 0.57


@needs_shared
def test_nine_in_ten_intervals_hold_where_anything_happened() -> None:
    panel = read_panel(COUNTRIES, "country_id", "month_id", "ged_sb")
    found = foresee(panel.past, [1, 2, 3])
    for lead in (1, 2, 3):
        cover = found.cover(0.9, lead, "active")
        assert cover is not None
        assert cover.of > 1000
        assert 0.87 <= cover.held / cover.of <= 0.93


@needs_shared
def test_the_actuals_of_the_reference_are_scored_as_they_lie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "d.csv")
    asked = ["--unit", "country_id", "--time", "month_id", "--value", "ged_sb", "--origin", "466", "--leads", "3-14", "--method", "last-12"]
    assert main(["analyse", "forecast", str(COUNTRIES), *asked, "--out", out]) == 0
    capsys.readouterr()
    assert main(["analyse", "forecast", "score", out, str(COUNTRIES.with_name("cm_actuals_2019.csv.gz")), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["n"] == 2292
    assert scores["crps"] == pytest.approx(9.1463, abs=4e-4)
    assert [one["lead"] for one in scores["by_lead"]] == LEADS
