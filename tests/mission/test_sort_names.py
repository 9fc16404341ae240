"""Names stand where their reader looks for them; an order is total, and nothing is lost by it."""

from __future__ import annotations

import random
import re
import unicodedata
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from people import People

from fairwitness.mission.models import Counterpart
from fairwitness.mission.sort_names import AFTER, CYRILLIC, InOrder, in_order, key_of
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

LANGUAGES = ("en", "sq", "sr-latn", "sr", "bs", "tr", "rom")
LETTERS = "aAbBcCçÇčČćĆdDđĐðeEëËgGğĞhHiIıİjJlLnNrRsSşŞšŠtTxXzZžŽöÖüÜáÀжЖђЂеЕљЉшШ09 -/’.中ß"


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        # The Albanian alphabet: a b c ç d dh e ë f g gj h i j k l ll m n nj o p q r rr s sh t th u v x xh y z zh.
        ("sq", "Cerr Çabër Deçan Dragash Dhërmi Ejup Ëmbël Ferizaj Gurrakoc Gjakovë Hani Lipjan Llap Mitrovicë Novobërdë Njomëz Obiliq "
               "Rahovec Runik Rrezina Skenderaj Suharekë Shtime Tërnoc Therandë Ujmir Vushtrri Xerxë Xhamia Zubin Zhur"),
        # The Serbian alphabet in Latin letters: a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž.
        ("sr-latn", "Cerovik Čaglavica Ćirez Dečani Dragaš Džep Đakovica Elez Leposavić Lug Ljubižda Mališevo Novo Nušići Njegovo Obilić "
                    "Suva Šilovo Štrpce Trepča Zvečan Žegra"),
        ("bs", "Cazin Čapljina Ćatići Doboj Drvar Džep Đurđevik Livno Ljubuški Neum Njivice Sanski Šipovo Zenica Žepče"),
        # The Turkish alphabet: a b c ç d e f g ğ h ı i j k l m n o ö p r s ş t u ü v y z.
        ("tr", "Can Çan Deniz Gölcük Guz Ğaz Halk Iğdır Irak İpek İzmir Jale Ova Ödemiş Pazar Sivas Şırnak Ural Üsküp Van"),
        # The Serbian alphabet in Cyrillic letters.
        ("sr", "Босна Витина Гњилане Дечани Драгаш Ђаковица Елез Звечан Исток Јуник Клина Липљан Љубижда Ново Његово Пећ Приштина Рача "
               "Сува Трепча Ћирез Урошевац Чаглавица Џеп Шилово"),
        ("rom", "Caro Čačo Čhavo Dad Dživdo Kalo Kher Lil Nav Pani Phral Suno Šero Tato Them Zor Žamba"),
        ("en", "Čaglavica Đakovica Ferizaj Prizren Štrpce Tirana"),
    ],
)  # fmt: skip
def test_each_alphabet_has_its_own_order(language: str, ordered: str) -> None:
    names = ordered.split()
    shuffled = random.Random(7).sample(names, len(names))
    assert in_order(shuffled, language=language) == names


def test_one_list_stands_differently_for_different_readers() -> None:
    names = ["Dragash", "Dhërmi", "Dzep", "Čaglavica", "Cerem", "Cvetko"]
    assert in_order(names, language="en") == ["Čaglavica", "Cerem", "Cvetko", "Dhërmi", "Dragash", "Dzep"]
    assert in_order(names, language="sq") == ["Čaglavica", "Cerem", "Cvetko", "Dragash", "Dzep", "Dhërmi"]
    assert in_order(names, language="sr-latn") == ["Cerem", "Cvetko", "Čaglavica", "Dhërmi", "Dragash", "Dzep"]


def test_words_figures_and_scripts() -> None:
    assert in_order(["Team 10", "Team 2", "Team", "Teams"], language="en") == ["Team", "Team 2", "Team 10", "Teams"]
    assert in_order(["Novigrad", "Novi Sad"], language="sr-latn") == ["Novi Sad", "Novigrad"]
    assert in_order(["Пећ", "Peć"], language="sr") == ["Пећ", "Peć"] and in_order(["Пећ", "Peć"], language="sr-latn") == ["Peć", "Пећ"]
    assert in_order(["Ivan", "ivan", "Iván"], language="en") == ["ivan", "Ivan", "Iván"]
    assert in_order(["LJUBIŽDA", "Ljig", "Ludvig"], language="sr-latn") == ["Ludvig", "Ljig", "LJUBIŽDA"]


