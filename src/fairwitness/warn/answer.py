"""Answer: what the addressee did about a warning, and when: acknowledged, acted, declined.

The rule it guards: an answer is dated and in words; silence is counted as silence; that action was taken is written down
before anybody judges whether the warning was right.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from fairwitness.mission.access import require
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.warn.models import Warning, WarningResponse


def answer(warning: Warning, *, kind: str, responded: date, text: str, by: Hand, thing_id: UUID | None = None) -> WarningResponse:
    """Write down one response of the addressee."""
    require(by, Verb.WARNING_ANSWER, warning)
    with writing(by):
        before = made_before(WarningResponse, thing_id, by)
        if before is not None:
            return before
        reading = Reading()
        day = reading.day("responded", responded, needed=True) or today()
        made = WarningResponse(
            warning=warning, kind=reading.one_of("kind", kind, dict(WarningResponse.KINDS)),
            responded=day, text=reading.text("text", text, 20_000, needed=True),
        )  # fmt: skip
        if day < warning.issued.astimezone(ZoneInfo(mission_zone())).date():
            reading.fault("responded", "lies before the warning was issued; check the day")
        if day > today():
            reading.fault("responded", "lies in the future; write an answer down when it has come")
        reading.done()
        made.pk = thing_id or made.pk
        made.keep(by=by, verb=Verb.WARNING_ANSWER)
        return made
