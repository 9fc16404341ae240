"""Words of the report's page: a draft beside its sources, the frozen text beside what it rested on, the steps of clearance.

The rule it guards: a reader of the report sees of a source only what they may open; the rest stands as a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import may, visible
from fairwitness.mission.models import MissionProfile
from fairwitness.record.hand import Hand
from fairwitness.record.look_back import history
from fairwitness.record.verbs import Verb
from fairwitness.report.check_words import check_words
from fairwitness.report.cite import KINDS
from fairwitness.report.contradict import Contradiction
from fairwitness.report.freeze import LANGUAGES, posts_of
from fairwitness.report.models import Citation, Clearance, Paragraph, Report, Snapshot
from fairwitness.report.read import Draft, date_of
from fairwitness.report.review import authors, hats, why_not_clear

PAGES = {
    "monitor.observation": "web:observation", "monitor.claim": "web:claim", "monitor.activity": "web:activity",
    "monitor.restriction": "web:restriction", "verify.check": "web:check", "analyse.finding": "web:finding",
    "warn.warning": "web:warning",
}  # fmt: skip
OWN_NAMES = {
    "en": "English", "sq": "Shqip", "sr-Latn": "Srpski", "sr-Cyrl": "Српски", "tr": "Türkçe", "bs": "Bosanski", "rom": "Romani čhib",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reader may open of the things a report cites."""

    open: frozenset[UUID]

    @classmethod
    def of(cls, things: Iterable[tuple[str, UUID]], by: Hand) -> Reader:
        """Look once for each kind."""
        wanted: dict[str, set[UUID]] = {}
        for kind, target in things:
            wanted.setdefault(kind, set()).add(target)
        found: set[UUID] = set()
        for kind, targets in wanted.items():
            if kind in KINDS:
                found |= set(visible(by, KINDS[kind].objects.filter(pk__in=targets)).values_list("pk", flat=True))
        return cls(frozenset(found))


def address_of(kind: str, code: str) -> str:
    """The page of a thing, where there is one."""
    name = PAGES.get(kind)
    try:
        return reverse(name, kwargs={"code": code}) if name else ""
    except NoReverseMatch:
        return ""


def draft_rows(draft: Draft, stopped: list[Contradiction], by: Hand) -> list[dict[str, Any]]:
    """Each paragraph beside its sources, its contradictions and the words pointed at."""
    reader = Reader.of(((s.kind, s.id) for w in draft.paragraphs for s in w.sources.values()), by)
    on = date_of(draft.report)
    return [
        {
            "number": w.paragraph.number, "heading": w.paragraph.heading, "runs": w.pieces,
            "sources": [
                _source(number, s.kind, s.id, s.code, s.state, s.grade, s.line, "" if s.consent.yes else s.consent.why, reader)
                for number, s in w.sources.items()
            ],
            "stopped": [one for one in stopped if one.paragraph == w.paragraph.number],
            "flags": check_words(w.paragraph.text, on), "computed": "{=" in w.paragraph.text,
        }
        for w in draft.paragraphs
    ]  # fmt: skip


def frozen_rows(snapshot: Snapshot, by: Hand) -> list[dict[str, Any]]:
    """The issued text beside what it rested on, as it was then."""
    sources = {source["number"]: source for source in snapshot.content["sources"]}
    reader = Reader.of(((s["kind"], UUID(s["id"])) for s in sources.values()), by)
    rows = []
    for paragraph in snapshot.content["paragraphs"]:
        cited = dict.fromkeys(number for run in paragraph["runs"] for number in run["notes"])
        listed = [sources[number] for number in cited]
        rows.append({
            "number": paragraph["number"], "heading": paragraph["heading"], "runs": paragraph["runs"],
            "sources": [
                _source(s["number"], s["kind"], UUID(s["id"]), s["code"], s["state"], s["grade"], s["line"], "", reader) for s in listed
            ],
        })  # fmt: skip
    return rows


