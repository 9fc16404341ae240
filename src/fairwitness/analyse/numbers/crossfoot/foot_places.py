"""Foot places: one place on two bearings, or at two distances, from another; Zolote 60km west, and 60km north-west, of Luhansk.

The rule it guards: a place stands in one spot. Which of two statements is wrong is for a person to say.
"""

from __future__ import annotations

import re

from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity

_NAME = r"[A-ZŠŽČĆĐËÇ][\w'’ë-]+(?: [A-ZŠŽČĆĐËÇ][\w'’ë-]+){0,2}"
_WAY = r"(?:(?:north|south|east|west)(?:[- ]?(?:north|south|east|west)){0,2}|[NSEW]{1,3})(?![a-z])"
_FAR = re.compile(rf"(?<![\d.–-])(?P<far>\d+(?:\.\d+)?)\s?(?:km|kilometres?)\s+(?:to the\s+)?(?P<way>{_WAY})(?:\s+of\s+(?P<of>{_NAME}))?")
_FURTHEST = 30
Seen = dict[tuple[str, str], list[tuple[str, float, str]]]


def note_places(where: str, text: str, seen: Seen) -> None:
    """Note every place of a sentence that is given by distance and bearing from another. A second one without names is the first again."""
    last: tuple[str, str] | None = None
    bare = re.sub(r"[\"“”„]", "", text)
    for found in _FAR.finditer(bare):
        place = _before(bare[: found.start()])
        if found["of"] and place:
            last = (place, found["of"])
        elif found["of"] or last is None:
            continue
        seen.setdefault(last, []).append((where, float(found["far"]), short(found["way"])))


def _before(text: str) -> str:
    """The name that a distance belongs to: the last before the bracket it stands in, or close before it."""
    bracket = text.rfind("(")
    if bracket > text.rfind(")"):
        text = text[:bracket]
    names = [name for name in re.finditer(_NAME, text) if name[0] not in ("The", "In", "Near", "At")]
    if not names or len(text) - names[-1].end() > _FURTHEST or re.search(r"[.;]\s", text[names[-1].end() :]):
        return ""
    return re.sub(r"^(?:In|Near|At|The|From|On|Around|Outside) ", "", names[-1][0])


def short(way: str) -> str:
    """A bearing in letters: north-west is NW."""
    if re.fullmatch(r"[NSEW]{1,3}", way):
        return way
    return "".join(part[0].upper() for part in re.findall("north|south|east|west", way.lower()))


def note_columns(columns: dict[str, list[str]], seen: Seen) -> None:
    """Note the places of a table with columns of place, distance in km, bearing and the place it is from."""
    forms = (r"^place|^location|^settlement|^name", r"distance|\bkm\b", r"bearing|direction", r"^from|^of$|\bof$|reference|relative")
    found = [next((name for name in columns if re.search(form, name, re.I)), None) for form in forms]
    place, far, way, of = found
    if place is None or far is None or way is None or len({*found}) < len(found):
        return
    for row, name in enumerate(columns[place]):
        distance = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:km)?", columns[far][row])
        bearing = short(columns[way][row])
        if name and distance and bearing:
            origin = columns[of][row] if of else "the same place"
            seen.setdefault((name, origin), []).append((f"row {row + 2}, {way}", float(distance[1]), bearing))


def foot_places(seen: Seen) -> list[Identity]:
    """Each place stated more than once: the same each time, or on two bearings or at two distances."""
    made: list[Identity] = []
    for (place, of), stated in seen.items():
        first = stated[0]
        for where, far, way in stated[1:]:
            what = f"{place} is {first[1]:g}km {first[2]} of {of} ({first[0]}) and {far:g}km {way} of {of}"
            holds = (far, way) == first[1:]
            made.append(Identity(where, what, holds, "place", f"{far:g}km {way}", f"{first[1]:g}km {first[2]} ({first[0]})"))
    return made
