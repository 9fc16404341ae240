"""Index: by which words reports are found: their symbol and title, and each paragraph that was not struck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from fairwitness.mission.index import Line, indexed, left_out, mark, part_of
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Paragraph, Report


@indexed(Report, Verb.REPORT_READ)
def _report(one: Report) -> Line:
    return Line(one.access, f"{one.symbol} {one.title} {one.kind}", one.issued or one.period_until, facts=(mark("state", one.state),))


@indexed(Paragraph, Verb.REPORT_READ, among=Q(struck=False))
def _paragraph(one: Paragraph) -> Line | None:
    report = one.report
    return None if one.struck else Line(report.access, f"{one.heading} {one.text}", report.issued or report.period_until)


@part_of(Report)
def _of_report(reports: Sequence[Report]) -> Iterable[Paragraph]:
    """Who may read a paragraph follows from its report."""
    return Paragraph.objects.filter(report__in=reports).select_related("report")


left_out("read on the page of its report", "report.citation", "report.clearance")
left_out("is the frozen text of a report, found by its paragraphs", "report.snapshot")