def test_the_tables_hold_every_letter_that_is_a_languages_own() -> None:
    def own(language: str) -> set[str]:
        return {letter for line in AFTER[language].split("|") for letter in line.split()[1:]}

    assert own("sq") == {"ç", "dh", "ë", "gj", "ll", "nj", "rr", "sh", "th", "xh", "zh"}
    for language in ("sr-latn", "bs"):
        assert own(language) == {"č", "ć", "dž", "đ", "lj", "nj", "š", "ž"}
    assert own("tr") == {"ç", "ğ", "ı", "ö", "ş", "ü"}
    assert [letter for letter in CYRILLIC if letter in "абвгдђежзијклљмнњопрстћуфхцчџш"] == list("абвгдђежзијклљмнњопрстћуфхцчџш")


WORDS = st.one_of(st.text(alphabet=LETTERS, max_size=12), st.text(max_size=12))


@given(names=st.lists(WORDS, max_size=12), language=st.sampled_from(LANGUAGES), seed=st.integers())
def test_an_order_is_one_and_loses_nothing(names: list[str], language: str, seed: int) -> None:
    ordered = in_order(names, language=language)
    assert sorted(ordered) == sorted(names)
    mixed = random.Random(seed).sample(names, len(names))
    assert in_order(mixed, language=language) == ordered


@given(one=WORDS, other=WORDS, language=st.sampled_from(LANGUAGES))
def test_two_names_are_never_equal_unless_they_are_the_same(one: str, other: str, language: str) -> None:
    assert (key_of(one, language) == key_of(other, language)) == (one == other)


@given(name=st.text(alphabet=LETTERS, min_size=1, max_size=12), language=st.sampled_from(LANGUAGES))
def test_composed_and_decomposed_letters_stand_together(name: str, language: str) -> None:
    apart = unicodedata.normalize("NFD", name)
    assert key_of(apart, language)[:2] == key_of(name, language)[:2]


@given(text=st.text(alphabet="abcdeghijlnrstxz", max_size=6), language=st.sampled_from(LANGUAGES))
def test_a_name_stands_before_whatever_goes_on_from_it_by_a_word(text: str, language: str) -> None:
    assert key_of(text, language) <= key_of(f"{text} a", language)


def test_rows_are_sorted_here_and_cut_into_pages(people: People) -> None:
    for number, name in enumerate(["Zhur", "Zubin", "Dhërmi", "Dragash", "Ëmbël", "Era"]):
        Counterpart(code=f"SORT-{number}", name=name, key=name, kind="sorted").keep(
            by=people.hand(people.monitor), verb=Verb.COUNTERPART_EDIT
        )
    rows = Counterpart.objects.filter(kind="sorted")
    with translation.override("sq"):
        listed = InOrder(rows)
    assert listed.count() == 6
    assert [one.name for one in listed] == ["Dragash", "Dhërmi", "Era", "Ëmbël", "Zubin", "Zhur"]
    assert [one.name for one in listed[2:4]] == ["Era", "Ëmbël"]
    with translation.override("en"):
        assert [one.name for one in InOrder(rows)] == ["Dhërmi", "Dragash", "Ëmbël", "Era", "Zhur", "Zubin"]


def test_lists_and_choices_follow_the_reader(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    made = []
    for number, name in enumerate(["Qendra Zhur", "Qendra Zubin", "Qendra Dhërmi", "Qendra Dragash"]):
        made.append(Counterpart(code=f"Q-{number}", name=name, kind="centre"))
        made[-1].keep(by=people.hand(people.monitor), verb=Verb.COUNTERPART_EDIT)
    client = Client()
    client.force_login(Account.objects.create_account("sorts", "a long enough one", people.custodian.id))
    for address in ("/manage/counterparts/", f"/manage/counterparts/{made[0].id}/edit/"):
        for language, wanted in (("sq", "Dragash Dhërmi Zubin Zhur"), ("en", "Dhërmi Dragash Zhur Zubin")):
            page = client.get(address, {"lang": language}).content.decode()
            assert re.findall(r">\s*Qendra (\w+)\s*</(?:a|option)>", page) == wanted.split()
