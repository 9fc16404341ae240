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

from fairwitness.errors import Gone, Tampered


def _path(name: str) -> Path:
    return Path(settings.FAIRWITNESS_DATA) / name


def node_key() -> bytes:
    """The 32-byte key that wraps all others, from the file `node.key` (or FAIRWITNESS_NODE_KEY_FILE). Made at first use.

    Raises Tampered when the file holds something else.
    """
    path = Path(os.environ.get("FAIRWITNESS_NODE_KEY_FILE") or _path("node.key"))
    if not path.exists():
        _make_node_key(path)
    key = path.read_bytes()
    if len(key) != 32:
        raise Tampered("{path} is not a node's key: 32 bytes are needed. Put the right file back.", path=str(path))
    return key


def _make_node_key(path: Path) -> None:
    """Born whole under another name, then given its own: no other process ever reads half a key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(os.urandom(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    except OSError:
        # A file system without links, such as that of a stick.
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _ring() -> Iterator[sqlite3.Connection]:
    path = _path("keys.sqlite3")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Born readable by its owner alone; sqlite3 would make it readable by others first.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    ring = sqlite3.connect(path, timeout=20, isolation_level=None)
    try:
        ring.execute("PRAGMA secure_delete=ON")
        ring.execute("PRAGMA synchronous=FULL")
        ring.execute("CREATE TABLE IF NOT EXISTS key (scope TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID")
        ring.execute("CREATE TABLE IF NOT EXISTS gone (scope TEXT PRIMARY KEY, trace BLOB) WITHOUT ROWID")
        yield ring
    finally:
        ring.close()


def fetch(scope: str) -> bytes | None:
    """The wrapped key of a scope, or None when there is none (any more)."""
    with _ring() as ring:
        row = ring.execute("SELECT wrapped FROM key WHERE scope = ?", [scope]).fetchone()
    return row[0] if row else None


def put(scope: str, wrapped: bytes) -> bytes:
    """Keep a wrapped key unless the scope has one; returns the one that stands. Raises Gone for a scope whose key was destroyed."""
    with _ring() as ring:
        ring.execute("INSERT OR IGNORE INTO key SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM gone WHERE scope = ?)", [scope, wrapped, scope])
        row = ring.execute("SELECT wrapped FROM key WHERE scope = ?", [scope]).fetchone()
    if row is None:
        raise Gone("The key to this was destroyed. Nothing more can be sealed under it.")
    stands: bytes = row[0]
    return stands


def destroy(scope: str) -> bool:
    """Destroy the key of a scope: its page is overwritten with zeros and the file packed. Whether there was one.

    The scope stays known as gone, so that no later hand makes it a new key. Of the key itself stays only its
    nonce, bits inverted: enough to search the disk for remains, worth nothing to a reader.
    """
    with _ring() as ring:
        ring.execute("BEGIN IMMEDIATE")
        row = ring.execute("SELECT wrapped FROM key WHERE scope = ?", [scope]).fetchone()
        trace = bytes(255 - byte for byte in row[0][:12]) if row else None
        known = "ON CONFLICT (scope) DO UPDATE SET trace = COALESCE(excluded.trace, trace)"
        ring.execute(f"INSERT INTO gone VALUES (?, ?) {known}", [scope, trace])
        ring.execute("DELETE FROM key WHERE scope = ?", [scope])
        ring.execute("COMMIT")
        if row:
            ring.execute("VACUUM")
    return row is not None


def scopes() -> list[str]:
    """Every scope that still has a key."""
    with _ring() as ring:
        return [row[0] for row in ring.execute("SELECT scope FROM key ORDER BY scope")]


def traces() -> list[bytes]:
    """The nonces of destroyed keys: where one of them lies on the disk, a copy of that key lies beside it."""
    with _ring() as ring:
        return [bytes(255 - byte for byte in row[0]) for row in ring.execute("SELECT trace FROM gone WHERE trace IS NOT NULL")]


def take_out() -> dict[str, str]:
    """Every key, still wrapped, as hexadecimal digits by scope: for the keys' own backup."""
    with _ring() as ring:
        return {row[0]: row[1].hex() for row in ring.execute("SELECT scope, wrapped FROM key ORDER BY scope")}


def take_in(node: bytes, keys: dict[str, bytes], lost: list[str]) -> None:
    """Put back what `take_out` took, on a node that has no keys yet. A node's key held elsewhere must be the same one."""
    path = Path(os.environ.get("FAIRWITNESS_NODE_KEY_FILE") or _path("node.key"))
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(node)
    elif path.read_bytes() != node:
        raise Tampered("the key of this node ({file}) is not the one these keys were wrapped with", file=str(path))
    with _ring() as ring:
        ring.execute("BEGIN IMMEDIATE")
        ring.executemany("INSERT INTO gone VALUES (?, NULL)", [[scope] for scope in lost])
        ring.executemany("INSERT INTO key VALUES (?, ?)", [row for row in keys.items() if row[0] not in lost])
        ring.execute("COMMIT")


def gone() -> list[str]:
    """Every scope whose key was destroyed here."""
    with _ring() as ring:
        return [row[0] for row in ring.execute("SELECT scope FROM gone ORDER BY scope")]


def exists() -> bool:
    """Whether this node has a keyring at all."""
    return _path("keys.sqlite3").exists()
