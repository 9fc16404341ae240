"""The ledger on the command line: `python -m fairwitness.record.ledger`, for a reader who has Python and this folder.

verify PATH [--checkpoint FILE] [--key KEY] [--strict] [--json]; prove PATH SEQ; check-proof FILE [--key KEY];
show PATH SEQ; export DATABASE FILE [--withhold-bodies]. Exit code 0: everything checked holds; 1: faults;
2: wrong use, or nothing that can be read. The rule it guards: it reads and never changes what it reads.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from fairwitness.record.ledger.archive import Archive, ArchiveError, write_archive
from fairwitness.record.ledger.database import Database
from fairwitness.record.ledger.entry import SALT, commitment
from fairwitness.record.ledger.merkle import ProofError
from fairwitness.record.ledger.note import NoteError, parse_vkey
from fairwitness.record.ledger.prove import check_proof, make_proof
from fairwitness.record.ledger.stored import Absent, Stored, Unreadable
from fairwitness.record.ledger.verify import open_store, verify_path

CLEAN, FAULTS, UNREADABLE = 0, 1, 2


def _parser() -> argparse.ArgumentParser:
    name = "python -m fairwitness.record.ledger"
    parser = argparse.ArgumentParser(prog=name, description="Check the log of a mission.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="check every entry and every promise of an archive or a database")
    verify.add_argument("path", type=Path)
    verify.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint kept elsewhere; may be repeated")
    verify.add_argument("--key", action="append", default=[], help="a public key (name+id+base64); may be repeated")
    verify.add_argument("--strict", action="store_true", help="also parse everything, check every signature and every link")
    verify.add_argument("--json", action="store_true")
    for name, text in (("prove", "print a proof that an entry is in the log"), ("show", "print one entry")):
        command = commands.add_parser(name, help=text)
        command.add_argument("path", type=Path)
        command.add_argument("seq", type=int)
    check = commands.add_parser("check-proof", help="check such a proof")
    check.add_argument("path", type=Path)
    check.add_argument("--key", action="append", default=[])
    export = commands.add_parser("export", help="write the log of a database into an archive")
    export.add_argument("path", type=Path)
    export.add_argument("file", type=Path)
    export.add_argument("--withhold-bodies", action="store_true", help="headers travel everywhere, bodies only where allowed")
    return parser


def _verify(given: argparse.Namespace) -> int:
    outside = [path.read_bytes() for path in given.checkpoint]
    verdict = verify_path(given.path, outside, given.key, given.strict)
    print(json.dumps(verdict.as_dict(), indent=1) if given.json else "\n".join(verdict.sentences()))
    return CLEAN if verdict.clean else FAULTS


def _prove(given: argparse.Namespace) -> int:
    store = open_store(given.path)
    print(json.dumps(make_proof(store, store.checkpoints(), given.seq), indent=1))
    return CLEAN


def _check_proof(given: argparse.Namespace) -> int:
    keys = [parse_vkey(key) for key in given.key]
    try:
        page = json.loads(given.path.read_bytes())
    except (ValueError, RecursionError):
        raise Unreadable(f"{given.path} is not JSON") from None
    print("\n".join(check_proof(page, keys)))
    return CLEAN


def _show(given: argparse.Namespace) -> int:
    store = open_store(given.path)
    if given.seq < 0:
        raise Unreadable(f"{given.seq} is not the number of an entry; they count from 0")
    found = store.entry(given.seq) if isinstance(store, Database) else next(islice(store, given.seq, None), None)
    if found is None:
        raise Unreadable(f"{given.path} has no entry {given.seq}")
    header, body, _, _ = found
    print(header.decode("utf-8", "replace"))
    if isinstance(body, Absent):
        print(f"body: {body.value}")
        return CLEAN
    print(body[SALT:].decode("utf-8", "replace"))
    if commitment(body).encode("ascii") != header[9:73]:
        print("This body is not the one the header is committed to.", file=sys.stderr)
        return FAULTS
    return CLEAN


def _withheld(entries: Iterable[Stored]) -> Iterator[Stored]:
    for header, body, said, leaf in entries:
        yield header, body if isinstance(body, Absent) else Absent.WITHHELD, said, leaf


def _export(given: argparse.Namespace) -> int:
    store = open_store(given.path)
    if isinstance(store, Archive):
        raise Unreadable(f"{given.path} is an archive already")
    entries = _withheld(store) if given.withhold_bodies else store
    count, root = write_archive(given.file, entries, store.checkpoints())
    print(f"{given.file}: {count} entries, root {root.hex()}. Verify it before it travels.")
    return CLEAN


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = _parser().parse_args(arguments)
    commands = {"verify": _verify, "prove": _prove, "check-proof": _check_proof, "show": _show, "export": _export}
    try:
        return commands[given.command](given)
    except (ArchiveError, ProofError, sqlite3.Error) as error:
        print(f"Fault: {error}", file=sys.stderr)
        return FAULTS
    except NoteError as error:
        print(f"Fault: {error}" if given.command == "check-proof" else f"Cannot go on: {error}", file=sys.stderr)
        return FAULTS if given.command == "check-proof" else UNREADABLE
    except Unreadable as error:
        print(f"Cannot go on: {error}", file=sys.stderr)
    except OSError as error:
        print(f"Cannot go on: {error.filename}: {error.strerror}", file=sys.stderr)
    return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
