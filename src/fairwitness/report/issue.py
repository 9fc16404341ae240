"""Issue: freeze a cleared report, print it, keep the paper. From then on it never changes.

The snapshot holds the words and the entries they rest on; the PDF is kept encrypted under the report's own
key, with its hash on record. The rule guarded here: only what was cleared is issued, contradictions and
consent are read once more at this moment, and snapshot, paper and state are kept together or not at all.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from fairwitness.errors import BadInput, Fault, NotThere, OutOfOrder, Stale
from fairwitness.mission.access import require
from fairwitness.record import blobs
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.models import Blob
from fairwitness.record.verbs import Verb
from fairwitness.report.freeze import freeze
from fairwitness.report.models import Report, Snapshot
from fairwitness.report.print import print_report
from fairwitness.report.printable import CannotPrint
from fairwitness.report.review import settled
from fairwitness.report.set_out import set_out


def issue(report: Report, *, by: Hand) -> Snapshot:
    """Issue a cleared report; returns its snapshot. Raises OutOfOrder unless cleared, BadInput for what cannot be printed.

    Printing takes a moment and is done before the unit of work, so that nobody waits for it; when the report
    changed meanwhile, nothing is kept.
    """
    require(by, Verb.REPORT_ISSUE, report)
    seen: Report = Report.objects.select_related("corrects").get(pk=report.pk)
    if seen.state == Report.ISSUED:
        return snapshot_of(seen)
    if seen.state != Report.CLEARED:
        raise OutOfOrder("{symbol} is {state}; only a cleared report is issued.", symbol=seen.symbol, state=seen.get_state_display())
    moment = datetime.now(UTC)
    content, rests_on = freeze(seen, moment)
    pdf = paper(content)
    snapshot = Snapshot(report=seen, content=content, rests_on=rests_on, pdf_hash=hashlib.sha256(pdf).hexdigest())
    with writing(by):
        held: Report = Report.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        if held.state == Report.ISSUED:
            return snapshot_of(held)
        if held.entry != seen.entry:
            raise Stale("{symbol} changed while it was being printed. Look at it again.", symbol=held.symbol)
        settled(held)
        snapshot.pdf = blobs.store([pdf], scope=snapshot.scope, by=by, verb=Verb.REPORT_ISSUE).name
        snapshot.keep(by=by, verb=Verb.REPORT_ISSUE)
        held.state, held.issued = Report.ISSUED, moment
        held.keep(by=by, verb=Verb.REPORT_ISSUE)
    report.state, report.issued, report.entry = held.state, held.issued, held.entry
    return snapshot


def paper(content: dict[str, object]) -> bytes:
    """The PDF of some content. What cannot be set is refused with the printer's sentence."""
    try:
        return print_report(set_out(content))
    except CannotPrint as why:
        raise BadInput.of(Fault("text", str(why))) from why


def snapshot_of(report: Report) -> Snapshot:
    """The snapshot of an issued report; NotThere before its issue."""
    found: Snapshot | None = Snapshot.objects.select_related("report").filter(report_id=report.pk).first()
    if found is None:
        raise NotThere()
    return found


def pdf_of(report: Report, *, by: Hand) -> bytes:
    """The paper of an issued report as it was kept. Raises Gone when its key was destroyed, Tampered when its bytes changed."""
    require(by, Verb.REPORT_READ, report)
    snapshot = snapshot_of(report)
    return b"".join(blobs.read(Blob.objects.get(name=snapshot.pdf)))
