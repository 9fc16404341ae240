"""The matrix: obligation by municipality by round, what was promised held against what was seen.

The rule it guards: five kinds of blank are five different things. Checked with a result; checked and no data to be had; visited
but this was not checked; not visited in that round at all; not there (the municipality had ended). None of
them is "not met", and none is averaged away in a total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from fairwitness.mission.access import visible
from fairwitness.mission.models import Place
from fairwitness.monitor.models import Activity, Coverage
from fairwitness.record.hand import Hand
from fairwitness.verify.lift import municipality_of
from fairwitness.verify.models import Check, Obligation, share

ROUND_RULE = (
    "A round named by a year is that year; any other round runs from its first check to its last. A place counts as visited in a round "
    "when a visit was done there, or a means of perception worked there, on a day of the round."
)
Key = tuple[UUID, UUID, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its state (a value of a check, or `not_checked`, `not_visited`, `ended`), the newest check, how many there are."""

    state: str
    check: Check | None = None
    checks: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """How many municipalities of a round stand where. `checked` is the base of every share; the rest is named beside it."""

    counts: Mapping[str, int]

    @property
    def checked(self) -> int:
        """Those with a result: met, partly or not met."""
        return sum(self.counts.get(value, 0) for value in ("met", "partly", "not_met"))

    def words(self) -> str:
        """`12 of 30 (40 %) met; 3 no data; 5 not visited`."""
        met = share(self.counts.get("met", 0), self.checked)
        said = [f"{met} met"] if met else ["none checked"]
        others = ("no_data", "not_applicable", "not_checked", "not_visited")
        said += [f"{self.counts[state]} {state.replace('_', ' ')}" for state in others if self.counts.get(state)]
        return "; ".join(said)


def rounds(hand: Hand, obligations: Iterable[Obligation]) -> list[str]:
    """The rounds of these obligations that the reader can see, in order of their first check."""
    first: dict[str, date] = {}
    checks = visible(hand, Check.objects.filter(obligation__in=list(obligations)))
    for name, day in checks.values_list("round", "checked_on"):
        first[name] = min(day, first.get(name, day))
    return sorted(first, key=lambda name: (first[name], name))


def fill(hand: Hand, obligations: Sequence[Obligation], places: Sequence[Place], names: Sequence[str]) -> dict[Key, Cell]:
    """Every cell of obligation, place and round, of what the reader may see."""
    spans = spans_of(hand, names)
    checks = _checks(hand, obligations, names)
    days = days_looked(hand, spans)
    cells: dict[Key, Cell] = {}
    for name in names:
        for place in places:
            looked = days.get((place.id, name), 0)
            for obligation in obligations:
                found = checks.get((obligation.id, place.id, name), [])
                if found:
                    cell = Cell(found[0].value, found[0], len(found), looked)
                elif name in spans and place.ended is not None and place.ended < spans[name][0]:
                    cell = Cell("ended")
                else:
                    cell = Cell("not_checked" if looked else "not_visited", days=looked)
                cells[obligation.id, place.id, name] = cell
    return cells


def summarise(cells: Iterable[Cell]) -> Summary:
    """Count the states of some cells. Nothing is averaged."""
    counts: dict[str, int] = {}
    for cell in cells:
        counts[cell.state] = counts.get(cell.state, 0) + 1
    return Summary(counts)


def _checks(hand: Hand, obligations: Sequence[Obligation], names: Sequence[str]) -> dict[Key, list[Check]]:
    asked = Check.objects.filter(obligation__in=obligations, round__in=names).order_by("-checked_on", "-id")
    found = list(visible(hand, asked))
    lifted = municipality_of({one.place_id for one in found})
    by_key: dict[Key, list[Check]] = {}
    for one in found:
        by_key.setdefault((one.obligation_id, lifted[one.place_id], one.round), []).append(one)
    return by_key


def spans_of(hand: Hand, names: Sequence[str]) -> dict[str, tuple[date, date]]:
    """First and last day of each round, by the printed rule."""
    spans: dict[str, tuple[date, date]] = {}
    for name in names:
        if len(name) == 4 and name.isascii() and name.isdigit() and int(name) > 0:
            spans[name] = date(int(name), 1, 1), date(int(name), 12, 31)
    others = [name for name in names if name not in spans]
    for name, day in visible(hand, Check.objects.filter(round__in=others)).values_list("round", "checked_on"):
        first, last = spans.get(name, (day, day))
        spans[name] = min(first, day), max(last, day)
    return spans


def days_looked(hand: Hand, spans: Mapping[str, tuple[date, date]]) -> dict[tuple[UUID, str], int]:
    """On how many days of each round somebody looked, by municipality, of what the reader may see."""
    if not spans:
        return {}
    first, last = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
    start, end = _moment(first), _moment(last + timedelta(days=1))
    done = visible(hand, Activity.objects.filter(state=Activity.DONE, started__gte=start, started__lt=end))
    works = visible(hand, Coverage.objects.filter(operational=True, until__gte=start, since__lt=end))
    looked = [(place, _day(at), _day(at)) for place, at in done.values_list("place_id", "started") if at]
    looked += [(place, _day(since), _day(until)) for place, since, until in works.values_list("place_id", "since", "until")]
    lifted = municipality_of({place for place, _, _ in looked})
    days: dict[tuple[UUID, str], set[date]] = {}
    for place, since, until in looked:
        for name, (begins, ends) in spans.items():
            day = max(since, begins)
            while day <= min(until, ends):
                days.setdefault((lifted[place], name), set()).add(day)
                day += timedelta(days=1)
    return {key: len(found) for key, found in days.items()}


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min)).astimezone(UTC)


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
