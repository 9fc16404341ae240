"""What should change, who should do it, by when, and did they.

One addressee, one act, one date, one indicator. The mission's rating stands beside the authority's own,
each with its evidence and date; re-worded, split and merged recommendations keep their lineage.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept

STATUSES = [
    ("not_assessed", "not assessed"), ("no_action", "no action seen"), ("started", "started"), ("partly", "partly implemented"),
    ("implemented", "implemented"), ("sustained", "implemented and sustained"), ("regressed", "regressed"),
    ("superseded", "superseded"), ("overtaken", "overtaken"), ("rejected", "rejected by the addressee"),
]  # fmt: skip


class Recommendation(Handled, Kept):
    """One recommendation: one edition of an ask. Once issued its words stand; other words are a later edition, tied by lineage.

    `override` is the author's reason for a weakness the drafting check names; `late_reason` is the addressee's, as told to us.
    """

    DRAFT, ISSUED = "draft", "issued"

    code = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    act = models.CharField(max_length=300)
    addressee = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="recommendations")
    place = models.ForeignKey("mission.Place", null=True, on_delete=models.PROTECT, related_name="recommendations")
    theme = models.CharField(max_length=60, blank=True, default="")
    standard = models.ForeignKey("mission.Standard", null=True, on_delete=models.PROTECT, related_name="recommendations")
    finding = models.ForeignKey("analyse.Finding", null=True, on_delete=models.PROTECT, related_name="recommendations")
    report = models.ForeignKey("report.Report", null=True, on_delete=models.PROTECT, related_name="recommendations")
    due = models.DateField(null=True)
    indicator = models.CharField(max_length=300, blank=True, default="")
    critical = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=DRAFT, choices=[(DRAFT, "draft"), (ISSUED, "issued")])
    issued = models.DateField(null=True)
    override = models.CharField(max_length=300, blank=True, default="")
    next_step = models.CharField(max_length=300, blank=True, default="")
    late_reason = models.CharField(max_length=300, blank=True, default="")
    public_source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """An issued one has its day."""

        constraints: ClassVar = [
            models.CheckConstraint(name="recommend_issued_day", condition=models.Q(state="draft") | models.Q(issued__isnull=False)),
        ]

    def __str__(self) -> str:
        """The code."""
        return self.code


class Lineage(Kept):
    """How a later recommendation comes from an earlier one."""

    access_path: ClassVar[str] = "later__access"
    KINDS: ClassVar = [
        ("reissued", "re-issued"), ("reworded", "re-worded"), ("split", "split from"), ("merged", "merged from"),
        ("superseded", "supersedes"),
    ]  # fmt: skip

    earlier = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="later_ones")
    later = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="earlier_ones")
    kind = models.CharField(max_length=12, choices=KINDS)

    class Meta:
        """Once, and never to itself."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["earlier", "later"], name="recommend_lineage_once"),
            models.CheckConstraint(name="recommend_lineage_two", condition=~models.Q(earlier=models.F("later"))),
        ]


class Reply(Kept):
    """What the addressee answered, as written. `says` is the step the addressee names; it stands as the authority's own rating, too."""

    access_path: ClassVar[str] = "recommendation__access"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="replies")
    received = models.DateField()
    text = models.TextField()
    says = models.CharField(max_length=16, choices=STATUSES, blank=True, default="")


class Rating(Kept):
    """How far it was done: by the mission, by the authority or by a third party, on a date, with evidence.

    `public` ones stand on the public tracker, with `public_note` as their evidence in words written for everybody.
    """

    access_path: ClassVar[str] = "recommendation__access"
    ASSESSORS: ClassVar = [("mission", "the mission"), ("authority", "the authority"), ("third", "a third party")]

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="ratings")
    assessor = models.CharField(max_length=10, choices=ASSESSORS)
    assessor_name = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=16, choices=STATUSES)
    rated = models.DateField()
    evidence = models.TextField()
    check_made = models.ForeignKey("verify.Check", null=True, on_delete=models.PROTECT, related_name="ratings")
    public_source = models.CharField(max_length=500, blank=True, default="")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.PROTECT, related_name="ratings")
    public = models.BooleanField(default=False)
    public_note = models.CharField(max_length=300, blank=True, default="")
