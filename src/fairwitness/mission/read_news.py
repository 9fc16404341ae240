"""Read the news of a place: up to which entry of the log a member has read what happened there, and since when they answer for it.

Opening a page writes nothing. Who has read what is new says so, and the log keeps up to which entry; whoever comes to the same
place from another browser goes on from there. The rules it guards: a mark says how far the page went that was read, so that an
entry kept meanwhile is never passed over; it belongs to one member and moves forward only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Q, QuerySet

from fairwitness.errors import BadInput, Fault, NotThere, say
from fairwitness.mission.models import Area, Place, Tenure
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.look_back import read_note
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

KIND = "mission.look"


@dataclass(frozen=True, slots=True)
class Since:
    """From where on things are new: after this entry (None: no mark), and not before this moment. `read` tells which of both it is."""

    seq: int | None
    moment: datetime | None
    read: bool


def newest_seq() -> int:
    """The number of the newest entry; -1 where there is none."""
    found = Entry.objects.order_by("-seq").values_list("seq", flat=True).first()
    return -1 if found is None else int(found)


def since_last_look(by: Hand, place: Place, around: Collection[UUID]) -> Since:
    """Where this member stopped reading about the place; else since when they hold a post that answers for it, or any post."""
    last = _last(by, place)
    if last is not None:
        seq, moment = last
        return Since(seq, moment, True)
    return Since(None, post_taken(by, around), False)


def post_taken(by: Hand, around: Collection[UUID]) -> datetime | None:
    """When the member took the post whose unit answers for one of these places; else the newest post they hold."""
    held = list(_held(by).values_list("post__unit_id", "since"))
    if not held:
        return None
    answering = set(Area.objects.filter(place_id__in=around, until__isnull=True).values_list("unit_id", flat=True))
    there = [since for unit, since in held if unit in answering]
    return max(there or [since for _unit, since in held])


def _held(by: Hand) -> QuerySet[Tenure]:
    return Tenure.objects.filter(Q(until__isnull=True) | Q(until__gt=by.at), since__lte=by.at, member_id__in=[by.member])


def say_read(place: Place, upto: int, *, by: Hand) -> None:
    """Say that one has read what is new of a place, up to this entry. Said twice, or of less than before, it changes nothing."""
    if by.member is None:
        raise NotThere()
    newest = newest_seq()
    if not 0 <= upto <= newest:
        raise BadInput.of(Fault("upto", say("is no entry of this log; open the page again and say it there")))
    with writing(by):
        last = _last(by, place)
        if last is not None and last[0] >= upto:
            return
        note(by=by, verb=Verb.PLACE_READ, kind=KIND, subject=_mark(by, place), content={"place": str(place.id), "upto": upto})


def _mark(by: Hand, place: Place) -> UUID:
    """The subject of the marks of one member about one place: found by the index of subjects, and no thing's own id."""
    return uuid5(place.id, f"read by {by.member}")


def _last(by: Hand, place: Place) -> tuple[int, datetime] | None:
    found = Entry.objects.filter(subject=str(_mark(by, place)), verb=Verb.PLACE_READ.value).order_by("-seq").first()
    if found is None:
        return None
    return int(read_note(found)["upto"]), datetime.fromisoformat(found.recorded.replace("Z", "+00:00"))
