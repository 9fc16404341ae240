"""Draw a map: circles in proportion to what was counted, hatching where nobody was, sectors where an observer gave them.

What comes in is places with their coordinates and outlines, what was counted in each, and whether anybody looked. What goes out is
data for web/parts/map.html: numbers already written, words not yet escaped (the page does that). Pure: no database, no page, no script.

The rules it guards. A count never stands without its coverage: where nobody was is hatched, and a 0 is printed only where somebody
looked. The area of a circle is in proportion to its count. What is held back is said to be held back and shows no size. Place is a
sector where range and bearing were given, never a pin. Every symbol has a name in words, and the same figures stand in a table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fairwitness.web.draw_marks import figure, key_of
from fairwitness.web.place_labels import Label, Room, around
from fairwitness.web.project_points import Metres, Point, Sheet, reach, round_length, sheet_for
from fairwitness.web.trace_outline import Shape, tolerance, trace

WIDTH = 680.0
"""Units across. A phone shows half as many points, so that text of 26 units stands 13 points high there."""
TEXT, SMALL_TEXT = 26.0, 15.0
"""The height of text on a phone and in a margin; and on a wide screen, where the whole drawing is larger."""
LARGEST = 38.0
UNVISITED = 15.0
RING = 7.0
STEP = 2
ARC = 5.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One place: its key, its name in house style, a point inside it, its outline where one was imported."""

    key: str
    name: str
    point: Point | None = None
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """What is known of one place. `count` None with `words` is a figure that is not a number, or one that is held back."""

    count: int | None = None
    looked: bool = False
    words: str = ""
    note: str = ""
    href: str = ""
    withheld: bool = False
    alarm: bool = False
    """Ringed: its week departs from what was usual there."""

    @property
    def state(self) -> str:
        """`withheld`, `nobody` (hatched), `zero`, `counted`, or `unstated` (something, but nobody says how many)."""
        if self.withheld:
            return "withheld"
        if not self.count and not self.looked and not self.words:
            return "nobody"
        if self.count is None:
            return "unstated"
        return "counted" if self.count else "zero"

    def said(self) -> str:
        """In words, with its coverage."""
        if self.state == "nobody":
            return "; ".join(part for part in (_("nobody was there"), self.note) if part)
        shown = self.words or (_("held back") if self.withheld else _("not counted") if self.count is None else str(self.count))
        return "; ".join(part for part in (shown, self.note) if part)


