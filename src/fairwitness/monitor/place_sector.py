"""Place a sector: how far and in which directions an observer perceived something, as she said it.

“2-6km south-east, south and west-south-west” is three sectors, each with a near and a far edge; it is never a pin.
Pure: no database. The rule it guards: what was not known stays unknown and is not filled in.
"""

from __future__ import annotations

import re
from typing import Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.monitor.read_spoken import in_english

WINDS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
HALF_WIND = 11.25
COMPASS_READING = 5
"""A single reading of a compass, such as 180°, is taken as five degrees to either side."""
FARTHEST = 500_000
_NAMES = {"north": "N", "east": "E", "south": "S", "west": "W"}
_UNKNOWN = re.compile(
    r"(?:an? )?(?:unknown|undetermined|not known|n/k)(?: (?:distance|direction|range|bearings?))?(?: and (?:distance|direction))?"
)
_VAGUE = re.compile(r"^(?:about|approximately|approx\.?|around|circa|ca\.?|an? (?:assessed )?range of|assessed range of|assessed|~)\s*")
_FAR = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(km|kilometres?|m|metres?)?")


def parse_bearings(text: Any, field: str = "bearings") -> list[str]:
    """Directions as a list: winds ("SE") or degrees clockwise ("170-215"). Nothing or “unknown” is an empty list."""
    said = _clean(text, field).replace("°", "").replace("degrees", "")
    said = re.sub(r"\b(?:to the|of|in|from the|direction[s]?|bearing[s]?)\b", " ", said).strip()
    if not said or _UNKNOWN.fullmatch(_clean(text, field)) or said in ("unknown", "vertical flight"):
        return []
    found: list[str] = []
    for part in re.split(r"\s*(?:,|;|&|\band\b|\bor\b)\s*", said):
        if part and (bearing := _bearing(part, field)) not in found:
            found.append(bearing)
    if len(found) > 16:
        raise _cannot(field, "names more than sixteen directions; if it was all around, leave it empty and say so in words")
    return found


def _bearing(part: str, field: str) -> str:
    wind = _wind(part)
    if wind:
        return wind
    edges = re.fullmatch(r"(.+?)\s*(?:-|–|—|\bto\b)\s*(.+)", part)
    if edges:
        winds = [_wind(edge) for edge in edges.groups()]
        if winds[0] and winds[1]:
            low, high = (WINDS.index(one) * 2 * HALF_WIND for one in winds if one)
            return f"{_figure((low - HALF_WIND) % 360)}-{_figure((high + HALF_WIND) % 360)}"
        degrees = [_degrees(edge, field) for edge in edges.groups()]
        return f"{_figure(degrees[0])}-{_figure(degrees[1])}"
    middle = _degrees(part, field)
    return f"{_figure((middle - COMPASS_READING) % 360)}-{_figure((middle + COMPASS_READING) % 360)}"


def _wind(part: str) -> str | None:
    short = part.strip().upper()
    if short in WINDS:
        return short
    letters = "".join(_NAMES.get(word, "?") for word in re.findall("north|south|east|west|[a-z]+", part.strip().lower()))
    return letters if letters in WINDS else None


def _degrees(text: str, field: str) -> float:
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,2})?", text.strip()) or not 0 <= float(text) <= 360:
        shown = "".join(letter if letter.isprintable() else "?" for letter in text.strip()[:30])
        raise _cannot(field, say(
            "“{shown}” is no direction; give one of the 16 winds (SSW, south-south-west) or degrees (170-215)",
            shown=shown,
        ))
    return float(text)


def _figure(degrees: float) -> str:
    return f"{degrees:.2f}".rstrip("0").rstrip(".")


def parse_range(text: Any, field: str = "range") -> tuple[int | None, int | None]:
    """Near and far edge in metres; None where it was not said. “2-6km”, “430 m”, “up to 2 km”, “over 4 km”, “unknown distance”."""
    said = _clean(text, field)
    if not said or _UNKNOWN.fullmatch(said):
        return None, None
    open_end = re.match(r"(?:over|more than|at least|beyond|[>≥]=?)\s*", said)
    up_to = re.match(r"(?:up to|within|less than|at most|[<≤]=?)\s*", said)
    said = said[(open_end or up_to).end() :] if (open_end or up_to) else said  # type: ignore[union-attr]
    said = _VAGUE.sub("", said)
    parts = re.split(r"\s*(?:-|–|—|\bto\b)\s*", said)
    if len(parts) > 2:
        raise _far_fault(text, field)
    last = _FAR.fullmatch(parts[-1])
    if last is None or last[2] is None:
        raise _far_fault(text, field)
    metres = [_metres(part, last[2], text, field) for part in parts]
    if len(metres) == 2:
        if open_end or up_to:
            raise _far_fault(text, field)
        if metres[1] < metres[0]:
            raise _cannot(field, "its near edge lies beyond its far edge; swap them, or check the units")
        return metres[0], metres[1]
    if open_end:
        return metres[0], None
    return (None if up_to else metres[0]), metres[0]


def _metres(part: str, unit: str, text: str, field: str) -> int:
    found = _FAR.fullmatch(_VAGUE.sub("", part))
    if found is None:
        raise _far_fault(text, field)
    kilometres = (found[2] or unit).startswith("k")
    metres = round(float(found[1].replace(",", ".")) * (1000 if kilometres else 1))
    if metres > FARTHEST:
        raise _cannot(field, say("is farther than {farthest} km; nobody perceives that far, check the unit", farthest=FARTHEST // 1000))
    return metres


def _far_fault(text: str, field: str) -> BadInput:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:40])
    return _cannot(field, say(
        "“{shown}” is no distance; write it with its unit, such as 430 m, 2-6 km, up to 2 km or unknown",
        shown=shown,
    ))


def _clean(text: Any, field: str) -> str:
    if not isinstance(text, str) or len(text) > 200:
        raise _cannot(field, "has to be a short phrase, such as 2-6 km or SE, S and WSW")
    return in_english(" ".join(text.split())).casefold()


def _cannot(field: str, sentence: str) -> BadInput:
    return BadInput.of(Fault(field, sentence))


def parse_sector(text: Any, field: str = "sector") -> tuple[tuple[int | None, int | None], list[str]]:
    """Range and bearings out of one phrase: “2-6km SE, S and WSW”, “430m SSW”, “unknown distance and direction”."""
    said = _clean(text, field)
    if not said or _UNKNOWN.fullmatch(said):
        return (None, None), []
    found = re.search(r"^(.*?\d\s*(?:kilometres?|km|metres?|m))\b(?![^0-9]*\d\s*(?:km|m)\b)\s*(.*)$", said)
    if not found:
        return (None, None), parse_bearings(said, field)
    return parse_range(found[1], field), parse_bearings(found[2], field)
