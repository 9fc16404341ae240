"""Lift places to the municipality they lie in, so that a village's facts stand in its municipality's row.

The rule it guards: the table is by municipality, the fact stays where it was; a place above the municipalities (the
whole area, a region) is lifted nowhere and keeps a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from fairwitness.mission.models import Place

MUNICIPALITY = "municipality"


def municipality_of(places: Iterable[UUID]) -> dict[UUID, UUID]:
    """For each place, the municipality it lies in; itself where there is none above it."""
    start = set(places)
    parents: dict[UUID, tuple[UUID | None, str]] = {}
    todo = set(start)
    while todo:
        for key, parent, kind in Place.objects.filter(pk__in=todo).values_list("id", "parent_id", "kind"):
            parents[key] = (parent, kind)
        above = {parent for parent, kind in (parents[key] for key in todo if key in parents) if parent and kind != MUNICIPALITY}
        todo = above - parents.keys()
    return {place: _climb(place, parents) for place in start}


def _climb(place: UUID, parents: dict[UUID, tuple[UUID | None, str]]) -> UUID:
    at: UUID | None = place
    steps = 0
    while at in parents and steps < len(parents) + 1:
        parent, kind = parents[at]
        if kind == MUNICIPALITY:
            return at
        at, steps = parent, steps + 1
    return place


def municipalities() -> list[Place]:
    """All municipalities, ended ones too: earlier rounds had fewer or other ones."""
    return list(Place.objects.filter(kind=MUNICIPALITY).order_by("code", "id"))
