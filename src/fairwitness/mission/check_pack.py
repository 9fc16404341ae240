"""Hold the parts of a pack against each other: every code once, every code named elsewhere really there.

The rule it guards: a pack is loaded whole or not at all. A post in a unit that does not exist, a village in an unknown
municipality, two units that are each other's parent: each is named with file and line before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fairwitness.mission.pack_files import Fault, fault
from fairwitness.mission.pack_parts import Part
from fairwitness.mission.pack_schema import Pack

_UNIQUE = (
    "languages", "decisions", "fields", "tasks", "cycle", "operations", "templates", "units", "posts", "places", "institutions",
    "partners", "vocabularies", "name_styles", "footnotes", "words", "standards",
)  # fmt: skip
# (list, field, where the code must be found)
_REFERENCES = (
    ("decisions", "operation", "operations"),
    ("tasks", "decisions", "decisions"),
    ("tasks", "fields", "fields"),
    ("tasks", "parent", "tasks"),
    ("operations", "decisions", "decisions"),
    ("operations", "predecessors", "operations"),
    ("units", "parent", "units"),
    ("units", "seat", "places"),
    ("posts", "unit", "units"),
    ("posts", "grants", "templates"),
    ("posts", "second_hat", "partners"),
    ("areas", "unit", "units"),
    ("areas", "place", "places"),
    ("places", "parent", "places"),
    ("place_names", "place", "places"),
    ("institutions", "place", "places"),
    ("institutions", "parent", "institutions"),
    ("institutions", "successor", "institutions"),
    ("footnotes", "language", "languages"),
    ("figures", "operation", "operations"),
    ("standards", "amended_by", "standards"),
)
_CHAINS = (
    ("units", "parent"),
    ("places", "parent"),
    ("institutions", "parent"),
    ("institutions", "successor"),
    ("operations", "predecessors"),
)


def check_pack(pack: Pack) -> list[Fault]:
    """Everything in which the parts of `pack` do not agree."""
    return [*_doubled(pack), *_unknown(pack), *_circles(pack), *_inside(pack), *_names(pack), *_cover(pack)]


def _twice(parts: Iterable[Part], what: str) -> Iterator[Fault]:
    seen: dict[str, Part] = {}
    for part in parts:
        code = str(getattr(part, "code"))  # noqa: B009
        if code in seen:
            file, line = seen[code].at
            yield _blame(part, "code", f"“{code}” is already the code of {what} in {file}, line {line}; give this one another.")
        seen.setdefault(code, part)


def _blame(part: Part, field: str, sentence: str) -> Fault:
    return fault(*part.at, field, sentence)


def _doubled(pack: Pack) -> Iterator[Fault]:
    for name in _UNIQUE:
        yield from _twice(getattr(pack, name), f"another of the {name.replace('_', ' ')}")
    for vocabulary in pack.vocabularies:
        yield from _twice(vocabulary.terms, f"another term of “{vocabulary.name}”")
    for standard in pack.standards:
        yield from _twice(standard.articles, f"another article of “{standard.title}”")


def _codes(value: object) -> list[str]:
    return [str(code) for code in value] if isinstance(value, list) else [str(value)] if value else []


def _unknown(pack: Pack) -> Iterator[Fault]:
    known = {name: {part.code for part in getattr(pack, name)} for name in _UNIQUE}
    for name, field, target in _REFERENCES:
        for part in getattr(pack, name):
            for code in _codes(getattr(part, field)):
                if code not in known[target]:
                    yield _blame(part, field, f"“{code}” is not among the {target.replace('_', ' ')}; add it there or correct the code.")
    for style in pack.name_styles:
        for exception in style.exceptions:
            for code in exception.places:
                if code not in known["places"]:
                    yield _blame(style, "exceptions", f"“{code}” is not among the places; add it there or correct the code.")
    for vocabulary in pack.vocabularies:
        terms = {term.code for term in vocabulary.terms}
        for term in vocabulary.terms:
            if term.parent and term.parent not in terms:
                yield _blame(term, "parent", f"“{term.parent}” is not a term of “{vocabulary.name}”; add it there or correct the code.")


def _circles(pack: Pack) -> Iterator[Fault]:
    for name, field in _CHAINS:
        parts: dict[str, Part] = {part.code: part for part in getattr(pack, name)}
        settled: set[str] = set()
        for start in parts:
            way: list[str] = []
            code = start
            while code in parts and code not in settled and code not in way:
                way.append(code)
                code = next(iter(_codes(getattr(parts[code], field))), "")
            if code in way:
                circle = " → ".join([*way[way.index(code) :], code])
                yield _blame(parts[code], field, f"leads back to itself ({circle}); one of them must stand at the top.")
            settled.update(way)


def _inside(pack: Pack) -> Iterator[Fault]:
    info = pack.info
    wanted: Sequence[tuple[str, str, Iterable[Part]]] = (
        ("operation", info.operation, pack.operations),
        ("headquarters", info.headquarters, pack.places),
        ("area", info.area, pack.places),
        ("language_of_record", info.language_of_record, pack.languages),
    )
    for field, code, parts in wanted:
        if code not in {getattr(part, "code") for part in parts}:  # noqa: B009
            yield _blame(info, field, f"“{code}” is not in this pack; add it or correct the code.")
    try:
        ZoneInfo(info.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield _blame(info, "time_zone", f"“{info.time_zone}” is not a time zone; write one as in Europe/Belgrade.")


def _names(pack: Pack) -> Iterator[Fault]:
    languages = {language.code for language in pack.languages} | {"mul", "und"}
    for name in pack.place_names:
        if name.language not in languages:
            yield _blame(name, "language", f"“{name.language}” is not among the languages, nor mul or und; add it or correct it.")
    for style in pack.name_styles:
        for code in {*style.order, *(code for exception in style.exceptions for code in exception.order)} - languages:
            yield _blame(style, "order", f"“{code}” is not among the languages; add it there or correct the code.")
    named = {name.place for name in pack.place_names}
    for place in pack.places:
        if place.code not in named:
            yield _blame(place, "code", f"“{place.code}” has no name in place_names.csv; add at least one.")
    for vocabulary in pack.vocabularies:
        for term in vocabulary.terms:
            for code in term.labels.keys() - languages:
                yield _blame(term, "labels", f"“{code}” is not among the languages; add it there or correct the code.")


def _cover(pack: Pack) -> Iterator[Fault]:
    kinds = {unit.code: unit.kind for unit in pack.units}
    held: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for area in pack.areas:
        key = (kinds.get(area.unit, ""), area.place)
        for unit, begins, ends in held.setdefault(key, []):
            if not (ends and area.valid_from and ends <= area.valid_from) and not (area.valid_to and begins and area.valid_to <= begins):
                yield _blame(area, "place", f"“{area.place}” is already covered by “{unit}” at this time; end one before the other begins.")
        held[key].append((area.unit, area.valid_from, area.valid_to))
