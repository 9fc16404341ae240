"""What was promised and what was found: obligations and the checks of them.

One idea serves two trades: a line of a ceasefire agreement and an article of a language law are
obligations; each check holds one against what was observed, under the text in force on that day.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept


class Obligation(Handled, Kept):
    """Something promised: by whom, under which text, how it is checked."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    standard = models.ForeignKey("mission.Standard", on_delete=models.PROTECT, related_name="obligations")
    party = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="obligations")
    text = models.TextField()
    measure = models.TextField()
    due = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)


class Check(Handled, Kept):
    """One check of an obligation: where, in which round, what was found, by which definition.

    numerator and denominator stand together or not at all; a percentage is never made of fewer than ten.
    """

    VALUES: ClassVar = [
        ("met", "met"), ("partly", "partly met"), ("not_met", "not met"), ("no_data", "no data"), ("not_applicable", "not applicable"),
    ]  # fmt: skip

    code = models.CharField(max_length=40, unique=True)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="checks")
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="checks")
    institution = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="checks")
    round = models.CharField(max_length=40)
    checked_on = models.DateField()
    value = models.CharField(max_length=16, choices=VALUES)
    numerator = models.PositiveIntegerField(null=True)
    denominator = models.PositiveIntegerField(null=True)
    of_what = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    explanation = models.TextField(blank=True, default="")
    standard_text = models.CharField(max_length=300, blank=True, default="")
    public_source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """The part is not larger than the whole."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="verify_check_part",
                condition=models.Q(numerator__isnull=True, denominator__isnull=True) | models.Q(numerator__lte=models.F("denominator")),
            ),
        ]


class CheckEvidence(Kept):
    """What a check rests on."""

    access_path: ClassVar[str] = "check_of__access"

    check_of = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="evidence")
    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="held_against")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="held_against")
    relation = models.CharField(max_length=12, default="supports")

    class Meta:
        """One end."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="verify_evidence_one_end",
                condition=models.Q(observation__isnull=False, claim__isnull=True) | models.Q(observation__isnull=True, claim__isnull=False),
            ),
        ]
