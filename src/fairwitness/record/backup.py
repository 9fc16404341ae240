"""Backup: a whole node as of one moment, taken while people work, and checkable without this software.

A backup is a folder: the database (SQLite: a copy by its backup interface; PostgreSQL: every table as of one
snapshot), the encrypted blobs, the newest checkpoints, and `manifest.json` with the SHA-256 of every file. The
keys go to a file of their own, only when asked for, and belong in another hand. The rule it guards: a backup has
its name only when it is whole; what was cut short lies under another name and is removed.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from fairwitness.errors import BadInput, Fault, Unreachable
from fairwitness.record import blobs, keyring
from fairwitness.record.append import log_id
from fairwitness.record.checkpoint import make_checkpoint, newest, origin
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.seal import can_sign

FORMAT = "fairwitness backup 1"
KEYS_FORMAT = "fairwitness keys 1"
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"


@dataclass(slots=True)
class Manifest:
    """What a backup holds. `files` gives size and SHA-256 by path; `sha256` is that of the manifest itself, for the safe."""

    made: str
    engine: str
    logs: dict[str, str]
    entries: dict[str, int]
    checkpoints: dict[str, str]
    migrations: list[list[str]]
    files: dict[str, list[Any]] = field(default_factory=dict)
    format: str = FORMAT
    sha256: str = ""

    def __str__(self) -> str:
        """What whoever made it writes down and keeps elsewhere."""
        return (
            f"Backup of {self.made}: {self.entries['inner']} entries, {self.entries['public']} public ones, {len(self.files)} files.\n"
            f"SHA-256 of its {MANIFEST}: {self.sha256}"
        )


def backup(target: Path, *, keys: Path | None = None) -> Manifest:
    """Write the whole node to the new folder `target`, and its keys to the new file `keys` when one is given.

    Raises BadInput when either exists already, Unreachable when the disk does not take it; then nothing stays.
    """
    for name, path in (("target", target), ("keys", keys)):
        if path is not None and path.exists():
            raise BadInput.of(Fault(name, f"{path} exists already; give a new name, a backup never overwrites another"))
    if keys is not None and target.resolve() in keys.resolve().parents:
        raise BadInput.of(Fault("keys", "lies inside the backup; keys and backup must not travel together"))
    part = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        part.mkdir(parents=True, mode=0o700)
        for log in ("inner", "public"):
            if can_sign() or newest(log) is None:
                make_checkpoint(log)
        made = _write(part)
        if keys is not None:
            _write_keys(keys)
        _sync(part)
        part.rename(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise Unreachable("The backup could not be written ({why}); nothing was left behind.", why=str(error)) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def _write(part: Path) -> Manifest:
    notes = {log: kept for log in ("inner", "public") if (kept := newest(log)) is not None}
    made = Manifest(
        made=stamp(datetime.now(UTC)), engine=connection.vendor, logs={log: log_id(log) for log in ("inner", "public")},
        entries={}, checkpoints={log: bytes(kept.note).decode("utf-8") for log, kept in notes.items()}, migrations=[],
    )  # fmt: skip
    names = _copy_sqlite(part, made) if connection.vendor == "sqlite" else _copy_postgres(part, made)
    for name in names:
        place = part / "blobs" / name[:2]
        place.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(blobs.path_of(name), place / name[2:])
        except FileNotFoundError:
            # Examined and named after restoring: a missing blob must not keep the rest from being saved.
            continue
    for log, note in made.checkpoints.items():
        (part / f"checkpoint-{log}.note").write_text(note, "utf-8")
    made.files = {str(path.relative_to(part)): list(fingerprint(path)) for path in files_in(part)}
    text = json.dumps({key: value for key, value in asdict(made).items() if key != "sha256"}, indent=1, sort_keys=True).encode()
    (part / MANIFEST).write_bytes(text)
    made.sha256 = sha256(text).hexdigest()
    return made


_FACTS = {
    "inner": "SELECT count(*) FROM record_entry",
    "public": "SELECT count(*) FROM record_public_entry",
}
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"
_BLOBS = "SELECT name FROM record_blob ORDER BY name"


def _copy_sqlite(part: Path, made: Manifest) -> list[str]:
    live = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True, timeout=20)
    copy = sqlite3.connect(part / DATABASE, isolation_level=None)
    try:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        made.entries = {log: int(copy.execute(query).fetchone()[0]) for log, query in _FACTS.items()}
        made.migrations = [list(row) for row in copy.execute(_MIGRATIONS)]
        return [row[0] for row in copy.execute(_BLOBS)]
    finally:
        copy.close()
        live.close()


def _copy_postgres(part: Path, made: Manifest) -> list[str]:
    (part / "tables").mkdir()
    fresh: Any = connection.get_new_connection(connection.get_connection_params())
    try:
        with fresh.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
            caches = {cache.get("LOCATION") for cache in settings.CACHES.values()}
            for table in [row[0] for row in cursor.fetchall() if row[0] not in caches]:
                with (part / "tables" / f"{table}.copy").open("wb") as file:
                    file.write(f"{','.join(_columns(cursor, table))}\n".encode())
                    with cursor.copy(f'COPY "{table}" ({_quoted(_columns(cursor, table))}) TO STDOUT') as copy:
                        for data in copy:
                            file.write(data)
            for log, query in _FACTS.items():
                made.entries[log] = int(cursor.execute(query).fetchone()[0])
            made.migrations = [list(row) for row in cursor.execute(_MIGRATIONS).fetchall()]
            return [row[0] for row in cursor.execute(_BLOBS).fetchall()]
    finally:
        fresh.close()


def _columns(cursor: Any, table: str) -> list[str]:
    query = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' "
        "ORDER BY attnum"
    )
    return [row[0] for row in cursor.execute(query, [f'"{table}"']).fetchall()]


def _quoted(columns: list[str]) -> str:
    return ",".join(f'"{column}"' for column in columns)


def _write_keys(path: Path) -> None:
    content = {
        "format": KEYS_FORMAT, "origin": origin(), "node_key": keyring.node_key().hex(), "keys": keyring.take_out(), "gone": keyring.gone(),
    }  # fmt: skip
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def files_in(folder: Path) -> Iterator[Path]:
    """Every file of a backup but the manifest."""
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / MANIFEST)


def fingerprint(path: Path) -> tuple[int, str]:
    """(size, SHA-256) of a file."""
    running = sha256()
    with path.open("rb") as file:
        for piece in blobs.pieces(file):
            running.update(piece)
    return path.stat().st_size, running.hexdigest()


def _sync(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")] if folder.name.find(".part-") >= 0 else [folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
