"""Happen: that several observations and claims speak of one event. A person decides it, with a reason, and can undo it.

Figures stay with their sources, side by side, with author and time: when one body counted 36 and another 45, both
stand and nothing is averaged. The rule it guards: tying sources together changes none of them, an undone tie stays
readable, and what was heard by one and recorded by another counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fairwitness.errors import OutOfOrder
from fairwitness.mission.access import require, visible
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Place, Unit
from fairwitness.monitor.correct import write_correction
from fairwitness.monitor.count import Count, add, count_of
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Claim, Event, Observation, SourceLink
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.observe import KINDS, PRECISIONS
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

CORRECTABLE = {"title", "kind", "place", "occurred_from", "occurred_until", "precision", "sensitivity"}
RELATIONS = ("same", "supports", "contradicts")
Told = Observation | Claim


def open_event(
    *, title: str, kind: str, place: Place, reason: str, by: Hand, sources: Sequence[Told] = (), occurred_from: datetime | None = None,
    occurred_until: datetime | None = None, precision: str = "day", time_zone: str = "", unit: Unit | None = None,
    sensitivity: int = Sensitivity.INTERNAL, thing_id: UUID | None = None,
) -> Event:  # fmt: skip
    """Open an event and tie its first sources to it. Raises BadInput, Refused, NotThere."""
    require(by, Verb.EVENT_OPEN)
    reading = Reading()
    values: dict[str, Any] = {
        "title": reading.text("title", title, 200, needed=True), "kind": reading.term("kind", kind, *KINDS),
        "place": reading.place(place), "occurred_from": reading.moment("occurred_from", occurred_from, past=True),
        "occurred_until": reading.moment("occurred_until", occurred_until, past=True),
        "precision": reading.one_of("precision", precision, PRECISIONS), "time_zone": reading.zone(time_zone),
        "sensitivity": reading.sensitivity(sensitivity),
    }  # fmt: skip
    reading.order("occurred_until", values["occurred_from"], values["occurred_until"])
    reason = reading.text("reason", reason, 300, needed=bool(sources))
    reading.done()
    holder = holding_unit(by, Verb.EVENT_OPEN, place, unit)
    made = Event(unit=holder, **values, **({"id": thing_id} if thing_id else {}))
    require(by, Verb.EVENT_OPEN, made)
    with writing(by):
        before = made_before(Event, thing_id, by)
        if before is not None:
            return before
        event, now = keep_numbered(made, series_of(holder.code, "E"), by=by, verb=Verb.EVENT_OPEN)
        for told in sources if now else ():
            link_source(event, told, reason=reason, by=by)
    return event


def correct_event(event: Event, changes: dict[str, Any], *, why: str, base: UUID | None, by: Hand) -> Event:
    """Correct what an event is called, where and when it was. Its sources and their figures stay as they are. Raises BadInput, Stale."""
    require(by, Verb.EVENT_EDIT, event)
    reading = Reading()
    why = reading.why(why)
    reading.only(changes, CORRECTABLE)
    given = {"occurred_from": event.occurred_from, "occurred_until": event.occurred_until} | changes
    values: dict[str, Any] = {name: reading.moment(name, given[name], past=True) for name in ("occurred_from", "occurred_until")}
    reading.order("occurred_until", values["occurred_from"], values["occurred_until"])
    if "title" in changes:
        values["title"] = reading.text("title", changes["title"], 200, needed=True)
    if "kind" in changes:
        values["kind"] = reading.term("kind", changes["kind"], *KINDS)
    if "place" in changes:
        values["place"] = reading.place(changes["place"])
    if "precision" in changes:
        values["precision"] = reading.one_of("precision", changes["precision"], PRECISIONS)
    if "sensitivity" in changes:
        values["sensitivity"] = reading.sensitivity(changes["sensitivity"])
    reading.done()
    return write_correction(event, values, verb=Verb.EVENT_EDIT, why=why, base=base, by=by)


def link_source(event: Event, told: Told, *, reason: str, by: Hand, relation: str = "same") -> SourceLink:
    """Tie a source to an event. Once tied it is not tied again: the standing tie is returned."""
    require(by, Verb.EVENT_LINK, event)
    reading = Reading()
    reading.thing("source", told, Observation) if not isinstance(told, Claim) else None
    kind = reading.one_of("relation", relation, RELATIONS)
    reason = reading.text("reason", reason, 300)
    if not reason:
        reading.fault("reason", "is empty; say why these speak of one event, so that it can be judged again")
    reading.done()
    seen(by, event, told)
    end = {"observation": told} if isinstance(told, Observation) else {"claim": told}
    with writing(by):
        standing: SourceLink | None = SourceLink.objects.filter(event=event, undone=False, **end).first()
        if standing is not None:
            return standing
        made = SourceLink(event=event, relation=kind, reason=reason, **end)
        made.keep(by=by, verb=Verb.EVENT_LINK, why=reason)
    return made


def unlink_source(link: SourceLink, *, why: str, by: Hand, base: UUID | None = None) -> SourceLink:
    """Undo a tie. The line stays, with why. Raises OutOfOrder when it was undone before."""
    require(by, Verb.EVENT_UNLINK, link)
    reading = Reading()
    why = reading.text("why", why, 300, needed=True)
    reading.done()
    with writing(by):
        if link.undone:
            raise OutOfOrder("This tie was undone before.")
        if base is not None:
            link.entry = base
        link.undone, link.undone_why = True, why
        link.keep(by=by, verb=Verb.EVENT_UNLINK, why=why)
    return link


@dataclass(frozen=True, slots=True)
class SourceFigure:
    """The figure of one source of an event: who gave it, when, how many. `link` is the tie."""

    link: SourceLink
    told: Told
    author: str
    when: datetime | None
    count: Count | None


def figures(event: Event, by: Hand, *, undone: bool = False) -> list[SourceFigure]:
    """Each source's own figure, as far as the reader may see the source. Never summed, never averaged."""
    ties = SourceLink.objects.filter(event=event) if undone else SourceLink.objects.filter(event=event, undone=False)
    mine = Q(observation__in=visible(by, Observation.objects.all())) | Q(claim__in=visible(by, Claim.objects.all()))
    rows = ties.filter(mine).select_related("observation__unit", "claim__source", "observation__place", "claim__place").order_by("id")
    return [_figure(link) for link in rows]


