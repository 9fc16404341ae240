"""What was promised and what was found: obligations and the checks of them.

One idea serves two trades: a line of a ceasefire agreement and an article of a language law are
obligations; each check holds one against what was observed, under the text in force on that day.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept

FEWEST = 10
"""Of fewer than this, no percentage is ever made."""


def share(part: int | None, whole: int | None) -> str:
    """`7 of 29 (24 %)`; of fewer than ten only `3 of 4`; nothing of nothing."""
    if part is None or not whole:
        return ""
    return f"{part} of {whole}" + (f" ({(200 * part + whole) // (2 * whole)} %)" if whole >= FEWEST else "")


class Obligation(Kept):
    """Something promised: by whom, under which text, how it is checked.

    What was promised is no secret inside the mission: obligations are open to its members, as standards and places are. That a
    thing is established and that it works are two obligations; the second names the first in `established_by`.
    """

    ASPECTS: ClassVar = [("established", "established (on paper)"), ("works", "works (in practice)")]

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    standard = models.ForeignKey("mission.Standard", on_delete=models.PROTECT, related_name="obligations")
    party = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="obligations")
    aspect = models.CharField(max_length=12, choices=ASPECTS, default="works")
    established_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="in_practice")
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
    standard_text = models.TextField(blank=True, default="")
    public_source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """The part is not larger than the whole, and neither stands alone."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="verify_check_part",
                condition=models.Q(numerator__isnull=True, denominator__isnull=True)
                | models.Q(numerator__isnull=False, denominator__isnull=False, numerator__lte=models.F("denominator")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["obligation", "round"], name="verify_check_round")]

    def share(self) -> str:
        """Part of whole, in words; with the percentage only where the whole is ten or more. Nothing where nothing was counted."""
        return share(self.numerator, self.denominator)


class CheckEvidence(Kept):
    """What a check rests on. Taking a piece away keeps the line."""

    access_path: ClassVar[str] = "check_of__access"
    RELATIONS: ClassVar = [("supports", "supports"), ("contradicts", "contradicts")]

    check_of = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="evidence")
    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="held_against")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="held_against")
    relation = models.CharField(max_length=12, choices=RELATIONS, default="supports")
    undone = models.BooleanField(default=False)

    class Meta:
        """One end."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="verify_evidence_one_end",
                condition=models.Q(observation__isnull=False, claim__isnull=True) | models.Q(observation__isnull=True, claim__isnull=False),
            ),
        ]
