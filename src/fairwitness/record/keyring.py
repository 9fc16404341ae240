"""Keyring: data keys in a file of their own, outside the database, wrapped by the node's key.

The scope of a data key is one source or one item. Destroying the row destroys what it opened. The
file is a small SQLite database with secure delete and no write-ahead log, so that a destroyed key
leaves no page behind in it. What a disk or a backup still holds is not in our power; `erase` prints it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def _path(name: str) -> Path:
    return Path(settings.FAIRWITNESS_DATA) / name


def node_key() -> bytes:
    """The 32-byte key that wraps all others, from the file `node.key` (or FAIRWITNESS_NODE_KEY_FILE). Made at first use."""
    path = Path(os.environ.get("FAIRWITNESS_NODE_KEY_FILE") or _path("node.key"))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(file.fileno())
    return path.read_bytes()


@contextmanager
def _ring() -> Iterator[sqlite3.Connection]:
    path = _path("keys.sqlite3")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    ring = sqlite3.connect(path, timeout=20, isolation_level=None)
    try:
        ring.execute("PRAGMA secure_delete=ON")
        ring.execute("PRAGMA synchronous=FULL")
        if fresh:
            os.chmod(path, 0o600)
        ring.execute("CREATE TABLE IF NOT EXISTS key (scope TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID")
        yield ring
    finally:
        ring.close()


def fetch(scope: str) -> bytes | None:
    """The wrapped key of a scope, or None when there is none (any more)."""
    with _ring() as ring:
        row = ring.execute("SELECT wrapped FROM key WHERE scope = ?", [scope]).fetchone()
    return row[0] if row else None


def put(scope: str, wrapped: bytes) -> bytes:
    """Keep a wrapped key unless the scope has one; returns the one that stands."""
    with _ring() as ring:
        ring.execute("INSERT OR IGNORE INTO key VALUES (?, ?)", [scope, wrapped])
        row = ring.execute("SELECT wrapped FROM key WHERE scope = ?", [scope]).fetchone()
    stands: bytes = row[0]
    return stands


def destroy(scope: str) -> bool:
    """Destroy the key of a scope: its page is overwritten with zeros and the file packed. Whether there was one."""
    with _ring() as ring:
        gone = ring.execute("DELETE FROM key WHERE scope = ?", [scope]).rowcount == 1
        if gone:
            ring.execute("VACUUM")
    return gone


def scopes() -> list[str]:
    """Every scope that still has a key."""
    with _ring() as ring:
        return [row[0] for row in ring.execute("SELECT scope FROM key ORDER BY scope")]
