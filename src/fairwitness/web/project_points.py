"""Project points: from degrees on the globe to metres on a flat sheet, and from metres to the units of a drawing.

A field mission's country is small; seen from its own middle the globe is nearly flat. We use the transverse Mercator projection on a
sphere, laid through that middle: a circle stays a circle, north is up, and at 100 km from the middle a length is 0.013 % too long.
Against the true (flattened) globe the sphere itself errs by up to 0.5 %. Pure: no database, no page.

The rule it guards: a scale bar may be believed. Nothing here is drawn finer than the places are known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

RADIUS = 6_371_008.8
"""Metres: the mean radius of the globe."""

Point = tuple[float, float]
"""Longitude, latitude, in degrees."""
Metres = tuple[float, float]
"""East, north, in metres from the middle of the sheet."""


def haversine(one: Point, other: Point) -> float:
    """Metres along the globe between two points."""
    (lon, lat), (lon2, lat2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(half)))


def reach(start: Point, bearing: float, metres: float) -> Point:
    """Where one arrives who leaves `start` in a direction (0 is north, 90 east) and goes so many metres straight on."""
    lon, lat, turn, arc = math.radians(start[0]), math.radians(start[1]), math.radians(bearing), metres / RADIUS
    there = math.asin(math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(turn))
    aside = math.atan2(math.sin(turn) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(there))
    return (math.degrees(lon + aside) + 540) % 360 - 180, math.degrees(there)


@dataclass(frozen=True, slots=True)
class Projection:
    """Transverse Mercator through a middle."""

    lon: float
    lat: float

    def metres(self, point: Point) -> Metres:
        """East and north of the middle."""
        aside, lat = math.radians((point[0] - self.lon + 540) % 360 - 180), math.radians(point[1])
        east = math.atanh(max(-0.999999, min(0.999999, math.cos(lat) * math.sin(aside))))
        north = math.atan2(math.sin(lat), math.cos(lat) * math.cos(aside)) - math.radians(self.lat)
        return RADIUS * east, RADIUS * north


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of so many units in width and height: north is up, both directions have one scale."""

    projection: Projection
    west: float
    north: float
    scale: float
    width: float
    height: float

    def spot(self, point: Point) -> tuple[float, float]:
        """Where a point lies on the sheet: units from the left, units from the top."""
        east, north = self.projection.metres(point)
        return (east - self.west) * self.scale, (self.north - north) * self.scale

    def units(self, metres: float) -> float:
        """How long so many metres are on the sheet."""
        return metres * self.scale

    def holds(self, point: Point) -> bool:
        """Whether a point lies on the sheet."""
        x, y = self.spot(point)
        return 0 <= x <= self.width and 0 <= y <= self.height


def middle(points: Iterable[Point]) -> Point:
    """The middle of the box around some points."""
    known = list(points)
    if not known:
        raise ValueError("Nothing to draw: no place has coordinates. Import boundaries, or give the places a latitude and longitude.")
    lons, lats = [lon for lon, _lat in known], [lat for _lon, lat in known]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def sheet_for(points: Iterable[Point], *, width: float, margin: float = 14.0, least: float = 2_000.0, tallest: float = 1.3) -> Sheet:
    """The sheet on which all these points lie, `margin` units from its edge; never less than `least` metres across.

    It is `tallest` times as high as wide at most: a country that is longer is drawn smaller.
    """
    known = list(points)
    projection = Projection(*middle(known))
    spots = [projection.metres(point) for point in known]
    easts, norths = [east for east, _north in spots], [north for _east, north in spots]
    wide, tall = max(max(easts) - min(easts), least), max(max(norths) - min(norths), least)
    scale = min((width - 2 * margin) / wide, (width * tallest - 2 * margin) / tall)
    height = max(tall * scale + 2 * margin, width * 0.55)
    across, up = (max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2
    return Sheet(projection, across - width / scale / 2, up + height / scale / 2, scale, width, height)


def round_length(metres: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 … that is no longer: what a scale bar shows."""
    if metres <= 0 or not math.isfinite(metres):
        raise ValueError("A scale bar needs a length above zero.")
    power = 10.0 ** math.floor(math.log10(metres))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= metres * (1 + 1e-9))
