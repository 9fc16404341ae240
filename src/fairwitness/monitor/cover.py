"""Cover: state where the mission could perceive, from when to when and by which means; or where it could not, and why.

Zero is not quiet: a count means something only beside the coverage that stands here. The rule it guards: a device
that was down is written down as down, with the reason, and never passes for a quiet night.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fairwitness.errors import BrokenRule, OutOfOrder
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Place, Unit
from fairwitness.monitor.correct import write_correction
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Activity, Coverage
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

NO_REASON = "is empty; say why nothing could be perceived, such as no power or lens covered"
CORRECTABLE = {"place", "means", "device", "since", "until", "operational", "reason", "sensitivity"}


def state_coverage(
    *, place: Place, means: str, since: datetime, until: datetime, by: Hand, operational: bool = True, reason: str = "", device: str = "",
    activity: Activity | None = None, unit: Unit | None = None, sensitivity: int = Sensitivity.INTERNAL, thing_id: UUID | None = None,
) -> Coverage:  # fmt: skip
    """State coverage of a place for a window. Raises BadInput, Refused."""
    require(by, Verb.COVERAGE_STATE)
    reading = Reading()
    begin = reading.moment("since", since, needed=True)
    end = reading.moment("until", until, needed=True, past=True)
    reading.order("until", begin, end)
    words = reading.text("reason", reason, 300)
    if not operational and not words:
        reading.fault("reason", NO_REASON)
    method = reading.term("means", means, "means")
    named = reading.text("device", device, 120)
    step = reading.sensitivity(sensitivity)
    reading.place(place)
    reading.done()
    assert begin is not None and end is not None
    seen(by, activity)
    holder = activity.unit if activity is not None else holding_unit(by, Verb.COVERAGE_STATE, place, unit)
    made = Coverage(
        place=place, activity=activity, means=method, device=named, since=begin, until=end, operational=bool(operational), reason=words,
        unit=holder, sensitivity=step, **({"id": thing_id} if thing_id else {}),
    )  # fmt: skip
    require(by, Verb.COVERAGE_STATE, made)
    with writing(by):
        before = made_before(Coverage, thing_id, by)
        if before is not None:
            return before
        made.keep(by=by, verb=Verb.COVERAGE_STATE)
    return made


def correct_coverage(coverage: Coverage, changes: dict[str, Any], *, why: str, base: UUID | None, by: Hand) -> Coverage:
    """Correct where the mission could perceive. What an activity covers follows its own times: correct those. Raises BadInput, Stale."""
    require(by, Verb.COVERAGE_EDIT, coverage)
    if coverage.activity is not None and not coverage.device:
        raise OutOfOrder("This coverage follows from {code}. Correct the times of that activity.", code=coverage.activity.code)
    reading = Reading()
    why = reading.why(why)
    reading.only(changes, CORRECTABLE)
    given = {name: getattr(coverage, name) for name in ("since", "until", "operational", "reason")} | changes
    values: dict[str, Any] = {
        "since": reading.moment("since", given["since"], needed=True),
        "until": reading.moment("until", given["until"], needed=True, past=True),
        "operational": bool(given["operational"]), "reason": reading.text("reason", given["reason"], 300),
    }  # fmt: skip
    reading.order("until", values["since"], values["until"])
    if not values["operational"] and not values["reason"]:
        reading.fault("reason", NO_REASON)
    if "place" in changes:
        values["place"] = reading.place(changes["place"])
    if "means" in changes:
        values["means"] = reading.term("means", changes["means"], "means")
    if "device" in changes:
        values["device"] = reading.text("device", changes["device"], 120)
    if "sensitivity" in changes:
        values["sensitivity"] = reading.sensitivity(changes["sensitivity"])
    reading.done()
    return write_correction(coverage, values, verb=Verb.COVERAGE_EDIT, why=why, base=base, by=by)


def cover_activity(activity: Activity, *, means: str, by: Hand) -> Coverage:
    """The coverage a done activity produces for its own window; follows when the times are corrected. Part of reporting it."""
    if activity.started is None or activity.ended is None:
        raise BrokenRule("an activity without times covers nothing; report it first")
    with writing(by):
        made = Coverage.objects.filter(activity=activity, device="").order_by("id").first()
        if made is None:
            made = Coverage(activity=activity, place=activity.place, means=means or "saw", unit=activity.unit)
        elif (made.since, made.until, made.place_id, made.sensitivity) == (
            activity.started, activity.ended, activity.place_id, activity.sensitivity,
        ):  # fmt: skip
            return made
        made.since, made.until, made.sensitivity, made.place = activity.started, activity.ended, activity.sensitivity, activity.place
        made.keep(by=by, verb=Verb.COVERAGE_STATE, why=f"from {activity.code}")
    return made
