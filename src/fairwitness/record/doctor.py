"""Doctor: what would hurt this node later, each with its remedy.

Looks at guards, settings of the engine, migrations, keys, files, later work and checkpoints. It changes nothing.
The rule it guards: every symptom is one sentence somebody without training can act upon.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fairwitness.errors import BadInput, Fault
from fairwitness.record import blobs, guard, keyring, seal, shred
from fairwitness.record.beat import alive, silence
from fairwitness.record.checkpoint import minutes, newest, origin, root_at, size_of
from fairwitness.record.ledger.note import NoteError, parse_checkpoint, split_note
from fairwitness.record.models import Entry, Job

ASTRAY = 120
"""Seconds by which a clock may differ."""
LONGEST_WAL = 512 * 1024**2
ON_ITS_WAY = 3600
"""Seconds after which a file that no row names is no longer taken for one that is being written."""
_PRAGMAS = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "recursive_triggers": "1", "secure_delete": "1"}


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing looked at: whether it is well, in a sentence, and what to do when it is not."""

    code: str
    ok: bool
    sentence: str
    remedy: str = ""


def examine_node(outside: Iterable[bytes] = ()) -> list[Symptom]:
    """Look at everything; what cannot be looked at before the database is prepared is left out.

    `outside` are checkpoints of a backup or of another node, held against the log here. Raises BadInput for an unreadable one.
    """
    found = [_migrations()]
    if found[0].ok:
        found += [_guards(), _engine(), *_server(), *_keys(), *_work(), _checkpoint(), *_forks(outside), _clock(), _strays()]
    return [*found, _space(), *_pages(), *_permissions()]


def _migrations() -> Symptom:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    sentence = f"{len(plan)} migrations are not applied." if plan else "All migrations are applied."
    return Symptom("migrations", not plan, sentence, "Stop the node and run `fairwitness upgrade`, which makes a backup first.")


def _guards() -> Symptom:
    gone = guard.missing()
    sentence = f"{len(gone)} guards are missing: {', '.join(gone[:5])}." if gone else f"All {len(guard.guards())} guards stand."
    remedy = "Somebody removed them: run `fairwitness verify`; starting `fairwitness serve` puts them back, and says so."
    return Symptom("guards", not gone, sentence, remedy)


def _engine() -> Symptom:
    remedy = "Start the node with its own settings; an environment variable or another tool changed them."
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wrong = []
            for name, wanted in _PRAGMAS.items():
                cursor.execute(f"PRAGMA {name}")
                if str(cursor.fetchone()[0]) != wanted:
                    wrong.append(name)
        else:
            wrong = []
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                cursor.execute(f"SHOW {name}")
                if cursor.fetchone()[0] == "off":
                    wrong.append(name)
    sentence = f"The engine is not set as it must be: {', '.join(wrong)}." if wrong else "The engine loses nothing it acknowledged."
    return Symptom("engine", not wrong, sentence, remedy)


def _server() -> Iterator[Symptom]:
    """What the engine itself is: its version and letters, its rights, what waits beside it."""
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        beside = place.with_name(f"{place.name}-wal")
        if beside.exists() and beside.stat().st_size > LONGEST_WAL:
            sentence = f"{beside.stat().st_size / 1024**2:.0f} MB wait beside the database to be taken into it."
            yield Symptom("wal", False, sentence, "A process reads without end: stop `fairwitness serve` and `work`, and start them again.")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), rolsuper "
                       "FROM pg_roles WHERE rolname = current_user")  # fmt: skip
        version, letters, almighty = cursor.fetchone()
    if version < 150000:
        yield Symptom("server", False, f"PostgreSQL {version // 10000} is older than 15.", "Move to PostgreSQL 15 or newer.")
    if letters != "UTF8":
        remedy = "Make a new one with encoding UTF8, and restore a backup into it."
        yield Symptom("letters", False, f"The database is encoded in {letters}.", remedy)
    if almighty and not settings.FAIRWITNESS_DEMO:
        remedy = "Make a role that owns this database and nothing else, and name it in FAIRWITNESS_DATABASE."
        yield Symptom("role", False, "The node works as a superuser of PostgreSQL.", remedy)


def _keys() -> Iterator[Symptom]:
    restore = "Restore the keys and the store from the same backup."
    fits = seal.keys_fit()
    yield Symptom("keyring", fits, "The node's key opens every key." if fits else "The node's key does not open every key.", restore)
    if newest() is not None and not seal.can_sign():
        yield Symptom("signing", False, "The key that signs checkpoints is not here: this is a copy without keys.", restore)
    returned = shred.returned()
    if returned:
        sentence = f"{len(returned)} keys that were destroyed on record are here again."
        yield Symptom("returned", False, sentence, "An old keyring was put back: shred them again, then run `fairwitness erase`.")


