"""Blocks: parts of a report that rooms above fill, and things above that rest on a report.

A report prints recommendations, trainings and releases without knowing them: the room that keeps them
registers a block here, and `report` asks every registered block in the order of their names.

    @block("recommendations")
    def asks_of(report: Report) -> Block | None: ...

The rule guarded here: no import against the sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from fairwitness.errors import BrokenRule
from fairwitness.report.models import Report
from fairwitness.report.printable import Ask, Drawing, Table


@dataclass(frozen=True, slots=True)
class Block:
    """What a room above adds to a report, ready for paper. `rests_on`: (kind, id, entry) of each thing it was made from."""

    asks: tuple[Ask, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Drawing, ...] = ()
    rests_on: tuple[tuple[str, UUID, UUID], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Dependant:
    """Something that rests on a report and must be looked at when the report is corrected."""

    kind: str
    id: UUID
    code: str
    title: str
    why: str


Fill = Callable[[Report], Block | None]
Lean = Callable[[Report], list[Dependant]]
_blocks: dict[str, Fill] = {}
_leaning: dict[str, Lean] = {}


def block(name: str) -> Callable[[Fill], Fill]:
    """Register a block under its name."""

    def register(fill: Fill) -> Fill:
        if _blocks.get(name, fill).__qualname__ != fill.__qualname__:
            raise BrokenRule("two rooms fill the block {name}", name=name)
        _blocks[name] = fill
        return fill

    return register


def leaning(name: str) -> Callable[[Lean], Lean]:
    """Register who in a room above rests on a report."""

    def register(lean: Lean) -> Lean:
        _leaning[name] = lean
        return lean

    return register


def filled(report: Report) -> list[tuple[str, Block]]:
    """Every block that has something to say in this report, by name."""
    made = [(name, _blocks[name](report)) for name in sorted(_blocks)]
    return [(name, block) for name, block in made if block is not None]


def lean_on(report: Report) -> list[Dependant]:
    """Everything above that rests on this report."""
    return [one for name in sorted(_leaning) for one in _leaning[name](report)]
