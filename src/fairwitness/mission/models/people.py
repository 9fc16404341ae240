"""People: members, the posts they hold, the other hats they wear, the extra power they took.

A member travels between nodes; the account that signs in (web) never leaves its node. Pages show posts
and member codes, not names.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import SENSITIVITIES
from fairwitness.record.kept import Kept


class Member(Kept):
    """A person in the mission, by code."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    languages = models.JSONField(default=list)
    joined = models.DateField(null=True)
    left = models.DateField(null=True)
    invented = models.BooleanField(default=False)

    def __str__(self) -> str:
        """The code."""
        return self.code


class Tenure(Kept):
    """A member in a post: holder or acting, from and to. `until` empty is still in post."""

    HOLDER, ACTING = "holder", "acting"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tenures")
    post = models.ForeignKey("mission.Post", on_delete=models.PROTECT, related_name="tenures")
    kind = models.CharField(max_length=8, default=HOLDER)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    handover = models.TextField(blank=True, default="")

    class Meta:
        """One holder of a post at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post"], name="mission_tenure_one_holder", condition=models.Q(until__isnull=True, kind="holder")
            ),
        ]


class SecondHat(Kept):
    """A function the same person has in another organisation: visible in clearance as a conflict."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="hats")
    organisation = models.ForeignKey("mission.Counterpart", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    since = models.DateField(null=True)
    until = models.DateField(null=True)


class Power(Kept):
    """Extra power, taken for an hour with a reason, on record, reviewed afterwards by somebody else."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="powers")
    verb = models.CharField(max_length=64)
    unit = models.ForeignKey("mission.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    ceiling = models.PositiveSmallIntegerField(choices=SENSITIVITIES)
    reason = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    reviewer = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    review = models.TextField(blank=True, default="")
