"""Maps: a scale bar may be believed, a sector lies where its bearing says, nobody's ground is hatched, and what a reader may not see is
not drawn. Lengths are held against the great circle, not against another projection."""

from __future__ import annotations

import gzip
import json
import math
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given as drawn_from
from hypothesis import settings as patience
from hypothesis import strategies as st

from fairwitness.web.draw_map import Drawing, Figure, Spot, Wedge, draw_map, edge
from fairwitness.web.place_labels import Room
from fairwitness.web.project_points import Point, Projection, haversine, reach, round_length, sheet_for
from fairwitness.web.trace_outline import Shape, thin, tolerance, trace

SVG = "{http://www.w3.org/2000/svg}"
MIDDLE = (20.9, 42.57)
LON = st.floats(20.0, 21.8, allow_nan=False)
LAT = st.floats(41.85, 43.3, allow_nan=False)
NEAR = st.tuples(LON, LAT)
def given(*what: Any) -> Any:
    """Drawn by chance, with no limit of time for one drawing: the machine is shared."""
    return lambda test: patience(deadline=None, max_examples=80)(drawn_from(*what)(test))


OUTLINES = Path("/work/shared/data/places/kosovo_municipalities.geojson")


def printed(drawing: Drawing, **more: Any) -> str:
    """The part as a page prints it."""
    return render_to_string("web/parts/map.html", {"map": {"drawing": drawing, "notes": ["Lines: a test."], **more}})


def read(html: str) -> ElementTree.Element:
    """The drawing as XML: it is well formed, and carries no style and no script of its own."""
    assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=", html)
    found = re.search(r'<svg class="map".*</svg>', html, re.DOTALL)
    assert found is not None
    root = ElementTree.fromstring(found.group().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    assert root.findtext(f"{SVG}title") and root.findtext(f"{SVG}desc")
    names = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert len(names) == len(set(names))
    return root


def of_kind(root: ElementTree.Element, name: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in root.iter(SVG + name) if kind in one.attrib.get("class", "").split()]


def square(lon: float, lat: float, side: float = 0.3) -> Shape:
    corners = [(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side), (lon, lat)]
    return Shape((tuple(corners),))


BOUNDED = [
    Spot("a", "Deçan/Dečane", (20.15, 42.15), square(20.0, 42.0)),
    Spot("b", "Pejë/Peć", (20.45, 42.15), square(20.3, 42.0)),
    Spot("c", "Klinë/Klina", (20.75, 42.15), square(20.6, 42.0)),
]
POINTS = [Spot(spot.key, spot.name, spot.point) for spot in BOUNDED]


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [((0.0, 0.0), (0.0, 1.0), 111_195.08), ((0.0, 0.0), (1.0, 0.0), 111_195.08), ((20.0, 60.0), (21.0, 60.0), 55_597.01),
     ((0.0, 0.0), (180.0, 0.0), 20_015_114.35)],
)  # fmt: skip
def test_known_lengths(one: Point, other: Point, metres: float) -> None:
    """A degree of a great circle is a 360th of the globe; on the 60th parallel a degree is half as long (a trifle more, cut short)."""
    assert haversine(one, other) == pytest.approx(metres, rel=1e-5)


def test_how_far_the_sphere_is_off_the_true_globe() -> None:
    """The series of WGS 84 for a degree of latitude and of longitude: in this country the sphere is 0.27 % off at most."""
    turn = math.radians(42.5)
    up = 111_132.954 - 559.822 * math.cos(2 * turn) + 1.175 * math.cos(4 * turn)
    across = 111_412.84 * math.cos(turn) - 93.5 * math.cos(3 * turn) + 0.118 * math.cos(5 * turn)
    assert haversine((20.9, 42.0), (20.9, 43.0)) == pytest.approx(up, rel=0.0027)
    assert haversine((20.4, 42.5), (21.4, 42.5)) == pytest.approx(across, rel=0.0027)


