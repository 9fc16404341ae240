"""Publish a picture: four keys turn, its points leave and nothing else, and it goes at once when somebody on it says no.

What leaves is a JPEG made anew from the points, upright, without anything the camera wrote, at most 2,400 points long; its SHA-256
stands in the public log. The rule it guards: the gate is asked twice, the second time in the very unit of work in which the
release is kept; and in the transaction in which consent is taken back, or somebody more is seen on the picture, the public loses it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fairwitness.errors import OutOfOrder, Stale, Tampered
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart
from fairwitness.monitor.consent import at_once
from fairwitness.monitor.consent_picture import on_picture_change
from fairwitness.monitor.hold_still import hold_pictures, hold_sources_of
from fairwitness.monitor.models import Attachment, Claim
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_picture import encoded, open_upright
from fairwitness.record import blobs
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Blob
from fairwitness.record.verbs import Verb
from fairwitness.share.end import end, end_on_purpose
from fairwitness.share.gate_picture import pictures_still_allowed, turn_picture
from fairwitness.share.models import PictureRelease

KIND = "share.picturerelease"
EDGE = 2400
QUALITY = 86
WORDS = "The mission took this picture down. That it was published, and that it was taken down, stays on record."
CONSENT = "Somebody on it, or whoever gave it to us, no longer allows this use, or somebody more was seen on it."


def publish_picture(
    picture: Attachment, *, by: Hand, partner: Counterpart | None = None, caveats_read: bool = False, thing_id: UUID | None = None
) -> PictureRelease:
    """Let a picture out: to the public, or to a partner. Raises GateClosed (each shut key with its remedy), OutOfOrder, Stale, Gone."""
    require(by, Verb.RELEASE_PUBLISH, picture)
    before = made_before(PictureRelease, thing_id, by)
    if before is not None:
        return before
    passage = turn_picture(picture, by=by, partner=partner, caveats_read=caveats_read)
    data, (width, height) = points_of(picture)
    release = PictureRelease(
        id=thing_id or uuid7(), unit_id=picture.unit_id, sensitivity=Sensitivity.PUBLIC if partner is None else picture.sensitivity,
        audience=PictureRelease.PARTNER if partner else PictureRelease.PUBLIC, partner=partner, agreement=passage.agreement,
        attachment=picture, caption=picture.caption, credit=picture.credit, licence=picture.licence, covered=bool(picture.boxes),
        width=width, height=height, size=len(data), picture_hash=hashlib.sha256(data).hexdigest(), published=datetime.now(UTC),
        keys=[{"name": key.name, "reason": str(key.reason)} for key in passage.keys],
    )  # fmt: skip
    release.slug = f"{'p-' if partner else ''}{release.id.hex[-20:]}"
    with writing(by):
        hold_pictures([picture.original.id])
        hold_sources_of([picture.claim_id] if picture.claim_id else [])
        now: Attachment = Attachment.objects.select_related("redacted_from", "claim__source").get(pk=picture.pk)
        if now.entry != picture.entry or turn_picture(now, by=by, partner=partner, caveats_read=caveats_read) != passage:
            raise Stale("What may leave changed while it was being made. Look at the gate again.")
        if partner is None and PictureRelease.objects.filter(attachment=now, audience="public", taken_down__isnull=True).exists():
            raise OutOfOrder("{code} is public already.", code=picture.code)
        release.picture = blobs.store([data], scope=release.scope, by=by, verb=Verb.RELEASE_PUBLISH).name
        release.keep(by=by, verb=Verb.RELEASE_PUBLISH)
        if partner is None:
            said = {"picture": release.slug, "sha256": release.picture_hash}
            note(by=by, verb=Verb.RELEASE_PUBLISH, kind=KIND, subject=release.pk, content=said, public=True)
    if partner is None:
        make_checkpoint("public")
    return release


def points_of(picture: Attachment) -> tuple[bytes, tuple[int, int]]:
    """(a JPEG of the points alone, its size). Raises Gone, Tampered."""
    blob = Blob.objects.filter(name=picture.blob).first()
    if blob is None:
        raise Tampered("The file of {code} is not among the blobs on record. Restore it from a backup.", code=picture.code)
    image = open_upright(b"".join(blobs.read(blob)), picture.file_name, EDGE)
    return encoded(image, QUALITY), image.size


def take_picture_down(release: PictureRelease, *, why: str, by: Hand) -> PictureRelease:
    """Take a picture down, for a reason that stays with the staff. Raises OutOfOrder when it is down already."""
    return end_on_purpose(release, why=why, tombstone=WORDS, by=by)


@on_picture_change
def end_with_people(originals: Sequence[Attachment], by: Hand) -> None:
    """In the transaction in which consent, or who is on a picture, changed: end what stands of it and may no longer."""
    ids = [picture.id for picture in originals]
    standing = _standing()
    _end_refused([*standing.filter(attachment__in=ids), *standing.filter(attachment__redacted_from__in=ids)], by)


@at_once
def end_with_giver(claims: Sequence[Claim], by: Hand) -> None:
    """In the transaction in which whoever gave us pictures took consent back: end what stands of them and may no longer."""
    _end_refused(list(_standing().filter(attachment__claim__in=[claim.id for claim in claims])), by)


def _standing() -> Any:
    near = ("attachment__redacted_from", "attachment__claim__source", "partner")
    return PictureRelease.objects.filter(taken_down__isnull=True).select_related(*near)


def _end_refused(releases: Sequence[PictureRelease], by: Hand) -> None:
    allowed = pictures_still_allowed(releases)
    with writing(by):
        for release in releases:
            if not allowed[release.pk]:
                end(release, why=CONSENT, tombstone=WORDS, by=by)
