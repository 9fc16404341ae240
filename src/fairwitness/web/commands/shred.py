"""`fairwitness shred`: destroy the key of one source or item."""

from __future__ import annotations

import argparse

from fairwitness.errors import BadInput, Fault
from fairwitness.web.commands.begin import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which scope, and why."""
    parser.add_argument("scope", nargs="?", help="scope of the key, for example source:0190… as its page names it")
    parser.add_argument("--why", default="", help="the reason, for the record; never the words themselves")
    parser.add_argument("--list", action="store_true", help="list the scopes that have a key, and destroy nothing")


def run(given: argparse.Namespace) -> int:
    """Destroy. What the key closed is unreadable at once; say what that does not reach."""
    opened()
    from fairwitness.record import keyring, seal
    from fairwitness.record.erase import NOT_PROMISED
    from fairwitness.record.hand import command
    from fairwitness.record.shred import shred

    if given.list:
        print("\n".join(scope for scope in keyring.scopes() if not seal.is_own(scope)))
        return 0
    if given.scope is None:
        raise BadInput.of(Fault("scope", "is missing; `fairwitness shred --list` shows those that have a key"))
    shred(given.scope, by=command(), why=given.why)
    print("The key is destroyed. Nobody can read what it closed. Not promised:")
    print("\n".join(f"  {line}" for line in NOT_PROMISED))
    return 0
