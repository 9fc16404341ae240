"""Change who a report may go to: a restricted one is made public, an open one is held back.

The rule it guards: the report itself stays as it was issued; the change is a decision of its own, with its authority, its day
and its reason. What leaves afterwards carries the note, and those who had it before stay on the list.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fairwitness.errors import OutOfOrder, say
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.tell_time import today
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Report
from fairwitness.share.models import Marking


def change_marking(
    report: Report, to: int, *, authority: str, why: str, by: Hand, decided: date | None = None, thing_id: UUID | None = None
) -> Marking:
    """Put a change of distribution on record. Raises OutOfOrder for a report that is not issued: mark the draft instead."""
    require(by, Verb.RELEASE_MARK, report)
    with writing(by):
        before = made_before(Marking, thing_id, by)
        if before is not None:
            return before
        if report.state != Report.ISSUED:
            raise OutOfOrder("{symbol} is not issued yet; mark the draft as it should go out.", symbol=report.symbol)
        reading = Reading()
        made = Marking(id=thing_id or uuid7(), report=report, was=marking_of(report))
        made.now = reading.sensitivity(to, "to")
        made.authority = reading.text("authority", authority, 200, needed=True)
        made.why = reading.text("why", why, 500, needed=True)
        made.decided = reading.day("decided", decided) or today()
        if made.decided > today():
            reading.fault("decided", "lies in the future; write it down when it was decided")
        if made.now == made.was:
            reading.fault("to", say("is what it is already ({label}); nothing would change", label=say(Sensitivity(made.was).label)))
        reading.done()
        made.keep(by=by, verb=Verb.RELEASE_MARK, why=made.why)
        return made


def newest_marking(report: Report) -> Marking | None:
    """The newest decision about a report's distribution, or None."""
    found: Marking | None = Marking.objects.filter(report=report).order_by("-id").first()
    return found


def marking_of(report: Report) -> int:
    """Who a report may go to today."""
    decision = newest_marking(report)
    return decision.now if decision else report.sensitivity


def note_of(report: Report) -> str:
    """The note under which a report is distributed again after its distribution changed, or nothing."""
    decision = newest_marking(report)
    if decision is None:
        return ""
    day = f"{decision.decided.day} {decision.decided:%B %Y}"
    return f"*) Re-distribution due to change of the status of the document: {Sensitivity(report.sensitivity).label} until {day}."
