"""Upgrade: carry a mission's store over to this version of the software, with a backup first and a way back.

What waits is counted, a whole backup is made, what waits is applied, and log and rows are examined. When anything of that fails, the
store is put back by itself as it was. The rule it guards: going back never loses silently. Once something was written after an upgrade,
going back gives it up, so whoever asks for it must name how many entries that is; and what is replaced is set aside, not deleted.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fairwitness.errors import BadInput, Fault, OutOfOrder, Unreachable
from fairwitness.record import append, blobs, guard
from fairwitness.record.backup import MANIFEST, backup
from fairwitness.record.examine import examine_log, examine_rows
from fairwitness.record.hand import Hand, command
from fairwitness.record.keep import note
from fairwitness.record.ledger.entry import stamp
from fairwitness.record.restore import _load_postgres, _load_sqlite, read_manifest
from fairwitness.record.verbs import Verb

NOTE = "upgrade.json"
KIND = "record.store"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did: where its backup lies, how many migrations it applied, how long the log was afterwards."""

    made: str
    backup: str
    migrations: int
    entries: int
    log: str

    def __str__(self) -> str:
        """In words."""
        said = f"{self.migrations} migrations were applied; log and rows were examined and are what went on record."
        return f"{said}\nThe store as it was before lies in {self.backup}. The way back: `fairwitness upgrade --back`."


def waiting() -> int:
    """How many migrations wait."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def waiting_over_a_record() -> bool:
    """Whether migrations wait over a store in which something is on record already."""
    return has_record() and waiting() > 0


def has_record() -> bool:
    """Whether something is on record in this store already."""
    with connection.cursor() as cursor:
        if "record_entry" not in connection.introspection.table_names(cursor):
            return False
    return entries() > 0


def entries() -> int:
    """How many entries the inner log holds, asked in a way every version understands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_entry")
        return int(cursor.fetchone()[0])


def upgrade(target: Path | None = None, *, by: Hand | None = None) -> Upgraded | None:
    """Bring the store to this version; None when nothing waits. `target` is the new folder of the backup.

    Raises Unreachable when something failed: the store then is as it was before.
    """
    many = waiting()
    if not many:
        return None
    stamped = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    place = target or data() / "before-upgrade" / stamped
    _room_for(place)
    backup(place)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        guard.install()
        faults = [fault.sentence for log in ("inner", "public") for fault in examine_log(log).faults]
        faults += [finding.sentence for finding in examine_rows()]
    except Exception as error:
        put_back(place)
        why = str(error).partition("\n")[0]
        raise Unreachable("The upgrade failed ({why}). The store is as it was before; run the older version.", why=why) from error
    if faults:
        put_back(place)
        said = "After the upgrade the store was not what went on record ({why}). It is as it was before; run the older version."
        raise Unreachable(said, why=faults[0])
    manifest, _digest = read_manifest(place)
    log = str(manifest["logs"]["inner"])
    content = {"migrations": many, "entries": manifest["entries"]["inner"], "made": manifest["made"]}
    note(by=by or command(), verb=Verb.SCHEMA_MIGRATE, kind=KIND, subject=UUID(log), content=content)
    done = Upgraded(stamp(datetime.now(UTC)), str(place.resolve()), many, entries(), log)
    _write_note(done)
    return done


def go_back(*, giving_up: int | None = None, by: Hand | None = None) -> tuple[Upgraded, int]:
    """Put back the store as it was before the last upgrade; returns that upgrade and how many entries were given up.

    Raises OutOfOrder when there was none, or when entries came since and `giving_up` does not name how many.
    """
    last = _read_note()
    since = entries() - last.entries
    if since < 0:
        raise OutOfOrder("This is not the store that was upgraded: it holds fewer entries. Restore a backup into an empty folder.")
    if since != (giving_up or 0):
        said = "{n} entries came since the upgrade of {made}. Going back gives them up: make a backup, then say --giving-up {n}."
        raise OutOfOrder(said, n=since, made=last.made)
    put_back(Path(last.backup))
    (data() / NOTE).unlink(missing_ok=True)
    content = {"made": last.made, "given_up": since, "back": True}
    note(by=by or command(), verb=Verb.STORE_RESTORE, kind=KIND, subject=UUID(last.log), content=content)
    return last, since


def put_back(source: Path) -> None:
    """The store of this backup in place of the present one, which is set aside. Keys and attachments stay as they are."""
    manifest, _digest = read_manifest(source)
    stamped = f"{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
    if connection.vendor == "sqlite":
        _set_aside_sqlite(stamped)
        _load_sqlite(source, manifest)
    else:
        _set_aside_postgres(stamped)
        _load_postgres(source, manifest)
        _guards_of_what_is_there()
    append._known.clear()


def _set_aside_sqlite(stamped: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    place = Path(connection.settings_dict["NAME"])
    aside = data() / "replaced" / stamped
    aside.mkdir(parents=True, mode=0o700)
    for end in ("", "-wal", "-shm"):
        path = place.with_name(place.name + end)
        if path.exists():
            os.replace(path, aside / path.name)


def _set_aside_postgres(stamped: str) -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
        cursor.execute(f'ALTER SCHEMA "{schema}" RENAME TO "replaced_{stamped}"')
        cursor.execute(f'CREATE SCHEMA "{schema}"')


def _guards_of_what_is_there() -> None:
    with connection.cursor() as cursor:
        known = set(connection.introspection.table_names(cursor))
        for statements in guard.guards().values():
            if statements[0].rpartition(" ON ")[2] in known:
                for statement in statements:
                    cursor.execute(statement)


def _room_for(place: Path) -> None:
    """Raises BadInput when the folder exists, Unreachable when the backup would not fit."""
    if place.exists():
        raise BadInput.of(Fault("--backup", f"{place} exists already; give a new name"))
    near = next(parent for parent in (place.parent, *place.resolve().parents) if parent.exists())
    needed = sum(path.stat().st_size for path in blobs.lying_about()) + _size_of_database()
    free = shutil.disk_usage(near).free
    if free < needed * 1.1 + 64 * 1024**2:
        said = "A backup before the upgrade needs {needed:.1f} GiB and {near} has {free:.1f}. Name another disk with --backup FOLDER."
        raise Unreachable(said, needed=needed * 1.1 / 1024**3, free=free / 1024**3, near=str(near))


def _size_of_database() -> int:
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def data() -> Path:
    """The data folder."""
    return Path(settings.FAIRWITNESS_DATA)


def _write_note(done: Upgraded) -> None:
    part = data() / f"{NOTE}.part"
    part.write_text(json.dumps(asdict(done), indent=1), "utf-8")
    part.replace(data() / NOTE)


def _read_note() -> Upgraded:
    try:
        said: dict[str, Any] = json.loads((data() / NOTE).read_text("utf-8"))
        found = Upgraded(str(said["made"]), str(said["backup"]), int(said["migrations"]), int(said["entries"]), str(said["log"]))
    except FileNotFoundError:
        raise OutOfOrder("No upgrade was made here that could be undone.") from None
    except (ValueError, KeyError, TypeError):
        raise OutOfOrder("{path} cannot be read. Restore a backup into an empty folder instead.", path=str(data() / NOTE)) from None
    if not (Path(found.backup) / MANIFEST).exists():
        raise OutOfOrder("The backup made before the upgrade is no longer in {path}. Put it there again.", path=found.backup)
    return found