@given(NEAR, NEAR)
def test_a_length_on_the_sheet_is_the_length_on_the_globe(one: Point, other: Point) -> None:
    flat = Projection(*MIDDLE)
    (x, y), (x2, y2) = flat.metres(one), flat.metres(other)
    true = haversine(one, other)
    assert math.hypot(x - x2, y - y2) == pytest.approx(true, rel=1.5e-4, abs=0.01), "0.015 % within 80 km of the middle"


@given(NEAR, st.floats(0, 360, allow_nan=False), st.floats(1, 50_000))
def test_who_goes_arrives_as_far_away_as_they_went(start: Point, bearing: float, metres: float) -> None:
    assert haversine(start, reach(start, bearing, metres)) == pytest.approx(metres, rel=1e-6, abs=0.01)


@pytest.mark.parametrize(("bearing", "east", "north"), [(0, 0, 1), (90, 1, 0), (180, 0, -1), (270, -1, 0), (45, 0.7071, 0.7071)])
def test_zero_is_north_and_degrees_run_clockwise(bearing: float, east: float, north: float) -> None:
    x, y = Projection(*MIDDLE).metres(reach(MIDDLE, bearing, 1000))
    assert (x / 1000, y / 1000) == (pytest.approx(east, abs=1e-3), pytest.approx(north, abs=1e-3))


@given(st.lists(NEAR, min_size=1, max_size=20))
def test_every_point_lies_on_its_sheet(points: list[Point]) -> None:
    sheet = sheet_for(points, width=680)
    assert all(sheet.holds(point) for point in points) and sheet.height <= 680 * 1.3 + 1e-6
    (x, y), (x2, y2) = sheet.spot((20.5, 42.5)), sheet.spot((20.6, 42.6))
    assert x2 > x and y2 < y, "east is right and north is up"


@given(st.floats(0.001, 1e7))
def test_a_scale_bar_is_round_and_no_longer_than_asked(metres: float) -> None:
    made = round_length(metres)
    assert made <= metres * (1 + 1e-6) and metres < made * 2.5 * (1 + 1e-6)
    assert float(f"{made:e}".split("e")[0]) in (1.0, 2.0, 5.0)


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ValueError, match="no place has coordinates"):
        draw_map([Spot("a", "A")], {}, title="T", desc="D")
    with pytest.raises(ValueError, match="below zero"):
        draw_map(POINTS, {"a": Figure(-1, looked=True)}, title="T", desc="D")


GRID = st.tuples(st.integers(-5, 5), st.integers(-5, 5))


def doubled_area(ring: list[tuple[int, int]]) -> int:
    return sum(x * y2 - x2 * y for (x, y), (x2, y2) in pairwise([*ring, *ring[:1]]))


@given(st.lists(GRID, min_size=1, max_size=30))
def test_what_is_left_out_of_an_outline_encloses_nothing(ring: list[tuple[int, int]]) -> None:
    kept = thin(ring, closed=True)
    assert doubled_area(kept) == doubled_area(ring) and set(kept) <= set(ring)
    assert thin(kept, closed=True) == kept


def walked(path: str) -> list[list[tuple[int, int]]]:
    """The corners of each ring of a path, added up from its steps."""
    rings = []
    for part in re.findall(r"M([^zM]+)z?", path):
        start, _l, steps = part.partition("l")
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        x, y = (int(number) for number in start.split())
        ring = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


@given(st.lists(NEAR, min_size=4, max_size=40), st.sampled_from([1, 2, 4]))
def test_no_point_is_moved_farther_than_told(ring: list[Point], step: int) -> None:
    sheet = sheet_for([(20.0, 41.85), (21.8, 43.3)], width=680)
    given_spots = [sheet.spot(point) for point in ring]
    for x, y in (corner for one in walked(trace(Shape((tuple(ring),)), sheet, step)) for corner in one):
        nearest = min(math.hypot(x - gx, y - gy) for gx, gy in given_spots) / sheet.scale
        assert nearest <= tolerance(sheet, step) + 1


