"""`fairwitness backup`: a copy of the mission at one position of its log, while people work."""

from __future__ import annotations

import argparse
from pathlib import Path

from fairwitness.web.commands.begin import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the copy goes, and where its keys go."""
    parser.add_argument("target", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--keys", type=Path, help="write the keys to this file; keep it apart from the copy")


def run(given: argparse.Namespace) -> int:
    """Copy. Without --keys, sealed words in the copy can be read by nobody."""
    opened()
    from fairwitness.record.backup import backup

    made = backup(given.target, keys=given.keys)
    print(made)
    if given.keys is None:
        print("The keys were not copied: without them nobody can read what is sealed in this copy. Use --keys FILE.")
    return 0
