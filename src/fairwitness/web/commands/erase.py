"""`fairwitness erase`: rewrite the store after keys were destroyed, and look for bytes that stayed."""

from __future__ import annotations

import argparse
import sys

from fairwitness.web.commands.begin import opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Phrases come from the terminal, never from the command line, which others can read."""
    parser.add_argument("--phrases", action="store_true", help="ask for words to look for, one a line, ended by an empty line")


def run(given: argparse.Namespace) -> int:
    """Erase; writers wait for as long as it takes. 1 when bytes were found."""
    opened()
    from fairwitness.record.erase import NOT_PROMISED, erase
    from fairwitness.record.hand import command

    phrases = []
    if given.phrases:
        print("Words to look for, one a line; an empty line ends:", file=sys.stderr)
        for line in sys.stdin:
            if not line.strip():
                break
            phrases.append(line.rstrip("\n"))
    done = erase(by=command(), phrases=phrases)
    print(done)
    print("Not promised:")
    print("\n".join(f"  {line}" for line in NOT_PROMISED))
    return int(bool(done.found))
