"""Serve pictures: to the public as they left, or the words that one ended; to a partner's package through the staff.

The rule it guards: consent of everybody on it is read at the moment of serving. A picture whose consent ran out this night
is not shown this morning, whether or not anybody has taken it down yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fairwitness.errors import GateClosed, Gone, NotThere
from fairwitness.mission.access import require
from fairwitness.record import blobs
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.models import Blob
from fairwitness.record.verbs import Verb
from fairwitness.share.agree import in_force
from fairwitness.share.gate_picture import pictures_still_allowed
from fairwitness.share.models import PictureRelease
from fairwitness.share.prove import entry_of
from fairwitness.share.publish_picture import KIND, WORDS

MOST = 500


@dataclass(frozen=True, slots=True)
class ServedPicture:
    """A picture as the public sees it now; its words are empty when it does not stand (any more)."""

    slug: str
    standing: bool
    caption: str
    credit: str
    licence: str
    covered: bool
    width: int
    height: int
    sha256: str
    published: date
    ended: date | None
    tombstone: str
    entry: int | None


def public_pictures() -> list[ServedPicture]:
    """Every picture that was ever public, newest first; what ended says so; at most 500."""
    rows = list(_public().order_by("-published")[:MOST])
    allowed = pictures_still_allowed(rows)
    return [_served(row, allowed[row.pk]) for row in rows]


def open_public_picture(slug: str) -> ServedPicture:
    """The public picture of this address. Raises NotThere, also for what went to a partner."""
    release = _find(slug)
    return _served(release, pictures_still_allowed([release])[release.pk], prove=True)


def points_of_public(slug: str) -> bytes:
    """The picture itself. Raises NotThere, and Gone when it does not stand any more."""
    release = _find(slug)
    if not pictures_still_allowed([release])[release.pk]:
        raise Gone(WORDS)
    return _points(release)


def hand_over_picture(release: PictureRelease, *, by: Hand) -> bytes:
    """The picture as it left, for the staff to hand over; on record. Raises Gone after its end, GateClosed when a key no longer turns."""
    require(by, Verb.RELEASE_EXPORT, release)
    if release.taken_down is not None:
        raise Gone(WORDS)
    if not pictures_still_allowed([release])[release.pk]:
        why = "Somebody on it no longer allows this use."
        raise GateClosed("Nothing left. Somebody on it no longer allows this use.", keys=(("consent", why),))
    if release.partner is not None and in_force(release.partner) is None:
        why = "No agreement with this partner is in force. Renew it first."
        raise GateClosed("Nothing left. No agreement with this partner is in force.", keys=(("agreement", why),))
    said = {"picture": release.slug, "sha256": release.picture_hash}
    note(by=by, verb=Verb.RELEASE_EXPORT, kind=KIND, subject=release.pk, content=said)
    return _points(release)


def _points(release: PictureRelease) -> bytes:
    return b"".join(blobs.read(Blob.objects.get(name=release.picture)))


def _public() -> Any:
    near = ("attachment__redacted_from", "attachment__claim__source", "partner")
    return PictureRelease.objects.filter(audience=PictureRelease.PUBLIC).select_related(*near)


def _find(slug: str) -> PictureRelease:
    found: PictureRelease | None = _public().filter(slug=slug).first()
    if found is None:
        raise NotThere()
    return found


def _served(release: PictureRelease, standing: bool, *, prove: bool = False) -> ServedPicture:
    verb = Verb.RELEASE_PUBLISH if standing else Verb.RELEASE_TAKE_DOWN
    entry = entry_of(release.pk, verb) if prove else None
    return ServedPicture(
        release.slug, standing, *((release.caption, release.credit, release.licence) if standing else ("", "", "")), release.covered,
         release.width, release.height, release.picture_hash, release.published.date(),
        release.taken_down.date() if release.taken_down else None, "" if standing else release.tombstone or WORDS,
        entry.seq if entry else None,
    )  # fmt: skip
