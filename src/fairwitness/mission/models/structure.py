"""The structure: units, their areas, posts, and what a post may do.

A right is a line: this role, this verb, this reach, up to this sensitivity, here, from then to then.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import SENSITIVITIES, Sensitivity
from fairwitness.record.kept import Kept


class Unit(Kept):
    """Headquarters, an office, a department, a regional centre, a field team."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=24)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="units")
    opened = models.DateField(null=True)
    closed = models.DateField(null=True)
    invented = models.BooleanField(default=False)
    source = models.CharField(max_length=500, blank=True, default="")

    def __str__(self) -> str:
        """The unit's name."""
        return self.name


class Area(Kept):
    """A place a unit answers for, from and to. `invented` marks the demonstration's own assignment."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="areas")
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="areas")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    invented = models.BooleanField(default=False)
    source = models.CharField(max_length=500, blank=True, default="")


class Post(Kept):
    """A post of the structure. Vacant, acting and held are facts of its tenures. `second_hat`: whom its holder also acts for."""

    code = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=80)
    second_hat = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="+")
    established = models.DateField(null=True)
    abolished = models.DateField(null=True)
    invented = models.BooleanField(default=False)
    source = models.CharField(max_length=500, blank=True, default="")

    def __str__(self) -> str:
        """Code and title."""
        return f"{self.code}, {self.title}"


class Grant(Kept):
    """One right of a role. Reach: `own` unit, the unit and all `below` it, or the whole `mission`."""

    REACHES: ClassVar = [("own", "own unit"), ("below", "own unit and all below it"), ("mission", "the whole mission")]

    role = models.CharField(max_length=80, db_index=True)
    verb = models.CharField(max_length=64)
    reach = models.CharField(max_length=8, choices=REACHES)
    ceiling = models.PositiveSmallIntegerField(choices=SENSITIVITIES, default=int(Sensitivity.INTERNAL))
    place = models.ForeignKey("mission.Place", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
