"""Shred: destroy the key of a source or an item. What was sealed under it is unreadable at once, everywhere this keyring is the only one.

The act goes on record first, the key is destroyed the moment that is committed, and a reaction destroys it
should the process die in between. The rule it guards: a process keeps no key in memory between two readings,
so no reader outlives the key. What else holds a copy is printed by `erase`, never promised.
"""

from __future__ import annotations

import re
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from fairwitness.errors import BadInput, Fault, Gone, Refused
from fairwitness.record import keyring, seal
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.look_back import read_note
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def subject_of(scope: str) -> UUID:
    """The thing a scope belongs to: the id in its name, else one made of its name."""
    found = _UUID.search(scope)
    return UUID(found[0]) if found else uuid5(NAMESPACE_URL, f"fairwitness:{scope}")


def shred(scope: str, *, by: Hand, why: str) -> None:
    """Destroy the key of `scope`, on record. Inside an outer unit of work the key goes when that is committed.

    Raises BadInput without a reason or for a scope that never had a key, Gone when it was destroyed before,
    Refused for the node's own keys.
    """
    if not why.strip():
        raise BadInput.of(Fault("why", "say why this key is destroyed; it stays on record"))
    if seal.is_own(scope):
        raise Refused("The node's own keys are not destroyed by shred: every signature and token hangs on them.")
    if keyring.fetch(scope) is None:
        if scope in keyring.gone():
            raise Gone("The key of this scope was destroyed before.")
        raise BadInput.of(Fault("scope", f"{scope} has no key; scopes that have one are listed by `fairwitness shred --list`"))
    with writing(by):
        note(by=by, verb=Verb.KEY_SHRED, kind="record.key", subject=subject_of(scope), content={"scope": scope, "why": why.strip()})
        transaction.on_commit(partial(keyring.destroy, scope))


def shredded() -> set[str]:
    """Every scope the log says was shredded."""
    return {str(read_note(entry)["scope"]) for entry in Entry.objects.filter(verb=Verb.KEY_SHRED.value).iterator()}


def returned() -> list[str]:
    """Scopes that were shredded on record and have a key again, as after an old keyring was put back."""
    return sorted(shredded() & set(keyring.scopes()))
