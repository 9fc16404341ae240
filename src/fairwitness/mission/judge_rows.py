"""Judge the rows of a list: what each would become, what stands already, what cannot be taken and why.

The trial and the taking read a row with these same eyes. The rule it guards: what stands on record is never overwritten by a list; a
word is asked about once, however often it comes; and a row that cannot be taken costs itself alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from fairwitness.errors import BadInput, Fault, Sentence, say
from fairwitness.mission.access import may
from fairwitness.mission.bring import LEAVE, open_list
from fairwitness.mission.fold import fold
from fairwitness.mission.match_columns import NUMBER, Column, Making, Reading, Target, missing, target_of
from fairwitness.mission.models import Import, ImportedRow, MissionProfile
from fairwitness.mission.read_list import ListRow, ReadList
from fairwitness.record import seal
from fairwitness.record.hand import Hand

NEW, SAME, DIFFERS, LEFT, FAULTY = "new", "same", "differs", "left", "faulty"
MOST_MEMO = 20_000
MEND = "Mend it in the list, and bring the list again."


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word of the list that nobody knows here."""

    field: str
    word: str


@dataclass(slots=True)
class Judged:
    """What a row comes to. `thing` is built and not kept; `stands` is the line of an earlier taking."""

    row: ListRow
    key: str
    content: str
    state: str = NEW
    thing: Any = None
    given: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    stands: ImportedRow | None = None


