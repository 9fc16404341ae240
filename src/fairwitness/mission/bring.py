"""Bring a list: take the file as it came, say which column is which, and what a word of the list means here.

A unit brings for itself. The file is kept sealed, exactly as it came; the match of columns is kept as a profile and offered again when
the same headings come. The rules it guards: who brings a list must be allowed to make each thing it holds; the same file is met again
and goes on where it stopped; and until the list was tried, nothing of it can be taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from fairwitness.errors import BadInput, Fault, OutOfOrder, Refused, Unreachable, say
from fairwitness.mission.access import may, require, rights, why_not
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.list_lines import MOST_BYTES
from fairwitness.mission.match_columns import Target, check_match, fingerprint, profile_for, propose, target_of
from fairwitness.mission.models import Import, ListProfile, Unit
from fairwitness.mission.read_list import ReadList, read_list
from fairwitness.record import blobs, seal
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

LEAVE = "-"
"""What is meant by a word whose rows are left out; the empty string leaves the field empty."""
MOST_WORDS = 1_000
FIRST = 1_000
"""Imports are tried under this many numbers before somebody is asked to send the form again."""


def bring(
    data: bytes, *, file_name: str, target: str, by: Hand, unit: Unit | None = None, sensitivity: int = Sensitivity.INTERNAL,
    sheet: str = "", encoding: str = "", thing_id: UUID | None = None,
) -> Import:  # fmt: skip
    """Take a file. The same file for the same purpose, not undone, is the same import: it is returned as it stands.

    Raises NotReadable with the remedy, Refused, BadInput.
    """
    require(by, Verb.IMPORT_BRING)
    kind = target_of(target)
    sent = Import.objects.filter(pk=thing_id).first() if thing_id is not None else None
    if sent is not None:
        require(by, Verb.IMPORT_BRING, sent)
        return sent
    if len(data) > MOST_BYTES:
        read_list(data)
    holder = unit or _own_unit(by)
    weight = _weight(sensitivity)
    token = seal.token(sha256(data).hexdigest() + f"|{sheet}|{encoding}")
    before = Import.objects.filter(file_token=token, unit=holder, target=kind.name)
    again = before.exclude(state__in=(Import.UNDONE, Import.UNDOING)).first()
    if again is not None:
        require(by, Verb.IMPORT_BRING, again)
        return again
    found = read_list(data, sheet=sheet, encoding=encoding)
    made = Import(
        target=kind.name, unit=holder, sensitivity=weight, member_id=by.member, file_name=_file_name(file_name), file_token=token,
        sheet=found.sheet, encoding=found.encoding, headings=found.headings, rows=len(found.rows),
    )  # fmt: skip
    if thing_id is not None:
        made.pk = thing_id
    _may_make(by, kind, made)
    with writing(by):
        made.file = blobs.store([data], scope=made.scope, by=by, verb=Verb.IMPORT_BRING, most=MOST_BYTES)
        _offer(made, kind, profile_for(holder, kind, found.headings))
        return _numbered(made, by)


def _offer(made: Import, kind: Target, profile: ListProfile | None) -> None:
    """Lay the match beside the file: that of the kept profile, else what the headings say by themselves."""
    if profile is None:
        made.columns = propose(kind, made.headings)
        return
    made.profile = profile
    made.columns = {heading: name for heading, name in profile.columns.items() if heading in made.headings}
    made.fixed, made.words, made.day_order = dict(profile.fixed), dict(profile.words), profile.day_order


def match(
    imported: Import, columns: Mapping[str, str], *, by: Hand, fixed: Mapping[str, str] | None = None, day_order: str = ListProfile.DMY,
    profile: str = "", base: UUID | None = None,
) -> Import:  # fmt: skip
    """Say which heading is which field. With `profile`, the match is kept under that name for this unit, and offered again."""
    require(by, Verb.IMPORT_BRING, imported)
    kind = target_of(imported.target)
    given = {name: value.strip() for name, value in (fixed or {}).items() if value.strip()}
    chosen = {heading: name for heading, name in columns.items() if name}
    check_match(kind, imported.headings, chosen, given)
    if day_order not in dict(ListProfile.ORDERS):
        raise BadInput.of(Fault("day_order", say("is day, month, year or month, day, year")))
    with writing(by):
        now = _still_open(imported, base)
        now.columns, now.fixed, now.day_order, now.state = chosen, given, day_order, Import.OPEN
        now.unknown, now.report, now.faulty = [], None, 0
        if profile.strip():
            now.profile = _kept_profile(now, profile.strip(), by)
            now.words = {**now.profile.words, **now.words}
        now.keep(by=by, verb=Verb.IMPORT_BRING)
        return now


def mean(imported: Import, words: Mapping[str, Mapping[str, str]], *, by: Hand, base: UUID | None = None) -> Import:
    """Say what words of the list mean: field to word (folded) to the code of a term, place or institution, to LEAVE or to nothing."""
    require(by, Verb.IMPORT_BRING, imported)
    kind = target_of(imported.target)
    faults: list[Fault] = []
    with writing(by):
        now = _still_open(imported, base)
        said = {name: dict(known) for name, known in now.words.items()}
        for name, meant in words.items():
            column = kind.column(name)
            for word, what in meant.items():
                if column is None or column.pick is None:
                    faults.append(Fault(name, say("is no field of words")))
                    continue
                if what == "" and column.needed:
                    faults.append(Fault(name, say("is needed; say what “{word}” means, or leave its rows out", word=word[:40])))
                said.setdefault(name, {})[word] = what
        faults += _unfit(kind, words)
        if sum(len(known) for known in said.values()) > MOST_WORDS:
            faults.append(Fault("words", say("are more than {most}; add terms to the vocabulary, or mend the list", most=MOST_WORDS)))
        if faults:
            raise BadInput.of(*faults)
        now.words, now.state = said, Import.OPEN
        now.keep(by=by, verb=Verb.IMPORT_BRING)
        if now.profile is not None and may(by, Verb.IMPORT_BRING):
            now.profile.words = {**now.profile.words, **said}
            now.profile.keep(by=by, verb=Verb.IMPORT_BRING)
        return now


def _unfit(kind: Target, words: Mapping[str, Mapping[str, str]]) -> list[Fault]:
    """Meanings that are not on offer: a word is never given a meaning the mission does not have."""
    faults: list[Fault] = []
    for name, meant in words.items():
        column = kind.column(name)
        if column is None or column.pick is None:
            continue
        fixed = {code for code, _ in column.choices()} if column.choices is not None else set()
        for what in set(meant.values()) - {"", LEAVE}:
            try:
                if fixed and what not in fixed:
                    raise BadInput.of(Fault(name, say("“{what}” is not on offer; choose from the list", what=what[:40])))
                column.pick(what)
            except BadInput as error:
                faults += [Fault(name, fault.sentence) for fault in error.faults]
    return faults


def open_list(imported: Import) -> ReadList:
    """The list of an import, from the file as it was kept. Raises Gone when its key was destroyed."""
    data = b"".join(blobs.read(imported.file))
    return read_list(data, sheet=imported.sheet, encoding=imported.encoding)


def _still_open(imported: Import, base: UUID | None) -> Import:
    now: Import = Import.objects.select_related("profile", "unit", "file").get(pk=imported.pk)
    if now.state not in (Import.OPEN, Import.CHECKED):
        raise OutOfOrder("{code} is {state}; its columns stand still now.", code=now.code, state=now.get_state_display())
    now.entry = base or now.entry
    return now


def _kept_profile(now: Import, name: str, by: Hand) -> ListProfile:
    if len(name) > 80:
        raise BadInput.of(Fault("profile", say("is longer than 80 characters; shorten it")))
    kept: ListProfile = ListProfile.objects.filter(unit=now.unit, target=now.target, name=name).first() or ListProfile(
        unit=now.unit, target=now.target, name=name
    )
    values: dict[str, Any] = {
        "headings": fingerprint(now.headings), "columns": now.columns, "fixed": now.fixed, "day_order": now.day_order,
    }  # fmt: skip
    if kept._state.adding or any(getattr(kept, field) != value for field, value in values.items()):
        for field, value in values.items():
            setattr(kept, field, value)
        kept.keep(by=by, verb=Verb.IMPORT_BRING)
    return kept


def _own_unit(by: Hand) -> Unit:
    held = rights(by)
    reach = [right.units for right in held.by_verb.get(Verb.IMPORT_BRING.value, ())]
    for post in held.posts:
        if any(units is None or post.unit_id in units for units in reach):
            return post.unit
    top: Unit | None = Unit.objects.filter(parent__isnull=True).order_by("id").first()
    if top is None:
        raise BadInput.of(Fault("unit", say("this mission has no units yet; apply its pack first")))
    return top


def _weight(sensitivity: int) -> int:
    try:
        return int(Sensitivity(sensitivity))
    except ValueError:
        raise BadInput.of(Fault("sensitivity", say("is one of 0 public, 1 mission internal, 2 restricted, 3 confidential"))) from None


def _may_make(by: Hand, kind: Target, made: Import) -> None:
    made.derive()
    for verb in (Verb.IMPORT_BRING, kind.verb):
        if not may(by, verb, made):
            raise Refused(why_not(by, verb), verb=verb.value)


def _file_name(given: str) -> str:
    plain = given.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in plain if letter.isprintable())[-200:] or "list"


def _numbered(made: Import, by: Hand) -> Import:
    series = f"IM-{by.at.year}-"
    number = Import.objects.filter(code__startswith=series).count()
    for step in range(1, FIRST):
        made.code = f"{series}{number + step:04d}"
        try:
            with transaction.atomic():
                made.keep(by=by, verb=Verb.IMPORT_BRING)
            return made
        except IntegrityError:
            if not Import.objects.filter(code=made.code).exists():
                raise
    raise Unreachable("Too many lists were brought at once; nothing was written. Send it again.")
