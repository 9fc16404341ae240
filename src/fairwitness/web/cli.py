"""The command line: a door like the others. What it does goes on record with the door's name.

An error of the house is one sentence on the error stream, never a trace of the program; Ctrl-C ends cleanly.
Exit codes: 0 done; 1 something was found or refused, and said; 2 the command was not understood.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from django.db import Error

from fairwitness import __version__
from fairwitness.errors import BadInput, FairwitnessError, GateClosed

COMMANDS = {
    "init": "begin a mission in an empty data folder",
    "demo": "build the demonstration mission and serve it on this machine only",
    "serve": "serve the pages",
    "work": "do later work: reactions to entries, checkpoints on their schedule",
    "import": "read a file into the mission",
    "verify": "check what is stored, at three levels",
    "checkpoint": "sign the log as it stands now and print the checkpoint",
    "backup": "copy the mission at one position of its log, while people work",
    "restore": "open a backup in an empty folder",
    "export-log": "write the log into an archive that can be verified without this software",
    "export": "write an analysis set: tables without identities, for sums elsewhere",
    "shred": "destroy a key: what it closes is unreadable at once",
    "erase": "rewrite the store so that what destroyed keys had closed leaves no bytes in it",
    "upgrade": "carry the mission over to this version, with a backup first; or go back",
    "index": "look at the index of words, or make it again from the rows",
    "analyse": "compute a figure from a plain file, without a mission",
    "doctor": "look for what would hurt later",
}


class Parser(argparse.ArgumentParser):
    """A parser that refuses what it does not know itself, with its own usage and the nearest option; parsers below it do the same."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As the standard one, but nothing unknown is left over: the parser above would refuse it with a usage that does not help."""
        given = list(sys.argv[1:] if args is None else args)
        if self._subparsers is None and not {"-h", "--help"} & set(given):
            # looked for first: a misspelt option is otherwise reported as the required one that is missing
            self._refuse([one for one in given[: given.index("--") if "--" in given else None] if self._strange(one)])
        found, left = super().parse_known_args(given, namespace)
        self._refuse(left)
        return found, left

    def _strange(self, word: str) -> bool:
        name = word.partition("=")[0]
        known = self._option_string_actions
        short = self.allow_abbrev and any(one.startswith(name) for one in known)
        return name.startswith("--") and " " not in word and name not in known and not short

    def _refuse(self, words: Sequence[str]) -> None:
        if not words:
            return
        told = []
        for word in words:
            near = get_close_matches(word.partition("=")[0], list(self._option_string_actions), 1) if word.startswith("-") else []
            told.append(f"“{word}”" + (f" (did you mean {near[0]}?)" if near else ""))
        self.error(f"not understood: {', '.join(told)}")


def parser() -> argparse.ArgumentParser:
    """The parser of every command; each command's module adds its own options."""
    top = Parser(prog="fairwitness", description=f"Fairwitness {__version__}: the working system of a field mission.")
    top.add_argument("--version", action="version", version=__version__)
    below = top.add_subparsers(dest="command", required=True)
    for name, words in COMMANDS.items():
        one = below.add_parser(name, help=words, description=words)
        module(name).arguments(one)
    return top


def module(name: str) -> Any:
    """The module of a command."""
    return import_module(f"fairwitness.web.commands.{name.replace('import', 'import_').replace('-', '_')}")


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairwitness.web.settings")
    try:
        arguments = parser().parse_args(given)
    except SystemExit as ended:
        return int(ended.code or 0)
    try:
        return int(module(arguments.command).run(arguments))
    except BadInput as error:
        print("\n".join(str(fault) for fault in error.faults) or str(error), file=sys.stderr)
    except GateClosed as error:
        print("\n".join([str(error), *(f"  {key}: {why}" for key, why in error.keys)]), file=sys.stderr)
    except FairwitnessError as error:
        print(error, file=sys.stderr)
    except Error as error:
        # The first line alone: what follows it quotes the row.
        print(f"The database did not do it, and nothing was written: {str(error).partition(chr(10))[0]}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. What was kept is whole; run the command again to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1
    except OSError as error:
        print(f"{error.filename or 'The file or device'} cannot be used: {error.strerror}.", file=sys.stderr)
    return 1
