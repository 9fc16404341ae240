"""Our own detector: exact tails, honest rates of false alarms, places that share strength, breaks respected, refusals with a reason."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from fairwitness.analyse.numbers.pool import detect_one, detect_panel
from fairwitness.analyse.numbers.pool.detect_one import chances
from fairwitness.analyse.numbers.pool.judge_weeks import judge_weeks
from fairwitness.analyse.numbers.pool.state_tail import first_alarm, middle, state_tail
from fairwitness.analyse.numbers.pool.weigh_past import EXCESS, believe, log_chance, plain_belief, usual_chance
from fairwitness.errors import BadInput

SHARED = Path(os.environ.get("FAIRWITNESS_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "reference"
NOUFAILY = SHARED / "noufaily" / "series_replicates_01_50.npz"


def sure_of(place: int) -> np.ndarray:
    """A belief that phi - 1 is this point of the grid."""
    belief = np.zeros((1, len(EXCESS)))
    belief[0, place] = 1.0
    return belief


@pytest.mark.parametrize("count", [0.0, 1.0, 3.0, 40.0])
@pytest.mark.parametrize("mean", [0.05, 0.8, 12.0])
def test_the_tail_is_the_negative_binomial(count: float, mean: float) -> None:
    place, spread = 8, 0.03
    size = 1.0 / (EXCESS[place] / mean + spread)
    law = stats.nbinom(size, size / (size + mean))
    above, point = state_tail(np.array([count]), np.array([mean]), np.array([spread]), sure_of(place))
    assert above[0] == pytest.approx(law.sf(count - 1), rel=1e-9)
    assert point[0] == pytest.approx(law.pmf(count), rel=1e-9)
    assert law.var() == pytest.approx((1.0 + EXCESS[place]) * mean + spread * mean**2)


def test_counts_of_known_mean_and_phi_have_the_published_law() -> None:
    # The same law in the words of the mean: variance phi * mu.
    counts = np.arange(12.0)
    ours = np.exp(log_chance(counts, np.full(12, 2.4), np.float64(1.25)))
    assert ours == pytest.approx(stats.nbinom(2.4 / 1.25, 1 / 2.25).pmf(counts), rel=1e-10)


def test_the_first_alarm_is_the_smallest_count_that_is_one() -> None:
    mean, spread = np.array([0.1, 2.0, 150.0]), np.array([0.5, 0.01, 1e-4])
    belief = np.tile(plain_belief(), (3, 1))
    alpha = np.full(3, 0.01)
    edge = first_alarm(mean, spread, belief, alpha)
    assert (middle(edge, mean, spread, belief) <= alpha).all()
    assert (middle(edge - 1, mean, spread, belief) > alpha).all()


def test_mid_p_alarms_come_at_no_more_than_twice_the_rate_and_on_average_at_it() -> None:
    means = np.geomspace(0.05, 20, 200)
    spread, belief = np.full(200, 1e-9), np.tile(sure_of(5), (200, 1))
    for alpha in (0.005, 0.01, 0.025, 0.05, 0.1):
        size = state_tail(first_alarm(means, spread, belief, np.full(200, alpha)), means, spread, belief)[0]
        assert size.max() < 2 * alpha
        assert size.mean() == pytest.approx(alpha, rel=0.15)


def test_phi_is_found_again() -> None:
    rng = np.random.default_rng(5)
    mu = np.full((1, 4000), 3.0)
    for phi in (1.0, 2.0, 5.0):
        counts = rng.poisson(mu) if phi == 1.0 else rng.negative_binomial(mu / (phi - 1.0), 1.0 / phi)
        held = believe(counts.astype(float), mu, np.ones_like(mu), np.array([1.0]), plain_belief())
        assert 1.0 + (held @ EXCESS)[0] == pytest.approx(phi, rel=0.08)


def test_a_past_outbreak_is_set_aside_and_an_ordinary_high_week_is_not() -> None:
    rng = np.random.default_rng(6)
    mu = np.full((1, 300), 4.0)
    counts = rng.poisson(mu).astype(float)
    counts[0, 100:103] = (14.0, 16.0, 11.0)
    counts[0, 200] = 9.0
    here = np.ones_like(counts)
    weights = usual_chance(counts, mu, np.array([1.3]), here)
    assert weights[0, 100:103].max() < 0.05
    assert weights[0, 200] > 0.5
    assert np.median(weights) > 0.95
    here[0, 101] = 0.0
    assert usual_chance(counts, mu, np.array([1.3]), here)[0, 101] > weights[0, 101], "no data suspects nobody"


def series_of(rng: np.random.Generator, mean: float, phi: float, weeks: int = 320) -> np.ndarray:
    t = np.arange(1, weeks + 1)
    mu = mean * np.exp(0.4 * np.cos(2 * np.pi * t / 52))
    return (rng.poisson(mu) if phi == 1.0 else rng.negative_binomial(mu / (phi - 1.0), 1.0 / phi)).astype(float)


def test_alarms_without_outbreaks_come_as_often_as_was_said() -> None:
    rng = np.random.default_rng(7)
    p = np.array([[point.p for point in detect_one(series_of(rng, mean, phi), alpha=0.05, frequency=52, start=261)]
                  for mean in (0.3, 1.0, 4.0, 15.0) for phi in (1.0, 2.5) for _ in range(4)])  # fmt: skip
    assert p.size == 1920
    for alpha, low, high in ((0.01, 0.3, 1.8), (0.05, 0.6, 1.4), (0.1, 0.7, 1.3), (0.5, 0.9, 1.1)):
        assert low < (p <= alpha).mean() / alpha < high, alpha


def test_an_alarm_is_observed_above_its_bound_and_is_p_at_most_alpha() -> None:
    rng = np.random.default_rng(8)
    counts = series_of(rng, 2.0, 1.5)
    counts[300:303] += (15.0, 12.0, 6.0)
    points = detect_one(counts, alpha=0.01, frequency=52, start=200)
    assert [point.t for point in points] == list(range(200, 321))
    for point in points:
        assert point.p is not None
        assert point.upperbound is not None
        assert point.observed is not None
        assert point.alarm == (point.observed > point.upperbound) == (point.p <= 0.01)
    assert points[301 - 200].raised
    assert points[302 - 200].ongoing
    assert not points[302 - 200].raised


def test_a_week_has_the_same_probability_wherever_the_analyst_begins() -> None:
    counts = series_of(np.random.default_rng(9), 1.0, 2.0)
    early = {point.t: point.p for point in detect_one(counts, alpha=0.05, frequency=52, start=150)}
    late = {point.t: point.p for point in detect_one(counts, alpha=0.05, frequency=52, start=283)}
    assert all(early[t] == pytest.approx(p, rel=1e-12) for t, p in late.items())


def test_the_future_says_nothing_about_a_week() -> None:
    counts = series_of(np.random.default_rng(10), 1.0, 2.0)
    whole = detect_one(counts, alpha=0.05, frequency=52, start=250)
    cut = detect_one(counts[:270], alpha=0.05, frequency=52, start=250)
    assert [point.p for point in whole[: len(cut)]] == pytest.approx([point.p for point in cut], rel=1e-12)


def test_a_break_is_respected() -> None:
    rng = np.random.default_rng(11)
    counts = np.concatenate([rng.poisson(2.0, 240), rng.poisson(12.0, 80)]).astype(float)
    blind = detect_one(counts, alpha=0.01, frequency=52, start=241)
    told = detect_one(counts, alpha=0.01, frequency=52, start=241, breaks=[241])
    assert sum(point.alarm for point in blind[:26]) > 20, "six times as many cases are an alarm where no break is marked"
    assert sum(point.alarm for point in told) <= 3
    assert told[0].together == int(counts[240]), "the week before the break is not added"
    assert told[-1].expected == pytest.approx(12.0, rel=0.15)


def test_no_data_is_not_nought() -> None:
    counts = series_of(np.random.default_rng(12), 3.0, 1.5)
    counts[100:140] = np.nan
    counts[300] = np.nan
    points = detect_one(counts, alpha=0.05, frequency=52, start=290)
    gap, after = points[301 - 290], points[302 - 290]
    assert (gap.observed, gap.p, gap.upperbound, gap.alarm) == (None, None, None, False)
    assert after.together == int(counts[301])
    assert after.expected_together == pytest.approx(after.expected)
    full = series_of(np.random.default_rng(12), 3.0, 1.5)
    as_noughts = np.nan_to_num(counts)
    true = detect_one(full, alpha=0.05, frequency=52, start=320)[0].expected
    assert abs(points[-1].expected - true) < abs(detect_one(as_noughts, alpha=0.05, frequency=52, start=320)[0].expected - true)


def panel_of(rng: np.random.Generator, places: int = 16, weeks: int = 260) -> np.ndarray:
    level = 0.08 * rng.gamma(3.0, 1 / 3.0, places)
    t = np.arange(1, weeks + 1)[:, None]
    return rng.poisson(level * np.exp(0.5 * np.cos(2 * np.pi * t / 52))).astype(float)


def test_every_place_and_week_of_a_sparse_panel_has_a_probability() -> None:
    panel = panel_of(np.random.default_rng(13))
    panel[:, 3] = 0.0
    names = [f"place {one}" for one in range(16)]
    watch = detect_panel(panel, alpha=0.01, frequency=52, start=209, names=names)
    p = np.array([[point.p for point in own] for own in watch.points])
    assert np.isfinite(p).all()
    assert all(point.upperbound is not None and point.upperbound <= 3 for point in watch.points[3]), "three cases where there were none"
    assert 0.4 < (p <= 0.05).mean() / 0.05 < 1.6


def test_places_together_know_more_than_one_alone() -> None:
    rng = np.random.default_rng(14)
    t = np.arange(1, 261)
    true = 0.15 * np.exp(0.9 * np.cos(2 * np.pi * t / 52))
    panel = rng.poisson(np.tile(true, (24, 1))).astype(float)
    pooled = judge_weeks(panel, start=209, frequency=52, breaks={}, pooled=True)
    alone = judge_weeks(panel, start=209, frequency=52, breaks={}, pooled=False)
    error = [np.square(np.log(one.expected / true[208:])).mean() for one in (pooled, alone)]
    assert error[0] < 0.5 * error[1]


def test_a_place_like_no_other_keeps_its_own_level() -> None:
    rng = np.random.default_rng(15)
    panel = panel_of(rng)
    panel[:, 5] = rng.poisson(25.0, len(panel))
    judged = judge_weeks(panel.T.copy(), start=260, frequency=52, breaks={}, pooled=True)
    assert judged.expected[5, 0] == pytest.approx(25.0, rel=0.08)
    assert judged.expected[[0, 1, 2], 0].max() < 0.5


def test_a_split_municipality_does_not_move_its_neighbours() -> None:
    rng = np.random.default_rng(16)
    panel = rng.poisson(3.0, (260, 8)).astype(float)
    panel[180:, 2] = rng.poisson(0.7, 80)
    names = list("abcdefgh")
    watch = detect_panel(panel, alpha=0.01, frequency=52, start=240, names=names, breaks={"c": [181]})
    assert watch.points[2][-1].expected == pytest.approx(0.7, rel=0.5)
    assert all(watch.points[one][-1].expected == pytest.approx(3.0, rel=0.2) for one in (0, 1, 3, 7))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (np.zeros(200), "nought in every week"),
        (np.full(200, np.nan), "no figure in any week"),
        (np.array([1.0, 2.0, 3.0]), "3 rows"),
        (np.r_[np.ones(199), -1.0], "-1"),
        (np.r_[np.ones(199), 0.5], "0.5"),
        (np.r_[np.ones(199), math.inf], "no count"),
        (np.ones((20, 10)), "one series"),
    ],
)
def test_a_series_that_says_nothing_is_refused(counts: np.ndarray, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        detect_one(counts, alpha=0.05, frequency=52, start=min(150, counts.size))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"alpha": 0.0}, "alpha"),
        ({"alpha": 0.7}, "alpha"),
        ({"frequency": 0}, "frequency"),
        ({"start": 5}, "start"),
        ({"start": 201}, "start"),
        ({"breaks": [1]}, "break"),
        ({"breaks": [999]}, "break"),
    ],
)
def test_parameters_that_cannot_be_met_are_refused(asked: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        detect_one(np.arange(200.0) % 3, **{"alpha": 0.05, "frequency": 52, "start": 150, **asked})  # type: ignore[arg-type]


def test_a_million_cases_in_one_week_is_an_alarm_and_hides_nothing_after() -> None:
    counts = series_of(np.random.default_rng(17), 2.0, 1.5)
    counts[250] = 1_000_000.0
    points = detect_one(counts, alpha=0.01, frequency=52, start=240)
    assert points[251 - 240].alarm
    assert points[-1].expected < 10.0


@pytest.mark.slow
@pytest.mark.skipif(not NOUFAILY.exists(), reason="the reference series are not here")
def test_false_alarms_over_the_published_scenarios_are_as_many_as_was_said() -> None:
    # The whole of it is bench/noufaily.py; here the first four replicates of all 28 scenarios.
    base = np.load(NOUFAILY)["baseline"][:, :4].astype(float)
    p = chances(judge_weeks(base.reshape(-1, base.shape[2]), start=576, frequency=52, breaks={}, pooled=False))
    for alpha, slack in ((0.005, 0.5), (0.01, 0.4), (0.025, 0.3), (0.05, 0.2), (0.1, 0.2)):
        assert abs((p <= alpha).mean() / alpha - 1.0) < slack, alpha
    one = detect_one(base[20, 1], alpha=0.01, frequency=52, start=576)
    assert [point.p for point in one] == pytest.approx(list(p[20 * 4 + 1]), rel=1e-9), "a series is judged by itself"
