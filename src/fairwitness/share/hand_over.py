"""Hand a package to a partner: the paper as it was made for them, if everything still stands at this moment.

The rule it guards: a package made in March is not handed over in May on the consent of March. Each hand-over is on record.
"""

from __future__ import annotations

from fairwitness.errors import GateClosed, Gone
from fairwitness.mission.access import require
from fairwitness.record import blobs
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.models import Blob
from fairwitness.record.verbs import Verb
from fairwitness.share.agree import in_force
from fairwitness.share.gate import still_allowed
from fairwitness.share.models import Release


def hand_over(release: Release, *, by: Hand) -> bytes:
    """The PDF of a release, for the staff to hand over. Raises Gone after its end, GateClosed when a key no longer turns."""
    require(by, Verb.RELEASE_EXPORT, release)
    if release.taken_down is not None:
        raise Gone("{symbol} was taken down. Nobody receives it any more.", symbol=str(release))
    shut: list[tuple[str, str]] = []
    if not still_allowed([release])[release.pk]:
        shut.append(("consent", "A source it rests on no longer allows this use. Make the package anew without those words."))
    if release.partner is not None and in_force(release.partner) is None:
        shut.append(("agreement", f"No agreement with {release.partner.name} is in force. Renew it first."))
    if shut:
        raise GateClosed("Nothing left. {said}", keys=tuple(shut), said=" ".join(f"{name.capitalize()}: {why}" for name, why in shut))
    data = b"".join(blobs.read(Blob.objects.get(name=release.pdf)))
    said = {"page": release.slug, "pdf_sha256": release.pdf_hash}
    note(by=by, verb=Verb.RELEASE_EXPORT, kind="share.release", subject=release.pk, content=said)
    return data
