"""Enrol members; fill, hand over and vacate their posts. Rights follow the post, at the moment it is filled.

Vacant, acting and held are facts with dates; nothing is overwritten. The rule it guards: a post has one holder at a time, and a
hand-over says what is passed on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from fairwitness.errors import BadInput, Fault, OutOfOrder, say
from fairwitness.mission.access import require
from fairwitness.mission.models import Counterpart, Member, Post, SecondHat, Tenure
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

LEAST_NOTE = 10


def enrol(
    code: str, *, by: Hand, name: str = "", languages: list[str] | None = None, joined: date | None = None, thing_id: UUID | None = None
) -> Member:
    """Enrol a member under a code. The same `thing_id` sent twice makes one member. Raises BadInput, Refused."""
    require(by, Verb.MEMBER_ENROL)
    before = Member.objects.filter(pk=thing_id).first() if thing_id else None
    if before is not None:
        return before
    code = code.strip()
    if not code or len(code) > 24 or not all(sign.isalnum() or sign in "-._" for sign in code):
        raise BadInput.of(Fault("code", "Give a code of letters, figures and hyphens, at most 24 signs, such as PZ-M4."))
    if Member.objects.filter(code__iexact=code).exists():
        raise BadInput.of(Fault("code", say("{code} is taken. Choose another; codes are never used twice.", code=code)))
    member = Member(code=code, name=name.strip(), languages=languages or [], joined=joined, **({"id": thing_id} if thing_id else {}))
    member.keep(by=by, verb=Verb.MEMBER_ENROL)
    return member


def end_service(member: Member, *, on: date, by: Hand, base: UUID | None = None) -> Member:
    """A member leaves: every post they hold is vacated, and no door opens to them any more."""
    require(by, Verb.MEMBER_EDIT)
    if member.left is not None:
        raise OutOfOrder("{code} left on {day} already.", code=member.code, day=member.left.isoformat())
    if member.joined is not None and on < member.joined:
        raise BadInput.of(Fault("on", "The last day is not before the first. Correct one of them."))
    with writing(by):
        for tenure in Tenure.objects.filter(member=member, until__isnull=True):
            tenure.until = datetime.now(UTC)
            tenure.keep(by=by, verb=Verb.POST_VACATE, why="left the mission")
        member.left = on
        member.entry = base or member.entry
        member.keep(by=by, verb=Verb.MEMBER_EDIT, why="left the mission")
    return member


def fill(
    post: Post, member: Member, *, by: Hand, kind: str = Tenure.HOLDER, since: datetime | None = None, thing_id: UUID | None = None
) -> Tenure:
    """Put a member into a post, as its holder or acting. Raises BadInput when it has a holder or the member has left."""
    require(by, Verb.POST_FILL)
    before = Tenure.objects.filter(pk=thing_id).first() if thing_id else None
    if before is not None:
        return before
    faults = []
    if kind not in (Tenure.HOLDER, Tenure.ACTING):
        faults.append(Fault("kind", "Choose holder or acting."))
    if post.abolished is not None:
        faults.append(Fault("post", say(
            "{code} was abolished on {abolished}.",
            code=post.code, abolished=post.abolished.isoformat(),
        )))
    if member.left is not None:
        faults.append(Fault("member", say("{code} has left the mission.", code=member.code)))
    if by.member == member.id:
        faults.append(Fault("member", "Nobody gives a post to themselves. Another custodian of posts may."))
    standing = Tenure.objects.filter(post=post, until__isnull=True)
    if kind == Tenure.HOLDER and standing.filter(kind=Tenure.HOLDER).exists():
        faults.append(Fault("post", say(
            "{code} has a holder. Hand it over, or vacate it first; or let {member} act in it.",
            code=post.code, member=member.code,
        )))
    if standing.filter(member=member).exists():
        faults.append(Fault("member", say("{code} is in this post already.", code=member.code)))
    if faults:
        raise BadInput.of(*faults)
    made = Tenure(post=post, member=member, kind=kind, since=since or datetime.now(UTC), **({"id": thing_id} if thing_id else {}))
    made.keep(by=by, verb=Verb.POST_FILL)
    return made


def hand_over(post: Post, to: Member, note: str, *, by: Hand) -> Tenure:
    """End the holder's tenure and begin the successor's, with a note on what is passed on: open cases, promises, contacts."""
    require(by, Verb.POST_HANDOVER)
    if len(note.strip()) < LEAST_NOTE:
        raise BadInput.of(Fault("note", "Say what is passed on: open cases, promises made, people to meet."))
    with writing(by):
        vacate(post, by=by, why="handed over", verb=Verb.POST_HANDOVER, note=note.strip())
        require(by, Verb.POST_FILL)
        return fill(post, to, by=by)


def vacate(post: Post, *, by: Hand, why: str, verb: Verb = Verb.POST_VACATE, note: str = "") -> list[Tenure]:
    """End whoever is in the post, holder and acting. Raises OutOfOrder when it is vacant."""
    require(by, verb)
    standing = list(Tenure.objects.filter(post=post, until__isnull=True))
    if not standing:
        raise OutOfOrder("{code} is vacant already.", code=post.code)
    with writing(by):
        for tenure in standing:
            tenure.until = datetime.now(UTC)
            tenure.handover = note
            tenure.keep(by=by, verb=verb, why=why)
    return standing


def wear_hat(
    member: Member, organisation: Counterpart, title: str, *, by: Hand, since: date | None = None, until: date | None = None
) -> SecondHat:
    """Put on record that a member also acts for another organisation: clearance shows it as a conflict."""
    require(by, Verb.MEMBER_EDIT)
    if not title.strip():
        raise BadInput.of(Fault("title", "Say in which function, such as Deputy Special Representative."))
    if since and until and until < since:
        raise BadInput.of(Fault("until", "The end is not before the beginning."))
    hat = SecondHat(member=member, organisation=organisation, title=title.strip(), since=since, until=until)
    hat.keep(by=by, verb=Verb.MEMBER_EDIT)
    return hat
