"""Names of one list: one person in four spellings is found, two persons of a common name are not taken for one, probabilities hold."""

from __future__ import annotations

import random

import pytest

from fairwitness.analyse.numbers.match.pair_names import MOST, pair_names
from fairwitness.errors import BadInput

FOUR = ["Gjergj Hoxha", "Đerđ Hodža", "Ђерђ Хоџа", "Hoca Cerc"]
OTHERS = ["Bujar Kelmendi", "Bujar Berisha", "Dren Krasniqi", "Lule Shala", "Nora Gashi", "Ilir Gashi", "Vesna Ilic", "Emine Kaya"]
SYLLABLES = ("ba", "dri", "lo", "mi", "ra", "to", "ze", "ku", "na", "fi", "vel", "shka", "gri", "pol", "dur", "en", "ost")


def invented(draw: random.Random, parts: int) -> str:
    """A word that sounds like a name."""
    return "".join(draw.choice(SYLLABLES) for _ in range(parts)).capitalize()


def test_one_person_in_several_spellings_and_orders() -> None:
    found = {(left, right): chance for left, right, chance in pair_names([*FOUR[:3], *OTHERS])}
    assert all(found[pair] > 0.5 for pair in ((0, 1), (0, 2), (1, 2)))
    assert all(chance < 0.5 for pair, chance in found.items() if max(pair) > 2), "one word in common is not one person"
    turned = {(left, right): chance for left, right, chance in pair_names(["Hoxha Gjergj", "Gjergj Hoxha", *OTHERS])}
    assert turned[0, 1] > 0.5


def test_a_name_that_many_bear_says_less() -> None:
    rare = pair_names(["Lule Shala", "Lule Shala", *(f"{one} {other}" for one in ("Agim", "Dren", "Nora") for other in ("Gashi", "Kaya"))])
    common = pair_names(["Lule Shala", "Lule Shala", *[f"Lule {one}" for one in ("Gashi", "Kaya", "Ilic")], "Nora Shala", "Agim Shala"])
    assert next(one for one in rare if one[:2] == (0, 1))[2] > next(one for one in common if one[:2] == (0, 1))[2]


def test_probabilities_are_about_as_often_right_as_they_say() -> None:
    draw = random.Random(1)
    firsts, lasts = [invented(draw, 2) for _ in range(60)], [invented(draw, 3) for _ in range(150)]
    names = [f"{draw.choice(firsts)} {draw.choice(lasts)}" for _ in range(600)]
    again = {(place, 600 + place) for place in range(60)}
    names += [" ".join(reversed(name.split())) if place % 3 == 0 else name.replace("sh", "š") for place, name in enumerate(names[:60])]
    found = pair_names(names, floor=0.01)
    right = [(chance, (left, right) in again) for left, right, chance in found]
    assert sum(was for chance, was in right if chance >= 0.1) >= 0.95 * len(again)
    assert abs(sum(chance for chance, _ in right) - len(again)) <= 0.25 * len(again)
    assert found == pair_names(names, floor=0.01), "the same list gives the same pairs"


def test_names_without_a_letter_and_short_lists_have_no_pair() -> None:
    assert pair_names([]) == [] == pair_names(["Lule Shala"]) == pair_names(["…", "…", "!", ""])
    assert [one[:2] for one in pair_names(["", "Lule Shala", "…", "Lule Shala"])] == [(1, 3)]


def test_too_many_names_are_refused() -> None:
    with pytest.raises(BadInput, match="the most that are compared"):
        pair_names(["Lule Shala"] * (MOST + 1))
