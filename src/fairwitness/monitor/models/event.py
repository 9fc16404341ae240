"""Event: that several observations and claims speak of one happening. A person decides it; any link can be undone.

Figures stay with their sources: an event has no count of its own, and nothing is averaged.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.monitor.models.observation import Timed
from fairwitness.record.kept import Kept


class Event(Handled, Timed, Kept):
    """One happening."""

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="events")

    def derive(self) -> None:
        """Compute the access key and the moment of lists."""
        super().derive()
        self.listed = self.when_listed()


class SourceLink(Kept):
    """A source of an event. Undoing keeps the line and says why."""

    access_path: ClassVar[str] = "event__access"
    RELATIONS: ClassVar = [("same", "speaks of the same event"), ("supports", "supports"), ("contradicts", "contradicts")]

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="links")
    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="links")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="links")
    relation = models.CharField(max_length=12, choices=RELATIONS, default="same")
    reason = models.CharField(max_length=300)
    undone = models.BooleanField(default=False)
    undone_why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        """One end of the link, and only one standing link of a source to an event."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="monitor_link_one_end",
                condition=models.Q(observation__isnull=False, claim__isnull=True) | models.Q(observation__isnull=True, claim__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["event", "observation"], name="monitor_link_observation_once", condition=models.Q(undone=False)
            ),
            models.UniqueConstraint(fields=["event", "claim"], name="monitor_link_claim_once", condition=models.Q(undone=False)),
        ]
