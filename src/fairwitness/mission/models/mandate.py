"""The mandate as data: decisions, the tasks they name, fields of activity, standards, the chain of operations.

Every line names its source. Nothing here is our opinion: a decision says what it says, in its own date.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.record.kept import Kept


class MissionProfile(Kept):
    """The mission this node serves: one database is one mission."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    host_area = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60)
    languages = models.JSONField(default=list)
    notice = models.TextField(blank=True, default="")


class Decision(Kept):
    """A dated document that sends, changes or ends the mission."""

    code = models.CharField(max_length=80, unique=True)
    symbol = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    decided = models.DateField(null=True)
    body = models.CharField(max_length=120)
    summary = models.TextField(blank=True, default="")
    source = models.CharField(max_length=500)


class Task(Kept):
    """A task a decision names. `also_in` holds the codes of further decisions, `fields` those of fields of activity."""

    code = models.CharField(max_length=80, unique=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="tasks")
    also_in = models.JSONField(default=list)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    fields = models.JSONField(default=list)
    text = models.TextField()
    source = models.CharField(max_length=500)


class FieldOfActivity(Kept):
    """A field of activity under the mandate."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    source = models.CharField(max_length=500)


class Operation(Kept):
    """An operation of the chain: its predecessor, its dates, why it ended."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    started = models.CharField(max_length=10)
    ended = models.CharField(max_length=10, blank=True, default="")
    decisions = models.JSONField(default=list)
    reason = models.TextField(blank=True, default="")
    predecessors = models.JSONField(default=list)
    source = models.CharField(max_length=500)


class Figure(Kept):
    """Posts or budget of a year, with the kind of figure. A gap is a gap: no row."""

    year = models.PositiveSmallIntegerField(null=True)
    operation = models.CharField(max_length=80, blank=True, default="")
    what = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    comparison = models.CharField(max_length=16, blank=True, default="exactly")
    amount = models.CharField(max_length=40)
    unit = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=500)


class Standard(Kept):
    """A law, commitment or agreement, article by article, in force from and to: what obligations and findings rest on."""

    code = models.CharField(max_length=160, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=80, blank=True, default="")
    article = models.CharField(max_length=120, blank=True, default="")
    amended_by = models.JSONField(default=list)
    text = models.TextField(blank=True, default="")
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)
    source = models.CharField(max_length=500)

    def __str__(self) -> str:
        """Title, and article where there is one."""
        return f"{self.title}, {self.article}" if self.article else self.title


class Footnote(Kept):
    """The status footnote an audience expects, in the words of its body."""

    code = models.CharField(max_length=80, unique=True)
    audience = models.CharField(max_length=80)
    language = models.CharField(max_length=16, default="en")
    text = models.TextField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=500)

    class Meta:
        """By audience."""

        ordering: ClassVar = ["audience", "code"]
