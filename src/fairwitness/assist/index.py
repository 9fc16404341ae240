"""Index: by which words trainings, advice and projects are found, with how they were evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fairwitness.assist.models import Evaluation, Training
from fairwitness.mission.index import Line, indexed, mark, part_of
from fairwitness.record.verbs import Verb


@indexed(Training, Verb.REPORT_READ)
def _training(one: Training) -> Line:
    judged = " ".join(f"{line.method} {line.result} {line.reason}" for line in one.evaluations.all())
    facts = (mark("value", one.kind), mark("institution", one.institution_id))
    return Line(one.access, f"{one.code} {one.kind} {one.title} {one.objectives} {judged}", one.begins, one.place_id, facts)


@part_of(Evaluation)
def _of_evaluation(parts: Sequence[Evaluation]) -> Iterable[Training]:
    return Training.objects.filter(pk__in={part.training_id for part in parts})
