"""`fairwitness restore`: a backup opened in an empty folder."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from fairwitness.web.commands.begin import ready


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which copy, and its keys."""
    parser.add_argument("source", type=Path, help="the folder `backup` made")
    parser.add_argument("target", type=Path, nargs="?", help="the empty data folder to restore into (default: FAIRWITNESS_DATA)")
    parser.add_argument("--keys", type=Path, help="the file of keys that belongs to it")


def run(given: argparse.Namespace) -> int:
    """Restore into the (empty) data folder, check it, and put the restoring on record."""
    if given.target is not None:
        os.environ["FAIRWITNESS_DATA"] = str(given.target.resolve())
    ready()
    from fairwitness.record.restore import restore

    done = restore(given.source, keys=given.keys)
    print(done)
    print(
        "A restored copy that goes on writing is a fork. Let one copy write, and hold `fairwitness verify --checkpoint` against the other."
    )
    return int(bool(done.faults))
