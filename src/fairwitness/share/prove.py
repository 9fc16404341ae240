"""Prove a publication: a page with which anybody checks, without us and without a connection, that it is in the public log.

The page holds the entry's header, the way from it to a signed root, and the entry's body, which names the SHA-256 of what was
published. The rule it guards: nothing of the inner log, and no person, stands on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fairwitness.errors import NotThere
from fairwitness.record.checkpoint import inclusion, newest, origin, vkey
from fairwitness.record.ledger.entry import SALT
from fairwitness.record.models import PublicEntry
from fairwitness.record.verbs import Verb

LOG = "public"


@dataclass(frozen=True, slots=True)
class Seal:
    """How the public log stands: whose it is, how many entries a signed root covers, that root, its signature note, the key to check it."""

    origin: str
    size: int
    root: str
    note: str
    made: str
    key: str

    @property
    def spaced(self) -> str:
        """The root in groups of four, as it is read aloud."""
        return " ".join(self.root[step : step + 4] for step in range(0, len(self.root), 4))


def sealed() -> Seal | None:
    """The newest checkpoint of the public log; None before the first publication."""
    found = newest(LOG)
    if found is None:
        return None
    return Seal(origin(LOG), found.size, bytes(found.root).hex(), bytes(found.note).decode("utf-8"), found.made, vkey(LOG))


def entry_of(subject: UUID, verb: Verb = Verb.RELEASE_PUBLISH) -> PublicEntry | None:
    """The newest public entry with which this thing was published or taken down."""
    return PublicEntry.objects.filter(subject=str(subject), verb=verb.value).order_by("-seq").first()


def proof(seq: int) -> dict[str, Any]:
    """The proof of one public entry, as `check-proof` reads it, with the entry's body beside it. Raises NotThere.

    `body` is the salt and the bytes after it, in hexadecimal; its SHA-256 stands in the header, and the words in it name what left.
    """
    found = PublicEntry.objects.filter(seq=seq).first() if 0 <= seq < 2**53 else None
    if found is None:
        raise NotThere()
    body = bytes(found.body) if found.body is not None else b""
    return {**inclusion(seq, LOG), "body": body.hex(), "says": body[SALT:].decode("utf-8"), "key": vkey(LOG)}
