"""Observe: keep what the mission itself perceived, by which means and with which limits.

What somebody else said is a claim and goes elsewhere (see `claim`); what we conclude is an assessment. The rule it
guards: an observation states its means, its place is a sector and never a pin, its count keeps its “about”, and a
correction says why and leaves the first version on record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fairwitness.errors import BadInput
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Place, Unit
from fairwitness.monitor.correct import write_correction
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Activity, Observation
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.place_sector import parse_bearings, parse_range
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

KINDS = ("observation", "event", "target", "mechanism", "response")
"""The vocabularies a kind may come from."""
PRECISIONS = ("minute", "hour", "day", "month", "year", "unknown")
WORDS = {"headline": 200, "text": 20_000, "limits": 5_000, "observer_position": 300, "device": 120, "public_source": 500}
CORRECTABLE = {
    *WORDS, "kind", "means", "place", "occurred_from", "occurred_until", "precision", "give_or_take_minutes", "count", "range",
    "bearings", "first_time", "sensitivity",
}  # fmt: skip


def submit_observation(
    *, headline: str, kind: str, means: str, place: Place, by: Hand, occurred_from: datetime | None = None,
    occurred_until: datetime | None = None, precision: str = "minute", give_or_take_minutes: int | None = None, time_zone: str = "",
    text: str = "", count: str = "", device: str = "", observer_position: str = "", range: str = "", bearings: str = "", limits: str = "",
    first_time: bool = False, activity: Activity | None = None, details: dict[str, Any] | None = None, public_source: str = "",
    unit: Unit | None = None, sensitivity: int = Sensitivity.INTERNAL, code: str = "", thing_id: UUID | None = None,
) -> Observation:  # fmt: skip
    """Keep an observation. Count, range and bearings are given as people write them. Raises BadInput, Refused."""
    require(by, Verb.OBSERVATION_SUBMIT)
    reading = Reading()
    given = {
        "headline": headline, "text": text, "limits": limits, "observer_position": observer_position, "device": device,
        "public_source": public_source, "kind": kind, "means": means, "place": place, "occurred_from": occurred_from,
        "occurred_until": occurred_until, "precision": precision, "give_or_take_minutes": give_or_take_minutes, "count": count,
        "range": range, "bearings": bearings, "first_time": first_time, "sensitivity": sensitivity,
    }  # fmt: skip
    values = _read(reading, given)
    values["time_zone"] = reading.zone(time_zone)
    values["code"] = reading.text("code", code, 32)
    if occurred_from is None and precision != "unknown":
        reading.fault("occurred_from", "is empty; give day and time, or say that the time is not known")
    reading.thing("activity", activity, Activity, needed=False)
    reading.done()
    seen(by, activity)
    holder = activity.unit if activity is not None else holding_unit(by, Verb.OBSERVATION_SUBMIT, place, unit)
    made = Observation(activity=activity, unit=holder, details=details or {}, **values, **({"id": thing_id} if thing_id else {}))
    require(by, Verb.OBSERVATION_SUBMIT, made)
    with writing(by):
        before = made_before(Observation, thing_id, by)
        if before is not None:
            return before
        kept, _ = keep_numbered(made, series_of(holder.code), by=by, verb=Verb.OBSERVATION_SUBMIT)
    return kept


def correct_observation(observation: Observation, changes: dict[str, Any], *, why: str, base: UUID | None, by: Hand) -> Observation:
    """Correct what was written; why goes on record, the earlier version stays there. Raises BadInput, Stale."""
    require(by, Verb.OBSERVATION_EDIT, observation)
    reading = Reading()
    why = reading.why(why)
    reading.only(changes, CORRECTABLE)
    begin = changes.get("occurred_from", observation.occurred_from)
    end = changes.get("occurred_until", observation.occurred_until)
    given = {name: changes[name] for name in changes if name in CORRECTABLE}
    values = _read(reading, given | {"occurred_from": begin, "occurred_until": end})
    reading.done()
    return write_correction(observation, values, verb=Verb.OBSERVATION_EDIT, why=why, base=base, by=by)


def _read(reading: Reading, given: dict[str, Any]) -> dict[str, Any]:
    """The columns that follow from what was given; faults go to the reading."""
    values: dict[str, Any] = {
        name: reading.text(name, given[name], most, needed=name == "headline") for name, most in WORDS.items() if name in given
    }
    if "kind" in given:
        values["kind"] = reading.term("kind", given["kind"], *KINDS)
    if "means" in given:
        values["means"] = reading.term("means", given["means"], "means")
        if values["means"] == "interlocutor":
            reading.fault("means", "is what somebody told you; write it down as a claim, with its source and consent")
    if "place" in given:
        values["place"] = reading.place(given["place"])
    if "precision" in given:
        values["precision"] = reading.one_of("precision", given["precision"], PRECISIONS)
    if "give_or_take_minutes" in given:
        values["give_or_take_minutes"] = reading.whole("give_or_take_minutes", given["give_or_take_minutes"], most=527_040)
    if "sensitivity" in given:
        values["sensitivity"] = reading.sensitivity(given["sensitivity"])
    if "first_time" in given:
        values["first_time"] = bool(given["first_time"])
    values["occurred_from"] = reading.moment("occurred_from", given["occurred_from"], past=True)
    values["occurred_until"] = reading.moment("occurred_until", given["occurred_until"], past=True)
    reading.order("occurred_until", values["occurred_from"], values["occurred_until"])
    return values | _read_measures(reading, given)


def _read_measures(reading: Reading, given: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "count" in given:
        values |= reading.counted(given["count"])
    try:
        if "range" in given:
            values["range_low_m"], values["range_high_m"] = parse_range(given["range"])
    except BadInput as error:
        reading.faults += error.faults
    try:
        if "bearings" in given:
            values["bearings"] = parse_bearings(given["bearings"])
    except BadInput as error:
        reading.faults += error.faults
    return values
