"""Conclude: a finding to a named standard of proof, with its evidence and the other readings that were weighed.

The rule it guards: the standard of proof is said, the rule that decides what it needs is printed (P-1), and what speaks
against the finding is kept beside what speaks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fairwitness.analyse.models import STANDARDS_OF_PROOF, Finding, FindingEvidence
from fairwitness.analyse.rules import PROOF
from fairwitness.analyse.weigh import Piece, falls_short
from fairwitness.mission.access import require, sees
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Place, Standard, Unit
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Claim, Observation
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.begin import read_code, require_new

MAY_CHANGE = frozenset(
    ("title", "text", "proof", "alternatives", "concluded", "place", "institution", "standard", "public_source", "sensitivity")
)


def conclude(
    *,
    title: str,
    text: str,
    place: Place,
    proof: str,
    by: Hand,
    concluded: date | None = None,
    evidence: Sequence[Piece] = (),
    contradicting: Sequence[Piece] = (),
    alternatives: str = "",
    institution: Counterpart | None = None,
    standard: Standard | None = None,
    public_source: str = "",
    unit: Unit | None = None,
    sensitivity: int = Sensitivity.INTERNAL,
    code: str = "",
    thing_id: UUID | None = None,
) -> Finding:
    """Conclude a finding. `evidence` are observations, claims and checks that support it; `contradicting` those that do not."""
    require(by, Verb.FINDING_CONCLUDE)
    with writing(by):
        before = made_before(Finding, thing_id, by)
        if before is not None:
            return before
        reading = Reading()
        unit = holding_unit(by, Verb.FINDING_CONCLUDE, place, unit)
        made = Finding(
            code=read_code(reading, Finding, code), title=title, text=text, place=reading.place(place), institution=institution,
            standard=standard, proof=proof, alternatives=alternatives, concluded=concluded or today(), public_source=public_source,
            unit=unit, sensitivity=sensitivity,
        )  # fmt: skip
        seen(by, *evidence, *contradicting)
        _read(reading, made, evidence)
        require_new(by, Verb.FINDING_CONCLUDE, made)
        made.pk = thing_id or made.pk
        made, new = keep_numbered(made, series_of(unit.code, "F"), by=by, verb=Verb.FINDING_CONCLUDE)
        if new:
            _tie(made, evidence, "supports", by, Verb.FINDING_CONCLUDE)
            _tie(made, contradicting, "contradicts", by, Verb.FINDING_CONCLUDE)
        return made


def edit_finding(
    finding: Finding, *, base: UUID | None, by: Hand, why: str, evidence: Sequence[Piece] | None = None, **changes: Any
) -> Finding:
    """Change a finding at the version its writer saw. `evidence` None leaves what it rests on; else it names all the writer sees of it."""
    require(by, Verb.FINDING_EDIT, finding)
    reading = Reading()
    for name in sorted(set(changes) - MAY_CHANGE):
        reading.fault(name, "cannot be changed in a finding; conclude another one")
    why = reading.text("why", why, 500, needed=True)
    reading.done()
    with writing(by):
        now = Finding.objects.get(pk=finding.pk)
        for name, new in changes.items():
            setattr(now, name, new)
        seen(by, *(evidence or ()))
        hidden = [end for line, end in _lines(now) if not sees(by, end)]
        _read(reading, now, [*evidence, *hidden] if evidence is not None else [end for _, end in _lines(now)])
        require_new(by, Verb.FINDING_EDIT, now)
        now.entry = base or now.entry
        now.keep(by=by, verb=Verb.FINDING_EDIT, why=why)
        if evidence is not None:
            _retie(now, evidence, by)
        return now


def _read(reading: Reading, made: Finding, evidence: Sequence[Piece]) -> None:
    made.title = reading.text("title", made.title, 300, needed=True)
    made.text = reading.text("text", made.text, 50_000, needed=True)
    made.alternatives = reading.text("alternatives", made.alternatives, 20_000)
    made.public_source = reading.text("public_source", made.public_source, 500)
    made.proof = reading.one_of("proof", made.proof, dict(STANDARDS_OF_PROOF))
    made.sensitivity = reading.sensitivity(made.sensitivity)
    day = reading.day("concluded", made.concluded, needed=True)
    if day is not None and day > today():
        reading.fault("concluded", "lies in the future; give the day on which it was concluded")
    reading.done()
    short = falls_short(made.proof, evidence, made.public_source)
    if short:
        reading.fault("evidence", short)
    reading.done()
    made.proof_rule = str(PROOF)


def _lines(finding: Finding) -> list[tuple[FindingEvidence, Any]]:
    lines = finding.evidence.filter(undone=False, relation="supports").select_related("observation", "claim__source", "check_made")
    return [(line, line.observation or line.claim or line.check_made) for line in lines]


def _tie(finding: Finding, evidence: Sequence[Piece], relation: str, by: Hand, verb: Verb) -> None:
    for one in evidence:
        name = "observation" if isinstance(one, Observation) else "claim" if isinstance(one, Claim) else "check_made"
        FindingEvidence(finding=finding, relation=relation, **{name: one}).keep(by=by, verb=verb)


def _retie(finding: Finding, evidence: Sequence[Piece], by: Hand) -> None:
    wanted = {one.pk: one for one in evidence}
    for line, end in _lines(finding):
        # A writer takes away only what lay before them: evidence they may not read stays where it is.
        if wanted.pop(end.pk, None) is None and sees(by, end):
            line.undone = True
            line.keep(by=by, verb=Verb.FINDING_EDIT)
    _tie(finding, list(wanted.values()), "supports", by, Verb.FINDING_EDIT)
