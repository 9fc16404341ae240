"""Judge a warning afterwards: did it come to pass? Asked when its horizon has ended; earlier only with a reason.

The rule it guards: every warning is judged, the wrong ones too. Where action was taken, nobody knows what would have happened: the
response confounds the outcome, the ledger says so, and the warning is left out of the hit rate.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from fairwitness.errors import say
from fairwitness.mission.access import require
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.warn.models import OUTCOMES, Warning


def judge(
    warning: Warning, *, outcome: str, outcome_note: str, base: UUID | None, by: Hand, judged: date | None = None, lesson: str = "",
    early_why: str = "",
) -> Warning:  # fmt: skip
    """Judge a warning (or judge it again: the earlier judgement stays on record), at the version its judge saw."""
    require(by, Verb.WARNING_JUDGE, warning)
    with writing(by):
        now = Warning.objects.get(pk=warning.pk)
        reading = Reading()
        day = reading.day("judged", judged or today(), needed=True) or today()
        now.outcome = reading.one_of("outcome", outcome, [value for value, _ in OUTCOMES if value])
        now.outcome_note = reading.text("outcome_note", outcome_note, 20_000, needed=True)
        now.lesson = reading.text("lesson", lesson, 20_000)
        now.early_why = reading.text("early_why", early_why, 300)
        if day > today():
            reading.fault("judged", "lies in the future; give the day of the judgement")
        if day < now.issued.astimezone(ZoneInfo(mission_zone())).date():
            reading.fault("judged", "lies before the warning was issued; check the day")
        if day <= now.horizon_ends and not now.early_why:
            reading.fault("early_why", say(
                "is empty; the horizon runs to {horizon_ends:%d.%m.%Y}, so say why this is judged before",
                horizon_ends=now.horizon_ends,
            ))
        if outcome == "acted" and not now.responses.filter(kind="acted").exists():
            reading.fault("outcome", "says that action was taken, but no such response is written down; write it down first")
        reading.done()
        now.judged = day
        now.entry = base or now.entry
        now.keep(by=by, verb=Verb.WARNING_JUDGE, why=now.early_why)
        return now
