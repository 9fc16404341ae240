"""Rows of the table for assisting: a training of the Prizren team."""

from __future__ import annotations

from datetime import date

from people import People

from fairwitness.assist.plan import plan_training
from fairwitness.recommend.draft import draft_recommendation
from fairwitness.record.hand import command
from table import row

TRAINING = {"code": "TR-TABLE-1"}
NO = (302, 403, 403, 403, 403)
ROWS = [
    row("web:assist"),
    row("web:assist?year=2024"),
    row("web:assist?year=x&page=y"),
    row("web:training", TRAINING, get=(302, 200, 200, 200, 404)),
    row("web:training_plan", get=NO, post=NO),
    row("web:training_deliver", TRAINING, get=NO, post=NO),
    row("web:training_evaluate", TRAINING, get=NO, post=NO),
]


def things(people: People) -> None:
    """A planned training that answers a recommendation."""
    ask = draft_recommendation(
        title="Replace the damaged signs", act="Replace the damaged signs", override="For the table", unit=people.units["PZ-T1"],
        by=people.hand(people.drafter),
    )  # fmt: skip
    plan_training(
        code=TRAINING["code"], title="Two languages on a sign", institution=people.counterparts["municipality"], recommendation=ask,
        place=people.places["Prizren"], begins=date(2024, 2, 5), ends=date(2024, 2, 7), unit=people.units["PZ-T1"],
        sensitivity=2, by=command(),
    )  # fmt: skip
