"""`fairwitness shred`: destroy the key of one source or item."""

from __future__ import annotations

import argparse

from fairwitness.web.commands.begin import ready


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which scope, and why."""
    parser.add_argument("scope", help="scope of the key, for example source:0190… as its page names it")
    parser.add_argument("--why", required=True, help="the reason, for the record; never the words themselves")


def run(given: argparse.Namespace) -> int:
    """Destroy. What the key closed is unreadable at once; say what that does not reach."""
    ready()
    from fairwitness.record.erase import NOT_PROMISED
    from fairwitness.record.hand import command
    from fairwitness.record.shred import shred

    shred(given.scope, by=command(), why=given.why)
    print("The key is destroyed. Nobody can read what it closed. Not promised:")
    print("\n".join(f"  {line}" for line in NOT_PROMISED))
    return 0