def test_neighbours_share_their_border() -> None:
    drawing = draw_map(BOUNDED, {}, title="T", desc="D")
    corners = [set(walked(area["d"])[0]) for area in drawing.areas]
    assert len(corners[0] & corners[1]) == 2 and len(corners[1] & corners[2]) == 2 and not corners[0] & corners[2]


@pytest.mark.parametrize("spots", [BOUNDED, POINTS])
def test_where_nobody_was_is_hatched_and_a_zero_is_printed(spots: list[Spot]) -> None:
    known = {"a": Figure(7, looked=True, note="3 visits"), "b": Figure(0, looked=True, note="1 visit"), "c": Figure(0, looked=False)}
    html = printed(draw_map(spots, known, title="T", desc="D"))
    root = read(html)
    texts = [one.text for one in root.iter(f"{SVG}text")]
    assert texts.count("0") == 1, "one zero: somebody looked. Where nobody was no zero is printed"
    hatched = [one for one in root.iter() if one.attrib.get("fill", "").startswith("url(#")]
    assert len(hatched) == 1 and "Nobody was there. That is not zero." in html
    said = {one.text for one in root.iter(f"{SVG}title")}
    assert {"Klinë/Klina: nobody was there", "Deçan/Dečane: 7; 3 visits", "Pejë/Peć: 0; 1 visit"} <= said


def test_what_others_reported_from_where_nobody_was_stands_on_hatched_ground() -> None:
    root = read(printed(draw_map(BOUNDED, {"a": Figure(4, note="no visit on record")}, title="T", desc="D")))
    assert len(of_kind(root, "path", "nobody")) == 3 and len(of_kind(root, "circle", "dot")) == 1


def test_what_is_held_back_has_no_size_and_says_so() -> None:
    drawing = draw_map(POINTS, {"a": Figure(withheld=True, looked=True), "b": Figure(900, looked=True)}, title="T", desc="D")
    root = read(printed(drawing))
    assert len(of_kind(root, "circle", "withheld")) == 1 and len(of_kind(root, "circle", "dot")) == 1
    assert "Deçan/Dečane: held back" in {mark.said for mark in drawing.marks}


@given(st.lists(st.integers(1, 5000), min_size=2, max_size=3))
def test_the_area_of_a_circle_is_in_proportion(counts: list[int]) -> None:
    known = {spot.key: Figure(count, looked=True) for spot, count in zip(BOUNDED, counts, strict=False)}
    drawing = draw_map(BOUNDED, known, title="T", desc="D")
    drawn = {mark.said.split(":")[1].strip(): float(mark.r) for mark in drawing.marks if mark.kind == "dot"}
    largest = max(counts)
    for count in counts:
        assert drawn[str(count)] == pytest.approx(drawn[str(largest)] * math.sqrt(count / largest), abs=0.11)
    sizes = [(int(one["text"]), float(one["r"])) for one in drawing.legend]
    assert 1 <= len(sizes) <= 3 and all(size <= largest for size, _radius in sizes)
    for size, radius in sizes:
        assert radius == pytest.approx(drawn[str(largest)] * math.sqrt(size / largest), abs=0.11)


def test_largest_first_so_that_a_small_circle_is_never_buried() -> None:
    known = {"a": Figure(2, looked=True), "b": Figure(90, looked=True), "c": Figure(5, looked=True)}
    drawing = draw_map(POINTS, known, title="T", desc="D")
    assert [mark.said.split(": ")[1] for mark in drawing.marks] == ["90", "5", "2"]


@given(st.lists(st.tuples(st.floats(0, 680), st.floats(0, 500), st.text("abcë/", min_size=1, max_size=20)), max_size=25))
def test_no_label_covers_another_or_leaves_the_sheet(wanted: list[tuple[float, float, str]]) -> None:
    room = Room(680, 500)
    boxes = [label.box for x, y, text in wanted if (label := room.place(x, y, 10, text, 26)) is not None]
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0 and top >= 0 and right <= 680 and bottom <= 500
        assert not any(left < r and right > x and top < b and bottom > y for x, y, r, b in boxes[number + 1 :])


