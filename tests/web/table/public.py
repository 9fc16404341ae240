"""Rows of the table for the public door: everybody gets the same, whoever is signed in elsewhere."""

from __future__ import annotations

from people import People
from share.scene import SEEN, TOLD_TOO, build

from fairwitness.mission.handling import Use
from fairwitness.monitor.consent import Scope, withdraw
from fairwitness.record.hand import command
from fairwitness.share.publish import publish
from table import row

ALL = (200, 200, 200, 200, 200)
NONE = (404, 404, 404, 404, 404)
ENDED = (410, 410, 410, 410, 410)
NO_POST = (405, 405, 405, 405, 405)
STANDS, DOWN = {"slug": "{stands}"}, {"slug": "{down}"}
ROWS = [
    row("web:public", get=ALL, post=NO_POST),
    row("web:public?page=x", get=ALL, post=NO_POST),
    row("web:public_tracker", get=ALL, post=NO_POST),
    row("web:public_tracker?q=sign&to=x&theme=y", get=ALL, post=NO_POST),
    row("web:public_tracker?format=csv", get=ALL, post=NO_POST),
    row("web:public_tracker?format=json", get=ALL, post=NO_POST),
    row("web:public_tracker?format=exe", get=(400,) * 5, post=NO_POST),
    row("web:public_tracked", {"code": "{ask}"}, get=ALL, post=NO_POST),
    row("web:public_tracked", {"code": "R-NONE"}, get=NONE, post=NO_POST),
    row("web:public_check", get=ALL, post=NO_POST),
    row("web:public_checkpoint", get=ALL, post=NO_POST),
    row("web:public_entry", {"number": 0}, get=ALL, post=NO_POST),
    row("web:public_proof", {"number": 0}, get=ALL, post=NO_POST),
    row("web:public_proof", {"number": 999}, get=NONE, post=NO_POST),
    row("web:public_release", STANDS, get=ALL, post=NO_POST),
    row("web:public_release", DOWN, get=ENDED, post=NO_POST),
    row("web:public_release", {"slug": "nothing-1"}, get=NONE, post=NO_POST),
    row("web:public_pdf", STANDS, get=ALL, post=NO_POST),
    row("web:public_pdf", DOWN, get=ENDED, post=NO_POST),
    row("web:public_content", STANDS, get=ALL, post=NO_POST),
    row("web:public_content", DOWN, get=NONE, post=NO_POST),
]


def things(people: People) -> dict[str, object]:
    """One publication that stands, and one whose source took back consent."""
    stage = build(people)
    by = people.hand(people.publisher)
    stands = publish(stage.report(), by=by)
    stage.claim("PZ-C1", Scope(Use.PUBLIC))
    down = publish(stage.report((SEEN, "PZ-0417"), (TOLD_TOO, "PZ-C1"), ask=False), by=by)
    withdraw(stage.claims[0].source, why="asked to", by=command())
    return {"stands": stands.slug, "down": down.slug, "ask": stage.asks[0].code}
