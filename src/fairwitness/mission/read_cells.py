"""Read the cells of a list: days however they were written, also as the serial numbers of a spreadsheet, places by any name, words by list.

The rule it guards: the same slip is answered by the same sentence as in a form, nothing is guessed, and a word nobody knows is never
made a new one: it comes back with the nearest words known, for a person to say what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.fold import fold
from fairwitness.mission.match_columns import Read, Reading
from fairwitness.mission.models import Counterpart, ImportedRow, ListProfile, Place, PlaceName, Term
from fairwitness.mission.name_places import names_of
from fairwitness.mission.read_time import read_day, read_moment, refuse, short
from fairwitness.mission.read_typed import places_called, read_place, read_whole, read_word

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MONTH_FIRST = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*[./-]\s*(\d{4})(.*)", re.DOTALL)
_TWO_FIGURES = re.compile(r"\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*\d{2}")
YES, NO = {"yes", "po", "da", "evet", "true", "1", "x", "✓"}, {"no", "jo", "ne", "hayir", "false", "0", ""}
NEAR = 5
Choices = list[tuple[str, str]]


def text(most: int) -> Read:
    """Words of at most so many characters."""

    def read(cell: str, _with: Reading) -> str:
        if len(cell) > most:
            refuse("", "is {many} characters long; {most} is the most. Shorten it, or match the column with the longer text.",
                   many=len(cell), most=most)  # fmt: skip
        if "\x00" in cell or not _whole_letters(cell):
            refuse("", "holds a NUL or half a character; the file is damaged here. Mend it, or save the list again.")
        return cell

    return read


def _whole_letters(cell: str) -> bool:
    try:
        return cell.isascii() or bool(cell.encode("utf-8"))
    except UnicodeEncodeError:
        return False


def day(cell: str, reading: Reading) -> date:
    """A day, as typed or as the serial number of a spreadsheet."""
    if (found := _serial(cell, reading)) is not None:
        return found.date()
    typed = _day_first(cell, reading)
    if len(typed) > 10 and typed[10] in " T" and typed[4:5] == "-":
        typed = typed[:10]
    return read_day(typed, "")


def moment(cell: str, reading: Reading) -> tuple[datetime, bool]:
    """A moment in the zone of the mission, and whether a time of day was written."""
    if (found := _serial(cell, reading)) is not None:
        timed = found.time() != time()
        typed = found.isoformat(" ", "minutes") if timed else found.date().isoformat()
    else:
        typed = _day_first(cell, reading)
        timed = ":" in typed
    if timed:
        return read_moment(typed, reading.zone, ""), True
    return read_moment(f"{read_day(typed, '').isoformat()}, 12:00", reading.zone, ""), False


def _serial(cell: str, reading: Reading) -> datetime | None:
    """Days since the beginning of 1900 (or 1904), as spreadsheets count them; only figures that mean a day of 1927 to 2173."""
    if not _SERIAL.fullmatch(cell) or not 10_000 <= float(cell) < 100_000:
        return None
    begin = date(1904, 1, 1) if reading.from_1904 else date(1899, 12, 30)
    return datetime.combine(begin, time()) + timedelta(seconds=round(float(cell) * 86_400))


def _day_first(cell: str, reading: Reading) -> str:
    if _TWO_FIGURES.fullmatch(cell):
        refuse("", "“{typed}” does not say which century. Write all four figures of the year.", typed=short(cell))
    found = _MONTH_FIRST.fullmatch(cell) if reading.day_order == ListProfile.MDY else None
    if found is None:
        return cell
    if int(found[1]) > 12:
        refuse("", "“{typed}” has no such month. The list was said to put the month first; say how it writes days.", typed=short(cell))
    return f"{found[3]}{found[2]}{found[1]}{found[2]}{found[4]}{found[5]}"


def whole(cell: str, _with: Reading) -> int:
    """A whole number."""
    return read_whole(cell, "")


def flag(cell: str, _with: Reading) -> bool:
    """Yes or no."""
    said = fold(cell) or cell
    if said in YES or said in NO:
        return said in YES
    refuse("", "“{typed}” is neither yes nor no.", typed=short(cell))


def words(*vocabularies: str) -> dict[str, Any]:
    """What a column of words needs: how they are read, and what can be meant."""

    def choices() -> Choices:
        terms = Term.objects.filter(vocabulary__in=vocabularies, ended__isnull=True).order_by("order", "code")
        return [(term.code, term.label) for term in terms]

    def near(cell: str) -> Choices:
        return _near(cell, choices())

    return {"read": lambda cell, _with: read_word(cell, "", *vocabularies), "pick": str, "choices": choices, "near": near}


def one_of(known: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What a column of a few fixed words needs."""
    by_word = {fold(one): code for code, label in known for one in (code, label)}

    def read(cell: str, _with: Reading) -> str:
        if fold(cell) not in by_word:
            shown = ", ".join(label for _, label in known if label)
            refuse("", "“{typed}” is not among: {shown}.", typed=short(cell), shown=shown)
        return by_word[fold(cell)]

    return {"read": read, "pick": str, "choices": lambda: list(known), "near": lambda cell: _near(cell, list(known))}


