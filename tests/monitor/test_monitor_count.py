"""Counts as people write them, and sums that do not pretend to know more (scenario 3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.errors import BadInput
from fairwitness.monitor.count import Count, add, in_words, parse_count


@pytest.mark.parametrize(
    ("typed", "low", "high", "qualifier", "words"),
    [
        ("36", 36, 36, "exact", "36"),
        ("about 45", 45, 45, "about", "about 45"),
        ("~45", 45, 45, "about", "about 45"),
        ("approx. 80", 80, 80, "about", "about 80"),
        ("over 60", 61, None, "over", "over 60"),
        ("more than 60", 61, None, "over", "over 60"),
        (">60", 61, None, "over", "over 60"),
        ("six to seven", 6, 7, "range", "6 to 7"),
        ("6-7", 6, 7, "range", "6 to 7"),
        ("6 – 7", 6, 7, "range", "6 to 7"),
        ("between 6 and 7", 6, 7, "range", "6 to 7"),
        ("six or seven", 6, 7, "range", "6 to 7"),
        ("about 40 to 50", 40, 50, "about", "about 40 to 50"),
        ("at least 3", 3, None, "at_least", "at least 3"),
        ("45+", 45, None, "at_least", "at least 45"),
        ("up to 10", 0, 10, "up_to", "up to 10"),
        ("fewer than 10", 0, 9, "up_to", "up to 9"),
        ("none", 0, 0, "exact", "0"),
        ("twenty-five", 25, 25, "exact", "25"),
        ("a dozen", 12, 12, "exact", "12"),
        ("two hundred and ten", 210, 210, "exact", "210"),
        ("1,200", 1200, 1200, "exact", "1200"),
        ("48\u2009213", 48213, 48213, "exact", "48213"),
        ("3 of 11", 3, 3, "exact", "3 of 11"),
    ],
)
def test_a_count_is_read_as_written(typed: str, low: int, high: int | None, qualifier: str, words: str) -> None:
    count = parse_count(typed)
    assert (count.low, count.high, count.qualifier, in_words(count)) == (low, high, qualifier, words)
    assert count.text == " ".join(typed.split())


def test_the_sum_of_real_counts_keeps_about_and_stays_open() -> None:
    total = add(parse_count(typed) for typed in ("about 45", "36", "over 60", "six to seven"))
    assert (total.low, total.high, total.qualifier) == (45 + 36 + 61 + 6, None, "about")
    assert in_words(total) == "about 148 or more"


def test_a_closed_sum_shows_low_to_high() -> None:
    assert in_words(add([parse_count("about 45"), parse_count("six to seven")])) == "about 51 to 52"
    assert in_words(add([parse_count("36"), parse_count("6-7")])) == "42 to 43"
    assert in_words(add([parse_count("36"), parse_count("at least 3")])) == "at least 39"
    assert in_words(add([])) == "0"


@pytest.mark.parametrize(
    "typed",
    ["", "many", "-3", "7-6", "3.5", "1.200", "dozens", "over 6 to 7", "12 of 11", "9" * 13, "9999999999", "\x00", "x" * 61, None, 36,
     "fewer than 0", "٣", "one twenty", "hundred hundred", "over", "about"],
)  # fmt: skip
def test_what_is_no_count_is_sent_back_with_the_remedy(typed: object) -> None:
    with pytest.raises(BadInput) as caught:
        parse_count(typed, "count")
    assert caught.value.faults[0].field == "count" and len(caught.value.faults[0].sentence) > 15


@given(st.text(max_size=70))
def test_any_text_is_read_or_refused_and_never_breaks(typed: str) -> None:
    try:
        count = parse_count(typed)
    except BadInput:
        return
    assert count.low >= 0 and (count.high is None or count.high >= count.low)
    assert in_words(count)


counts = st.builds(
    lambda low, more, kind: Count(low, None if kind in ("over", "at_least") else low + (0 if kind == "exact" else more), kind),
    st.integers(1, 10_000), st.integers(1, 500), st.sampled_from(["exact", "about", "over", "at_least", "range", "up_to"]),
)  # fmt: skip


@given(st.lists(counts, max_size=8), st.lists(counts, max_size=8))
def test_adding_in_parts_is_adding_at_once(left: list[Count], right: list[Count]) -> None:
    whole, parts = add(left + right), add([add(left), add(right)])
    assert (whole.low, whole.high, whole.qualifier) == (parts.low, parts.high, parts.qualifier)
    assert (whole.high is None) == any(count.high is None for count in left + right)
