"""Fill a report's block of recommendations: those drafted for it, as it will print them.

The rule it guards: a report prints the ask that is on record, word for word, and is told when something above rests on it.
"""

from __future__ import annotations

from fairwitness.recommend.models import Recommendation
from fairwitness.report.blocks import Block, Dependant, block, leaning
from fairwitness.report.models import Report
from fairwitness.report.printable import Ask


@block("recommendations")
def asks_of(report: Report) -> Block | None:
    """The recommendations of this report."""
    rows = list(Recommendation.objects.filter(report=report).select_related("addressee").order_by("code"))
    if not rows:
        return None
    asks = tuple(
        Ask(
            one.code, one.addressee.name if one.addressee else "No addressee named", one.act,
            f"{one.due.day} {one.due:%B %Y}" if one.due else "No date given", one.indicator or "No measure given",
        )
        for one in rows
    )  # fmt: skip
    return Block(asks=asks, rests_on=tuple((one.kind_on_record(), one.pk, one.entry) for one in rows))


@leaning("recommendations")
def resting_on(report: Report) -> list[Dependant]:
    """The recommendations that stand in a report: they are looked at when it is corrected."""
    rows = Recommendation.objects.filter(report=report).order_by("code")
    return [Dependant(one.kind_on_record(), one.pk, one.code, one.title, "stands in this report") for one in rows]
