"""Issue a warning: what may be about to happen, where, by when; who is asked to do what; on which basis.

The rule it guards: a warning without a horizon cannot be judged and one without an addressee cannot be answered, so neither is
issued. The likelihood is said in words, other readings stand beside it, and it rests on something.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from fairwitness.analyse.models import Finding
from fairwitness.errors import BadInput, Fault
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Place, Unit
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Claim, Observation
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.begin import read_code, require_new
from fairwitness.warn.models import LIKELIHOODS, Warning, WarningBasis

Basis = Observation | Claim | Finding


def issue(
    *,
    title: str,
    text: str,
    place: Place,
    likelihood: str,
    severity: str,
    horizon_ends: date,
    addressee: Counterpart,
    action_asked: str,
    basis: Sequence[Basis],
    by: Hand,
    likelihood_why: str = "",
    alternatives: str = "",
    action_due: date | None = None,
    issued: datetime | None = None,
    unit: Unit | None = None,
    sensitivity: int = Sensitivity.INTERNAL,
    code: str = "",
    thing_id: UUID | None = None,
) -> Warning:
    """Issue a warning. `issued` is now unless an earlier moment is given; `basis` are observations, claims and findings."""
    require(by, Verb.WARNING_ISSUE)
    with writing(by):
        before = made_before(Warning, thing_id, by)
        if before is not None:
            return before
        reading = Reading()
        ends = reading.day("horizon_ends", horizon_ends, needed=True)
        unit = holding_unit(by, Verb.WARNING_ISSUE, place, unit)
        made = Warning(
            code=read_code(reading, Warning, code), title=reading.text("title", title, 200, needed=True),
            text=reading.text("text", text, 20_000, needed=True), place=reading.place(place),
            likelihood=reading.one_of("likelihood", likelihood, dict(LIKELIHOODS)),
            likelihood_why=reading.text("likelihood_why", likelihood_why, 5_000),
            severity=reading.text("severity", severity, 300, needed=True), alternatives=reading.text("alternatives", alternatives, 20_000),
            issued=reading.moment("issued", issued, past=True) or datetime.now(UTC),
            horizon_ends=ends or date.max,
            addressee=reading.thing("addressee", addressee, Counterpart, remedy="say who is warned; a warning to nobody is none"),
            action_asked=reading.text("action_asked", action_asked, 300, needed=True), action_due=reading.day("action_due", action_due),
            unit=unit, sensitivity=reading.sensitivity(sensitivity),
        )  # fmt: skip
        seen(by, *basis)
        _horizon(reading, made)
        if not basis:
            reading.fault("basis", "is empty; name the observations, claims or findings the warning rests on")
        reading.done()
        require_new(by, Verb.WARNING_ISSUE, made)
        made.pk = thing_id or made.pk
        made, new = keep_numbered(made, series_of(unit.code, "W"), by=by, verb=Verb.WARNING_ISSUE)
        if new:
            _tie(made, basis, by)
        return made


def _horizon(reading: Reading, made: Warning) -> None:
    day = made.issued.astimezone(ZoneInfo(mission_zone())).date()
    if made.horizon_ends <= day:
        reading.fault("horizon_ends", "does not lie after the day of issue; say until when this may happen")
    if made.action_due is not None and made.action_due < day:
        reading.fault("action_due", "lies before the day of issue; give a day on which the addressee can still act")
    if made.action_due is not None and made.action_due > made.horizon_ends:
        reading.fault("action_due", "lies after the end of the horizon; an act asked for too late is not an answer")


def _tie(warning: Warning, basis: Sequence[Basis], by: Hand) -> None:
    for one in dict.fromkeys(basis):
        name = {Observation: "observation", Claim: "claim", Finding: "finding"}.get(type(one))
        if name is None:
            raise BadInput.of(Fault("basis", "is an observation, a claim or a finding; nothing else"))
        WarningBasis(warning=warning, **{name: one}).keep(by=by, verb=Verb.WARNING_ISSUE)
