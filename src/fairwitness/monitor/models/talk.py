"""What members say to each other about a thing, and what they ask of each other: comments, mentions, assignments.

They inherit the handling of the thing they are about and follow it when it changes, so that nothing is learned from a comment
that the thing itself would not tell. They are on record like everything else, and are never part of what the mission says.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept


class About(Handled):
    """Something said about a thing: its kind (as monitor.observation), its id, its code as people say it."""

    kind = models.CharField(max_length=40)
    target = models.UUIDField(db_index=True)
    about = models.CharField(max_length=40)

    class Meta:
        """Abstract."""

        abstract = True


class Comment(About, Kept):
    """A remark on a thing. With `returned`, the thing went back to its author with it."""

    author = models.ForeignKey("mission.Member", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    made = models.DateTimeField()
    returned = models.BooleanField(default=False)


class Mention(Kept):
    """A member named in a comment; `read` once they said so."""

    access_path: ClassVar[str] = "comment__access"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    member = models.ForeignKey("mission.Member", on_delete=models.PROTECT, related_name="+")
    read = models.DateTimeField(null=True)

    class Meta:
        """Once in a comment."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["comment", "member"], name="monitor_mention_once")]


class Assignment(About, Kept):
    """Something one member asks of another about a thing, perhaps by a day. `done` once it is."""

    member = models.ForeignKey("mission.Member", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("mission.Member", null=True, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=300)
    due = models.DateField(null=True)
    returned = models.BooleanField(default=False)
    done = models.DateTimeField(null=True)
    done_note = models.CharField(max_length=300, blank=True, default="")
