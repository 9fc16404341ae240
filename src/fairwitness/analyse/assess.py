"""Assess: how reliable is the source, and how likely is what it says? Two questions, each in isolation.

The rule it guards: letter and digit are never one score; F and 6 say "cannot be judged", which is not "bad"; the newest
rating counts and every earlier one stays, with its author, date and reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from fairwitness.analyse.models import INFORMATION_GRADES, SOURCE_GRADES, Assessment
from fairwitness.mission.access import require
from fairwitness.mission.models import Member
from fairwitness.monitor.hold import seen
from fairwitness.monitor.models import Claim, Observation
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

T = TypeVar("T", Observation, Claim)


def assess(
    thing: Observation | Claim, *, source_grade: str, information_grade: int, reason: str, by: Hand, thing_id: UUID | None = None
) -> Assessment:
    """Rate the source (A to F) and the information (1 to 6) of one observation or claim, with a reason."""
    require(by, Verb.ASSESSMENT_MAKE, thing)
    seen(by, thing)
    with writing(by):
        before = made_before(Assessment, thing_id, by)
        if before is not None:
            return before
        reading = Reading()
        author = Member.objects.filter(pk=by.member).first() if by.member else None
        if author is None:
            reading.fault("assessed_by", "is nobody; a rating has an author: sign in as the member who rates")
        if source_grade not in dict(SOURCE_GRADES):
            reading.fault("source_grade", "is a letter from A (reliable) to F (cannot be judged); choose one")
        if isinstance(information_grade, bool) or information_grade not in dict(INFORMATION_GRADES):
            reading.fault("information_grade", "is a digit from 1 (confirmed by other sources) to 6 (cannot be judged); choose one")
        reason = reading.text("reason", reason, 5_000, needed=True)
        reading.done()
        end = {"observation": thing} if isinstance(thing, Observation) else {"claim": thing}
        made = Assessment(
            source_grade=source_grade, information_grade=information_grade, reason=reason, assessed_by=author,
            assessed=datetime.now(UTC), unit_id=thing.unit_id, sensitivity=thing.sensitivity, **end,
        )  # fmt: skip
        made.pk = thing_id or made.pk
        made.keep(by=by, verb=Verb.ASSESSMENT_MAKE)
        return made


def ratings_of(thing: Observation | Claim) -> list[Assessment]:
    """Every rating of a thing its reader has open, newest first."""
    return list(_of(type(thing)).filter(**{_end(type(thing)): thing}).select_related("assessed_by"))


def standing(things: Iterable[Observation | Claim]) -> dict[UUID, Assessment]:
    """The rating that counts for each of these things; things not yet rated are absent."""
    found: dict[UUID, Assessment] = {}
    by_model: dict[type[Observation | Claim], list[UUID]] = {}
    for thing in things:
        by_model.setdefault(type(thing), []).append(thing.pk)
    for model, keys in by_model.items():
        end = f"{_end(model)}_id"
        for one in _of(model).filter(**{f"{end}__in": keys}):
            found.setdefault(getattr(one, end), one)
    return found


def rated(things: QuerySet[T], *, source_grade: str = "", information_grade: int | None = None) -> QuerySet[T]:
    """Of these, those whose standing rating has this letter, or this digit, or both. Each can be asked alone."""
    newest = _of(things.model).filter(**{_end(things.model): OuterRef("pk")})
    if source_grade:
        things = things.alias(its_source=Subquery(newest.values("source_grade")[:1])).filter(its_source=source_grade)
    if information_grade is not None:
        things = things.alias(its_information=Subquery(newest.values("information_grade")[:1])).filter(its_information=information_grade)
    return things


def _end(model: type[Observation | Claim]) -> str:
    return "observation" if model is Observation else "claim"


def _of(model: type[Observation | Claim]) -> QuerySet[Assessment]:
    return Assessment.objects.filter(**{f"{_end(model)}__isnull": False}).order_by("-assessed", "-id")
