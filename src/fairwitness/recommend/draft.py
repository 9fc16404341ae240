"""Draft a recommendation: one addressee, one act, one date, one indicator, and the reason for it.

Words that were issued are never edited: a later wording is a recommendation of its own, tied to this one. The rule
it guards: what the drafting check calls weak is mended, or its author says why it stays, on record.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any
from uuid import UUID

from fairwitness.analyse.models import Finding
from fairwitness.errors import OutOfOrder, say
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Place, Standard, Unit
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.number import keep_numbered, made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.recommend.examine import Weakness, examine_wording
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Report
from fairwitness.verify.begin import read_code, require_new

WORDS = frozenset(
    ("title", "text", "act", "addressee", "place", "theme", "standard", "finding", "report", "due", "indicator", "critical", "override",
     "sensitivity", "public_source")
)  # fmt: skip
"""What belongs to the ask itself and stands still once it is issued."""
COURSE = frozenset(("next_step", "late_reason"))
"""What follows the ask and is written down whenever it changes."""


def draft_recommendation(
    *,
    title: str,
    act: str,
    by: Hand,
    addressee: Counterpart | None = None,
    text: str = "",
    place: Place | None = None,
    theme: str = "",
    standard: Standard | None = None,
    finding: Finding | None = None,
    report: Report | None = None,
    due: date | None = None,
    indicator: str = "",
    critical: bool = False,
    override: str = "",
    sensitivity: int = Sensitivity.INTERNAL,
    public_source: str = "",
    unit: Unit | None = None,
    code: str = "",
    thing_id: UUID | None = None,
) -> Recommendation:
    """Draft one. A weak wording is refused with each weakness and its remedy, unless `override` says why it stays."""
    require(by, Verb.RECOMMENDATION_DRAFT)
    with writing(by):
        before = made_before(Recommendation, thing_id, by)
        if before is not None:
            return before
        seen(by, finding, report)
        reading = Reading()
        unit = holding_unit(by, Verb.RECOMMENDATION_DRAFT, place or (addressee.place if addressee else None), unit)
        made = Recommendation(
            code=read_code(reading, Recommendation, code), title=title, act=act, text=text, addressee=addressee, place=place, theme=theme,
            standard=standard, finding=finding, report=report, due=due, indicator=indicator, critical=critical, override=override,
            sensitivity=sensitivity, public_source=public_source, unit=unit,
        )  # fmt: skip
        _read(reading, made)
        require_new(by, Verb.RECOMMENDATION_DRAFT, made)
        made.pk = thing_id or made.pk
        made, _ = keep_numbered(made, f"R-{today().year}-", by=by, verb=Verb.RECOMMENDATION_DRAFT, why=made.override)
        return made


def edit_recommendation(recommendation: Recommendation, *, base: UUID | None, by: Hand, why: str = "", **changes: Any) -> Recommendation:
    """Edit a draft at the version its writer saw. Of an issued one only its course (next step, reason for delay) can be changed."""
    require(by, Verb.RECOMMENDATION_EDIT, recommendation)
    reading = Reading()
    for name in sorted(set(changes) - WORDS - COURSE):
        reading.fault(name, "cannot be changed")
    why = reading.text("why", why, 500)
    reading.done()
    with writing(by):
        now = Recommendation.objects.select_related("addressee", "standard", "finding", "report").get(pk=recommendation.pk)
        moved = {name for name, new in changes.items() if getattr(now, name) != new}
        if moved & WORDS:
            _still(now)
        for name, new in changes.items():
            setattr(now, name, new)
        seen(by, *(changes[name] for name in ("finding", "report") if name in moved))
        _read(reading, now, moved)
        require_new(by, Verb.RECOMMENDATION_EDIT, now)
        now.entry = base or now.entry
        now.keep(by=by, verb=Verb.RECOMMENDATION_EDIT, why=why)
        return now


def weaknesses(recommendation: Recommendation) -> list[Weakness]:
    """What the drafting check says of this one today."""
    standard = recommendation.standard.title if recommendation.standard else recommendation.finding.code if recommendation.finding else ""
    return examine_wording(
        act=recommendation.act, addressee=recommendation.addressee.name if recommendation.addressee else "", due=recommendation.due,
        indicator=recommendation.indicator, standard=standard,
    )  # fmt: skip


def _still(recommendation: Recommendation) -> None:
    if recommendation.state == Recommendation.ISSUED:
        raise OutOfOrder("{code} was issued; its words stand. Draft a new one and tie it to this.", code=recommendation.code)
    if recommendation.report is not None and recommendation.report.state == Report.ISSUED:
        printed = "{code} stands in {symbol}, which is issued. Draft a new one."
        raise OutOfOrder(printed, code=recommendation.code, symbol=recommendation.report)


def _read(reading: Reading, made: Recommendation, moved: AbstractSet[str] = WORDS) -> None:
    for field, most, needed in (
        ("title", 200, True), ("act", 300, True), ("text", 10_000, False), ("theme", 60, False), ("indicator", 300, False),
        ("override", 300, False), ("public_source", 500, False), ("next_step", 300, False), ("late_reason", 300, False),
    ):  # fmt: skip
        setattr(made, field, reading.text(field, getattr(made, field), most, needed=needed))
    made.sensitivity = reading.sensitivity(made.sensitivity)
    made.due = reading.day("due", made.due)
    _ties(reading, made, moved)
    reading.done()
    weak = weaknesses(made) if moved & WORDS else []
    if weak and not made.override:
        reading.fault("override", "is empty, and the wording is weak: " + " ".join(str(one) for one in weak) + " Or say here why it stays.")
    reading.done()


def _ties(reading: Reading, made: Recommendation, moved: AbstractSet[str]) -> None:
    if made.report is not None and made.report.state == Report.ISSUED and "report" in moved:
        reading.fault("report", say(
            "{symbol} is issued, and its words stand; choose a draft, or leave this empty",
            symbol=made.report.symbol,
        ))
    if made.addressee is not None and made.addressee.ended is not None and "addressee" in moved and not made.public_source:
        heir = made.addressee.successor
        reading.fault("addressee", say(
            "{name} has ended; address {heir}",
            name=made.addressee.name, heir=heir.name if heir else say("the institution that took over"),
        ))
