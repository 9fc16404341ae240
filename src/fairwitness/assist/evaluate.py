"""Evaluate a training at four levels: did they like it, did they learn, do they use it, did anything change. Or say why not.

The rules it guards: every activity has an evaluation or a reason why there is none; what people later do (level 3) and what
changed (level 4) is seen later by the mission, in a check or with its own eyes, and that shows a difference, never its cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fairwitness.assist.models import Evaluation, Training
from fairwitness.errors import OutOfOrder, say
from fairwitness.mission.access import require, visible
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold import seen
from fairwitness.monitor.models import Observation
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Check

NONE, SEEN_LATER = 0, 3
SMALL = 10
"""Fewer people than this, and no percentage is made of them."""


def evaluate(
    training: Training,
    *,
    level: int,
    evaluated: date,
    by: Hand,
    method: str = "",
    result: str = "",
    reason: str = "",
    respondents: int | None = None,
    check_made: Check | None = None,
    observation: Observation | None = None,
    thing_id: UUID | None = None,
) -> Evaluation:
    """Evaluate at one level, or (level 0) give the reason why not. Levels 3 and 4 rest on what was seen later."""
    require(by, Verb.TRAINING_EVALUATE, training)
    with writing(by):
        before = made_before(Evaluation, thing_id, by)
        if before is not None:
            return before
        seen(by, check_made, observation)
        reading = Reading()
        made = Evaluation(id=thing_id or uuid7(), training=training, check_made=check_made, observation=observation)
        made.level = int(reading.one_of("level", str(level), [str(step) for step, _ in Evaluation.LEVELS]))
        made.evaluated = reading.day("evaluated", evaluated, needed=True) or today()
        made.method = reading.text("method", method, 300, needed=made.level > NONE)
        made.result = reading.text("result", result, 10_000, needed=made.level > NONE)
        made.reason = reading.text("reason", reason, 300, needed=made.level == NONE)
        made.respondents = reading.whole("respondents", respondents)
        reading.done()
        _sound(reading, made, training)
        made.keep(by=by, verb=Verb.TRAINING_EVALUATE)
        return made


def _sound(reading: Reading, made: Evaluation, training: Training) -> None:
    if made.evaluated > today():
        reading.fault("evaluated", "lies in the future; give the day it was done")
    if made.level > NONE and not training.delivered:
        raise OutOfOrder("{code} was not delivered yet. Write down who took part, then evaluate.", code=training.code)
    attended = training.attended()
    if made.level > NONE and made.evaluated < training.begins:
        reading.fault("evaluated", say(
            "lies before the training began ({begins}); check the day",
            begins=training.begins.isoformat(),
        ))
    if made.respondents is not None and attended is not None and made.respondents > attended:
        reading.fault("respondents", say("are more than the {attended} who took part; correct one of the two", attended=attended))
    if made.level >= SEEN_LATER:
        _seen_later(reading, made, training)
    reading.done()


def _seen_later(reading: Reading, made: Evaluation, training: Training) -> None:
    if made.check_made is None and made.observation is None:
        reading.fault("check_made", "is empty; what people do afterwards, and what changed, is seen later: name a check or an observation")
    early = f"was made before the training ended ({training.ends.isoformat()}); it cannot show what came of it"
    if made.check_made is not None and made.check_made.checked_on <= training.ends:
        reading.fault("check_made", early)
    if made.observation is not None and made.observation.occurred_from and made.observation.occurred_from.date() <= training.ends:
        reading.fault("observation", early)


@dataclass(frozen=True, slots=True)
class Effect:
    """From shortcoming to effect: the checks before, the training with its evaluations by level, the checks after."""

    training: Training
    before: list[Check]
    after: list[Check]
    levels: dict[int, Evaluation]

    @property
    def compared(self) -> str:
        """Both rates in words, with their numbers. A difference in time is no cause."""
        if not self.before or not self.after:
            return ""
        first, last = self.before[-1], self.after[-1]
        words = [one.share() or one.get_value_display() for one in (first, last)]
        return f"{words[0]} in {first.round}, then {words[1]} in {last.round}. The cause is not shown."


def effect(training: Training, *, by: Hand) -> Effect:
    """What was found before, what was done, what the next rounds of the same checks showed, as far as the reader may see."""
    levels: dict[int, Evaluation] = {}
    for one in training.evaluations.select_related("check_made__obligation").order_by("evaluated", "id"):
        levels[one.level] = one
    checks = _checks(training, levels.values(), by)
    before = [check for check in checks if check.checked_on < training.begins]
    after = [check for check in checks if check.checked_on > training.ends]
    return Effect(training, before, after, levels)


def _checks(training: Training, evaluations: Iterable[Evaluation], by: Hand) -> list[Check]:
    """The checks of the same obligation in the same place: those the finding rests on, and those evaluations name."""
    ends = {one.check_made for one in evaluations if one.check_made is not None}
    finding = training.finding or (training.recommendation.finding if training.recommendation else None)
    if finding is not None:
        lines = finding.evidence.filter(check_made__isnull=False, undone=False).select_related("check_made")
        ends |= {line.check_made for line in lines if line.check_made is not None}
    pairs = {(check.obligation_id, check.place_id) for check in ends}
    rows = visible(by, Check.objects.filter(obligation_id__in={o for o, _ in pairs}, place_id__in={p for _, p in pairs}))
    found = rows.select_related("obligation", "place").order_by("checked_on", "id")
    return [check for check in found if (check.obligation_id, check.place_id) in pairs]
