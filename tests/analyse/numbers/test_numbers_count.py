"""Counts that tell the truth: sums promise no more than their parts, rates stand beside raw figures, and late lines are foreseen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from fairwitness.analyse.numbers.count.add_ranges import Range, add_ranges, percentage, side_by_side
from fairwitness.analyse.numbers.count.grow import grow, learn_delays
from fairwitness.analyse.numbers.count.trend import trend
from fairwitness.errors import BadInput
from fairwitness.monitor.count import Count, add

NAN = float("nan")


@some.composite
def observers(draw: some.DrawFn) -> list[Count | None]:
    made: list[Count | None] = []
    for _ in range(draw(some.integers(1, 8))):
        low = draw(some.integers(0, 40))
        high = draw(some.none() | some.integers(low, low + 9))
        said = draw(some.sampled_from(["about", "range"])) if high is not None else "at_least"
        made.append(draw(some.sampled_from([None, Count(low, high, said)])))
    return made


@given(observers())
@settings(max_examples=200, deadline=None)
def test_a_sum_of_arrays_is_the_sum_of_single_observers(counts: list[Count | None]) -> None:
    low = np.array([NAN if one is None else one.low for one in counts])
    high = np.array([NAN if one is None or one.high is None else one.high for one in counts])
    found = add_ranges(low, high, np.array([one is not None and one.qualifier == "about" for one in counts]))
    stated = [one for one in counts if one is not None]
    if not stated:
        assert found is None
        return
    whole = add(stated)
    assert found is not None and (found.low, found.high, found.unstated) == (whole.low, whole.high, len(counts) - len(stated))
    assert found.about == (whole.qualifier == "about" if len(stated) > 1 else stated[0].qualifier == "about")


@pytest.mark.parametrize(("low", "high"), [([-1.0], [2.0]), ([0.5], [2.0]), ([3.0], [2.0]), ([NAN], [2.0]), ([1.0, 2.0], [2.0])])
def test_a_sum_of_what_is_no_count_is_refused(low: list[float], high: list[float]) -> None:
    with pytest.raises(BadInput):
        add_ranges(np.array(low), np.array(high), np.zeros(len(low), dtype=bool))


def test_no_percentage_of_fewer_than_ten_and_no_mean_of_two_sources() -> None:
    assert percentage(3, 9) is None and percentage(3, 10) == 30.0 and percentage(0, 0) is None
    with pytest.raises(BadInput):
        percentage(11, 10)
    said = side_by_side({"police": Range(36, 36), "hospital": Range(45, 45), "mission": Range(36, 36)})
    assert said == "36 (police, mission); 45 (hospital)" and "40" not in said
    assert str(Range(40, None, True, 2)) == "about 40 or more, and 2 without a figure" and side_by_side({}) == "no figure"


def test_more_visits_that_find_more_are_no_rise() -> None:
    """Twenty found on ten visits, forty on twenty: raw figures double, the rate does not move."""
    periods, changes = trend(["2025", "2026"], np.array([20.0, 40.0]), np.array([10.0, 20.0]))
    assert [period.rate for period in periods] == [2.0, 2.0] and (changes[0].raw, changes[0].per_effort) == (2.0, 1.0)
    assert changes[0].words == "More in raw figures; per unit of effort no change is clear."
    _, turned = trend(["2025", "2026"], np.array([40.0, 60.0]), np.array([10.0, 60.0]))
    assert turned[0].words == "More in raw figures, but fewer per unit of effort: effort changed."


def test_intervals_are_the_published_exact_ones() -> None:
    """Garwood's limits for ten (90 %): 5.425 and 16.962; for nought 0 and 2.996. The ratio 8 to 4 by the binomial given twelve."""
    periods, _ = trend(["a", "b"], np.array([10.0, 0.0]), np.array([1.0, 1.0]))
    assert (periods[0].low, periods[0].high) == (pytest.approx(5.4254, abs=1e-4), pytest.approx(16.9622, abs=1e-4))
    assert (periods[1].low, periods[1].high) == (0.0, pytest.approx(2.9957, abs=1e-4))
    _, changes = trend(["a", "b"], np.array([4.0, 8.0]), np.array([1.0, 1.0]))
    assert changes[0].low is not None and changes[0].high is not None and changes[0].low < 1 < 2 < changes[0].high


