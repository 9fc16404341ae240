"""Rates of small places: the formulas by hand, properties that must hold, and refusal of weights that do not make the whole."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from fairwitness.analyse.numbers.rates.compare_neighbours import compare_all, compare_each, depart
from fairwitness.analyse.numbers.rates.read_neighbours import nearest
from fairwitness.analyse.numbers.rates.smooth_rates import smooth_gamma, smooth_global, smooth_local
from fairwitness.web.cli import main

CASES = np.array([1.0, 30.0, 5.0, 12.0])
PEOPLE = np.array([10.0, 1000.0, 400.0, 90.0])
RING = np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]], dtype=float)
"""Four places in a ring."""


def line(count: int) -> np.ndarray:
    made = np.zeros((count, count))
    for at in range(count - 1):
        made[at, at + 1] = made[at + 1, at] = 1.0
    return np.asarray(made / made.sum(axis=1)[:, None])


def test_marshall_by_hand() -> None:
    """m = 48/1500 = .032; s2 = [10(.068)^2 + 1000(.002)^2 + 400(.0195)^2 + 90(.101333..)^2]/1500 = .00075083...; a = s2 - .032/375."""
    m = 48 / 1500
    s2 = (10 * 0.068**2 + 1000 * 0.002**2 + 400 * 0.0195**2 + 90 * (12 / 90 - m) ** 2) / 1500
    a = s2 - m / 375
    assert a > 0
    made = smooth_global(CASES, PEOPLE)
    assert made.variance == pytest.approx(a, abs=1e-12)
    for at, raw in enumerate((0.1, 0.03, 0.0125, 12 / 90)):
        shrink = a / (a + m / PEOPLE[at])
        assert made.rates[at] == pytest.approx(m + shrink * (raw - m), abs=1e-12)
    assert made.rates[0] == pytest.approx(0.0434, abs=5e-4)


def test_the_smallest_place_is_drawn_the_furthest() -> None:
    made = smooth_global(CASES, PEOPLE)
    kept = (made.rates - made.mean) / (CASES / PEOPLE - made.mean)
    assert list(np.argsort(kept)) == list(np.argsort(PEOPLE))
    assert ((kept > 0) & (kept < 1)).all()


def test_the_local_form_with_everybody_a_neighbour_is_the_global_form() -> None:
    everybody = ~np.eye(4, dtype=bool)
    assert np.allclose(smooth_local(CASES, PEOPLE, everybody).rates, smooth_global(CASES, PEOPLE).rates)
    by_ring = smooth_local(CASES, PEOPLE, RING > 0)
    assert by_ring.mean[0] == pytest.approx((1 + 30 + 12) / (10 + 1000 + 90))
    alone = smooth_local(CASES, PEOPLE, np.zeros((4, 4), dtype=bool))
    assert np.allclose(alone.rates, CASES / PEOPLE)


def test_places_that_differ_by_chance_alone_have_one_rate() -> None:
    cases, people = np.array([10.0, 10.0, 11.0, 9.0]), np.full(4, 1000.0)
    assert np.allclose(smooth_global(cases, people).rates, 0.01)
    made = smooth_gamma(cases, people)
    assert made.shape is None
    assert np.allclose(made.rates, 0.01)


def test_the_gamma_finds_the_truth_and_its_intervals_hold_it() -> None:
    rng = np.random.default_rng(3)
    people = rng.integers(200, 20000, 300).astype(float)
    true = rng.gamma(4.0, 0.01 / 4.0, 300)
    made = smooth_gamma(rng.poisson(true * people).astype(float), people)
    assert made.shape == pytest.approx(4.0, rel=0.25)
    assert made.shape is not None and made.rate is not None
    assert made.shape / made.rate == pytest.approx(0.01, rel=0.1)
    assert 0.90 <= ((made.low < true) & (true < made.high)).mean() <= 0.99
    raw = np.abs(rng.poisson(true * people) / people - true).mean()
    assert np.abs(made.rates - true).mean() < raw


def test_the_gamma_agrees_with_the_negative_binomial_of_an_oracle() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    people = rng.integers(500, 5000, 120).astype(float)
    cases = rng.poisson(rng.gamma(3.0, 0.02 / 3.0, 120) * people).astype(float)
    oracle = sm.NegativeBinomial(cases, np.ones((120, 1)), offset=np.log(people)).fit(disp=0, method="newton")
    made = smooth_gamma(cases, people)
    assert made.shape == pytest.approx(1 / oracle.params[1], rel=1e-3)
    assert made.shape is not None and made.rate is not None
    assert made.shape / made.rate == pytest.approx(math.exp(oracle.params[0]), rel=1e-4)


def test_moran_by_hand_and_at_its_ends() -> None:
    weights = line(6)
    values = np.array([1.0, 2, 3, 4, 5, 6])
    z = values - 3.5
    lag = np.array([z[1], (z[0] + z[2]) / 2, (z[1] + z[3]) / 2, (z[2] + z[4]) / 2, (z[3] + z[5]) / 2, z[4]])
    found = compare_all(values, weights, replicates=999)
    assert found.i == pytest.approx((z * lag).sum() / (z * z).sum(), abs=1e-12)
    assert found.expected == pytest.approx(-0.2)
    assert found.p < 0.02
    assert compare_all(np.array([1.0, -1, 1, -1, 1, -1]), weights).i == pytest.approx(-1.0)


def test_the_variance_of_moran_is_that_of_all_permutations() -> None:
    from itertools import permutations

    values, weights = np.array([1.0, 5, 2, 8, 3, 13]), line(6)
    z = values - values.mean()
    every = np.array([6 / weights.sum() * (np.array(one) @ weights @ np.array(one)) / (z @ z) for one in permutations(z)])
    found = compare_all(values, weights)
    assert every.mean() == pytest.approx(found.expected, abs=1e-10)
    assert (found.i - found.expected) / found.z == pytest.approx(every.std(), rel=1e-9)
    assert found.p == pytest.approx((every >= found.i - 1e-12).mean(), abs=0.05)


def test_departures_as_assuncao_and_reis_have_them() -> None:
    m = 48 / 1500
    s2 = (PEOPLE * (CASES / PEOPLE - m) ** 2).sum() / 1500
    expected = (CASES / PEOPLE - m) / np.sqrt(s2 - m / 375 + m / PEOPLE)
    assert np.allclose(depart(CASES, PEOPLE), expected, atol=1e-12)
    flat = depart(np.array([10.0, 10, 11, 9]), np.array([1000.0, 1000, 1000, 1000]))
    assert np.isfinite(flat).all()


def test_local_moran_makes_the_global_one_and_finds_the_cluster() -> None:
    rng = np.random.default_rng(8)
    values, weights = rng.normal(size=40), line(40)
    values[10:16] += 5
    each = compare_each(values, weights)
    assert each.i.sum() / 40 == pytest.approx(compare_all(values, weights).i, abs=1e-12)
    assert each.p[12] < 0.01
    assert each.quarter[12] == "high-high"
    assert np.array_equal(each.p, compare_each(values, weights).p)
    assert (each.p[20:] < 0.05).mean() < 0.25


def test_local_p_is_honest_where_there_is_no_cluster() -> None:
    rng = np.random.default_rng(4)
    small = [(compare_each(rng.normal(size=30), line(30), replicates=199, seed=at).p <= 0.05).mean() for at in range(20)]
    assert 0.02 < float(np.mean(small)) < 0.08


def test_nearest_takes_all_that_are_as_far() -> None:
    grid = np.array([0.0, 1, 2, 3])
    made = nearest(grid, np.zeros(4), 1, list("abcd"))
    assert made.near[1].tolist() == [True, False, True, False]
    assert np.allclose(made.weights.sum(axis=1), 1)


TABLE = "place,cases,population,x,y\nA,1,10,0,0\nB,30,1000,1,0\nC,5,400,1,1\nD,12,90,0,1\nE,3,9,9,9\n"


def written(folder: Path, text: str, name: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_command_names_islands_and_states_no_rate_on_fewer_than_ten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = written(tmp_path, TABLE, "c.csv")
    pairs = written(tmp_path, "a,b\nA,B\nB,C\nC,D\nD,A\n", "p.csv")
    assert main(["analyse", "rates", cases, "--adjacency", pairs, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["islands"] == ["E"]
    assert any("E" in words and "Moran" in words for words in said["warnings"])
    rows = {row["place"]: row for row in said["places"]}
    assert rows["E"]["rate"] is None
    assert rows["A"]["rate"] == pytest.approx(0.1)
    assert rows["E"]["local_moran"]["I"] is None
    assert said["eb_moran"]["expected"] == pytest.approx(-1 / 3)
    assert said["refused"] is None
    assert main(["analyse", "rates", cases, "--nearest", "2"]) == 0
    assert "Moran's I of departures" in capsys.readouterr().out
    assert main(["analyse", "rates", cases, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["moran"] is None


@pytest.mark.parametrize(
    ("cases", "pairs", "more", "words"),
    [
        (TABLE, "a,b,w\nA,B,0.5\nA,C,0.4\n", [], "“A” make 0.9"),
        (TABLE, "a,b\nA,Z\n", [], "“Z” is not among the cases"),
        (TABLE, "a,b\nA,A\n", [], "no neighbour of itself"),
        (TABLE, "a,b\nA,B\nA,B\n", [], "stands twice"),
        (TABLE, "a,b\nA,B\n", [], "Fewer than four places with neighbours"),
        (TABLE, None, ["--nearest", "9"], "from 1 to 4"),
        (TABLE, None, ["--replicates", "3"], "from 99"),
        (TABLE.replace("A,1,", "A,-1,"), None, [], "below 0"),
        (TABLE.replace("A,1,", "A,1.5,"), None, [], "not a whole number"),
        (TABLE.replace("B,30", "A,30"), None, [], "stands twice"),
        (TABLE.replace("1000", "0"), None, [], "a rate needs people"),
        ("place,cases,population\nA,0,10\nB,0,10\nC,0,20\n", None, [], "no case at all"),
        ("place,cases,population\nA,1,10\nB,0,10\n", None, [], "fewer than three places"),
        ("place,cases\nA,1\n", None, [], "--population"),
    ],
)
def test_what_has_no_rate_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cases: str, pairs: str | None, more: list[str], words: str
) -> None:
    given = ["--adjacency", written(tmp_path, pairs, "p.csv")] if pairs else []
    assert main(["analyse", "rates", written(tmp_path, cases, "c.csv"), *given, *more, "--json"]) == 2
    assert words in json.loads(capsys.readouterr().out)["refused"]
