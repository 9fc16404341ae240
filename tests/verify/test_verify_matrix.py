"""The matrix: not met, no data, not checked, not visited and ended are five things; totals name their base."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from people import People
from verify_scene import promise, visit, watch

from fairwitness.mission.models import Place
from fairwitness.record.hand import Hand, command
from fairwitness.record.verbs import Verb
from fairwitness.verify.check import make_check
from fairwitness.verify.lift import municipality_of
from fairwitness.verify.matrix import Cell, fill, rounds, spans_of, summarise
from fairwitness.verify.models import Obligation

pytestmark = pytest.mark.django_db


def check(people: People, obligation: Obligation, value: str, place: str = "Prizren", day: date = date(2024, 5, 3), **more: Any) -> Any:
    given = {"round": f"{day.year}", "public_source": "https://example.org/r", **more}
    return make_check(obligation, place=people.places[place], checked_on=day, value=value, by=people.hand(people.analyst), **given)


def states(hand: Hand, obligation: Obligation, people: People, names: list[str]) -> dict[tuple[str, str], str]:
    places = {name: people.places[name] for name in ("Prizren", "Leposavić")}
    cells = fill(hand, [obligation], list(places.values()), names)
    return {(name, of): cells[obligation.pk, place.pk, of].state for name, place in places.items() for of in names}


def test_blanks_are_told_apart(people: People) -> None:
    promised, other = promise(people), promise(people, "OTHER")
    check(people, promised, "not_met")
    check(people, other, "no_data", text="The archive is closed.", public_source="")
    visit(people, "2023-03-02")
    hand = people.hand(people.analyst)
    found = states(hand, promised, people, ["2022", "2023", "2024"])
    assert found["Prizren", "2024"] == "not_met"
    assert found["Prizren", "2023"] == "not_checked"
    assert found["Prizren", "2022"] == "not_visited"
    assert states(hand, other, people, ["2024"]) == {("Prizren", "2024"): "no_data", ("Leposavić", "2024"): "not_visited"}


def test_a_device_that_worked_is_a_look_and_one_that_was_down_is_none(people: People) -> None:
    promised = promise(people)
    watch(people, "2023-03-02T20:00", "2023-03-04T02:00")
    watch(people, "2022-03-02T20:00", "2022-03-04T02:00", works=False)
    hand = people.hand(people.analyst)
    cells = fill(hand, [promised], [people.places["Prizren"]], ["2022", "2023"])
    assert [(cell.state, cell.days) for cell in cells.values()] == [("not_visited", 0), ("not_checked", 3)]


def test_a_village_stands_in_its_municipality_and_the_newest_check_counts(people: People) -> None:
    promised = promise(people)
    check(people, promised, "not_met", "Planjane", date(2024, 5, 3))
    newer = check(people, promised, "partly", "Prizren", date(2024, 6, 3))
    hand = people.hand(people.analyst)
    cell = fill(hand, [promised], [people.places["Prizren"]], ["2024"])[promised.pk, people.places["Prizren"].pk, "2024"]
    assert (cell.state, cell.check, cell.checks) == ("partly", newer, 2)
    lifted = municipality_of(place.pk for place in people.places.values())
    assert lifted[people.places["Planjane"].pk] == people.places["Prizren"].pk
    assert lifted[people.places["Kosovo"].pk] == people.places["Kosovo"].pk


def test_a_municipality_that_had_ended_is_neither_visited_nor_missed(people: People) -> None:
    promised = promise(people)
    old = Place(kind="municipality", code="99", authority="ask", parent=people.places["Kosovo"], ended=date(2013, 12, 31), source="test")
    old.keep(by=command(), verb=Verb.PLACE_EDIT)
    cells = fill(people.hand(people.analyst), [promised], [old], ["2012", "2014"])
    assert [cell.state for cell in cells.values()] == ["not_visited", "ended"]


def test_each_reader_has_their_own_matrix(people: People) -> None:
    promised = promise(people)
    make_check(
        promised, place=people.places["Prizren"], round="2024", checked_on=date(2024, 5, 3), value="met", public_source="https://example.org/r",
        by=people.hand(people.monitor),
    )  # fmt: skip
    for who, state, names in ((people.monitor, "met", ["2024"]), (people.stranger, "not_visited", [])):
        hand = people.hand(who)
        assert rounds(hand, [promised]) == names
        assert states(hand, promised, people, ["2024"])["Prizren", "2024"] == state


def test_a_round_is_its_year_or_runs_from_first_to_last_check(people: People) -> None:
    promised = promise(people)
    check(people, promised, "met", day=date(2024, 4, 1), round="spring")
    check(people, promised, "met", day=date(2024, 4, 20), round="spring", place="Leposavić")
    hand = people.hand(people.analyst)
    assert spans_of(hand, ["spring", "2024"]) == {
        "spring": (date(2024, 4, 1), date(2024, 4, 20)),
        "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    }


def test_a_total_names_its_base_and_makes_no_percentage_of_nine() -> None:
    nine = [Cell("met")] * 5 + [Cell("not_met")] * 4 + [Cell("not_visited")] * 20 + [Cell("no_data")]
    assert summarise(nine).words() == "5 of 9 met; 1 no data; 20 not visited"
    assert summarise([*nine, Cell("partly")]).words() == "5 of 10 (50 %) met; 1 no data; 20 not visited"
    assert summarise([Cell("not_visited")] * 3).words() == "none checked; 3 not visited"
