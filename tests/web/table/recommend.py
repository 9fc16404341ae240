"""Rows of the table for recommending: a draft and an issued recommendation of the Prizren team."""

from __future__ import annotations

from datetime import date

from people import People

from fairwitness.recommend.draft import draft_recommendation
from fairwitness.recommend.issue import issue_recommendation
from fairwitness.record.hand import command
from table import row

DRAFT, ISSUED = {"code": "R-TABLE-1"}, {"code": "R-TABLE-2"}
NO = (302, 403, 403, 403, 403)
ROWS = [
    row("web:recommend"),
    row("web:recommend?show=drafts"),
    row("web:recommend?show=all&page=9"),
    row("web:recommend?format=csv", get=NO),
    row("web:recommendation", DRAFT, get=(302, 200, 200, 200, 404)),
    row("web:recommendation", ISSUED, get=(302, 200, 200, 200, 404)),
    row("web:recommendation_draft", get=NO, post=NO),
    row("web:recommendation_edit", DRAFT, get=NO, post=NO),
    row("web:recommendation_issue", DRAFT, get=(302, 403, 403, 200, 403), post=(302, 403, 403, 302, 403)),
    row("web:recommendation_reply", ISSUED, get=NO, post=NO),
    row("web:recommendation_rate", ISSUED, get=(302, 403, 200, 403, 403), post=(302, 403, 422, 403, 403)),
    row("web:recommendation_relate", ISSUED, get=NO, post=NO),
]


def things(people: People) -> None:
    """A draft, and one that was issued."""
    for kept in (DRAFT, ISSUED):
        made = draft_recommendation(
            code=kept["code"], title="Replace the damaged signs", act="Replace the damaged signs", due=date(2026, 9, 30),
            addressee=people.counterparts["municipality"], indicator="Signs seen", override="For the table", unit=people.units["PZ-T1"],
            sensitivity=2, by=people.hand(people.drafter),
        )  # fmt: skip
    issue_recommendation(made, by=command())
