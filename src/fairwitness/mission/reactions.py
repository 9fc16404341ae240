"""Reactions of the mission: lists are tried, taken and undone as later work, piece by piece, in the name of who asked for it.

Each piece goes on record and is itself what calls for the next, so that the work survives a restart and others get their turn. The rule it
guards: a piece is done once; when somebody else went on meanwhile, the call is out of date and does nothing.
"""

from __future__ import annotations

from fairwitness.mission.models import Import
from fairwitness.mission.take_rows import take_some, try_list
from fairwitness.mission.undo_import import undo_some
from fairwitness.record.hand import Door, Hand
from fairwitness.record.keep import writing
from fairwitness.record.models import Entry
from fairwitness.record.react import on
from fairwitness.record.verbs import Verb


def _called(entry: Entry, state: str, by: Hand) -> tuple[Import, Hand] | None:
    """The import this entry left waiting, and the hand of who asked for it; nothing when it is not waiting any more."""
    if entry.kind != Import.kind_on_record():
        return None
    found = Import.objects.filter(pk=entry.subject, entry=entry.entry, state=state, background=True).first()
    if found is None:
        return None
    with writing(by) as unit:
        unit.hand = Hand(found.member_id, Door.WORKER)
        return found, unit.hand


@on(Verb.IMPORT_CHECK)
def try_it(entry: Entry, by: Hand) -> None:
    """Try a list that somebody asked to be tried."""
    if called := _called(entry, Import.CHECKING, by):
        try_list(called[0], by=called[1])


@on(Verb.IMPORT_TAKE)
def take_next(entry: Entry, by: Hand) -> None:
    """Take the next rows."""
    if called := _called(entry, Import.RUNNING, by):
        take_some(called[0], by=called[1])


@on(Verb.IMPORT_UNDO)
def undo_next(entry: Entry, by: Hand) -> None:
    """Withdraw the next things."""
    if called := _called(entry, Import.UNDOING, by):
        undo_some(called[0], by=called[1])
