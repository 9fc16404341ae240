"""The gate for a picture: the same four keys, asked person by person.

Consent: somebody said who is on it; each of them is covered on this copy, or allowed this use of this picture towards this
audience today, for a child through its guardian; whoever gave us the picture allowed it too. Caveat: it is no heavier than its reader may
receive, caption, credit and licence are there and do not say otherwise, no small place is named. Agreement: as for a report.
Clearance: whoever lets it out neither took it in nor covered it. The rule guarded here: silence about who is on a picture keeps
it here, an unknown face keeps it here, and every exit asks at the moment something leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fairwitness.errors import GateClosed, Sentence, say
from fairwitness.mission.access import may, why_not
from fairwitness.mission.fold import fold
from fairwitness.mission.handling import Sensitivity, Use
from fairwitness.mission.models import Counterpart, Place, PlaceName
from fairwitness.monitor.attach import owner_of
from fairwitness.monitor.consent_picture import Face, faces
from fairwitness.monitor.models import Activity, Attachment
from fairwitness.record.hand import Hand
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.report.redact import LARGE
from fairwitness.share.agree import in_force
from fairwitness.share.gate import Key, consents
from fairwitness.share.models import Agreement, PictureRelease

STAYS = ("internal", "not for publication", "restricted", "confidential")
"""Words of a licence that say no."""


@dataclass(frozen=True, slots=True)
class PicturePassage:
    """The gate as it stands at this moment for one picture and one reader."""

    keys: tuple[Key, ...]
    faces: tuple[Face, ...] = ()
    agreement: Agreement | None = None

    @property
    def shut(self) -> tuple[Key, ...]:
        """The keys that do not turn."""
        return tuple(key for key in self.keys if not key.open)


def turn_picture(picture: Attachment, *, by: Hand, partner: Counterpart | None = None, caveats_read: bool = False) -> PicturePassage:
    """Turn all four keys now. Raises GateClosed naming each that stays shut."""
    passage = look_at_picture(picture, by=by, partner=partner, caveats_read=caveats_read)
    if passage.shut:
        keys = tuple((key.name, f"{key.reason} {key.remedy}".strip()) for key in passage.shut)
        raise GateClosed("Nothing left. {said}", keys=keys, said=" ".join(f"{name.capitalize()}: {why}" for name, why in keys))
    return passage


def look_at_picture(picture: Attachment, *, by: Hand, partner: Counterpart | None = None, caveats_read: bool = False) -> PicturePassage:
    """How the four keys stand now. Changes nothing."""
    agreement = in_force(partner) if partner else None
    seen = seen_on(picture, partner)
    keys = (
        _consent(picture, seen, partner), _caveat(picture, partner, agreement, caveats_read), _agreement(picture, partner, agreement, by),
        _clearance(picture, by),
    )  # fmt: skip
    return PicturePassage(keys, tuple(seen), agreement)


def seen_on(picture: Attachment, partner: Counterpart | None) -> list[Face]:
    """Everybody on it, with whether this reader may see them."""
    return faces(picture, _use(partner), (partner.name, partner.code) if partner else ())


def _use(partner: Counterpart | None) -> Use:
    return Use.PARTNERS if partner else Use.PUBLIC


def pictures_still_allowed(releases: Iterable[PictureRelease]) -> dict[object, bool]:
    """Whether each of these may (still) be shown now: everybody on it covered or willing, and whoever gave it to us."""
    return {release.pk: release.taken_down is None and _consent_stands(release.attachment, release.partner) for release in releases}


def _consent_stands(picture: Attachment, partner: Counterpart | None) -> bool:
    return _consent(picture, seen_on(picture, partner), partner).open


def _consent(picture: Attachment, seen: list[Face], partner: Counterpart | None) -> Key:
    if picture.claim_id is not None:
        giver = consents([picture.claim_id], _use(partner), partner)[picture.claim_id]
        if not giver.yes:
            return Key("consent", False, say("Whoever gave us the picture: {why}", why=giver.why), giver.ask)
    people = picture.original.people
    if people not in (Attachment.NOBODY, Attachment.SOME):
        tell = say("Describe the picture; say so also when nobody can be recognised.")
        return Key("consent", False, say("Nobody said yet who is on it."), tell)
    shut = [face for face in seen if not face.open]
    if people == Attachment.NOBODY and not seen:
        return Key("consent", True, say("Nobody can be recognised on it."))
    if not seen:
        return Key("consent", False, say("Somebody can be recognised, and nobody said who."), say("Describe the picture."))
    if shut:
        named = "; ".join(f"{who(face)}: {face.why}" for face in shut)
        return Key("consent", False, named, shut[0].remedy)
    return Key("consent", True, say("Everybody on it is covered, or allowed this use."))


def who(face: Face) -> Sentence:
    """Somebody on a picture in words that name nobody."""
    line = face.line
    if line.source is not None:
        known = "a child by code ({code})" if line.child else "an adult by code ({code})"
        return say(known, code=line.source.code)
    return say("unknown children ({count})" if line.child else "unknown adults ({count})", count=line.count)


def _caveat(picture: Attachment, partner: Counterpart | None, agreement: Agreement | None, caveats_read: bool) -> Key:
    ceiling = agreement.ceiling if agreement else int(Sensitivity.INTERNAL)
    if not picture.is_picture:
        return Key("caveat", False, say("It is no picture that is read here."), say("Only JPEG, PNG and WebP leave as pictures."))
    if picture.sensitivity > ceiling:
        marking, most = say(Sensitivity(picture.sensitivity).label), say(Sensitivity(ceiling).label)
        why = say("The picture is {marking}; this audience receives up to {most}.", marking=marking, most=most)
        return Key("caveat", False, why, say("Make a copy with faces and plates covered; the copy may be lighter."))
    missing = [name for name in ("caption", "credit", "licence") if not getattr(picture, name).strip()]
    if missing:
        return Key("caveat", False, say("It lacks: {what}.", what=", ".join(missing)), say("Describe the picture."))
    if any(word in fold(picture.licence) for word in STAYS):
        why = say("Its licence says: {licence}.", licence=picture.licence)
        return Key("caveat", False, why, say("Ask whoever made it for other terms."))
    small = _small_place(picture) if partner is None else ""
    if small:
        return Key("caveat", False, say("The caption names a small place ({place}).", place=small), say("Write the municipality instead."))
    if agreement is not None and agreement.caveats and not caveats_read:
        why = say("The agreement has conditions: {caveats}", caveats=agreement.caveats)
        return Key("caveat", False, why, say("Say that you read them and that they are kept."))
    return Key("caveat", True, say("Caption, credit and licence are there. Nothing of what the camera wrote leaves."))


def _small_place(picture: Attachment) -> str:
    """The name of the place it belongs to, where that place is small and the caption names it."""
    owner = owner_of(picture)
    place: Place | None = owner.activity.place if not isinstance(owner, Activity) and owner.activity else owner.place
    caption = f" {fold(picture.caption)} "
    for one in {owner.place, place}:
        if one is not None and one.kind not in LARGE:
            for name in PlaceName.objects.filter(place=one).values_list("text", flat=True):
                if fold(name) and f" {fold(name)}" in caption:
                    return str(name)
    return ""


def _agreement(picture: Attachment, partner: Counterpart | None, agreement: Agreement | None, by: Hand) -> Key:
    if not may(by, Verb.RELEASE_PUBLISH, picture):
        return Key("agreement", False, say("Your post does not publish."), why_not(by, Verb.RELEASE_PUBLISH))
    if partner is None:
        return Key("agreement", True, say("The public needs none; your post may publish."))
    if agreement is None:
        return Key("agreement", False, say("No agreement with {name} is in force.", name=partner.name), say("Make or renew one first."))
    return Key("agreement", True, say("{title}, in force.", title=agreement.title))


def _clearance(picture: Attachment, by: Hand) -> Key:
    ids = {str(picture.id), str(picture.original.id)}
    verbs = [Verb.ATTACHMENT_ADD.value, Verb.ATTACHMENT_REDACT.value, Verb.ATTACHMENT_DESCRIBE.value]
    hands = set(Entry.objects.filter(subject__in=ids, verb__in=verbs).values_list("member", flat=True))
    if by.member is None or str(by.member) in hands:
        why = say("You took it in, described it or covered it.")
        return Key("clearance", False, why, say("Somebody else looks at it and lets it out."))
    return Key("clearance", True, say("Looked at by somebody who neither took it in, described nor covered it."))
