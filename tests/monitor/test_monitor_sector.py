"""Range and bearings as observers give them (scenario 5): sectors, never a pin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.errors import BadInput
from fairwitness.monitor.place_sector import parse_bearings, parse_range, parse_sector
from fairwitness.web.draw import sector


@pytest.mark.parametrize(
    ("typed", "bearings"),
    [
        ("SE, S and WSW", ["SE", "S", "WSW"]),
        ("south-east, south and west-south-west", ["SE", "S", "WSW"]),
        ("SSE, S and SSW", ["SSE", "S", "SSW"]),
        ("north east", ["NE"]),
        ("170-215", ["170-215"]),
        ("170° to 215°", ["170-215"]),
        ("350-20", ["350-20"]),
        ("180", ["175-185"]),
        ("S–SSW", ["168.75-213.75"]),
        ("S, S", ["S"]),
        ("", []),
        ("unknown direction", []),
    ],
)
def test_bearings(typed: str, bearings: list[str]) -> None:
    assert parse_bearings(typed) == bearings
    sector(1000, 2000, bearings, "test")  # what is read can be drawn


@pytest.mark.parametrize(
    ("typed", "metres"),
    [
        ("2-6km", (2000, 6000)),
        ("0.6-4 km", (600, 4000)),
        ("0,6–4 km", (600, 4000)),
        ("430m", (430, 430)),
        ("150-200 m", (150, 200)),
        ("600 m to 4 km", (600, 4000)),
        ("about 2km", (2000, 2000)),
        ("assessed range of 5-6km", (5000, 6000)),
        ("up to 2 km", (None, 2000)), ("≤2 km", (None, 2000)), ("<= 2 km", (None, 2000)), ("≥ 4 km", (4000, None)), (">4km", (4000, None)),
        ("over 4km", (4000, None)),
        ("unknown distance", (None, None)),
        ("an unknown distance and direction", (None, None)),
        ("", (None, None)),
    ],
)
def test_ranges(typed: str, metres: tuple[int | None, int | None]) -> None:
    assert parse_range(typed) == metres


def test_one_phrase_gives_three_sectors() -> None:
    (low, high), bearings = parse_sector("2-6km south-east, south and west-south-west")
    assert (low, high, bearings) == (2000, 6000, ["SE", "S", "WSW"])
    drawn = sector(low, high, bearings, "Svitlodarsk")
    assert drawn.count('class="sector"') == 3 and "pin" not in drawn
    assert parse_sector("430m SSW") == ((430, 430), ["SSW"])
    assert parse_sector("unknown distance and direction") == ((None, None), [])


@pytest.mark.parametrize("typed", ["up", "NNNE", "370", "-5", "170-400", "x" * 201, "\x00", None, 7])
def test_what_is_no_direction_is_sent_back(typed: object) -> None:
    with pytest.raises(BadInput) as caught:
        parse_bearings(typed)
    assert caught.value.faults[0].field == "bearings"


@pytest.mark.parametrize("typed", ["5", "6-2 km", "far", "2-4-6 km", "900 km", "km", "over 2-6 km", "-2 km", "\x00", "x" * 201, None, 7])
def test_what_is_no_distance_is_sent_back(typed: object) -> None:
    with pytest.raises(BadInput) as caught:
        parse_range(typed)
    assert caught.value.faults[0].field == "range"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_breaks(typed: str) -> None:
    for read in (parse_bearings, parse_range, parse_sector):
        try:
            read(typed)
        except BadInput:
            pass
