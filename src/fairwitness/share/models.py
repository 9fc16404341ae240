"""The only way out: sharing agreements, and releases with the keys that turned for them.

The public door reads releases and nothing else. A withdrawal takes a release down in the same
transaction and leaves a tombstone with its proof.
"""

from __future__ import annotations

from datetime import date

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

    def stands(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class Release(Handled, Kept):
    """One thing that left: a report to the public or to a partner. `content` is what left, after redaction."""

    PUBLIC, PARTNER = "public", "partner"

    slug = models.SlugField(max_length=120, unique=True)
    audience = models.CharField(max_length=8, choices=[(PUBLIC, "the public"), (PARTNER, "a partner")])
    partner = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="releases")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="releases")
    report = models.ForeignKey("report.Report", on_delete=models.PROTECT, related_name="releases")
    title = models.CharField(max_length=300)
    content = models.JSONField()
    keys = models.JSONField(default=list)
    pdf = models.CharField(max_length=64, blank=True, default="")
    pdf_hash = models.CharField(max_length=64, blank=True, default="")
    published = models.DateTimeField()
    taken_down = models.DateTimeField(null=True)
    tombstone = models.TextField(blank=True, default="")
    public_entry = models.CharField(max_length=36, blank=True, default="")

    @property
    def scope(self) -> str:
        """The scope of the data key its PDF is encrypted under."""
        return f"release:{self.id}"


class ReleaseClaim(Kept):
    """A claim a release rests on: what a withdrawal of consent looks up. Kept apart so that it is found by an index."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="claims")
    claim = models.ForeignKey("monitor.Claim", on_delete=models.PROTECT, related_name="releases")
