"""What we say: reports, their paragraphs, what each sentence rests on, who cleared them, and the frozen text.

An issued report never changes when its sources do: it points to a snapshot. A wrong figure gets a Corr. 1.
"""

from __future__ import annotations

import re
from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept


def slug_of(symbol: str) -> str:
    """A symbol as an address can carry it: `DEMO-W-20-2026`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", symbol)


class Report(Handled, Kept):
    """One report in one language of record; a correction is a report of its own that points to what it corrects."""

    DRAFT, SUBMITTED, CLEARED, ISSUED = "draft", "submitted", "cleared", "issued"
    STATES: ClassVar = [(DRAFT, "draft"), (SUBMITTED, "in clearance"), (CLEARED, "cleared"), (ISSUED, "issued")]
    KINDS: ClassVar = [
        ("daily", "Daily report"), ("spot", "Spot report"), ("weekly", "Weekly report"), ("thematic", "Thematic report"),
        ("periodic", "Periodic report"),
    ]  # fmt: skip

    symbol = models.CharField(max_length=60, unique=True)
    slug = models.CharField(max_length=60, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=16, default="en")
    audience = models.CharField(max_length=40, default="osce")
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    cut_off = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    corrects_why = models.CharField(max_length=500, blank=True, default="")
    issued = models.DateTimeField(null=True)
    proof = models.CharField(max_length=12, blank=True, default="")
    method = models.TextField(blank=True, default="")

    def derive(self) -> None:
        """Compute the access key, and the symbol as an address can carry it."""
        super().derive()
        self.slug = slug_of(self.symbol)

    def __str__(self) -> str:
        """The symbol."""
        return self.symbol


class Paragraph(Kept):
    """One paragraph. Its text cites by number: `{1}` is a note, `{1:says}` the wording the state of source 1 allows.

    A struck paragraph stays on record and before its authors; it is not part of the report.
    """

    access_path: ClassVar[str] = "report__access"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="paragraphs")
    number = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField()
    struck = models.BooleanField(default=False)

    class Meta:
        """A number once in a report."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="report_paragraph_once")]


class Citation(Kept):
    """What a sentence rests on: a thing of a room below, by kind, id and code. It must resolve and be allowed.

    A citation that a later wording no longer uses is struck and may be taken up again under its number.
    """

    access_path: ClassVar[str] = "paragraph__report__access"

    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="citations")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=64)
    target = models.UUIDField(db_index=True)
    code = models.CharField(max_length=200)
    struck = models.BooleanField(default=False)

    class Meta:
        """A number once in a paragraph."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["paragraph", "number"], name="report_citation_once")]


class Clearance(Kept):
    """One step of clearance: by somebody who wrote none of it. `conflict` names another hat the clearer wears."""

    access_path: ClassVar[str] = "report__access"
    DECISIONS: ClassVar = [("cleared", "cleared"), ("returned", "returned to the authors")]

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="clearances")
    member = models.ForeignKey("mission.Member", on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=DECISIONS)
    decided = models.DateTimeField()
    note = models.TextField(blank=True, default="")
    conflict = models.CharField(max_length=300, blank=True, default="")


class Snapshot(Kept):
    """The frozen text of an issued report: what was said, from which entries it was computed, the hash of its PDF."""

    access_path: ClassVar[str] = "report__access"

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="snapshot")
    content = models.JSONField()
    rests_on = models.JSONField(default=list)
    pdf = models.CharField(max_length=64, blank=True, default="")
    pdf_hash = models.CharField(max_length=64, blank=True, default="")

    @property
    def scope(self) -> str:
        """The scope of the data key its PDF is encrypted under."""
        return f"report:{self.report_id}"
