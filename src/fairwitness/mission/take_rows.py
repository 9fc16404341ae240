"""Take the rows of a list: try them first, then let each become one thing, linked to its row.

Rows are taken a thousand at a time. The things, the lines that link them to their rows and how far the import came are one
transaction, so whoever goes on after a power cut begins at the next row. The rule it guards: nothing is lost, nothing comes twice, nothing
is taken that was not tried, and no word of the list is taken whose meaning nobody said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from fairwitness.errors import OutOfOrder, Stale, say
from fairwitness.mission.access import require
from fairwitness.mission.fold import fold
from fairwitness.mission.judge_rows import DIFFERS, FAULTY, LEFT, NEW, SAME, Judged, Reader, faults_of
from fairwitness.mission.match_columns import check_match, target_of
from fairwitness.mission.models import Import, ImportedRow
from fairwitness.record import blobs
from fairwitness.record.hand import Door, Hand
from fairwitness.record.keep import keep_many, writing
from fairwitness.record.verbs import Verb

CHUNK = 1_000
MOST_FAULTS = 5_000
"""Faults that the report of a trial keeps; the whole report can be asked for as a file."""
MOST_UNKNOWN = 300
NEAREST_FOR = 60
"""Unknown words for which the nearest known ones are looked for."""
TRIES = 5
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial found. Nothing was taken."""

    new: int
    same: int
    differs: int
    left: int
    faulty: int
    faults: list[tuple[int, str, str, str]]


def ask_trial(imported: Import, *, by: Hand, base: UUID | None = None) -> Import:
    """Have the list tried as later work."""
    require(by, Verb.IMPORT_BRING, imported)
    with writing(by):
        now = _now(imported, Import.OPEN, Import.CHECKED)
        check_match(target_of(now.target), now.headings, now.columns, now.fixed)
        now.entry = base or now.entry
        now.state, now.background, now.member_id = Import.CHECKING, True, by.member
        now.keep(by=by, verb=Verb.IMPORT_CHECK)
        return now


def try_list(imported: Import, *, by: Hand, progress: Progress | None = None) -> Trial:
    """Read every row as the taking would, and take nothing. Unknown words come back with the nearest known ones."""
    require(by, Verb.IMPORT_BRING, imported)
    imported = _now(imported, Import.OPEN, Import.CHECKED, Import.CHECKING)
    check_match(target_of(imported.target), imported.headings, imported.columns, imported.fixed)
    reader = Reader(imported, by)
    counts: Counter[str] = Counter()
    faults: list[tuple[int, str, str, str]] = []
    unknown: dict[tuple[str, str], list[Any]] = {}
    for begin in range(0, len(reader.list.rows), CHUNK):
        for one in reader.judge(begin, begin + CHUNK):
            counts[one.state] += 1
            if len(faults) < MOST_FAULTS:
                faults += faults_of([one])
            for word in one.unknown:
                line = unknown.setdefault((word.field, fold(word.word)[:400]), [word.word[:200], 0, one.row.number])
                line[1] += 1
        if progress is not None:
            progress(min(begin + CHUNK, len(reader.list.rows)))
    trial = Trial(counts[NEW], counts[SAME], counts[DIFFERS], counts[LEFT], counts[FAULTY], faults)
    with writing(by):
        now = _now(imported, Import.OPEN, Import.CHECKED, Import.CHECKING)
        report = json.dumps({name: getattr(trial, name) for name in Trial.__slots__}, ensure_ascii=False).encode("utf-8", "replace")
        now.report = blobs.store([report], scope=now.scope, by=by, verb=Verb.IMPORT_CHECK)
        now.unknown, now.faulty, now.state = _with_nearest(reader, unknown), trial.faulty, Import.CHECKED
        now.keep(by=by, verb=Verb.IMPORT_BRING)
    return trial


def _with_nearest(reader: Reader, unknown: dict[tuple[str, str], list[Any]]) -> list[dict[str, Any]]:
    """Unknown words, the most frequent first, each with what it may mean."""
    found = sorted(unknown.items(), key=lambda item: (-item[1][1], item[0]))[:MOST_UNKNOWN]
    lines: list[dict[str, Any]] = []
    for number, ((name, key), (word, times, row)) in enumerate(found):
        column = reader.target.column(name)
        near = column.near(word) if column is not None and column.near is not None and number < NEAREST_FOR else []
        lines.append({"field": name, "key": key, "word": word, "times": times, "row": row, "near": [list(one) for one in near]})
    return lines


def trial_of(imported: Import) -> Trial | None:
    """What the last trial found, as it was kept."""
    if imported.report is None:
        return None
    kept = json.loads(b"".join(blobs.read(imported.report)))
    return Trial(**{**kept, "faults": [tuple(one) for one in kept["faults"]]})


