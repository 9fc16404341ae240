"""Beat: the sign of life that later work gives, so that its silence is noticed.

A file in the data folder, touched each time round. The rule it guards: what is promised for later (a correction offered, a release taken
down) is not forgotten because nobody saw that the process for it had ended.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

SILENT = 300
"""Seconds after which later work that gives no sign stands still."""


def run_folder() -> Path:
    """Where processes of this node leave word for each other."""
    return Path(settings.FAIRWITNESS_DATA) / "run"


def beat() -> None:
    """Later work gives its sign. A full disk does not stop it."""
    sign = run_folder() / "work.beat"
    with suppress(OSError):
        sign.parent.mkdir(mode=0o700, exist_ok=True)
        sign.touch()


def silence() -> float | None:
    """Seconds since later work gave its last sign; None when it never did."""
    try:
        return max(0.0, time.time() - (run_folder() / "work.beat").stat().st_mtime)
    except OSError:
        return None


def alive() -> bool:
    """Whether later work gave a sign lately."""
    since = silence()
    return since is not None and since < SILENT
