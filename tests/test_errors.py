"""Sentences: English on record, the reader's language on a page, and never lost when a translation is faulty."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.template import Context, Template

from fairwitness.errors import BadInput, Fault, OutOfOrder, say, say_many, speak_with, spoken
from fairwitness.web.apps import _speak

ALBANIAN = {
    "{code} is taken. Choose another.": "{code} është zënë. Zgjidhni një tjetër.", "Public": "Publike",
    "The report is {state}.": "Raporti është: {state}.",
    "one contradiction": "një kundërthënie", "{count} contradictions": "{count} kundërthënie", "Wrong {here}": "Gabim {atje}",
}  # fmt: skip


@pytest.fixture
def in_albanian() -> Iterator[None]:
    """A door that speaks Albanian."""
    speak_with(lambda one, many, count: ALBANIAN.get(many if many and count != 1 else one, one))
    yield
    speak_with(_speak)


def test_on_record_a_sentence_is_plain_english(in_albanian: None) -> None:
    made = say("{code} is taken. Choose another.", code="PZ-1")
    assert made == "PZ-1 is taken. Choose another." and json.dumps([made]) == '["PZ-1 is taken. Choose another."]'
    assert f"{made}" == str(made) == "PZ-1 is taken. Choose another."


def test_on_a_page_it_is_the_readers_language_and_escaped(in_albanian: None) -> None:
    made = say("{code} is taken. Choose another.", code="<b>")
    assert Template("{{ made }}").render(Context({"made": made})) == "&lt;b&gt; është zënë. Zgjidhni një tjetër."


def test_parts_that_are_sentences_are_translated_and_names_are_left_alone(in_albanian: None) -> None:
    assert spoken(say("The report is {state}.", state=say("Public"))) == "Raporti është: Publike."
    assert spoken(say("The report is {state}.", state="Public")) == "Raporti është: Public."


@pytest.mark.parametrize(("count", "said"), [(1, "një kundërthënie"), (3, "3 kundërthënie")])
def test_numbers_choose_their_form(in_albanian: None, count: int, said: str) -> None:
    assert spoken(say_many("one contradiction", "{count} contradictions", count)) == said


def test_a_translation_with_a_wrong_name_falls_back_to_english(in_albanian: None) -> None:
    assert spoken(say("Wrong {here}", here="now")) == "Wrong now"


def test_braces_in_what_a_person_typed_are_not_filled_in() -> None:
    assert say("“{word}” means nothing", word="{0} {x}") == "“{0} {x}” means nothing"
    assert str(BadInput.of(Fault("text", "holds {1} {x}"))) == "text: holds {1} {x}"


def test_an_error_carries_its_sentence(in_albanian: None) -> None:
    error = OutOfOrder("The report is {state}.", state=say("Public"))
    assert str(error) == "The report is Public." and spoken(error.sentence) == "Raporti është: Publike."
