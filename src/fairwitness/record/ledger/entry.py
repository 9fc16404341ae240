"""One entry of the log: a header that may travel everywhere and a body that may not.

The leaf hash of the Merkle tree covers the header; the header holds a commitment to the body: the
SHA-256 of the body's stored bytes, which begin with sixteen random bytes, so that nobody can
confirm a guessed name by hashing guesses. Header keys stand in canonical (alphabetical) order, so
everything behind the hand can be compared with the columns of a database without parsing.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fairwitness.record.ledger.canonical import canonical

SALT = 16
"""Bytes of random salt before the canonical bytes of a body."""

_sha256 = hashlib.sha256


def uuid7() -> UUID:
    """A version 7 UUID: 48 bits of Unix milliseconds, then 74 random bits (RFC 9562, section 5.7)."""
    stamp = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    return UUID(int=stamp << 80 | 0x7 << 76 | (noise >> 64 & 0xFFF) << 64 | 0b10 << 62 | noise & (1 << 62) - 1)


def stamp(moment: datetime) -> str:
    """A moment as the ledger writes it: UTC, microseconds, `2010-02-26T10:30:00.000000Z`. Refuses naive times."""
    if moment.tzinfo is None:
        raise ValueError("a moment on record needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Header:
    """What may be known of an entry everywhere. Times are ledger stamps (UTC); hashes are lower-case hex.

    log: id of the log; seq: 0-based position; entry: the entry's own id (UUIDv7); kind: what kind of
    thing; schema: version of its body; verb: what was done; member, door, at: the hand (who, through
    which door, at which hand's clock); subject: id of the thing; prev: entry id of the subject's
    previous version or None; recorded: when the node kept it; body: commitment to the body.
    """

    log: str
    seq: int
    entry: str
    kind: str
    schema: int
    verb: str
    member: str | None
    door: str
    at: str
    subject: str
    prev: str | None
    recorded: str
    body: str

    def to_bytes(self) -> bytes:
        """The canonical bytes of this header; equal to `canonical()` of the same object."""
        before, after = halves(
            log=self.log, entry=self.entry, kind=self.kind, schema=self.schema, verb=self.verb, member=self.member,
            door=self.door, at=self.at, subject=self.subject, prev=self.prev, recorded=self.recorded, body=self.body,
        )  # fmt: skip
        return before + str(self.seq).encode("ascii") + after


def halves(
    *, log: str, entry: str, kind: str, schema: int, verb: str, member: str | None, door: str, at: str,
    subject: str, prev: str | None, recorded: str, body: str,
) -> tuple[bytes, bytes]:  # fmt: skip
    """The header's bytes before and after the digits of `seq`, which only the log lock can give.

    Every value must be free of quotes, backslashes and control characters; ids, verbs, kinds and
    stamps are. (A free text has no place in a header: it would travel where its body may not.)
    """
    who = f'"{member}"' if member else "null"
    before = (
        f'{{"body":"{body}","entry":"{entry}","hand":{{"at":"{at}","door":"{door}","member":{who}}},'
        f'"kind":"{kind}","log":"{log}","prev":{f"{chr(34)}{prev}{chr(34)}" if prev else "null"},'
        f'"recorded":"{recorded}","schema":{schema},"seq":'
    )
    return before.encode("ascii"), f',"subject":"{subject}","verb":"{verb}"}}'.encode("ascii")


def parse_header(data: bytes) -> Header:
    """Read a header back. Raises ValueError when a key is missing, unknown or of the wrong type."""
    try:
        raw: dict[str, Any] = json.loads(data)
        hand = raw.pop("hand")
        header = Header(**raw, member=hand.pop("member"), door=hand.pop("door"), at=hand.pop("at"))
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a header: {error}") from None
    if any(type(number) is not int or number < 0 for number in (header.seq, header.schema)):
        raise ValueError("not a header: seq and schema are whole numbers")
    if hand or header.to_bytes() != data:
        raise ValueError("not a header: its bytes are not canonical")
    return header


def salted(content: bytes, salt: bytes | None = None) -> bytes:
    """The stored bytes of a body: sixteen random bytes, then its canonical bytes."""
    return (os.urandom(SALT) if salt is None else salt) + content


def body_bytes(body: dict[str, Any]) -> bytes:
    """Stored bytes of `body`, salted. Raises NotCanonical."""
    return salted(canonical(body))


def open_body(stored: bytes) -> dict[str, Any]:
    """The object inside stored body bytes."""
    try:
        found = json.loads(stored[SALT:])
    except RecursionError:
        raise ValueError("a body is not nested that deeply") from None
    if not isinstance(found, dict):
        raise ValueError("a body is an object")
    return found


def commitment(stored: bytes) -> str:
    """SHA-256 of stored body bytes, lower-case hex: what the header holds of the body."""
    return _sha256(stored).hexdigest()


def leaf_hash(header: bytes) -> bytes:
    """RFC 6962, section 2.1: SHA-256 of 0x00 and the header's bytes. 32 bytes."""
    return _sha256(b"\x00" + header).digest()
