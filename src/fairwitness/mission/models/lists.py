"""Lists that were brought along: how a unit's list is read, each import, and what each row of it became.

The rule it guards: nothing comes in without a trace of where it came from. The file stays as it came, sealed; every thing that was made
points back to its row; and what an import brought can be withdrawn as a whole, which marks it and deletes nothing.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fairwitness.mission.handling import Handled
from fairwitness.record.kept import Kept
from fairwitness.record.verbs import Verb


class ListProfile(Kept):
    """How a unit reads one of its lists: which heading is which field, which word means which term.

    `columns` is heading to field, `fixed` field to a value for every row, `words` field to (folded word of the list to what is meant).
    """

    DMY, MDY = "dmy", "mdy"
    ORDERS: ClassVar = [(DMY, "day, month, year"), (MDY, "month, day, year")]

    unit = models.ForeignKey("mission.Unit", on_delete=models.PROTECT, related_name="list_profiles")
    target = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    fixed = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    day_order = models.CharField(max_length=3, choices=ORDERS, default=DMY)

    class Meta:
        """A name once for a kind of list in a unit."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "target", "name"], name="mission_list_profile_once")]

    def __str__(self) -> str:
        """The name."""
        return self.name


class Import(Handled, Kept):
    """One list, brought by somebody. `done_rows` is how far it came, where whoever goes on begins.

    `file_token` finds the same file again.
    """

    OPEN, CHECKING, CHECKED, RUNNING, DONE, UNDOING, UNDONE = "open", "checking", "checked", "running", "done", "undoing", "undone"
    STATES: ClassVar = [
        (OPEN, "columns not matched yet"), (CHECKING, "being tried"), (CHECKED, "tried, nothing taken yet"), (RUNNING, "being taken"),
        (DONE, "taken"), (UNDOING, "being undone"), (UNDONE, "undone"),
    ]  # fmt: skip
    read_by: ClassVar[Verb] = Verb.IMPORT_BRING

    code = models.CharField(max_length=32, unique=True)
    target = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=STATES, default=OPEN)
    member = models.ForeignKey("mission.Member", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    file = models.ForeignKey("record.Blob", on_delete=models.PROTECT, related_name="+")
    file_token = models.CharField(max_length=40, db_index=True)
    sheet = models.CharField(max_length=120, blank=True, default="")
    encoding = models.CharField(max_length=20, blank=True, default="")
    headings = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    profile = models.ForeignKey(ListProfile, null=True, on_delete=models.PROTECT, related_name="imports")
    columns = models.JSONField(default=dict)
    fixed = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    day_order = models.CharField(max_length=3, choices=ListProfile.ORDERS, default=ListProfile.DMY)
    background = models.BooleanField(default=False)
    unknown = models.JSONField(default=list)
    report = models.ForeignKey("record.Blob", null=True, on_delete=models.PROTECT, related_name="+")
    faulty = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    undo_why = models.CharField(max_length=300, blank=True, default="")

    @property
    def scope(self) -> str:
        """The scope of the key under which the file and the reports about it are sealed."""
        return f"import:{self.id}"

    def __str__(self) -> str:
        """The code."""
        return self.code


class ImportedRow(Kept):
    """What one row became. `key` meets the row again in a later list; `given` keeps words of the list that were read as something else."""

    access_path: ClassVar[str] = "imported__access"
    read_by: ClassVar[Verb] = Verb.IMPORT_BRING

    imported = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="taken")
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    thing = models.UUIDField(db_index=True)
    version = models.UUIDField()
    given = models.JSONField(default=dict)
    undone = models.BooleanField(default=False)

    class Meta:
        """A row once in an import, and its key once among what stands."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["imported", "row"], name="mission_imported_row_once"),
            models.UniqueConstraint(fields=["key"], name="mission_imported_key_once", condition=models.Q(undone=False)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["thing"], name="mission_imported_undone", condition=models.Q(undone=True)),
        ]