class Reader:
    """Reads one import's rows. What a word means is asked once for each word, not once for each row."""

    def __init__(self, imported: Import, by: Hand, found: ReadList | None = None) -> None:
        self.imported, self.by = imported, by
        self.target: Target = target_of(imported.target)
        self.list = found or open_list(imported)
        zone = str(MissionProfile.objects.values_list("time_zone", flat=True).first() or "UTC")
        self.reading = Reading(zone, imported.day_order, self.list.from_1904)
        self.making = Making(imported, by, _today(zone), zone)
        self._at = self._places()
        said = {column.name for column, places in self._at if places or column.many or imported.fixed.get(column.name)}
        self._read_here = [(column, places) for column, places in self._at if column.name in said or column.needed]
        self._absent = {column.name: None for column, _ in self._at if column.name not in said and not column.needed}
        self._memo: dict[tuple[str, str], Any] = {}
        self._keys = self._identities()
        self.reaches = may(by, self.target.verb, imported)

    def _places(self) -> list[tuple[Column, list[tuple[str, int]]]]:
        """Each field with the columns it is read from."""
        at: list[tuple[Column, list[tuple[str, int]]]] = []
        index = {heading: number for number, heading in enumerate(self.list.headings)}
        for column in self.target.columns:
            at.append((column, [(h, index[h]) for h, name in self.imported.columns.items() if name == column.name and h in index]))
        return at

    def _identities(self) -> list[tuple[str, str]]:
        """For each row the key by which it is met again, and a mark of what it says. Neither tells anything without this node's key."""
        secret = seal.token("rows of lists") + f"|{self.imported.target}|{self.imported.unit_id}|"
        columns = [at for _, places in self._at for _, at in places]
        numbered = [at for column, places in self._at if column.name == NUMBER for _, at in places][:1]
        seen: Counter[str] = Counter()
        found: list[tuple[str, str]] = []
        for row in self.list.rows:
            content = sha256((secret + "\x1f".join(row.cells[at] for at in columns)).encode("utf-8", "surrogatepass")).hexdigest()
            number = row.cells[numbered[0]] if numbered else ""
            said = f"{secret}{self.imported.profile_id}|{number}" if number else f"{secret}{content}"
            seen[said] += 1
            again = "" if seen[said] == 1 else f"|{seen[said]}"
            found.append((sha256((said + again).encode("utf-8", "surrogatepass")).hexdigest(), content))
        return found

    def judge(self, begin: int, end: int) -> Iterator[Judged]:
        """What the rows from `begin` to `end` come to, as things stand now."""
        part = [Judged(row, *key) for row, key in zip(self.list.rows[begin:end], self._keys[begin:end], strict=True)]
        standing = {one.key: one for one in ImportedRow.objects.filter(key__in=[one.key for one in part], undone=False)}
        for one in part:
            one.stands = standing.get(one.key)
            if one.stands is not None:
                one.state = SAME if one.stands.content == one.content else DIFFERS
            else:
                self._read(one)
            yield one

    def _read(self, one: Judged) -> None:
        if one.row.wrong is not None:
            one.faults.append(Fault("row", one.row.wrong))
        values: dict[str, Any] = dict(self._absent)
        for column, places in self._read_here if not one.faults else ():
            self._value(one, column, places, values)
        if not one.faults and not one.unknown and one.state == NEW:
            try:
                one.thing = self.target.make(values, self.making)
                if not self.reaches or not may(self.by, self.target.verb, one.thing):
                    said = say("lies where you may not make such a thing; leave it to the unit that answers for it")
                    one.faults.append(Fault("row", said))
            except BadInput as error:
                one.faults += error.faults
        if one.state == NEW and (one.faults or one.unknown):
            one.state = FAULTY

    def _value(self, one: Judged, column: Column, places: list[tuple[str, int]], values: dict[str, Any]) -> None:
        if column.many:
            values[column.name] = [(heading, one.row.cells[at]) for heading, at in places if one.row.cells[at]]
            return
        cell = one.row.cells[places[0][1]] if places else ""
        heading = places[0][0] if places else column.label
        cell = cell or self.imported.fixed.get(column.name, "")
        if not cell:
            values[column.name] = None
            if column.needed:
                one.faults.append(Fault(heading, say("is empty; write it down") if places else missing(column)))
            return
        if column.pick is not None:
            self._word(one, column, cell, values)
            return
        try:
            values[column.name] = column.read(cell, self.reading)
        except BadInput as error:
            one.faults += [Fault(heading, fault.sentence) for fault in error.faults]

    def _word(self, one: Judged, column: Column, cell: str, values: dict[str, Any]) -> None:
        """A word of the list: what the person said it means, else what the mission knows by it."""
        found = self._meaning(column, cell)
        if found is LEAVE:
            one.state = LEFT
        elif isinstance(found, BadInput):
            one.unknown.append(Unknown(column.name, cell))
            one.faults += [Fault(column.label, fault.sentence) for fault in found.faults]
        else:
            values[column.name] = found
            one.given[column.name] = cell[:300]

    def _meaning(self, column: Column, cell: str) -> Any:
        memo = (column.name, cell)
        if memo in self._memo:
            return self._memo[memo]
        meant = self.imported.words.get(column.name, {}).get(fold(cell)[:400])
        try:
            if meant == LEAVE:
                found: Any = LEAVE
            elif meant is not None:
                found = column.pick(meant) if meant and column.pick else None
            else:
                found = column.read(cell, self.reading)
        except BadInput as error:
            found = error
        if len(self._memo) < MOST_MEMO:
            self._memo[memo] = found
        return found


def _today(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()


def remedy_of(sentence: Sentence | str) -> tuple[str, str]:
    """A sentence as what is wrong and what to do about it."""
    said = str(sentence)
    for sign in ("; ", ". "):
        wrong, found, remedy = said.partition(sign)
        if found:
            return wrong, remedy[:1].upper() + remedy[1:]
    return said, MEND


def faults_of(judged: Sequence[Judged]) -> list[tuple[int, str, str, str]]:
    """Row, field, what is wrong, and the remedy, for each fault of these rows."""
    found: list[tuple[int, str, str, str]] = []
    for one in judged:
        if one.state == DIFFERS:
            wrong = "This row stands already, with other words"
            found.append((one.row.number, "row", wrong, "A list never overwrites; correct the thing on its page."))
        found += [(one.row.number, fault.field, *remedy_of(fault.sentence)) for fault in one.faults]
    return found
