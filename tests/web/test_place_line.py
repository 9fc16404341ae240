"""A name of several places: the choice stands under the line, one tick settles it, and nobody has to know a code."""

from __future__ import annotations

import pytest
from people import People

from fairwitness.mission.models import Place, PlaceName
from fairwitness.record.hand import command
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask
from fairwitness.web.typed_fields import AnyPlace

pytestmark = pytest.mark.django_db


class Where(Ask):
    """A form that asks for a place."""

    place = AnyPlace(label="Where")


@pytest.fixture
def town(people: People) -> Place:
    """The town of Prizren beside the municipality of that name."""
    municipality = Place.objects.get(authority="ask", code="18")
    with writing(command()):
        made = Place(authority="gns", code="-91234", kind="town", parent=municipality)
        made.keep(by=command(), verb=Verb.PLACE_EDIT)
        PlaceName(place=made, text="Prizren", language="sq", key="prizren").keep(by=command(), verb=Verb.PLACE_EDIT)
    return made


def test_the_choice_is_offered_and_one_tick_settles_it(people: People, town: Place) -> None:
    hand = people.hand(people.monitor)
    form = Where({"place": "Призрен"}, hand=hand)
    PlaceName(place=town, text="Призрен", language="sr-Cyrl", key="prizren").keep(by=command(), verb=Verb.PLACE_EDIT)
    assert not form.is_valid() and "several places" in str(form.errors["place"])
    shown = str(form["place"])
    assert 'value="gns:-91234"' in shown and 'value="ask:18"' in shown and "Which one?" in shown
    ticked = Where({"place": "Призрен", "place-of": "Призрен", "place-which": "gns:-91234"}, hand=hand)
    assert ticked.is_valid() and ticked.cleaned_data["place"] == town


def test_a_tick_counts_only_for_the_words_it_was_offered_for(people: People, town: Place) -> None:
    sent = {"place": "Pllanjanë", "place-of": "Prizren", "place-which": "gns:-91234"}
    form = Where(sent, hand=people.hand(people.monitor))
    assert form.is_valid() and form.cleaned_data["place"].code == "-92047"


@pytest.mark.parametrize("meant", ["gns:1", "x", "<b>", "ask:18; drop"])
def test_a_tick_that_names_nothing_is_refused(people: People, town: Place, meant: str) -> None:
    form = Where({"place": "Prizren", "place-of": "Prizren", "place-which": meant}, hand=people.hand(people.monitor))
    assert not form.is_valid() and "<b>" not in str(form["place"])


def test_one_place_has_no_choice_and_its_words_are_escaped(people: People) -> None:
    form = Where({"place": '"><script>'}, hand=people.hand(people.monitor))
    assert "Which one?" not in str(form["place"]) and "<script>" not in str(form["place"])
