"""End: what passed the gate stands no longer; its place stays, and the public log says that it ended.

Reports and pictures end alike, whether somebody takes them down or a consent is taken back. The rule it guards: whatever the
public log says was published, it also says when that was taken down, and never why.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar, cast

from fairwitness.errors import OutOfOrder
from fairwitness.mission.access import require
from fairwitness.monitor.read_input import Reading
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.verbs import Verb
from fairwitness.share.models import Passed

P = TypeVar("P", bound=Passed)


def end(release: Passed, *, why: str, tombstone: str, by: Hand) -> None:
    """End it, in the transaction that is open: the row, and for the public a line in the log everybody reads."""
    release.taken_down, release.taken_down_why, release.tombstone = datetime.now(UTC), why, tombstone
    release.keep(by=by, verb=Verb.RELEASE_TAKE_DOWN, why=why)
    if release.audience == Passed.PUBLIC:
        kind, said = release.kind_on_record(), release.named_in_public
        note(by=by, verb=Verb.RELEASE_TAKE_DOWN, kind=kind, subject=release.pk, content=said, public=True)


def end_on_purpose(release: P, *, why: str, tombstone: str, by: Hand) -> P:
    """Take one down for a reason that stays with the staff. Raises Refused, BadInput, OutOfOrder when it is down already."""
    require(by, Verb.RELEASE_TAKE_DOWN, release)
    reading = Reading()
    why = reading.text("why", why, 300, needed=True)
    reading.done()
    with writing(by):
        now = cast("P", type(release).objects.select_for_update(of=("self",)).get(pk=release.pk))
        if now.taken_down is not None:
            raise OutOfOrder("{what} was taken down already.", what=str(now))
        end(now, why=why, tombstone=tombstone, by=by)
    make_checkpoint("public")
    return now
