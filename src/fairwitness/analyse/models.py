"""What we hold to be true, how surely, and figures as others published them.

Source and information are rated apart; each rating stands with its author, date and reason, and a later
one does not erase it. Published figures keep their method and their breaks; they are never averaged.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept

SOURCE_GRADES = [
    ("A", "reliable"), ("B", "usually reliable"), ("C", "fairly reliable"), ("D", "not usually reliable"), ("E", "unreliable"),
    ("F", "reliability cannot be judged"),
]  # fmt: skip
INFORMATION_GRADES = [
    (1, "confirmed by other sources"), (2, "probably true"), (3, "possibly true"), (4, "doubtful"), (5, "improbable"),
    (6, "truth cannot be judged"),
]  # fmt: skip
STANDARDS_OF_PROOF = [
    ("suspicion", "reasonable suspicion"), ("grounds", "reasonable grounds to believe"), ("balance", "balance of probabilities"),
    ("convincing", "clear and convincing"), ("doubt", "beyond reasonable doubt"),
]  # fmt: skip
ALARM_OUTCOMES = [
    ("warning", "a warning was issued"), ("explained", "looked into and explained"), ("nothing", "nothing behind it"),
    ("fault", "a fault of the data"), ("open", "not yet known"),
]  # fmt: skip


class Assessment(Handled, Kept):
    """A rating of the source (A to F) and of the information (1 to 6), each in isolation. F and 6 are values: not known."""

    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="assessments")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="assessments")
    source_grade = models.CharField(max_length=1, choices=SOURCE_GRADES)
    information_grade = models.PositiveSmallIntegerField(choices=INFORMATION_GRADES)
    reason = models.TextField()
    assessed_by = models.ForeignKey("mission.Member", on_delete=models.PROTECT, related_name="+")
    assessed = models.DateTimeField()

    class Meta:
        """Of one thing."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="analyse_assessment_one_end",
                condition=models.Q(observation__isnull=False, claim__isnull=True) | models.Q(observation__isnull=True, claim__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["observation", "assessed"], name="analyse_assessed_seen"),
            models.Index(fields=["claim", "assessed"], name="analyse_assessed_told"),
        ]


class Finding(Handled, Kept):
    """A conclusion to a named standard of proof, with its evidence and the readings that were weighed."""

    code = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=300)
    text = models.TextField()
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="findings")
    institution = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="findings")
    standard = models.ForeignKey("mission.Standard", null=True, on_delete=models.PROTECT, related_name="findings")
    proof = models.CharField(max_length=12, choices=STANDARDS_OF_PROOF)
    proof_rule = models.CharField(max_length=40)
    alternatives = models.TextField(blank=True, default="")
    concluded = models.DateField()
    public_source = models.CharField(max_length=500, blank=True, default="")


class FindingEvidence(Kept):
    """What a finding rests on. Taking a piece away keeps the line."""

    access_path: ClassVar[str] = "finding__access"
    RELATIONS: ClassVar = [("supports", "supports"), ("contradicts", "contradicts")]

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence")
    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="+")
    check_made = models.ForeignKey("verify.Check", null=True, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=12, choices=RELATIONS, default="supports")
    undone = models.BooleanField(default=False)

    class Meta:
        """One end."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="analyse_evidence_one_end",
                condition=models.Q(observation__isnull=False, claim__isnull=True, check_made__isnull=True)
                | models.Q(observation__isnull=True, claim__isnull=False, check_made__isnull=True)
                | models.Q(observation__isnull=True, claim__isnull=True, check_made__isnull=False),
            ),
        ]


class PublishedFigure(Handled, Kept):
    """A figure as somebody published it: by whom, for which period, by which method, with a break where the method changed.

    `about` is what several bodies counted, each in a series of its own: their figures stand side by side under it.
    """

    series = models.CharField(max_length=120)
    about = models.CharField(max_length=120)
    label = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    place = models.ForeignKey("mission.Place", null=True, on_delete=models.PROTECT, related_name="figures")
    count_low = models.PositiveIntegerField()
    count_high = models.PositiveIntegerField()
    qualifier = models.CharField(max_length=8, default="exact")
    published_by = models.CharField(max_length=200)
    method = models.TextField()
    contributors = models.JSONField(default=list)
    is_break = models.BooleanField(default=False)
    break_reason = models.CharField(max_length=300, blank=True, default="")
    public_source = models.CharField(max_length=500)

    class Meta:
        """Low is not above high; a break has its reason."""

        constraints: ClassVar = [
            models.CheckConstraint(name="analyse_figure_order", condition=models.Q(count_low__lte=models.F("count_high"))),
            models.CheckConstraint(name="analyse_figure_break", condition=models.Q(is_break=False) | ~models.Q(break_reason="")),
        ]


class AlarmOutcome(Handled, Kept):
    """What came of an alarm, one for a cluster however many weeks it goes on. `week` is the Monday of the week that was raised.

    The figures are those that stood when it was first judged, with the method, its parameters, the moment the data were read and the
    version of the program: a later correction changes the words and never the figures. A warning stands here by its code alone.
    """

    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="alarm_outcomes")
    week = models.DateField()
    what = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=ALARM_OUTCOMES)
    words = models.TextField(blank=True, default="")
    warning_code = models.CharField(max_length=32, blank=True, default="")
    method = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    observed = models.PositiveIntegerField()
    expected = models.DecimalField(max_digits=14, decimal_places=4)
    p = models.DecimalField(max_digits=18, decimal_places=15)
    budget = models.DecimalField(max_digits=8, decimal_places=4)
    read_at = models.DateTimeField()
    code_version = models.CharField(max_length=20)
    judged_by = models.ForeignKey("mission.Member", on_delete=models.PROTECT, related_name="+")
    judged = models.DateTimeField()

    class Meta:
        """One for a cluster; a warning has its code, and only that outcome has one."""

        constraints: ClassVar = [
            models.UniqueConstraint(name="analyse_alarm_once", fields=["place", "week", "what", "kind"]),
            models.CheckConstraint(
                name="analyse_alarm_warning",
                condition=(models.Q(outcome="warning") & ~models.Q(warning_code=""))
                | (~models.Q(outcome="warning") & models.Q(warning_code="")),
            ),
        ]
