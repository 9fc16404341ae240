"""Match pictures: the same file kept twice, and pictures that look alike, offered to the person and never merged.

The same bytes have the same hash. A picture made smaller or saved again has another hash and nearly the same likeness (64
bits, see `read_picture.likeness`). Both stand in an index outside the log, made again from the sealed facts when the store is
erased: nobody may confirm by a likeness on record that a destroyed picture was here. The rule it guards: nobody learns by
a match that something exists which they may not see.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from fairwitness.errors import Gone, Tampered
from fairwitness.mission.access import visible
from fairwitness.monitor.models import Attachment
from fairwitness.record import keyring
from fairwitness.record.erase import on_erase
from fairwitness.record.hand import Hand
from fairwitness.record.seal import token, unseal

NEAR = 7
"""Bits of 64 by which two likenesses may differ. Four quarters share seven differences: one of them differs by one bit at most,
so that looking up each quarter and its sixteen neighbours finds every near likeness without reading all of them."""
MOST = 12
_QUARTERS = ("q1", "q2", "q3", "q4")


@dataclass(frozen=True, slots=True)
class Match:
    """Another file: the same bytes, or a picture that differs by so many bits of its likeness."""

    attachment: Attachment
    same: bool
    bits: int


def remember_likeness(attachment: Attachment, digest: str, likeness: str) -> None:
    """Write the line of a file, in the transaction that keeps it."""
    quarters = _quarters(likeness) if likeness else [None] * 4
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM monitor_likeness WHERE thing = %s", [str(attachment.id)])
        cursor.execute(
            "INSERT INTO monitor_likeness (thing, same, q1, q2, q3, q4) VALUES (%s, %s, %s, %s, %s, %s)",
            [str(attachment.id), token(digest), *quarters],
        )


def matches(attachment: Attachment, *, by: Hand) -> list[Match]:
    """Files that are the same or look alike, as far as the hand may see them; the same ones first. A picture's own copies are none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT same, q1, q2, q3, q4 FROM monitor_likeness WHERE thing = %s", [str(attachment.id)])
        own = cursor.fetchone()
    if own is None:
        return []
    family = {attachment.original.id, *Attachment.objects.filter(redacted_from=attachment.original).values_list("id", flat=True)}
    found = {thing: bits for thing, bits in _alike(own) if thing not in family}
    rows = visible(by, Attachment.objects.filter(pk__in=found)).select_related("unit", "claim__source")
    gone = keyring.gone()
    made = [Match(row, found[row.id] < 0, max(0, found[row.id])) for row in rows if row.scope not in gone]
    return sorted(made, key=lambda match: (not match.same, match.bits, match.attachment.code))[:MOST]


def _alike(own: tuple[str, int | None, int | None, int | None, int | None]) -> Iterator[tuple[UUID, int]]:
    """(thing, bits), -1 bits for the same bytes; of the index alone."""
    same, quarters = own[0], own[1:]
    conditions, values = ["same = %s"], [same]
    for name, quarter in zip(_QUARTERS, quarters, strict=True):
        if quarter is not None:
            near = [quarter, *(quarter ^ 1 << bit for bit in range(16))]
            conditions.append(f"{name} IN ({','.join(['%s'] * len(near))})")
            values += near  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT thing, same, q1, q2, q3, q4 FROM monitor_likeness WHERE {' OR '.join(conditions)}", values)
        rows = cursor.fetchall()
    for thing, token_of, *theirs in rows:
        if token_of == same:
            yield UUID(thing), -1
        elif None not in theirs and None not in quarters:
            bits = sum((mine ^ other).bit_count() for mine, other in zip(quarters, theirs, strict=True) if mine is not None)
            if bits <= NEAR:
                yield UUID(thing), bits


def _quarters(likeness: str) -> list[int | None]:
    return [int(likeness[step : step + 4], 16) for step in range(0, 16, 4)]


@on_erase
def rebuild() -> None:
    """Make the index again from what can still be read; what destroyed keys closed does not come back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM monitor_likeness")
        for attachment in Attachment.objects.select_related("claim__source").order_by("id").iterator(chunk_size=500):
            try:
                facts = json.loads(unseal(attachment.facts) or "{}")
                remember_likeness(attachment, unseal(attachment.plain_hash), facts.get("likeness", ""))
            except (Gone, Tampered):
                continue
