"""Reactions of the floor: a key that was to be destroyed is destroyed, even when the process died after saying so."""

from __future__ import annotations

from fairwitness.record import keyring
from fairwitness.record.hand import Hand
from fairwitness.record.look_back import read_note
from fairwitness.record.models import Entry
from fairwitness.record.react import on
from fairwitness.record.verbs import Verb


@on(Verb.KEY_SHRED, since="start")
def destroy_key(entry: Entry, by: Hand) -> None:
    """Destroy what the entry says was shredded. Doing it twice changes nothing."""
    keyring.destroy(str(read_note(entry)["scope"]))
