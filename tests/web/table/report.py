"""Rows of the table for reporting: a draft and an issued report of the Prizren team."""

from __future__ import annotations

from datetime import date

from people import People

from fairwitness.record.hand import command
from fairwitness.report.draft import start_report
from fairwitness.report.issue import issue
from fairwitness.report.review import clear, submit
from fairwitness.report.write import strike, write_paragraph
from table import row

DRAFT, ISSUED = {"slug": "TABLE-W-1-2026"}, {"slug": "TABLE-W-2-2026"}
SEEN = (302, 200, 200, 200, 404)
WRITERS = (302, 200, 403, 403, 404)
ROWS = [
    row("web:report"),
    row("web:report?state=issued"),
    row("web:report_start", get=(302, 200, 403, 403, 200), post=(302, 422, 403, 403, 422)),
    row("web:report_page", DRAFT, get=SEEN),
    row("web:report_page", ISSUED, get=SEEN),
    row("web:report_snapshot", DRAFT, get=(302, 404, 404, 404, 404)),
    row("web:report_snapshot", ISSUED, get=SEEN),
    row("web:report_pdf", ISSUED, get=SEEN),
    row("web:report_offers", DRAFT, get=WRITERS),
    row("web:report_write", DRAFT, get=WRITERS, post=(302, 422, 403, 403, 404)),
    row("web:report_paragraph", {**DRAFT, "number": 1}, get=WRITERS, post=(302, 422, 403, 403, 404)),
    row("web:report_strike", {**DRAFT, "number": 1}, get=WRITERS, post=(302, 422, 403, 403, 404)),
    row("web:report_send", ISSUED, get=405, post=(302, 409, 403, 403, 404)),
    row("web:report_return", ISSUED, get=(302, 403, 403, 200, 403), post=(302, 403, 403, 422, 403)),
    row("web:report_clear", DRAFT, get=405, post=(302, 403, 403, 409, 403)),
    row("web:report_issue", DRAFT, get=405, post=(302, 403, 403, 403, 403)),
    row("web:report_correct", ISSUED, get=(302, 403, 403, 403, 403), post=(302, 403, 403, 403, 403)),
]


def things(people: People) -> None:
    """A draft, and an issued report of which a paragraph was struck."""
    by = people.hand(people.drafter)
    for kept in (DRAFT, ISSUED):
        report = start_report(
            kind="weekly", title="Weekly report", unit=people.units["PZ-T1"], symbol=kept["slug"].replace("-", "/"),
            period=(date(2026, 5, 11), date(2026, 5, 17)), by=by,
        )  # fmt: skip
        write_paragraph(report, 1, "", "It rained.", by=by)
    strike(write_paragraph(report, 2, "", "It was excellent.", by=by), "a judgement without a source", by=by)
    submit(report, by=by)
    clear(report, by=people.hand(people.clearer))
    issue(report, by=command())
