"""Discuss a thing among members: comment, mention somebody by their code, return it to its author, assign it, finish.

    comment(observation, "Is the road number right, @PZ-M2?", by=hand)

The rule it guards: nobody is told of a thing they may not read. Whoever is named or asked must be able to open the thing; what is
said about it is held as closely as the thing itself; and a thing that went back to its author waits there until it is corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from fairwitness.errors import OutOfOrder, Refused, say
from fairwitness.mission.access import require, sees
from fairwitness.mission.models import Member
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold import seen
from fairwitness.monitor.models import Assignment, Comment, Mention
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Door, Hand
from fairwitness.record.keep import writing
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

NAMED = re.compile(r"(?<![\w@])@([A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)")
LONGEST = 5_000


def comment(thing: Any, text: str, *, by: Hand, thing_id: UUID | None = None) -> Comment:
    """Say something about a thing. Members named as @code are told on their home page. Raises BadInput, Refused, NotThere."""
    require(by, Verb.COMMENT_MAKE, thing)
    seen(by, thing)
    reading = Reading()
    words = reading.text("text", text, LONGEST, needed=True)
    people = _named(reading, words, thing)
    reading.done()
    with writing(by):
        before = made_before(Comment, thing_id, by)
        return before if before is not None else _keep(thing, words, people, Verb.COMMENT_MAKE, by, thing_id)


def _keep(thing: Any, words: str, people: Iterable[Member], verb: Verb, by: Hand, thing_id: UUID | None) -> Comment:
    made = Comment(
        **_about(thing), author_id=by.member, text=words, made=datetime.now(UTC), returned=verb is Verb.ENTRY_RETURN,
        **({"id": thing_id} if thing_id else {}),
    )  # fmt: skip
    made.keep(by=by, verb=verb)
    for member in people:
        Mention(comment=made, member=member).keep(by=by, verb=verb)
    read_mentions(thing, by=by)
    return made


def _about(thing: Any) -> dict[str, Any]:
    code = getattr(thing, "code", "") or str(thing.id)
    return {"kind": thing.kind_on_record(), "target": thing.id, "about": code, "unit": thing.unit, "sensitivity": thing.sensitivity}


def _named(reading: Reading, words: str, thing: Any) -> list[Member]:
    """The members a text names by their code. One who may not open the thing is not told of it."""
    codes = list(dict.fromkeys(NAMED.findall(words)))
    if not codes:
        return []
    known = {member.code.casefold(): member for member in Member.objects.filter(left__isnull=True)}
    found = []
    for code in codes:
        member = known.get(code.casefold())
        if member is None:
            near = ", ".join(f"@{known[one].code}" for one in get_close_matches(code.casefold(), list(known), 3, 0.6))
            said = "@{code} is nobody's code here. Did you mean {near}?" if near else "@{code} is nobody's code here; look under People."
            reading.fault("text", say(said, code=code, near=near))
        elif _may_open(reading, "text", member, thing):
            found.append(member)
    return found


def _may_open(reading: Reading, field: str, member: Member, thing: Any) -> bool:
    if sees(Hand(member.id, Door.STAFF), thing):
        return True
    reading.fault(field, say("{code} may not open this, so they are not told of it. Ask somebody who may.", code=member.code))
    return False


def comments_of(thing: Any, by: Hand) -> list[Comment]:
    """What was said about a thing, oldest first."""
    seen(by, thing)
    return list(Comment.objects.filter(target=thing.id).select_related("author").order_by("made", "id")[:200])


def unread(thing: Any, by: Hand) -> list[Mention]:
    """Where this hand was named on a thing and has not said that it was read."""
    if by.member is None:
        return []
    return list(Mention.objects.filter(comment__target=thing.id, member_id=by.member, read__isnull=True).select_related("comment__unit"))


def read_mentions(thing: Any, *, by: Hand) -> int:
    """Say that one has read where one was named on a thing; answering says it too."""
    seen(by, thing)
    found = unread(thing, by)
    with writing(by):
        for mention in found:
            mention.read = datetime.now(UTC)
            mention.keep(by=by, verb=Verb.COMMENT_READ)
    return len(found)


def assign(thing: Any, member: Member, *, task: str, by: Hand, due: date | None = None, thing_id: UUID | None = None) -> Assignment:
    """Ask a member to do something about a thing, perhaps by a day. Raises BadInput, Refused, NotThere."""
    require(by, Verb.ASSIGNMENT_GIVE, thing)
    seen(by, thing)
    reading = Reading()
    words, day = reading.text("task", task, 300, needed=True), _due(reading, due)
    if reading.thing("member", member, Member, remedy="choose a member") is not None:
        if member.left is not None and member.left <= today():
            reading.fault("member", "has left the mission; choose somebody who is here")
        else:
            _may_open(reading, "member", member, thing)
    reading.done()
    with writing(by):
        before = made_before(Assignment, thing_id, by)
        if before is not None:
            return before
        made = Assignment(
            **_about(thing), member=member, given_by_id=by.member, task=words, due=day, **({"id": thing_id} if thing_id else {})
        )
        made.keep(by=by, verb=Verb.ASSIGNMENT_GIVE)
    return made


def _due(reading: Reading, due: Any) -> date | None:
    day = reading.day("due", due)
    if day is not None and day < today():
        reading.fault("due", "lies in the past; give a day that is still to come, or none")
    return day


def return_to_author(thing: Any, words: str, *, by: Hand, due: date | None = None, thing_id: UUID | None = None) -> Comment:
    """Send a thing back to whoever wrote it, saying what to change. It waits on their home page until they correct it."""
    require(by, Verb.ENTRY_RETURN, thing)
    seen(by, thing)
    reading = Reading()
    said, day = reading.text("text", words, LONGEST, needed=True), _due(reading, due)
    people, author = _named(reading, said, thing), author_of(thing)
    if author is None or (author.left is not None and author.left <= today()):
        reading.fault("text", "cannot go back: whoever wrote this is not here any more. Assign it to somebody who is")
    elif author.id == by.member:
        reading.fault("text", "cannot go back: you wrote this yourself. Correct it, or assign it to somebody")
    reading.done()
    assert author is not None
    with writing(by):
        before = made_before(Comment, thing_id, by)
        if before is not None:
            return before
        made = _keep(thing, said, people, Verb.ENTRY_RETURN, by, thing_id)
        task = said if len(said) <= 300 else f"{said[:299]}…"
        asked = Assignment(**_about(thing), member=author, given_by_id=by.member, task=task, due=day, returned=True)
        asked.keep(by=by, verb=Verb.ENTRY_RETURN)
    return made


def author_of(thing: Any) -> Member | None:
    """Who wrote a thing: the member of its first entry; none for what the node itself or another node wrote."""
    first = Entry.objects.filter(subject=str(thing.id), prev__isnull=True, kind=thing.kind_on_record()).order_by("seq").first()
    return Member.objects.filter(pk=first.member).first() if first is not None and first.member else None


def assignments_of(thing: Any, by: Hand) -> list[Assignment]:
    """What was asked about a thing: what is open first, then what was done, newest first."""
    seen(by, thing)
    found = Assignment.objects.filter(target=thing.id).select_related("member", "given_by").order_by("-id")[:100]
    return sorted(found, key=lambda one: one.done is not None)


def finish(assignment: Assignment, *, by: Hand, note: str = "", base: UUID | None = None) -> Assignment:
    """Say that it is done: whoever was asked may, and whoever asked. Raises OutOfOrder when it was done before."""
    require(by, Verb.ASSIGNMENT_FINISH, assignment)
    if by.member is None or by.member not in (assignment.member_id, assignment.given_by_id):
        raise Refused("Only whoever was asked, or whoever asked, says that this is done.")
    reading = Reading()
    words = reading.text("note", note, 300)
    reading.done()
    if assignment.done is not None:
        raise OutOfOrder("This was finished before.")
    with writing(by):
        if base is not None:
            assignment.entry = base
        assignment.done, assignment.done_note = datetime.now(UTC), words
        assignment.keep(by=by, verb=Verb.ASSIGNMENT_FINISH)
    return assignment


def follow(thing: Any, *, by: Hand, verb: Verb, why: str) -> None:
    """After a correction: what is said about the thing is held as it is; what was returned to this writer is done. Inside `writing`."""
    kinds: tuple[Any, ...] = (Comment, Assignment)
    for model in kinds:
        for one in model.objects.filter(target=thing.id).exclude(sensitivity=thing.sensitivity):
            one.sensitivity = thing.sensitivity
            one.keep(by=by, verb=verb, why=why)
    mine = Assignment.objects.filter(target=thing.id, member_id=by.member) if by.member is not None else Assignment.objects.none()
    for open_ in mine.filter(returned=True, done__isnull=True):
        open_.done = datetime.now(UTC)
        open_.keep(by=by, verb=Verb.ASSIGNMENT_FINISH)
