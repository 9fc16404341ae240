"""Numbers, units and words of a vocabulary as people type them, and what comes back when they cannot be read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from people import People

from fairwitness.errors import BadInput
from fairwitness.mission.models import Place, PlaceName, Term
from fairwitness.mission.read_typed import read_unit, read_whole, read_word
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb
from fairwitness.web.typed_fields import AnyPlace, Day, Moment, Month, TermChoice, Whole


@pytest.mark.parametrize(("typed", "value"), [("3", 3), (" 0 ", 0), ("1 250", 1250), ("1'250", 1250), ("12\u202f000", 12000), ("+7", 7)])
def test_whole_numbers(typed: str, value: int) -> None:
    assert read_whole(typed) == value


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1.250", "may be a thousand or a fraction. Write 1250"), ("1,250", "Write 1250 without the point"), ("-4", "less than nothing"),
        ("2.5", "no whole number"), ("many", "no whole number"), ("12 50", "no whole number"),
        ("9" * 400, "is not between 0 and 2147483647"),
        ("²", "no whole number"),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_comes_back(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_whole(typed, "members")
    assert said in caught.value.faults[0].sentence and caught.value.faults[0].field == "members"


@pytest.mark.django_db
def test_a_unit_by_code_or_name_and_the_nearest_for_what_is_none(people: People) -> None:
    for typed in ("PZ-T1", "pz-t1", "Field Team Prizren 1", "field team PRIZREN 1"):
        assert read_unit(typed) == people.units["PZ-T1"]
    with pytest.raises(BadInput, match=r"no unit of this mission\. Write a code, such as PZ-T1"):
        read_unit("Field Team Prizen 1")
    with pytest.raises(BadInput, match="such as DHRC, HQ"):
        read_unit("")


@pytest.fixture
def words(people: People) -> None:
    given = [("road", "Road sign", ["street sign"], {"sq": "Tabelë"}), ("arrest", "Arrest", [], {}), ("old", "Old word", [], {})]
    terms = [Term(vocabulary="observation", code=code, label=label, aliases=other, labels=labels) for code, label, other, labels in given]
    terms[-1].ended = date(2020, 1, 1)
    keep_many(terms, by=command(), verb=Verb.TERM_EDIT)


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
def test_a_word_by_code_label_alias_or_label_in_another_language() -> None:
    for typed in ("road", "ROAD SIGN", "Street sign", "tabele"):
        assert read_word(typed, "kind", "observation") == "road"
    with pytest.raises(BadInput, match=r"“arest” is not a word of this mission's list\. The nearest are: Arrest"):
        read_word("arest", "kind", "observation")
    with pytest.raises(BadInput, match=r"\(Arrest, Road sign\)"):
        read_word("zzz", "kind", "observation")
    with pytest.raises(BadInput):
        read_word("old", "kind", "observation")
    assert read_word("anything", "kind", "no such list") == "anything"


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (Day(), "31.02.2010", "February 2010 has 28 days"), (Month(), "13.2010", "is no month"),
        (Moment(), "13 May 2026, 13.08", "Write a time with a colon: 13:08"), (Whole(max_value=500), "1 200", "is not between 0 and 500"),
        (AnyPlace(), "Prizrem", "Did you mean Prizren"), (TermChoice("observation"), "arest", "The nearest are: Arrest"),
    ],
)  # fmt: skip
def test_every_field_says_the_same_as_the_reader(field: Any, typed: str, said: str) -> None:
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(typed)
    assert said in caught.value.messages[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
def test_what_a_field_reads_it_writes_back_as_it_would_be_typed(people: People) -> None:
    moment = Moment()
    assert moment.clean(moment.prepare_value(moment.clean("13 May 2026, 14:20"))) == moment.clean("13.05.2026 14:20")
    assert AnyPlace().clean(AnyPlace().prepare_value(people.places["Leposavić"])) == people.places["Leposavić"]
    twin = Place(kind="village", code="-1", authority="gns")
    twin.keep(by=command(), verb=Verb.PLACE_EDIT)
    for text, language in (("Leposaviq", "sq"), ("Leposavić", "sr-Latn")):
        PlaceName(place=twin, text=text, language=language, form="main").keep(by=command(), verb=Verb.PLACE_EDIT)
    assert AnyPlace().prepare_value(people.places["Leposavić"]) == "ask:12"
    assert TermChoice("observation").clean("Road sign") == "road" and Whole(required=False).clean("") is None
