"""Consent for a picture: whether each person on it allowed this use of it, towards this audience, today.

Who lets us quote what they said did not let us show their face: consent for a picture is a line of its own, for that picture
alone. Somebody known by no code can allow nothing. For a child its guardian speaks, by code and by what they are to the child,
and the child is asked too. The rules it guards are those of `consent`: absence is a no; what ran out or was taken back is a
no; the newest line decides. A face that a copy covers needs nobody's yes, and every exit asks at the moment something leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fairwitness.errors import BadInput, Fault, OutOfOrder, Sentence, say
from fairwitness.mission.access import require
from fairwitness.mission.fold import fold
from fairwitness.mission.handling import Use
from fairwitness.mission.models import Member
from fairwitness.mission.tell_time import today
from fairwitness.monitor.consent import Scope, also_withdraws
from fairwitness.monitor.hold import seen
from fairwitness.monitor.hold_still import hold_pictures
from fairwitness.monitor.models import Attachment, Depicted, PictureConsent, Source
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

Changed = Callable[[Sequence[Attachment], Hand], None]
_changed: list[Changed] = []


def on_picture_change(answer: Changed) -> Changed:
    """Register what follows, in the same transaction, when consent for originals or who is on them changed."""
    if answer not in _changed:
        _changed.append(answer)
    return answer


def changed(pictures: Iterable[Attachment], by: Hand) -> None:
    """Tell the rooms above that what these pictures may be used for has to be looked at again. Call inside `writing`."""
    originals = list({picture.original.id: picture.original for picture in pictures}.values())
    hold_pictures(original.id for original in originals)
    for answer in _changed:
        answer(originals, by)


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody on a picture, and whether this use may show them: covered, or allowed; why not, and what would help."""

    line: Depicted
    covered: bool
    allowed: bool
    why: str
    remedy: str = ""

    @property
    def open(self) -> bool:
        """Whether nothing stands against showing this picture for their sake."""
        return self.covered or self.allowed


def give_for_picture(
    line: Depicted, scopes: Sequence[Scope], *, given: date, language: str, by: Hand, guardian: Source | None = None,
    guardian_as: str = "", child_said: str = "", interpreter: str = "", taken_by: Member | None = None,
) -> list[PictureConsent]:  # fmt: skip
    """Write down what somebody on a picture allowed; for a child, what its guardian did. Raises BadInput, Refused, OutOfOrder."""
    require(by, Verb.CONSENT_GIVE, line)
    seen(by, line.attachment, line.source, guardian)
    if line.source is None or line.struck:
        raise OutOfOrder("Only somebody who stands on the picture by code can allow something. Register them as a source first.")
    reading = Reading()
    day = reading.day("given", given, needed=True)
    if day is not None and day > today():
        reading.fault("given", "lies in the future; consent is written down when it was given")
    common: dict[str, Any] = {
        "language": reading.text("language", language, 16, needed=True), "interpreter": reading.text("interpreter", interpreter, 120),
        **_for_child(reading, line, guardian, guardian_as, child_said),
    }  # fmt: skip
    if not scopes:
        reading.fault("scopes", "names no use; where nothing is allowed, nothing needs to be written down")
    read = [_read_scope(reading, scope, day) for scope in scopes]
    reading.done()
    taker = taken_by.id if taken_by is not None else by.member
    made = [PictureConsent(depicted=line, given=day or today(), taken_by_id=taker, **common, **scope) for scope in read]
    with writing(by):
        for consent in made:
            consent.keep(by=by, verb=Verb.CONSENT_GIVE)
        changed([line.attachment], by)
    return made


def _for_child(reading: Reading, line: Depicted, guardian: Source | None, guardian_as: str, child_said: str) -> dict[str, Any]:
    told = reading.text("guardian_as", guardian_as, 80)
    if not line.child:
        if guardian is not None or told or child_said:
            reading.fault("guardian", "is given for an adult; adults answer for themselves, or the picture says that it is a child")
        return {"given_by": line.source}
    if guardian is None:
        reading.fault("guardian", "is missing; for a child its guardian says yes or no, by code. Register the guardian as a source first")
    elif guardian.id == line.source_id:
        reading.fault("guardian", "is the child itself; name the guardian")
    if not told:
        reading.fault("guardian_as", "is empty; say what the guardian is to the child, such as mother or legal guardian")
    said = reading.one_of("child_said", child_said, [PictureConsent.AGREED, PictureConsent.TOO_YOUNG])
    return {"given_by": guardian, "guardian_as": told, "child_said": said}


