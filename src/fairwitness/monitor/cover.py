"""Cover: state where the mission could perceive, from when to when and by which means; or where it could not, and why.

Zero is not quiet: a count means something only beside the coverage that stands here. The rule it guards: a device
that was down is written down as down, with the reason, and never passes for a quiet night.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fairwitness.errors import BrokenRule
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Place, Unit
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Activity, Coverage
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb


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
        reading.fault("reason", "is empty; say why nothing could be perceived, such as no power or lens covered")
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


def cover_activity(activity: Activity, *, means: str, by: Hand) -> Coverage:
    """The coverage a done activity produces for its own window; follows when the times are corrected. Part of reporting it."""
    if activity.started is None or activity.ended is None:
        raise BrokenRule("an activity without times covers nothing; report it first")
    with writing(by):
        made = Coverage.objects.filter(activity=activity, device="").order_by("id").first()
        if made is None:
            made = Coverage(activity=activity, place=activity.place, means=means or "saw", unit=activity.unit)
        elif (made.since, made.until) == (activity.started, activity.ended):
            return made
        made.since, made.until, made.sensitivity = activity.started, activity.ended, activity.sensitivity
        made.keep(by=by, verb=Verb.COVERAGE_STATE, why=f"from {activity.code}")
    return made
