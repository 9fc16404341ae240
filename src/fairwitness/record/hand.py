"""The hand: who acts, through which door, at which hour of their own clock.

Everything that goes on record names a hand. A worker and an importer are hands too: without a
member, with their door.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Door(StrEnum):
    """The doors of the house, and the worker behind them."""

    STAFF = "staff"
    PHONE = "phone"
    PEER = "peer"
    PUBLIC = "public"
    COMMAND = "command"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts. `member` is the person in the mission (None for a worker or the public); `at` is the hand's own clock.

    `memo` holds what was computed for this hand once, such as its rights; a hand lives for one request.
    """

    member: UUID | None
    door: Door
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def now(self) -> Hand:
        """The same hand at this moment, for long work."""
        return Hand(self.member, self.door)


def worker() -> Hand:
    """The hand of later work."""
    return Hand(None, Door.WORKER)


def command() -> Hand:
    """The hand at the command line of the node, where no member has signed in."""
    return Hand(None, Door.COMMAND)
