"""Deliver a training: it was held, and so many took part, counted by sex.

The rules it guards: three numbers, and the third is for those who did not state it; community is never inferred and is not
asked for. What has not ended yet has not been delivered.
"""

from __future__ import annotations

from uuid import UUID

from fairwitness.assist.models import Training
from fairwitness.errors import say
from fairwitness.mission.access import require
from fairwitness.mission.tell_time import today
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

MOST = 100_000


def deliver(
    training: Training,
    *,
    by: Hand,
    women: int | None = None,
    men: int | None = None,
    not_stated: int | None = None,
    base: UUID | None = None,
    why: str = "",
) -> Training:
    """Write down that it was held, and who took part. Writing it again corrects the numbers, with the reason.

    Of advice and projects the numbers may be left open: not everything that helps has participants.
    """
    require(by, Verb.TRAINING_DELIVER, training)
    with writing(by):
        now: Training = Training.objects.get(pk=training.pk)
        reading = Reading()
        given = {"women": women, "men": men, "not_stated": not_stated}
        counts = {name: reading.whole(name, value, most=MOST) for name, value in given.items()}
        why = reading.text("why", why, 300, needed=now.delivered)
        open_ = [name for name, value in given.items() if value is None]
        if open_ and (now.kind == "training" or len(open_) < len(given)):
            for name in open_:
                reading.fault(name, "is empty; write 0 if there was nobody")
        if now.ends > today():
            reading.fault("women", say("cannot be counted yet: it lasts until {ends}", ends=now.ends.isoformat()))
        elif not open_ and not any(counts.values()):
            reading.fault("women", "and the others are all 0; an activity nobody came to was not delivered")
        reading.done()
        _not_below(reading, now, sum(value or 0 for value in counts.values()))
        now.women, now.men, now.not_stated, now.delivered = counts["women"], counts["men"], counts["not_stated"], True
        now.entry = base or now.entry
        now.keep(by=by, verb=Verb.TRAINING_DELIVER, why=why)
        return now


def _not_below(reading: Reading, training: Training, attended: int) -> None:
    """Those who answered an evaluation were there."""
    most = max((one.respondents or 0 for one in training.evaluations.all()), default=0)
    if most > attended:
        reading.fault("women", say(
            "with the others makes {attended}, but {most} answered an evaluation; correct one of the two",
            attended=attended, most=most,
        ))
    reading.done()
