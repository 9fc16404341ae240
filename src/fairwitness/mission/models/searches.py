"""Searches a member keeps, to ask them again or to be told what is new.

What somebody looks for may be a name: the words are sealed under a key of the search's own, which is destroyed when the
search ends. Only its member sees it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.record.kept import Kept


class SavedSearch(Kept):
    """A search of one member. With `alert`, things kept after `looked` that match are told on the member's home page."""

    SEALED: ClassVar = ("words",)

    member = models.ForeignKey("mission.Member", on_delete=models.PROTECT, related_name="searches")
    name = models.CharField(max_length=120)
    words = models.TextField(blank=True, default="")
    filters = models.JSONField(default=dict)
    alert = models.BooleanField(default=False)
    looked = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    @property
    def scope(self) -> str:
        """The scope of the data key its words are sealed under."""
        return f"search:{self.id}"
