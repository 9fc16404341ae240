"""Read: a report as it stands now: its paragraphs in order, what each cites, in words.

While a report is a draft its words are made anew at each reading, from the state its sources are in; once
issued, only the snapshot speaks. The rule guarded here: both are made by the same function, so what was
cleared is what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID

from fairwitness.mission.access import open_one, visible
from fairwitness.mission.models import Place
from fairwitness.mission.name_places import names_of, place_of
from fairwitness.record.hand import Hand
from fairwitness.report import count
from fairwitness.report.cite import Cited, describe, use_of
from fairwitness.report.models import Citation, Paragraph, Report
from fairwitness.report.word import Piece, Setting, render


@dataclass(frozen=True, slots=True)
class Written:
    """One paragraph with its words and its sources by number."""

    paragraph: Paragraph
    pieces: tuple[Piece, ...]
    citations: dict[int, Citation]
    sources: dict[int, Cited]


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole report in words. `struck` are the paragraphs its authors took out."""

    report: Report
    reach: count.Reach
    paragraphs: list[Written] = field(default_factory=list)
    struck: list[Paragraph] = field(default_factory=list)


def open_report(slug: str, *, by: Hand) -> Report:
    """The report of this address, if the hand may read it."""
    return open_one(by, Report.objects.select_related("unit", "corrects"), slug=slug)


def reports(*, by: Hand, state: str = "", kind: str = "") -> list[Report]:
    """Reports the hand may read, newest first; at most 500 of them."""
    found = visible(by, Report.objects.select_related("unit", "corrects"))
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    return list(found.order_by("-id")[:500])


def date_of(report: Report) -> date:
    """The day whose house style and words a report follows: its issue, else its period's end, else today."""
    if report.issued:
        return report.issued.date()
    return report.period_until or datetime.now(UTC).date()


def read(report: Report) -> Draft:
    """The report in words, as its sources stand now."""
    rows = list(Paragraph.objects.filter(report=report).order_by("number"))
    cited: dict[UUID, dict[int, Citation]] = {}
    for citation in Citation.objects.filter(paragraph__in=rows, struck=False).order_by("number"):
        cited.setdefault(citation.paragraph_id, {})[citation.number] = citation
    known = describe(((c.kind, c.target) for by_number in cited.values() for c in by_number.values()), *use_of(report))
    reach = count.count(report)
    setting = set_words(report, reach)
    made = Draft(report, reach)
    for paragraph in rows:
        if paragraph.struck:
            made.struck.append(paragraph)
            continue
        citations = cited.get(paragraph.id, {})
        sources = {n: known[c.kind, c.target] for n, c in citations.items() if (c.kind, c.target) in known}
        made.paragraphs.append(Written(paragraph, render(paragraph.text, sources, setting), citations, sources))
    return made


def set_words(report: Report, reach: count.Reach) -> Setting:
    """What wording needs from the report: names by house style for its audience and day, and its computed figures."""
    audience, on = report.audience, date_of(report)
    names = names_of({place.id for place in reach.areas}, audience, on)
    return Setting(report.language, report.time_zone, partial(_name, audience=audience, on=on), count.figures(reach, names))


def _name(key: str, *, audience: str, on: date) -> tuple[str, str]:
    place: Place | None = place_of(key)
    if place is None:
        return f"[unknown place {key}]", ""
    return names_of({place.id}, audience, on)[place.id], str(place.id)


def titles(sources: Mapping[int, Cited]) -> list[str]:
    """The sources of a paragraph by code, for a line of text."""
    return [f"{number} {source.code}" for number, source in sorted(sources.items())]