@dataclass(frozen=True, slots=True)
class Wedge:
    """From where, how near, how far, and between which two directions somebody perceived something. Degrees run clockwise from north."""

    start: Point
    near: float
    far: float
    low: float
    high: float
    open: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What is printed in a symbol, or beside it: `y` is its middle; `size` says on which screens (`near`, `far`, or both)."""

    text: str
    x: str
    y: str
    anchor: str = "middle"
    inside: bool = True
    size: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One symbol: a circle (r), or only a text; where it leads and what it is called."""

    x: str
    y: str
    r: str
    kind: str
    said: str
    href: str = ""
    texts: tuple[Shown, ...] = ()
    ring: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A label as the page prints it: each line with its foot."""

    x: str
    anchor: str
    lines: tuple[tuple[str, str], ...]
    kind: str = "near"
    """`near` for a phone and a margin, `far` for a wide screen."""


@dataclass(slots=True)
class Drawing:
    """Everything web/parts/map.html prints."""

    key: str
    title: str
    desc: str
    view: str
    width: str
    height: str
    ground: str
    """The height of the map without the strip under it."""
    country: str = ""
    around: str = ""
    areas: list[dict[str, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    labels: list[Written] = field(default_factory=list)
    wedges: list[dict[str, str]] = field(default_factory=list)
    legend: list[dict[str, str]] = field(default_factory=list)
    bar: dict[str, str] = field(default_factory=dict)
    hatched: bool = False
    off: float = 0.0
    """Metres by which tracing may have moved a line."""


def draw_map(
    spots: Sequence[Spot], figures: dict[str, Figure], *, title: str, desc: str, country: Shape | None = None, lines: Shape | None = None,
    wedges: Sequence[Wedge] = (), towns: Sequence[Spot] = (), view: Sequence[Point] = (), step: int = STEP,
    wide: bool = True,
) -> Drawing:  # fmt: skip
    """Draw places and what is known of them. `view`: the points that must be on the sheet; without them, everything that is drawn.

    `wide` names places a second time, for a screen on which the whole drawing is larger and its text is not.
    """
    if any(one.count is not None and one.count < 0 for one in figures.values()):
        raise ValueError("A count cannot be below zero.")
    margin = TEXT if country or view or any(spot.shape for spot in spots) else LARGEST
    sheet = sheet_for(view or _points(spots, country, wedges), width=WIDTH, margin=margin)
    key = key_of("map", title, sheet, tuple(figures.items()), tuple(wedges))
    made = Drawing(key, title, desc, "", figure(WIDTH), "", figure(sheet.height), off=tolerance(sheet, step))
    made.country = trace(country, sheet, step) if country else ""
    made.around = trace(lines, sheet, step) if lines else ""
    known = [(spot, figures.get(spot.key, Figure())) for spot in spots]
    made.areas = [_area(spot, one, path) for spot, one in known if spot.shape and (path := trace(spot.shape, sheet, step))]
    made.wedges = [{"d": _wedge(wedge, sheet), "kind": "sector open" if wedge.open else "sector"} for wedge in wedges]
    rooms = (Room(WIDTH, sheet.height), Room(WIDTH, sheet.height))
    grow = _grow(one.count for _spot, one in known)
    placed = [(spot, one, sheet.spot(spot.point)) for spot, one in known if spot.point and sheet.holds(spot.point)]
    placed.sort(key=lambda part: (-(part[1].count or 0), part[0].name))
    _take_circles(placed, grow, rooms)
    made.marks = [mark for part in placed if (mark := _mark(*part, grow, rooms, wide)) is not None]
    made.hatched = any(one.state == "nobody" or (not one.looked and one.state == "counted") for _spot, one in known)
    named = [(spot, _kept_away(spot, one, grow), at) for spot, one, at in placed] + _show_towns(made, towns, sheet, rooms)
    made.labels = _labels(named, rooms[0], TEXT, "near") + (_labels(named, rooms[1], SMALL_TEXT, "far") if wide else [])
    strip = _finish(made, sheet, grow, max((one.count or 0 for _spot, one in known), default=0))
    made.height = figure(sheet.height + strip)
    made.view = f"0 0 {made.width} {made.height}"
    return made


def _points(spots: Sequence[Spot], country: Shape | None, wedges: Sequence[Wedge]) -> list[Point]:
    found = [point for spot in spots if spot.shape for ring in spot.shape.rings for point in ring]
    found += [spot.point for spot in spots if spot.point]
    found += [point for ring in country.rings for point in ring] if country else []
    return found + [point for wedge in wedges for point in edge(wedge)]


def _area(spot: Spot, one: Figure, path: str) -> dict[str, str]:
    return {"d": path, "kind": "mun" if one.looked or one.withheld else "nobody", "said": f"{spot.name}: {one.said()}"}


def edge(wedge: Wedge) -> list[Point]:
    """The corners of a sector on the globe: along the far edge clockwise, and back along the near one (or to where the observer stood)."""
    steps = max(2, math.ceil((wedge.high - wedge.low) / ARC) + 1)
    turns = [wedge.low + (wedge.high - wedge.low) * n / (steps - 1) for n in range(steps)]
    far = [reach(wedge.start, turn, wedge.far) for turn in turns]
    near = [reach(wedge.start, turn, wedge.near) for turn in reversed(turns)] if wedge.near > 0 else [wedge.start]
    return far + near


def _wedge(wedge: Wedge, sheet: Sheet) -> str:
    spots = [sheet.spot(point) for point in edge(wedge)]
    return "M" + "L".join(f"{figure(x)} {figure(y)}" for x, y in spots) + "z"


def _grow(counts: Iterable[int | None]) -> float:
    largest = max((count or 0 for count in counts), default=0) or 1
    return min(16.0, LARGEST / math.sqrt(largest))


def _radius(one: Figure, grow: float) -> float:
    if one.count:
        return grow * math.sqrt(one.count)
    return TEXT * 0.4 if one.state == "zero" else UNVISITED


def _kept_away(spot: Spot, one: Figure, grow: float) -> float:
    """How far a name stands from its place: beside the symbol, or on the hatching where there is none."""
    return 0.0 if one.state == "nobody" and spot.shape else _radius(one, grow)


def _take_circles(placed: Sequence[tuple[Spot, Figure, Metres]], grow: float, rooms: Sequence[Room]) -> None:
    for spot, one, (x, y) in placed:
        if one.state != "nobody" or spot.shape is None:
            for room in rooms:
                room.take(around(x, y, _radius(one, grow)))


def _mark(spot: Spot, one: Figure, at: Metres, grow: float, rooms: Sequence[Room], wide: bool) -> Mark | None:
    """The symbol of one place; None where the hatching of its outline says all there is."""
    x, y = unit(at[0]), unit(at[1])
    where: dict[str, Any] = {"x": x, "y": y, "said": f"{spot.name}: {one.said()}", "href": one.href}
    if one.alarm:
        where["ring"] = figure(_radius(one, grow) + RING)
    if one.state == "nobody":
        return None if spot.shape else Mark(**where, r=figure(UNVISITED), kind="nobody")
    if one.state == "zero":
        return Mark(**where, r="", kind="zero", texts=(Shown("0", x, y),))
    if one.state != "counted":
        return Mark(**where, r=figure(UNVISITED), kind="withheld", texts=(Shown("–", x, y),))
    radius, text = _radius(one, grow), str(one.count)
    if _fits(text, radius, TEXT):
        return Mark(**where, r=figure(radius), kind="dot", texts=(Shown(text, x, y),))
    sizes = [(rooms[0], TEXT, "near"), (rooms[1], SMALL_TEXT, "far")][: 2 if wide else 1]
    texts = [_figure_of(text, at, radius, *size) for size in sizes]
    return Mark(**where, r=figure(radius), kind="dot", texts=tuple(shown for shown in texts if shown is not None))


def _fits(text: str, radius: float, size: float) -> bool:
    return radius >= size * (0.25 + 0.29 * len(text))


def _figure_of(text: str, at: Metres, radius: float, room: Room, size: float, kind: str) -> Shown | None:
    """A figure in its circle where it fits, else beside it where there is room; else only in the name of the symbol and in the table."""
    if _fits(text, radius, size):
        return Shown(text, unit(at[0]), unit(at[1]), size=kind)
    label = room.place(*at, radius, text, size)
    return Shown(text, unit(label.x), unit((label.box[1] + label.box[3]) / 2), label.anchor, False, kind) if label else None


def unit(value: float) -> str:
    """A whole unit: half a point on a phone, and fewer bytes than a part of one."""
    return str(round(value))


def _labels(named: Sequence[tuple[Spot, float, Metres]], room: Room, size: float, kind: str) -> list[Written]:
    """Names where there is room for them."""
    placed = [label for spot, radius, (x, y) in named if (label := room.place(x, y, radius, spot.name, size)) is not None]
    return [_written(label, size, kind) for label in placed]


def _written(label: Label, size: float, kind: str) -> Written:
    lines = tuple((unit(label.y + n * size * 1.15), line) for n, line in enumerate(label.lines))
    return Written(unit(label.x), label.anchor, lines, kind)


def _show_towns(made: Drawing, towns: Sequence[Spot], sheet: Sheet, rooms: Sequence[Room]) -> list[tuple[Spot, float, Metres]]:
    """Settlements, so that a reader knows where a sector lies: small crosses, to be named where there is room."""
    shown = [(town, sheet.spot(town.point)) for town in towns if town.point and sheet.holds(town.point)]
    for town, (x, y) in shown:
        for room in rooms:
            room.take(around(x, y, 5))
        made.areas.append({"d": f"M{figure(x - 4)} {figure(y)}h8M{figure(x)} {figure(y - 4)}v8", "kind": "town", "said": town.name})
    return [(town, 5.0, at) for town, at in shown]


def _finish(made: Drawing, sheet: Sheet, grow: float, largest: int) -> float:
    """The strip under the map: three sizes of circles, a scale bar, north. Returns its height."""
    sizes = _sizes(largest)
    tall = max(64.0, 2 * grow * math.sqrt(sizes[0]) + 18 if sizes else 0)
    y, x = sheet.height + tall / 2, 14.0
    for size in sizes:
        radius = grow * math.sqrt(size)
        made.legend.append({"x": figure(x + radius), "y": figure(y), "r": figure(radius), "text": str(size),
                            "text_x": figure(x + 2 * radius + 7), "text_y": figure(y + TEXT * 0.36)})  # fmt: skip
        x += 2 * radius + 7 + len(str(size)) * TEXT * 0.58 + 22
    metres = round_length(WIDTH * 0.26 / sheet.scale)
    long = sheet.units(metres)
    end, foot = WIDTH - 62, y + 12
    made.bar = {
        "d": f"M{figure(end - long)} {figure(foot - 9)}v9H{figure(end)}v-9", "x": figure(end - long / 2), "y": figure(foot - 12),
        "words": f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m",
        "north": f"M{figure(WIDTH - 24)} {figure(y + 28)}v-52m-8 14l8-14 8 14", "north_x": figure(WIDTH - 40), "north_y": figure(y + 9),
    }  # fmt: skip
    return tall


def _sizes(largest: int) -> list[int]:
    """Three sizes that help to read: the largest round number that occurs, a quarter of it, and one."""
    if largest < 1:
        return []
    top = int(round_length(largest))
    return sorted({top, max(1, round(top / 4)), 1}, reverse=True)
