"""Draw seven days side by side: for each day a small map, hatched where nobody looked, clear where somebody did, a dot for what was found.

The rule it guards: the ground is hatched and looking clears it, never the other way round, so that a day on which nobody went looks like
one. Dots of all days have one measure: their area is in proportion to what was found. The page prints each day's figures under its map.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fairwitness.web.draw_map import Spot
from fairwitness.web.draw_marks import figure, hatching, key_of, tag
from fairwitness.web.project_points import Sheet, sheet_for
from fairwitness.web.trace_outline import Shape, trace

WIDTH, MARGIN, STEP = 340.0, 12.0, 3
"""Units across a day, units left free around it, and the grid its lines are drawn on."""
CLEAR, SMALLEST, LARGEST = 17.0, 9.0, 30.0
"""Radii: what looking clears where no boundary is known; one thing found; the most of the week."""
HATCH = 15


@dataclass(frozen=True, slots=True)
class Day:
    """One day: per place how many were found there; a place that is not named was not looked at."""

    found: Mapping[str, int]


def draw_days(days: Sequence[Day], spots: Sequence[Spot], *, country: Shape | None = None) -> list[str]:
    """A drawing for each day. The outline and the hatching stand in the first one and are used again by the others."""
    corners = [point for shape in [country, *(spot.shape for spot in spots)] if shape for ring in shape.rings for point in ring]
    sheet = sheet_for([*corners, *(spot.point for spot in spots if spot.point)], width=WIDTH, margin=MARGIN)
    most = max((number for day in days for number in day.found.values()), default=0)
    key = key_of("days", sheet, tuple(spot.key for spot in spots))
    outline = trace(country, sheet, STEP) if country else ""
    return [_draw(day, spots, sheet, outline, most, key, first=not place) for place, day in enumerate(days)]


def _draw(day: Day, spots: Sequence[Spot], sheet: Sheet, outline: str, most: int, key: str, *, first: bool) -> str:
    drawn = [hatching(key, step=HATCH)] if first else []
    if outline and first:
        drawn.append(tag("defs", tag("path", d=outline, id=f"{key}o")))
    if outline:
        drawn.append(tag("use", href=f"#{key}o", fill=f"url(#{key})"))
    for spot in spots:
        drawn += _ground(spot, spot.key in day.found, sheet, key, hatched=bool(outline))
    for spot in spots:
        number = day.found.get(spot.key, 0)
        if number and spot.point:
            x, y = sheet.spot(spot.point)
            drawn.append(tag("circle", cx=x, cy=y, r=_radius(number, most), class_="dot"))
    if outline:
        drawn.append(tag("use", href=f"#{key}o", class_="outline"))
    return tag("svg", "".join(drawn), viewBox=f"0 0 {figure(sheet.width)} {figure(sheet.height)}", aria_hidden="true")


def _ground(spot: Spot, looked: bool, sheet: Sheet, key: str, *, hatched: bool) -> list[str]:
    """The ground of a place: clear where somebody looked; hatched elsewhere, unless the country already is."""
    if not looked and hatched:
        return []
    extra: dict[str, str | float] = {"class_": "mun"} if looked else {"class_": "nobody", "fill": f"url(#{key})"}
    if spot.shape is not None and (path := trace(spot.shape, sheet, STEP)):
        return [tag("path", d=path, **extra)]
    if spot.point is None:
        return []
    x, y = sheet.spot(spot.point)
    return [tag("circle", cx=x, cy=y, r=CLEAR, **extra)]


def _radius(number: int, most: int) -> float:
    return max(SMALLEST, LARGEST * math.sqrt(number / most))