def test_no_data_is_not_nought_and_a_break_begins_anew() -> None:
    counts, effort = np.array([5.0, 0.0, 0.0, NAN, 6.0]), np.array([4.0, 0.0, 4.0, 0.0, 4.0])
    periods, changes = trend(["a", "b", "c", "d", "e"], counts, effort, {"e": "the municipality was divided"})
    assert [period.count for period in periods] == [5, None, 0, None, 6] and periods[2].rate == 0.0
    assert "No data" in changes[0].words and changes[3].raw is None and "the municipality was divided" in changes[3].words
    assert trend(["a", "b"], np.array([3.0, 4.0]), np.array([0.0, 4.0]))[1][0].words.startswith("Effort is not known")


@pytest.mark.parametrize(("counts", "effort", "breaks", "sentence"), [
    ([1.0, -1.0], [1.0, 1.0], {}, "negative"), ([1.0, 0.5], [1.0, 1.0], {}, "fractional"), ([1.0, 1.0], [1.0, NAN], {}, "missing"),
    ([1.0], [1.0], {}, "stands with its effort"), ([1.0, 1.0], [1.0, 1.0], {"z": "?"}, "not there: z"),
])  # fmt: skip
def test_a_trend_of_what_is_no_series_is_refused(counts: list[float], effort: list[float], breaks: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        trend(["a", "b"], np.array(counts), np.array(effort), breaks)


def flow(seed: int, days: int = 400, rate: float = 1.5) -> tuple[np.ndarray, np.ndarray]:
    """A steady flow; a delay is nought for a third, else geometric with a mean of eight days, never above forty."""
    dice = np.random.default_rng(seed)
    happened = np.repeat(np.arange(days), dice.poisson(rate, days))
    delay = np.where(dice.random(happened.size) < 1 / 3, 0, np.minimum(dice.geometric(1 / 8, happened.size), 40))
    return happened.astype(np.int64), (happened + delay).astype(np.int64)


def test_what_will_still_come_lies_in_its_interval_as_often_as_said() -> None:
    inside, widths, errors = 0, [], []
    for seed in range(200):
        happened, recorded = flow(seed)
        found = grow(happened, recorded, since=370, until=399, now=399, longest=45, seed=seed)
        missing = int(np.sum((happened >= 370) & (recorded > 399)))
        inside += found.low <= missing <= found.high
        widths.append(found.high - found.low)
        errors.append(found.middle - missing)
    assert 0.85 <= inside / 200 <= 0.97 and abs(float(np.mean(errors))) < 1.0 and float(np.mean(widths)) < 20


def test_delays_are_learned_only_from_days_old_enough() -> None:
    happened, recorded = np.array([0, 0, 0, 9], dtype=np.int64), np.array([0, 2, 5, 9], dtype=np.int64)
    came, could = learn_delays(happened, recorded, 9, 5)
    assert came.tolist() == [2, 0, 1, 0, 0, 1] and could.tolist() == [2, 1, 2, 2, 2, 3]


def test_an_old_period_does_not_grow_and_too_little_is_refused() -> None:
    happened, recorded = flow(1)
    old = grow(happened, recorded, since=100, until=130, now=399, longest=45)
    assert (old.low, old.high, old.share_in) == (0, 0, 1.0) and "none is expected" in str(old)
    assert "it will still grow by" in str(grow(happened, recorded, since=370, until=399, now=399, longest=45))
    for more, sentence in (({"now": 12, "since": 5, "until": 12}, "at least 30"), ({"since": 401, "until": 410, "now": 399}, "future"),
                           ({"since": 9, "until": 5, "now": 399}, "before it begins"), ({"since": 9, "until": 9, "now": 399, "longest": 0},
                                                                                        "1 to 3660")):  # fmt: skip
        with pytest.raises(BadInput, match=sentence):
            grow(happened, recorded, **{"longest": 45, **more})
    slow = (happened[happened < 300], happened[happened < 300] + 30)
    with pytest.raises(BadInput, match="too recent"):
        grow(*slow, since=290, until=299, now=300, longest=45)
