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
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Activity, Restriction
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb


def report_restriction(
    *, place: Place, kind: str, actor: str, began: datetime, by: Hand, ended: datetime | None = None, reason_quoted: str = "",
    reason_language: str = "", direction: str = "", vehicles: int | None = None, members: int | None = None,
    typed_minutes: int | None = None, outcome: str = "", notified: str = "", activity: Activity | None = None,
    unit: Unit | None = None, sensitivity: int = Sensitivity.INTERNAL, time_zone: str = "", thing_id: UUID | None = None,
) -> Restriction:  # fmt: skip
    """Report a restriction. `typed_minutes` is kept as typed; `restriction.minutes()` is computed. Raises BadInput, Refused."""
    require(by, Verb.RESTRICTION_REPORT)
    reading = Reading()
    values: dict[str, Any] = {
        "kind": reading.term("kind", kind, "restriction"), "actor": reading.text("actor", actor, 200, needed=True),
        "began": reading.moment("began", began, needed=True, past=True), "ended": reading.moment("ended", ended, past=True),
        "reason_quoted": reading.text("reason_quoted", reason_quoted, 5_000),
        "reason_language": reading.text("reason_language", reason_language, 16), "direction": reading.text("direction", direction, 120),
        "vehicles": reading.whole("vehicles", vehicles, most=500), "members": reading.whole("members", members, most=500),
        "typed_minutes": reading.whole("typed_minutes", typed_minutes, most=1_000_000), "notified": reading.text("notified", notified, 300),
        "outcome": reading.text("outcome", outcome, 200), "sensitivity": reading.sensitivity(sensitivity),
        "time_zone": reading.zone(time_zone), "place": reading.place(place),
    }  # fmt: skip
    reading.order("ended", values["began"], values["ended"])
    if values["reason_quoted"] and not values["reason_language"]:
        reading.fault("reason_language", "is empty; say in which language the reason was given, for example sq or sr")
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
