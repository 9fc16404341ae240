"""Attachments: a file as it came, encrypted at rest, with who made it, who is on it and under which terms it may be shown.

A picture with people on it is the most dangerous thing a mission keeps: it names them without a name. So who is on it
stands by code or by number, each person's consent stands by itself, and what the camera wrote of place and owner is sealed.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Disclosure, Handled, Use
from fairwitness.record.kept import Kept


class Attachment(Handled, Kept):
    """A file that belongs to an observation, a claim or an activity.

    `blob` is the SHA-256 of the stored ciphertext; `plain_hash` the sealed SHA-256 of the file as it came. Of a picture: width and
    height as it is looked at; `facts` and `whereabouts`, sealed, what the camera wrote (time and camera; place, owner, serial numbers);
    `preview`, a blob without any of it. A copy with covered faces points to its original by `redacted_from`; `boxes` says where it was
    covered, in hundredths of a percent, and for whom. `people` says of a picture: nobody, some, or nothing yet.
    """

    SEALED: ClassVar = ("plain_hash", "facts", "whereabouts")
    NOBODY, SOME = "nobody", "some"
    PEOPLE: ClassVar = [(NOBODY, "Nobody can be recognised"), (SOME, "Somebody can be recognised")]

    schema_on_record = 2

    code = models.CharField(max_length=40, unique=True)
    observation = models.ForeignKey("monitor.Observation", null=True, on_delete=models.PROTECT, related_name="attachments")
    claim = models.ForeignKey("monitor.Claim", null=True, on_delete=models.PROTECT, related_name="attachments")
    activity = models.ForeignKey("monitor.Activity", null=True, on_delete=models.PROTECT, related_name="attachments")
    redacted_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="redactions")
    file_name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    blob = models.CharField(max_length=64)
    plain_hash = models.TextField()
    caption = models.CharField(max_length=500)
    credit = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    people = models.CharField(max_length=300, blank=True, default="")
    taken = models.DateTimeField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    preview = models.CharField(max_length=64, blank=True, default="")
    facts = models.TextField(blank=True, default="")
    whereabouts = models.TextField(blank=True, default="")
    boxes = models.JSONField(default=list)

    class Meta:
        """It belongs to exactly one thing."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="monitor_attachment_one_owner",
                condition=models.Q(observation__isnull=False, claim__isnull=True, activity__isnull=True)
                | models.Q(observation__isnull=True, claim__isnull=False, activity__isnull=True)
                | models.Q(observation__isnull=True, claim__isnull=True, activity__isnull=False),
            ),
        ]

    @property
    def scope(self) -> str:
        """The scope of the data key this file is encrypted under: its own, or its source's."""
        return self.claim.source.scope if self.claim else f"attachment:{self.id}"

    @property
    def is_picture(self) -> bool:
        """Whether it was read as a picture."""
        return bool(self.preview)

    @property
    def original(self) -> Attachment:
        """The file as it came: itself, or what it was made from."""
        return self.redacted_from or self


class Depicted(Kept):
    """Somebody who can be recognised on a picture: a source by code, or so many adults or children whom nobody knows by code.

    It hangs on the original; whether a copy covers them follows from its boxes.
    """

    access_path: ClassVar[str] = "attachment__access"

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="depicted")
    source = models.ForeignKey("monitor.Source", null=True, on_delete=models.PROTECT, related_name="pictures")
    child = models.BooleanField(default=False)
    count = models.PositiveSmallIntegerField(default=1)
    struck = models.BooleanField(default=False)

    class Meta:
        """One person by code is one; a person stands on a picture once."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="monitor_depicted_count", condition=models.Q(count__gte=1) & (models.Q(source__isnull=True) | models.Q(count=1))
            ),
            models.UniqueConstraint(
                fields=["attachment", "source"], name="monitor_depicted_once", condition=models.Q(struck=False, source__isnull=False)
            ),
        ]


class PictureConsent(Kept):
    """One scope in which somebody allowed one picture to be shown; for a child, its guardian did. What is not written is a no.

    It stands apart from what a source allowed of its words: who lets us quote what they said did not let us show their face.
    """

    access_path: ClassVar[str] = "depicted__attachment__access"
    AGREED, TOO_YOUNG = "agreed", "too_young"
    CHILD_SAID: ClassVar = [(AGREED, "The child was asked and agrees"), (TOO_YOUNG, "The child is too young to be asked")]

    depicted = models.ForeignKey(Depicted, on_delete=models.PROTECT, related_name="consents")
    given_by = models.ForeignKey("monitor.Source", on_delete=models.PROTECT, related_name="picture_consents")
    guardian_as = models.CharField(max_length=80, blank=True, default="")
    child_said = models.CharField(max_length=10, choices=[("", ""), *CHILD_SAID], blank=True, default="")
    use = models.CharField(max_length=12, choices=[(use.value, use.label) for use in Use])
    audience = models.CharField(max_length=120, blank=True, default="")
    disclosure = models.CharField(max_length=8, choices=[(step.value, step.label) for step in Disclosure], default="nothing")
    given = models.DateField()
    language = models.CharField(max_length=16)
    taken_by = models.ForeignKey("mission.Member", null=True, on_delete=models.PROTECT, related_name="+")
    interpreter = models.CharField(max_length=120, blank=True, default="")
    expires = models.DateField(null=True)
    withdrawn = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True, default="")

    def stands(self, on: date) -> bool:
        """Whether this scope is in force on a day. What was taken back is not in force on any day."""
        return self.withdrawn is None and self.given <= on and (self.expires is None or on <= self.expires)
