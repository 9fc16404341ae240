"""Every spelling of a name leads to the same key; the key is found on every machine."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.mission.fold import fold, normalise_name, script_of


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["Đakovica", "\u00d0akovica", "Djakovica", "Ђаковица", "ĐAKOVICA", "ЂАКОВИЦА"], "djakovica"),
        (["Peć", "Pec", "Пећ", "PEĆ", "Pec\u0301"], "pec"),
        (["Peja", "PEJA"], "peja"),
        (["Pejë", "Peje"], "peje"),
        (["Planjane", "Плањане", "planjane "], "planjane"),
        (["Pllanjanë", "Pllanjane"], "pllanjane"),
        (["Mamuşa", "Mamuša", "Мамуша", "MAMUŞA"], "mamusa"),
        (["Mitrovicë/Mitrovica", "Mitrovicë / Mitrovica", "MITROVICE - MITROVICA"], "mitrovice mitrovica"),
        (["Zubin Potok", "Zubin-Potok", "Зубин Поток"], "zubin potok"),
        (["Džakovica", "\u01c5akovica", "Џаковица"], "dzakovica"),
        (["Uğur Işık", "UĞUR IŞIK", "Ugur Isik"], "ugur isik"),
        (["İpek", "Ipek"], "ipek"),
        (["Łódź", "Lodz"], "lodz"),
        (["Tromsø", "Tromso"], "tromso"),
        (["O'Brien", "O’Brien", "OBrien"], "obrien"),
        (["Velika\u00a0Hoča", "Велика Хоча"], "velika hoca"),
    ],
)
def test_spellings_of_one_name_meet(spellings: list[str], key: str) -> None:
    assert [fold(spelling) for spelling in spellings] == [key] * len(spellings)


def test_different_names_stay_apart() -> None:
    names = ["Peć", "Pejë", "Peja", "Prizren", "Zhur", "Žur", "Dakovica", "Đakovica"]
    assert len({fold(name) for name in names}) == len(names)


def test_latin_is_never_turned_into_cyrillic() -> None:
    assert script_of(fold("nadživeti injekcija NJEGOŠ")) == "Latn"
    assert script_of(fold("Његош")) == "Latn"


@pytest.mark.parametrize("empty", ["", "   ", "///", "\u0301", "\x00", "’"])
def test_nothing_to_find_is_an_empty_key(empty: str) -> None:
    assert fold(empty) == ""


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == " ".join(once.split())
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Mn", "Po"} for letter in once)


@given(st.text(alphabet="абвгдђежзијклљмнњопрстћуфхцчџш АБВГДЂЉЊЋЏ", max_size=40))
def test_serbian_cyrillic_becomes_plain_latin(text: str) -> None:
    assert fold(text).isascii()


def test_eth_becomes_the_letter_that_was_meant_and_the_original_is_quoted() -> None:
    name, warnings = normalise_name("  \u00d0akovica ")
    assert name == "\u0110akovica"
    assert len(warnings) == 1
    assert "U+00D0" in warnings[0] and "\u00d0akovica" in warnings[0]


def test_a_sound_name_is_left_alone() -> None:
    for name in ["Đakovica", "Ђаковица", "Mamuşa/Mamushë/Mamuša", "Pejë"]:
        assert normalise_name(name) == (name, [])


def test_decomposed_marks_are_composed() -> None:
    assert normalise_name("Pec\u0301") == ("Peć", [])


def test_a_cyrillic_letter_hidden_in_a_latin_word_is_said_not_changed() -> None:
    name, warnings = normalise_name("Prizr\u0435n")
    assert name == "Prizr\u0435n"
    assert "mixes Latin and Cyrillic" in warnings[0]


def test_control_characters_go_with_a_warning() -> None:
    name, warnings = normalise_name("Priz\x00ren")
    assert name == "Prizren"
    assert "control characters" in warnings[0]
