"""Read what people type: numbers, places by any of their names, units, words of a vocabulary. Days and times: see `read_time`.

Every room and every form reads through here, so the same slip is answered by the same sentence wherever it is made. The rule
it guards: nothing is guessed. A name of several places is asked for again with the places it may mean, a word nobody knows
comes back with the nearest ones known, and a figure that may be a thousand or a fraction is not taken for either.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from uuid import UUID

from fairwitness.mission.fold import fold
from fairwitness.mission.models import Place, PlaceName, Term, Unit
from fairwitness.mission.name_places import names_of
from fairwitness.mission.read_time import refuse, short

LARGEST = 2_147_483_647
MOST_CHOICES = 8
NEAR = 5
_GROUPED = re.compile("[+]?\\d{1,3}(?:[ '’\u00a0\u2009\u202f]\\d{3})+|[+]?\\d+")
_CODED = re.compile(r"[^()]*\(([\w-]{1,40}:[^()]{1,80})\)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def read_whole(typed: str, field: str = "number", *, least: int = 0, most: int = LARGEST) -> int:
    """The whole number somebody typed: 3, 1 250, 1'250. Raises BadInput with the remedy."""
    text = " ".join(typed.split())
    if _GROUPED.fullmatch(text):
        figures = "".join(letter for letter in text if letter.isdecimal())
        found = int(figures) if len(figures) < 20 else most + 1
        if least <= found <= most:
            return found
        refuse(field, "{typed} is not between {least} and {most}. Check the figure.", typed=short(text), least=least, most=most)
    if _THOUSANDS.fullmatch(text):
        right = re.sub(r"[.,]", "", text)
        refuse(field, "{typed} may be a thousand or a fraction. Write {right} without the point.", typed=text, right=right)
    if text.startswith("-") and text[1:].isdecimal():
        refuse(field, "{typed} is less than nothing. Check the figure.", typed=short(text))
    refuse(field, "“{typed}” is no whole number. Write it in figures, such as 3.", typed=short(text))


def places_called(typed: str) -> list[Place]:
    """The places that bear this name, in any spelling, or this code (ask:18, alone or in brackets); of two names those that bear both."""
    if coded := _CODED.fullmatch(typed.strip()):
        typed = coded[1]
    authority, colon, code = typed.partition(":")
    if colon:
        return list(Place.objects.filter(authority=authority.strip(), code=code.strip()))
    keys = list(filter(None, (fold(part)[:400] for part in typed.split("/"))))
    ids = set.intersection(*(_bearing(key) for key in keys)) if keys else set()
    if len(keys) > 1:
        ids |= _bearing(fold(typed)[:400])
    return list(Place.objects.filter(pk__in=ids, ended__isnull=True).order_by("kind", "code"))


def _bearing(key: str) -> set[UUID]:
    return set(PlaceName.objects.filter(key=key).values_list("place_id", flat=True))


def read_place(typed: str, field: str = "place") -> Place:
    """The one place somebody named. Raises BadInput with the places it may mean, or the nearest names known."""
    found = places_called(typed)
    if len(found) == 1:
        return found[0]
    if not found:
        near = _near_names(typed)
        if near:
            refuse(field, "No place is known as “{typed}”. Did you mean {near}? Any spelling will do.",
                   typed=short(typed), near=", ".join(near))  # fmt: skip
        refuse(field, "No place is known as “{typed}”. Try another of its names, or import it under Places.", typed=short(typed))
    names = names_of(place.id for place in found[:MOST_CHOICES])
    choices = "; ".join(f"{place.authority}:{place.code} ({names.get(place.id, '')}, {place.kind})" for place in found[:MOST_CHOICES])
    refuse(field, "“{typed}” is the name of several places: {choices}. Choose one, or write its code.",
           typed=short(typed), choices=choices)  # fmt: skip


def _near_names(typed: str) -> list[str]:
    key = fold(typed.split("/")[0])[:400]
    known: dict[str, str] = {}
    for length in (3, 2):
        begins = PlaceName.objects.filter(key__startswith=key[:length], place__ended__isnull=True) if len(key) >= length else None
        for found, text in begins.order_by("key").values_list("key", "text")[:2000] if begins is not None else ():
            known.setdefault(found, text)
    return [known[near] for near in get_close_matches(key, list(known), 3, 0.7)]


def read_unit(typed: str, field: str = "unit") -> Unit:
    """The unit of this code or name. Raises BadInput with the nearest ones."""
    units = list(Unit.objects.filter(closed__isnull=True).order_by("code"))
    key = fold(typed)
    found = [unit for unit in units if key and key in (fold(unit.code), fold(unit.name))]
    if len(found) == 1:
        return found[0]
    known = {fold(unit.code): unit.code for unit in units} | {fold(unit.name): unit.code for unit in units}
    shown = _nearest(key, known) or [unit.code for unit in units[:NEAR]]
    refuse(field, "“{typed}” is no unit of this mission. Write a code, such as {near}.", typed=short(typed), near=", ".join(shown))


def read_word(typed: str, field: str, *vocabularies: str) -> str:
    """The code of a word of these lists, found by code, label or alias. A mission that keeps no such list takes any plain code."""
    terms = list(Term.objects.filter(vocabulary__in=vocabularies, ended__isnull=True).order_by("order", "code"))
    if not terms:
        return typed
    key = fold(typed)
    known: dict[str, Term] = {}
    for term in terms:
        for word in (term.code, term.label, *term.labels.values(), *term.aliases):
            known.setdefault(fold(str(word)), term)
    if key in known:
        return str(known[key].code)
    near = _nearest(key, {word: term.label for word, term in known.items()})
    if near:
        refuse(field, "“{typed}” is not a word of this mission's list. The nearest are: {near}. Choose one or ask for a new word.",
               typed=short(typed), near=", ".join(near))  # fmt: skip
    shown = ", ".join(term.label for term in terms[:12]) + (" …" if len(terms) > 12 else "")
    refuse(field, "“{typed}” is not a word of this mission's list ({shown}). Choose one of them or ask for a new word.",
           typed=short(typed), shown=shown)  # fmt: skip


def _nearest(key: str, known: dict[str, str]) -> list[str]:
    """Of these folded words, what stands for those that look like the key; one by one, and the best first."""
    return list(dict.fromkeys(known[word] for word in get_close_matches(key, list(known), NEAR, 0.6)))