def _near(cell: str, known: Choices) -> Choices:
    by_word = {fold(one): (code, label) for code, label in known for one in (code, label)}
    return list(dict.fromkeys(by_word[key] for key in get_close_matches(fold(cell), list(by_word), NEAR, 0.5)))


def places() -> dict[str, Any]:
    """What a column of places needs: found by any name, asked for when a name is that of several."""
    return {"read": lambda cell, _with: read_place(cell, ""), "pick": _picked_place, "choices": list, "near": _near_places}


def _picked_place(said: str) -> Place:
    authority, _, code = said.partition(":")
    found = Place.objects.filter(authority=authority, code=code).first() if code else None
    return found or read_place(said, "")


def _near_places(cell: str) -> Choices:
    found = places_called(cell)[:8]
    if not found:
        key = fold(cell.split("/")[0])[:400]
        begins = PlaceName.objects.filter(key__startswith=key[:2], place__ended__isnull=True) if len(key) > 1 else PlaceName.objects.none()
        known = {name.key: name.place for name in begins.select_related("place").order_by("key")[:3000]}
        found = list({known[one].pk: known[one] for one in get_close_matches(key, list(known), NEAR, 0.6)}.values())
    named = names_of(one.id for one in found)
    return [(f"{one.authority}:{one.code}", f"{named.get(one.id, one.code)} ({one.kind})") for one in found if one.code]


def institutions() -> dict[str, Any]:
    """What a column of institutions needs: found by code or name, never made by the way."""
    return {"read": _institution, "pick": _picked_institution, "choices": list, "near": _near_institutions}


def _standing() -> Any:
    return Counterpart.objects.exclude(pk__in=ImportedRow.objects.filter(undone=True).values("thing"))


def _institution(cell: str, _with: Reading) -> Counterpart:
    found: list[Counterpart] = list(_standing().filter(code__iexact=cell)[:1]) or list(_standing().filter(key=fold(cell)[:400])[:3])
    standing = [one for one in found if one.ended is None] or found
    if len(standing) == 1:
        return standing[0]
    if standing:
        codes = ", ".join(one.code for one in standing)
        refuse("", "“{typed}” is the name of several institutions ({codes}). Write the code.", typed=short(cell), codes=codes)
    refuse("", "No institution is known as “{typed}”. Add it under Institutions and partners first, or say which is meant.",
           typed=short(cell))  # fmt: skip


def _picked_institution(said: str) -> Counterpart:
    found = Counterpart.objects.filter(code=said).first()
    if found is None:
        raise BadInput.of(Fault("", say("There is no institution with the code {code}.", code=said[:80])))
    return found


def _near_institutions(cell: str) -> Choices:
    known = {one.key: one for one in _standing().filter(key__startswith=fold(cell)[:1]).order_by("name")[:5000]}
    return [(known[key].code, known[key].name) for key in get_close_matches(fold(cell)[:400], list(known), NEAR, 0.5)]
