"""Foresee the weeks of a municipality: what may be reported of it in the next four, beside how often such forecasts held before.

The rule it guards: a forecast of the mission's own data is for few, of a place as a whole and of one kind of record, never of a
community or of anything that could stand for one; who looked goes on record before the figures are given; no interval is given whose
like was not measured; and a week in which nobody looked is neither a past nor an outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from fairwitness.analyse.tabulate import MOST_WINDOWS, Cell, Row, Table, newest_day, tabulate, weeks
from fairwitness.analyse.watch_weeks import week_of
from fairwitness.errors import BadInput, Fault, Refused, say
from fairwitness.mission.access import require, rights, visible, why_not
from fairwitness.mission.models import Area, Place
from fairwitness.mission.read_news import newest_seq
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.models import Activity, Coverage
from fairwitness.record.hand import Hand
from fairwitness.record.keep import note
from fairwitness.record.verbs import Verb
from fairwitness.verify.lift import MUNICIPALITY, municipality_of

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.forecast.conform import Cover
    from fairwitness.analyse.numbers.forecast.foresee_place import PlaceOutlook

KIND = "analyse.forecast"
FORESEEN = ("observations", "claims", "restrictions", "events")
"""What is forecast. Nothing narrower: a kind chosen with care is a community by another name."""
AHEAD = 4
LEAST_WEEKS = 26
"""Weeks in which somebody looked, below which a place has no habit to go by."""
LONGEST_GAP = 4
"""Weeks for which nobody may have looked at the end, or there is nothing to begin from."""
LEAST_OF_A_PEER = 6
LEAST_MEASURED = 10
"""Past forecasts below which a share that held says nothing."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The next weeks of a place. `outlook` is None where none is given, and `why` says the reason.

    `origin` is the position, in the table's windows, of the last week in which somebody looked there; `first` that of the outlook's first
    period. `recorded` and `entry` name the vintage: the moment, and the number of the newest entry of the log.
    """

    place: Place
    table: Table
    row: Row | None
    first: int
    origin: int
    outlook: PlaceOutlook | None
    why: str
    recorded: datetime
    entry: int

    def monday(self, at: int) -> date:
        """The Monday of a window by its position; also beyond the last."""
        return date.fromisoformat(self.table.windows[0].label) + timedelta(weeks=at)

    @property
    def stale(self) -> bool:
        """Whether whole weeks have passed since the last that the record reaches into."""
        return self.monday(len(self.table.windows) - 1) < _whole_week(self.recorded)

    def cover(self, level: float, lead: int) -> Cover:
        """How often intervals of this level and lead held for places like this one; there whenever there is an outlook."""
        found = _measured(self.outlook, level, lead) if self.outlook is not None else None
        if found is None:
            raise LookupError("No coverage without an outlook.")
        return found


def subject_of(place: UUID) -> UUID:
    """Under which subject the looks at this place's forecasts stand: apart from the place, whose history everybody reads."""
    return uuid5(place, "forecast")


def foresee_weeks(hand: Hand, place: Place, what: str) -> Foreseen:
    """Forecast the four weeks after the last on record, of what this reader may see; that the reader looked goes on record.

    Raises Refused; BadInput where the place is no municipality (any more) or `what` is not forecast.
    """
    ceiling = clearance(hand, place)
    if what not in FORESEEN:
        raise BadInput.of(Fault("what", say("is not forecast; choose among: {names}", names=", ".join(FORESEEN))))
    if place.kind != MUNICIPALITY:
        raise BadInput.of(Fault("place", say("A forecast is of a municipality as a whole; this place is none. Open its municipality.")))
    last = last_week(hand, what)
    if place.ended is not None and place.ended <= last:
        raise BadInput.of(Fault("place", say("This municipality ended on {day}; nothing more will be reported of it.", day=place.ended)))
    table = tabulate(hand, what, weeks(last, MOST_WINDOWS), ceiling=ceiling)
    row = next((one for one in table.rows if one.place == place.pk), None)
    first, origin, outlook, why = _outlook(table, row) if row is not None else (0, 0, None, say("Nothing is on record here."))
    found = Foreseen(place, table, row, first, origin, outlook, why, hand.at, newest_seq())
    if outlook is not None:
        content = {"place": str(place.pk), "what": what, "after": f"{found.monday(origin):%Y-%m-%d}", "weeks": AHEAD, "entry": found.entry}
        note(by=hand, verb=Verb.FORECAST_READ, kind=KIND, subject=subject_of(place.pk), content=content)
    return found


