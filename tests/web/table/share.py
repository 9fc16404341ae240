"""Rows of the table for sharing: a restricted release to a partner, a rating that waits, an agreement."""

from __future__ import annotations

from people import People
from share.scene import build

from fairwitness.mission.tell_time import today
from fairwitness.recommend.follow import rate
from fairwitness.record.hand import command
from fairwitness.share.agree import agree
from fairwitness.share.publish import publish
from table import row

NO = (302, 403, 403, 403, 403)
RELEASE, REPORT = {"slug": "{release}"}, {"slug": "{report}"}
ROWS = [
    row("web:share"),
    row("web:share?page=9"),
    row("web:release", RELEASE, get=(302, 200, 200, 200, 404)),
    row("web:release", {"slug": "p-none"}, get=404),
    row("web:release_down", RELEASE, get=NO, post=NO),
    row("web:release_pdf", RELEASE, get=NO),
    row("web:gate", REPORT, get=NO, post=NO),
    row("web:gate_marking", REPORT, get=NO, post=NO),
    row("web:rating_publish", {"rating": "{rating}"}, get=NO, post=NO),
    row("web:agreement_new", get=NO, post=NO),
    row("web:agreement_end", {"agreement": "{agreement}"}, get=NO, post=NO),
]


def things(people: People) -> dict[str, object]:
    """A public release with its recommendation, rated once; an agreement with a partner, and what left under it."""
    stage = build(people)
    report = stage.report()
    publish(report, by=people.hand(people.publisher))
    stage.asks[0].refresh_from_db()
    rating = rate(
        stage.asks[0], assessor="mission", status="started", rated=today(), evidence="seen", by=people.hand(people.analyst)
    )
    partner = people.counterparts["partner"]
    made = agree(partner, title="Exchange", basis="Letter", valid_from=today(), ceiling=2, by=command())
    release = publish(stage.report(sensitivity=2, ask=False), partner=partner, by=command())
    return {"release": release.slug, "report": report.slug, "rating": rating.pk, "agreement": made.pk}
