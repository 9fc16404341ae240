"""What commands share: starting the house in this process, asking, saying how far long work has come."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def ready() -> None:
    """Start Django in this process: a command calls it once it knows what it will do."""
    import django

    django.setup()


def data_folder() -> Path:
    """The data folder of this node."""
    return Path(os.environ.get("FAIRWITNESS_DATA", "data")).resolve()


class Progress:
    """One line that says how far long work has come; silent where nobody looks."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.shown = sys.stderr.isatty()

    def __call__(self, done: int, of: int | None = None) -> None:
        """Say it."""
        if self.shown:
            print(f"\r{self.words}: {done:,}{f' of {of:,}' if of else ''}".replace(",", "\u2009"), end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """End the line."""
        if self.shown:
            print(file=sys.stderr)
