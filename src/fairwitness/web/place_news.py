"""What is new of a place to one reader: what others put on record about things there since the reader's own last look.

Computed from the log at reading, for each kind of thing in two questions of bounded length, whatever the mission holds; nothing is
written until the reader says so. The rule it guards: of a thing the reader may not see, not even the entry is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from fairwitness.assist.models import Evaluation, Training
from fairwitness.mission.access import sees, visible
from fairwitness.mission.models import Counterpart, Place
from fairwitness.mission.read_news import Since, newest_seq, since_last_look
from fairwitness.monitor.models import Activity, Attachment, Claim, Coverage, Event, Observation, Restriction, SourceLink
from fairwitness.recommend.models import Rating, Recommendation, Reply
from fairwitness.record.hand import Hand
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Check, CheckEvidence
from fairwitness.warn.models import Warning, WarningResponse
from fairwitness.web.history import shown
from fairwitness.web.narrow import Ids, address_of_institution, there

MOST = 50
"""Entries shown; beyond them the page says that there are more."""
FEW = 60
"""Things of one kind that are looked at, those changed last."""
SLACK = timedelta(days=1)
"""An entry gets its id a little before its number; this much before is looked at, and told apart by number."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One kind of thing: how it is tied to a place, the thing it belongs to where it has no page of its own, and the page."""

    model: Any
    places: tuple[str, ...]
    step: tuple[str, ...] = ()
    page: str = ""
    key: str = "code"


WATCHED = (
    Watched(Activity, ("place_id",), page="activity"),
    Watched(Observation, ("place_id",), page="observation"),
    Watched(Claim, ("place_id",), page="claim"),
    Watched(Event, ("place_id",), page="event"),
    Watched(SourceLink, ("event__place_id",), ("event",), "event"),
    Watched(Restriction, ("place_id",), page="restriction"),
    Watched(Coverage, ("place_id",), page="coverage", key="id"),
    Watched(Attachment, ("observation__place_id", "claim__place_id", "activity__place_id"), ("observation", "claim", "activity"), "file"),
    Watched(Check, ("place_id",), page="check"),
    Watched(CheckEvidence, ("check_of__place_id",), ("check_of",), "check"),
    Watched(Warning, ("place_id", "addressee__place_id"), page="warning"),
    Watched(WarningResponse, ("warning__place_id", "warning__addressee__place_id"), ("warning",), "warning"),
    Watched(Recommendation, ("place_id", "addressee__place_id"), page="recommendation"),
    Watched(Reply, ("recommendation__place_id", "recommendation__addressee__place_id"), ("recommendation",), "recommendation"),
    Watched(Rating, ("recommendation__place_id", "recommendation__addressee__place_id"), ("recommendation",), "recommendation"),
    Watched(Training, ("place_id", "institution__place_id"), page="training"),
    Watched(Evaluation, ("training__place_id", "training__institution__place_id"), ("training",), "training"),
    Watched(Counterpart, ("place_id",)),
)


@dataclass(frozen=True, slots=True)
class News:
    """What is new: lines of history with what each is about, the number of the newest entry when it was asked, and since when."""

    lines: list[dict[str, Any]]
    more: bool
    upto: int
    since: Since


def news_of_place(hand: Hand, place: Place, ids: Ids, around: list[UUID]) -> News:
    """What others put on record about things there, newest first."""
    since, upto = since_last_look(hand, place, around), newest_seq()
    floor = floor_of(since.moment - SLACK) if since.moment else UUID(int=0)
    about: dict[str, dict[str, str]] = {}
    for watched in WATCHED:
        about |= _changed(hand, watched, ids, floor)
    found = _entries(hand, about, since)
    lines = [line | about[entry.subject] for line, entry in zip(shown(found[:MOST]), found, strict=False)]
    return News(lines, len(found) > MOST, upto, since)


def _changed(hand: Hand, watched: Watched, ids: Ids, floor: UUID) -> dict[str, dict[str, str]]:
    """Things of one kind there that changed since, each by its id, with its words and the address of its page."""
    things = watched.model.objects.filter(there(ids, *watched.places), entry__gte=floor)
    rows = visible(hand, things).order_by("-entry").select_related(*watched.step)[:FEW]
    return {str(row.pk): told for row in rows if (told := _about(hand, row, watched)) is not None}


def _about(hand: Hand, row: Any, watched: Watched) -> dict[str, str] | None:
    """The words and the page of the thing an entry is about, or of what it belongs to; nothing where the reader may not see that."""
    thing = next((found for step in watched.step if (found := getattr(row, step)) is not None), row)
    if thing is not row and not sees(hand, thing):
        return None
    if not watched.page:
        return {"code": thing.code, "title": thing.name, "href": address_of_institution(thing)}
    title = next((str(getattr(thing, name)) for name in ("headline", "title", "purpose", "caption") if getattr(thing, name, "")), "")
    if isinstance(thing, Check):
        title = thing.round
    code = "" if watched.key == "id" else thing.code
    page = thing._meta.model_name if watched.page == "file" else watched.page
    return {"code": code, "title": title, "href": reverse(f"web:{page}", args=[getattr(thing, watched.key)])}


def _entries(hand: Hand, about: dict[str, dict[str, str]], since: Since) -> list[Entry]:
    """The entries about these things since then that others put on record; one more than is shown tells that there are more."""
    if not about:
        return []
    after = Q(seq__gt=since.seq) if since.seq is not None else Q()
    if since.seq is None and since.moment is not None:
        after = Q(recorded__gte=stamp(since.moment))
    found = Entry.objects.filter(after, subject__in=list(about)).exclude(member=str(hand.member)).exclude(verb=Verb.PACK_APPLY.value)
    return list(found.order_by("-seq")[: MOST + 1])


def floor_of(moment: datetime) -> UUID:
    """The smallest id of an entry that was made at this moment or later."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
