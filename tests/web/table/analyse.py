"""Rows of the table for analysing: an observation, a claim and a finding of the Prizren team, and a published figure."""

from __future__ import annotations

from datetime import UTC, datetime

from people import People

from fairwitness.analyse.conclude import conclude
from fairwitness.analyse.state_figure import state_figure
from fairwitness.monitor.claim import submit_claim
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.source import register_source
from table import row

SEEN, TOLD, FINDING = {"code": "T-AN-O1"}, {"code": "T-AN-C1"}, {"code": "T-AN-F1"}
RATES = (302, 403, 200, 403, 403)
LINKS = (302, 200, 200, 403, 404)
ROWS = [
    row("web:analyse"),
    row("web:analyse?since=13.2024", get=422),
    row("web:analyse?format=csv", get=403),
    row("web:analyse_public"),
    row("web:analyse_public?what=claims", get=422),
    row("web:analyse_public?format=csv", get=403),
    row("web:week"),
    row("web:week?week=soon", get=422),
    row("web:alarm_outcome", {"place_id": "{place}", "day": "2024-05-02"}, get=(302, 403, 404, 403, 403), post=(302, 403, 404, 403, 403)),
    row("web:place_series", {"place_id": "{place}"}),
    row("web:place_series?what=rumours", {"place_id": "{place}"}, get=422),
    row("web:forecast", {"place_id": "{place}"}, get=(302, 403, 200, 403, 403)),
    row("web:forecast?what=checks", {"place_id": "{place}"}, get=(302, 403, 422, 403, 403)),
    row("web:forecast?community=any", {"place_id": "{place}"}, get=(302, 403, 422, 403, 403)),
    row("web:estimate", post=(302, 422, 422, 422, 422)),
    row("web:public_case", {"key": "kosovo-1999"}, get=(404,) * 5, post=(405,) * 5),
    row("web:figures"),
    row("web:figure_new", get=(302, 403, 200, 403, 403), post=(302, 403, 422, 403, 403)),
    row("web:findings"),
    row("web:finding", FINDING, get=(302, 200, 200, 200, 404)),
    row("web:finding_new", get=(302, 403, 200, 403, 403), post=(302, 403, 422, 403, 403)),
    row("web:finding_edit", FINDING, get=RATES, post=(302, 403, 422, 403, 403)),
    row("web:assess_observation", SEEN, get=RATES, post=(302, 403, 422, 403, 403)),
    row("web:assess_claim", TOLD, get=RATES, post=(302, 403, 422, 403, 403)),
    row("web:link_observation", SEEN, get=LINKS, post=(302, 422, 422, 403, 404)),
    row("web:link_claim", TOLD, get=LINKS, post=(302, 422, 422, 403, 404)),
]


def things(people: People) -> dict[str, object]:
    """What the rows open."""
    by, at = people.hand(people.monitor), datetime(2024, 5, 2, 10, tzinfo=UTC)
    seen = submit_observation(
        headline="Sign overpainted", kind="sign", means="saw", place=people.places["Prizren"], occurred_from=at, code=SEEN["code"], by=by
    )
    submit_claim(
        source=register_source(category="official", by=by), headline="Signs were replaced", kind="sign", place=people.places["Prizren"],
        verbatim="…", language="sq", told=at, code=TOLD["code"], by=by,
    )  # fmt: skip
    conclude(
        title="Signs are overpainted", text="One.", place=people.places["Prizren"], proof="grounds", evidence=[seen], code=FINDING["code"],
        unit=people.units["PZ-T1"], by=people.hand(people.analyst),
    )  # fmt: skip
    state_figure(
        series="Incidents", label="2021", year=2021, count_low=43, published_by="A body", method="As reported.",
        public_source="https://example.org/f", by=people.hand(people.analyst),
    )  # fmt: skip
    return {"place": people.places["Prizren"].id}