def _work() -> Iterator[Symptom]:
    waiting = Job.objects.filter(state=Job.PERSON).count()
    sentence = f"{waiting} jobs failed five times and wait for a person." if waiting else "No job waits for a person."
    yield Symptom("work", not waiting, sentence, "Read their reasons in the table of later work, remove the cause, and queue them again.")
    late = Job.objects.filter(state=Job.DUE, not_before__lt=datetime.now(UTC) - timedelta(hours=1)).count()
    if late:
        yield Symptom("worker", False, f"{late} jobs are overdue by an hour.", "Start `fairwitness work`.")
    since = silence()
    if since is not None:
        sentence = "Later work gives signs." if alive() else f"Later work has given no sign for {since / 60:.0f} minutes."
        yield Symptom("silent", alive(), sentence, "Start `fairwitness work`, or `fairwitness serve --with-work`.")


def _checkpoint() -> Symptom:
    last = newest()
    remedy = "Start `fairwitness work`, which signs one at fixed minutes."
    if last is None:
        return Symptom("checkpoint", size_of() == 0, "There is no checkpoint of the log yet.", remedy)
    age = datetime.now(UTC) - datetime.fromisoformat(last.made)
    behind = size_of() - int(last.size)
    fresh = behind == 0 or age < timedelta(minutes=3 * minutes())
    sentence = f"The newest checkpoint covers {last.size} entries and was made {last.made}; {behind} entries came since."
    return Symptom("checkpoint", fresh, sentence, remedy)


def _forks(outside: Iterable[bytes]) -> Iterator[Symptom]:
    stop = "Decide which copy goes on, stop the other, and keep both: what only the other one holds is not lost yet."
    names = {origin(log): log for log in ("inner", "public")}
    for data in outside:
        try:
            given = parse_checkpoint(split_note(data)[0])
        except NoteError as error:
            raise BadInput.of(Fault("checkpoint", f"{error}; give the file as it was handed out")) from None
        log = names.get(given.origin)
        if log is None:
            sentence = f"The checkpoint given is of {given.origin}, which is not a log of this node."
            yield Symptom("stranger", False, sentence, "Give a checkpoint of this mission's own log.")
        elif given.size > size_of(log):
            sentence = (
                f"The checkpoint given covers {given.size} entries, this log holds {size_of(log)}: it was cut off, is an older copy,"
                " or is a fork, a restored copy that went on by itself."
            )
            yield Symptom(
                "older", False, sentence, "Do not write here before you know which: restore the newer copy, or run `fairwitness verify`."
            )
        elif root_at(given.size, log) != given.root:
            sentence = f"Fork: this log and the one the checkpoint was made of part somewhere in their first {given.size} entries."
            yield Symptom("fork", False, sentence, stop)
        else:
            yield Symptom("fork", True, f"This log continues the checkpoint given ({given.size} entries).")


def _clock() -> Symptom:
    remedy = "Set this machine's clock; times on record are its own, and order does not depend on them."
    last = Entry.objects.order_by("-seq").values_list("recorded", flat=True).first()
    ahead = (datetime.fromisoformat(last) - datetime.now(UTC)).total_seconds() if last else 0.0
    if ahead <= 0 and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            ahead = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    well = ahead < ASTRAY
    return Symptom("clock", well, "The clock agrees with the log." if well else f"The clock is astray by {ahead:.0f} seconds.", remedy)


def _pages() -> Iterator[Symptom]:
    for folder in map(Path, settings.STATICFILES_DIRS):
        built = (folder / "built").is_dir() and any((folder / "built").iterdir())
        sentence = "The front end is built." if built else "The front end is not built; every page works without it, only plainer."
        yield Symptom("pages", built, sentence, "Run: python3 run.py setup")


def _strays() -> Symptom:
    old = [path for path in blobs.orphans() if time.time() - path.stat().st_mtime > ON_ITS_WAY]
    sentence = f"{len(old)} files under blobs/ belong to nothing on record." if old else "Every file under blobs/ is on record."
    return Symptom("strays", not old, sentence, "`fairwitness erase` removes what a dead process left.")


def _space() -> Symptom:
    free = shutil.disk_usage(settings.FAIRWITNESS_DATA).free
    remedy = "Make room before the disk is full; a full disk refuses to keep, it loses nothing."
    return Symptom("space", free >= settings.LEAST_FREE, f"{free / 1024**3:.1f} GiB are free on the disk of the data folder.", remedy)


def _permissions() -> Iterator[Symptom]:
    data = Path(settings.FAIRWITNESS_DATA)
    node = Path(os.environ.get("FAIRWITNESS_NODE_KEY_FILE") or data / "node.key")
    if data.exists() and data.stat().st_mode & 0o007:
        yield Symptom("folder", False, "The data folder is open to every user of this machine.", f"Run: chmod 700 {data}")
    for path in (node, data / "keys.sqlite3", data / "session.key"):
        if not path.exists():
            continue
        private = path.stat().st_mode & 0o077 == 0
        sentence = f"{path.name} can be read by its owner alone." if private else f"{path.name} can be read by other users of this machine."
        yield Symptom("permissions", private, sentence, f"Run: chmod 600 {path}")
    if node.exists() and not keyring.exists():
        yield Symptom("keyring", False, "The node has a key and no keyring.", "Restore the keys from a backup.")
