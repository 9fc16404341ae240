"""The only way out: sharing agreements, and releases (of reports, of pictures) with the keys that turned for them.

The public door reads releases and nothing else. A withdrawal takes a release down in the same
transaction and leaves a tombstone with its proof.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import SENSITIVITIES, Handled, Sensitivity
from fairwitness.record.kept import Kept


class Agreement(Kept):
    """What may be shared with a partner, on which basis, from when to when."""

    partner = models.ForeignKey("mission.Counterpart", on_delete=models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    ceiling = models.PositiveSmallIntegerField(choices=SENSITIVITIES, default=int(Sensitivity.INTERNAL))
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    caveats = models.TextField(blank=True, default="")

    class Meta:
        """It does not end before it begins."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="share_agreement_order",
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def stands(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class Marking(Kept):
    """A change of who a report may go to: from which marking to which, by whose authority, why. The report itself stays as issued."""

    access_path: ClassVar[str] = "report__access"

    report = models.ForeignKey("report.Report", on_delete=models.PROTECT, related_name="markings")
    was = models.PositiveSmallIntegerField(choices=SENSITIVITIES)
    now = models.PositiveSmallIntegerField(choices=SENSITIVITIES)
    authority = models.CharField(max_length=200)
    why = models.CharField(max_length=500)
    decided = models.DateField()


class Passed(Handled, Kept):
    """What passed the gate: to whom and when, the keys that turned, and its end.

    `tombstone` is what the public reads after it was taken down; `taken_down_why` is for the staff.
    """

    PUBLIC, PARTNER = "public", "partner"

    slug = models.SlugField(max_length=120, unique=True)
    audience = models.CharField(max_length=8, choices=[(PUBLIC, "the public"), (PARTNER, "a partner")])
    keys = models.JSONField(default=list)
    published = models.DateTimeField()
    taken_down = models.DateTimeField(null=True)
    taken_down_why = models.CharField(max_length=300, blank=True, default="")
    tombstone = models.TextField(blank=True, default="")

    class Meta:
        """Abstract: reports and pictures leave apart."""

        abstract = True

    @property
    def named_in_public(self) -> dict[str, str]:
        """What the public log says of it when it is taken down: enough to find it, nothing of what it said."""
        raise NotImplementedError


class Release(Passed):
    """One thing that left: a report to the public or to a partner. `content` is what left, after redaction.

    `left_out` says to the staff what was taken out and what consent asked anew would allow; it never leaves.
    """

    partner = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="releases")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="releases")
    report = models.ForeignKey("report.Report", on_delete=models.PROTECT, related_name="releases")
    title = models.CharField(max_length=300)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    left_out = models.JSONField(default=list)
    pdf = models.CharField(max_length=64, blank=True, default="")
    pdf_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        """A partner's release names its partner; one standing public release of a report."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="share_release_partner",
                condition=models.Q(audience="public", partner__isnull=True) | models.Q(audience="partner", partner__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["report"], name="share_release_public_once", condition=models.Q(audience="public", taken_down__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        """The symbol under which it left."""
        return str(self.content.get("symbol", self.slug))

    @property
    def scope(self) -> str:
        """The scope of the data key its PDF is encrypted under."""
        return f"release:{self.id}"

    @property
    def named_in_public(self) -> dict[str, str]:
        """Page, symbol and hash of what left."""
        return {"page": self.slug, "symbol": str(self), "sha256": self.content_hash}


class ReleaseClaim(Kept):
    """A claim a release rests on: what a withdrawal of consent looks up. Kept apart so that it is found by an index."""

    access_path: ClassVar[str] = "release__access"

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="claims")
    claim = models.ForeignKey("monitor.Claim", on_delete=models.PROTECT, related_name="releases")

    class Meta:
        """Once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["release", "claim"], name="share_release_claim_once")]


class PictureRelease(Passed):
    """One picture that left, to the public or to a partner: its own copy of the points, its words, the keys that turned.

    It stands apart from reports, so that one person's no takes one picture and not the report beside it.
    """

    partner = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="pictures")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="pictures")
    attachment = models.ForeignKey("monitor.Attachment", on_delete=models.PROTECT, related_name="picture_releases")
    caption = models.CharField(max_length=500)
    credit = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    covered = models.BooleanField(default=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    picture = models.CharField(max_length=64)
    picture_hash = models.CharField(max_length=64)

    class Meta:
        """A partner's release names its partner; one standing public release of a picture."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="share_picture_partner",
                condition=models.Q(audience="public", partner__isnull=True) | models.Q(audience="partner", partner__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["attachment"], name="share_picture_public_once", condition=models.Q(audience="public", taken_down__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        """Its caption."""
        return self.caption

    @property
    def scope(self) -> str:
        """The scope of the data key under which what left is encrypted."""
        return f"picture:{self.id}"

    @property
    def named_in_public(self) -> dict[str, str]:
        """Address and hash of what left."""
        return {"picture": self.slug, "sha256": self.picture_hash}
