"""Index: by which words findings and published figures are found."""

from __future__ import annotations

from datetime import date

from fairwitness.analyse.models import Finding, PublishedFigure
from fairwitness.mission.index import Line, indexed, left_out, mark
from fairwitness.record.verbs import Verb


@indexed(Finding, Verb.OBSERVATION_READ)
def _finding(one: Finding) -> Line:
    words = f"{one.code} {one.title} {one.text} {one.alternatives}"
    return Line(one.access, words, one.concluded, one.place_id, (mark("value", one.proof),))


@indexed(PublishedFigure, Verb.OBSERVATION_READ)
def _figure(one: PublishedFigure) -> Line:
    words = f"{one.about} {one.series} {one.label} {one.published_by} {one.year}"
    return Line(one.access, words, date(max(1, one.year), 1, 1), one.place_id)


left_out("read on the page of what is rated", "analyse.assessment")
left_out("read on the page of its finding", "analyse.findingevidence")
left_out("read beside its alarm, on the page of the week", "analyse.alarmoutcome")
