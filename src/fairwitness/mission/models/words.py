"""Words: controlled vocabularies and the house style for names. Versioned data, not code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.record.kept import Kept


class Term(Kept):
    """A term of a vocabulary, with labels by language. Ended terms stay readable on old things."""

    vocabulary = models.CharField(max_length=80)
    code = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    labels = models.JSONField(default=dict)
    parent = models.CharField(max_length=80, blank=True, default="")
    aliases = models.JSONField(default=list)
    note = models.TextField(blank=True, default="")
    order = models.PositiveSmallIntegerField(default=0)
    ended = models.DateField(null=True)
    source = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        """A code once in a vocabulary."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["vocabulary", "code"], name="mission_term_once")]


class HouseStyle(Kept):
    """How names are printed for an audience at a date: which languages, in which order, with which separator."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    audience = models.CharField(max_length=80)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    rule = models.JSONField(default=dict)
    source = models.CharField(max_length=500, blank=True, default="")
