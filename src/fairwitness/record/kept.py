"""Kept: the base of every thing the mission keeps. Saving is auditing.

`thing.keep(by=hand, verb=…)` writes the row and its ledger entry in one transaction, or neither.
`save()`, `update()` and `delete()` refuse here, and database triggers refuse an UPDATE whose `entry`
did not advance and any DELETE, whoever sends it. Nothing is deleted: things end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from django.db import models

from fairwitness.errors import BrokenRule
from fairwitness.record.ledger.entry import uuid7

if TYPE_CHECKING:
    from fairwitness.record.hand import Hand
    from fairwitness.record.verbs import Verb

T = TypeVar("T", bound=models.Model, covariant=True)
_door: Callable[..., None] | None = None


def open_door(keep: Callable[..., None]) -> None:
    """`record.keep` opens the door when it is imported, so that this base need not import what stands upon it."""
    global _door
    _door = keep


def _refuse(what: str) -> NoReturn:
    raise BrokenRule("{what} would change a kept row without an entry; use keep() or keep_many()", what=what)


class KeptQuerySet(models.QuerySet[T]):
    """A queryset that reads. Every way of writing refuses."""

    def update(self, **values: Any) -> NoReturn:
        """Refuses: see `keep`."""
        _refuse("update()")

    def delete(self) -> NoReturn:
        """Refuses: nothing is deleted."""
        _refuse("delete()")

    def create(self, **values: Any) -> NoReturn:
        """Refuses: make the thing, then keep it."""
        _refuse("create()")

    def bulk_create(self, *args: Any, **values: Any) -> NoReturn:
        """Refuses: see `keep_many`."""
        _refuse("bulk_create()")

    def bulk_update(self, *args: Any, **values: Any) -> NoReturn:
        """Refuses: see `keep_many`."""
        _refuse("bulk_update()")

    def get_or_create(self, *args: Any, **values: Any) -> NoReturn:
        """Refuses."""
        _refuse("get_or_create()")

    def update_or_create(self, *args: Any, **values: Any) -> NoReturn:
        """Refuses."""
        _refuse("update_or_create()")


class Kept(models.Model):
    """A thing on record.

    id: UUIDv7 made by the node; entry: id of the newest entry about this thing, which is also the
    base version a writer states: a writer who comes second gets `Stale`. `schema_on_record` is the version of
    the row's form; upcasters carry older entries over at reading.
    """

    schema_on_record: ClassVar[int] = 1

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.UUIDField(editable=False, null=False)

    objects: ClassVar[models.Manager[Any]] = KeptQuerySet.as_manager()

    class Meta:
        """Managers refuse even on the reverse side of a relation."""

        abstract = True
        base_manager_name = "objects"

    def __str__(self) -> str:
        """What a list of choices shows: code and title, as far as the thing has them; never its id alone."""
        words = [str(getattr(self, name)) for name in ("code", "symbol", "title", "name", "headline", "label") if getattr(self, name, "")]
        return " ".join(words[:2]) or f"{self._meta.verbose_name} {self.id}"

    @classmethod
    def kind_on_record(cls) -> str:
        """The kind of thing in an entry's header, as in `monitor.observation`."""
        return cls._meta.label_lower

    def keep(self, *, by: Hand, verb: Verb, why: str = "") -> None:
        """Write row and entry, or neither. `why` goes on record with it. Raises Stale, BadInput, IntegrityError."""
        if _door is None:
            raise BrokenRule("the door of record was never opened: import fairwitness.record.keep")
        _door(self, by=by, verb=verb, why=why)

    def save(self, *args: Any, **values: Any) -> NoReturn:
        """Refuses: see `keep`."""
        _refuse("save()")

    def save_base(self, *args: Any, **values: Any) -> NoReturn:
        """Refuses: see `keep`."""
        _refuse("save_base()")

    def delete(self, *args: Any, **values: Any) -> NoReturn:
        """Refuses: nothing is deleted."""
        _refuse("delete()")
