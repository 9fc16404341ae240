"""Restrict: write down that access was refused, delayed or made conditional, by whom, and the reason in their words.

A real report gave a 43-minute delay between 12:11 and 12:33. Here the length is computed from the times; what
was typed beside it stays on record, and where the two disagree the page says so and clearance stops. The rule it
guards: a restriction is a fact of its own, one for each time we were stopped.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Place, Unit
from fairwitness.monitor.correct import write_correction
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Activity, Restriction
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

WORDS = {"actor": 200, "reason_quoted": 5_000, "reason_language": 16, "direction": 120, "outcome": 200, "notified": 300}
NUMBERS = {"vehicles": 500, "members": 500, "typed_minutes": 1_000_000}
CORRECTABLE = {*WORDS, *NUMBERS, "kind", "place", "began", "ended", "sensitivity"}


def report_restriction(
    *, place: Place, kind: str, actor: str, began: datetime, by: Hand, ended: datetime | None = None, reason_quoted: str = "",
    reason_language: str = "", direction: str = "", vehicles: int | None = None, members: int | None = None,
    typed_minutes: int | None = None, outcome: str = "", notified: str = "", activity: Activity | None = None,
    unit: Unit | None = None, sensitivity: int = Sensitivity.INTERNAL, time_zone: str = "", thing_id: UUID | None = None,
) -> Restriction:  # fmt: skip
    """Report a restriction. `typed_minutes` is kept as typed; `restriction.minutes()` is computed. Raises BadInput, Refused."""
    require(by, Verb.RESTRICTION_REPORT)
    reading = Reading()
    given = {
        "kind": kind, "actor": actor, "began": began, "ended": ended, "reason_quoted": reason_quoted, "reason_language": reason_language,
        "direction": direction, "vehicles": vehicles, "members": members, "typed_minutes": typed_minutes, "outcome": outcome,
        "notified": notified, "sensitivity": sensitivity, "place": place,
    }  # fmt: skip
    values = _read(reading, given)
    values["time_zone"] = reading.zone(time_zone)
    reading.done()
    seen(by, activity)
    holder = activity.unit if activity is not None else holding_unit(by, Verb.RESTRICTION_REPORT, place, unit)
    made = Restriction(activity=activity, unit=holder, **values, **({"id": thing_id} if thing_id else {}))
    require(by, Verb.RESTRICTION_REPORT, made)
    with writing(by):
        before = made_before(Restriction, thing_id, by)
        if before is not None:
            return before
        return keep_numbered(made, series_of(holder.code, "R"), by=by, verb=Verb.RESTRICTION_REPORT)[0]


def correct_restriction(restriction: Restriction, changes: dict[str, Any], *, why: str, base: UUID | None, by: Hand) -> Restriction:
    """Correct what was reported; the length follows the corrected times. Raises BadInput, Stale."""
    require(by, Verb.RESTRICTION_EDIT, restriction)
    reading = Reading()
    why = reading.why(why)
    reading.only(changes, CORRECTABLE)
    stands = {name: getattr(restriction, name) for name in ("began", "ended", "reason_quoted", "reason_language")}
    values = _read(reading, stands | {name: value for name, value in changes.items() if name in CORRECTABLE})
    reading.done()
    return write_correction(restriction, values, verb=Verb.RESTRICTION_EDIT, why=why, base=base, by=by)


def _read(reading: Reading, given: dict[str, Any]) -> dict[str, Any]:
    """The columns that follow from what was given; faults go to the reading."""
    values: dict[str, Any] = {
        name: reading.text(name, given[name], most, needed=name == "actor") for name, most in WORDS.items() if name in given
    }
    values |= {name: reading.whole(name, given[name], most=most) for name, most in NUMBERS.items() if name in given}
    values["began"] = reading.moment("began", given["began"], needed=True, past=True)
    values["ended"] = reading.moment("ended", given["ended"], past=True)
    reading.order("ended", values["began"], values["ended"])
    if "kind" in given:
        values["kind"] = reading.term("kind", given["kind"], "restriction")
    if "place" in given:
        values["place"] = reading.place(given["place"])
    if "sensitivity" in given:
        values["sensitivity"] = reading.sensitivity(given["sensitivity"])
    if values["reason_quoted"] and not values["reason_language"]:
        reading.fault("reason_language", "is empty; say in which language the reason was given, for example sq or sr")
    return values
