"""Counting: zero is not quiet, linked sources count once, about stays about, and nobody counts what they may not see."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from people import People
from verify_scene import moment, saw, visit, watch

from fairwitness.analyse.link import tie
from fairwitness.analyse.rules import COUNTING
from fairwitness.analyse.tabulate import Cell, Row, Table, evenings, months, tabulate
from fairwitness.errors import BadInput, Refused
from fairwitness.mission.models import Member
from fairwitness.monitor.happen import unlink_source
from fairwitness.monitor.models import SourceLink
from fairwitness.monitor.observe import correct_observation

pytestmark = pytest.mark.django_db
SPRING = (date(2024, 3, 1), date(2024, 5, 31))


def table(people: People, who: Member | None = None, what: str = "observations", **more: Any) -> Table:
    windows = more.pop("windows", None) or months(*SPRING)
    return tabulate(people.hand(who or people.analyst), what, windows, **more)


def row(found: Table, people: People, place: str = "Prizren") -> Row:
    return next(one for one in found.rows if one.place == people.places[place].pk)


def words(found: Table, people: People, place: str = "Prizren") -> list[str]:
    return [cell.words for cell in row(found, people, place).cells]


def test_zero_with_coverage_is_a_figure_and_without_is_none(people: People) -> None:
    visit(people, "2024-04-10")
    saw(people, "2024-05-02T10:00")
    found = table(people)
    assert words(found, people) == ["not visited", "0", "1"]
    assert [cell.state for cell in row(found, people).cells] == ["not_visited", "zero", "counted"]
    assert (row(found, people).cells[1].looked.visits, row(found, people).cells[1].looked.days) == (1, 1)
    assert words(found, people, "Leposavić") == ["not visited"] * 3 and found.unseen == 5


def test_a_camera_that_was_down_is_named_and_looked_at_nothing(people: People) -> None:
    """Scenario 1, the counting side: the non-operational devices stand beside the figure."""
    watch(people, "2024-03-01T18:00", "2024-03-02T18:00", works=False)
    watch(people, "2024-04-01T20:00", "2024-04-03T06:00")
    watch(people, "2024-04-01T20:00", "2024-04-03T06:00", works=False, device="camera 2")
    cells = row(table(people), people).cells
    assert (cells[0].words, cells[0].looked.down) == ("not visited", ["camera 1: no power"])
    assert (cells[1].words, cells[1].looked.days, cells[1].looked.down) == ("0", 3, ["camera 2: no power"])


def test_none_for_the_third_day_needs_a_look_in_each_window(people: People) -> None:
    """ "No violations for the third consecutive day" is a statement over three windows."""
    windows = evenings(date(2024, 4, 1), date(2024, 4, 3), time(19, 30))
    watch(people, "2024-03-31T18:00", "2024-04-01T12:00")
    watch(people, "2024-04-02T18:00", "2024-04-03T12:00")
    before = row(table(people, windows=windows), people)
    assert not before.none_at_all and before.unseen == [1]
    watch(people, "2024-04-01T18:00", "2024-04-02T12:00", device="camera 2")
    after = row(table(people, windows=windows), people)
    assert after.none_at_all and after.unseen == []
    saw(people, "2024-04-01T21:02")
    assert words(table(people, windows=windows), people) == ["0", "1", "0"]


def test_an_evening_belongs_to_the_window_that_ends_the_next_day(people: People) -> None:
    """Scenario 2: an explosion at 21:02 on 14 June counts in the report as of 19:30 on 15 June."""
    windows = evenings(date(2024, 6, 14), date(2024, 6, 16), time(19, 30))
    saw(people, "2024-06-14T19:02")
    assert [cell.things for cell in row(table(people, windows=windows), people).cells] == [0, 1, 0]
    assert [window.label for window in windows] == ["2024-06-14", "2024-06-15", "2024-06-16"]


def test_a_month_begins_at_midnight_where_the_mission_is(people: People) -> None:
    saw(people, "2024-03-31T22:30")
    assert [cell.things for cell in row(table(people), people).cells] == [0, 1, 0]


def test_linked_sources_count_once_by_a_named_rule(people: People) -> None:
    """Scenario 4: heard by the patrol, recorded by the camera; confirmed as one event, it counts once and both stay."""
    heard = saw(people, "2024-05-02T10:00", "Outgoing rounds", means="heard", count="about 40")
    recorded = saw(people, "2024-05-02T10:05", "Outgoing rounds", means="saw", count="45")
    hand = people.hand(people.analyst)
    assert row(table(people), people).cells[2].things == 2
    event = tie(heard, recorded, reason="Same direction, same minute", by=hand)
    found = table(people)
    assert (row(found, people).cells[2].things, found.folded, str(found.rule)) == (1, 1, "C-1 v1")
    assert row(table(people, rule=COUNTING["C-0"]), people).cells[2].things == 2
    assert row(table(people, rule=COUNTING["C-2"]), people).cells[2].words == "about 40 to 45"
    assert row(table(people, what="events"), people).cells[2].things == 1
    unlink_source(SourceLink.objects.get(event=event, observation=recorded), why="Another gun", by=hand)
    assert row(table(people), people).cells[2].things == 2


def test_a_link_over_the_edge_of_two_months_counts_in_the_first_only(people: People) -> None:
    first, second = saw(people, "2024-04-30T21:50"), saw(people, "2024-04-30T22:05")
    tie(first, second, reason="One fire", by=people.hand(people.analyst))
    assert [cell.things for cell in row(table(people), people).cells] == [0, 1, 0]
    assert [cell.things for cell in row(table(people, windows=months(date(2024, 5, 1), date(2024, 5, 1))), people).cells] == [0]


def test_about_and_over_stay_in_the_sum_and_the_uncounted_are_named(people: People) -> None:
    """Scenario 3: about 45, 36, over 60, six to seven."""
    for count in ("about 45", "36", "over 60", "six to seven", ""):
        saw(people, "2024-05-02T10:00", count=count)
    cell = row(table(people, rule=COUNTING["C-2"]), people).cells[2]
    assert (cell.words, cell.things, cell.unstated) == ("about 148 or more", 5, 1)


def test_lines_without_any_figure_are_no_zero(people: People) -> None:
    saw(people, "2024-05-02T10:00")
    cell = row(table(people, rule=COUNTING["C-2"]), people).cells[2]
    assert (cell.state, cell.words, cell.unstated) == ("counted", "not counted", 1)


def test_each_reader_counts_only_what_they_may_see(people: People) -> None:
    visit(people, "2024-05-02")
    saw(people, "2024-05-02T10:00")
    saw(people, "2024-05-02T10:00", sensitivity=2)
    saw(people, "2024-05-02T10:00", place="Leposavić", who=people.stranger)
    seen = {
        who.code: (words(table(people, who), people)[2], words(table(people, who), people, "Leposavić")[2])
        for who in (people.monitor, people.stranger, people.analyst)
    }
    assert seen == {"T-monitor": ("2", "not visited"), "T-stranger": ("not visited", "1"), "T-analyst": ("2", "1")}
    with pytest.raises(Refused):
        table(people, people.custodian)


def test_a_hidden_event_joins_nothing_for_those_who_may_not_see_it(people: People) -> None:
    hand = people.hand(people.analyst)
    ours, theirs = saw(people, "2024-05-02T10:00"), saw(people, "2024-05-02T10:00", who=people.stranger)
    other = saw(people, "2024-05-02T10:00")
    event = tie(theirs, ours, reason="same", by=hand)
    assert event.unit == people.units["MI-T1"]
    tie(other, ours, reason="same", by=hand)
    assert row(table(people), people).cells[2].things == 1
    assert row(table(people, people.monitor), people).cells[2].things == 2


def test_narrowed_to_a_kind_and_undated_things_are_named(people: People) -> None:
    saw(people, "2024-05-02T10:00", kind="gathering")
    saw(people, "2024-05-02T10:00", precision="year")
    assert row(table(people), people).undated == 1
    assert [cell.things for cell in row(table(people, kind="gathering"), people).cells] == [0, 0, 1]
    assert [cell.things for cell in row(table(people, kind="fire"), people).cells] == [0, 0, 0]


def test_as_of_is_what_was_recorded_by_then(people: People) -> None:
    first = saw(people, "2024-05-02T10:00", kind="gathering")
    visit(people, "2024-04-10")
    moment_between = datetime.now(UTC)
    saw(people, "2024-05-03T10:00", kind="gathering")
    correct_observation(first, {"kind": "damage"}, why="looked again", base=first.entry, by=people.hand(people.monitor))
    visit(people, "2024-03-10")
    # What waits in a unit of work is recorded when it closes; tests run in one transaction, but each unit has closed.
    then = table(people, as_of=moment_between, kind="gathering")
    now = table(people, kind="gathering")
    assert words(then, people) == ["not visited", "0", "1"] and words(now, people) == ["0", "0", "1"]
    assert row(table(people, as_of=moment_between), people).cells[2].things == 1
    assert table(people, as_of=moment("2020-01-01T00:00")).things == 0


def test_a_village_counts_in_its_municipality(people: People) -> None:
    saw(people, "2024-05-02T10:00", place="Planjane")
    assert [cell.things for cell in row(table(people), people).cells] == [0, 0, 1]


def test_small_cells_are_flagged_for_the_public(people: People) -> None:
    for _ in range(4):
        saw(people, "2024-05-02T10:00")
    assert table(people).small == 1
    saw(people, "2024-05-02T10:00")
    assert table(people).small == 0 and isinstance(row(table(people), people).cells[2], Cell)


def test_bad_questions_are_refused(people: People) -> None:
    with pytest.raises(BadInput):
        table(people, what="rumours")
    with pytest.raises(BadInput):
        months(date(2024, 5, 1), date(2024, 4, 1))
    with pytest.raises(BadInput):
        months(date(1900, 1, 1), date(2024, 4, 1))
    with pytest.raises(BadInput):
        evenings(date(2024, 5, 2), date(2024, 5, 1), time(19, 30))
    with pytest.raises(BadInput):
        tabulate(people.hand(people.analyst), "observations", [])
