"""Attachments: a file as it came, encrypted at rest, with who made it and under which terms it may be shown."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept


class Attachment(Handled, Kept):
    """A file that belongs to an observation, a claim or an activity.

    `blob` is the SHA-256 of the stored ciphertext; `plain_hash` the sealed SHA-256 of the file as it came.
    """

    code = models.CharField(max_length=40, unique=True)
    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="attachments")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="attachments")
    activity = models.ForeignKey("monitor.Activity", null=True, on_delete=models.PROTECT, related_name="attachments")
    file_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    blob = models.CharField(max_length=64)
    plain_hash = models.TextField()
    caption = models.CharField(max_length=500)
    credit = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    people = models.CharField(max_length=300, blank=True, default="")
    taken = models.DateTimeField(null=True)

    class Meta:
        """It belongs to exactly one thing."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="monitor_attachment_one_owner",
                condition=models.Q(observation__isnull=False, claim__isnull=True, activity__isnull=True)
                | models.Q(observation__isnull=True, claim__isnull=False, activity__isnull=True)
                | models.Q(observation__isnull=True, claim__isnull=True, activity__isnull=False),
            ),
        ]

    @property
    def scope(self) -> str:
        """The scope of the data key this file is encrypted under: its own, or its source's."""
        return self.claim.source.scope if self.claim else f"attachment:{self.id}"