def start(imported: Import, *, by: Hand, background: bool = True, base: UUID | None = None) -> Import:
    """Begin to take the rows. Refused before a trial, while a word of the list has no meaning, and when every row is at fault."""
    require(by, Verb.IMPORT_BRING, imported)
    require(by, target_of(imported.target).verb, imported)
    with writing(by):
        now = _now(imported, Import.CHECKED)
        if now.unknown:
            raise OutOfOrder(
                "{count} words of the list are not known here. Say what each means, or leave its rows out; then try the list again.",
                count=len(now.unknown),
            )
        if now.faulty >= now.rows:
            raise OutOfOrder("No row of this list can be taken. Look at the report, mend the list, and bring it again.")
        now.entry = base or now.entry
        now.state, now.background, now.member_id = Import.RUNNING, background, by.member
        now.keep(by=by, verb=Verb.IMPORT_TAKE)
        return now


def take(imported: Import, *, by: Hand, progress: Progress | None = None) -> Import:
    """Take all rows that are left, chunk by chunk. Interrupted, it is called again and goes on."""
    now = Import.objects.get(pk=imported.pk)
    while now.state == Import.RUNNING:
        try:
            now = take_some(now, by=by)
        except Stale:  # somebody else took this chunk meanwhile; go on behind it
            now = Import.objects.get(pk=imported.pk)
        if progress is not None:
            progress(now.done_rows)
    return now


def take_some(imported: Import, *, by: Hand) -> Import:
    """Take the next rows, in one transaction. Raises Stale when somebody else took them meanwhile."""
    require(by, Verb.IMPORT_BRING, imported)
    for left in range(TRIES, 0, -1):
        try:
            with writing(by):
                return _chunk(imported.pk, by)
        except IntegrityError:  # a code or a row was given elsewhere at the same moment: look again
            if left == 1:
                raise
    raise AssertionError("unreachable")


def _chunk(key: UUID, by: Hand) -> Import:
    now = Import.objects.select_related("unit", "file").get(pk=key)
    if now.state != Import.RUNNING:
        return now
    reader = _reader(now.pk, now.target, by.member)
    reader.by = by
    judged = list(reader.judge(now.done_rows, now.done_rows + CHUNK))
    fresh = [one for one in judged if one.state == NEW]
    things = [one.thing for one in fresh]
    for thing in things:  # nothing can point to a new thing yet: nobody need ask the database for it
        thing._prefetched_objects_cache = {relation.get_accessor_name(): [] for relation in reader.target.model._meta.related_objects}
    if reader.target.number is not None:
        reader.target.number(things, reader.making)
    keep_many(things, by=by, verb=reader.target.verb, why=f"{now.code}, {now.file_name}")
    keep_many([_line(now, one) for one in fresh], by=by, verb=Verb.IMPORT_LINK)
    if reader.target.after is not None:
        reader.target.after(things)
    counts = Counter(one.state for one in judged)
    now.made += counts[NEW]
    now.same += counts[SAME]
    now.left_out += counts[DIFFERS] + counts[LEFT] + counts[FAULTY]
    now.done_rows += len(judged)
    if now.done_rows >= len(reader.list.rows):
        now.state = Import.DONE
        _reader.cache_clear()
    now.keep(by=by, verb=Verb.IMPORT_TAKE)
    return now


def _line(now: Import, one: Judged) -> ImportedRow:
    return ImportedRow(
        imported=now, row=one.row.number, key=one.key, content=one.content, kind=one.thing.kind_on_record(), thing=one.thing.pk,
        version=one.thing.entry, given=one.given,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _reader(key: UUID, target: str, member: UUID | None) -> Reader:
    """The reader of the import at work: the file is opened and parsed once, not for each chunk."""
    imported = Import.objects.select_related("unit", "file").get(pk=key)
    return Reader(imported, Hand(member, Door.WORKER if member is not None else Door.COMMAND))


def report_lines(imported: Import, by: Hand) -> Iterator[tuple[int, str, str, str, str]]:
    """Row, what became of it, field, what is wrong, remedy: for every row of the list, as things stand now."""
    require(by, Verb.IMPORT_BRING, imported)
    taken = set(ImportedRow.objects.filter(imported=imported).values_list("row", flat=True))
    undone = set(ImportedRow.objects.filter(imported=imported, undone=True).values_list("row", flat=True))
    words = {NEW: say("can be taken"), SAME: say("stands already"), LEFT: say("left out")}
    reader = Reader(imported, by)
    for begin in range(0, len(reader.list.rows), CHUNK):
        for one in reader.judge(begin, begin + CHUNK):
            if one.row.number in taken:
                yield one.row.number, str(say("undone") if one.row.number in undone else say("taken")), "", "", ""
                continue
            for number, field, wrong, remedy in faults_of([one]) or [(one.row.number, "", "", "")]:
                yield number, str(words.get(one.state, say("not taken"))), field, wrong, remedy


def _now(imported: Import, *states: str) -> Import:
    now: Import = Import.objects.select_related("unit", "file", "report").get(pk=imported.pk)
    if now.state not in states:
        raise OutOfOrder("{code} is {state}; that cannot be done now.", code=now.code, state=now.get_state_display())
    return now