@given(NEAR, st.floats(0, 2000), st.floats(100, 8000), st.floats(0, 359), st.floats(5, 90))
def test_a_sector_lies_between_its_distances_and_its_directions(start: Point, near: float, band: float, low: float, wide: float) -> None:
    wedge = Wedge(start, near, near + band, low, low + wide)
    for lon, lat in edge(wedge):
        away = haversine(start, (lon, lat))
        if away < 0.5:
            assert near == 0 or near < 0.6
            continue
        assert away == pytest.approx(near, rel=1e-4, abs=0.6) or away == pytest.approx(near + band, rel=1e-4, abs=0.6)
        x, y = Projection(*start).metres((lon, lat))
        turn = math.degrees(math.atan2(x, y)) % 360
        if away > 50:
            assert (turn - low + 180) % 360 - 180 >= -0.1 and (turn - low - 0.001 + 1) % 360 <= wide + 1.2


def test_a_sector_to_the_north_is_drawn_upwards() -> None:
    start = (20.7, 42.2)
    view = [reach(start, turn, 3000) for turn in (0, 90, 180, 270)]
    drawing = draw_map([], {}, title="T", desc="D", wedges=[Wedge(start, 500, 2000, 350, 370)], view=view)
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", drawing.wedges[0]["d"])]
    xs, ys = numbers[::2], numbers[1::2]
    ground = float(drawing.ground)
    assert max(ys) < ground / 2 and sum(xs) / len(xs) == pytest.approx(340, abs=3)


EVIL = '"><script>alert(1)</script>&<b>'


def test_nothing_typed_leaves_the_words_it_was_typed_into() -> None:
    spots = [Spot("a", EVIL, (20.1, 42.1)), Spot("b", EVIL, (20.5, 42.4), square(20.4, 42.3))]
    known = {"a": Figure(3, looked=True, note=EVIL, href=f"/x?{EVIL}"), "b": Figure(words=EVIL, withheld=True)}
    drawing = draw_map(spots, known, title=EVIL, desc=EVIL)
    html = printed(drawing, source=EVIL)
    assert "<script" not in html and "<b>" not in html
    assert EVIL in [one.text for one in read(html).iter(f"{SVG}title")]


def test_numbers_are_written_for_the_drawing_and_not_for_the_reader(settings: Any) -> None:
    from django.utils.translation import override

    drawing = draw_map(BOUNDED, {"a": Figure(7, looked=True)}, title="T", desc="D")
    with override("sq"):
        read(albanian := printed(drawing))
    assert not re.search(r'(?:[xyr]|cx|cy)="\d+,\d', albanian)


@pytest.mark.skipif(not OUTLINES.exists(), reason="the outlines of all municipalities are not on this machine")
def test_all_municipalities_fit_a_weak_link_and_a_moment() -> None:
    """What 38 real boundaries weigh and take; remembered outlines are traced once."""
    from fairwitness.web.read_outlines import inside, shape_of

    features = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    shapes = [shape_of(json.dumps(one["geometry"])) for one in features]
    spots = [Spot(str(n), one["properties"]["name_osce"], inside(shapes[n]), shapes[n]) for n, one in enumerate(features)]
    known = {str(n): Figure(n, looked=True, words=f"{n} visits", href="/monitor/?place=ask:18") for n in range(19)}
    for step, wide, most in ((2, True, 13_000), (8, False, 5_000)):
        draw_map(spots, known, title="T", desc="D", step=step, wide=wide)
        began = time.process_time()
        drawing = draw_map(spots, known, title="T", desc="D", step=step, wide=wide)
        took = time.process_time() - began
        html = printed(drawing, wide=wide)
        packed = len(gzip.compress(html.encode(), 6))
        print(f"step {step}: {len(html)} bytes, {packed} packed, {took * 1000:.0f} ms, lines off by up to {drawing.off:.0f} m")
        assert packed <= most and (wide or len(html) <= 16_000) and took < 0.1
        assert len(drawing.areas) == 38 and {area["kind"] for area in drawing.areas} == {"mun", "nobody"}
