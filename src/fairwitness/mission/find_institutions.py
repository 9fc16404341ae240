"""Find institutions by any words of their name, by their code, or by any name of the place they stand in, in any spelling.

Nobody has to scroll a list of hundreds, and nobody has to know a code. The rule it guards: nothing is guessed. A name several
institutions bear is asked for again with their codes, and a name nobody knows comes back with the nearest ones known.
"""

from __future__ import annotations

from difflib import get_close_matches
from uuid import UUID

from django.db.models import Q

from fairwitness.mission.fold import fold
from fairwitness.mission.models import Counterpart, PlaceName
from fairwitness.mission.read_time import refuse, short

MOST_CHOICES = 8
NEAR = 3


def find_institutions(text: str, limit: int = 20) -> list[Counterpart]:
    """Institutions that stand today, each word of whose description begins a word of their name, or a name of their place; best first."""
    said = fold(text)[:200].split()[:8]
    if not said:
        return []
    wanted = Q()
    for word in said:
        places = PlaceName.objects.filter(Q(key__startswith=word) | Q(key__contains=f" {word}"), place__ended__isnull=True)
        wanted &= Q(key__startswith=word) | Q(key__contains=f" {word}") | Q(code__iexact=text.strip()) | Q(place__in=places.values("place"))
    found = Counterpart.objects.filter(wanted, ended__isnull=True).select_related("place").order_by("key", "code")[: limit * 8]
    key = fold(text)
    return sorted(found, key=lambda one: (not one.key.startswith(key), not all(word in one.key for word in said), one.key))[:limit]


def institutions_called(typed: str) -> list[Counterpart]:
    """The institutions that stand today and bear this name in any spelling, or this code."""
    key = fold(typed)[:400]
    if not key:
        return []
    return list(Counterpart.objects.filter(Q(key=key) | Q(code__iexact=typed.strip()), ended__isnull=True).order_by("code"))


def typed_as(one: Counterpart) -> str:
    """How an institution is typed so that it alone is meant: its name, or its code where others bear the name."""
    return one.name if len(institutions_called(one.name)) == 1 else one.code


def read_institution(typed: str, field: str = "institution") -> Counterpart:
    """The one institution somebody named by name, code or id. Raises BadInput with those it may mean, or the nearest known."""
    by_id = _by_id(typed)
    found = [by_id] if by_id is not None else institutions_called(typed)
    if len(found) == 1:
        return found[0]
    if found:
        choices = "; ".join(f"{one.code} ({one.name}, {one.kind})" for one in found[:MOST_CHOICES])
        refuse(field, "“{typed}” is the name of several institutions: {choices}. Write the code of the one you mean.",
               typed=short(typed), choices=choices)  # fmt: skip
    near = [one.name for one in find_institutions(typed, NEAR)] or _near(typed)
    if near:
        refuse(field, "No institution is known as “{typed}”. Did you mean {near}?", typed=short(typed), near="; ".join(near))
    refuse(field, "No institution is known as “{typed}”. Write a word of its name, or of the place it stands in.", typed=short(typed))


def _by_id(typed: str) -> Counterpart | None:
    try:
        return Counterpart.objects.filter(pk=UUID(typed.strip())).first()
    except ValueError:
        return None


def _near(typed: str) -> list[str]:
    known = dict(Counterpart.objects.filter(ended__isnull=True).order_by("key").values_list("key", "name")[:2000])
    return [known[key] for key in get_close_matches(fold(typed), list(known), NEAR, 0.6)]
