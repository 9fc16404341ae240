"""Places with all their names.

A place is an id; a name is a fact about it with a language, a script, a form, a time and an authority.
Nothing in the house is keyed on the string of a name.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.fold import fold
from fairwitness.record.kept import Kept


class Place(Kept):
    """A municipality, settlement, region or site. Coordinates are WGS 84 decimal degrees, kept as text as they came."""

    kind = models.CharField(max_length=24)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    code = models.CharField(max_length=80, blank=True, default="")
    authority = models.CharField(max_length=40, blank=True, default="")
    other_codes = models.JSONField(default=list)
    latitude = models.CharField(max_length=24, blank=True, default="")
    longitude = models.CharField(max_length=24, blank=True, default="")
    population = models.JSONField(default=dict)
    area_km2 = models.CharField(max_length=24, blank=True, default="")
    boundary = models.TextField(blank=True, default="")
    ended = models.DateField(null=True)
    source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """One place for each code of an authority."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "code"], name="mission_place_code", condition=~models.Q(code="")),
        ]


class PlaceName(Kept):
    """One name of a place. `key` is its folded form, by which it is found in any spelling; `given` the spelling of the source."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="names")
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=16)
    script = models.CharField(max_length=8, blank=True, default="")
    form = models.CharField(max_length=24, default="usual")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    authority = models.CharField(max_length=120, blank=True, default="")
    source = models.CharField(max_length=500, blank=True, default="")
    given = models.CharField(max_length=300, blank=True, default="")
    key = models.CharField(max_length=400, editable=False, db_index=True)

    def derive(self) -> None:
        """Compute the search key."""
        self.key = fold(self.text)[:400]
