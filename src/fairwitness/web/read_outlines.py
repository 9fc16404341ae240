"""Read outlines: what a map of this mission stands on. Its municipalities, their boundaries where they were imported, the country.

The country's outline comes from the front-end build, which cuts it where the pack names the country; an outline of the mission area that
was imported goes before it. Without either, a map is drawn from the coordinates of places alone. An outline is read once and remembered by
its place and version: a new version is a new outline.

The rule it guards: a map shows the boundaries the mission was given and says where its lines come from; it invents none.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.staticfiles import finders
from django.db.models import Q

from fairwitness.mission.access import visible
from fairwitness.mission.models import Place
from fairwitness.record.hand import Hand
from fairwitness.web.draw_map import Spot
from fairwitness.web.project_points import Point
from fairwitness.web.trace_outline import Shape

AREA, TOWN = "mission area", "municipality"
ATLAS = "world-atlas:"
MOST = 600
"""Outlines kept in memory; a country has fewer municipalities."""
_known: dict[tuple[UUID, Any], Shape] = {}


@dataclass(frozen=True, slots=True)
class Country:
    """The outline of the country and the lines around it, as the build cut them."""

    outline: Shape
    around: Shape
    source: str


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality of the map: where it is, its outline, and the key by which pages find it (`ask:18`)."""

    id: UUID
    key: str
    point: Point | None
    shape: Shape | None

    def spot(self, name: str) -> Spot:
        """As the map draws it."""
        return Spot(str(self.id), name, self.point, self.shape)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a map stands on."""

    towns: list[Town]
    outline: Shape | None = None
    around: Shape | None = None
    source: str = ""

    @property
    def drawable(self) -> bool:
        """Whether any place can be put anywhere."""
        return any(town.point or town.shape for town in self.towns)


def read_ground(hand: Hand) -> Ground:
    """The municipalities that stand today, and the country. One question, and one more where an outline is new to this process."""
    columns = ("id", "entry", "kind", "authority", "code", "latitude", "longitude", "other_codes")
    places = Place.objects.filter(kind__in=(AREA, TOWN), ended__isnull=True).order_by("kind", "code", "id")
    rows = list(visible(hand, places).annotate(bounded=~Q(boundary="")).values(*columns, "bounded"))
    shapes = outlines((row["id"], row["entry"]) for row in rows if row["bounded"])
    towns = [
        Town(row["id"], f"{row['authority']}:{row['code']}", point or (inside(shape) if shape else None), shape)
        for row in rows
        if row["kind"] == TOWN
        for point, shape in [(point_of(row["latitude"], row["longitude"]), shapes.get(row["id"]))]
    ]
    areas = [row for row in rows if row["kind"] == AREA]
    country = next((found for row in areas for code in row["other_codes"] if (found := country_of(code)) is not None), None)
    imported = next((shapes[row["id"]] for row in areas if row["id"] in shapes), None)
    whole = bool(towns) and all(town.shape for town in towns)
    outline = imported or (country.outline if country and not whole else None)
    return Ground(towns, outline, country.around if country else None, country.source if country else "")


def outlines(wanted: Iterable[tuple[UUID, Any]]) -> dict[UUID, Shape]:
    """The outlines of these places at these versions; only those not met before are read."""
    keys = list(wanted)
    missing = [key for key in keys if key not in _known]
    if missing:
        if len(_known) + len(missing) > MOST:
            _known.clear()
            missing = keys
        versions = dict(missing)
        for place, entry, text in Place.objects.filter(pk__in=versions).values_list("id", "entry", "boundary"):
            _known[place, entry] = shape_of(text)
    return {place: _known[place, entry] for place, entry in keys if (place, entry) in _known}


def shape_of(text: str) -> Shape:
    """The rings of an outline as it is kept: a GeoJSON geometry, its numbers written as text."""
    geometry = json.loads(text)
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return Shape(tuple(_line(ring) for polygon in polygons for ring in polygon))


def _line(points: Any) -> tuple[Point, ...]:
    return tuple((float(lon), float(lat)) for lon, lat, *_height in points)


def point_of(latitude: str, longitude: str) -> Point | None:
    """Coordinates as they are kept, in the order of the map; None where a place has none."""
    try:
        return (float(longitude), float(latitude)) if latitude and longitude else None
    except ValueError:
        return None


def inside(shape: Shape) -> Point | None:
    """The middle of the largest ring, by area: good enough to stand a circle on where a place has no coordinates of its own."""
    best: tuple[float, Point] | None = None
    for ring in shape.rings:
        pairs = list(pairwise(ring))
        double = sum(x * y2 - x2 * y for (x, y), (x2, y2) in pairs)
        if double and (best is None or abs(double) > best[0]):
            lon = sum((x + x2) * (x * y2 - x2 * y) for (x, y), (x2, y2) in pairs) / (3 * double)
            lat = sum((y + y2) * (x * y2 - x2 * y) for (x, y), (x2, y2) in pairs) / (3 * double)
            best = abs(double), (lon, lat)
    return best[1] if best else None


def country_of(code: str) -> Country | None:
    """The outline the build cut for a country a pack names (`world-atlas:Kosovo`); None where it did not run or the code is another's."""
    if not code.startswith(ATLAS):
        return None
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in code.removeprefix(ATLAS).lower())
    while "--" in name:
        name = name.replace("--", "-")
    found = finders.find(f"built/outlines/{name.strip('-')}.json")
    return _country(str(found), Path(str(found)).stat().st_mtime_ns) if found else None


@lru_cache(maxsize=4)
def _country(file: str, _changed: int) -> Country | None:
    try:
        read = json.loads(Path(file).read_text(encoding="utf-8"))
        parts = {one["properties"]["part"]: one["geometry"]["coordinates"] for one in read["features"]}
        outline = Shape(tuple(_line(polygon[0]) for polygon in parts["country"]))
        return Country(outline, Shape(tuple(_line(line) for line in parts["around"]), closed=False), str(read["source"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        logging.getLogger(__name__).warning("outline %s cannot be read; maps are drawn without it. Run the front-end build again.", file)
        return None
