"""Import places: a dump or a layer of outlines, row by row, into places with all their names.

A place is met again by authority and code, never by the string of a name. Running the same file again changes nothing;
an import that was interrupted goes on where it stopped, because every unit of work is whole and is met again. A row
that cannot be taken is named with its field and remedy and costs itself alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from fairwitness.mission.access import require
from fairwitness.mission.fold import normalise_name
from fairwitness.mission.models import Place, PlaceName
from fairwitness.mission.place_rows import PlaceRow, RowFault
from fairwitness.mission.read_places import read_places
from fairwitness.record.hand import Hand
from fairwitness.record.keep import keep_many, writing
from fairwitness.record.ledger.canonical import canonical
from fairwitness.record.verbs import Verb

LONGEST_NAME = 300
LONGEST = {"id": 80, "authority": 40, "kind": 24, "lat": 24, "lon": 24}
LONGEST_LANGUAGE = 16


@dataclass
class Imported:
    """What an import did. `warnings` say where a name was normalised; `faults` name rows that were passed over."""

    read: int = 0
    kept: int = 0
    changed: int = 0
    same: int = 0
    faults: list[RowFault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def import_places(
    path: Path, *, by: Hand, progress: Callable[[int], None] | None = None, mapping: Mapping[str, str] | None = None,
    commit_every: int = 500,
) -> Imported:  # fmt: skip
    """Import a file. Raises PlacesUnreadable when it is none of the known forms; rows never raise."""
    require(by, Verb.PLACE_IMPORT)
    done = Imported()
    rows = iter(read_places(path, mapping=dict(mapping) if mapping else None))
    while chunk := list(islice(rows, commit_every)):
        judged = [row if isinstance(row, RowFault) else _unfit(row) or row for row in chunk]
        done.faults += [row for row in judged if isinstance(row, RowFault)]
        _take([row for row in judged if isinstance(row, PlaceRow)], by, done)
        done.read += len(chunk)
        if progress is not None:
            progress(done.read)
    return done


def _unfit(row: PlaceRow) -> RowFault | None:
    """What keeps a row from being kept, found before the unit of work, so that a bad row costs itself alone."""
    for column, text in (
        ("id", row.external_id), ("authority", row.authority), ("kind", row.kind), ("lat", row.lat), ("lon", row.lon),
        ("parent", row.parent_hint), *(("name", name.text) for name in row.names), *(("language", name.lang) for name in row.names),
    ):  # fmt: skip
        text = text or ""
        most = LONGEST_LANGUAGE if column == "language" else LONGEST.get(column, LONGEST_NAME)
        if len(text) > most:
            said = f"{len(text)} characters where {most} are the most; shorten it or look for a shifted column."
            return RowFault(row.row_number, column, said)
        if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            return RowFault(row.row_number, column, "holds a NUL or half a character; the file is damaged here. Mend it or fetch it again.")
    if not all(normalise_name(name.text)[0] for name in row.names):
        return RowFault(row.row_number, "name", "a name has no letter that can be printed; write it or leave it out.")
    return None


def _take(rows: list[PlaceRow], by: Hand, done: Imported) -> None:
    """One unit of work: what is new is kept, what differs is changed, in one transaction."""
    found = _present(rows)
    fresh: dict[tuple[str, str], Place] = {}
    changed: dict[Any, Place] = {}
    with writing(by):
        for row in rows:
            key = _key(row)
            place = found.get(key) or fresh.get(key)
            if place is None:
                fresh[key] = _made(row)
            elif key in found and _differs(place, row):
                changed[place.id] = place
        keep_many(list(fresh.values()), by=by, verb=Verb.PLACE_IMPORT)
        for place in changed.values():
            place.keep(by=by, verb=Verb.PLACE_IMPORT)
        named = _names(rows, found | fresh, done)
        keep_many(named, by=by, verb=Verb.PLACE_IMPORT)
    touched = set(changed) | {name.place_id for name in named} - {place.id for place in fresh.values()}
    done.kept += len(fresh)
    done.changed += len(touched)
    done.same += len({place.id for place in found.values()} - touched)


def _present(rows: list[PlaceRow]) -> dict[tuple[str, str], Place]:
    """The places these rows speak of that are on record, by authority and code or by another code of theirs."""
    wanted = {_key(row) for row in rows}
    codes = {code for _, code in wanted}
    found = {(p.authority, p.code): p for p in Place.objects.filter(code__in=codes) if (p.authority, p.code) in wanted}
    others = {f"{authority}:{code}".casefold(): (authority, code) for authority, code in wanted - set(found)}
    if others:
        for place in Place.objects.exclude(other_codes=[]):
            for code in place.other_codes:
                if code.casefold() in others:
                    found[others[code.casefold()]] = place
    return found


def _key(row: PlaceRow) -> tuple[str, str]:
    """Authority (in small letters, as the pack writes it) and the authority's own code."""
    return row.authority.casefold(), row.external_id


def _boundary(row: PlaceRow) -> str:
    return canonical(row.boundary).decode("utf-8") if row.boundary else ""


def _made(row: PlaceRow) -> Place:
    return Place(
        kind=row.kind or "site", authority=row.authority.casefold(), code=row.external_id, latitude=row.lat or "", longitude=row.lon or "",
        boundary=_boundary(row), parent=_parent(row), other_codes=_others(row), source=f"{row.authority} {row.external_id}",
    )  # fmt: skip


def _others(row: PlaceRow) -> list[str]:
    """The numbers of the same place in other gazetteers, by which a later file meets it again."""
    number = row.extra.get("geonames_id", "").strip()
    return [f"GeoNames:{number}"] if number and row.authority != "GeoNames" else []


def _parent(row: PlaceRow) -> Place | None:
    authority, colon, code = (row.parent_hint or "").partition(":")
    return Place.objects.filter(authority=authority.casefold(), code=code).first() if colon else None


def _differs(place: Place, row: PlaceRow) -> bool:
    """Take over what the row knows and the place does not; what the pack or a person wrote is not overwritten by a dump."""
    before = (place.latitude, place.longitude, place.boundary, place.parent_id, place.other_codes)
    place.other_codes = [*place.other_codes, *(code for code in _others(row) if code not in place.other_codes)]
    if not place.latitude and row.lat and row.lon:
        place.latitude, place.longitude = row.lat, row.lon
    outline = _boundary(row)
    if outline:
        place.boundary = outline
    if place.parent_id is None and row.parent_hint:
        place.parent = _parent(row)
    return before != (place.latitude, place.longitude, place.boundary, place.parent_id, place.other_codes)


def _names(rows: list[PlaceRow], places: dict[tuple[str, str], Place], done: Imported) -> list[PlaceName]:
    ids = [place.id for place in places.values()]
    known = set(PlaceName.objects.filter(place__in=ids).values_list("place_id", "text", "language"))
    made = []
    for row in rows:
        place = places[_key(row)]
        for name in row.names:
            text, warned = normalise_name(name.text)
            done.warnings += [f"row {row.row_number}: {one}" for one in warned]
            if (place.id, text, name.lang) in known:
                continue
            known.add((place.id, text, name.lang))
            given = name.text if name.text != text else ""
            made.append(
                PlaceName(place=place, text=text, language=name.lang, script=name.script, form=name.form or "variant",
                          authority=row.authority, given=given, source=f"{row.authority} {row.external_id}")
            )  # fmt: skip
    return made
