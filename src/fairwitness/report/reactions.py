"""Reactions of report: a source takes back consent.

Issued reports stay sealed as they are for those entitled; each that rests on the source's words gets the
question on record whether a correction is due, and shows it with its dependants (see `correct.offers`).
The rule guarded here: nothing already issued is changed silently, and nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from fairwitness.mission.undo_import import cites
from fairwitness.monitor.models import Claim, Consent
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note, writing
from fairwitness.record.react import on
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Citation, Report


@cites
def cited_in_reports(things: Sequence[UUID]) -> Iterable[UUID]:
    """Those of these things that a report rests on: the undoing of an import does not take them from under it."""
    return Citation.objects.filter(target__in=things, struck=False).values_list("target", flat=True)


@on(Verb.CONSENT_WITHDRAW)
def question_reports(entry: Any, by: Hand) -> None:
    """Put the question on record at every issued report that rests on what the source said."""
    consent = Consent.objects.filter(pk=UUID(entry.subject)).first()
    if consent is None:
        return
    claims = Claim.objects.filter(Q(source_id=consent.source_id) & (Q(pk=consent.claim_id) if consent.claim_id else Q()))
    cited = Citation.objects.filter(kind="monitor.claim", target__in=claims.values("pk"), struck=False)
    reports = Report.objects.filter(pk__in=cited.values("paragraph__report_id"), state=Report.ISSUED).order_by("id")
    with writing(by):
        for report in reports:
            about = sorted(set(cited.filter(paragraph__report=report).values_list("code", flat=True)))
            why = f"Consent to “{consent.get_use_display()}” was taken back for {', '.join(about)}. Look whether a correction is due."
            note(by=by, verb=Verb.REPORT_QUESTION, kind="report.report", subject=report.pk, content={"why": why, "entry": entry.entry})
