"""Issue a recommendation: from this day the addressee is asked, its words stand, and its age is counted.

The rule it guards: what is issued can be held against its words. Nothing goes out weak without its author's reason, and
one that stands in a report is issued no earlier than the report.
"""

from __future__ import annotations

from datetime import date

from fairwitness.errors import OutOfOrder
from fairwitness.mission.access import require
from fairwitness.mission.tell_time import today
from fairwitness.monitor.read_input import Reading
from fairwitness.recommend.draft import weaknesses
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Report


def issue_with_report(report: Report, *, by: Hand) -> list[Recommendation]:
    """Issue every recommendation that stands in a report, because the report is being published: whoever may do that may do this."""
    require(by, Verb.RELEASE_PUBLISH, report)
    with writing(by):
        rows = Recommendation.objects.filter(report=report, state=Recommendation.DRAFT).select_related("report").order_by("code")
        return [_issue(one, today(), by) for one in rows]


def issue_recommendation(recommendation: Recommendation, *, by: Hand, on: date | None = None) -> Recommendation:
    """Issue it. Issuing twice changes nothing. `on` is for what was issued earlier than it came here; then it has a public source."""
    require(by, Verb.RECOMMENDATION_ISSUE, recommendation)
    with writing(by):
        now: Recommendation = Recommendation.objects.select_related("report", "addressee", "standard", "finding").get(pk=recommendation.pk)
        if now.state == Recommendation.ISSUED:
            return now
        reading = Reading()
        now.issued = reading.day("on", on) or today()
        if now.issued > today():
            reading.fault("on", "lies in the future; issue it on its day")
        if on is not None and on != today() and not now.public_source:
            reading.fault("on", "is an earlier day; that needs the address at which it was published (public source)")
        if weaknesses(now) and not now.override:
            reading.fault("override", "is empty, and the wording is weak; mend it or say why it stays")
        reading.done()
        return _issue(now, now.issued, by)


def _issue(now: Recommendation, day: date, by: Hand) -> Recommendation:
    if now.report is not None and now.report.state != Report.ISSUED:
        early = "{code} stands in {symbol}, which is not issued yet. Issue the report first."
        raise OutOfOrder(early, code=now.code, symbol=now.report)
    now.issued, now.state = day, Recommendation.ISSUED
    now.keep(by=by, verb=Verb.RECOMMENDATION_ISSUE)
    return now
