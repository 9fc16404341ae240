"""Agree with a partner what it may receive: on which basis, up to which sensitivity, from when to when, with which caveats.

The rule it guards: without an agreement in force a partner receives nothing, and an agreement never opens more than its ceiling.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart
from fairwitness.mission.tell_time import today
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb
from fairwitness.share.models import Agreement


def agree(
    partner: Counterpart,
    *,
    title: str,
    basis: str,
    valid_from: date,
    by: Hand,
    valid_until: date | None = None,
    ceiling: int = Sensitivity.INTERNAL,
    caveats: str = "",
    thing_id: UUID | None = None,
) -> Agreement:
    """Write down an agreement with a partner. Raises BadInput, Refused."""
    require(by, Verb.AGREEMENT_EDIT)
    with writing(by):
        before = made_before(Agreement, thing_id, by)
        if before is not None:
            return before
        made = Agreement(id=thing_id or uuid7(), partner=partner, valid_from=valid_from, valid_until=valid_until, ceiling=ceiling)
        made.title, made.basis, made.caveats = title, basis, caveats
        _read(made)
        made.keep(by=by, verb=Verb.AGREEMENT_EDIT)
        return made


def end_agreement(agreement: Agreement, *, on: date, why: str, by: Hand, base: UUID | None = None) -> Agreement:
    """End an agreement on a day. What has left stays listed; nothing more leaves from the day after."""
    require(by, Verb.AGREEMENT_EDIT)
    with writing(by):
        now: Agreement = Agreement.objects.get(pk=agreement.pk)
        reading = Reading()
        why = reading.text("why", why, 300, needed=True)
        now.valid_until = reading.day("on", on, needed=True)
        reading.done()
        reading.order("on", now.valid_from, now.valid_until)
        reading.done()
        now.entry = base or now.entry
        now.keep(by=by, verb=Verb.AGREEMENT_EDIT, why=why)
        return now


def in_force(partner: Counterpart, on: date | None = None) -> Agreement | None:
    """The agreement with this partner that stands on a day: of several the one with the highest ceiling."""
    day = on or today()
    standing = [one for one in Agreement.objects.filter(partner=partner).order_by("-ceiling", "-valid_from", "id") if one.stands(day)]
    return standing[0] if standing else None


def _read(made: Agreement) -> None:
    reading = Reading()
    made.title = reading.text("title", made.title, 200, needed=True)
    made.basis = reading.text("basis", made.basis, 300, needed=True)
    made.caveats = reading.text("caveats", made.caveats, 5_000)
    made.ceiling = reading.sensitivity(made.ceiling, "ceiling")
    reading.day("valid_from", made.valid_from, needed=True)
    reading.day("valid_until", made.valid_until)
    reading.done()
    reading.order("valid_until", made.valid_from, made.valid_until)
    reading.done()
