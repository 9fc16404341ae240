"""Restore: a backup becomes a node again, in an empty place and nowhere else.

First every file is held against the manifest, then the database is loaded, guards are made again, newer
migrations run, the keys are put back if they were given, everything is examined, and that the store was restored
goes on record. Keys that were destroyed on record stay destroyed, whatever an old file of keys still holds. The
rule it guards: an old copy that goes on writing is a fork; it is named as one when a newer checkpoint of the
original is held against it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from fairwitness.errors import BadInput, Fault, OutOfOrder
from fairwitness.record import append, blobs, guard, keyring, shred
from fairwitness.record.backup import DATABASE, FORMAT, KEYS_FORMAT, MANIFEST, files_in, fingerprint
from fairwitness.record.examine import examine_blobs, examine_log, examine_rows
from fairwitness.record.hand import Hand, command
from fairwitness.record.keep import note
from fairwitness.record.verbs import Verb


@dataclass(frozen=True, slots=True)
class Restored:
    """A node that stands again: of when, how far its log goes, what the examination found, whether its keys are here."""

    made: str
    entries: int
    keys: bool
    faults: tuple[str, ...]

    def __str__(self) -> str:
        """In words."""
        said = [f"Restored as of {self.made}: {self.entries} entries."]
        said += self.faults or ["Log, blobs and rows were examined: all is what went on record."]
        if not self.keys:
            said.append("The keys were not given: what is sealed cannot be read here, and no checkpoint can be signed.")
        return "\n".join(said)


def restore(source: Path, *, keys: Path | None = None, by: Hand | None = None) -> Restored:
    """Restore the backup in `source`, and the keys in the file `keys`, into this node, which must be empty.

    Raises BadInput for a backup that is damaged, incomplete or not of this engine, OutOfOrder when the node is not empty.
    """
    manifest, digest = read_manifest(source)
    ring = _read_keys(keys, manifest) if keys is not None else None
    if manifest["engine"] != connection.vendor:
        raise BadInput.of(Fault("source", f"is of {manifest['engine']}, this node runs on {connection.vendor}; set FAIRWITNESS_DATABASE"))
    _not_newer(manifest)
    _must_be_empty()
    with _cleared_on_failure():
        (_load_sqlite if connection.vendor == "sqlite" else _load_postgres)(source, manifest)
        _load_blobs(source, manifest)
        if ring is not None:
            _load_keys(ring)
    append._known.clear()
    call_command("migrate", verbosity=0, interactive=False)
    guard.install()
    if ring is not None:
        for scope in shred.returned():
            keyring.destroy(scope)
    faults = tuple(_examine())
    content = {"made": manifest["made"], "manifest": digest, "entries": manifest["entries"]["inner"], "keys": ring is not None}
    note(by=by or command(), verb=Verb.STORE_RESTORE, kind="record.store", subject=UUID(manifest["logs"]["inner"]), content=content)
    return Restored(manifest["made"], int(manifest["entries"]["inner"]), ring is not None, faults)


def read_manifest(source: Path) -> tuple[dict[str, Any], str]:
    """The manifest and its SHA-256, after every file was held against it. Raises BadInput, naming each file."""
    try:
        data = (source / MANIFEST).read_bytes()
        manifest = json.loads(data)
        said = {str(name): (int(size), str(digest)) for name, (size, digest) in manifest["files"].items()}
        well = manifest["format"] == FORMAT and {"made", "engine", "logs", "entries", "migrations"} <= manifest.keys()
    except OSError:
        raise BadInput.of(Fault("source", f"has no {MANIFEST}; give the folder that `backup` made", str(source))) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        well = False
    if not well:
        raise BadInput.of(Fault("source", f"{MANIFEST} is damaged or of another version; use another backup", str(source)))
    held = {str(path.relative_to(source)): path for path in files_in(source)}
    faults = [Fault("source", "is missing; use another backup", name) for name in sorted(said.keys() - held.keys())]
    faults += [Fault("source", "does not belong to this backup; remove it", name) for name in sorted(held.keys() - said.keys())]
    for name in sorted(said.keys() & held.keys()):
        if fingerprint(held[name]) != said[name]:
            faults.append(Fault("source", "was changed after the backup was made; use another backup", name))
    if faults:
        raise BadInput.of(*faults)
    return manifest, sha256(data).hexdigest()


def _read_keys(path: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    try:
        ring = json.loads(path.read_bytes())
        well = ring["format"] == KEYS_FORMAT and len(bytes.fromhex(ring["node_key"])) == 32
        ring["keys"] = {str(scope): bytes.fromhex(wrapped) for scope, wrapped in ring["keys"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        well = False
    if not well:
        raise BadInput.of(Fault("keys", "cannot be read as a file of keys; give the one `backup --keys` wrote", str(path)))
    if ring["origin"] != f"fairwitness/{manifest['logs']['inner']}":
        raise BadInput.of(Fault("keys", f"are those of {ring['origin']}; give the keys of this backup's own node", str(path)))
    found: dict[str, Any] = ring
    return found


def _not_newer(manifest: dict[str, Any]) -> None:
    known = set(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)
    unknown = sorted(f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known)
    if unknown:
        raise BadInput.of(Fault("source", f"is of a newer version of this software ({unknown[0]}); install that first"))


def _must_be_empty() -> None:
    data = Path(settings.FAIRWITNESS_DATA)
    lying = [name for name in ("keys.sqlite3", "node.key") if (data / name).exists()] + [f"blobs/{p.name}" for p in blobs.lying_about()][:1]
    if lying:
        raise OutOfOrder("{folder} is not empty ({what}). Restore into an empty folder.", folder=str(data), what=", ".join(lying))
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        tables = [name for name in ("record_entry", "record_public_entry", "web_account") if name in names]
        for table in tables:
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
            if cursor.fetchone() is not None:
                raise OutOfOrder("This node's database is not empty. Restore into a new one; nothing was changed.")


@contextmanager
def _cleared_on_failure() -> Iterator[None]:
    """What a failed restore had written is taken away again, so that it can be tried anew."""
    data = Path(settings.FAIRWITNESS_DATA)
    try:
        yield
    except BaseException:
        shutil.rmtree(blobs.folder(), ignore_errors=True)
        for name in ("keys.sqlite3", "node.key"):
            (data / name).unlink(missing_ok=True)
        if connection.vendor == "sqlite":
            connection.close()
            Path(settings.DATABASES["default"]["NAME"]).unlink(missing_ok=True)
        raise


def _load_sqlite(source: Path, manifest: dict[str, Any]) -> None:
    place = Path(connection.settings_dict["NAME"])
    connection.close()
    part = place.with_name(f"{place.name}.part")
    shutil.copyfile(source / DATABASE, part)
    for end in ("-wal", "-shm"):
        place.with_name(place.name + end).unlink(missing_ok=True)
    os.replace(part, place)


def _load_postgres(source: Path, manifest: dict[str, Any]) -> None:
    """Bring the database to the version of the backup, then load every table in one transaction."""
    executor = MigrationExecutor(connection)
    wanted = [(app, name) for app, name in manifest["migrations"]]
    applied = set(executor.loader.applied_migrations)
    if applied - set(wanted):
        raise OutOfOrder("This database was prepared by a newer version than the backup. Restore into a new, empty one.")
    if applied != set(wanted):
        executor.migrate(wanted)
    with transaction.atomic(), connection.cursor() as cursor:
        for name, statements in guard.guards().items():
            table = statements[0].rpartition(" ON ")[2]
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0] is not None:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        files = sorted((source / "tables").glob("*.copy"))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        cursor.execute("TRUNCATE " + ", ".join(f'"{row[0]}"' for row in cursor.fetchall()))
        for path in files:
            _load_table(cursor, path)
        _set_sequences(cursor)


def _load_table(cursor: Any, path: Path) -> None:
    with path.open("rb") as file:
        columns = file.readline().decode("utf-8").strip().split(",")
        quoted = ",".join(f'"{column}"' for column in columns)
        with cursor.copy(f'COPY "{path.stem}" ({quoted}) FROM STDIN') as copy:
            for piece in blobs.pieces(file):
                copy.write(piece)


def _set_sequences(cursor: Any) -> None:
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND (is_identity = 'YES' OR column_default LIKE 'nextval(%%')"
    )
    for table, column in cursor.fetchall():
        highest = f'(SELECT COALESCE(max("{column}"), 0) + 1 FROM "{table}")'
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), {highest}, false)")


def _load_blobs(source: Path, manifest: dict[str, Any]) -> None:
    for name in manifest["files"]:
        if name.startswith("blobs/"):
            target = blobs.path_of(name.removeprefix("blobs/").replace("/", ""))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target)


def _load_keys(ring: dict[str, Any]) -> None:
    keyring.take_in(bytes.fromhex(ring["node_key"]), ring["keys"], [str(scope) for scope in ring.get("gone", [])])


def _examine() -> Iterator[str]:
    for log in ("inner", "public"):
        yield from (fault.sentence for fault in examine_log(log).faults)
    yield from (finding.sentence for finding in [*examine_blobs(), *examine_rows()])
