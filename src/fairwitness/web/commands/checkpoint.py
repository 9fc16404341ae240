"""`fairwitness checkpoint`: sign the log as it stands, for somebody outside to keep."""

from __future__ import annotations

import argparse
import sys

from fairwitness.web.commands.begin import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which log."""
    parser.add_argument("--public", action="store_true", help="the log of releases instead of the inner log")


def run(given: argparse.Namespace) -> int:
    """Print the signed checkpoint; the key to check it with goes to the error stream."""
    opened()
    from fairwitness.record.checkpoint import make_checkpoint, vkey

    log = "public" if given.public else "inner"
    made = make_checkpoint(log)
    if made is None:
        print("The log is empty.", file=sys.stderr)
        return 1
    sys.stdout.write(bytes(made.note).decode("utf-8"))
    print(f"key: {vkey(log)}", file=sys.stderr)
    return 0
