"""Cite: find the thing a sentence rests on, and say what it is, how the mission knows it, and who may be told.

A citation names a thing of a room below by its code. The rule guarded here: it resolves to a thing the
writer may read, not heavier than the report that cites it, and what a source said is cited only as far as
the source consents; what is not written down is a no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from fairwitness.analyse.models import Assessment, Finding, PublishedFigure
from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.access import visible
from fairwitness.mission.handling import Disclosure, Sensitivity, Use
from fairwitness.monitor.consent import Answer, allows, answers
from fairwitness.monitor.models import Activity, Claim, Observation, Restriction, SourceLink
from fairwitness.record.hand import Hand
from fairwitness.report.models import Report
from fairwitness.verify.models import Check

KINDS: dict[str, Any] = {
    "monitor.observation": Observation, "monitor.claim": Claim, "verify.check": Check, "analyse.finding": Finding,
    "analyse.publishedfigure": PublishedFigure, "monitor.activity": Activity, "monitor.restriction": Restriction,
}  # fmt: skip
"""What can be cited, by the kind its entries carry."""

JOINS = {
    "monitor.claim": ("source",), "verify.check": ("obligation",), "monitor.observation": (), "monitor.activity": (),
}  # fmt: skip


OURS = Answer(True, Disclosure.NOTHING, "Perceived or concluded by the mission itself; nobody's consent is needed.")


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited thing as a report speaks of it. `consent`: whether its source allows this report's use. `counts` are its own figures."""

    kind: str
    id: UUID
    entry: UUID
    code: str
    line: str
    state: str
    grade: str
    sensitivity: int
    place: UUID | None
    happened: datetime | date | None
    counts: Mapping[str, str]
    consent: Answer
    thing: Any


def code_of(thing: Any) -> str:
    """The code a thing is cited by. A published figure is cited by its series and year."""
    found = getattr(thing, "code", "")
    return str(found or f"{thing.series}/{thing.label}/{thing.year}")


def find(by: Hand, kind: str, code: str) -> Any:
    """The one thing of this code that the hand may read, or None. An empty kind looks through all of them."""
    for one in [kind] if kind else KINDS:
        model = KINDS.get(one)
        if model is None:
            continue
        things = visible(by, model.objects.all())
        if model is PublishedFigure and not hasattr(PublishedFigure, "code"):
            year = code.rpartition("/")[2]
            rows = things.filter(year=int(year)).order_by("id") if year.isdecimal() and len(year) <= 4 else ()
            thing = next((row for row in rows if code_of(row) == code), None)
        else:
            thing = things.filter(code=code).first()
        if thing is not None:
            return thing
    return None


def use_of(report: Report) -> tuple[Use, str]:
    """The use of a statement that this report makes, and towards whom: by its audience and marking."""
    audience = report.audience.casefold()
    if audience.startswith("public") or report.sensitivity == Sensitivity.PUBLIC:
        return Use.PUBLIC, ""
    return (Use.INTERNAL, "") if audience in ("", "osce", "internal", "mission") else (Use.PARTNERS, report.audience)


def resolve(report: Report, wanted: Iterable[tuple[int, str, str]], *, by: Hand) -> dict[int, Any]:
    """The things these citations (number, kind or nothing, code) point to. Refuses, naming each one that may not be cited."""
    found: dict[int, Any] = {}
    faults: list[Fault] = []
    for number, kind, code in wanted:
        where = f"citation {number}"
        if number in found:
            faults.append(Fault("citations", say("{where} is given twice; give each number once", where=where)))
            continue
        if kind and kind not in KINDS:
            faults.append(Fault("citations", say(
                "{where}: “{kind}” cannot be cited; cite one of {names}",
                where=where, kind=kind, names=', '.join(sorted(KINDS)),
            )))
            continue
        name = code.strip().replace("\x00", "")[:200]
        thing = find(by, kind, name) if name else None
        if thing is None:
            faults.append(Fault("citations", say(
                "{where}: there is no “{name}” that you may cite; check the code, or take it out",
                where=where, name=name,
            )))
            continue
        if why := _too_much(report, thing):
            faults.append(Fault("citations", f"{where}: {why}"))
            continue
        found[number] = thing
    if faults:
        raise BadInput.of(*faults)
    return found


def _too_much(report: Report, thing: Any) -> str:
    if thing.sensitivity > report.sensitivity:
        held, here = Sensitivity(thing.sensitivity).label, Sensitivity(report.sensitivity).label
        return f"{code_of(thing)} is {held}, the report is {here}; mark the report {held}, or leave it out"
    answer = allows(thing, Use.INTERNAL) if isinstance(thing, Claim) else None
    return f"{code_of(thing)}: {answer.why} {answer.ask}" if answer is not None and not answer.yes else ""


