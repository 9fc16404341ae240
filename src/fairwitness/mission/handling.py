"""Handling: how sensitive a thing is, which unit holds it, and the stored key by which lists are filtered.

Sensitivity is a ladder of four steps. Consent is a set of scopes; what is not written is a no. Both are
value types here; what a source gave or took back is a kept thing in monitor.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db import models


class Sensitivity(IntEnum):
    """Weight of a thing. The names are those of the marking line."""

    PUBLIC = 0
    INTERNAL = 1
    RESTRICTED = 2
    CONFIDENTIAL = 3

    @property
    def label(self) -> str:
        """English words of the marking."""
        return ("Public", "Mission internal", "Restricted", "Confidential")[self.value]


SENSITIVITIES = [(step.value, step.label) for step in Sensitivity]


class Use(StrEnum):
    """What a statement may be used for. Absence of a scope is a no."""

    INTERNAL = "internal"
    PARTNERS = "partners"
    PUBLIC = "public"
    COURT = "court"

    @property
    def label(self) -> str:
        """English words of the use."""
        return {"internal": "Mission internal", "partners": "Partners", "public": "Public report", "court": "Courts"}[self.value]


class Disclosure(StrEnum):
    """How far the source may be shown in that use."""

    NOTHING = "nothing"
    CODE = "code"
    ROLE = "role"
    NAME = "name"

    @property
    def label(self) -> str:
        """English words."""
        return {"nothing": "Not mentioned", "code": "Code only", "role": "Role, no name", "name": "Name"}[self.value]


def access_key(unit: UUID, sensitivity: int) -> str:
    """The key stored on rows and in the search index: holding unit and sensitivity in one word, `a<12 hex>s<step>`."""
    return f"a{unit.hex[-12:]}s{sensitivity}"


class Handled(models.Model):
    """A thing with a holding unit and a sensitivity. `access` is derived at the door, never typed."""

    access_path: ClassVar[str] = "access"

    unit = models.ForeignKey("mission.Unit", on_delete=models.PROTECT, related_name="+")
    sensitivity = models.PositiveSmallIntegerField(choices=SENSITIVITIES, default=int(Sensitivity.INTERNAL))
    access = models.CharField(max_length=24, editable=False, db_index=True)

    if TYPE_CHECKING:
        unit_id: UUID

    class Meta:
        """Abstract."""

        abstract = True

    def derive(self) -> None:
        """Compute the access key from unit and sensitivity."""
        self.access = access_key(self.unit_id, self.sensitivity)

    def marking(self) -> str:
        """The words of the marking line."""
        return Sensitivity(self.sensitivity).label
