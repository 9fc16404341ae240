"""Find places by any of their names, in any spelling and script. Names are how a place is found, never what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fairwitness.mission.fold import fold
from fairwitness.mission.models import Place, PlaceName

LEAST = 3


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place and the name that matched; `within` names what it lies in, in both official languages, to tell namesakes apart."""

    place: Place
    matched: str
    within: str


def find(text: str, limit: int = 20, least: int = LEAST) -> list[PlaceHit]:
    """Places one of whose names is this, in any spelling, then those with a name that begins so (three letters, unless told)."""
    key = fold(text)[:400]
    if not key:
        return []
    names = list(PlaceName.objects.filter(key=key).select_related("place__parent").order_by("place_id", "form")[: limit * 6])
    if len(key) >= least:
        names += PlaceName.objects.filter(key__startswith=key).exclude(key=key).select_related("place__parent").order_by("key")[: limit * 6]
    hits: dict[object, PlaceHit] = {}
    for name in names:
        hits.setdefault(name.place_id, PlaceHit(name.place, name.text, ""))
    chosen = list(hits.values())[:limit]
    above = {hit.place.parent_id for hit in chosen if hit.place.parent_id}
    within = _both(above)
    return [PlaceHit(hit.place, hit.matched, within.get(hit.place.parent_id, "")) for hit in chosen]


def below(places: Sequence[UUID]) -> list[UUID] | None:
    """These places and everything that lies in them; None where one of them holds all others, which is everywhere."""
    top = Place.objects.filter(pk__in=places, parent__isnull=True, children__isnull=False)
    if top.exists():
        return None
    found, step = list(dict.fromkeys(places)), list(places)
    seen = set(found)
    while step:
        step = [pk for pk in Place.objects.filter(parent_id__in=step).values_list("id", flat=True) if pk not in seen]
        seen.update(step)
        found += step
    return found


def _both(places: set[UUID]) -> dict[UUID | None, str]:
    """The house's own double name where there is one, else the main names in Albanian and Serbian: never one side alone."""
    house: dict[UUID | None, str] = {}
    main: dict[UUID | None, dict[str, str]] = {}
    for name in PlaceName.objects.filter(place__in=places, form__in=("house", "main"), valid_to__isnull=True).order_by("id"):
        if name.form == "house":
            house.setdefault(name.place_id, name.text)
        else:
            main.setdefault(name.place_id, {}).setdefault(name.language, name.text)
    doubled = {
        place: "/".join(dict.fromkeys(forms[language] for language in ("sq", "sr-Latn") if language in forms) or forms.values())
        for place, forms in main.items()
    }
    return doubled | house
