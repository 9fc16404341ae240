"""Rows of the table for verifying: an obligation, and a check of the Prizren team."""

from __future__ import annotations

from datetime import date

from people import People

from fairwitness.mission.models import Standard
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
from fairwitness.verify.check import make_check
from fairwitness.verify.state import state_obligation
from table import row

OBLIGATION, CHECK = {"code": "T-COM"}, {"code": "T-CHECK-1"}
ROWS = [
    row("web:verify"),
    row("web:verify?place=x"),
    row("web:obligation", OBLIGATION),
    row("web:obligation", {"code": "T-NONE"}, get=404),
    row("web:obligation_new", get=(302, 403, 200, 403, 403), post=(302, 403, 422, 403, 403)),
    row("web:check", CHECK, get=(302, 200, 200, 200, 404)),
    row("web:check_new", get=(302, 200, 200, 403, 200), post=(302, 422, 422, 403, 422)),
    row("web:check_edit", CHECK, get=(302, 200, 200, 403, 404), post=(302, 422, 422, 403, 404)),
]


def things(people: People) -> None:
    """A law, what it promises, and a check of it by the test monitor."""
    law = Standard(code="t-law", title="Test law", in_force_from=date(2008, 1, 1), source="https://example.org/law")
    law.keep(by=command(), verb=Verb.MANDATE_EDIT)
    promised = state_obligation(
        code=OBLIGATION["code"],
        title="The committee meets",
        standard=law,
        text="Monthly.",
        measure="Minutes.",
        by=people.hand(people.analyst),
    )
    make_check(
        promised, place=people.places["Prizren"], round="2024", checked_on=date(2024, 5, 3), value="met",
        code=CHECK["code"],
        public_source="https://example.org/r", by=people.hand(people.monitor),
    )  # fmt: skip
