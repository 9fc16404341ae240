"""Describe a picture: what it shows, who made it, under which terms; and who can be recognised on it, by code or by number.

Somebody known stands by the code of a source, never by a name; people nobody knows stand as a number of adults and of
children. That nobody can be recognised has to be said as well: silence is not "nobody". Who is on it is stated of the
original; its copies follow. The rule it guards: as long as nobody said who is on a picture, it goes nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fairwitness.errors import OutOfOrder, Sentence, Stale, say
from fairwitness.mission.access import require
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.attach import owner_of
from fairwitness.monitor.consent_picture import changed
from fairwitness.monitor.hold import seen
from fairwitness.monitor.locate_picture import facts_of
from fairwitness.monitor.models import Activity, Attachment, Depicted, Source
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

MOST_PEOPLE = 500
MOST_CODES = 60
CLOCK_OFF = timedelta(minutes=30)
"""How far a camera's clock may be off before the difference is worth a word."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a picture: a source, or so many whom nobody knows by code."""

    source: Source | None = None
    child: bool = False
    count: int = 1


def describe_picture(
    attachment: Attachment, *, caption: str, credit: str, licence: str, by: Hand, people: str | None = None,
    persons: Sequence[Person] = (), base: UUID | None = None, why: str = "",
) -> Attachment:  # fmt: skip
    """Write down what a picture shows; with `people`, who is on it. Raises BadInput, Stale, OutOfOrder for the people of a copy."""
    require(by, Verb.ATTACHMENT_DESCRIBE, attachment)
    seen(by, attachment, *(person.source for person in persons))
    reading = Reading()
    values: dict[str, Any] = {
        "caption": reading.text("caption", caption, 500, needed=True), "credit": reading.text("credit", credit, 200, needed=True),
        "licence": reading.text("licence", licence, 200, needed=True),
    }  # fmt: skip
    why = reading.text("why", why, 500)
    if people is not None:
        if attachment.redacted_from_id is not None:
            original = attachment.original.code
            raise OutOfOrder("Who is on it is written down at the original, {original}; this copy follows.", original=original)
        values["people"] = reading.one_of("people", people, [Attachment.NOBODY, Attachment.SOME])
        _check(reading, values["people"], persons)
    reading.done()
    with writing(by):
        if base is not None and attachment.entry != base:
            raise Stale("Somebody else described this picture after you opened it. Compare both, then send yours again.", mine=attachment)
        for name, value in values.items():
            setattr(attachment, name, value)
        attachment.keep(by=by, verb=Verb.ATTACHMENT_DESCRIBE, why=why)
        if people is not None:
            _state(attachment, persons, by)
        changed([attachment], by)
    return attachment


def _check(reading: Reading, people: str, persons: Sequence[Person]) -> None:
    if people == Attachment.NOBODY and persons:
        reading.fault("people", "says that nobody can be recognised, and people are named below it; choose one of the two")
    if people == Attachment.SOME and not persons:
        reading.fault("people", "says that somebody can be recognised; say who by code, or how many adults and children")
    codes = [person.source.id for person in persons if person.source is not None]
    if len(codes) != len(set(codes)):
        reading.fault("people", "names one person twice; a person is an adult or a child")
    if len(codes) > MOST_CODES:
        reading.fault("people", say("names more than {most} people by code; count the others", most=MOST_CODES))
    for person in persons:
        if isinstance(person.count, bool) or not 1 <= person.count <= MOST_PEOPLE or (person.source is not None and person.count != 1):
            reading.fault("people", say("counts people from 1 to {most}, and a person by code once", most=MOST_PEOPLE))


def _state(attachment: Attachment, persons: Iterable[Person], by: Hand) -> None:
    """Make the lines those of `persons`. A line that stands keeps its id: consent and boxes hang on it."""
    standing = {(line.source_id, line.child): line for line in on_it(attachment)}
    wanted: dict[tuple[UUID | None, bool], int] = {}
    for person in persons:
        key = (person.source.id if person.source else None, person.child)
        wanted[key] = wanted.get(key, 0) + person.count
    for key, line in standing.items():
        if key not in wanted:
            line.struck = True
            line.keep(by=by, verb=Verb.ATTACHMENT_DESCRIBE)
    for key, count in wanted.items():
        line = standing.get(key) or Depicted(attachment=attachment, source_id=key[0], child=key[1])
        if line._state.adding or line.count != count:
            line.count = count
            line.keep(by=by, verb=Verb.ATTACHMENT_DESCRIBE)


def on_it(attachment: Attachment) -> list[Depicted]:
    """Who is on a picture or on the original of a copy, in the order in which they were named."""
    lines = Depicted.objects.filter(attachment=attachment.original, struck=False).select_related("source", "attachment__unit")
    return list(lines.order_by("id"))


def time_beside_visit(attachment: Attachment) -> Sentence | None:
    """What the camera's clock says beside the time we say we were there; None where one of both is not known. Raises Gone."""
    facts = facts_of(attachment.original)
    owner = owner_of(attachment)
    visit = owner if isinstance(owner, Activity) else owner.activity
    if isinstance(visit, Activity):
        begin, end = visit.started, visit.ended
    else:
        begin, end = getattr(owner, "occurred_from", None), getattr(owner, "occurred_until", None)
    taken = _taken(facts, owner.time_zone)
    if taken is None or begin is None:
        return None
    zone = ZoneInfo(owner.time_zone or mission_zone())
    clock = f"{taken.astimezone(zone):%d.%m.%Y, %H:%M}"
    ended = end or begin
    if begin - CLOCK_OFF <= taken <= ended + CLOCK_OFF:
        return say("The camera's clock says {clock}, which fits the time we say we were there.", clock=clock)
    apart = begin - taken if taken < begin else taken - ended
    before = "The camera's clock says {clock}, {apart} before we say we were there. Its clock may be wrong, or the picture is an older one."
    after = "The camera's clock says {clock}, {apart} after we say we were there. Its clock may be wrong, or the picture is a later one."
    return say(before if taken < begin else after, clock=clock, apart=_long(apart))


def _taken(facts: dict[str, str], zone: str) -> datetime | None:
    said = facts.get("taken", "")
    try:
        if facts.get("offset"):
            return datetime.strptime(said + facts["offset"], "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
        return datetime.strptime(said, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=ZoneInfo(zone or mission_zone()))
    except (ValueError, OverflowError):
        return None


def _long(apart: timedelta) -> Sentence:
    minutes = int(apart.total_seconds() // 60)
    if minutes < 120:
        return say("{count} minutes", count=minutes)
    return say("{count} hours", count=minutes // 60) if minutes < 48 * 60 else say("{count} days", count=minutes // 1440)
