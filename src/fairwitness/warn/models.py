"""A ledger of warnings: what may be about to happen, by when, who was told, what was asked, what came of it.

A warning without a horizon or an addressee is not a warning. Each is judged when its horizon has passed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept

OUTCOMES = [
    ("", "not yet judged"), ("occurred", "occurred as warned"), ("milder", "occurred milder or elsewhere"), ("not", "did not occur"),
    ("acted", "action was taken; what would have happened is unknown"), ("unknown", "expired, unknown"), ("withdrawn", "withdrawn"),
]  # fmt: skip
LIKELIHOODS = [("low", "less likely than not"), ("even", "about as likely as not"), ("likely", "likely"), ("high", "very likely")]


class Warning(Handled, Kept):
    """One warning."""

    code = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="warnings")
    likelihood = models.CharField(max_length=8, choices=LIKELIHOODS)
    likelihood_why = models.TextField(blank=True, default="")
    severity = models.CharField(max_length=300)
    alternatives = models.TextField(blank=True, default="")
    issued = models.DateTimeField()
    horizon_ends = models.DateField()
    addressee = models.ForeignKey("mission.Counterpart", on_delete=models.PROTECT, related_name="warnings")
    action_asked = models.CharField(max_length=300)
    action_due = models.DateField(null=True)
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True, default="")
    judged = models.DateField(null=True)
    outcome_note = models.TextField(blank=True, default="")
    early_why = models.CharField(max_length=300, blank=True, default="")
    lesson = models.TextField(blank=True, default="")

    class Meta:
        """A judgement has its day; a warning looks ahead."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="warn_judged_with_day",
                condition=models.Q(outcome="", judged__isnull=True) | (~models.Q(outcome="") & models.Q(judged__isnull=False)),
            ),
        ]


class WarningBasis(Kept):
    """What a warning rests on."""

    access_path: ClassVar[str] = "warning__access"

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="basis")
    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey("analyse.Finding", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """One end."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="warn_basis_one_end",
                condition=models.Q(observation__isnull=False, claim__isnull=True, finding__isnull=True)
                | models.Q(observation__isnull=True, claim__isnull=False, finding__isnull=True)
                | models.Q(observation__isnull=True, claim__isnull=True, finding__isnull=False),
            ),
        ]


class WarningResponse(Kept):
    """What the addressee did about it, and when."""

    access_path: ClassVar[str] = "warning__access"
    KINDS: ClassVar = [("acknowledged", "acknowledged"), ("acted", "acted"), ("declined", "declined")]

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=12, choices=KINDS)
    responded = models.DateField()
    text = models.TextField()
