"""What monitors write in Albanian, Serbian and Bosnian is read as the same words in English are, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.errors import BadInput
from fairwitness.monitor.count import parse_count
from fairwitness.monitor.place_sector import WINDS, parse_bearings, parse_range
from fairwitness.monitor.read_spoken import in_english


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("rreth 45", "about 45"), ("mbi 60", "over 60"), ("gjashtë deri në shtatë", "six to seven"), ("më shumë se 60", "over 60"),
        ("së paku tre", "at least 3"), ("deri në 10", "up to 10"), ("3 nga 11", "3 of 11"), ("nga 6 deri në 7", "6 to 7"),
        ("tridhjetë e gjashtë", "36"), ("ndërmjet 6 dhe 7", "between 6 and 7"), ("njëqind e dhjetë", "110"), ("asnjë", "none"),
        ("oko 45", "about 45"), ("preko 60", "over 60"), ("šest do sedam", "six to seven"), ("više od 60", "over 60"),
        ("najmanje tri", "at least 3"), ("do 10", "up to 10"), ("3 od 11", "3 of 11"), ("od 6 do 7", "6 to 7"),
        ("trideset i šest", "36"), ("trideset šest", "36"), ("između 6 i 7", "between 6 and 7"), ("ne više od 10", "up to 10"),
        ("око 45", "about 45"), ("преко 60", "over 60"), ("шест до седам", "six to seven"), ("3 од 11", "3 of 11"),
        ("тридесет и шест", "36"),
    ],
)  # fmt: skip
def test_counts(typed: str, english: str) -> None:
    read, same = parse_count(typed), parse_count(english)
    assert (read.low, read.high, read.qualifier, read.of) == (same.low, same.high, same.qualifier, same.of)
    assert read.text == typed, "what was typed stays"


@pytest.mark.parametrize(
    ("typed", "winds"),
    [
        ("juglindje, jug dhe perëndim-jugperëndim", ["SE", "S", "WSW"]), ("veri", ["N"]), ("panjohur", []),
        ("jugoistok, jug i zapad-jugozapad", ["SE", "S", "WSW"]), ("југоисток, југ и запад-југозапад", ["SE", "S", "WSW"]),
        ("sjeveroistok", ["NE"]), ("S, NE", ["S", "NE"]),
    ],
)
def test_directions(typed: str, winds: list[str]) -> None:
    assert parse_bearings(typed) == winds


@pytest.mark.parametrize(
    ("typed", "metres"),
    [("rreth 2-6 km", (2000, 6000)), ("mbi 4 km", (4000, None)), ("do 2 km", (None, 2000)), ("око 430 m", (430, 430))],
)
def test_distances(typed: str, metres: tuple[int | None, int | None]) -> None:
    assert parse_range(typed) == metres


@pytest.mark.parametrize("wind", WINDS)
def test_letters_alone_stay_english(wind: str) -> None:
    assert parse_bearings(wind) == [wind]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_breaks(typed: str) -> None:
    for reader in (parse_count, parse_bearings, parse_range):
        try:
            reader(typed)
        except BadInput:
            pass
    assert "\n" not in in_english(typed)
