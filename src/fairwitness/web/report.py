"""Report: what the mission says. The list, a report beside its sources, its snapshot, its paper.

A draft stands beside what it rests on with its contradictions on top; an issued one shows the frozen text,
whatever became of its sources since.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path

from fairwitness.mission.access import may, visible
from fairwitness.record.verbs import Verb
from fairwitness.report.contradict import contradictions
from fairwitness.report.correct import changes, dependants, offers
from fairwitness.report.issue import pdf_of, snapshot_of
from fairwitness.report.list_restrictions import asterisk_list
from fairwitness.report.models import Report
from fairwitness.report.read import open_report, read
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.lists_along import list_along
from fairwitness.web.report_acts import urls as acts_urls
from fairwitness.web.report_forms import ClearForm
from fairwitness.web.report_words import acts, draft_rows, frozen_rows, languages, record_ids, steps, struck_rows
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.verify_words import paged

TAGS = ("public", "internal", "restricted", "confidential")


@door(Verb.REPORT_READ)
def list_reports(request: StaffRequest) -> HttpResponse:
    """Reports the reader may open, newest first, by state and kind; those whose sources changed are named on top."""
    states, kinds = dict(Report.STATES), dict(Report.KINDS)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    things = visible(request.hand, Report.objects.select_related("unit", "corrects")).order_by("-id")
    if state in states:
        things = things.filter(state=state)
    if kind in kinds:
        things = things.filter(kind=kind)
    if asked_for(request):
        return list_along(request, "reports", things, hand=request.hand)
    shown = paged(request, things)
    context = {
        **shown, "verb_now": "report", "states": states, "kinds": kinds, "state": state, "kind": kind,
        "offers": offers(shown["rows"]), "may_start": may(request.hand, Verb.REPORT_DRAFT),
        "take_along": ways(request, request.hand),
    }  # fmt: skip
    return page(request, "web/report/reports.html", context)


@door(Verb.REPORT_READ)
def show_report(request: StaffRequest, slug: str) -> HttpResponse:
    """A report: while it is written beside its sources as they stand now; once issued, as it was issued."""
    report = open_report(slug, by=request.hand)
    return page(request, "web/report/report.html", context_of(request, report))


def context_of(request: StaffRequest, report: Report) -> dict[str, Any]:
    """What the page of a report shows."""
    by = request.hand
    context: dict[str, Any] = {
        "verb_now": "report", "report": report, "marking": report.marking(), "steps": steps(report), "tag": TAGS[report.sensitivity],
        "corrections": visible(by, Report.objects.filter(corrects=report)).order_by("id"), "entries": lines(record_ids(report), by),
        "clear_form": ClearForm(hand=by),
    }  # fmt: skip
    if report.state == Report.ISSUED:
        snapshot = snapshot_of(report)
        rows = frozen_rows(snapshot, by)
        context |= {
            "rows": rows, "content": snapshot.content, "tables": snapshot.content["tables"], "changes": changes(report),
            "dependants": dependants(report), "languages": languages(report, len(rows)), "acts": acts(report, [], by),
        }  # fmt: skip
        return context
    draft = read(report)
    stopped = contradictions(report, draft)
    listed = asterisk_list(report)
    return context | {
        "rows": draft_rows(draft, stopped, by), "struck": struck_rows(draft), "stopped": stopped, "acts": acts(report, stopped, by),
        "languages": languages(report, len(draft.paragraphs)), "tables": listed.tables if listed else (),
    }  # fmt: skip


@door(Verb.REPORT_READ)
def show_snapshot(request: StaffRequest, slug: str) -> HttpResponse:
    """What an issued report rests on, entry by entry, and what became of it."""
    report = open_report(slug, by=request.hand)
    snapshot = snapshot_of(report)
    changed = {str(one.id): one for one in changes(report)}
    rows = [{**row, "changed": changed.get(row["id"])} for row in snapshot.rests_on]
    context = {"verb_now": "report", "report": report, "marking": report.marking(), "snapshot": snapshot, "basis": rows}
    return page(request, "web/report/snapshot.html", context | {"entries": lines([snapshot.pk], request.hand)})


@door(Verb.REPORT_READ)
def download_pdf(request: StaffRequest, slug: str) -> HttpResponse:
    """The paper as it was issued."""
    report = open_report(slug, by=request.hand)
    response = HttpResponse(pdf_of(report, by=request.hand), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{report.slug}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


urls = [
    path("report/", list_reports, name="report"),
    *acts_urls,
    path("report/<slug:slug>/", show_report, name="report_page"),
    path("report/<slug:slug>/snapshot/", show_snapshot, name="report_snapshot"),
    path("report/<slug:slug>/paper.pdf", download_pdf, name="report_pdf"),
]
