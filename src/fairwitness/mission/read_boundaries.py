"""Read the outlines of municipalities from a GeoJSON file, one feature at a time.

The rule it guards: an outline is taken whole or not at all. Rings must close and lie on the globe; digits are kept as written.
A file may be larger than memory allows, so it is never read whole; one damaged feature is reported and the next one read, unless
the damage is to the form of the file itself, after which nothing that follows could be trusted.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from fairwitness.mission.place_rows import PlaceRow, RowFault, Unfit, a_coordinate, the_names

LARGEST_FEATURE = 20_000_000
_CHUNK = 65_536

# property of the file -> what it means to us; "name:<lang>:<form>" for names
DEFAULT_MAPPING: dict[str, str] = {
    "ask_code": "id:ASK", "id": "id:file", "wof:id": "id:WOF", "shapeID": "id:geoBoundaries",
    "name_sq": "name:sq:main", "name_sr": "name:sr:main", "name_sr_cyrl": "name:sr:main", "name_tr": "name:tr:main",
    "name_osce": "name:mul:house", "name": "name:und:main", "shapeName": "name:und:main", "name_en": "name:en:main",
    "name:sq": "name:sq:main", "name:sr": "name:sr:main", "name:sr-Latn": "name:sr:main", "name:en": "name:en:main",
    "district": "parent", "parent": "parent",
}  # fmt: skip


def _not_a_number(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_not_a_number)


class _Window:
    """A moving window on the text of the file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._decode, self.text, self.ended = stream, codecs.getincrementaldecoder("utf-8-sig")(), "", False

    def more(self) -> None:
        """Read at least as much again as is held, so that a long feature is not parsed once per chunk."""
        data = self._stream.read(max(_CHUNK, len(self.text)))
        self.ended = not data
        self.text += self._decode.decode(data, final=self.ended)

    def peek(self) -> str:
        """The next character that is not white space, or an empty text at the end."""
        while True:
            self.text = self.text.lstrip(" \t\r\n")
            if self.text or self.ended:
                return self.text[:1]
            self.more()

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise Unfit("file", f"expected “{expected}” but found “{self.text[:20]}”; the file is not whole GeoJSON from here on.")
        self.text = self.text[1:]

    def value(self) -> Any:
        """The next JSON value; parsed again with twice the text while it is cut off."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self.text)
                if end < len(self.text) or self.ended:
                    self.text = self.text[end:]
                    return found
            except RecursionError:
                raise Unfit("file", "brackets are nested too deeply; this is not a boundary file.") from None
            except ValueError as error:
                if self.ended:
                    raise Unfit("file", f"broken JSON ({str(error).split(':')[0]}); mend or re-export the file.") from None
            if len(self.text) > LARGEST_FEATURE:
                raise Unfit("file", f"broken JSON, or one feature above {LARGEST_FEATURE // 1_000_000} MB; simplify the outline.")
            self.more()


def read_boundaries(path: Path, *, after: int = 0, mapping: Mapping[str, str] | None = None) -> Iterator[PlaceRow | RowFault]:
    """Each feature of `path` after number `after` (features count from 1), or what is wrong with it."""
    number = 0
    with path.open("rb") as stream:
        window = _Window(stream)
        try:
            if not _go_to_features(window):
                raise Unfit("features", "the file has no list of features; export a FeatureCollection.")
            while window.peek() != "]":
                if number:
                    window.take(",")
                feature = window.value()
                number += 1
                if number > after:
                    yield _row(number, feature, DEFAULT_MAPPING if mapping is None else mapping)
            if not number:
                raise Unfit("features", "the list of features is empty; nothing was read.")
        except Unfit as unfit:
            yield RowFault(number + 1, unfit.field, unfit.sentence)
        except UnicodeDecodeError as error:
            yield RowFault(number + 1, "file", f"not UTF-8 (byte 0x{error.object[error.start]:02X}); save the file as UTF-8.")


def _go_to_features(window: _Window) -> bool:
    window.take("{")
    while window.peek() != "}":
        key = window.value()
        window.take(":")
        if key == "features" and window.peek() == "[":
            window.take("[")
            return True
        window.value()
        if window.peek() == ",":
            window.take(",")
    return False


def _row(number: int, feature: Any, mapping: Mapping[str, str]) -> PlaceRow | RowFault:
    try:
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise Unfit("properties", "not a feature with properties; names and codes are read from there.")
        names: list[tuple[str, str, str]] = []
        ids: list[tuple[str, str]] = []
        parent: str | None = None
        for name, meaning in mapping.items():
            held = feature["properties"].get(name)
            if not isinstance(held, str) or not held.strip():
                continue
            role, _, rest = meaning.partition(":")
            if role == "name":
                lang, _, form = rest.partition(":")
                names.append((held, lang, form or "main"))
            elif role == "id":
                ids.append((rest, held.strip()))
            elif role == "parent":
                parent = parent or held.strip()
        if not ids and isinstance(feature.get("id"), str):
            ids.append(("file", feature["id"]))
        if not ids:
            raise Unfit("id", "no property that identifies the place; name it in the mapping as “id:<authority>”.")
        authority, external_id = ids[0]
        boundary = _outline(feature.get("geometry"))
        return PlaceRow(number, external_id, authority, "municipality", the_names(names), None, None, parent, boundary)
    except Unfit as unfit:
        return RowFault(number, unfit.field, unfit.sentence)


def _outline(geometry: Any) -> dict[str, Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise Unfit("geometry", f"“{kind}” is not an outline; Polygon or MultiPolygon is needed.")
    polygons = [geometry.get("coordinates")] if kind == "Polygon" else geometry.get("coordinates")
    if not isinstance(polygons, list) or not polygons:
        raise Unfit("geometry", "the outline has no coordinates.")
    read = [_rings(polygon) for polygon in polygons]
    return {"type": kind, "coordinates": read[0] if kind == "Polygon" else read}


def _rings(polygon: Any) -> list[list[list[str]]]:
    if not isinstance(polygon, list) or not polygon:
        raise Unfit("geometry", "a polygon without rings; draw the outline again.")
    rings = []
    for ring in polygon:
        if not isinstance(ring, list) or len(ring) < 4:
            raise Unfit("geometry", "a ring needs at least four points, the last equal to the first.")
        points = [_point(point) for point in ring]
        if points[0] != points[-1]:
            raise Unfit("geometry", "a ring does not close: repeat its first point at its end.")
        rings.append(points)
    return rings


def _point(point: Any) -> list[str]:
    if not isinstance(point, list) or len(point) < 2 or not all(isinstance(part, str) for part in point[:2]):
        raise Unfit("geometry", "a point is a pair of numbers: longitude, then latitude.")
    return [a_coordinate(point[0], "geometry (longitude)", 180), a_coordinate(point[1], "geometry (latitude)", 90)]
