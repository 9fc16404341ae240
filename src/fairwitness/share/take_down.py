"""Take down: a publication ends, its place stays. Anybody still sees that it was there, when it ended, and the proof of both.

When a source takes back consent, every release that rests on its words goes in the very transaction of the withdrawal. The rule
it guards: nobody waits for a queue, and the public words never say that a source took something back: that, too, can point at
somebody. What had already been downloaded cannot be called back, and nobody is told that it can.
"""

from __future__ import annotations

from collections.abc import Sequence

from fairwitness.monitor.consent import at_once
from fairwitness.monitor.models import Claim
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.report.correct import Offer, offers
from fairwitness.share.end import end, end_on_purpose
from fairwitness.share.gate import still_allowed
from fairwitness.share.models import Release

WORDS = "The mission took this publication down. That it was published, and that it was taken down, stays on record."
CONSENT = "A source it rests on no longer allows this use. A correction without those words can be issued."


def take_down(release: Release, *, why: str, by: Hand) -> Release:
    """Take a release down, for a reason that stays with the staff. Raises OutOfOrder when it is down already."""
    return end_on_purpose(release, why=why, tombstone=WORDS, by=by)


@at_once
def end_with_consent(claims: Sequence[Claim], by: Hand) -> None:
    """In the transaction of a withdrawal: end every standing release that rests on these statements and may no longer."""
    rows = Release.objects.filter(claims__claim__in=claims, taken_down__isnull=True).select_related("partner").distinct()
    standing = still_allowed(rows)
    with writing(by):
        for release in rows:
            if not standing[release.pk]:
                end(release, why=CONSENT, tombstone=WORDS, by=by)


def correction_offered(release: Release) -> Offer | None:
    """The correction that is offered for the report of a release, or None when there is nothing to correct (any more)."""
    found = offers([release.report])
    return found[0] if found else None


def recipients(release: Release) -> list[Release]:
    """Who else received the same report, earlier or later: they have to be told. Newest first."""
    return list(Release.objects.filter(report_id=release.report_id).exclude(pk=release.pk).select_related("partner").order_by("-published"))
