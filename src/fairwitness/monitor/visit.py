"""Visit: report what became of an activity. Done, with times, members and the safety outcome; or not done, with the reason.

The safety outcome is stated also when nothing happened: silence would read as “fine”. A visit without any
observation is valid, and it is what makes a zero mean something: done activities produce coverage for their window.
The rule it guards: an end does not lie before its beginning, and what has not happened is not reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fairwitness.errors import OutOfOrder, say
from fairwitness.mission.access import require
from fairwitness.mission.models import Counterpart, Member, Place
from fairwitness.monitor.correct import write_correction
from fairwitness.monitor.cover import cover_activity
from fairwitness.monitor.models import Activity, ActivityMember
from fairwitness.monitor.number import made_before
from fairwitness.monitor.plan import KINDS, plan_activity
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

SAFETY = ("none", "damage", "hurt")
PLANNED = ("planned_from", "planned_until")
WORDS = {"purpose": 300, "summary": 20_000, "safety_note": 500, "route": 500, "coordination": 500, "not_done_reason": 300}
CORRECTABLE = {*PLANNED, *WORDS, "kind", "place", "institution", "started", "ended", "members", "vehicles", "safety", "sensitivity"}


def report_activity(
    activity: Activity, *, done: bool, by: Hand, started: datetime | None = None, ended: datetime | None = None, safety: str = "",
    safety_note: str = "", members: int | None = None, took_part: Sequence[Member] = (), vehicles: int | None = None,
    route: str | None = None, summary: str = "", not_done_reason: str = "", means: str = "saw", base: UUID | None = None,
) -> Activity:  # fmt: skip
    """Report a planned activity as done or not done. Raises BadInput, Stale, OutOfOrder when it was reported before."""
    require(by, Verb.ACTIVITY_REPORT, activity)
    reading = Reading()
    said = _read_outcome(reading, activity, done, started, ended, safety, safety_note, not_done_reason)
    said["summary"] = reading.text("summary", summary, 20_000)
    said |= {name: given for name, given in _read_numbers(reading, members, took_part, vehicles, route).items() if given is not None}
    people = _members(reading, took_part)
    reading.done()
    with writing(by):
        if activity.state != Activity.PLANNED:
            raise OutOfOrder("This activity was already reported as {state}. Correct it instead.", state=activity.get_state_display())
        if base is not None:
            activity.entry = base
        for name, value in said.items():
            setattr(activity, name, value)
        activity.keep(by=by, verb=Verb.ACTIVITY_REPORT)
        _keep_members(activity, people, by, Verb.ACTIVITY_REPORT)
        if done:
            cover_activity(activity, means=means, by=by)
    return activity


def report_visit(
    *, kind: str, purpose: str, place: Place, started: datetime, ended: datetime, safety: str, by: Hand, thing_id: UUID | None = None,
    done_with: dict[str, Any] | None = None, **planned: Any,
) -> Activity:  # fmt: skip
    """Report an activity that nobody planned: plan and report in one. `done_with` goes to `report_activity`, the rest to the plan."""
    with writing(by):
        before = made_before(Activity, thing_id, by)
        if before is not None:
            return before
        made = plan_activity(kind=kind, purpose=purpose, place=place, thing_id=thing_id, by=by, **planned)
        return report_activity(made, done=True, started=started, ended=ended, safety=safety, by=by, **(done_with or {}))


def correct_activity(activity: Activity, changes: dict[str, Any], *, why: str, base: UUID | None, by: Hand) -> Activity:
    """Correct what was planned or reported; the earlier words stay on record. Coverage follows. Raises BadInput, Stale.

    Whether it was done is not corrected here: what was not done covers nothing, and that is reported anew.
    """
    require(by, Verb.ACTIVITY_EDIT, activity)
    reading = Reading()
    why = reading.why(why)
    reading.only(changes, CORRECTABLE)
    values: dict[str, Any] = {name: reading.moment(name, changes[name]) for name in PLANNED if name in changes}
    for name in ("started", "ended"):
        values[name] = reading.moment(name, changes.get(name, getattr(activity, name)), needed=activity.state == Activity.DONE, past=True)
    reading.order("ended", values["started"], values["ended"])
    reading.order("planned_until", *(changes.get(name, getattr(activity, name)) for name in PLANNED))
    values |= {name: reading.text(name, changes[name], most, needed=name == "purpose") for name, most in WORDS.items() if name in changes}
    values |= {name: reading.whole(name, changes[name], most=500) for name in ("members", "vehicles") if name in changes}
    _read_choices(reading, changes, values, activity)
    reading.done()
    with writing(by):
        write_correction(activity, values, verb=Verb.ACTIVITY_EDIT, why=why, base=base, by=by)
        if activity.state == Activity.DONE:
            cover_activity(activity, means="", by=by)
    return activity


def _read_choices(reading: Reading, changes: dict[str, Any], values: dict[str, Any], activity: Activity) -> None:
    if "kind" in changes:
        values["kind"] = reading.one_of("kind", changes["kind"], KINDS)
    if "place" in changes:
        values["place"] = reading.place(changes["place"])
    if "institution" in changes:
        values["institution"] = reading.thing("institution", changes["institution"], Counterpart, needed=False)
    if "sensitivity" in changes:
        values["sensitivity"] = reading.sensitivity(changes["sensitivity"])
    if "safety" in changes:
        values["safety"] = reading.one_of("safety", changes["safety"], SAFETY)
    note = values.get("safety_note", activity.safety_note)
    if values.get("safety", activity.safety) in ("damage", "hurt") and not note:
        reading.fault("safety_note", "is empty; say who was hurt or what was damaged, and who was told")
    if activity.state == Activity.NOT_DONE and values.get("not_done_reason", activity.not_done_reason) == "":
        reading.fault("not_done_reason", "is empty; say why nobody went, for nobody was there to look")


def _read_outcome(
    reading: Reading, activity: Activity, done: bool, started: Any, ended: Any, safety: str, safety_note: str, not_done_reason: str
) -> dict[str, Any]:
    if not done:
        reason = reading.text("not_done_reason", not_done_reason, 300)
        if not reason:
            reading.fault("not_done_reason", "is empty; say why nobody went, for nobody was there to look")
        return {"state": Activity.NOT_DONE, "not_done_reason": reason}
    begin = reading.moment("started", started, needed=True, past=True)
    end = reading.moment("ended", ended, needed=True, past=True)
    reading.order("ended", begin, end)
    if safety not in SAFETY:
        reading.fault("safety", "is not stated; say it also when nobody was hurt and nothing was damaged")
    note = reading.text("safety_note", safety_note, 500)
    if safety in ("damage", "hurt") and not note:
        reading.fault("safety_note", "is empty; say who was hurt or what was damaged, and who was told")
    return {"state": Activity.DONE, "started": begin, "ended": end, "safety": safety, "safety_note": note}


def _read_numbers(
    reading: Reading, members: int | None, took_part: Sequence[Member], vehicles: int | None, route: str | None
) -> dict[str, Any]:
    count = reading.whole("members", members, most=500)
    if count is None and took_part:
        count = len(set(took_part))
    if count is not None and count < len(set(took_part)):
        reading.fault("members", say(
            "says {count}, but {count_2} are named; correct one of the two",
            count=count, count_2=len(set(took_part)),
        ))
    said: dict[str, Any] = {"members": count, "vehicles": reading.whole("vehicles", vehicles, most=500)}
    return said if route is None else said | {"route": reading.text("route", route, 500)}


def _members(reading: Reading, took_part: Sequence[Any]) -> list[Member]:
    named: dict[UUID, Member] = {}
    for member in took_part:
        if isinstance(member, Member):
            named[member.id] = member
        else:
            reading.fault("took_part", "names somebody who is not a member of this mission; choose from the list")
    return list(named.values())


def _keep_members(activity: Activity, people: list[Member], by: Hand, verb: Verb) -> None:
    there = set(ActivityMember.objects.filter(activity=activity).values_list("member_id", flat=True))
    for member in people:
        if member.id not in there:
            ActivityMember(activity=activity, member=member).keep(by=by, verb=verb)
