"""Invented logs for the tests of the ledger, and a reference tree written straight from the recursive text of RFC 6962."""

from __future__ import annotations

import json
import sqlite3
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairwitness.record.ledger.entry import Header, body_bytes, commitment, leaf_hash
from fairwitness.record.ledger.merkle import Frontier
from fairwitness.record.ledger.note import Checkpoint, Verifier, format_note, sign_note
from fairwitness.record.ledger.stored import Absent, KeptCheckpoint, Stored

VECTORS = Path(__file__).parent / "vectors"
LOG = "01890a5d-ac96-774b-bcce-b302099a8057"
ORIGIN = "fairwitness.example/field"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = Verifier(ORIGIN, PRIVATE.public_key().public_bytes_raw())
STRANGER = Verifier("fairwitness.example/other", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))).public_key().public_bytes_raw())


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))


def ident(number: int) -> str:
    return f"01890a5d-ac96-7000-8000-{number:012x}"


def header(seq: int, body: bytes, **other: Any) -> Header:
    """The header of entry `seq`: three subjects in turn, each entry linked to its subject's previous one."""
    fields: dict[str, Any] = {
        "log": LOG,
        "seq": seq,
        "entry": ident(seq),
        "kind": "monitor.observation",
        "schema": 1,
        "verb": "observation.receive",
        "member": ident(900) if seq % 4 else None,
        "door": "phone",
        "at": f"2010-02-26T10:{seq // 60 % 60:02d}:{seq % 60:02d}.000000Z",
        "subject": ident(1000 + seq % 3),
        "prev": ident(seq - 3) if seq >= 3 else None,
        "recorded": f"2010-02-26T11:{seq // 60 % 60:02d}:{seq % 60:02d}.000000Z",
        "body": commitment(body),
    }
    return Header(**fields | other)


def made(count: int) -> list[Stored]:
    """A sound log of `count` entries; every fifth body is destroyed."""
    found: list[Stored] = []
    for seq in range(count):
        body = body_bytes({"text": f"Пут {seq}", "count": seq})
        found.append((header(seq, body).to_bytes(), Absent.DESTROYED if seq % 5 == 4 else body, None, None))
    return found


def checkpoint(entries: list[Stored], size: int, origin: str = ORIGIN) -> KeptCheckpoint:
    """A checkpoint over the first `size` entries, signed with the test key."""
    root = naive_root([entry[0] for entry in entries[:size]])
    text = Checkpoint(origin, size, root).text()
    return KeptCheckpoint(format_note(text, [sign_note(text, KEY.name, KEY.key, PRIVATE.sign)]), size, root)


def database(path: Path, entries: list[Stored], checkpoints: list[KeptCheckpoint]) -> Path:
    """A SQLite database with the three tables of a node, nodes of the tree included."""
    connection = sqlite3.connect(path)
    connection.executescript(
        """CREATE TABLE record_entry (seq INTEGER PRIMARY KEY, entry TEXT, log TEXT, kind TEXT, schema INTEGER, verb TEXT, member TEXT NULL,
           door TEXT, at TEXT, subject TEXT, prev TEXT NULL, recorded TEXT, header BLOB, body BLOB NULL, commitment TEXT, leaf BLOB);
           CREATE TABLE record_checkpoint (id INTEGER PRIMARY KEY, size INTEGER, root BLOB, note BLOB, made TEXT);
           CREATE TABLE record_node (level INTEGER, idx INTEGER, hash BLOB, PRIMARY KEY (level, idx));"""
    )
    frontier = Frontier()
    for data, body, _, _ in entries:
        raw = json.loads(data)
        hand = raw["hand"]
        row = (
            raw["seq"],
            raw["entry"],
            raw["log"],
            raw["kind"],
            raw["schema"],
            raw["verb"],
            hand["member"],
            hand["door"],
            hand["at"],
            raw["subject"],
            raw["prev"],
            raw["recorded"],
            data,
            None if isinstance(body, Absent) else body,
            raw["body"],
            leaf_hash(data),
        )
        connection.execute(f"INSERT INTO record_entry VALUES ({','.join('?' * 16)})", row)
        connection.executemany("INSERT INTO record_node VALUES (?, ?, ?)", frontier.append(leaf_hash(data)))
    for kept in checkpoints:
        connection.execute(
            "INSERT INTO record_checkpoint (size, root, note, made) VALUES (?, ?, ?, 'then')", (kept.size, kept.root, kept.note)
        )
    connection.commit()
    connection.close()
    return path


def naive_root(data: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = split(len(data))
    return sha256(b"\x01" + naive_root(data[:k]) + naive_root(data[k:])).digest()


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_path(m: int, data: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(data) == 1:
        return []
    k = split(len(data))
    if m < k:
        return [*naive_path(m, data[:k]), naive_root(data[k:])]
    return [*naive_path(m - k, data[k:]), naive_root(data[:k])]


def naive_growth(m: int, data: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if m == len(data):
        return [] if whole else [naive_root(data)]
    k = split(len(data))
    if m <= k:
        return [*naive_growth(m, data[:k], whole), naive_root(data[k:])]
    return [*naive_growth(m - k, data[k:], False), naive_root(data[:k])]


def coded(data: bytes) -> str:
    return b64encode(data).decode("ascii")
