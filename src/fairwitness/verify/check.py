"""Check an obligation against what was observed: where, in which round, with which result, on which evidence.

The rule it guards: a check keeps the text that was in force on its day, names what it rests on, gives part and
whole together with what they count, and leaves room for the party's own explanation beside our finding. "No data" is a
result of looking; it is not "not met", and it is not "nobody went".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fairwitness.errors import say
from fairwitness.mission.access import require, sees
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Place, Unit
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Observation
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.begin import read_code, require_new
from fairwitness.verify.find_evidence import Evidence
from fairwitness.verify.find_text import cite, find_text
from fairwitness.verify.models import Check, CheckEvidence, Obligation

MAY_CHANGE = frozenset(
    ("value", "checked_on", "numerator", "denominator", "of_what", "text", "explanation", "institution", "public_source", "sensitivity")
)
"""What a correction may change. Obligation, place and round make a check what it is: for others, make another check."""


def make_check(
    obligation: Obligation,
    *,
    place: Place,
    round: str,
    checked_on: date,
    value: str,
    by: Hand,
    unit: Unit | None = None,
    sensitivity: int = Sensitivity.INTERNAL,
    numerator: int | None = None,
    denominator: int | None = None,
    of_what: str = "",
    text: str = "",
    explanation: str = "",
    evidence: Sequence[Evidence] = (),
    contradicting: Sequence[Evidence] = (),
    institution: Counterpart | None = None,
    public_source: str = "",
    code: str = "",
    thing_id: UUID | None = None,
) -> Check:
    """Hold an obligation against what was observed. `evidence` supports the value; `contradicting` speaks against it and stays in sight."""
    require(by, Verb.CHECK_MAKE)
    with writing(by):
        before = made_before(Check, thing_id, by)
        if before is not None:
            return before
        reading = Reading()
        unit = holding_unit(by, Verb.CHECK_MAKE, place, unit)
        made = Check(
            code=read_code(reading, Check, code), obligation=obligation, place=reading.place(place), institution=institution,
            round=reading.text("round", round, 40), value=value, checked_on=checked_on, numerator=numerator, denominator=denominator,
            of_what=of_what, text=text, explanation=explanation, public_source=public_source, unit=unit, sensitivity=sensitivity,
        )  # fmt: skip
        seen(by, *evidence, *contradicting)
        _read(reading, made, bool(evidence or contradicting))
        require_new(by, Verb.CHECK_MAKE, made)
        made.pk = thing_id or made.pk
        made, new = keep_numbered(made, series_of(unit.code, "CH"), by=by, verb=Verb.CHECK_MAKE)
        if new:
            _tie(made, evidence, "supports", by, Verb.CHECK_MAKE)
            _tie(made, contradicting, "contradicts", by, Verb.CHECK_MAKE)
        return made


def correct_check(
    check: Check, *, base: UUID | None, by: Hand, why: str, evidence: Sequence[Evidence] | None = None, **changes: Any
) -> Check:
    """Correct a check at the version its writer saw; what stood before stays on record, with the reason.

    `evidence` None leaves what it rests on; otherwise it names all supporting pieces the writer can see, and those left out are undone.
    """
    require(by, Verb.CHECK_EDIT, check)
    reading = Reading()
    for name in sorted(set(changes) - MAY_CHANGE):
        reading.fault(name, "cannot be changed in a check; make another one")
    why = reading.text("why", why, 500, needed=True)
    reading.done()
    with writing(by):
        now = Check.objects.select_related("obligation__standard").get(pk=check.pk)
        for name, new in changes.items():
            setattr(now, name, new)
        seen(by, *(evidence or ()))
        rests = bool(evidence) if evidence is not None else now.evidence.filter(undone=False).exists()
        _read(reading, now, rests)
        require_new(by, Verb.CHECK_EDIT, now)
        now.entry = base or now.entry
        now.keep(by=by, verb=Verb.CHECK_EDIT, why=why)
        if evidence is not None:
            _retie(now, evidence, by)
        return now


def _tie(check: Check, evidence: Sequence[Evidence], relation: str, by: Hand, verb: Verb) -> None:
    for one in evidence:
        end = {"observation": one} if isinstance(one, Observation) else {"claim": one}
        CheckEvidence(check_of=check, relation=relation, **end).keep(by=by, verb=verb)


def _retie(check: Check, evidence: Sequence[Evidence], by: Hand) -> None:
    wanted = {one.pk: one for one in evidence}
    for line in check.evidence.filter(undone=False, relation="supports").select_related("observation", "claim"):
        end: Any = line.observation or line.claim
        # A writer takes away only what lay before them: evidence they may not read stays where it is.
        if wanted.pop(end.pk, None) is None and sees(by, end):
            line.undone = True
            line.keep(by=by, verb=Verb.CHECK_EDIT)
    _tie(check, list(wanted.values()), "supports", by, Verb.CHECK_EDIT)


def _read(reading: Reading, made: Check, rests: bool) -> None:
    """Read what the check says, refuse with every fault at once, and put the text in force on its day beside it."""
    made.value = reading.one_of("value", made.value, dict(Check.VALUES))
    made.sensitivity = reading.sensitivity(made.sensitivity)
    for field, most in (("of_what", 200), ("text", 20_000), ("explanation", 20_000), ("public_source", 500)):
        setattr(made, field, reading.text(field, getattr(made, field), most))
    if not made.round:
        reading.fault("round", "is empty; name the round, as 2026, so that it can be held against the next")
    reading.day("checked_on", made.checked_on, needed=True)
    _figures(reading, made)
    reading.done()
    _day(reading, made)
    if not rests and not made.public_source:
        if made.value not in ("no_data", "not_applicable"):
            reading.fault("evidence", "is empty; a check rests on something: name an observation, a claim or a public source")
        elif not made.text:
            reading.fault("text", "is empty; say why there is no data, or why this does not apply")
    reading.done()
    made.standard_text = cite(find_text(made.obligation.standard, made.checked_on, "checked_on"), made.checked_on)


def _day(reading: Reading, made: Check) -> None:
    first, last = made.obligation.valid_from, made.obligation.valid_to
    if made.checked_on > today():
        reading.fault("checked_on", "lies in the future; give the day of the check")
    elif (first and made.checked_on < first) or (last and made.checked_on > last):
        reading.fault("checked_on", "lies outside the days on which the obligation stood; choose another day or another obligation")


def _figures(reading: Reading, made: Check) -> None:
    part = made.numerator = reading.whole("numerator", made.numerator)
    whole = made.denominator = reading.whole("denominator", made.denominator)
    if part is None and whole is None:
        return
    if part is None or whole is None:
        reading.fault("numerator" if part is None else "denominator", "is missing; give part and whole together, or neither")
        return
    if whole == 0:
        reading.fault("denominator", "is none, and of none nothing can be said; choose “no data” and leave part and whole empty")
    elif part > whole:
        reading.fault("numerator", say(
            "is larger than the whole: {part} of {whole} cannot be; check both numbers",
            part=part, whole=whole,
        ))
    if not made.of_what:
        reading.fault("of_what", "is empty; say what was counted, as “hearings observed”, so that it is never mixed with something else")
    if made.value == "no_data":
        reading.fault("value", "is “no data”, but there are figures; choose another, or take the figures away")
