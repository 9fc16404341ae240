"""Index: by which words warnings are found, with what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fairwitness.mission.index import Line, indexed, left_out, mark, part_of
from fairwitness.record.verbs import Verb
from fairwitness.warn.models import Warning, WarningResponse


@indexed(Warning, Verb.REPORT_READ)
def _warning(one: Warning) -> Line:
    answers = " ".join(WarningResponse.objects.filter(warning=one).order_by("id").values_list("text", flat=True))
    words = f"{one.code} {one.title} {one.text} {one.severity} {one.action_asked} {one.outcome_note} {one.lesson} {answers}"
    return Line(one.access, words, one.issued, one.place_id, (mark("value", one.outcome or "open"),))


@part_of(WarningResponse)
def _of_response(answers: Sequence[WarningResponse]) -> Iterable[Warning]:
    return Warning.objects.filter(pk__in={answer.warning_id for answer in answers})


left_out("read on the page of its warning", "warn.warningbasis")
