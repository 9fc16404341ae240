"""Plan a training, an advice or a project: for whom, about what, and which shortcoming it answers.

The rule it guards: nothing is held for its own sake. Each activity names the finding or the recommendation it answers, so
that one can look afterwards whether the shortcoming is still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fairwitness.analyse.models import Finding
from fairwitness.assist.models import Training
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Place, Unit
from fairwitness.mission.tell_time import today
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.number import keep_numbered, made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.begin import read_code, require_new

SERIES = {"training": "TR", "advice": "AD", "project": "PR"}


def plan_training(
    *,
    title: str,
    institution: Counterpart,
    place: Place,
    begins: date,
    ends: date,
    by: Hand,
    kind: str = "training",
    objectives: str = "",
    finding: Finding | None = None,
    recommendation: Recommendation | None = None,
    languages: Sequence[str] = (),
    sensitivity: int = Sensitivity.INTERNAL,
    public_source: str = "",
    unit: Unit | None = None,
    code: str = "",
    thing_id: UUID | None = None,
) -> Training:
    """Plan one. It answers a finding, a recommendation, or both. Raises BadInput, Refused."""
    require(by, Verb.TRAINING_PLAN)
    with writing(by):
        before = made_before(Training, thing_id, by)
        if before is not None:
            return before
        seen(by, finding, recommendation)
        reading = Reading()
        made = Training(
            code=read_code(reading, Training, code), institution=institution, place=reading.place(place), finding=finding,
            recommendation=recommendation, unit=holding_unit(by, Verb.TRAINING_PLAN, place, unit),
        )  # fmt: skip
        made.kind = reading.one_of("kind", kind, dict(Training.KINDS))
        made.title = reading.text("title", title, 300, needed=True)
        made.objectives = reading.text("objectives", objectives, 10_000)
        made.public_source = reading.text("public_source", public_source, 500)
        made.sensitivity = reading.sensitivity(sensitivity)
        made.begins = reading.day("begins", begins, needed=True) or today()
        made.ends = reading.day("ends", ends, needed=True) or today()
        made.languages = [reading.text("languages", one, 16) for one in languages]
        if not reading.faults:
            reading.order("ends", made.begins, made.ends)
        if finding is None and recommendation is None:
            reading.fault("finding", "is empty, and so is the recommendation; say which shortcoming this answers")
        reading.done()
        require_new(by, Verb.TRAINING_PLAN, made)
        made.pk = thing_id or made.pk
        made, _ = keep_numbered(made, f"{SERIES[made.kind]}-{made.begins.year}-", by=by, verb=Verb.TRAINING_PLAN)
        return made
