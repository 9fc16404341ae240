"""Find places by any of their names, in any spelling and script. Names are how a place is found, never what it is."""

from __future__ import annotations

from dataclasses import dataclass

from fairwitness.mission.fold import fold
from fairwitness.mission.models import Place, PlaceName

LEAST = 3


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place and the name that matched; `within` is the main name of what it lies in, to tell namesakes apart."""

    place: Place
    matched: str
    within: str


def find(text: str, limit: int = 20) -> list[PlaceHit]:
    """Places one of whose names is this, in any spelling, then those with a name that begins so (three letters at least)."""
    key = fold(text)[:400]
    if not key:
        return []
    names = list(PlaceName.objects.filter(key=key).select_related("place__parent").order_by("place_id", "form")[: limit * 6])
    if len(key) >= LEAST:
        names += PlaceName.objects.filter(key__startswith=key).exclude(key=key).select_related("place__parent").order_by("key")[: limit * 6]
    hits: dict[object, PlaceHit] = {}
    for name in names:
        hits.setdefault(name.place_id, PlaceHit(name.place, name.text, ""))
    chosen = list(hits.values())[:limit]
    above = {hit.place.parent_id for hit in chosen if hit.place.parent_id}
    main = dict(PlaceName.objects.filter(place__in=above, form="main", language="sq").values_list("place_id", "text"))
    return [PlaceHit(hit.place, hit.matched, main.get(hit.place.parent_id, "") if hit.place.parent_id else "") for hit in chosen]
