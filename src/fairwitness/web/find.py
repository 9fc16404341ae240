"""Find: one box for places by any of their names and for things by their words, as far as the reader may see.

Places are found in any spelling. Things come newest first, without a rank that would tell of what others may read. The rule
it guards: three letters at least (fewer would read half the index), and sealed words are found whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path

from fairwitness.mission.fold import fold
from fairwitness.mission.models import Place, PlaceName
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door

LEAST = 3


@door(None)
def find(request: StaffRequest) -> HttpResponse:
    """What the box asks for."""
    words = " ".join(request.GET.get("q", "").split())[:200]
    short = 0 < len(words) < LEAST
    context: dict[str, Any] = {"q": words, "short": short, "least": LEAST}
    if words and not short:
        context |= {"places": places(words)}
    return page(request, "web/find/find.html", context)


def places(words: str, most: int = 20) -> list[dict[str, Any]]:
    """Places one of whose names begins with the words, in any spelling."""
    key = fold(words)
    named = PlaceName.objects.filter(key__startswith=key).order_by("key").values_list("place_id", flat=True)[: most * 6]
    ids = list(dict.fromkeys(named))[:most]
    names = all_names(ids)
    found = {place.id: place for place in Place.objects.filter(id__in=ids)}
    return [{"place": found[one], "names": names[one]} for one in ids if one in found]


def all_names(ids: Iterable[UUID]) -> dict[UUID, list[PlaceName]]:
    """Every name of these places, those in use first."""
    found: dict[UUID, list[PlaceName]] = {}
    for name in PlaceName.objects.filter(place_id__in=list(ids)).order_by("valid_to", "form", "language"):
        found.setdefault(name.place_id, []).append(name)
    return found


urls = [path("find/", find, name="find")]
