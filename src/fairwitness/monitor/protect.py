"""Protect: what is done when a source takes everything back, or is in danger.

Consent is withdrawn in general; on request the key of the source is destroyed as well. From that moment nobody can
read the words, the identity or the files sealed under it, here or in any copy that hangs on this keyring, while the
log still proves that something was written, when and by whom. The rule it guards: what cannot be promised is said
(`erase` prints it), and nothing is destroyed without a reason on record.
"""

from __future__ import annotations

from fairwitness.errors import OutOfOrder
from fairwitness.mission.access import require
from fairwitness.monitor.consent import withdraw
from fairwitness.monitor.models import Consent, Source
from fairwitness.monitor.read_input import Reading
from fairwitness.record import keyring
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.shred import shred
from fairwitness.record.verbs import Verb


def protect_source(source: Source, *, why: str, by: Hand, destroy: bool = False) -> list[Consent]:
    """Withdraw all consent of a source; with `destroy`, its words become unreadable at once. Raises BadInput, Refused, Gone."""
    require(by, Verb.CONSENT_WITHDRAW, source)
    if destroy:
        require(by, Verb.KEY_SHRED, source)
    reading = Reading()
    why = reading.text("why", why, 300)
    if destroy and not why:
        reading.fault("why", "is empty; a source needs no reason, but a key is not destroyed without one on record: who asked, and when")
    reading.done()
    with writing(by):
        try:
            lines = withdraw(source, why=why, by=by)
        except OutOfOrder:
            lines = []
        if destroy and (keyring.fetch(source.scope) is not None or source.scope in keyring.gone()):
            shred(source.scope, by=by, why=why)
    return lines


def is_shredded(source: Source) -> bool:
    """Whether the key of this source was destroyed."""
    return source.scope in keyring.gone()
