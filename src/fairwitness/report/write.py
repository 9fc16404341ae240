"""Write: a paragraph and what it rests on; and taking one out again.

Every citation is resolved before anything is kept: to a thing the writer may read, that its source allows,
and that the text really uses. The rule guarded here: only a draft is written in; the words follow the state
of what is cited; the municipalities not visited travel with every count of visits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fairwitness.errors import BadInput, Fault, NotThere, OutOfOrder, Stale, say
from fairwitness.mission.access import require
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.report.cite import code_of, resolve
from fairwitness.report.count import FIGURES, NEEDS_COVERAGE, count
from fairwitness.report.models import Citation, Paragraph, Report
from fairwitness.report.word import COMPUTED, TOKEN, check_text

MOST = 20_000
"""Letters a paragraph may have: more is an attachment."""


def drafted(report: Report) -> Report:
    """The report, held until the end of this unit of work, if it is still a draft."""
    held: Report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.state != Report.DRAFT:
        stands = held.get_state_display()
        raise OutOfOrder(
            "{symbol} is {stands}, so nothing is written in it. Have it returned, or start a correction.", symbol=held.symbol, stands=stands
        )
    return held


def write_paragraph(
    report: Report,
    number: int,
    heading: str,
    text: str,
    citations: Iterable[tuple[int, str, str]] = (),
    *,
    by: Hand,
    base: UUID | None = None,
) -> Paragraph:
    """Write paragraph `number` anew or over its present wording. `citations`: (number, kind or "", code).

    `base` is the version the writer saw: another one on record is Stale, with both texts. Raises BadInput naming
    every citation that does not resolve or is not allowed, OutOfOrder when the report is no draft.
    """
    require(by, Verb.REPORT_WRITE, report)
    wanted = list(citations)
    faults = _form_faults(number, heading, text) + check_text(text, {n for n, _, _ in wanted}, FIGURES)
    faults += _coverage_faults(report, text)
    if faults:
        raise BadInput.of(*faults)
    things = resolve(report, wanted, by=by)
    with writing(by):
        drafted(report)
        found = Paragraph.objects.filter(report=report, number=number).first()
        paragraph = found or Paragraph(report=report, number=number)
        if found is not None and _unchanged(found, heading, text, things):
            return found
        if found is not None and base is None and not found.struck:
            raise BadInput.of(Fault("number", say(
                "paragraph {number} is written already; open it to change it, or take the next number",
                number=number,
            )))
        if found is not None and base is not None and base != found.entry:
            raise Stale(
                "Somebody else wrote paragraph {n} after you opened it. Compare both versions, then send yours again.",
                n=number, mine={"Paragraph": text}, theirs={"Paragraph": found.text},
            )  # fmt: skip
        paragraph.heading, paragraph.text, paragraph.struck = heading.strip(), text.strip(), False
        paragraph.keep(by=by, verb=Verb.REPORT_WRITE)
        _cite(paragraph, things, by)
    return paragraph


def _unchanged(found: Paragraph, heading: str, text: str, things: dict[int, Any]) -> bool:
    """Whether this is what stands already: the same form sent twice writes nothing."""
    cited = {c.number: (c.kind, c.target) for c in Citation.objects.filter(paragraph=found, struck=False)}
    wanted = {number: (thing.kind_on_record(), thing.id) for number, thing in things.items()}
    return (found.struck, found.heading, found.text) == (False, heading.strip(), text.strip()) and cited == wanted


def _form_faults(number: int, heading: str, text: str) -> list[Fault]:
    faults = []
    if not 1 <= number <= 999:
        faults.append(Fault("number", say("{number} is no paragraph number; give one from 1 to 999", number=number)))
    if len(heading.strip()) > 200 or "\x00" in heading:
        faults.append(Fault("heading", "is longer than 200 letters or holds a NUL character; shorten it"))
    if len(text) > MOST:
        faults.append(Fault("text", say(
            "is {count} letters long, {most} is the most; divide it into paragraphs",
            count=len(text), most=MOST,
        )))
    return faults


def _coverage_faults(report: Report, text: str) -> list[Fault]:
    used = {found[1] for token in TOKEN.finditer(text) if (found := COMPUTED.fullmatch(token[1]))}
    if used & NEEDS_COVERAGE and "missed" not in used and count(report).missed:
        return [Fault("text", "counts visits without saying where nobody went; add “Not visited: {=missed}.” in your own words")]
    return []


def _cite(paragraph: Paragraph, things: dict[int, Any], by: Hand) -> None:
    """Bring the paragraph's citations in line with its text: new ones added, changed ones pointed anew, unused ones struck."""
    known = {citation.number: citation for citation in Citation.objects.filter(paragraph=paragraph)}
    for number, thing in things.items():
        citation = known.pop(number, None) or Citation(paragraph=paragraph, number=number)
        kind, code = thing.kind_on_record(), code_of(thing)
        if citation._state.adding or (citation.kind, citation.target, citation.struck) != (kind, thing.id, False):
            citation.kind, citation.target, citation.code, citation.struck = kind, thing.id, code, False
            citation.keep(by=by, verb=Verb.REPORT_WRITE)
    for citation in known.values():
        if not citation.struck:
            citation.struck = True
            citation.keep(by=by, verb=Verb.REPORT_WRITE)


def strike(paragraph: Paragraph, why: str, *, by: Hand, base: UUID | None = None) -> Paragraph:
    """Take a paragraph out of the report, with the reason. It stays on record and before its authors."""
    report = paragraph.report
    require(by, Verb.REPORT_WRITE, report)
    if not why.strip():
        raise BadInput.of(Fault("why", "is empty; say why the paragraph goes, as in: a judgement without a source"))
    with writing(by):
        drafted(report)
        if base is not None:
            paragraph.entry = base
        if not paragraph.struck:
            paragraph.struck = True
            paragraph.keep(by=by, verb=Verb.REPORT_WRITE, why=why.strip())
    return paragraph


def paragraph_of(report: Report, number: int) -> Paragraph:
    """Paragraph `number` of a report the reader was let into."""
    found: Paragraph | None = Paragraph.objects.select_related("report").filter(report=report, number=number).first()
    if found is None:
        raise NotThere()
    return found


def next_number(report: Report) -> int:
    """The next free paragraph number."""
    last = Paragraph.objects.filter(report=report).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def lines_of(paragraph: Paragraph) -> str:
    """The citations of a paragraph as lines `n CODE`, for its form."""
    rows = Citation.objects.filter(paragraph=paragraph, struck=False).order_by("number")
    return "\n".join(f"{citation.number} {citation.code}" for citation in rows)


def read_lines(lines: str) -> list[tuple[int, str, str]]:
    """Citations as typed, one `n CODE` a line. Raises BadInput naming the line."""
    found, faults = [], []
    for row, line in enumerate(lines.splitlines(), 1):
        number, _, code = line.strip().partition(" ")
        if not line.strip():
            continue
        if not number.rstrip(".").isdigit() or not code.strip() or len(number) > 4:
            faults.append(Fault("citations", say(
                "“{word}” is not a number and a code; write it as in: 1 PZ-0417",
                word=line.strip()[:60],
            ), row=row))
        else:
            found.append((int(number.rstrip(".")), "", code.strip()))
    if faults:
        raise BadInput.of(*faults)
    return found
