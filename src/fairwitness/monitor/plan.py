"""Plan an activity: who means to go where, when and why, before anybody goes.

What was intended and what was done are kept apart: reporting (see `visit`) never overwrites the plan. The rule it
guards: a plan has a place, a purpose and times in order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Place, Unit
from fairwitness.monitor.hold import holding_unit
from fairwitness.monitor.models import Activity
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

KINDS = [kind for kind, _ in Activity.KINDS]


def plan_activity(
    *, kind: str, purpose: str, place: Place, by: Hand, planned_from: datetime | None = None, planned_until: datetime | None = None,
    institution: Counterpart | None = None, unit: Unit | None = None, members: int | None = None, vehicles: int | None = None,
    route: str = "", coordination: str = "", sensitivity: int = Sensitivity.INTERNAL, time_zone: str = "", public_source: str = "",
    code: str = "", thing_id: UUID | None = None,
) -> Activity:  # fmt: skip
    """Plan; returns the activity in state planned. Raises BadInput, Refused."""
    require(by, Verb.ACTIVITY_PLAN)
    reading = Reading()
    begin = reading.moment("planned_from", planned_from)
    end = reading.moment("planned_until", planned_until)
    reading.order("planned_until", begin, end)
    if end is not None and begin is None:
        reading.fault("planned_from", "is empty; a plan with an end has a beginning")
    values: dict[str, Any] = {
        "kind": reading.one_of("kind", kind, KINDS), "purpose": reading.text("purpose", purpose, 300, needed=True),
        "planned_from": begin, "planned_until": end, "members": reading.whole("members", members, most=500),
        "vehicles": reading.whole("vehicles", vehicles, most=500), "route": reading.text("route", route, 500),
        "coordination": reading.text("coordination", coordination, 500), "sensitivity": reading.sensitivity(sensitivity),
        "time_zone": reading.zone(time_zone), "public_source": reading.text("public_source", public_source, 500),
        "place": reading.place(place), "code": reading.text("code", code, 32),
        "institution": reading.thing("institution", institution, Counterpart, needed=False),
    }  # fmt: skip
    reading.done()
    holder = holding_unit(by, Verb.ACTIVITY_PLAN, place, unit)
    activity = Activity(unit=holder, **values, **({"id": thing_id} if thing_id else {}))
    require(by, Verb.ACTIVITY_PLAN, activity)
    with writing(by):
        before = made_before(Activity, thing_id, by)
        if before is not None:
            return before
        return keep_numbered(activity, series_of(holder.code, "V"), by=by, verb=Verb.ACTIVITY_PLAN)[0]
