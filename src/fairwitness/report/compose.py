"""Compose: offer paragraphs from what the period holds, for a person to take, re-word or leave.

The first says where the mission went and where nobody did, in figures computed from activities. The others
say one observation, statement, restriction, check or finding each, in the wording its state allows. The rule
guarded here: an offer is a paragraph like any other, with its citations; nothing writes itself into a report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from fairwitness.analyse.models import Finding
from fairwitness.mission.access import visible
from fairwitness.monitor.models import Claim, Observation, Restriction
from fairwitness.record.hand import Hand
from fairwitness.report.cite import code_of
from fairwitness.report.count import count, moments, units_below
from fairwitness.report.models import Citation, Paragraph, Report
from fairwitness.report.word import COMPUTED, TOKEN
from fairwitness.verify.models import Check

MOST = 60
"""Offers shown at once."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A paragraph offered: text and citations as the form takes them. `key` names it in an address."""

    key: str
    heading: str
    text: str
    citations: tuple[tuple[int, str, str], ...]

    @property
    def lines(self) -> str:
        """The citations as lines `n CODE`."""
        return "\n".join(f"{number} {code}" for number, _, code in self.citations)


def offer(report: Report, *, by: Hand) -> list[Offered]:
    """What the period holds that the hand may cite and the report does not cite yet, oldest first; coverage before all."""
    span = moments(report)
    if span is None:
        return []
    texts = Paragraph.objects.filter(report=report, struck=False).values_list("text", flat=True)
    counted = any(COMPUTED.fullmatch(token[1]) for text in texts for token in TOKEN.finditer(text))
    found: list[Offered] = [] if counted or not count(report).areas else [_coverage(report)]
    cited = set(Citation.objects.filter(paragraph__report=report, struck=False).values_list("target", flat=True))
    for thing, text in _things(report, span, by):
        if thing.id not in cited and len(found) < MOST:
            found.append(Offered(code_of(thing), "", text, ((1, thing.kind_on_record(), code_of(thing)),)))
    return found


def _coverage(report: Report) -> Offered:
    start, end = report.period_from, report.period_until
    between = f"Between {start:%-d %B} and {end:%-d %B %Y}" if start and end else "In the period"
    text = (
        f"{between}, mission monitors paid {{=visits}} visits to {{=reached}} of {{=areas}} municipalities in the area. "
        "Not visited: {=missed}."
    )
    return Offered("coverage", "Where the mission went", text, ())


def _things(report: Report, span: tuple[Any, Any], by: Hand) -> Iterator[tuple[Any, str]]:
    held = Q(unit__in=units_below(report.unit_id), sensitivity__lte=report.sensitivity)
    happened = Q(occurred_from__gte=span[0], occurred_from__lt=span[1])
    for seen in visible(by, Observation.objects.filter(held, happened)).order_by("occurred_from", "id")[:MOST]:
        yield seen, f"On {{1:date}}, in {{1:place}}, the mission {{1:says}}: {_line(seen.headline)}.{{1}}"
    told = held & (happened | Q(occurred_from__isnull=True, told__gte=span[0], told__lt=span[1]))
    for claim in visible(by, Claim.objects.filter(told)).order_by("told", "id")[:MOST]:
        yield claim, _told(claim)
    for kept_out in visible(by, Restriction.objects.filter(held, began__gte=span[0], began__lt=span[1])).order_by("began", "id")[:MOST]:
        minutes = " It lasted {1:minutes} minutes." if kept_out.ended else ""
        yield kept_out, f"On {{1:date}}, in {{1:place}}, a patrol {{1:says}} by {_line(kept_out.actor)}.{{1}}{minutes}"
    days = (report.period_from, report.period_until)
    checks = Check.objects.select_related("obligation").filter(held, checked_on__range=days).order_by("checked_on", "id")
    for check in visible(by, checks)[:MOST]:
        yield check, f"In {{1:place}} the mission {{1:says}}: {_line(check.obligation.title)}: {check.get_value_display()}.{{1}}"
    for finding in visible(by, Finding.objects.filter(held, concluded__range=days)).order_by("concluded", "id")[:MOST]:
        yield finding, f"The mission {{1:says}}: {_line(finding.title)}.{{1}}"


def _told(claim: Claim) -> str:
    if claim.state == Claim.UNABLE:
        return f"The mission was told in {{1:place}}: {_line(claim.headline)}; it {{1:says}} this.{{1}}"
    return f"In {{1:place}}, {{1:says}}: {_line(claim.headline)}.{{1}}"


def _line(words: str) -> str:
    """A headline inside a sentence: no full stop of its own, no braces."""
    return words.strip().rstrip(".").replace("{", "(").replace("}", ")")
