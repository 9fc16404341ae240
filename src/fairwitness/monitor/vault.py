"""Vault: keep who a source is, sealed, apart from everything else. People can be killed for what lies here.

Only the role of identities opens it, with a reason, and each opening goes on record. A search compares keyed tokens
that only the source's own key can make, so that nothing can be compared once that key is destroyed. The rule it
guards: for everybody else the vault is empty, a search in it finds nothing, and the search itself is on record with a
token, never with the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from fairwitness.errors import BadInput, Fault, Gone, say
from fairwitness.mission.access import may, require, visible
from fairwitness.mission.fold import fold
from fairwitness.monitor.models import Identity, Source
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.seal import seal, token, token_within, unseal
from fairwitness.record.verbs import Verb

VAULT = uuid5(NAMESPACE_URL, "fairwitness:monitor.vault")
MOST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Opened:
    """Who a source is, as opened once. Not kept, not cached, not logged."""

    name: str
    contact: str
    note: str


def keep_identity(
    source: Source, *, name: str, by: Hand, contact: str = "", note: str = "", base: UUID | None = None, replace: bool = True,
) -> Identity:  # fmt: skip
    """Put an identity into the vault, or replace the one there (refused without `replace`). Raises BadInput, Refused, Stale, Gone."""
    require(by, Verb.IDENTITY_KEEP, source)
    reading = Reading()
    words = {
        "name": reading.text("name", name, 300, needed=True), "contact": reading.text("contact", contact, 1_000),
        "note": reading.text("note", note, 5_000),
    }  # fmt: skip
    reading.done()
    with writing(by):
        identity: Identity = Identity.objects.filter(source=source).first() or Identity(source=source)
        if not replace and not identity._state.adding:
            raise BadInput.of(Fault("replace", "is not ticked; an identity lies in the vault already, and it is not replaced by chance"))
        if base is not None and not identity._state.adding:
            identity.entry = base
        for field, said in words.items():
            setattr(identity, field, seal(source.scope, said))
        identity.tokens = _tokens(source.scope, f"{words['name']} {words['contact']}")
        identity.keep(by=by, verb=Verb.IDENTITY_KEEP)
    return identity


def open_identity(source: Source, *, why: str, by: Hand) -> Opened:
    """Open the vault for one source. The opening is on record before the words are read. Raises Refused, Gone, BadInput."""
    require(by, Verb.IDENTITY_OPEN, source)
    reading = Reading()
    why = reading.text("why", why, 300)
    if len(why) < 4:
        reading.fault("why", "is empty or too short; say why you need to know, it stays on record")
    identity: Identity | None = Identity.objects.filter(source=source).first()
    if identity is None:
        reading.fault("source", say("{code} has no identity in the vault", code=source.code))
    reading.done()
    assert identity is not None
    note(by=by, verb=Verb.IDENTITY_OPEN, kind="monitor.identity", subject=identity.id, content={"source": source.code, "why": why})
    return Opened(unseal(identity.name), unseal(identity.contact), unseal(identity.note))


def search_identity(words: str, *, by: Hand) -> list[Source]:
    """Sources whose identity holds all these words exactly, in any spelling. Without the role: nothing, and on record."""
    reading = Reading()
    said = reading.text("words", words, 300, needed=True)
    reading.done()
    keys = _words(said)
    allowed = may(by, Verb.IDENTITY_SEARCH)
    found = _holders(keys, by) if allowed and keys else []
    content: dict[str, Any] = {"tokens": sorted(token(key) for key in keys), "allowed": allowed, "found": len(found)}
    note(by=by, verb=Verb.IDENTITY_SEARCH, kind="monitor.vault", subject=VAULT, content=content)
    return found


def compare_identities(
    pair: Callable[[list[str]], list[tuple[int, int, float]]], *, why: str, by: Hand
) -> list[tuple[Source, Source, float]]:  # fmt: skip
    """Hold every name this hand may open against every other: two sources and what `pair` says of them, nothing else.

    `pair` gets the names and gives pairs of places in that list. The names live while it runs and go nowhere else; that it was done, why
    and over how many sources is on record before the first is read, and what came out is not. Raises Refused, BadInput.
    """
    require(by, Verb.IDENTITY_COMPARE)
    reading = Reading()
    why = reading.text("why", why, 300)
    if len(why) < 4:
        reading.fault("why", "is empty or too short; say why the sources have to be compared, it stays on record")
    reading.done()
    within = visible(by, Source.objects.all()).values("pk")
    kept = Identity.objects.filter(source__in=within).select_related("source__unit").order_by("source__code")
    identities = [one for one in kept if may(by, Verb.IDENTITY_OPEN, one.source)]
    note(by=by, verb=Verb.IDENTITY_COMPARE, kind="monitor.vault", subject=VAULT, content={"why": why, "compared": len(identities)})
    names, sources = [], []
    for identity in identities:
        try:
            names.append(unseal(identity.name))
            sources.append(identity.source)
        except Gone:
            continue
    return [(sources[left], sources[right], chance) for left, right, chance in pair(names)]


def _holders(keys: list[str], by: Hand) -> list[Source]:
    within = visible(by, Source.objects.all()).values("pk")
    found = []
    for identity in Identity.objects.filter(source__in=within).select_related("source").order_by("source__code").iterator():
        kept = set(identity.tokens)
        try:
            if all(token_within(identity.source.scope, key.encode()) in kept for key in keys):
                found.append(identity.source)
        except Gone:
            continue
    return found


def _words(text: str) -> list[str]:
    """Folded words, each once: letters and digits, so that +383 44 … is found in pieces."""
    return list(dict.fromkeys(re.findall(r"\w+", fold(text))))[:MOST_WORDS]


def _tokens(scope: str, text: str) -> list[str]:
    return sorted(token_within(scope, word.encode()) for word in _words(text))
