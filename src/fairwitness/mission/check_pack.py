"""Hold the parts of a pack against each other: every code once, every code named elsewhere really there.

The rule it guards: a pack is loaded whole or not at all. A post in a unit that does not exist, a village in an unknown
municipality, two units that are each other's parent: each is named with file and line before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from graphlib import CycleError, TopologicalSorter
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


def check_pack(pack: Pack, unread: Set[str] = frozenset()) -> list[Fault]:
    """Everything in which the parts of `pack` do not agree. Lists that are `unread`, being faulty themselves, blame nobody else."""
    faults = [*_doubled(pack), *_unknown(pack, unread), *_circles(pack), *_cover(pack)]
    if "info" not in unread:
        faults.extend(_inside(pack, unread))
    if not unread & {"languages", "places", "place_names"}:
        faults.extend(_names(pack))
    return faults


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


def _unknown(pack: Pack, unread: Set[str]) -> Iterator[Fault]:
    known = {name: {part.code for part in getattr(pack, name)} for name in _UNIQUE}
    for name, field, target in _REFERENCES:
        if target in unread:
            continue
        for part in getattr(pack, name):
            for code in _codes(getattr(part, field)):
                if code not in known[target]:
                    yield _blame(part, field, f"“{code}” is not among the {target.replace('_', ' ')}; add it there or correct the code.")
    for style in pack.name_styles:
        for exception in style.exceptions:
            for code in exception.places:
                if code not in known["places"] and "places" not in unread:
                    yield _blame(style, "exceptions", f"“{code}” is not among the places; add it there or correct the code.")
    for vocabulary in pack.vocabularies:
        terms = {term.code for term in vocabulary.terms}
        for term in vocabulary.terms:
            if term.parent and term.parent not in terms:
                yield _blame(term, "parent", f"“{term.parent}” is not a term of “{vocabulary.name}”; add it there or correct the code.")


def _circles(pack: Pack) -> Iterator[Fault]:
    for name, field in _CHAINS:
        parts: dict[str, Part] = {part.code: part for part in getattr(pack, name)}
        next_to = {code: [other for other in _codes(getattr(part, field)) if other in parts] for code, part in parts.items()}
        try:
            TopologicalSorter(next_to).prepare()
        except CycleError as error:
            circle = list(reversed(error.args[1]))
            said = f"leads back to itself ({' → '.join(circle)}); one of them must stand at the top."
            yield _blame(parts[circle[0]], field, said)


def _inside(pack: Pack, unread: Set[str]) -> Iterator[Fault]:
    info = pack.info
    wanted: Sequence[tuple[str, str, str]] = (
        ("operation", info.operation, "operations"),
        ("headquarters", info.headquarters, "places"),
        ("area", info.area, "places"),
        ("language_of_record", info.language_of_record, "languages"),
    )
    for field, code, target in wanted:
        if target not in unread and code not in {part.code for part in getattr(pack, target)}:
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
