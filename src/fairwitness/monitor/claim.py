"""Claim: write down what somebody else said, in their words and language, apart from what we saw.

The words are sealed under the key of the source. A claim is reported or alleged until somebody goes and looks; then
it is verified or we were unable to confirm it, with a note of what was done. The rule it guards: nothing told to us
is dropped in silence. What nobody tested within a fortnight lies before the supervisor, and stays there until a person
sets it aside with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fairwitness.errors import Gone, say
from fairwitness.mission.access import require, visible
from fairwitness.mission.handling import Sensitivity, Use
from fairwitness.mission.models import Place, Unit
from fairwitness.mission.tell_time import mission_zone, today
from fairwitness.monitor.consent import Scope, allows, give, look_again, stands_at, words_open_to
from fairwitness.monitor.correct import write_correction
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.models import Activity, Claim, ConsentText, Source
from fairwitness.monitor.number import keep_numbered, made_before, series_of
from fairwitness.monitor.observe import KINDS, PRECISIONS
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.seal import seal, unseal
from fairwitness.record.verbs import Verb

FORTNIGHT = timedelta(days=14)
CORRECTABLE = {
    *Claim.SEALED, "headline", "kind", "place", "language", "told", "occurred_from", "occurred_until", "precision", "count", "sensitivity",
}  # fmt: skip


def submit_claim(
    *, source: Source, headline: str, kind: str, place: Place, verbatim: str, language: str, told: datetime, by: Hand,
    translation: str = "", state: str = Claim.REPORTED, count: str = "", occurred_from: datetime | None = None,
    occurred_until: datetime | None = None, precision: str = "unknown", time_zone: str = "", activity: Activity | None = None,
    scopes: Sequence[Scope] = (), consent_given: date | None = None, interpreter: str = "", unit: Unit | None = None,
    sensitivity: int = Sensitivity.RESTRICTED, code: str = "", thing_id: UUID | None = None, told_precision: str = "minute",
    quoted_from: str = "", text: ConsentText | None = None, own_words: str = "",
) -> Claim:  # fmt: skip
    """Keep a claim, its words sealed, with the scopes of consent given for it. `headline` must identify nobody.

    `quoted_from`: where the source published these words itself, when it did; `text` and `own_words`: how it was told of consent.
    """
    require(by, Verb.CLAIM_SUBMIT)
    reading = Reading()
    values: dict[str, Any] = {
        "source": reading.thing("source", source, Source, remedy="register the source by code first, or find its code"),
        "headline": reading.text("headline", headline, 200, needed=True), "kind": reading.term("kind", kind, *KINDS),
        "place": reading.place(place), "language": reading.text("language", language, 16, needed=True),
        "told": reading.moment("told", told, needed=True, past=True),
        "told_precision": reading.one_of("told_precision", told_precision, ("minute", "day")),
        "quoted_from": _quote(reading, quoted_from, source),
        "state": reading.one_of("state", state, (Claim.REPORTED, Claim.ALLEGED)),
        "occurred_from": reading.moment("occurred_from", occurred_from, past=True),
        "occurred_until": reading.moment("occurred_until", occurred_until, past=True),
        "precision": reading.one_of("precision", precision, PRECISIONS), "time_zone": reading.zone(time_zone),
        "sensitivity": reading.sensitivity(sensitivity), "code": reading.text("code", code, 32),
        **reading.counted(count),
    }  # fmt: skip
    reading.order("occurred_until", values["occurred_from"], values["occurred_until"])
    said = reading.text("verbatim", verbatim, 100_000, needed=True)
    ours = reading.text("translation", translation, 100_000)
    reading.thing("activity", activity, Activity, needed=False)
    reading.done()
    seen(by, activity, source)
    holder = activity.unit if activity is not None else holding_unit(by, Verb.CLAIM_SUBMIT, place, unit)
    made = Claim(
        activity=activity, unit=holder, pending_until=today(values["time_zone"]) + FORTNIGHT, **values,
        **({"id": thing_id} if thing_id else {}),
    )  # fmt: skip
    require(by, Verb.CLAIM_SUBMIT, made)
    with writing(by):
        before = made_before(Claim, thing_id, by)
        if before is not None:
            return before
        made.verbatim, made.translation = seal(source.scope, said), seal(source.scope, ours)
        kept, now = keep_numbered(made, series_of(holder.code, "C"), by=by, verb=Verb.CLAIM_SUBMIT)
        if now and scopes:
            day = consent_given or told.astimezone().date()
            give(source, scopes, given=day, language=language, interpreter=interpreter, claim=kept, by=by, text=text, own_words=own_words)
    return kept


def _quote(reading: Reading, address: Any, source: Any) -> str:
    """Words count as published only when they stand at the source's own address: one without the other is refused."""
    quoted = reading.text("quoted_from", address, 500)
    if quoted and isinstance(source, Source) and not stands_at(quoted, source.public_source):
        reading.fault(
            "quoted_from", "is not at the public address of this source; quote from there, or leave this empty and write down the consent"
        )
    return quoted


def state_quote(claim: Claim, *, quoted_from: str, why: str, by: Hand, base: UUID | None = None) -> Claim:
    """Say where the source published these words, or that it did not (empty). On record; what may no longer be used so goes at once."""
    require(by, Verb.CLAIM_EDIT, claim)
    reading = Reading()
    why = reading.text("why", why, 300, needed=True)
    quoted = _quote(reading, quoted_from, claim.source)
    reading.done()
    with writing(by):
        if base is not None:
            claim.entry = base
        claim.quoted_from = quoted
        claim.keep(by=by, verb=Verb.CLAIM_EDIT, why=why)
        look_again([claim], by)
    return claim


