"""Correct: an issued report stays as it is; what was wrong is said in a Corr. 1 that points to it.

Here one sees what became of the things a report rests on, and what rests on the report. The rule guarded
here: the original is never touched, earlier readers can find both, and whatever leans on it is listed for review.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

from fairwitness.errors import BadInput, Fault, OutOfOrder
from fairwitness.mission.access import require
from fairwitness.monitor.models import Claim, Consent
from fairwitness.record.hand import Hand
from fairwitness.record.keep import keep_many, writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.report.blocks import Dependant, lean_on
from fairwitness.report.freeze import PAST
from fairwitness.report.issue import snapshot_of
from fairwitness.report.models import Citation, Paragraph, Report, Snapshot
from fairwitness.warn.models import WarningBasis

INSIDE = ("report.paragraph",)
EXPECTED = (Verb.RECOMMENDATION_ISSUE.value,)
"""What was to happen after the issue and changes no word: the recommendations of a report are issued with it."""


def correct(report: Report, why: str, *, by: Hand, thing_id: UUID | None = None) -> Report:
    """Start Corr. n of an issued report: a draft of its own with the latest wording, to be changed, cleared and issued."""
    require(by, Verb.REPORT_CORRECT, report)
    if thing_id is not None and (made := Report.objects.filter(pk=thing_id).first()) is not None:
        return made
    if not why.strip() or len(why.strip()) > 500:
        raise BadInput.of(Fault("why", "is empty or longer than 500 letters; say in a sentence what was wrong"))
    with writing(by):
        first: Report = Report.objects.select_for_update(of=("self",)).get(pk=report.corrects_id or report.pk)
        earlier = list(Report.objects.filter(corrects=first).order_by("id"))
        last = earlier[-1] if earlier else first
        if last.state != Report.ISSUED:
            raise OutOfOrder("{symbol} is not issued yet. Issue it first, or write in it.", symbol=last.symbol)
        made = Report(
            id=thing_id or uuid7(), unit_id=first.unit_id, sensitivity=last.sensitivity, kind=first.kind, title=last.title,
            symbol=f"{first.symbol}/Corr.{len(earlier) + 1}", language=first.language, audience=first.audience,
            period_from=first.period_from, period_until=first.period_until, cut_off=first.cut_off, time_zone=first.time_zone,
            corrects=first, corrects_why=why.strip(), proof=last.proof, method=last.method,
        )  # fmt: skip
        made.keep(by=by, verb=Verb.REPORT_CORRECT, why=why.strip())
        _copy(last, made, by)
    return made


def _copy(last: Report, made: Report, by: Hand) -> None:
    paragraphs, citations = [], []
    for old in Paragraph.objects.filter(report=last, struck=False).order_by("number"):
        new = Paragraph(report=made, number=old.number, heading=old.heading, text=old.text)
        paragraphs.append(new)
        for cited in Citation.objects.filter(paragraph=old, struck=False).order_by("number"):
            citations.append(Citation(paragraph=new, number=cited.number, kind=cited.kind, target=cited.target, code=cited.code))
    keep_many(paragraphs, by=by, verb=Verb.REPORT_CORRECT)
    keep_many(citations, by=by, verb=Verb.REPORT_CORRECT)


@dataclass(frozen=True, slots=True)
class Change:
    """Something an issued report rests on that is not as it was: what, and what happened to it."""

    kind: str
    id: UUID
    code: str
    what: str
    since: str


def changes(report: Report) -> list[Change]:
    """What became of the things an issued report rests on: corrected since, or consent taken back. Nothing before issue."""
    snapshot = Snapshot.objects.filter(report_id=report.pk).first()
    if snapshot is None:
        return []
    basis = {row["id"]: row for row in snapshot.rests_on if row["kind"] not in INSIDE}
    known = {row["entry"] for row in basis.values()}
    frozen = dict(Entry.objects.filter(entry__in=known).values_list("subject", "seq"))
    newer: dict[str, Entry] = {}
    for entry in Entry.objects.filter(subject__in=list(basis)).order_by("seq"):
        row = basis[entry.subject]
        later = entry.kind == row["kind"] and entry.seq > frozen.get(entry.subject, entry.seq) and entry.prev
        if later and entry.verb not in EXPECTED:
            newer[entry.subject] = entry
    found = [
        Change(row["kind"], UUID(target), row["code"], PAST.get(newer[target].verb, newer[target].verb), newer[target].recorded)
        for target, row in basis.items() if target in newer
    ]  # fmt: skip
    return found + list(_taken_back(snapshot))


def _taken_back(snapshot: Snapshot) -> Iterable[Change]:
    """Claims the report rests on whose source took back consent after the issue."""
    claims = [UUID(row["id"]) for row in snapshot.rests_on if row["kind"] == "monitor.claim"]
    issued = snapshot.report.issued or datetime.now(UTC)
    for claim in Claim.objects.filter(pk__in=claims):
        mine = Q(source_id=claim.source_id) & (Q(claim__isnull=True) | Q(claim_id=claim.pk))
        gone = Consent.objects.filter(mine, withdrawn__gte=issued).order_by("-withdrawn").first()
        if gone is not None and gone.withdrawn is not None:
            what = f"consent to “{gone.get_use_display()}” was taken back"
            yield Change("monitor.claim", claim.pk, claim.code, what, gone.withdrawn.isoformat())


@dataclass(frozen=True, slots=True)
class Offer:
    """A correction is offered: of which report, why, and what leans on it."""

    report: Report
    changes: list[Change]
    dependants: list[Dependant]


def offers(reports: Iterable[Report]) -> list[Offer]:
    """Which of these issued reports should be looked at again. Read anew each time; nothing is sent."""
    found = []
    for report in reports:
        changed = changes(report) if report.state == Report.ISSUED else []
        if changed and not _answered(report, changed):
            found.append(Offer(report, changed, dependants(report)))
    return found


def _answered(report: Report, changed: list[Change]) -> bool:
    """Whether a later correction was issued after the last of these changes."""
    later = Report.objects.filter(corrects_id=report.corrects_id or report.pk, issued__isnull=False).order_by("-issued").first()
    last = max(datetime.fromisoformat(change.since) for change in changed)
    return later is not None and later.pk != report.pk and later.issued is not None and later.issued >= last


def dependants(report: Report) -> list[Dependant]:
    """What leans on an issued report and must be looked at when it is corrected: reports, warnings, and what rooms above name."""
    basis = {UUID(row["id"]) for row in snapshot_of(report).rests_on if row["kind"] not in INSIDE}
    family = [report.pk, *([report.corrects_id] if report.corrects_id else [])]
    others = Report.objects.exclude(pk__in=family).exclude(corrects_id__in=family).exclude(state=Report.DRAFT)
    same = others.filter(pk__in=Citation.objects.filter(target__in=basis, struck=False).values("paragraph__report_id"))
    found = [Dependant("report.report", one.pk, one.symbol, one.title, "rests on the same things") for one in same.order_by("id")]
    if report.period_until is not None:
        following = others.filter(kind=report.kind, unit_id=report.unit_id, period_from__gt=report.period_until).order_by("period_from")
        found += [Dependant("report.report", one.pk, one.symbol, one.title, "compares with this period") for one in following[:1]]
    rests = Q(observation_id__in=basis) | Q(claim_id__in=basis) | Q(finding_id__in=basis)
    warnings = {row.warning_id: row.warning for row in WarningBasis.objects.filter(rests).select_related("warning")}
    found += [Dependant("warn.warning", w.pk, w.code, w.title, "rests on the same things") for w in warnings.values()]
    unique = {(one.kind, one.id): one for one in (*found, *lean_on(report))}
    return list(unique.values())