def _source(
    number: Any, kind: str, target: UUID, code: str, state: str, grade: str, line: str, consent: str, reader: Reader
) -> dict[str, Any]:
    if target not in reader.open:
        return {"number": number, "hidden": True}
    return {
        "number": number, "code": code, "state": state, "source_grade": grade[:1], "information_grade": grade[1:], "line": line,
        "consent": consent, "href": address_of(kind, code), "rated": kind in ("monitor.claim", "monitor.observation"),
    }  # fmt: skip


def struck_rows(draft: Draft) -> list[dict[str, Any]]:
    """Paragraphs taken out, with the reason on record."""
    return [
        {"number": one.number, "text": one.text, "why": next((line.why for line in history([one.pk], 5) if line.why), "")}
        for one in draft.struck
    ]


def steps(report: Report) -> list[dict[str, Any]]:
    """The way of a report: written, sent, cleared, issued; where it stands now, and what was decided by whom."""
    order = (Report.DRAFT, Report.SUBMITTED, Report.CLEARED, Report.ISSUED)
    here = order.index(report.state)
    wrote = ", ".join(sorted(posts_of({str(one) for one in authors(report)}).values()))
    decided = [
        {
            "post": posts_of({str(one.member_id)}).get(str(one.member_id), ""), "decision": one.get_decision_display(), "at": one.decided,
            "note": one.note, "conflict": one.conflict,
        }
        for one in Clearance.objects.filter(report=report).order_by("decided", "id")
    ]  # fmt: skip
    named = [
        (_("Written"), _("by %(who)s") % {"who": wrote} if wrote else ""),
        (_("Sent to clearance"), _("nobody who wrote a sentence may clear it")),
        (_("Cleared"), ""),
        (_("Issued"), _("from then on it never changes")),
    ]
    return [
        {"title": title, "note": note, "now": place == here, "decisions": decided if place == 2 else []}
        for place, (title, note) in enumerate(named)
    ]


def acts(report: Report, stopped: list[Contradiction], by: Hand) -> dict[str, Any]:
    """Which buttons there are, and beside each closed one what opens it."""
    not_sent = "" if report.state == Report.DRAFT else _("The report is %(state)s.") % {"state": report.get_state_display()}
    return {
        "write": report.state == Report.DRAFT and may(by, Verb.REPORT_WRITE, report),
        "submit": may(by, Verb.REPORT_SUBMIT, report) and report.state == Report.DRAFT,
        "submit_blocked": not_sent,
        "clear": may(by, Verb.REPORT_CLEAR, report) and report.state in (Report.DRAFT, Report.SUBMITTED),
        "clear_blocked": why_not_clear(report, stopped, by=by),
        "return": may(by, Verb.REPORT_RETURN, report) and report.state in (Report.SUBMITTED, Report.CLEARED),
        "issue": may(by, Verb.REPORT_ISSUE, report) and report.state != Report.ISSUED,
        "issue_blocked": "" if report.state == Report.CLEARED else _("Opens when the report is cleared."),
        "correct": may(by, Verb.REPORT_CORRECT, report) and report.state == Report.ISSUED,
        "hats": hats(by) if may(by, Verb.REPORT_CLEAR, report) else [],
    }  # fmt: skip


def languages(report: Report, paragraphs: int) -> list[dict[str, Any]]:
    """The languages of the mission and what there is of this report in each. The language of record comes first."""
    profile = MissionProfile.objects.first()
    others = [one for one in (profile.languages if profile else []) if one != report.language]
    first = {"code": report.language, "name": OWN_NAMES.get(report.language, report.language), "paragraphs": paragraphs, "state": "record"}
    return [first, *({"code": o, "name": OWN_NAMES.get(o, LANGUAGES.get(o, o)), "paragraphs": 0, "state": ""} for o in others)]


def record_ids(report: Report) -> list[UUID]:
    """Everything whose entries belong to a report's history."""
    paragraphs = list(Paragraph.objects.filter(report=report).values_list("pk", flat=True))
    cited = Citation.objects.filter(paragraph_id__in=paragraphs).values_list("pk", flat=True)
    decided = Clearance.objects.filter(report=report).values_list("pk", flat=True)
    return [report.pk, *paragraphs, *cited, *decided]
