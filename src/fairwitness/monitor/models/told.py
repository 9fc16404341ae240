"""The words by which somebody is told what consent means, language by language, version by version.

A text is written by one member and released by another, who says how it was checked. What was read to a source stays as it was:
a new version is a new row, and every consent points at the words that were read.
"""

from __future__ import annotations

from django.db import models

from fairwitness.record.kept import Kept


class ConsentText(Kept):
    """One version of the text in one language, in parts (see `tell_consent.PARTS`). It may be read out once somebody released it."""

    language = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    parts = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True, default="")
    author = models.ForeignKey("mission.Member", null=True, on_delete=models.PROTECT, related_name="+")
    released = models.DateField(null=True)
    released_by = models.ForeignKey("mission.Member", null=True, on_delete=models.PROTECT, related_name="+")
    checked = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        """Language and version, as forms and pages name it."""
        return f"{self.language} {self.version}"
