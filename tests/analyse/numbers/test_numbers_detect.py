"""The published detectors, held to published figures where they are at hand, and to their own definitions everywhere."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import math
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fairwitness.analyse.numbers.detect.choose_baseline import choose_periods, find_anniversaries
from fairwitness.analyse.numbers.detect.choose_method import CONFIGS, PARAMETERS, choose_first, choose_parameters, detect, least_rows
from fairwitness.analyse.numbers.detect.detect_farrington import FarringtonRules, detect_farrington, quantile_of_counts, tail_of_counts
from fairwitness.analyse.numbers.detect.fit_levels import fit_levels
from fairwitness.errors import BadInput
from fairwitness.web.cli import main

HERE = Path(os.environ.get("FAIRWITNESS_SHARED", Path(__file__).parents[3].parent / "shared")) / "data" / "reference" / "surveillance"
NAMES = {"farringtonFlexible": "farrington_flexible", "earsC_C1": "ears_c1", "earsC_C2": "ears_c2", "earsC_C3": "ears_c3",
         "glrpois": "glr_pois", "glrnb": "glr_nb", "outbreakP": "outbreakp"}  # fmt: skip
# Rows whose published bound is not the one the rule defines; docs/reference/methods/detect.md says why, one by one.
KNOWN = {("cusum", "k1", 147), ("glr_nb", "pank", 288), ("glr_nb", "trko", 230), ("glr_nb", "trko", 232)}
there = pytest.mark.skipif(not HERE.exists(), reason="the published figures are not at hand")


def series_of(rng: np.random.Generator, rows: int = 330, level: float = 4.0) -> np.ndarray:
    season = level * np.exp(0.4 * np.sin(2 * np.pi * np.arange(rows) / 52))
    return rng.negative_binomial(season, 0.5).astype(np.float64)


def published(method: str, config: str) -> Iterator[tuple[str, str, list[dict[str, str]]]]:
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    with gzip.open(HERE / "reference.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if NAMES.get(row["algorithm"], row["algorithm"]) == method and row["config"] == config:
                groups.setdefault((row["dataset"], row["unit"]), []).append(row)
    for (dataset, unit), rows in groups.items():
        yield dataset, unit, rows


def value(text: str) -> float:
    return math.nan if text in ("", "NA") else float(text)


@there
@pytest.mark.parametrize(("method", "config"), [(method, config) for method, known in CONFIGS.items() for config in known])
def test_bounds_and_alarms_are_the_published_ones(method: str, config: str) -> None:
    tested = 0
    for dataset, unit, rows in published(method, config):
        with (HERE / "in" / f"{dataset}.csv").open() as file:
            table = list(csv.DictReader(file))
        counts = np.array([float(row[unit]) for row in table])
        dates = [date.fromisoformat(row["date"]) for row in table] if dataset == "salmHospitalized" else None
        frequency = 12 if dataset == "meningo.age" else 52
        chosen = choose_parameters(method, config, {}, frequency=frequency, rows=len(counts))
        start = choose_first(method, chosen, frequency=frequency, rows=len(counts))
        assert start == int(rows[0]["t"])
        found = detect(counts, method, chosen, start=start, frequency=frequency, dates=dates if method.startswith("farr") else None)
        for place, row in enumerate(rows):
            name = unit if dataset == "ha.sts" else dataset
            tested += 1
            if (method, name, int(row["t"])) in KNOWN:
                continue
            bound, alarm = value(row["upperbound"]), value(row["alarm"])
            assert found.upperbound[place] == pytest.approx(bound, rel=1e-8, abs=1e-10, nan_ok=True), (dataset, unit, row["t"])
            assert found.alarm[place] == pytest.approx(alarm, nan_ok=True), (dataset, unit, row["t"])
            if row["pvalue"] not in ("", "NA"):
                assert found.p[place] == pytest.approx(value(row["pvalue"]), abs=1e-8)
            if row["expected"] not in ("", "NA"):
                assert found.expected[place] == pytest.approx(value(row["expected"]), rel=1e-8, abs=1e-12)
    assert tested > 500


@pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is an optional extra")
@pytest.mark.parametrize("change", [{}, {"threshold": "nbPlugin"}, {"threshold": "muan", "trend": False}, {"periods": 1, "leave": 3}])
def test_both_engines_give_the_same(change: dict[str, Any]) -> None:
    for seed, level in ((1, 4.0), (2, 0.3), (3, 200.0)):
        counts = series_of(np.random.default_rng(seed), level=level)
        rules = replace(FarringtonRules(b=4, limit=(0, 4)), **change)
        one, other = (detect_farrington(counts, rules, start=215, engine=engine) for engine in ("numpy", "numba"))
        for name in ("expected", "upperbound", "alarm", "p"):
            np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-12)


def test_a_fit_agrees_with_statsmodels() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(5)
    counts = rng.poisson(6.0, (1, 120)).astype(np.float64)
    levels = np.tile(np.arange(120) % 4, (1, 1)).astype(np.int64)
    times, weights = np.arange(120.0)[None, :], rng.uniform(0.2, 1.5, (1, 120))
    ours = fit_levels(counts, levels, times, weights, trend=True, engine="numpy")
    design = np.column_stack([np.eye(4)[levels[0]], times[0]])
    theirs = sm.GLM(counts[0], design, family=sm.families.Poisson(), var_weights=weights[0]).fit(tol=1e-14)
    np.testing.assert_allclose(ours.mean[0], theirs.mu, rtol=1e-6)
    assert ours.slope[0] == pytest.approx(theirs.params[4], rel=1e-5)
    np.testing.assert_allclose(ours.leverage(levels, times)[0], theirs.get_hat_matrix_diag(), rtol=1e-4)


def test_a_population_is_an_offset_as_statsmodels_has_it() -> None:
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(6)
    people = np.linspace(1000.0, 4000.0, 120)
    counts = rng.poisson(6.0 * people / 2000.0)[None, :].astype(np.float64)
    levels = (np.arange(120) % 4)[None, :].astype(np.int64)
    times, weights, offset = np.arange(120.0)[None, :], rng.uniform(0.2, 1.5, (1, 120)), np.log(people)[None, :]
    design = np.column_stack([np.eye(4)[levels[0]], times[0]])
    theirs = sm.GLM(counts[0], design, family=sm.families.Poisson(), var_weights=weights[0], offset=offset[0]).fit(tol=1e-14)
    for engine in ("numpy", *(["numba"] if importlib.util.find_spec("numba") else [])):
        ours = fit_levels(counts, levels, times, weights, trend=True, offset=offset, engine=engine)
        np.testing.assert_allclose(ours.mean[0], theirs.mu, rtol=1e-6)
        assert ours.slope[0] == pytest.approx(theirs.params[4], rel=1e-4)
        mean = ours.predict(np.array([130.0]), np.log(np.array([9000.0])))[0]
        assert mean == pytest.approx(theirs.predict(np.array([[1, 0, 0, 0, 130.0]]), offset=np.log([9000.0])), rel=1e-5)


def test_bounds_follow_the_population_and_an_even_one_changes_nothing() -> None:
    counts = series_of(np.random.default_rng(3), level=8.0)
    rules = FarringtonRules(b=4, trend=False)
    plain = detect_farrington(counts, rules, start=300)
    even = detect_farrington(counts, rules, start=300, population=np.full(330, 5000.0))
    np.testing.assert_array_equal(even.upperbound, plain.upperbound)
    people = np.full(330, 5000.0)
    people[315:] = 2500.0
    half = detect_farrington(counts, rules, start=300, population=people)
    np.testing.assert_allclose(half.expected[16:], plain.expected[16:] / 2, rtol=1e-9)
    np.testing.assert_allclose(half.expected[:16], plain.expected[:16], rtol=1e-9)
    assert (half.upperbound[16:] < plain.upperbound[16:]).all()
    with pytest.raises(BadInput, match="above 0"):
        detect_farrington(counts, rules, start=300, population=np.zeros(330))


def test_an_outbreak_alarms_and_an_old_one_weighs_less() -> None:
    counts = series_of(np.random.default_rng(8))
    counts[300] += 60
    plain = FarringtonRules(b=4)
    found = detect_farrington(counts, plain, start=290)
    assert found.alarm[301 - 290] == 1
    counts[301 - 53] += 300
    bound = {on: detect_farrington(counts, replace(plain, reweight=on), start=301).upperbound[0] for on in (True, False)}
    assert bound[True] < bound[False]


def test_fewer_than_five_counts_have_no_bound_unless_it_is_asked_for() -> None:
    counts = np.zeros(330)
    counts[::9] = 1
    assert np.isnan(detect_farrington(counts, FarringtonRules(b=4), start=300).upperbound).all()
    assert np.isfinite(detect_farrington(counts, FarringtonRules(b=4, limit=(0, 4)), start=300).upperbound).all()


def test_the_year_is_divided_without_gaps_and_the_recent_weeks_stay_out() -> None:
    for periods in (2, 5, 7, 10):
        rows, levels = choose_periods(300, [92, 144, 196, 248], 3, periods, 26)
        assert rows.tolist() == list(range(89, 274))
        assert set(levels) == set(range(periods))
        assert (levels == 0).sum() == 4 * 7
        sizes = np.bincount(levels[:52])[1:]
        assert sizes.max() - sizes.min() <= 1
    days = [date(2004, 1, 5) + timedelta(7 * week) for week in range(400)]
    assert find_anniversaries(300, 5, 52, days) != find_anniversaries(300, 5, 52, None)
    assert all(
        abs((days[299] - days[row - 1]).days - 365.25 * back) < 5
        for row, back in zip(find_anniversaries(300, 5, 52, days), (5, 4, 3, 2, 1), strict=True)
    )


def test_quantile_and_tail_belong_together() -> None:
    mean, wide = np.array([0.3, 5.0, 80.0, 1e12]), np.array([1.0, 2.5, 7.0, 3.0])
    bound = quantile_of_counts(0.95, mean, wide)
    assert (tail_of_counts(bound[:3] + 1, mean[:3], wide[:3]) <= 0.05).all()
    assert (tail_of_counts(bound[:3], mean[:3], wide[:3]) > 0.05).all()
    assert bound[3] > 1e12
    assert np.isnan(quantile_of_counts(0.95, np.array([np.inf]), np.array([1.0]))[0])


def test_ears_by_hand() -> None:
    counts = np.array([1, 0, 5, 1, 2, 0, 3, 4, 0, 0, 9], dtype=np.float64)
    found = detect(counts, "ears_c1", choose_parameters("ears_c1", "alpha0.01", {}, frequency=52, rows=11), start=8)
    assert found.upperbound[0] == pytest.approx(counts[:7].mean() + 2.3263478740408408 * counts[:7].std(ddof=1))
    assert (found.alarm == (counts[7:] > found.upperbound)).all()


def test_outbreakp_by_hand() -> None:
    found = detect(np.array([1.0, 0.0, 5.0]), "outbreakp", {"k": 100.0}, start=1)
    assert found.upperbound.tolist() == pytest.approx([1.0, 1.0, 0.25 * 2.5**5])


def test_a_likelihood_ratio_rises_with_a_change_and_begins_anew() -> None:
    counts = np.full(140, 5.0)
    counts[120:] = 12.0
    for method in ("glr_pois", "glr_nb"):
        found = detect(counts, method, choose_parameters(method, None, {"dispersion_alpha": 0.05} if method == "glr_nb" else {},
                                                         frequency=52, rows=140), start=101)  # fmt: skip
        assert found.alarm[:20].sum() == 0
        assert found.alarm[20:].sum() >= 2
        first = int(np.flatnonzero(found.alarm)[0])
        assert found.upperbound[first + 1] < found.upperbound[first]


def write(folder: Path, cells: list[Any]) -> Path:
    path = folder / "series.csv"
    path.write_text("week,n\n" + "".join(f"{week},{cell}\n" for week, cell in enumerate(cells, 1)), encoding="utf-8")
    return path


def ask(capsys: pytest.CaptureFixture[str], path: Path, *more: str, column: str = "n") -> tuple[int, dict[str, Any], str]:
    code = main(["analyse", "detect", str(path), "--column", column, "--json", *more])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def test_the_door_prints_points_with_every_parameter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, [int(x) for x in series_of(np.random.default_rng(1))])
    code, said, _ = ask(
        capsys, path, "--method", "farrington_flexible", "--config", "improved_nbPlugin", "--alpha", "0.01", "--from-row", "325"
    )
    assert code == 0
    assert [one["t"] for one in said["points"]] == list(range(325, 331))
    assert set(said["points"][0]) == {"t", "observed", "expected", "upperbound", "alarm", "p"}
    assert said["chosen"]["alpha"] == 0.01
    assert said["chosen"]["threshold_method"] == "nbPlugin"
    assert said["parameters"]["config"] == "improved_nbPlugin"


@pytest.mark.parametrize("method", [*PARAMETERS, "ours"])
def test_a_series_in_which_nothing_ever_happened_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str) -> None:
    code, said, _ = ask(capsys, write(tmp_path, [0] * 330), "--method", method)
    assert code == 2
    assert "nought in every week" in said["refused"]


@pytest.mark.parametrize("method", [*PARAMETERS, "ours"])
def test_three_weeks_are_refused_and_the_least_length_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str) -> None:
    code, said, _ = ask(capsys, write(tmp_path, [1, 2, 3]), "--method", method)
    assert code == 2
    assert "3 rows" in said["refused"]
    if method.startswith("farrington"):
        assert "at least 134" in said["refused"]
    elif method == "ours":
        assert "26 must stand before the first that is judged" in said["refused"]
    else:
        least = least_rows(method, choose_parameters(method, None, {}, frequency=52, rows=3), frequency=52)
        assert f"it needs at least {least}" in said["refused"]
        assert least >= 8


@pytest.mark.parametrize(("cells", "more", "words"), [
    ([1, "NaN", 3] * 40, ["--method", "ears_c1"], "“NaN” is no count"),
    ([1, -2, 3] * 40, ["--method", "ears_c1"], "below 0"),
    ([1, 2.5, 3] * 40, ["--method", "ears_c1"], "whole number"),
    ([1, 2, 3] * 110, ["--method", "farington"], "is not one; there are"),
    ([1, 2, 3] * 110, ["--method", "farrington_flexible", "--config", "improved_thershold"], "is not a configuration"),
    ([1, 2, 3] * 110, ["--method", "farrington_flexible", "--threshold-method", "nbplugin"], "is not one; there are"),
    ([1, 2, 3] * 110, ["--method", "farrington_flexible", "--baseline", "7"], "is not a parameter of farrington_flexible"),
    ([1, 2, 3] * 110, ["--method", "farrington_flexible", "--alpha", "0"], "must be between"),
    ([1, 2, 3] * 110, ["--method", "farrington_flexible", "--b", "7"], "too few"),
    ([1, 2, 3] * 110, ["--method", "ears_c1", "--frequency", "7"], "52 (weeks) or 12 (months)"),
    ([0] * 320 + [1] * 10, ["--method", "cusum"], "above nought"),
    ([0] * 320 + [1] * 10, ["--method", "glr_pois"], "nothing was counted"),
    ([5] * 312, ["--method", "glr_nb"], "Take glr_pois"),
    ([10**9] * 312, ["--method", "glr_nb"], "Take glr_pois"),
    ([0, 10**15, 10**15] * 104, ["--method", "glr_nb"], "give dispersion_alpha"),
    ([1, 10**17] * 156, ["--method", "glr_pois"], "cannot be counted exactly"),
    ([1, 2, 3] * 110, ["--method", "ours", "--baseline", "7"], "is not a parameter of ours"),
])  # fmt: skip
def test_bad_input_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], cells: list[Any], more: list[str], words: str) -> None:
    code, said, error = ask(capsys, write(tmp_path, cells), *more)
    assert code == 2
    assert words in said["refused"]
    assert words in error


def test_a_misspelt_option_is_refused(tmp_path: Path) -> None:
    assert (
        main(["analyse", "detect", str(write(tmp_path, [1] * 300)), "--column", "n", "--method", "ears_c1", "--thershold-method", "delta"])
        == 2
    )


def test_parameters_outside_their_meaning_are_refused_in_the_core() -> None:
    counts = series_of(np.random.default_rng(1))
    for change in ({"w": 40}, {"periods": 60}, {"power": "3/4"}, {"limit": (-1, 4)}, {"b": 0}):
        with pytest.raises(BadInput):
            detect_farrington(counts, replace(FarringtonRules(b=4), **change), start=300)
    with pytest.raises(BadInput):
        detect_farrington(np.array([1.0, np.nan]), FarringtonRules(b=1), start=1)
