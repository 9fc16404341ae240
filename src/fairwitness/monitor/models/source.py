"""Sources, what they said, what they allowed. People can be killed for what stands here.

A source is a code. Who it is lies in the vault (`Identity`), sealed, and each opening goes on record. The
words of a claim are sealed under the source's key: when the key is destroyed, nobody can read them.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Disclosure, Handled, Use
from fairwitness.monitor.models.observation import Counted, Timed
from fairwitness.record.kept import Kept


class Source(Handled, Kept):
    """Somebody or some body that tells us things, by code. `scope` names its data key."""

    code = models.CharField(max_length=32, unique=True)
    category = models.CharField(max_length=120)
    organisation = models.ForeignKey("mission.Counterpart", null=True, on_delete=models.PROTECT, related_name="+")
    languages = models.JSONField(default=list)
    risk = models.TextField(blank=True, default="")
    public_source = models.CharField(max_length=500, blank=True, default="")

    @property
    def scope(self) -> str:
        """The scope of the data key under which this source's words and identity are sealed."""
        return f"source:{self.id}"


class Identity(Kept):
    """Who a source is: sealed. Opened by the identity role alone, each opening on record."""

    SEALED: ClassVar = ("name", "contact", "note")

    source = models.OneToOneField(Source, on_delete=models.PROTECT, related_name="identity")
    name = models.TextField()
    contact = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    tokens = models.JSONField(default=list)


class Consent(Kept):
    """One scope of consent: for this use and audience, showing this much, until then. What is not written is a no."""

    access_path: ClassVar[str] = "source__access"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="consents")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="consents")
    use = models.CharField(max_length=12, choices=[(use.value, use.label) for use in Use])
    audience = models.CharField(max_length=120, blank=True, default="")
    disclosure = models.CharField(max_length=8, choices=[(step.value, step.label) for step in Disclosure], default="code")
    given = models.DateField()
    language = models.CharField(max_length=16)
    taken_by = models.ForeignKey("mission.Member", null=True, on_delete=models.PROTECT, related_name="+")
    interpreter = models.CharField(max_length=120, blank=True, default="")
    text = models.ForeignKey("monitor.ConsentText", null=True, on_delete=models.PROTECT, related_name="+")
    own_words = models.CharField(max_length=300, blank=True, default="")
    expires = models.DateField(null=True)
    withdrawn = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True, default="")

    def stands(self, on: date) -> bool:
        """Whether this scope is in force on a day. What was taken back is not in force on any day."""
        return self.withdrawn is None and self.given <= on and (self.expires is None or on <= self.expires)


class Claim(Handled, Timed, Counted, Kept):
    """What somebody else said: verbatim, in their language, sealed. `headline` must identify nobody.

    `quoted_from`: the address where a source that speaks in public published these very words; empty when it said them to us.
    """

    REPORTED, ALLEGED, UNABLE, VERIFIED = "reported", "alleged", "unable", "verified"
    STATES: ClassVar = [
        (REPORTED, "Reported to us"), (ALLEGED, "Alleged"), (UNABLE, "Tested, unable to confirm"), (VERIFIED, "Verified"),
    ]  # fmt: skip
    SEALED: ClassVar = ("verbatim", "translation")

    schema_on_record = 2

    code = models.CharField(max_length=32, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claims")
    activity = models.ForeignKey("monitor.Activity", null=True, on_delete=models.PROTECT, related_name="claims")
    place = models.ForeignKey("mission.Place", on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=40)
    headline = models.CharField(max_length=200)
    verbatim = models.TextField(blank=True, default="")
    language = models.CharField(max_length=16)
    translation = models.TextField(blank=True, default="")
    told = models.DateTimeField()
    told_precision = models.CharField(max_length=8, choices=[("minute", "To the minute"), ("day", "Only the day")], default="minute")
    quoted_from = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=12, choices=STATES, default=REPORTED)
    tested = models.TextField(blank=True, default="")
    pending_until = models.DateField(null=True)

    def derive(self) -> None:
        """Compute the access key and the moment of lists: when it was told, for that is what we witnessed."""
        super().derive()
        self.listed = self.told

    @property
    def tested_already(self) -> bool:
        """Whether somebody went and looked."""
        return self.state in (self.UNABLE, self.VERIFIED)
