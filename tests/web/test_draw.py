"""The drawings: a sector is never a pin, a week without a visit has no bar, and nothing typed leaves the text it was typed into."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from fairwitness.web import draw
from fairwitness.web.draw_marks import frame

SVG = "{http://www.w3.org/2000/svg}"
WEEKS = [("Week 1", 3, 2), ("Week 2", 0, 1), ("Week 3", None, 0), ("Week 4", 7, 4)]


def read(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)
    assert "style=" not in svg and "<style" not in svg, "the page's security policy would drop it"
    assert root.attrib["role"] == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text and desc is not None and desc.text
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {desc.attrib['id']}"
    return root


def kinds(root: ElementTree.Element, name: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in root.iter(SVG + name) if one.attrib.get("class", "") == kind]


def said(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_each_bearing_gets_its_own_sector() -> None:
    root = read(draw.sector(1200, 2000, ["S", "SSW"], "bridge"))
    assert len(kinds(root, "path", "sector")) == 2
    assert {"S", "SSW", "1.2 km", "2.0 km", "bridge"} <= set(said(root))
    assert "1.2 km to 2.0 km" in str(root.findtext(f"{SVG}desc"))


def test_a_sector_to_the_east_lies_east() -> None:
    path = kinds(read(draw.sector(None, 800, ["E"], "post")), "path", "sector")[0].attrib["d"]
    x, y = (float(number) for number in re.findall(r"-?[\d.]+", path)[:2])
    assert x > 160 and math.isclose(math.degrees(math.atan2(x - 160, 160 - y)), 90 - 11.25, abs_tol=0.3)


@pytest.mark.parametrize(
    ("low", "high", "bearings", "words"),
    [
        (None, None, ["N"], "distance not known"),
        (None, 800, [], "direction not known"),
        (None, 800, ["N"], "up to 800 m"),
        (1500, None, ["170-215"], "at least 1.5 km"),
        (None, None, [], "distance not known"),
    ],
)
def test_what_was_not_given_is_said(low: float | None, high: float | None, bearings: list[str], words: str) -> None:
    root = read(draw.sector(low, high, bearings, "hill"))
    assert words in str(root.findtext(f"{SVG}desc")) and any(words in text for text in said(root))
    if high is None:
        assert not kinds(root, "path", "sector"), "an unknown distance is never drawn with a closed edge"


@pytest.mark.parametrize("bearing", ["SOUTH", "", "10", "10-", "400-20", "-5-20", "nan-20"])
def test_a_bearing_that_is_none_is_refused(bearing: str) -> None:
    with pytest.raises(ValueError, match="bearing"):
        draw.sector(1, 2, [bearing], "hill")


def test_a_range_turned_round_is_refused() -> None:
    with pytest.raises(ValueError, match="Swap them"):
        draw.sector(2000, 1200, ["N"], "hill")


def test_a_week_without_a_visit_is_hatched_and_has_no_bar() -> None:
    root = read(draw.series(WEEKS, title="Signs"))
    assert len(kinds(root, "rect", "bar")) == 2
    assert len(kinds(root, "rect", "cov")) == 3
    hatched = [one for one in root.iter(f"{SVG}rect") if one.attrib.get("fill", "").startswith("url(#")]
    assert len(hatched) == 2, "the column and its coverage"
    assert said(root).count("0") == 2, "the axis, and the week in which somebody looked and saw none"
    assert "Nobody looked in 1 of 4" in str(root.findtext(f"{SVG}desc"))


def test_bars_are_in_proportion() -> None:
    heights = [float(one.attrib["height"]) for one in kinds(read(draw.series(WEEKS, title="Signs")), "rect", "bar")]
    assert math.isclose(heights[1] / heights[0], 7 / 3, rel_tol=0.01)


def test_a_break_is_drawn_numbered_and_explained() -> None:
    root = read(draw.series(WEEKS, [("Week 2", "signs counted by pole")], title="Signs"))
    assert len(kinds(root, "path", "brk")) == 1
    assert any("signs counted by pole" in text and "Week 2" in text for text in said(root))
    with pytest.raises(ValueError, match="no point “Week 9”"):
        draw.series(WEEKS, ["Week 9"], title="Signs")


def test_an_alarm_carries_its_letter() -> None:
    root = read(draw.series(WEEKS, title="Signs", alarms={"Week 4": "A"}))
    assert len(kinds(root, "rect", "alarmbar")) == 1 and "A" in said(root)


def test_the_phone_sees_half_a_year() -> None:
    weeks: list[draw.Point] = [(f"W{n}", n % 5, 1) for n in range(52)]
    both = draw.series_for_any_screen(weeks, ["W3", "W40"], title="Signs")
    wide, narrow = (ElementTree.fromstring(part) for part in re.findall(r"<svg.*?</svg>", both))
    assert len(kinds(wide, "path", "brk")) == 2 and len(kinds(narrow, "path", "brk")) == 1
    assert len(kinds(wide, "rect", "cov")) == 52 and len(kinds(narrow, "rect", "cov")) == 26


@pytest.mark.parametrize("points", [[], [("W1", -1, 1)], [("W1", 1, -1)]])
def test_an_impossible_series_is_refused(points: list[draw.Point]) -> None:
    with pytest.raises(ValueError, match=r"at least one point|below zero"):
        draw.series(points, title="Signs")


def test_a_strip_tells_three_things_apart() -> None:
    root = read(draw.strip([("Mon", True), ("Tue", False), ("Wed", None)], title="Days"))
    assert len(kinds(root, "rect", "box yes")) == 1 and len(kinds(root, "rect", "box")) == 2
    assert root.findtext(f"{SVG}desc") == "There on 1, tried without access on 1, nobody went on 1."


EVIL = '</text><script>alert("x")</script> & \' ё'


@pytest.mark.parametrize(
    "drawing",
    [
        lambda: draw.sector(1, 2, ["N"], EVIL),
        lambda: draw.series([(EVIL, 1, 1)], [(EVIL, EVIL)], title=EVIL, alarms={EVIL: EVIL}),
        lambda: draw.strip([(EVIL, True)], title=EVIL, width=2000),
    ],
)
def test_typed_words_stay_words(drawing: Callable[[], str]) -> None:
    svg = drawing()
    root = read(svg)
    assert not list(root.iter(f"{SVG}script")) and "<script" not in svg
    assert any(EVIL in (one.text or "") for one in root.iter())


def test_figures_have_one_decimal_at_most_and_two_drawings_do_not_share_a_name() -> None:
    one, two = draw.series(WEEKS, title="Signs"), draw.sector(1234.567, 2345.678, ["NNE"], "bridge")
    for svg in (one, two):
        inside = re.sub(r'(id|aria-labelledby|fill)="[^"]*"', "", svg)
        assert not re.search(r"\d\.\d{2,}", inside)
    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', two))
    assert one == draw.series(WEEKS, title="Signs"), "the same figures give the same drawing"


def test_a_drawing_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="title and a description"):
        frame([], view=(0, 0, 1, 1), title="Week", desc=" ", key="k")
