"""Name places in a report: by the house style of its audience at its date, in all the forms that style asks for.

The rule guarded here: a report names the place, not a string somebody typed, so that the same place stands
under the names its reader expects, in their order, and a reprint of an old text keeps the old style.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from fairwitness.mission.models import HouseStyle, Place, PlaceName


def place_of(key: str) -> Place | None:
    """The place of an id, or of `authority:code` as in `ask:18`."""
    try:
        return Place.objects.filter(pk=UUID(key)).first()
    except ValueError:
        authority, _, code = key.partition(":")
        return Place.objects.filter(authority=authority, code=code).first() if code else None


def style_for(audience: str, on: date) -> HouseStyle | None:
    """The house style of an audience on a day; the newest one of the mission's own organisation when it has none."""
    in_force = (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    styles = list(HouseStyle.objects.filter(in_force).order_by("-valid_from", "code"))
    meant = [style for style in styles if style.audience.casefold() == audience.casefold()]
    ours = [style for style in styles if style.audience.casefold() == "osce"]
    return next(iter(meant or ours), None)


def names_of(places: Iterable[UUID], audience: str, on: date) -> dict[UUID, str]:
    """The names of these places as this audience reads them on this day."""
    wanted = set(places)
    style = style_for(audience, on)
    rule: dict[str, Any] = style.rule if style else {}
    names: dict[UUID, list[PlaceName]] = {}
    in_force = (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    met: dict[UUID, Place] = {}
    for name in PlaceName.objects.filter(in_force, place_id__in=wanted).select_related("place").order_by("id"):
        names.setdefault(name.place_id, []).append(name)
        met[name.place_id] = name.place
    if nameless := wanted - set(met):
        met |= Place.objects.in_bulk(nameless)
    return {place.id: _name(place, names.get(place.id, []), rule) for place in met.values()}


def _name(place: Place, names: list[PlaceName], rule: dict[str, Any]) -> str:
    order = list(rule.get("order", []))
    for exception in rule.get("exceptions", []):
        if f"{place.authority}:{place.code}" in exception.get("places", []):
            order = list(exception["order"])
    forms = [_marks(best.text, rule) for language in order if (best := _best(names, language, rule)) is not None]
    if rule.get("once_when_equal", True):
        forms = list(dict.fromkeys(forms))
    return str(rule.get("separator", "/")).join(forms) or (names[0].text if names else f"{place.authority}:{place.code}")


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
