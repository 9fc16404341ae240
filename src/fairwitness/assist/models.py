"""What we do about it: trainings and advice, each tied to the shortcoming it answers, evaluated at four levels.

Every activity has an evaluation or a reason why not. Participants are counted by sex; community is never inferred.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept


class Training(Handled, Kept):
    """A training, an advice or a project."""

    KINDS: ClassVar = [("training", "Training"), ("advice", "Advice"), ("project", "Project")]

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS, default="training")
    title = models.CharField(max_length=300)
    objectives = models.TextField(blank=True, default="")
    finding = models.ForeignKey("analyse.Finding", null=True, on_delete=models.PROTECT, related_name="trainings")
    recommendation = models.ForeignKey("recommend.Recommendation", null=True, on_delete=models.PROTECT, related_name="trainings")
    institution = models.ForeignKey("mission.Counterpart", on_delete=models.PROTECT, related_name="trainings")
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="trainings")
    begins = models.DateField()
    ends = models.DateField()
    languages = models.JSONField(default=list)
    delivered = models.BooleanField(default=False)
    women = models.PositiveIntegerField(null=True)
    men = models.PositiveIntegerField(null=True)
    not_stated = models.PositiveIntegerField(null=True)
    public_source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """It answers a shortcoming, and ends after it begins."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="assist_training_counted",
                condition=models.Q(delivered=False)
                | ~models.Q(kind="training")
                | models.Q(women__isnull=False, men__isnull=False, not_stated__isnull=False),
            ),
            models.CheckConstraint(
                name="assist_training_answers", condition=models.Q(finding__isnull=False) | models.Q(recommendation__isnull=False)
            ),
            models.CheckConstraint(name="assist_training_order", condition=models.Q(ends__gte=models.F("begins"))),
        ]


    def attended(self) -> int | None:
        """How many took part; None until it was delivered, and where nobody was to be counted, as in a project of books."""
        counts = [one for one in (self.women, self.men, self.not_stated) if one is not None]
        return sum(counts) if self.delivered and counts else None

    def __str__(self) -> str:
        """The code."""
        return self.code


class Evaluation(Kept):
    """An evaluation at one level (1 reaction, 2 learning, 3 behaviour, 4 results), or level 0: none, and why.

    `respondents` is how many of those who attended answered; a level 3 or 4 rests on a later check or observation.
    """

    access_path: ClassVar[str] = "training__access"
    LEVELS: ClassVar = [(0, "not evaluated"), (1, "reaction"), (2, "learning"), (3, "behaviour"), (4, "results")]

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="evaluations")
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    evaluated = models.DateField()
    method = models.CharField(max_length=300, blank=True, default="")
    result = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    check_made = models.ForeignKey("verify.Check", null=True, on_delete=models.PROTECT, related_name="evaluations")
    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="evaluations")
    respondents = models.PositiveIntegerField(null=True)

    class Meta:
        """None has its reason; one has its method and result; what somebody later did is seen in a check."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="assist_evaluation_whole",
                condition=(models.Q(level=0) & ~models.Q(reason=""))
                | (models.Q(level__gt=0) & ~models.Q(method="") & ~models.Q(result="")),
            ),
            models.CheckConstraint(
                name="assist_evaluation_seen_later",
                condition=models.Q(level__lt=3) | models.Q(check_made__isnull=False) | models.Q(observation__isnull=False),
            ),
        ]