def describe(things: Iterable[tuple[str, UUID]], use: Use, audience: str) -> dict[tuple[str, UUID], Cited]:
    """The cited things as they stand now, whoever reads: a report's own text does not change with its reader."""
    wanted: dict[str, set[UUID]] = {}
    for kind, target in things:
        wanted.setdefault(kind, set()).add(target)
    rows: dict[tuple[str, UUID], Any] = {}
    for kind, targets in wanted.items():
        if kind in KINDS:
            for thing in KINDS[kind].objects.select_related(*JOINS.get(kind, ())).filter(pk__in=targets):
                rows[kind, thing.id] = thing
    grades = _grades(rows)
    consents = answers([thing for (kind, _), thing in rows.items() if kind == "monitor.claim"], use, audience)
    return {key: _cited(key[0], thing, grades.get(thing.id, ""), consents.get(thing.id, OURS)) for key, thing in rows.items()}


def _grades(rows: Mapping[tuple[str, UUID], Any]) -> dict[UUID, str]:
    """The newest rating of each observation and claim, letter and digit beside each other."""
    ids = [target for kind, target in rows if kind in ("monitor.observation", "monitor.claim")]
    found: dict[UUID, str] = {}
    ratings = Assessment.objects.filter(Q(observation_id__in=ids) | Q(claim_id__in=ids)).order_by("assessed", "id")
    for rating in ratings:
        found[rating.observation_id or rating.claim_id or rating.id] = f"{rating.source_grade}{rating.information_grade}"
    return found


def _cited(kind: str, thing: Any, grade: str, consent: Answer) -> Cited:
    state = thing.state() if kind == "monitor.observation" else thing.state if kind == "monitor.claim" else ""
    happened = getattr(thing, "occurred_from", None) or next(
        (getattr(thing, name) for name in ("began", "started", "checked_on", "concluded", "told") if getattr(thing, name, None)), None
    )
    return Cited(
        kind, thing.id, thing.entry, code_of(thing), _line(kind, thing), state, grade, thing.sensitivity,
        getattr(thing, "place_id", None), happened, _counts(kind, thing), consent, thing,
    )  # fmt: skip


def _line(kind: str, thing: Any) -> str:
    if kind in ("monitor.observation", "monitor.claim"):
        return str(thing.headline)
    if kind == "verify.check":
        return f"{thing.obligation.title}: {thing.get_value_display()}, {thing.round}"
    if kind == "analyse.publishedfigure":
        return f"{thing.published_by}, {thing.year}: {thing.label}"
    if kind == "monitor.restriction":
        return f"{thing.kind}: {thing.actor}"
    return str(getattr(thing, "title", "") or getattr(thing, "purpose", ""))


def _counts(kind: str, thing: Any) -> dict[str, str]:
    """Figures of the thing itself, as a text may take them over. What was not counted is not there."""
    found: dict[str, str] = {}
    low, high = getattr(thing, "count_low", None), getattr(thing, "count_high", None)
    if low is not None or high is not None:
        found["count"] = _range(low, high, str(getattr(thing, "qualifier", "")))
    if kind == "monitor.restriction" and thing.minutes() is not None:
        found["minutes"] = str(thing.minutes())
    if kind == "monitor.claim" and thing.state == Claim.VERIFIED:
        sources, kinds = backing(thing)
        found |= {"sources": str(sources), "kinds": str(kinds)}
    if kind == "verify.check" and thing.numerator is not None:
        found["count"] = str(thing.numerator)
        found["of"] = str(thing.denominator)
    return found


def backing(claim: Claim) -> tuple[int, int]:
    """How many sources, of how many kinds, speak of the event this claim belongs to. The mission's own eyes are one source."""
    events = SourceLink.objects.filter(claim=claim, undone=False).exclude(relation="contradicts").values("event_id")
    links = SourceLink.objects.filter(event__in=events, undone=False).exclude(relation="contradicts").select_related("claim__source")
    sources, kinds = {str(claim.source_id)}, {claim.source.category}
    for link in links:
        sources.add(str(link.claim.source_id) if link.claim else "the mission")
        kinds.add(link.claim.source.category if link.claim else "the mission")
    return len(sources), len(kinds)


def _range(low: int | None, high: int | None, qualifier: str) -> str:
    """A count as it may be said: never surer than its qualifier."""
    if low is None:
        return f"up to {high}"
    if high is not None and high != low:
        return f"{low} to {high}"
    word = {"about": "about ", "over": "over ", "at_least": "at least ", "up_to": "up to "}.get(qualifier, "")
    return f"{word}{low}"
