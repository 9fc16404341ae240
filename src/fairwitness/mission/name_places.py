"""Name places: by the house style of whoever reads, at a date, in all the forms that style asks for.

A text names the place, not a string somebody typed, so the same place stands under the names its reader expects, in their
order. Where the house has a form of its own for several languages at once (Pejë/Peć, Mamuşa/Mamushë/Mamuša), that form is
printed as it stands; where it has none, the form is made by the style's order. The rule it guards: a reprint of an old text
keeps the style and the names of its day, and staff pages print one side of no name, whichever language they are read in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from fairwitness.mission.models import HouseStyle, Place, PlaceName
from fairwitness.mission.tell_time import today
from fairwitness.record.remember import recall

HOUSE = "OSCE"
"""The audience of the mission's own organisation: its style holds where a reader has none."""
REMEMBERED = 20_000
"""Names of places a process remembers for one audience and day."""
SEVERAL = "mul"
"""The language of a form that holds the names of several languages at once."""


def place_of(key: str) -> Place | None:
    """The place of an id, or of `authority:code` as in `ask:18`."""
    try:
        return Place.objects.filter(pk=UUID(key)).first()
    except ValueError:
        authority, _, code = key.partition(":")
        return Place.objects.filter(authority=authority, code=code).first() if code else None


def style_for(audience: str, on: date, language: str = "") -> HouseStyle | None:
    """The house style of an audience on a day, for readers of a language where it has one; else the mission's own.

    A style for one language is kept under the audience and the language, as `public-sq`.
    """
    def read() -> list[HouseStyle]:
        return list(HouseStyle.objects.filter(_in_force(on)).order_by("-valid_from", "code"))

    styles = recall(("mission.name_places.styles", on), (HouseStyle,), read)
    for wanted in (f"{audience}-{language}", audience, HOUSE):
        meant = [style for style in styles if style.audience.casefold() == wanted.casefold()]
        if meant:
            return meant[0]
    return None


def names_of(places: Iterable[UUID], audience: str = HOUSE, on: date | None = None, language: str = "") -> dict[UUID, str]:
    """The names of these places as this audience reads them on this day (today, where none is given). Places unknown are left out."""
    wanted, day = set(places), on or today()
    if not wanted:
        return {}
    known: dict[UUID, str] = recall(("mission.name_places.names", audience, day, language), (Place, PlaceName, HouseStyle), dict)
    names = {pk: name for pk in wanted if (name := known.get(pk)) is not None}
    fresh = _names_of(wanted - names.keys(), audience, day, language)
    if len(known) > REMEMBERED:
        known.clear()
    known.update(fresh)
    return names | fresh


def _names_of(wanted: set[UUID], audience: str, day: date, language: str) -> dict[UUID, str]:
    if not wanted:
        return {}
    style = style_for(audience, day, language)
    rule: dict[str, Any] = style.rule if style else {}
    names: dict[UUID, list[PlaceName]] = {}
    met: dict[UUID, Place] = {}
    for name in PlaceName.objects.filter(_in_force(day), place_id__in=wanted).select_related("place").order_by("language", "text"):
        names.setdefault(name.place_id, []).append(name)
        met[name.place_id] = name.place
    if nameless := wanted - set(met):
        met |= Place.objects.in_bulk(nameless)
    return {place.id: _name(place, names.get(place.id, []), rule) for place in met.values()}


def name_of(place: Place, audience: str = HOUSE, on: date | None = None, language: str = "") -> str:
    """The name of one place."""
    return names_of([place.pk], audience, on, language)[place.pk]


def _in_force(on: date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def _name(place: Place, names: list[PlaceName], rule: dict[str, Any]) -> str:
    whole = _whole(names, rule)
    if whole is not None:
        return _marks(whole.text, rule)
    order = list(rule.get("order", []))
    for exception in rule.get("exceptions", []):
        if f"{place.authority}:{place.code}" in exception.get("places", []):
            order = list(exception["order"])
    forms = [_marks(best.text, rule) for language in order if (best := _best(names, language, rule)) is not None]
    if rule.get("once_when_equal", True):
        forms = list(dict.fromkeys(forms))
    return str(rule.get("separator", "/")).join(forms) or next(_any(names), f"{place.authority}:{place.code}")


def _any(names: list[PlaceName]) -> Iterator[str]:
    """Where no style says how: a main form, in the order of the languages' codes."""
    return (name.text for name in sorted(names, key=lambda name: name.form not in ("house", "main")))


def _whole(names: list[PlaceName], rule: dict[str, Any]) -> PlaceName | None:
    """The form for several languages at once which the style prefers: its own authority's first, then the mission's own."""
    meant = [name for name in names if name.language == SEVERAL and name.form == rule.get("prefer_form", "")]
    return min(meant, key=lambda name: name.authority != rule.get("prefer_authority", ""), default=None)


def _best(names: list[PlaceName], language: str, rule: dict[str, Any]) -> PlaceName | None:
    """The name in a language: the form and authority the style prefers first, then a main form, then the first known."""
    ranked = sorted(
        (name for name in names if name.language == language),
        key=lambda name: (
            name.form != rule.get("prefer_form", ""),
            name.authority != rule.get("prefer_authority", ""),
            name.form not in ("main", "house"),
        ),
    )
    return ranked[0] if ranked else None


def _marks(text: str, rule: dict[str, Any]) -> str:
    if rule.get("marks", True):
        return text
    plain = text.replace("đ", "dj").replace("Đ", "Dj")
    return "".join(letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter))
