"""Counterparts: the institutions the mission watches and addresses, and the partners it shares with.

A dissolved or merged institution points to its successor and stays readable under its own name.
"""

from __future__ import annotations

from django.db import models

from fairwitness.mission.fold import fold
from fairwitness.record.kept import Kept


class Counterpart(Kept):
    """An institution or a partner organisation. `offers` are the defaults of what it may receive; never a permission."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=80)
    level = models.CharField(max_length=24, blank=True, default="")
    place = models.ForeignKey("mission.Place", null=True, on_delete=models.PROTECT, related_name="institutions")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")
    established = models.DateField(null=True)
    ended = models.DateField(null=True)
    offers = models.JSONField(default=list)
    source = models.CharField(max_length=500, blank=True, default="")
    key = models.CharField(max_length=400, editable=False, db_index=True)

    def derive(self) -> None:
        """Compute the search key."""
        self.key = fold(self.name)[:400]

    def __str__(self) -> str:
        """The institution's name."""
        return self.name
