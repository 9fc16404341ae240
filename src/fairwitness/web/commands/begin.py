"""What commands share: starting the house in this process, asking, saying how far long work has come."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from fairwitness.errors import NotReadable, OutOfOrder


def ready() -> None:
    """Start Django in this process: a command calls it once it knows what it will do."""
    import django

    django.setup()


def opened() -> None:
    """Start Django over a mission that is there and up to date. Raises OutOfOrder, saying what to do first."""
    ready()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        raise OutOfOrder("There is no mission in {folder}. Name its folder in FAIRWITNESS_DATA, or begin one with `fairwitness init`.",
                         folder=str(data_folder()))  # fmt: skip
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise OutOfOrder("This mission was kept by an older version. Make a backup with that version, then start `fairwitness serve`.")


def notes(paths: Iterable[Path]) -> list[bytes]:
    """The checkpoints in these files. Raises NotReadable."""
    found = []
    for path in paths:
        try:
            found.append(path.read_bytes())
        except OSError:
            raise NotReadable("{path} cannot be read; name a file with a checkpoint.", path=str(path)) from None
    return found


def data_folder() -> Path:
    """The data folder of this node."""
    return Path(os.environ.get("FAIRWITNESS_DATA", "data")).resolve()


SELDOM = 15.0
"""Seconds between two lines of progress in a file or a pipe."""


class Progress:
    """One line that says how far long work has come; where nobody looks at a terminal, a line in a quarter of a minute."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.shown = sys.stderr.isatty()
        self.last = time.monotonic()

    def __call__(self, done: int, of: int | None = None) -> None:
        """Say it."""
        said = f"{self.words}: {done:,}{f' of {of:,}' if of else ''}".replace(",", "\u2009")
        if self.shown:
            print(f"\r{said}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self.last > SELDOM:
            self.last = time.monotonic()
            print(said, file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line."""
        if self.shown:
            print(file=sys.stderr)
