"""Seven days as small maps: the ground is hatched, looking clears it, and all dots of a week have one measure."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from fairwitness.web.draw_days import LARGEST, SMALLEST, Day, draw_days
from fairwitness.web.draw_map import Spot
from fairwitness.web.trace_outline import Shape

NORTH, SOUTH = Spot("n", "North", (21.0, 42.9)), Spot("s", "South", (20.7, 42.2))
COUNTRY = Shape(rings=(((20.0, 42.0), (21.8, 42.0), (21.8, 43.2), (20.0, 43.2), (20.0, 42.0)),), closed=True)


def circles(svg: str, kind: str) -> list[float]:
    return [float(one.attrib["r"]) for one in ElementTree.fromstring(svg).iter("circle") if one.attrib.get("class") == kind]


def test_the_country_is_hatched_and_looking_clears_it() -> None:
    nobody, both = draw_days([Day({}), Day({"n": 0, "s": 4})], [NORTH, SOUTH], country=COUNTRY)
    assert "<pattern" in nobody and 'fill="url(#' in nobody and not circles(nobody, "mun") and not circles(nobody, "dot")
    assert len(circles(both, "mun")) == 2 and circles(both, "dot") == [LARGEST], "a nought is a clear place without a dot"


def test_the_outline_is_written_once_and_used_again() -> None:
    first, *others = draw_days([Day({})] * 7, [NORTH], country=COUNTRY)
    name = re.search(r'<path d="[^"]+" id="(\w+)"', first)
    assert name is not None and all(f'href="#{name[1]}"' in one and "<path" not in one for one in others)


def test_dots_of_all_days_have_one_measure_by_area() -> None:
    few, many = draw_days([Day({"n": 4}), Day({"s": 16})], [NORTH, SOUTH], country=COUNTRY)
    assert circles(few, "dot") == [LARGEST / 2] and circles(many, "dot") == [LARGEST]
    one, _most = draw_days([Day({"n": 1}), Day({"s": 400})], [NORTH, SOUTH])
    assert circles(one, "dot") == [SMALLEST], "one thing found can still be seen"


def test_without_an_outline_the_places_themselves_are_hatched() -> None:
    (drawn,) = draw_days([Day({"n": 0})], [NORTH, SOUTH])
    assert len(circles(drawn, "mun")) == 1 and len(circles(drawn, "nobody")) == 1


def test_a_boundary_is_cleared_as_a_whole() -> None:
    ring = ((20.5, 42.1), (20.9, 42.1), (20.9, 42.4), (20.5, 42.4), (20.5, 42.1))
    bounded = Spot("s", "South", (20.7, 42.2), Shape(rings=(ring,), closed=True))
    looked, nobody = draw_days([Day({"s": 0}), Day({})], [bounded, NORTH], country=COUNTRY)
    assert looked.count('class="mun"') == 1 and not circles(looked, "mun") and 'class="mun"' not in nobody


def test_nothing_typed_is_in_it_and_what_is_read_aloud_stands_beside_it() -> None:
    (drawn,) = draw_days([Day({"<x>": 2})], [Spot("<x>", "<script>", (21.0, 42.9)), SOUTH], country=COUNTRY)
    assert "<script>" not in drawn and 'aria-hidden="true"' in drawn and "style=" not in drawn
