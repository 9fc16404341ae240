"""Tell the time where the mission is: its zone, the day it is there, where a day begins and ends.

A day is a day of the mission's own zone, whatever the clock of the node says. The rule it guards: a moment at rest is in
UTC, and a day becomes a moment in one place only, so that two pages never draw midnight differently.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fairwitness.mission.models import MissionProfile
from fairwitness.record.remember import recall


def mission_zone() -> str:
    """The time zone of the mission, UTC before a pack is applied."""
    return recall("mission.tell_time.zone", (MissionProfile,), _zone)


def _zone() -> str:
    return str(MissionProfile.objects.values_list("time_zone", flat=True).first() or "UTC")


def today(zone: str | None = None) -> date:
    """The day it is where the mission is."""
    return datetime.now(ZoneInfo(zone or mission_zone())).date()


def start_of(day: date | None) -> datetime | None:
    """The beginning of a day where the mission is."""
    return None if day is None else datetime.combine(day, time.min, ZoneInfo(mission_zone()))


def day_after(day: date | None) -> datetime | None:
    """The end of a day, as the beginning of the next."""
    return start_of(None if day is None else day + timedelta(days=1))
