"""Take a count as it stood on record at several moments, and say how much the newest of them will still grow.

A figure printed in May and the same figure asked for in July differ, and both were right. The rule it guards: every figure names the
moment it was recorded by; what came in later is in the later vintage alone, and a recent month says beforehand that it is not whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min, Q

from fairwitness.analyse.fetch import fetch
from fairwitness.analyse.rules import STANDARD_RULE, CountingRule
from fairwitness.analyse.tabulate import WHAT, Window, tabulate
from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.access import require
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.count import Count, add, in_words
from fairwitness.record.hand import Hand
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.count.grow import Growth

MOST = 24
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Vintage:
    """One window as it stood on record at a moment: how many things, what they add up to, and how many state no figure."""

    as_of: datetime
    window: Window
    things: int
    count: Count | None
    unstated: int

    @property
    def words(self) -> str:
        """As it is printed. Where nothing stands, the coverage of the table says whether that is a nought."""
        return "nothing on record" if not self.things else "not counted" if self.count is None else in_words(self.count)


def vintages(
    hand: Hand, what: str, window: Window, moments: Sequence[datetime], *, kind: str = "", rule: CountingRule = STANDARD_RULE,
    place: UUID | None = None, ceiling: int | None = None,
) -> list[Vintage]:  # fmt: skip
    """The count of one window (in one municipality, or in all) as it stood on record at each moment, oldest first.

    Raises BadInput for no moments, too many, one without a zone or in the future; Refused.
    """
    if not 1 <= len(moments) <= MOST:
        raise BadInput.of(Fault("moments", say("have to be 1 to {most}", most=MOST)))
    wrong = [moment for moment in moments if moment.tzinfo is None or moment > hand.at]
    if wrong:
        raise BadInput.of(Fault("moments", say("{moment} has no zone, or lies in the future", moment=wrong[0].isoformat())))
    found = []
    for moment in sorted(moments):
        table = tabulate(hand, what, [window], kind=kind, rule=rule, as_of=moment, ceiling=ceiling)
        cells = [row.cells[0] for row in table.rows if place is None or row.place == place]
        counts = [cell.count for cell in cells if cell.things and cell.count is not None]
        found.append(Vintage(moment, window, sum(cell.things for cell in cells), add(counts) if counts else None,
                             sum(cell.unstated for cell in cells)))  # fmt: skip
    return found


def still_to_come(hand: Hand, what: str, since: date, until: date, *, kind: str = "", longest: int = LONGEST) -> Growth:
    """How much the number of lines of these days (both in it) will still grow, from how late lines were recorded until now.

    Lines are counted one by one (rule C-0), of what this reader may see. Raises BadInput where too little is known of delays.
    """
    import numpy as np

    from fairwitness.analyse.numbers.count.grow import grow

    require(hand, Verb.COUNT_READ)
    if what not in WHAT:
        raise BadInput.of(Fault("what", say("is not among: {names}", names=", ".join(WHAT))))
    model, when, narrow = WHAT[what]
    zone = ZoneInfo(mission_zone())
    exact = ["precision"] if any(field.attname == "precision" for field in model._meta.concrete_fields) else []
    first = dict(Entry.objects.filter(kind=model.kind_on_record()).values_list("subject").annotate(Min("recorded")))
    pairs = []
    for row in fetch(hand, model, [when, narrow, *exact], Q(**{f"{when}__isnull": False}), None):
        if (kind and row[narrow] != kind) or row.get("precision") in ("month", "year", "unknown") or str(row["id"]) not in first:
            continue
        at = row[when].astimezone(zone).date() if isinstance(row[when], datetime) else row[when]
        pairs.append((at.toordinal(), datetime.fromisoformat(first[str(row["id"])]).astimezone(zone).date().toordinal()))
    days = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    now = hand.at.astimezone(zone).date().toordinal()
    return grow(days[:, 0], days[:, 1], since=since.toordinal(), until=until.toordinal(), now=now, longest=longest)
