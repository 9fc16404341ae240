"""Undo an import as a whole: what it brought is withdrawn, each thing with the reason, and nothing is deleted.

A withdrawn thing leaves lists, counts and the index; its page and its history stay and say why it went. The rule it guards: what somebody
has worked on since, or rests something on, is not taken from under their feet: while there is such a thing, nothing of the
import is undone, and each of them is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from fairwitness.errors import BadInput, Fault, OutOfOrder, Stale, say
from fairwitness.mission.access import require
from fairwitness.mission.index import left_out, put
from fairwitness.mission.match_columns import Target, target_of
from fairwitness.mission.models import Import, ImportedRow, ListProfile
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.verbs import Verb

CHUNK = 500
NAMED = 20
left_out("lists have a page of their own", *(model.kind_on_record() for model in (Import, ImportedRow, ListProfile)))


Ask = Callable[[Sequence[UUID]], Iterable[UUID]]
_askers: list[Ask] = []


def cites(ask: Ask) -> Ask:
    """State how a room above knows which of these things it rests on, where no column of it points to them."""
    _askers.append(ask)
    return ask


def ask_undo(imported: Import, *, why: str, by: Hand, background: bool = True, base: UUID | None = None) -> Import:
    """Begin to undo. Raises OutOfOrder, naming what was edited or cited since."""
    require(by, Verb.IMPORT_UNDO, imported)
    reason = why.strip()
    if not reason or len(reason) > 300:
        raise BadInput.of(Fault("why", say("Say why, in up to 300 characters; it goes on record with each thing.")))
    with writing(by):
        now: Import = Import.objects.select_related("unit").get(pk=imported.pk)
        if now.state not in (Import.RUNNING, Import.DONE):
            raise OutOfOrder("{code} is {state}; there is nothing to undo.", code=now.code, state=now.get_state_display())
        held = held_by(now)
        if held:
            more = say(" and more") if len(held) > NAMED else ""
            raise OutOfOrder(
                "Nothing was undone: since the import, {things}{more} were changed or are cited. Settle these first, or leave the import.",
                things=", ".join(held[:NAMED]), more=more,
            )  # fmt: skip
        now.entry = base or now.entry
        now.state, now.undo_why, now.background, now.member_id = Import.UNDOING, reason, background, by.member
        now.keep(by=by, verb=Verb.IMPORT_UNDO, why=reason)
        return now


def undo(imported: Import, *, by: Hand) -> Import:
    """Withdraw all that is left, chunk by chunk. Interrupted, it is called again and goes on."""
    now = Import.objects.get(pk=imported.pk)
    while now.state == Import.UNDOING:
        try:
            now = undo_some(now, by=by)
        except Stale:  # somebody else withdrew these meanwhile
            now = Import.objects.get(pk=imported.pk)
    return now


def undo_some(imported: Import, *, by: Hand) -> Import:
    """Withdraw the next things, in one transaction."""
    require(by, Verb.IMPORT_UNDO, imported)
    with writing(by):
        now: Import = Import.objects.select_related("unit").get(pk=imported.pk)
        if now.state != Import.UNDOING:
            return now
        target = target_of(now.target)
        rows = list(ImportedRow.objects.filter(imported=now, undone=False).order_by("row")[:CHUNK])
        things = list(target.model.objects.filter(pk__in=[row.thing for row in rows]))
        held = _held(target, rows, things)
        if held:
            raise OutOfOrder("{things} was changed or cited while the import was undone.", things=", ".join(held[:NAMED]))
        if target.withdraw is not None:
            target.withdraw(things, by, now.undo_why)
        for row in rows:
            row.undone = True
            row.keep(by=by, verb=Verb.IMPORT_WITHDRAW, why=now.undo_why)
            said = {"import": now.code, "row": row.row, "why": now.undo_why}
            note(by=by, verb=Verb.IMPORT_WITHDRAW, kind=row.kind, subject=row.thing, content=said)
        put(*things)
        now.undone += len(rows)
        if not ImportedRow.objects.filter(imported=now, undone=False).exists():
            now.state = Import.UNDONE
        now.keep(by=by, verb=Verb.IMPORT_UNDO)
        return now


def held_by(imported: Import) -> list[str]:
    """The codes of what was edited or cited since; at most one more than are named."""
    target = target_of(imported.target)
    rows = ImportedRow.objects.filter(imported=imported, undone=False).order_by("row")
    found: list[str] = []
    for begin in range(0, rows.count(), CHUNK):
        part = list(rows[begin : begin + CHUNK])
        found += _held(target, part, list(target.model.objects.filter(pk__in=[row.thing for row in part])))
        if len(found) > NAMED:
            break
    return found


def _held(target: Target, rows: Sequence[ImportedRow], things: Sequence[Any]) -> list[str]:
    version = {row.thing: row.version for row in rows}
    ids = list(version)
    cited = set(_pointed_at(target.model, ids))
    for ask in _askers:
        cited.update(ask(ids))
    return [getattr(one, "code", str(one)) for one in things if one.entry != version[one.pk] or one.pk in cited]


def _pointed_at(model: Any, ids: Sequence[UUID]) -> Iterable[UUID]:
    """Those of these things that another kept thing points to."""
    for relation in model._meta.related_objects:
        name = relation.field.attname
        yield from relation.related_model._base_manager.filter(**{f"{name}__in": ids}).values_list(name, flat=True)


def withdrawn_by(thing: UUID) -> ImportedRow | None:
    """The line that withdrew this thing, with its import; nothing while it stands."""
    found: ImportedRow | None = ImportedRow.objects.filter(thing=thing, undone=True).select_related("imported").first()
    return found
