"""Serve what is public: releases as they left, or, where one ended, the words that it did.

The rule it guards: consent is read at the moment of serving. A release whose consent ran out this night is not handed out this
morning, whether or not anybody has taken it down yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fairwitness.errors import Gone, NotThere
from fairwitness.record import blobs
from fairwitness.record.models import Blob
from fairwitness.record.verbs import Verb
from fairwitness.share.gate import still_allowed
from fairwitness.share.models import Release
from fairwitness.share.prove import entry_of
from fairwitness.share.take_down import WORDS

MOST = 500


@dataclass(frozen=True, slots=True)
class Served:
    """A release as the public sees it now. `content` is empty when it does not stand (any more)."""

    slug: str
    symbol: str
    title: str
    language: str
    published: date
    standing: bool
    content: dict[str, Any]
    content_hash: str
    pdf_hash: str
    ended: date | None
    tombstone: str
    published_entry: int | None
    ended_entry: int | None


def releases() -> list[Served]:
    """Everything that was ever public, newest first, what ended with its tombstone; at most 500."""
    rows = list(Release.objects.filter(audience=Release.PUBLIC).prefetch_related("claims").order_by("-published")[:MOST])
    standing = still_allowed(rows)
    return [_served(row, standing[row.pk], prove=False) for row in rows]


def open_release(slug: str) -> Served:
    """The public release of this address. Raises NotThere, also for what went to a partner."""
    release = _find(slug)
    return _served(release, still_allowed([release])[release.pk], prove=True)


def paper_of(slug: str) -> bytes:
    """The PDF of a public release. Raises NotThere, and Gone when it does not stand any more."""
    release = _find(slug)
    if not still_allowed([release])[release.pk]:
        raise Gone(WORDS)
    return b"".join(blobs.read(Blob.objects.get(name=release.pdf)))


def _find(slug: str) -> Release:
    found: Release | None = Release.objects.filter(slug=slug, audience=Release.PUBLIC).first()
    if found is None:
        raise NotThere()
    return found


def _served(release: Release, standing: bool, *, prove: bool) -> Served:
    opened = entry_of(release.pk) if prove else None
    ended = entry_of(release.pk, Verb.RELEASE_TAKE_DOWN) if prove and not standing else None
    return Served(
        release.slug, str(release), release.title if standing else "", str(release.content.get("language", "en")),
        release.published.date(), standing, release.content if standing else {}, release.content_hash, release.pdf_hash,
        release.taken_down.date() if release.taken_down else None, "" if standing else release.tombstone or WORDS,
        opened.seq if opened else None, ended.seq if ended else None,
    )  # fmt: skip
