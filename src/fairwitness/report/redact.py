"""Redact: from the frozen text of a report make the version that may leave. Fear has this file.

The gate says what may not leave (`Orders`); here it goes. Always gone, whoever reads: the history with its
posts, ids and entries of what is cited, and the grades of sources. The rule guarded here: what may not be
said goes by whole sentences, together with every sentence of its paragraph that names no source of its own
(such a sentence may go on about the same person); the original is never edited; and before the new version
is handed back it is read through, letter by letter, for everything that was ordered out.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from fairwitness.errors import BrokenRule
from fairwitness.mission.models import Place, PlaceName
from fairwitness.mission.name_places import names_of
from fairwitness.report.count import MUNICIPALITY, municipalities
from fairwitness.report.freeze import Content

GAP = "[…]"
WITHHELD = "[name withheld]"
LARGE = (MUNICIPALITY, "region", "mission area", "country", "town", "district")
"""Kinds of place that point at nobody."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What may not leave. `leave_out`: ids of cited things; `names`: words to withhold; `places`: small place by what stands instead.

    `codes`: whether codes of sources and statements stay. `marking` and `audience` are those of the new version.
    """

    leave_out: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    codes: bool = False
    marking: str = "Public"


@dataclass(frozen=True, slots=True)
class Redacted:
    """The new content, and for the staff what was taken out and why. `removed` never leaves."""

    content: Content
    removed: tuple[str, ...]


def redact(content: Content, orders: Orders) -> Redacted:
    """The version that may leave. Raises BrokenRule rather than hand back anything that was ordered out."""
    made: Content = copy.deepcopy(content)
    removed: list[str] = []
    gone = {source["number"] for source in made["sources"] if source["id"] in orders.leave_out}
    for paragraph in made["paragraphs"]:
        paragraph["runs"], out = _sentences(paragraph["runs"], gone)
        removed += [f"Paragraph {paragraph['number']}: a sentence was left out." for _ in range(out)]
        if out and not any(run["notes"] for run in paragraph["runs"]):
            paragraph["heading"] = ""
    removed += [f"{s['code']} left the sources." for s in made["sources"] if s["number"] in gone]
    words = _words(content, orders)
    made["sources"] = [_source(source, orders) for source in made["sources"] if source["number"] not in gone]
    made["history"], made["marking"] = [], orders.marking
    for paragraph in made["paragraphs"]:
        for run in paragraph["runs"]:
            run["place"] = ""
    made["tables"] = [{key: value for key, value in table.items() if key != "places"} for table in made["tables"]]
    _renumber(made)
    removed += [f"“{word}” became “{instead}”." for word, instead in words if any(_stands(word).search(text) for text in _texts(made))]
    made = _replaced(made, words)
    _read_through(made, words, content, gone)
    return Redacted(made, tuple(removed))


def _sentences(runs: list[Content], gone: set[str]) -> tuple[list[Content], int]:
    """(what may stay, how many sentences went). A paragraph that rests on nothing ordered out stays as it is."""
    cited: dict[int, set[str]] = {}
    for run in runs:
        cited.setdefault(run["sentence"], set()).update(run["notes"])
    if not any(notes & gone for notes in cited.values()):
        return runs, 0
    stays = {sentence for sentence, notes in cited.items() if notes and not notes & gone}
    kept: list[Content] = []
    out = 0
    for sentence in sorted(cited):
        if sentence in stays:
            kept += [run for run in runs if run["sentence"] == sentence]
            continue
        out += 1
        if not kept or kept[-1]["text"] != f"{GAP} ":
            kept.append({"text": f"{GAP} ", "style": "plain", "notes": [], "sentence": sentence, "place": ""})
    return kept, out


def _source(source: Content, orders: Orders) -> Content:
    """A source as it may be shown: how the mission knows, and what about; not by which code, how rated, or which entry."""
    code = source["code"] if orders.codes else ""
    return {**source, "kind": "", "id": "", "entry": "", "place": "", "grade": "", "code": code, "sensitivity": 0}


def _renumber(content: Content) -> None:
    """Numbers without gaps: a missing number would say that there was one more source."""
    order: dict[str, str] = {}
    for paragraph in content["paragraphs"]:
        for run in paragraph["runs"]:
            run["notes"] = [order.setdefault(number, str(len(order) + 1)) for number in run["notes"]]
    cited = [source for source in content["sources"] if source["number"] in order]
    content["sources"] = sorted(({**s, "number": order[s["number"]]} for s in cited), key=lambda source: int(source["number"]))


def _words(content: Content, orders: Orders) -> list[tuple[str, str]]:
    """(word, what stands instead), longest first: codes, names, small places."""
    pairs = [(name, WITHHELD) for name in orders.names] + list(orders.places.items())
    if not orders.codes:
        pairs += [(source["code"], GAP) for source in content["sources"]]
    return sorted({(word, instead) for word, instead in pairs if word.strip()}, key=lambda pair: (-len(pair[0]), pair[0]))


def _stands(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def _replaced(value: Any, words: list[tuple[str, str]]) -> Any:
    """The same content with words replaced wherever they stand: text, tables, captions, recommendations."""
    if isinstance(value, str):
        for word, instead in words:
            if word.casefold() not in instead.casefold():
                value = _stands(word).sub(instead.replace("\\", r"\\"), value)
        return value
    if isinstance(value, list):
        return [_replaced(one, words) for one in value]
    if isinstance(value, dict):
        return {key: one if key in KEEP else _replaced(one, words) for key, one in value.items()}
    return value


KEEP = ("symbol", "form", "language", "issued", "cut_off", "time_zone", "style", "number", "state", "footnote", "kind", "period", "svg")
"""Fields that hold no words of people; a drawing with a small place in it does not leave at all (see `_read_through`)."""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in KEEP or key == "svg":
                yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _read_through(made: Content, words: list[tuple[str, str]], content: Content, gone: set[str]) -> None:
    texts = list(_texts(made))
    for word, instead in words:
        if word.casefold() not in instead.casefold() and any(_stands(word).search(text) for text in texts):
            raise BrokenRule("the redacted version still holds something that was ordered out; nothing was handed over")
    ids = {source["id"] for source in content["sources"]} | {source["entry"] for source in content["sources"]}
    stays = {source["line"] for source in content["sources"] if source["number"] not in gone}
    lines = {source["line"] for source in content["sources"] if source["number"] in gone} - stays
    if any(one in text for text in texts for one in (ids | lines) if one):
        raise BrokenRule("the redacted version still points to a source; nothing was handed over")


def small_places(content: Content, places: Iterable[UUID] = ()) -> dict[str, str]:
    """Every name of every small place the report speaks of, by the municipality it lies in: `places` for `Orders`.

    A place is small unless it is a municipality, a town or larger; one that lies in no municipality is withheld.
    """
    named = {UUID(run["place"]) for paragraph in content["paragraphs"] for run in paragraph["runs"] if run["place"]}
    named |= {UUID(source["place"]) for source in content["sources"] if source["place"]} | set(places)
    named |= {UUID(place) for table in content["tables"] for place in table.get("places", ())}
    small = {place.id for place in Place.objects.filter(id__in=named).exclude(kind__in=LARGE)}
    home = municipalities(small)
    day = date.fromisoformat((content["period"][1] or content["issued"])[:10])
    large = names_of(set(home.values()), content["audience"], day)
    written = names_of(small, content["audience"], day)
    found = {written[place]: _municipality(large.get(home.get(place, place), "")) for place in small}
    for name in PlaceName.objects.filter(place_id__in=small):
        found[name.text] = _municipality(large.get(home.get(name.place_id, name.place_id), ""))
    return found


def _municipality(name: str) -> str:
    return f"a village in {name}" if name else "a village"
