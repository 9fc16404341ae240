"""Names of places by house style, audience, day and language, with the pack of the Mission in Kosovo."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from people import People

from fairwitness.errors import BadInput
from fairwitness.mission.apply_pack import apply
from fairwitness.mission.models import HouseStyle, Place, PlaceName
from fairwitness.mission.name_places import name_of, names_of, place_of
from fairwitness.mission.pack import KOSOVO, read_pack
from fairwitness.mission.read_typed import places_called, read_place
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db
IN_2019, IN_1999 = date(2019, 6, 1), date(1999, 12, 15)


@pytest.fixture
def kosovo() -> None:
    apply(read_pack(KOSOVO), by=command())


def named(key: str, on: date, audience: str = "OSCE", language: str = "") -> str:
    found = place_of(key)
    assert found is not None, key
    return name_of(found, audience, on, language)


@pytest.mark.usefixtures("kosovo")
@pytest.mark.parametrize(
    ("key", "then", "before"),
    [
        ("ask:12", "Leposavić/Leposaviq", "Leposavic/Leposaviq"), ("ask:17", "Pejë/Peć", "Pec/Peje"),
        ("ask:32", "Mamuşa/Mamushë/Mamuša", "Mamusa/Mamushe"), ("ask:2", "Gjakovë/Đakovica", "Djakovica/Gjakove"),
        ("ask:16", "Rahovec/Orahovac", "Orahovac/Rrahovec"), ("pack:kosovo", "Kosovo", "Kosovo/Kosova"), ("ask:20", "Prizren", "Prizren"),
    ],
)  # fmt: skip
def test_scenario_33_names_follow_the_style_of_their_day(key: str, then: str, before: str) -> None:
    """33. Names by place and date: a report of 2019, and a text of 1999 printed again."""
    assert named(key, IN_2019) == then
    assert named(key, IN_1999) == before


@pytest.mark.usefixtures("kosovo")
@pytest.mark.parametrize("typed", ["Peja", "Peć", "Pec", "Пећ", "PEJË", "Pejë/Peć"])
def test_scenario_33_any_spelling_finds_the_same_place(typed: str) -> None:
    assert "ask:17" in {f"{place.authority}:{place.code}" for place in places_called(typed)}


@pytest.mark.usefixtures("kosovo")
def test_a_municipality_that_was_divided_keeps_its_old_name_in_old_texts() -> None:
    assert named("ask:11", date(2010, 3, 1)) == "Mitrovicë/Mitrovica" and named("ask:11", IN_2019) == "Mitrovicë/Mitrovica South"


@pytest.mark.usefixtures("kosovo")
def test_a_form_the_house_has_is_printed_as_it_stands_whoever_keeps_it() -> None:
    assert named("gns:-92047", IN_2019) == "Planjane/Pllanjanë"
    assert named("gns:-99558", IN_2019) == "Hoçë e Madhe/Velika Hoča"
    assert named("ask:3", IN_2019) == "Gllogovc/Glogovac", "what one text printed in one year is not the house's own form"


@pytest.mark.usefixtures("kosovo")
def test_a_place_without_such_a_form_is_written_by_the_order_of_its_style() -> None:
    town = place_of("gns:-91589")
    assert town is not None and not PlaceName.objects.filter(place=town, language="mul").exists()
    assert name_of(town, "OSCE", IN_2019) == "Pejë/Peć"


@pytest.mark.usefixtures("kosovo")
def test_a_reader_s_language_counts_where_the_audience_has_a_style_for_it() -> None:
    assert named("ask:17", IN_2019, "public", "sq") == "Pejë" and named("ask:17", IN_2019, "public", "sr-Cyrl") == "Пећ"
    assert named("ask:17", IN_2019, "OSCE", "sq") == "Pejë/Peć", "the mission itself prints one side of no name"
    assert named("ask:17", IN_2019, "public", "en") == named("ask:17", IN_2019, "somebody else") == "Pejë/Peć"
    assert named("ask:17", IN_2019, "UN") == "Pec"


def test_a_mission_without_styles_prints_a_name_and_one_without_names_the_code(people: People) -> None:
    for style in HouseStyle.objects.all():
        style.valid_to = date(1980, 1, 1)
        style.keep(by=command(), verb=Verb.TERM_EDIT)
    assert name_of(people.places["Leposavić"]) == "Leposaviq"
    bare = Place(kind="village", code="77", authority="gns")
    bare.keep(by=command(), verb=Verb.PLACE_EDIT)
    assert name_of(bare) == "gns:77"
    assert names_of([]) == {} and names_of([UUID(int=5)]) == {} and place_of("nonsense") is None


@pytest.mark.usefixtures("kosovo")
def test_a_name_of_several_places_comes_back_with_them_and_an_unknown_one_with_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"name of several places.*ask:17 \(Pejë/Peć, municipality\).*gns:-91589"):
        read_place("Peja")
    with pytest.raises(BadInput, match=r"No place is known as “Prizrenn”\. Did you mean Prizren"):
        read_place("Prizrenn")
    with pytest.raises(BadInput, match="Try another of its names"):
        read_place("Xyzzyx")
    assert read_place("ask:17").code == "17"
