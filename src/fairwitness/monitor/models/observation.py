"""Observation: perceived by us, by this means, with these limits.

Where it was is a sector seen from the observer (range and bearings), never a pin. A count is low to
high with its qualifier, and the words as typed stay beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept

STATE_OF_MEANS = {
    "saw": "seen", "heard": "heard", "heard-and-saw": "seen", "smell": "seen", "authority": "reported", "document": "reported",
    "interlocutor": "reported",
}  # fmt: skip
"""Our own senses are seen or heard; what somebody else wrote is reported; every other means is a device that recorded."""


class Timed(models.Model):
    """When it occurred: from, until, with a precision and the zone it was lived in."""

    PRECISIONS: ClassVar = [("minute", "to the minute"), ("hour", "to the hour"), ("day", "the day"), ("month", "the month"),
                            ("year", "the year"), ("unknown", "not known")]  # fmt: skip

    occurred_from = models.DateTimeField(null=True)
    occurred_until = models.DateTimeField(null=True)
    precision = models.CharField(max_length=8, choices=PRECISIONS, default="minute")
    give_or_take_minutes = models.PositiveIntegerField(null=True)
    time_zone = models.CharField(max_length=60)
    listed = models.DateTimeField(editable=False, db_index=True)

    class Meta:
        """Abstract."""

        abstract = True

    def when_listed(self) -> datetime:
        """The moment by which lists are ordered: when it began, else when it ended, else when it was first kept."""
        known: datetime | None = self.listed
        return self.occurred_from or self.occurred_until or known or datetime.now(UTC)


class Counted(models.Model):
    """How many: low to high with a qualifier; `count_text` as typed. Nothing typed means not counted."""

    QUALIFIERS: ClassVar = [("", "not counted"), ("exact", "exact"), ("about", "about"), ("over", "over"), ("at_least", "at least"),
                            ("range", "from to"), ("up_to", "up to")]  # fmt: skip

    count_text = models.CharField(max_length=60, blank=True, default="")
    count_low = models.PositiveIntegerField(null=True)
    count_high = models.PositiveIntegerField(null=True)
    qualifier = models.CharField(max_length=8, choices=QUALIFIERS, blank=True, default="")

    class Meta:
        """Abstract."""

        abstract = True


class Observation(Handled, Timed, Counted, Kept):
    """One thing perceived by the mission."""

    code = models.CharField(max_length=32, unique=True)
    activity = models.ForeignKey("monitor.Activity", null=True, on_delete=models.PROTECT, related_name="observations")
    kind = models.CharField(max_length=40)
    headline = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    means = models.CharField(max_length=40)
    device = models.CharField(max_length=120, blank=True, default="")
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="observations")
    observer_position = models.CharField(max_length=300, blank=True, default="")
    range_low_m = models.PositiveIntegerField(null=True)
    range_high_m = models.PositiveIntegerField(null=True)
    bearings = models.JSONField(default=list)
    limits = models.TextField(blank=True, default="")
    first_time = models.BooleanField(default=False)
    details = models.JSONField(default=dict)
    public_source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """Newest first by place."""

        indexes: ClassVar = [models.Index(fields=["place", "occurred_from"], name="monitor_observation_place")]

    def derive(self) -> None:
        """Compute the access key and the moment of lists."""
        super().derive()
        self.listed = self.when_listed()

    def state(self) -> str:
        """seen, heard, recorded or reported: the word the means allows."""
        return STATE_OF_MEANS.get(self.means, "recorded")
