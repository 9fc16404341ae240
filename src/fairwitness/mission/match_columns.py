"""Match the columns of a list with what the mission keeps: which kinds of lists there are, their fields, and which heading is which.

Each room says itself how a row becomes one of its things (`register`), so that what an import may bring is what the room would take
from a form. The rule it guards: nothing is matched behind anybody's back. A heading is offered for a field only when it is a known
name of it, a kept profile only when the headings are those it was made for, and a person looks at both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fairwitness.errors import BadInput, Fault, Sentence, say
from fairwitness.mission.access import BROUGHT
from fairwitness.mission.fold import fold
from fairwitness.mission.models import Import, ListProfile, Unit
from fairwitness.record.hand import Hand
from fairwitness.record.kept import Kept
from fairwitness.record.verbs import Verb

NUMBER = "number"
"""The field that holds the list's own number of a row: by it the row is met again when the list comes a second time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell is read with: in which order a day is written, from which year the file counts days, where times were lived."""

    zone: str
    day_order: str = ListProfile.DMY
    from_1904: bool = False


Read = Callable[[str, Reading], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a thing as a list may have it.

    `read` makes the value, or raises BadInput with the remedy. For a field of words (`choices` gives what can be meant) the person
    may say once what a word of the list means; `pick` reads such a choice. `many` takes several headings.
    """

    name: str
    label: str
    read: Read
    needed: bool = False
    called: tuple[str, ...] = ()
    hint: str = ""
    pick: Callable[[str], Any] | None = None
    choices: Callable[[], list[tuple[str, str]]] | None = None
    near: Callable[[str], list[tuple[str, str]]] | None = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Making:
    """What every thing of one import is made with."""

    imported: Import
    by: Hand
    day: date
    zone: str


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of list, and how its rows become things of a room.

    `make` builds one thing from the values of a row without writing anything, or raises BadInput; `number` gives codes to those
    that have none yet, in the transaction that keeps them; `after` does what a room does after keeping.
    """

    name: str
    label: str
    verb: Verb
    model: type[Kept]
    columns: tuple[Column, ...]
    make: Callable[[Mapping[str, Any], Making], Any]
    number: Callable[[Sequence[Any], Making], None] | None = None
    after: Callable[[Sequence[Any]], None] | None = None
    withdraw: Callable[[Sequence[Any], Hand, str], None] | None = None

    def column(self, name: str) -> Column | None:
        """The column of this name."""
        return next((one for one in self.columns if one.name == name), None)


_targets: dict[str, Target] = {}


def register(target: Target) -> Target:
    """State that lists of this kind can be brought."""
    _targets[target.name] = target
    BROUGHT.add(target.model)
    return target


def targets() -> list[Target]:
    """Every kind of list that can be brought, by its words."""
    return sorted(_targets.values(), key=lambda one: one.label)


def target_of(name: str) -> Target:
    """The kind of list of this name. Raises BadInput with the kinds there are."""
    found = _targets.get(name)
    if found is None:
        known = ", ".join(sorted(_targets))
        said = say("“{name}” is no kind of list that is taken here. Choose one of: {known}.", name=name[:40], known=known)
        raise BadInput.of(Fault("target", said))
    return found


def fingerprint(headings: Sequence[str]) -> list[str]:
    """The headings by which a list of the same make is met again."""
    return sorted(fold(heading) for heading in headings)


def profile_for(unit: Unit, target: Target, headings: Sequence[str]) -> ListProfile | None:
    """The newest kept profile of this unit that was made for these headings; else one whose every matched heading is there."""
    same = fingerprint(headings)
    kept = list(ListProfile.objects.filter(unit=unit, target=target.name).order_by("-entry"))
    exact = next((one for one in kept if one.headings == same), None)
    return exact or next((one for one in kept if one.columns and set(one.columns) <= set(headings)), None)


def propose(target: Target, headings: Sequence[str]) -> dict[str, str]:
    """Heading to field, for those headings that are a known name of a field."""
    called: dict[str, str] = {}
    for column in target.columns:
        for name in (column.name, column.label, *column.called):
            called.setdefault(fold(name.replace("_", " ")), column.name)
    found: dict[str, str] = {}
    for heading in headings:
        meant = called.get(fold(heading.replace("_", " ")))
        column_meant = target.column(meant) if meant else None
        if column_meant and (column_meant.many or meant not in found.values()):
            found[heading] = column_meant.name
    return found


def check_match(target: Target, headings: Sequence[str], columns: Mapping[str, str], fixed: Mapping[str, str]) -> None:
    """Refuse a match that leaves a needed field without a column, or gives one field two. Raises BadInput with every fault."""
    faults: list[Fault] = []
    taken: list[str] = []
    for heading, name in columns.items():
        column = target.column(name)
        if heading not in headings or column is None:
            faults.append(Fault(heading, say("is matched with something that is not there; match it again")))
        elif name in taken and not column.many:
            faults.append(Fault(heading, say("and another column are both matched with {label}; keep one", label=column.label)))
        taken.append(name)
    for name in fixed:
        if target.column(name) is None:
            faults.append(Fault(name, say("is no field of this kind of list")))
    for column in target.columns:
        if column.needed and column.name not in taken and not fixed.get(column.name):
            faults.append(Fault(column.name, missing(column)))
    if faults:
        raise BadInput.of(*faults)


def missing(column: Column) -> Sentence:
    """What is said when nothing was matched with a needed field."""
    if column.choices is not None:
        return say("{label} is needed: match a column with it, or say one value for all rows", label=column.label)
    return say("{label} is needed: match a column with it", label=column.label)
