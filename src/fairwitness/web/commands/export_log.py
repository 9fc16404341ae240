"""`fairwitness export-log`: the log as one file that a court expert can verify without this software."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from fairwitness.errors import BadInput, Fault
from fairwitness.record.ledger.archive import write_archive
from fairwitness.record.ledger.stored import Absent, Stored, Unreadable
from fairwitness.web.commands.begin import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, which log, and whether bodies go along."""
    parser.add_argument("file", type=Path, help="a file that does not exist yet")
    parser.add_argument("--public", action="store_true", help="the log of releases instead of the inner log")
    parser.add_argument("--withhold-bodies", action="store_true", help="headers travel everywhere, bodies only where allowed")


def run(given: argparse.Namespace) -> int:
    """Write it, whole or not at all, as of one moment; that it was done goes on record."""
    opened()
    from fairwitness.record.append import log_id
    from fairwitness.record.hand import command
    from fairwitness.record.keep import note
    from fairwitness.record.read_log import LogRows, snapshot
    from fairwitness.record.verbs import Verb

    log = "public" if given.public else "inner"
    store = LogRows(log)
    try:
        with snapshot():
            entries = _withheld(store) if given.withhold_bodies else store
            count, root = write_archive(given.file, entries, store.checkpoints())
    except Unreadable as error:
        raise BadInput.of(Fault("file", str(error))) from None
    content = {"log": log, "entries": count, "bodies": not given.withhold_bodies}
    note(by=command(), verb=Verb.LOG_READ, kind="record.log", subject=UUID(log_id(log)), content=content)
    print(f"{given.file}: {count} entries, root {root.hex()}.")
    print("Check it anywhere with Python alone: python -m fairwitness.record.ledger verify " + str(given.file))
    return 0


def _withheld(entries: Iterable[Stored]) -> Iterator[Stored]:
    for header, body, said, leaf in entries:
        yield header, body if isinstance(body, Absent) else Absent.WITHHELD, said, leaf
