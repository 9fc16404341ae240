"""Narrow a list to a place or an institution: `?place=ask:18`, `?institution=mun-18`, the same on every list that can be narrowed so.

A place means itself and everything that lies in it. The rule it guards: a list says above its lines what it was narrowed to and
how to see all of it, so that a part never passes for the whole.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from fairwitness.errors import NotThere
from fairwitness.mission.find_places import below
from fairwitness.mission.models import Counterpart, Place
from fairwitness.mission.name_places import name_of, place_of

Ids = Collection[UUID] | None
"""The ids of a place and everything in it; None is everywhere."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list was narrowed to. `words` names it, `href` is its own page, `whole` the list without it; all empty when it was not."""

    place: Place | None = None
    institution: Counterpart | None = None
    ids: Ids = None
    words: str = ""
    href: str = ""
    whole: str = ""

    def __bool__(self) -> bool:
        """Whether the list was narrowed at all."""
        return bool(self.words)

    def apply(self, things: Any, *places: str, institutions: tuple[str, ...] = ()) -> Any:
        """The things there, or of this institution; `places` and `institutions` are the paths that lead to one."""
        if self.place is not None:
            return things.filter(there(self.ids, *places))
        if self.institution is not None:
            return things.filter(there([self.institution.id], *institutions)) if institutions else things.none()
        return things

    @property
    def tail(self) -> str:
        """What carries it on to the next page of the list."""
        if self.place is not None:
            return "&" + urlencode({"place": key_of(self.place)})
        return "&" + urlencode({"institution": self.institution.code}) if self.institution is not None else ""


def narrowed(request: HttpRequest) -> Narrowed:
    """What the address narrows its list to. A place or an institution that is not known is not there."""
    place, institution = request.GET.get("place", "")[:120], request.GET.get("institution", "")[:120]
    if not place and not institution:
        return Narrowed()
    rest = request.GET.copy()
    for name in ("place", "institution", "page"):
        rest.pop(name, None)
    whole = f"{request.path}?{rest.urlencode()}" if rest else request.path
    if place:
        found = place_of(place)
        if found is None:
            raise NotThere()
        return Narrowed(found, None, below([found.id]), name_of(found), address_of_place(found), whole)
    body = Counterpart.objects.filter(code=institution).first()
    if body is None:
        raise NotThere()
    return Narrowed(None, body, None, body.name, address_of_institution(body), whole)


def there(ids: Ids, *paths: str) -> Q:
    """That one of these paths leads to one of these ids; everything where they are everywhere."""
    found = Q()
    if ids is not None:
        for path in paths:
            found |= Q(**{f"{path}__in": list(ids)})
    return found


def key_of(place: Place) -> str:
    """How an address names a place: by the code of its authority where it has one, as in `ask:18`; else by its id."""
    known = f"{place.authority}:{place.code}" if place.authority and place.code else ""
    return known if known and "/" not in known and len(known) <= 120 else str(place.id)


def address_of_place(place: Place) -> str:
    """The page of a place."""
    return reverse("web:place_page", args=[key_of(place)])


def address_of_institution(body: Counterpart) -> str:
    """The page of an institution."""
    return reverse("web:institution", args=[body.code if "/" not in body.code else str(body.id)])