def clearance(hand: Hand, place: Place) -> int | None:
    """Up to which sensitivity this hand's forecasts of the place may count; None without a limit. Raises Refused."""
    require(hand, Verb.FORECAST_READ)
    if hand.member is None:
        return None
    held = [right for right in rights(hand).by_verb[Verb.FORECAST_READ.value] if right.place in (None, place.pk)]
    narrow = {unit for right in held for unit in right.units or ()}
    areas = list(Area.objects.filter(unit_id__in=narrow, until__isnull=True).values_list("place_id", "unit_id")) if narrow else []
    lifted = municipality_of(area for area, _ in areas)
    answering = {unit for area, unit in areas if lifted[area] == place.pk}
    reaching = [right.ceiling for right in held if right.units is None or right.units & answering]
    if not reaching:
        raise Refused(why_not(hand, Verb.FORECAST_READ), verb=Verb.FORECAST_READ.value)
    return max(reaching)


def last_week(hand: Hand, what: str) -> date:
    """The Monday of the last whole week the record reaches into: that of the newest look or thing, wherever it was."""
    zone = ZoneInfo(mission_zone())
    whole = _whole_week(hand.at)
    gone = visible(hand, Activity.objects.filter(state=Activity.DONE, started__isnull=False, started__lte=hand.at))
    worked = visible(hand, Coverage.objects.filter(operational=True, until__lte=hand.at))
    looks = [gone.order_by("-started").values_list("started", flat=True).first()]
    looks += [worked.order_by("-until").values_list("until", flat=True).first()]
    days = [newest_day(hand, what), *(look.astimezone(zone).date() for look in looks if look is not None)]
    return min(whole, max((week_of(day) for day in days if day is not None), default=whole))


def _whole_week(at: datetime) -> date:
    """The Monday of the last week that was over at a moment."""
    return week_of(at.astimezone(ZoneInfo(mission_zone())).date()) - timedelta(weeks=1)


def _outlook(table: Table, row: Row) -> tuple[int, int, PlaceOutlook | None, str]:
    """First position, origin, outlook; or why there is none."""
    seen = [at for at, cell in enumerate(row.cells) if cell.state != "not_visited"]
    if len(seen) < LEAST_WEEKS:
        return 0, 0, None, say(
            "The past is too short: somebody looked here in {weeks} weeks, and {least} are needed.", weeks=len(seen), least=LEAST_WEEKS
        )  # fmt: skip
    origin = seen[-1]
    gap = len(row.cells) - 1 - origin
    if gap > LONGEST_GAP:
        return 0, origin, None, say("Nobody looked here in the last {weeks} weeks on record; there is nothing to begin from.", weeks=gap)
    # The arrays behind it are heavy to read in, and most pages have no use for them.
    import numpy as np

    from fairwitness.analyse.numbers.forecast.foresee_place import foresee_place

    first = seen[0]
    span = slice(first, origin + 1)
    series = np.array([_counted(cell) for cell in row.cells[span]], dtype=np.float64)
    peers = [_drawn_up([_counted(cell) for cell in other.cells[span]]) for other in table.rows if other.place != row.place]
    others = np.array([one for one in peers if one is not None], dtype=np.float64).reshape(-1, len(series))
    try:
        outlook = foresee_place(series, others, range(gap + 1, gap + AHEAD + 1), step="week")
    except BadInput as no:
        return first, origin, None, no.sentence
    if any(_measured(outlook, level, lead) is None for level in outlook.levels for lead in outlook.leads):
        return first, origin, None, say("How often such forecasts held cannot be measured yet, and none is given without it.")
    return first, origin, outlook, ""


def _counted(cell: Cell) -> float:
    return float("nan") if cell.state == "not_visited" else float(cell.things)


def _drawn_up(past: list[float]) -> list[float] | None:
    """Another place's weeks, moved up until the last in which somebody looked stands at the end: what it lends is only ever older than it
    says. None where too little is known of it."""
    known = [at for at, one in enumerate(past) if one == one]
    if len(known) < LEAST_OF_A_PEER:
        return None
    short = len(past) - 1 - known[-1]
    return [float("nan")] * short + past[: len(past) - short]


def _measured(outlook: PlaceOutlook, level: float, lead: int) -> Cover | None:
    found = next((one for one in outlook.cover if (one.level, one.lead) == (level, lead)), None)
    return found if found is not None and found.of >= LEAST_MEASURED else None
