"""Watch the weeks of a mission: what each municipality's week came to, how often anybody looked, whether it departs from the usual.

The rule it guards: an alarm says *unusual*, never *dangerous*, and only a person makes a warning of it. A week in which nobody looked and
nothing was told is no data, not a quiet week; the false alarms of all municipalities together have one budget; and everything is
computed from what this reader may see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from fairwitness.analyse.rules import STANDARD_RULE, CountingRule
from fairwitness.analyse.tabulate import MOST_WINDOWS, Row, Table, tabulate, weeks
from fairwitness.errors import BadInput
from fairwitness.record.hand import Hand

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.pool import Alarm, Point, Watch

YEAR = 52
BUDGET = 0.25
"""False alarms allowed in a week over the whole mission: about three in a quarter."""
CAP = 5
"""Alarms raised in one week at most; those beyond are listed as such."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The weeks up to the one asked for. `watch` is None where the past does not carry a judgement, and `why` says the reason."""

    table: Table
    judged: tuple[Row, ...]
    """The municipalities that are judged: somebody looked there, or told of it, at least once."""
    watch: Watch | None
    why: str
    budget: float

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Alarms of the last week, the strongest first; those that go on or are held back say so."""
        if self.watch is None:
            return ()
        last = len(self.table.windows)
        return tuple(alarm for alarm in self.watch.alarms if alarm.point.t == last)

    def points(self, place: UUID) -> tuple[Point, ...]:
        """The weeks of one municipality as judged; nothing where it is not among them."""
        names = [str(row.place) for row in self.judged]
        return self.watch.points[names.index(str(place))] if self.watch is not None and str(place) in names else ()


def watch_weeks(
    hand: Hand, what: str, last: date, *, kind: str = "", rule: CountingRule = STANDARD_RULE, many: int = MOST_WINDOWS,
    judge: int = 1, budget: float = BUDGET,
) -> Watched:  # fmt: skip
    """Judge the last `judge` weeks up to that of `last`, each beside the weeks before it.

    Counts are of things, by the rule, of what the reader may see. Raises BadInput as `tabulate` does.
    """
    table = tabulate(hand, what, weeks(last, many), kind=kind, rule=rule)
    judged = tuple(row for row in table.rows if any(cell.state != "not_visited" for cell in row.cells))
    if not judged:
        return Watched(table, (), None, "", budget)
    # The arrays behind it are heavy to read in, and most pages have no use for them.
    import numpy as np

    from fairwitness.analyse.numbers.pool import detect_panel, least_past

    counts = np.array([[_counted(row, at) for row in judged] for at in range(len(table.windows))], dtype=np.float64)
    # Before the mission's first look nothing was usual or unusual: those weeks are no past.
    begun = int(np.argmax(np.isfinite(counts).any(axis=1)))
    try:
        watch = detect_panel(
            counts[begun:], budget=budget, frequency=YEAR, start=max(least_past(YEAR) + 1, len(counts) - begun - judge + 1),
            names=[str(row.place) for row in judged], cap=CAP,
        )  # fmt: skip
    except BadInput as no:
        return Watched(table, judged, None, " ".join(str(fault.sentence) for fault in no.faults) or str(no), budget)
    return Watched(table, judged, _moved(watch, begun), "", budget)


def _counted(row: Row, at: int) -> float:
    cell = row.cells[at]
    return float("nan") if cell.state == "not_visited" else float(cell.things)


def _moved(watch: Watch, by: int) -> Watch:
    """The same judgement with its weeks numbered as the table numbers them."""
    if not by:
        return watch
    points = tuple(tuple(replace(point, t=point.t + by) for point in own) for own in watch.points)
    alarms = tuple(replace(alarm, point=replace(alarm.point, t=alarm.point.t + by)) for alarm in watch.alarms)
    return replace(watch, points=points, weeks=tuple(replace(week, t=week.t + by) for week in watch.weeks), alarms=alarms)


def week_of(day: date) -> date:
    """The Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())
