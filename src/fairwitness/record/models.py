"""The tables of the log: entries, checkpoints, tree nodes, jobs.

There are two logs of one form: the inner log of everything kept, and the public log of releases,
which is apart because the inner one would reveal how much happens when. The rule guarded here:
these tables are written by `append`, `checkpoint` and `react` alone; triggers refuse the rest.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from fairwitness.record.kept import Kept


class Position(models.BigIntegerField):  # type: ignore[type-arg]
    """A position in a log. On SQLite its type is `integer`, so that the primary key is the row id itself."""

    def db_type(self, connection: Any) -> str | None:
        """`integer` on SQLite, `bigint` elsewhere."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Log(models.Model):
    """One log of this node. `id` is its id in every header; `size` is the append lock on PostgreSQL."""

    name = models.CharField(max_length=16, primary_key=True)
    id_text = models.CharField(max_length=36, unique=True)
    size = models.BigIntegerField(default=0)
    started = models.DateTimeField()

    class Meta:
        """Two rows: `inner` and `public`."""

        db_table = "record_log"


class EntryForm(models.Model):
    """The form of an entry. `header` and `body` are the stored bytes; the other columns repeat the header for queries."""

    seq = Position(primary_key=True)
    entry = models.CharField(max_length=36, unique=True)
    log = models.CharField(max_length=36)
    kind = models.CharField(max_length=64)
    schema = models.IntegerField()
    verb = models.CharField(max_length=64)
    member = models.CharField(max_length=36, null=True)
    door = models.CharField(max_length=16)
    at = models.CharField(max_length=32)
    subject = models.CharField(max_length=36)
    prev = models.CharField(max_length=36, null=True)
    recorded = models.CharField(max_length=32)
    header = models.BinaryField()
    body = models.BinaryField(null=True)
    commitment = models.CharField(max_length=64)
    leaf = models.BinaryField()

    class Meta:
        """Abstract: two tables carry this form."""

        abstract = True


class Entry(EntryForm):
    """An entry of the inner log."""

    class Meta:
        """Subject for history; kind and verb for reactions from the start."""

        db_table = "record_entry"
        indexes: ClassVar = [models.Index(fields=["subject", "seq"], name="record_entry_subject")]


class PublicEntry(EntryForm):
    """An entry of the public log: something published or taken down."""

    class Meta:
        """As the inner one."""

        db_table = "record_public_entry"
        indexes: ClassVar = [models.Index(fields=["subject", "seq"], name="record_public_subject")]


class CheckpointForm(models.Model):
    """A signed statement of size and root of a log (C2SP tlog-checkpoint in a signed note)."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    note = models.BinaryField()
    made = models.CharField(max_length=32)

    class Meta:
        """Abstract: two tables carry this form."""

        abstract = True


class Checkpoint(CheckpointForm):
    """A checkpoint of the inner log."""

    class Meta:
        """Written by the worker on a fixed schedule."""

        db_table = "record_checkpoint"


class PublicCheckpoint(CheckpointForm):
    """A checkpoint of the public log."""

    class Meta:
        """Written with each release: that log's tempo is public anyway."""

        db_table = "record_public_checkpoint"


class NodeForm(models.Model):
    """The hash of a complete subtree of 2^level leaves."""

    level = models.IntegerField()
    idx = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        """Abstract: two tables carry this form."""

        abstract = True


class Node(NodeForm):
    """A tree node of the inner log."""

    class Meta:
        """One hash for each place in the tree."""

        db_table = "record_node"
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "idx"], name="record_node_once")]


class PublicNode(NodeForm):
    """A tree node of the public log."""

    class Meta:
        """One hash for each place in the tree."""

        db_table = "record_public_node"
        constraints: ClassVar = [models.UniqueConstraint(fields=["level", "idx"], name="record_public_node_once")]


class Blob(Kept):
    """An encrypted file. `name` is the SHA-256 of the ciphertext, where it lies under `blobs/`; `size` its bytes there.

    `plain` is the sealed SHA-256 of the plain bytes; `same` finds identical bytes within one scope.
    """

    name = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=120)
    size = models.BigIntegerField()
    plain = models.TextField()
    same = models.CharField(max_length=40, unique=True)

    class Meta(Kept.Meta):
        """Kept like any thing; attachments of the rooms above point to it."""

        db_table = "record_blob"


class Job(models.Model):
    """Later work: one reaction to one entry. Born in the entry's transaction; its effect happens once."""

    DUE, DONE, PERSON = "due", "done", "person"

    entry = models.CharField(max_length=36)
    reaction = models.CharField(max_length=120)
    state = models.CharField(max_length=8, default=DUE)
    tries = models.IntegerField(default=0)
    not_before = models.DateTimeField()
    error = models.TextField(default="")

    class Meta:
        """Effects once: (entry, reaction) is the key."""

        db_table = "record_job"
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "reaction"], name="record_job_once")]
        indexes: ClassVar = [models.Index(fields=["state", "not_before"], name="record_job_due")]


class ReactionSeen(models.Model):
    """A reaction this node has met, so that `from the start` is replayed once."""

    reaction = models.CharField(max_length=120, primary_key=True)
    first_seen = models.DateTimeField()

    class Meta:
        """One row a reaction."""

        db_table = "record_reaction"
