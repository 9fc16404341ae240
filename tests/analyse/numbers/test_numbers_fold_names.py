"""Names folded: one name in four spellings has one key, a key is its own key, and different names stay different."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from made_lists import SCHOOLS, made_name, spell

from fairwitness.analyse.numbers.match.fold_names import fold_name, fold_words

SAME = [
    ("Gjergj", "Đerđ", "Ђерђ", "Djerdj", "Ðerđ", "GJERGJ"),
    ("Xhaferi", "Džaferi", "Џафери", "Dzaferi", "Caferi"),
    ("Hoxha", "Hodža", "Хоџа", "Hoca", "Hodza", "HOXHA"),
    ("Prishtinë", "PRISHTINE", "Pristinë"),
    ("Petrović", "Петровић", "Petroviq", "Petrovic", "Petroviç"),
    ("Njegoš", "Његош", "Njegosh"),
    ("Hüseyin", "Husein", "Husejin"),
    ("Rexhep", "Redžep", "Recep", "Реџеп"),
    ("Yusuf", "Jusuf", "Јусуф"),
    ("Zhuniqi", "Žunići", "Жунићи"),
    ("Thaçi", "Tači", "Тачи", "Thaqi"),
    ("Rrahman", "Rahman"),
    ("Llapashtica", "Lapaštica", "Лапаштица"),
    ("Gëzim", "Gezim"),
    ("Dhurata", "Durata"),
]
DIFFERENT = [("Petrović", "Petrov"), ("Marko", "Mirko"), ("Agim", "Agron"), ("Jovan", "Jovana"), ("Besim", "Besnik"), ("Hasan", "Hasani")]


@pytest.mark.parametrize("spellings", SAME)
def test_one_name_in_all_spellings_has_one_key(spellings: tuple[str, ...]) -> None:
    assert len({fold_name(one) for one in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.text(max_size=40))
@settings(deadline=None)
def test_a_key_is_its_own_key_and_is_plain(text: str) -> None:
    key = fold_name(text)
    assert fold_name(key) == key
    assert key == key.strip() and "  " not in key


@given(st.lists(st.text("abcčćçdđefghiıjklmnoprsšştuvzžxqyëљњџћђжшц", max_size=8), max_size=4))
@settings(deadline=None)
def test_order_of_words_does_not_matter_where_it_should_not(words: list[str]) -> None:
    assert fold_words(" ".join(words)) == fold_words(" ".join(reversed(words)))


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=300)
def test_case_and_scripts_do_not_matter(seed: int) -> None:
    sounds = made_name(random.Random(seed), 3)
    serbian = spell(sounds, "sr")
    assert fold_name(serbian) == fold_name(spell(sounds, "cyr")) == fold_name(serbian.upper()) == fold_name(spell(sounds, "cyr").upper())


def test_most_made_names_have_one_key_in_all_four_spellings() -> None:
    luck = random.Random(4)
    names = [made_name(luck, 2).replace("Z", "z") for _ in range(500)]  # the Turkish j for ž is a j to everybody else
    same = sum(len({fold_name(spell(one, school)) for school in SCHOOLS}) == 1 for one in names)
    assert same >= 460


def test_nothing_gives_nothing() -> None:
    assert fold_name(" -' ") == ""
