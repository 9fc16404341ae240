"""Quota: how much may be uploaded, so that one person's films do not stop everybody's reports.

Three ends, each a setting: of one file, of what one member sends in a day, of everything that is kept; and the disk keeps a
rest free for the record itself. The rule it guards: what does not fit is refused before it is sealed, with what is left and
who can change it; what is kept is never thrown out to make room.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Sum

from fairwitness.errors import BadInput, Fault, Unreachable
from fairwitness.record.hand import Hand
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.models import Blob, Entry

KIND = "record.blob"
MEGA = 1024 * 1024


def used() -> int:
    """Bytes that attachments take on the disk."""
    return int(Blob.objects.aggregate(total=Sum("size"))["total"] or 0)


def first_since(moment: datetime) -> int:
    """The position of the first entry recorded at or after a moment, found without reading the log from its beginning."""
    wanted = stamp(moment)
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first()
    low, high = 0, 0 if last is None else int(last) + 1
    while low < high:
        middle = (low + high) // 2
        recorded = Entry.objects.filter(seq=middle).values_list("recorded", flat=True).first()
        if recorded is not None and recorded < wanted:
            low = middle + 1
        else:
            high = middle
    return low


def sent_today(by: Hand) -> int:
    """Bytes this member has sent since midnight, in the time of the record (UTC)."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Entry.objects.filter(seq__gte=first_since(midnight), kind=KIND, member=str(by.member)).values_list("subject", flat=True)
    return int(Blob.objects.filter(pk__in=list(mine)).aggregate(total=Sum("size"))["total"] or 0)


def allowed(by: Hand, most: int | None) -> int | None:
    """How many bytes this hand may keep now in one file. Raises BadInput at an end of its own, Unreachable at one of the node's."""
    if shutil.disk_usage(_disk()).free < settings.LEAST_FREE:
        raise Unreachable("The disk of this node is nearly full, so no file is taken. Reports can still be written; tell its keeper.")
    if settings.BLOBS_MOST and used() >= settings.BLOBS_MOST:
        raise Unreachable("This node keeps as many files as it was set to keep. Reports can still be written; tell its keeper.")
    if by.member is None:
        return most
    left = settings.UPLOAD_DAY_MOST - sent_today(by)
    if left <= 0:
        sentence = f"would be more than {settings.UPLOAD_DAY_MOST // MEGA} MB today, the most one member sends in a day; send it tomorrow"
        raise BadInput.of(Fault("file", sentence))
    own = settings.UPLOAD_MOST if most is None else min(most, settings.UPLOAD_MOST)
    return min(own, left)


def _disk() -> Path:
    data = Path(settings.FAIRWITNESS_DATA)
    return data if data.exists() else Path(".")
