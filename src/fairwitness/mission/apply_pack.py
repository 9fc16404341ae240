"""Apply a pack: make this node the system of that mission.

Applying again changes nothing. Where people have edited since, their version stands and the difference is reported;
what no person has touched follows the pack. Partial dates (`1999`, `1999-06`) are widened where a column needs a day: a
beginning becomes the first day of the span, an end its last; the pack's own spelling stays in the pack. What an import
added to a place of the pack (its outline, its number in another gazetteer) is no difference: the pack says nothing of it.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from fairwitness.mission import pack_schema as said
from fairwitness.mission.access import require
from fairwitness.mission.fold import normalise_name
from fairwitness.mission.models import (
    Area,
    Counterpart,
    Decision,
    FieldOfActivity,
    Figure,
    Footnote,
    HouseStyle,
    MissionProfile,
    Operation,
    Place,
    PlaceName,
    Post,
    Standard,
    Task,
    Term,
    Unit,
)
from fairwitness.mission.seed_rights import seed_rights
from fairwitness.record.hand import Hand
from fairwitness.record.keep import keep_many, writing
from fairwitness.record.kept import Kept
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

STEP = 800
"""Rows in one unit of work, so that others get their turn."""
MACHINES = (Verb.PACK_APPLY.value, Verb.PLACE_IMPORT.value)
"""Verbs behind which no person stands: what has no other entry follows the pack."""


@dataclass
class Applied:
    """What applying did. `differences` names each thing people edited since, and in which columns the pack says otherwise."""

    kept: int = 0
    changed: int = 0
    same: int = 0
    differences: list[str] = field(default_factory=list)


def first_day(text: str) -> date | None:
    """The first day of a date as precise as it was written: `1999` is 1 January 1999. Empty is None."""
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    return date(*(parts + [1, 1])[:3])


def last_day(text: str) -> date | None:
    """The last day of a date as precise as it was written: `1999` is 31 December 1999. Empty is None."""
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    year, month = (parts + [12])[:2]
    return date(year, month, parts[2] if len(parts) == 3 else calendar.monthrange(year, month)[1])


def apply(pack: said.Pack, *, by: Hand) -> Applied:
    """Put everything a pack says on record. Interrupted, it is simply applied again. Raises Refused."""
    require(by, Verb.PACK_APPLY)
    done = Applied()
    for part in (_profile, _mandate, _places, _counterparts, _structure, _words):
        part(pack, by, done)
    seed_rights(by=by)
    return done


def settle(made: Iterable[Kept], key: Callable[[Any], Any], by: Hand, done: Applied) -> dict[Any, Any]:
    """Keep what is new, change what no person touched, report the rest. Returns every thing by its key."""
    wanted = list(made)
    if not wanted:
        return {}
    model = type(wanted[0])
    present = {key(thing): thing for thing in model.objects.all()}
    fresh = [thing for thing in wanted if key(thing) not in present]
    for start in range(0, len(fresh), STEP):
        keep_many(fresh[start : start + STEP], by=by, verb=Verb.PACK_APPLY)
    done.kept += len(fresh)
    old = [(present[key(thing)], thing) for thing in wanted if key(thing) in present]
    columns = [f.attname for f in model._meta.concrete_fields if f.attname not in ("id", "entry", "key")]
    moved = [(mine, new, [c for c in columns if not _agree(c, getattr(mine, c), getattr(new, c))]) for mine, new in old]
    done.same += sum(1 for _, _, which in moved if not which)
    moved = [line for line in moved if line[2]]
    edited = _by_people([mine for mine, _, _ in moved])
    with writing(by):
        for mine, new, which in moved:
            if mine.id in edited:
                done.differences.append(f"{model._meta.verbose_name} {key(mine)}: the pack has another {', '.join(which)}; yours stands")
                continue
            for column in which:
                setattr(mine, column, _joined(column, getattr(mine, column), getattr(new, column)))
            mine.keep(by=by, verb=Verb.PACK_APPLY)
            done.changed += 1
    return present | {key(thing): thing for thing in fresh}


def _agree(column: str, mine: Any, new: Any) -> bool:
    """Whether the pack contradicts what is kept. Outlines and further numbers come from imports, not from packs."""
    if column == "boundary":
        return True
    return set(new) <= set(mine) if column == "other_codes" else bool(mine == new)


def _joined(column: str, mine: Any, new: Any) -> Any:
    return list(dict.fromkeys([*new, *mine])) if column == "other_codes" else new


def _by_people(things: list[Kept]) -> set[UUID]:
    """Those of these things that a person has edited at any time, whatever came after."""
    texts = [str(thing.id) for thing in things]
    found: set[UUID] = set()
    for start in range(0, len(texts), 500):
        theirs = Entry.objects.filter(subject__in=texts[start : start + 500]).exclude(verb__in=MACHINES)
        found |= {UUID(one) for one in theirs.values_list("subject", flat=True)}
    return found


def _profile(pack: said.Pack, by: Hand, done: Applied) -> None:
    info = pack.info
    names = {operation.code: operation.name for operation in pack.operations}
    profile = MissionProfile(
        code=info.code, name=names.get(info.operation, info.title), short_name=f"{names.get(info.operation, info.title)}*",
        host_area=info.area, time_zone=info.time_zone, languages=[language.code for language in pack.languages],
    )  # fmt: skip
    present = MissionProfile.objects.filter(code=info.code).first()
    if present is not None:
        profile.notice = present.notice
    settle([profile], lambda thing: thing.code, by, done)


def _mandate(pack: said.Pack, by: Hand, done: Applied) -> None:
    decisions = settle(
        [
            Decision(code=d.code, symbol=d.symbol, title=d.subject, decided=first_day(d.adopted), body=d.body, summary=d.note,
                     source=d.source)
            for d in pack.decisions
        ],
        lambda thing: thing.code, by, done,
    )  # fmt: skip
    tasks: dict[str, Task] = {}
    for depth in (False, True):
        made = [
            Task(
                code=t.code, decision=decisions[t.decisions[0]], also_in=t.decisions[1:], fields=t.fields, text=t.name, source=t.source,
                parent=tasks.get(t.parent),
            )
            for t in pack.tasks
            if bool(t.parent) is depth
        ]  # fmt: skip
        tasks |= settle(made, lambda thing: thing.code, by, done)
    settle(
        [FieldOfActivity(code=f.code, name=f.name, text=f.description, source=f.source) for f in pack.fields],
        lambda thing: thing.code, by, done,
    )  # fmt: skip
    settle(
        [
            Operation(code=o.code, name=o.name, started=o.started, ended=o.ended, decisions=o.decisions, reason=o.end_reason or o.end_kind,
                      predecessors=o.predecessors, source=o.source)
            for o in pack.operations
        ],
        lambda thing: thing.code, by, done,
    )  # fmt: skip
    settle(
        [
            Figure(year=int(f.year[:4]) if f.year else None, what=f.what, kind=f.kind, amount=f.value, unit=f.unit, operation=f.operation,
                   comparison=f.comparison, source=f.source)
            for f in pack.figures
        ],
        lambda thing: (thing.operation, thing.year, thing.what, thing.kind, thing.source, thing.amount), by, done,
    )  # fmt: skip
    settle(_standards(pack), lambda thing: thing.code, by, done)


def _standards(pack: said.Pack) -> list[Standard]:
    found = []
    for law in pack.standards:
        shared = {
            "title": law.title, "kind": law.kind, "amended_by": law.amended_by, "source": law.source,
            "in_force_from": first_day(law.valid_from or law.adopted), "in_force_to": last_day(law.valid_to),
        }  # fmt: skip
        found.append(Standard(code=law.code, text=law.note, **shared))
        found += [Standard(code=f"{law.code}/{a.code}", article=a.number, text=a.text, **shared) for a in law.articles]
    return found


def _places(pack: said.Pack, by: Hand, done: Applied) -> None:
    def placed(place: said.Place, parents: dict[str, Place]) -> Place:
        authority, _, code = place.code.partition(":") if ":" in place.code else ("pack", ":", place.code)
        people = {"2011": place.population_2011, "2024": place.population_2024}
        return Place(
            kind=place.kind, parent=parents.get(place.parent), authority=authority, code=code, latitude=place.lat, longitude=place.lon,
            area_km2=place.area_km2, population={year: number for year, number in people.items() if number},
            other_codes=place.external_ids, source=place.source,
        )  # fmt: skip

    def key(thing: Place) -> tuple[str, str]:
        return thing.authority, thing.code

    by_code: dict[str, Place] = {}
    waiting = list(pack.places)
    while waiting:
        ready = [place for place in waiting if not place.parent or place.parent in by_code]
        settled = settle([placed(place, by_code) for place in ready], key, by, done)
        for place in ready:
            authority, _, code = place.code.partition(":") if ":" in place.code else ("pack", ":", place.code)
            by_code[place.code] = settled[authority, code]
        waiting = [place for place in waiting if place.code not in by_code]
    names = []
    for name in pack.place_names:
        text, _ = normalise_name(name.text)
        names.append(
            PlaceName(
                place=by_code[name.place], text=text, given=name.text if name.text != text else "", language=name.language,
                script=name.script, form=name.form, valid_from=first_day(name.valid_from), valid_to=last_day(name.valid_to),
                authority=name.authority, source=name.source,
            )
        )  # fmt: skip
    settle(names, lambda n: (n.place_id, n.text, n.language, n.form, n.authority, n.valid_from), by, done)


def _place_of(code: str) -> Place | None:
    if not code:
        return None
    authority, _, number = code.partition(":") if ":" in code else ("pack", ":", code)
    return Place.objects.filter(authority=authority, code=number).first()


def _counterparts(pack: said.Pack, by: Hand, done: Applied) -> None:
    places = {f"{p.authority}:{p.code}" if p.authority != "pack" else p.code: p for p in Place.objects.all()}
    made = [
        Counterpart(code=i.code, name=i.name, kind=i.kind, level=i.level, place=places.get(i.place),
                    established=first_day(i.valid_from), ended=last_day(i.valid_to), source=i.source)
        for i in pack.institutions
    ]  # fmt: skip
    made += [
        Counterpart(code=p.code, name=p.name, kind="partner", level="", source=p.source,
                    offers=[{"what": s.what, "level": s.level, "condition": s.condition} for s in p.shares])
        for p in pack.partners
    ]  # fmt: skip
    _tie(made, pack, by, done)


def _tie(made: list[Counterpart], pack: said.Pack, by: Hand, done: Applied) -> None:
    """Parents and successors are tied before anything is kept where they are new, so that one entry holds the whole."""
    present = {one.code: one for one in Counterpart.objects.all()}
    fresh = {one.code: one for one in made}
    for said_of in pack.institutions:
        one = fresh[said_of.code]
        for column, code in (("parent", said_of.parent), ("successor", said_of.successor)):
            if code:
                setattr(one, column, present.get(code) or fresh[code])
    waiting, known = made, set(present)
    while waiting:
        ready = [o for o in waiting if all(t is None or t.code in known or t.code == o.code for t in (o.parent, o.successor))]
        if not ready:
            ready = waiting
        settle(ready, lambda thing: thing.code, by, done)
        known |= {one.code for one in ready}
        waiting = [one for one in waiting if one.code not in known]


def _structure(pack: said.Pack, by: Hand, done: Applied) -> None:
    by_code: dict[str, Unit] = {}
    waiting = list(pack.units)
    while waiting:
        ready = [unit for unit in waiting if not unit.parent or unit.parent in by_code]
        settled = settle(
            [
                Unit(code=u.code, name=u.name, kind=u.kind, parent=by_code.get(u.parent), opened=first_day(u.valid_from),
                     closed=last_day(u.valid_to), invented=u.mark in ("demonstration", "invented"), source=u.source)
                for u in ready
            ],
            lambda thing: thing.code, by, done,
        )  # fmt: skip
        by_code |= {unit.code: settled[unit.code] for unit in ready}
        waiting = [unit for unit in waiting if unit.code not in by_code]
    partners = {one.code: one for one in Counterpart.objects.filter(kind="partner")}
    settle(
        [
            Post(code=p.code, title=p.title, unit=by_code[p.unit], role=p.grants, second_hat=partners.get(p.second_hat),
                 established=first_day(p.valid_from), abolished=last_day(p.valid_to), invented=p.mark in ("demonstration", "invented"),
                 source=p.source)
            for p in pack.posts
        ],
        lambda thing: thing.code, by, done,
    )  # fmt: skip
    areas = []
    for area in pack.areas:
        place = _place_of(area.place)
        assert place is not None, f"read_pack lets no area without its place through: {area.place}"
        areas.append(Area(unit=by_code[area.unit], place=place, since=first_day(area.valid_from), until=last_day(area.valid_to),
                          invented=area.mark in ("demonstration", "invented")))  # fmt: skip
    settle(areas, lambda thing: (thing.unit_id, thing.place_id), by, done)


def _words(pack: said.Pack, by: Hand, done: Applied) -> None:
    terms = [
        Term(vocabulary=v.code, code=t.code, label=t.label, labels=t.labels, order=number, parent=t.parent, aliases=t.aliases, note=t.note,
             source=v.source)
        for v in pack.vocabularies for number, t in enumerate(v.terms)
    ]  # fmt: skip
    terms += [
        Term(vocabulary="wording", code=w.code, label=w.prefer, aliases=w.avoid, order=number, note=w.reason, source=w.source)
        for number, w in enumerate(pack.words)
    ]  # fmt: skip
    terms += [
        Term(vocabulary="role", code=t.code, label=t.name, order=number, note=t.meaning, source=t.source)
        for number, t in enumerate(pack.templates)
    ]  # fmt: skip
    settle(terms, lambda thing: (thing.vocabulary, thing.code), by, done)
    settle(
        [
            HouseStyle(code=s.code, name=s.name, audience=s.audience, valid_from=first_day(s.valid_from), valid_to=last_day(s.valid_to),
                       rule=s.model_dump(include={"order", "separator", "marks", "prefer_form", "prefer_authority", "once_when_equal",
                                                  "exceptions"}), source=s.source)
            for s in pack.name_styles
        ],
        lambda thing: thing.code, by, done,
    )  # fmt: skip
    settle(
        [
            Footnote(code=f.code, audience=f.audience, language=f.language, text=f.text, valid_from=first_day(f.valid_from),
                     valid_to=last_day(f.valid_to), source=f.source)
            for f in pack.footnotes
        ],
        lambda thing: thing.code, by, done,
    )  # fmt: skip
