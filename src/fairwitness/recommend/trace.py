"""Trace a recommendation over its editions: re-issued, re-worded, split, merged, superseded, and to whom it falls today.

One page shows every edition's own words, with the ratings each got. The rules it guards: no edition comes from itself, not
even on a long way round; an institution that ended stays readable under its name, and its successor is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.access import require, visible
from fairwitness.mission.models import Counterpart
from fairwitness.monitor.hold import seen
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.recommend.models import Lineage, Rating, Recommendation
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb

LONGEST = 200


@dataclass(slots=True)
class Edition:
    """One edition in the line: how it came from earlier ones (kind in words, code), and its ratings, newest first."""

    recommendation: Recommendation
    comes_from: list[tuple[str, str]] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who was addressed, who answers for it today, and the names between them, oldest first."""

    named: Counterpart
    today: Counterpart
    chain: tuple[Counterpart, ...]

    @property
    def moved(self) -> bool:
        """Whether somebody else answers for it today."""
        return self.named.pk != self.today.pk


def relate(
    later: Recommendation, earlier: Recommendation, kind: str, *, by: Hand, why: str = "", thing_id: UUID | None = None
) -> Lineage:
    """Tie a later recommendation to an earlier one."""
    require(by, Verb.RECOMMENDATION_RELATE, later)
    with writing(by):
        before = made_before(Lineage, thing_id, by)
        if before is not None:
            return before
        seen(by, earlier)
        reading = Reading()
        kind = reading.one_of("kind", kind, dict(Lineage.KINDS))
        why = reading.text("why", why, 500)
        if later.pk == earlier.pk or later.pk in _from([earlier.pk], up=True):
            reading.fault("earlier", say(
                "{earlier} comes from {later} itself; choose the one that was there first",
                earlier=earlier.code, later=later.code,
            ))
        if later.issued and earlier.issued and later.issued < earlier.issued:
            reading.fault("earlier", say(
                "{earlier} was issued after {later}; tie them the other way round",
                earlier=earlier.code, later=later.code,
            ))
        if Lineage.objects.filter(later=later, earlier=earlier).exists():
            reading.fault("earlier", say("{later} is tied to {earlier} already", later=later.code, earlier=earlier.code))
        reading.done()
        made = Lineage(id=thing_id or uuid7(), later=later, earlier=earlier, kind=kind)
        try:
            made.keep(by=by, verb=Verb.RECOMMENDATION_RELATE, why=why)
        except IntegrityError:
            tied = say("{later} is tied to {earlier} already", later=later.code, earlier=earlier.code)
            raise BadInput.of(Fault("earlier", tied)) from None
        return made


def _from(start: Iterable[UUID], *, up: bool) -> set[UUID]:
    """Everything these come from (`up`), or everything that came of them."""
    found: set[UUID] = set()
    todo = set(start)
    while todo and len(found) < LONGEST:
        rows = Lineage.objects.filter(later__in=todo) if up else Lineage.objects.filter(earlier__in=todo)
        step = set(rows.values_list("earlier_id" if up else "later_id", flat=True))
        todo = step - found
        found |= step
    return found


def family(recommendation: Recommendation) -> set[UUID]:
    """Every edition tied to this one in any direction, itself with them."""
    found = {recommendation.pk}
    todo = set(found)
    while todo and len(found) < LONGEST:
        pairs = Lineage.objects.filter(Q(later__in=todo) | Q(earlier__in=todo)).values_list("later_id", "earlier_id")
        todo = {one for pair in pairs for one in pair} - found
        found |= todo
    return found


def lineage(recommendation: Recommendation, *, by: Hand) -> list[Edition]:
    """Every edition the reader may see, newest first, each with its words, its ratings and how it came about."""
    rows = visible(by, Recommendation.objects.filter(pk__in=family(recommendation)).select_related("addressee", "report"))
    editions = {one.pk: Edition(one) for one in rows}
    for line in Lineage.objects.filter(later__in=editions, earlier__in=editions).select_related("earlier").order_by("id"):
        editions[line.later_id].comes_from.append((line.get_kind_display(), line.earlier.code))
    for rating in Rating.objects.filter(recommendation__in=editions).select_related("check_made").order_by("-rated", "-id"):
        editions[rating.recommendation_id].ratings.append(rating)
    return sorted(editions.values(), key=lambda e: (e.recommendation.issued or date.max, e.recommendation.code), reverse=True)


def first_asked(recommendation: Recommendation) -> date | None:
    """The day the oldest edition behind this one was issued: since then it has been asked, in whatever words."""
    older = Recommendation.objects.filter(pk__in=_from([recommendation.pk], up=True) | {recommendation.pk}, issued__isnull=False)
    return older.order_by("issued").values_list("issued", flat=True).first()


def replaced(among: Iterable[UUID]) -> set[UUID]:
    """Of these, the ones a later, issued edition stands in for."""
    rows = Lineage.objects.filter(earlier__in=list(among), later__state=Recommendation.ISSUED)
    return set(rows.values_list("earlier_id", flat=True))


def addressee_today(named: Counterpart) -> Addressee:
    """Follow the successors of an institution to the one that stands today."""
    chain = [named]
    while chain[-1].successor is not None and chain[-1].successor not in chain and len(chain) < 20:
        chain.append(chain[-1].successor)
    return Addressee(named, chain[-1], tuple(chain))