def correct_claim(claim: Claim, changes: dict[str, Any], *, why: str, base: UUID | None, by: Hand) -> Claim:
    """Correct what was written down of a claim. Its words are sealed anew; the earlier ones stay on record, sealed as they were.

    Raises BadInput, Stale, and Gone where the key to the words was destroyed: what nobody can read, nobody corrects.
    """
    require(by, Verb.CLAIM_EDIT, claim)
    reading = Reading()
    why = reading.why(why)
    reading.only(changes, CORRECTABLE)
    given = {"occurred_from": claim.occurred_from, "occurred_until": claim.occurred_until} | changes
    values: dict[str, Any] = {
        "occurred_from": reading.moment("occurred_from", given["occurred_from"], past=True),
        "occurred_until": reading.moment("occurred_until", given["occurred_until"], past=True),
        **_read_particulars(reading, changes),
    }
    reading.order("occurred_until", values["occurred_from"], values["occurred_until"])
    words = {name: reading.text(name, changes[name], 100_000, needed=name == "verbatim") for name in Claim.SEALED if name in changes}
    reading.done()
    for name, said in words.items():
        if unseal(getattr(claim, name)) != said:
            unseal(claim.verbatim)  # says Gone: a destroyed key is not replaced by a new one
            values[name] = seal(claim.source.scope, said)
    return write_correction(claim, values, verb=Verb.CLAIM_EDIT, why=why, base=base, by=by)


def _read_particulars(reading: Reading, changes: dict[str, Any]) -> dict[str, Any]:
    readers: dict[str, Callable[[Any], Any]] = {
        "headline": lambda given: reading.text("headline", given, 200, needed=True),
        "kind": lambda given: reading.term("kind", given, *KINDS), "place": reading.place,
        "language": lambda given: reading.text("language", given, 16, needed=True),
        "told": lambda given: reading.moment("told", given, needed=True, past=True),
        "precision": lambda given: reading.one_of("precision", given, PRECISIONS), "sensitivity": reading.sensitivity,
    }  # fmt: skip
    values = {name: read(changes[name]) for name, read in readers.items() if name in changes}
    return values | (reading.counted(changes["count"]) if "count" in changes else {})


def test_claim(claim: Claim, *, outcome: str, note: str, by: Hand, look_again: date | None = None, base: UUID | None = None) -> Claim:
    """Say what came of going and looking: `verified`, or `unable` with the day of the next look (a fortnight if none is given)."""
    require(by, Verb.CLAIM_TEST, claim)
    reading = Reading()
    state = reading.one_of("outcome", outcome, (Claim.UNABLE, Claim.VERIFIED))
    words = reading.text("note", note, 10_000)
    if not words:
        reading.fault("note", "is empty; say what was done to test it, for example who was asked and what was seen")
    again = reading.day("look_again", look_again)
    if again is not None and again < today():
        reading.fault("look_again", "lies in the past; give the day of the next look")
    reading.done()
    with writing(by):
        if base is not None:
            claim.entry = base
        claim.state, claim.tested = state, words
        claim.pending_until = None if state == Claim.VERIFIED else again or today() + FORTNIGHT
        claim.keep(by=by, verb=Verb.CLAIM_TEST, why=words[:200])
    return claim


test_claim.__test__ = False  # type: ignore[attr-defined]  # its name is the mission's word, not a test of ours


def set_aside(claim: Claim, *, why: str, by: Hand, base: UUID | None = None) -> Claim:
    """Take a claim off the pending list, with a reason that stays on record. Its state stays what it is."""
    require(by, Verb.CLAIM_EDIT, claim)
    reading = Reading()
    why = reading.text("why", why, 300, needed=True)
    reading.done()
    with writing(by):
        if base is not None:
            claim.entry = base
        claim.pending_until = None
        claim.keep(by=by, verb=Verb.CLAIM_EDIT, why=why)
    return claim


def pending(by: Hand, *, overdue: bool = False, on: date | None = None) -> QuerySet[Claim]:
    """Claims that wait for a look, oldest first; with `overdue` only those a supervisor has to answer for."""
    waiting = visible(by, Claim.objects.filter(pending_until__isnull=False)).exclude(state=Claim.VERIFIED)
    if overdue:
        waiting = waiting.filter(pending_until__lte=on or today())
    return waiting.order_by("pending_until", "id")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a claim as far as this reader may have them; `withheld` says why there are none."""

    verbatim: str
    translation: str
    withheld: str = ""
    gone: bool = False


def words_of(claim: Claim, by: Hand) -> Words:
    """The words, for those who may: the unit that holds the claim, and others in the mission where the source allowed it."""
    seen(by, claim)
    if claim.id not in words_open_to([claim], by):
        return Words("", "", say("The words are with the unit that holds the claim. {why}", why=allows(claim, Use.INTERNAL).why))
    try:
        return Words(unseal(claim.verbatim), unseal(claim.translation))
    except Gone:
        return Words("", "", "Nobody can read it any more: the key to this source was destroyed.", gone=True)


def zone_of(claim: Claim) -> str:
    """The zone the claim's times are printed in."""
    return claim.time_zone or mission_zone()
