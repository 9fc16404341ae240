"""Addresses of monitoring: who gets what, by method. The stranger is a monitor of another region."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from people import People

from fairwitness.monitor import attach, claim, cover, discuss, happen, observe, plan, restrict, source, tell_consent
from fairwitness.monitor.models import SourceLink
from table import row

READ = (302, 200, 200, 200, 404)
OWN = (302, 200, 403, 403, 404)
OWN_SENT = (302, 422, 403, 403, 404)
NEW = (302, 200, 403, 403, 200)
NEW_SENT = (302, 422, 403, 403, 422)

ROWS = [
    row("web:monitor", get=200),
    row("web:monitor?format=csv", get=(302, 403, 403, 403, 403)),
    row("web:monitor?from=31.02.2010", get=422),
    row("web:activities", get=200),
    row("web:pending", get=200),
    row("web:sources", get=200),
    row("web:observation", {"code": "{observation}"}, get=READ),
    row("web:claim", {"code": "{claim}"}, get=READ),
    row("web:event", {"code": "{event}"}, get=READ),
    row("web:activity", {"code": "{activity}"}, get=READ),
    row("web:restriction", {"code": "{restriction}"}, get=READ),
    row("web:source", {"code": "{source}"}, get=READ),
    row("web:attachment", {"code": "{file}"}, get=READ),
    row("web:activity_new", get=NEW, post=NEW_SENT),
    row("web:restriction_new", get=NEW, post=NEW_SENT),
    row("web:coverage_new", get=NEW, post=NEW_SENT),
    row("web:observation_new", get=NEW, post=NEW_SENT),
    row("web:claim_new", get=NEW, post=NEW_SENT),
    row("web:source_new", get=NEW, post=NEW_SENT),
    row("web:event_new", get=(302, 200, 200, 403, 200), post=(302, 422, 422, 403, 422)),
    row("web:activity_report", {"code": "{activity}"}, get=OWN, post=OWN_SENT),
    row("web:observation_edit", {"code": "{observation}"}, get=OWN, post=OWN_SENT),
    row("web:activity_edit", {"code": "{activity}"}, get=OWN, post=OWN_SENT),
    row("web:claim_edit", {"code": "{claim}"}, get=OWN, post=OWN_SENT),
    row("web:restriction_edit", {"code": "{restriction}"}, get=OWN, post=OWN_SENT),
    row("web:coverage_edit", {"code": "{coverage}"}, get=OWN, post=OWN_SENT),
    row("web:event_edit", {"code": "{event}"}, get=(302, 200, 200, 403, 404), post=(302, 422, 422, 403, 404)),
    row("web:versions", {"kind": "observations", "code": "{observation}"}, get=READ),
    row("web:versions", {"kind": "claims", "code": "{claim}"}, get=READ),
    row("web:versions", {"kind": "coverage", "code": "{coverage}"}, get=READ),
    row("web:comment", {"kind": "observations", "code": "{observation}"}, get=(302, 200, 200, 200, 404), post=(302, 422, 422, 422, 404)),
    row("web:assign", {"kind": "events", "code": "{event}"}, get=(302, 200, 200, 403, 404), post=(302, 422, 422, 403, 404)),
    row("web:return", {"kind": "claims", "code": "{claim}"}, get=(302, 403, 200, 403, 403), post=(302, 403, 422, 403, 403)),
    row("web:have_read", {"kind": "coverage", "code": "{coverage}"}, get=(302, 405, 405, 405, 405), post=(302, 302, 302, 302, 404)),
    row("web:assignment_finish", {"key": "{asked}"}, get=(302, 200, 200, 200, 404), post=(302, 302, 403, 403, 404)),
    row("web:coverages", get=200),
    row("web:coverages?state=down", get=200),
    row("web:coverage", {"code": "{coverage}"}, get=READ),
    row("web:claim_aside", {"code": "{claim}"}, get=OWN, post=OWN_SENT),
    row("web:claim_test", {"code": "{claim}"}, get=(302, 200, 200, 403, 404), post=(302, 422, 422, 403, 404)),
    row("web:event_link", {"code": "{event}"}, get=(302, 200, 200, 403, 404), post=(302, 422, 422, 403, 404)),
    row("web:event_unlink", {"code": "{event}", "link_id": "{link}"}, get=(302, 200, 200, 403, 404), post=(302, 422, 422, 403, 404)),
    row("web:attach", {"kind": "observations", "code": "{observation}"}, get=OWN, post=OWN_SENT),
    row("web:identity_keep", {"code": "{source}"}, get=OWN, post=OWN_SENT),
    row("web:identity_open", {"code": "{source}"}, get=(302, 405, 405, 405, 405), post=(302, 403, 403, 403, 403)),
    row("web:consent_give", {"code": "{source}"}, get=OWN, post=OWN_SENT),
    row("web:consent_texts", get=200),
    row("web:consent_text", {"key": "{consent_text}"}, get=200),
    row("web:consent_text_new", get=(302, 403, 403, 403, 403), post=(302, 403, 403, 403, 403)),
    row("web:consent_text_release", {"key": "{consent_text}"}, get=(302, 405, 405, 405, 405), post=(302, 403, 403, 422, 403)),
    row("web:claim_quote", {"code": "{claim}"}, get=OWN, post=OWN_SENT),
    row("web:consent_withdraw", {"code": "{source}"}, get=OWN, post=OWN_SENT),
    row("web:source_protect", {"code": "{source}"}, get=OWN, post=(302, 302, 403, 403, 404)),
    row("web:vault", get=200, post=422),
    row("web:vault_duplicates", get=403, post=403),
]


def things(people: People) -> dict[str, object]:
    """One of each, made by the test monitor."""
    by, place, noon = people.hand(people.monitor), people.places["Prizren"], datetime(2026, 5, 13, 12, tzinfo=UTC)
    planned = plan.plan_activity(kind="visit", purpose="Road signs", place=place, by=by)
    seen = observe.submit_observation(headline="Three signs", kind="sign", means="saw", place=place, occurred_from=noon, by=by)
    told_by = source.register_source(category="municipal official", by=by)
    told = claim.submit_claim(
        source=told_by, headline="They were replaced", kind="sign", place=place, verbatim="Words", language="en", told=noon, by=by
    )
    event = happen.open_event(title="Signs", kind="sign", place=place, reason="same road", sources=[seen, told], by=by)
    covered = cover.state_coverage(place=place, means="camera", since=noon, until=noon, by=by)
    stopped = restrict.report_restriction(place=place, kind="denied", actor="police", began=noon, by=by)
    file = attach.attach_file(
        seen, io.BytesIO(b"Notes of the day"), file_name="notes.txt", caption="Notes", credit="T-monitor", licence="Mission internal", by=by
    )
    asked = discuss.assign(seen, people.monitor, task="Look again", by=by)
    words = tell_consent.write_text("sq", dict.fromkeys(tell_consent.PARTS, "Fjalë"), by=people.hand(people.leader))
    link = SourceLink.objects.filter(event=event).order_by("id").first()
    assert link is not None
    return {
        "observation": seen.code, "claim": told.code, "event": event.code, "activity": planned.code, "restriction": stopped.code,
        "coverage": covered.id, "asked": asked.id, "consent_text": words.id,
        "source": told_by.code, "file": file.code, "link": link.id,
    }  # fmt: skip
