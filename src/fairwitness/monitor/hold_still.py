"""Hold still: while something is let out, what its sources and pictures allow does not change, and the other way round.

Two people act in the same second: one publishes, one writes down that a source took its word back. Whoever comes second waits
for the first and then looks: the publisher finds the "no", or the withdrawal finds the release and ends it. The rule it guards:
no order of the two leaves words standing that somebody took back. SQLite has one writer at a time, so there nobody needs to wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from fairwitness.monitor.models import Attachment, Claim, Source


def hold_sources_of(claims: Iterable[UUID]) -> None:
    """Until the end of this transaction nobody else holds the sources of these claims. One order for all, so that none wait in a circle."""
    sources = set(Claim.objects.filter(pk__in=list(claims)).values_list("source_id", flat=True))
    list(Source.objects.select_for_update(no_key=True).filter(pk__in=sources).order_by("pk").values_list("pk", flat=True))


def hold_pictures(originals: Iterable[UUID]) -> None:
    """Until the end of this transaction nobody else holds these pictures as they came."""
    list(Attachment.objects.select_for_update(no_key=True).filter(pk__in=set(originals)).order_by("pk").values_list("pk", flat=True))