def _read_scope(reading: Reading, scope: Scope, given: date | None) -> dict[str, Any]:
    expires = reading.day("expires", scope.expires)
    reading.order("expires", given, expires)
    return {
        "use": reading.one_of("use", scope.use, [use.value for use in Use]),
        "audience": reading.text("audience", scope.audience, 120), "expires": expires, "disclosure": scope.disclosure.value,
    }  # fmt: skip


def withdraw_for_picture(what: PictureConsent | Depicted, *, why: str, by: Hand) -> list[PictureConsent]:
    """Take back one scope, or everything somebody on a picture allowed. On record, and at once. Raises OutOfOrder, BadInput."""
    line = what if isinstance(what, Depicted) else what.depicted
    require(by, Verb.CONSENT_WITHDRAW, line)
    reading = Reading()
    why = reading.text("why", why, 300, needed=True)
    reading.done()
    standing = PictureConsent.objects.filter(withdrawn__isnull=True)
    found = standing.filter(pk=what.pk) if isinstance(what, PictureConsent) else standing.filter(depicted=what)
    with writing(by):
        lines = _take_back(found, why, by)
        if not lines:
            raise OutOfOrder("There is no consent here that could be taken back: what is not written is a no already.")
    return lines


@also_withdraws
def withdraw_with_source(source: Source, why: str, by: Hand) -> int:
    """When a source takes back everything, so it does of every picture of itself and of the children it answers for."""
    standing = PictureConsent.objects.filter(withdrawn__isnull=True)
    return len(_take_back(standing.filter(given_by=source) | standing.filter(depicted__source=source), why, by))


def _take_back(found: Any, why: str, by: Hand) -> list[PictureConsent]:
    lines: list[PictureConsent] = list(found.select_related("depicted__attachment__redacted_from").order_by("id"))
    now = datetime.now(UTC)
    for line in lines:
        line.withdrawn, line.withdrawn_why = now, why
        line.keep(by=by, verb=Verb.CONSENT_WITHDRAW, why=why)
    if lines:
        changed([line.depicted.attachment for line in lines], by)
    return lines


def faces(picture: Attachment, use: Use, audience: Sequence[str] = (), on: date | None = None) -> list[Face]:
    """Everybody on a picture (a copy or an original) with whether this use may show them to one of these audiences' names."""
    try:
        use = Use(use)
    except ValueError:
        raise BadInput.of(Fault("use", say("is one of {uses}", uses=", ".join(one.value for one in Use)))) from None
    lines = list(Depicted.objects.filter(attachment=picture.original, struck=False).select_related("source").order_by("id"))
    consents: dict[UUID, list[PictureConsent]] = {}
    for consent in PictureConsent.objects.filter(depicted__in=lines, use=use.value).order_by("given", "id"):
        consents.setdefault(consent.depicted_id, []).append(consent)
    covered = covered_by(picture.boxes)
    day, names = on or today(), {fold(name) for name in audience}
    return [_face(line, covered.get(str(line.id), 0) >= line.count, consents.get(line.id, []), use, names, day) for line in lines]


def covered_by(boxes: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many boxes were drawn for each line of people."""
    found: dict[str, int] = {}
    for box in boxes:
        found[box["covers"]] = found.get(box["covers"], 0) + 1
    return found


def _face(line: Depicted, covered: bool, lines: list[PictureConsent], use: Use, names: set[str], day: date) -> Face:
    if covered:
        return Face(line, True, False, say("Covered on this copy."))
    cover = say("Cover them in a copy.")
    if line.source is None:
        return Face(line, False, False, say("Nobody knows them by code, so nobody could ask them."), cover)
    label = say(use.label)
    fitting = [one for one in lines if one.given <= day and (not one.audience or fold(one.audience) in names)]
    ask = say("Ask them (for a child, its guardian), or cover them in a copy.")
    if not fitting:
        why = say("No consent for this use of this picture is written down ({use}); absence is a no.", use=label)
        return Face(line, False, False, why, ask)
    last = fitting[-1]
    if last.withdrawn is not None:
        return Face(line, False, False, say("Consent was taken back on {day}.", day=last.withdrawn.date().isoformat()), ask)
    if not last.stands(day):
        return Face(line, False, False, say("Consent ended on {day}.", day=str(last.expires)), ask)
    if line.child and (last.given_by_id == line.source_id or not last.guardian_as or not last.child_said):
        return Face(line, False, False, say("For a child its guardian has to say yes, and nobody did."), ask)
    return Face(line, False, True, _allowed(line, last))


def _allowed(line: Depicted, consent: PictureConsent) -> Sentence:
    day = consent.given.isoformat()
    if line.child:
        return say("Allowed on {day} by the guardian ({guardian}).", day=day, guardian=consent.guardian_as)
    return say("Allowed on {day}.", day=day)
