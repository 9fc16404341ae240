"""Read what the camera wrote into a picture: when, with what; and, kept apart, where, by whom, with which machine.

The first may be told to whoever may open the picture. The second points at a person or a doorstep and is opened by those alone who
have that right, each opening on record. The rule it guards: every value is a short text of ours, and nothing is believed: a
clock may be wrong and a place may have been typed in.
"""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from PIL import Image

LONGEST = 200
_EXIF, _GPS = 0x8769, 0x8825
_NAMES = {"artist": 0x013B, "copyright": 0x8298, "description": 0x010E}
_NAMES_EXIF = {"owner": 0xA430, "serial": 0xA431, "lens serial": 0xA435, "unique id": 0xA420}
_TIMES = ((0x9003, 0x9011), (0x9004, 0x9012))
_CHANGED = 0x0132


def read_camera(image: Image.Image) -> tuple[dict[str, str], dict[str, str]]:
    """(facts, whereabouts), both short texts by short names."""
    exif = image.getexif()
    more, place = exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
    made = (_text(exif.get(0x010F)), _text(exif.get(0x0110)))
    facts = {"camera": " ".join(part for part in made if part), "software": _text(exif.get(0x0131))}
    facts |= _taken(more, exif.get(_CHANGED))
    where = {name: _text(exif.get(tag)) for name, tag in _NAMES.items()}
    where |= {name: _text(more.get(tag)) for name, tag in _NAMES_EXIF.items()}
    where |= _position(place)
    if image.info.get("xmp") or image.info.get("XML:com.adobe.xmp"):
        facts["also"] = "XMP"
    return {name: said for name, said in facts.items() if said}, {name: said for name, said in where.items() if said}


def _text(value: Any) -> str:
    """A short text that can be printed; empty for anything else."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return " ".join("".join(letter for letter in value if letter.isprintable() and letter != "\ufffd").split())[:LONGEST]


def _taken(more: Any, changed: Any) -> dict[str, str]:
    for moment, offset in _TIMES:
        found = _clock(more.get(moment))
        if found:
            return {"taken": found, "offset": _offset(more.get(offset))}
    found = _clock(changed)
    return {"saved": found} if found else {}


def _clock(value: Any) -> str:
    """A camera's clock has no zone; it is kept as it was shown."""
    try:
        return datetime.strptime(_text(value), "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return ""


def _offset(value: Any) -> str:
    try:
        datetime.strptime(_text(value), "%z")
    except ValueError:
        return ""
    return _text(value)


def _position(place: Any) -> dict[str, str]:
    north, east = _degrees(place.get(2), place.get(1), "S"), _degrees(place.get(4), place.get(3), "W")
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return {}
    found = {"latitude": f"{float(north):.6f}", "longitude": f"{float(east):.6f}"}
    height, way = _number(place.get(6)), _number(place.get(17))
    if height is not None and abs(height) < 100_000:
        found["altitude"] = f"{float(height):.0f} m"
    if way is not None and 0 <= way <= 360:
        found["direction"] = f"{float(way):.0f}°"
    return found


def _degrees(parts: Any, side: Any, negative: str) -> Fraction | None:
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:
        return None
    values = [_number(part) for part in parts]
    if any(value is None for value in values):
        return None
    total = sum((value / 60**step for step, value in enumerate(values) if value is not None), Fraction(0))
    return -total if _text(side).upper().startswith(negative) else total


def _number(value: Any) -> Fraction | None:
    """A number as the camera wrote it, or nothing where it divides by zero or is none."""
    try:
        top, bottom = int(value.numerator), int(value.denominator)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return None
    return Fraction(top, bottom) if bottom else None
