"""Rows of the table for warning: one warning held by the Prizren team. Issuing and judging belong to posts none of the four holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from people import People

from fairwitness.mission.tell_time import today
from fairwitness.monitor.observe import submit_observation
from fairwitness.record.hand import command
from fairwitness.warn.issue import issue
from table import row

WARNING = {"code": "T-WARN-1"}
NOBODY = (302, 403, 403, 403, 403)
ROWS = [
    row("web:warn"),
    row("web:warn?page=9"),
    row("web:warning", WARNING, get=(302, 200, 200, 200, 404)),
    row("web:warning_new", get=NOBODY, post=NOBODY),
    row("web:warning_answer", WARNING, get=NOBODY, post=NOBODY),
    row("web:warning_judge", WARNING, get=NOBODY, post=NOBODY),
]


def things(people: People) -> None:
    """A warning with a horizon of a fortnight."""
    seen = submit_observation(
        headline="Sign overpainted", kind="sign", means="saw", place=people.places["Prizren"],
        occurred_from=datetime(2024, 5, 2, tzinfo=UTC),
        by=people.hand(people.monitor),
    )  # fmt: skip
    issue(
        title="Signs may go before the session", text="Nine in a week.", place=people.places["Prizren"], likelihood="likely",
        severity="Quarrel",
        horizon_ends=today() + timedelta(days=14), addressee=people.counterparts["municipality"], action_asked="Meet", basis=[seen],
        unit=people.units["PZ-T1"], code=WARNING["code"], by=command(),
    )  # fmt: skip
