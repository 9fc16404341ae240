"""Published figures: both stand, none is averaged, and a change of method is a break."""

from __future__ import annotations

from typing import Any

import pytest
from people import People

from fairwitness.analyse.models import PublishedFigure
from fairwitness.analyse.state_figure import correct_figure, series_of_figures, side_by_side, state_figure, words_of
from fairwitness.errors import BadInput, Refused, Stale
from fairwitness.record.ledger.entry import uuid7

pytestmark = pytest.mark.django_db


def figure(people: People, **more: Any) -> PublishedFigure:
    given = {
        "series": "Victims of one event", "label": "1999", "year": 1999, "count_low": 36, "published_by": "One mission",
        "method": "Bodies seen by its verifiers.", "public_source": "https://example.org/1", **more,
    }  # fmt: skip
    return state_figure(by=people.hand(people.analyst), **given)


def test_two_counts_of_one_event_both_stand(people: People) -> None:
    """Scenario 11: one mission counts 36 and another 45; both stand with their authors, and there is no mean."""
    figure(people)
    figure(people, series="Another count", about="Victims of one event", count_low=45, published_by="Another mission", method="Lists.")
    beside = side_by_side(PublishedFigure.objects.all())
    assert {key: [(words_of(one), one.published_by) for one in line] for key, line in beside.items()} == {
        ("Victims of one event", 1999): [("45", "Another mission"), ("36", "One mission")]
    }
    assert not any(str(40.5) in words_of(one) or words_of(one) == "40" for one in PublishedFigure.objects.all())


def test_a_change_of_method_is_a_break(people: People) -> None:
    """Scenario 18: one category in 2021, three in 2022 and 2023: the break is marked and explained."""
    given = {"series": "Hate incidents", "published_by": "A body"}
    figure(people, **given, label="2021", year=2021, count_low=43)
    figure(people, **given, label="2022", year=2022, count_low=52, is_break=True, break_reason="three categories instead of one")
    figure(people, **given, label="2023", year=2023, count_low=55)
    (series,) = series_of_figures(people.hand(people.analyst))
    assert [one.label for one in series.figures] == ["2021", "2022", "2023"]
    assert series.breaks == [("2022", "three categories instead of one")]


def test_one_body_has_one_line_and_a_first_figure_breaks_with_nothing(people: People) -> None:
    figure(people, is_break=True, break_reason="begun")
    figure(people, published_by="Another mission", count_low=45)
    found = series_of_figures(people.hand(people.analyst))
    assert [(one.body, one.breaks) for one in found] == [("Another mission", []), ("One mission", [])]


def test_a_label_without_its_year_does_not_fold_the_years_into_one(people: People) -> None:
    for year, n in ((2017, 53), (2018, 36), (2018, 37)):
        figure(people, label="A body", year=year, count_low=n, is_break=n == 36, break_reason="others report" if n == 36 else "")
    (series,) = series_of_figures(people.hand(people.analyst))
    assert series.labels == ["2017", "2018", "2018 (2)"] and series.breaks == [("2018", "others report")]


def test_ranges_and_words(people: People) -> None:
    assert words_of(figure(people, count_low=43, count_high=87, qualifier="range")) == "43 to 87"
    assert words_of(figure(people, label="b", count_low=45, qualifier="about")) == "about 45"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"method": " "}, "method"), ({"public_source": ""}, "public_source"), ({"published_by": ""}, "published_by"),
        ({"count_low": -1}, "count_low"), ({"count_low": None}, "count_low"), ({"count_low": 9, "count_high": 8}, "count_high"),
        ({"count_low": 2**31}, "count_low"), ({"year": 1066}, "year"), ({"year": "2024"}, "year"), ({"qualifier": "maybe"}, "qualifier"),
        ({"is_break": True}, "break_reason"), ({"break_reason": "x"}, "is_break"), ({"contributors": [""]}, "contributors"),
        ({"series": "x" * 121}, "series"), ({"label": "\x00"}, "label"),
    ],
)  # fmt: skip
def test_a_bad_figure_names_its_field(people: People, given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as wrong:
        figure(people, **given)
    assert field in {fault.field for fault in wrong.value.faults} and not PublishedFigure.objects.exists()


def test_rights_repeats_and_corrections(people: People) -> None:
    once = uuid7()
    made = figure(people, thing_id=once)
    assert figure(people, thing_id=once, count_low=99).count_low == 36
    hand, base = people.hand(people.analyst), made.entry
    assert correct_figure(made, base=base, by=hand, why="misread", count_low=35, count_high=35).count_low == 35
    with pytest.raises(Stale):
        correct_figure(made, base=base, by=hand, why="late", count_low=37, count_high=37)
    with pytest.raises(BadInput):
        correct_figure(made, base=None, by=hand, why="x", year=2000)
    with pytest.raises(Refused):
        state_figure(
            series="s", label="l", year=2000, count_low=1, published_by="b", method="m", public_source="p", by=people.hand(people.monitor)
        )
