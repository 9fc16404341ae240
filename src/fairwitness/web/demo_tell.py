"""The demonstration's text on what consent means: written by the team leader, released by the director, and marked as made up.

The rule it guards: even in a demonstration nobody releases what they wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fairwitness.monitor.tell_consent import release_text, write_text
from fairwitness.record.hand import Hand


def tell_of_consent(said: dict[str, Any], hand: Callable[[str], Hand]) -> None:
    """Write the text and release it."""
    written = write_text(said["language"], said["parts"], note=said["note"], by=hand("PZ-L1"))
    release_text(written, checked=said["checked"], by=hand("HD-1"))
