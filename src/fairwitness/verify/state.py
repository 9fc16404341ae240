"""State an obligation: what was promised, by whom, under which text, and how one would see that it is kept.

The rule it guards: an obligation without a legal basis in force on its first day is an opinion. That something is
established on paper and that it works in practice are stated, and later checked, apart.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fairwitness.mission.access import require
from fairwitness.mission.models import Counterpart, Standard
from fairwitness.mission.tell_time import today
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.begin import read_code
from fairwitness.verify.find_text import covers, find_text
from fairwitness.verify.models import Obligation


def state_obligation(
    *,
    code: str,
    title: str,
    standard: Standard,
    text: str,
    measure: str,
    by: Hand,
    aspect: str = "works",
    established_by: Obligation | None = None,
    party: Counterpart | None = None,
    due: date | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    thing_id: UUID | None = None,
) -> Obligation:
    """Put an obligation on record. Its text must be in force on the day it begins (today, when no day is given)."""
    require(by, Verb.OBLIGATION_STATE)
    with writing(by):
        before = made_before(Obligation, thing_id, by)
        if before is not None:
            return before
        reading = Reading()
        made = Obligation(
            code=read_code(reading, Obligation, code, needed=True), title=reading.text("title", title, 300, needed=True), standard=standard,
            text=reading.text("text", text, 20_000, needed=True), measure=reading.text("measure", measure, 5_000, needed=True),
            aspect=reading.one_of("aspect", aspect, dict(Obligation.ASPECTS)), established_by=established_by, party=party,
            due=reading.day("due", due), valid_from=reading.day("valid_from", valid_from), valid_to=reading.day("valid_to", valid_to),
        )  # fmt: skip
        reading.order("valid_to", made.valid_from, made.valid_to)
        if established_by is not None and (aspect != "works" or established_by.aspect != "established"):
            reading.fault("established_by", "only what works in practice rests on something established; choose one of that kind")
        reading.done()
        _basis(made)
        made.pk = thing_id or made.pk
        made.keep(by=by, verb=Verb.OBLIGATION_STATE)
        return made


def _basis(made: Obligation) -> None:
    # Without a first day of its own an obligation begins with its text: a law of the past still obliged, then.
    now = today()
    day = made.valid_from or (now if covers(made.standard, now) else made.standard.in_force_from or now)
    find_text(made.standard, day, "valid_from")