def _figure(link: SourceLink) -> SourceFigure:
    told: Any = link.observation or link.claim
    author = f"{told.source.code}, {told.source.category}" if isinstance(told, Claim) else told.unit.name
    when = told.occurred_from or (told.told if isinstance(told, Claim) else None)
    return SourceFigure(link, told, author, when, count_of(told))


def events_of(told: Told, by: Hand) -> QuerySet[Event]:
    """The events this source stands in, as far as the reader may see them."""
    end = {"links__observation": told} if isinstance(told, Observation) else {"links__claim": told}
    return visible(by, Event.objects.filter(links__undone=False, **end)).distinct().order_by("-id")


def count_once(observations: Iterable[Observation]) -> Count:
    """How many in all, each event once: its lowest to its highest figure. Observations without a figure count as one."""
    things = list(observations)
    ties = SourceLink.objects.filter(observation__in=[thing.id for thing in things], undone=False, relation="same")
    event_of = dict(ties.order_by("id").values_list("observation_id", "event_id"))
    groups: dict[UUID, list[Count]] = {}
    for thing in things:
        groups.setdefault(event_of.get(thing.id, thing.id), []).append(count_of(thing) or Count(1, 1, "exact"))
    return add(_one(counts) for counts in groups.values())


def _one(counts: list[Count]) -> Count:
    if len(counts) == 1:
        return counts[0]
    low = min(count.low for count in counts)
    highs = [count.high for count in counts if count.high is not None]
    high = max(highs) if len(highs) == len(counts) else None
    if any(count.qualifier == "about" for count in counts):
        return Count(low, high, "about")
    return Count(low, high, "at_least" if high is None else "exact" if low == high else "range")
