"""Link: which sources may speak of the same event? The machine suggests by a printed rule (L-1); a person decides, and can undo it.

The rule it guards: nothing is merged by a machine. A suggestion names its reasons, differing figures are shown and kept, and
only what the reader may see is suggested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairwitness.analyse.rules import LINKING, WIDENED
from fairwitness.errors import BadInput, Fault
from fairwitness.mission.access import require, visible
from fairwitness.monitor.count import count_of, in_words
from fairwitness.monitor.happen import Told, events_of, link_source, open_event
from fairwitness.monitor.hold import seen
from fairwitness.monitor.models import Claim, Event, Observation
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.lift import municipality_of

MOST = 20
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another source that may speak of the same event, the event it stands in already (if any), and why."""

    other: Told
    event: Event | None
    reasons: tuple[str, ...]


def suggest(thing: Told, hand: Hand) -> list[Suggestion]:
    """What may speak of the same event as this, nearest in time first. Sources already tied to it are left out."""
    span = window_of(thing)
    if span is None:
        return []
    mine = set(events_of(thing, hand).values_list("id", flat=True))
    near: list[tuple[timedelta, Told]] = []
    for other in _candidates(thing, span, hand):
        theirs = window_of(other)
        if theirs is not None and theirs[0] <= span[1] and span[0] <= theirs[1]:
            near.append((_apart(thing, other), other))
    near.sort(key=lambda pair: (pair[0], pair[1].pk))
    area = municipality_of({thing.place_id, *(other.place_id for _, other in near)})
    found = []
    for _distance, other in near:
        if area[other.place_id] != area[thing.place_id]:
            continue
        stands = list(events_of(other, hand))
        if any(event.pk in mine for event in stands):
            continue
        found.append(Suggestion(other, stands[0] if stands else None, tuple(_reasons(thing, other))))
    return found[:MOST]


def tie(thing: Told, other: Told, *, reason: str, by: Hand, thing_id: UUID | None = None) -> Event:
    """Decide that two sources speak of one event: join the event one of them stands in, or open one. Both stay as they are."""
    require(by, Verb.EVENT_LINK)
    seen(by, thing, other)
    if type(thing) is type(other) and thing.pk == other.pk:
        raise BadInput.of(Fault("other", "is the same thing; choose another observation or claim"))
    if not reason.strip():
        raise BadInput.of(Fault("reason", "is empty; say why these speak of one event, so that it can be judged again"))
    with writing(by):
        mine, theirs = events_of(thing, by).first(), events_of(other, by).first()
        event = mine or theirs
        if event is None:
            return open_event(
                title=thing.headline, kind=thing.kind, place=thing.place, reason=reason, by=by, sources=[thing, other],
                occurred_from=thing.occurred_from, occurred_until=thing.occurred_until, precision=thing.precision,
                time_zone=thing.time_zone, unit=thing.unit, sensitivity=max(thing.sensitivity, other.sensitivity), thing_id=thing_id,
            )  # fmt: skip
        for told in (thing, other):
            link_source(event, told, reason=reason, by=by)
        return event


def window_of(thing: Told) -> Span | None:
    """When it was, widened by its own precision (rule L-1); None when that is not known well enough."""
    widen = WIDENED.get(thing.precision)
    if widen is None or thing.occurred_from is None:
        return None
    if thing.give_or_take_minutes:
        widen = max(widen, timedelta(minutes=thing.give_or_take_minutes))
    return thing.occurred_from - widen, (thing.occurred_until or thing.occurred_from) + widen


def _candidates(thing: Told, span: Span, hand: Hand) -> Iterable[Told]:
    # The widest a neighbour's own precision can reach, so that the database narrows and Python decides.
    reach = max(WIDENED.values())
    seen_by_us: QuerySet[Observation] = visible(hand, Observation.objects.select_related("place"))
    told: QuerySet[Claim] = visible(hand, Claim.objects.select_related("place", "source"))
    when = {"kind": thing.kind, "occurred_from__gte": span[0] - reach - timedelta(days=31), "occurred_from__lte": span[1] + reach}
    if isinstance(thing, Observation):
        seen_by_us = seen_by_us.exclude(pk=thing.pk)
    else:
        told = told.exclude(pk=thing.pk)
    yield from seen_by_us.filter(**when).order_by("-occurred_from")[:200]
    yield from told.filter(**when).order_by("-occurred_from")[:200]


def _apart(thing: Told, other: Told) -> timedelta:
    if thing.occurred_from is None or other.occurred_from is None:
        return timedelta.max
    return abs(thing.occurred_from - other.occurred_from)


def _reasons(thing: Told, other: Told) -> Iterable[str]:
    yield _("the same place") if thing.place_id == other.place_id else _("the same municipality")
    minutes = int(_apart(thing, other).total_seconds() // 60)
    yield (
        _("times %(n)s minutes apart, within their precision") % {"n": minutes}
        if minutes < 180
        else _("times that overlap, as precise as they are")
    )
    yield _("the same kind")
    ours, theirs = count_of(thing), count_of(other)
    if ours and theirs and in_words(ours) != in_words(theirs):
        yield _("the figures differ (%(a)s and %(b)s): both stay") % {"a": in_words(ours), "b": in_words(theirs)}
    yield str(LINKING)
