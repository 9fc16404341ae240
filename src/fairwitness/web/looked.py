"""Looked: on which days, and how often in each week, anybody was at a place to see; by the querysets of the lists.

A day counts when a visit was done there or a means of perception worked there. The rule it guards: a count never stands without
it, because nothing seen where nobody looked says nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.mission.access import visible
from fairwitness.monitor.models import Activity, Coverage
from fairwitness.record.hand import Hand
from fairwitness.web.narrow import Ids, there

MOST = 5_000


@dataclass(slots=True)
class Looked:
    """Visits done, by day, and the days on which somebody or something looked, of a window."""

    since: date
    until: date
    visits: Counter[date] = field(default_factory=Counter)
    days: set[date] = field(default_factory=set)

    def words(self) -> str:
        """`9 visits, somebody or something looked on 12 of 182 days`; `nobody looked in 182 days`."""
        window = (self.until - self.since).days + 1
        if not self.days:
            return ngettext("nobody looked on that day", "nobody looked in these %(n)d days", window) % {"n": window}
        gone = sum(self.visits.values())
        visits = ngettext("%(n)d visit", "%(n)d visits", gone) % {"n": gone}
        said = _("%(visits)s; somebody or something looked on %(days)d of %(all)d days")
        return said % {"visits": visits, "days": len(self.days), "all": window}

    def on(self, first: date, last: date) -> int:
        """How often anybody looked from one day to another: visits, and days on which a means worked and nobody went."""
        gone = sum(n for day, n in self.visits.items() if first <= day <= last)
        return gone + sum(1 for day in self.days if first <= day <= last and day not in self.visits)

    def last(self) -> date | None:
        """The last day anybody looked."""
        return max(self.days, default=None)


def looked(hand: Hand, ids: Ids, since: date, until: date, zone: ZoneInfo) -> Looked:
    """When anybody looked there from one day to another, as far as the reader may see it; two questions whatever was done."""
    found = Looked(since, until)
    start, end = datetime.combine(since, time.min, zone), datetime.combine(until + timedelta(days=1), time.min, zone)
    here = there(ids, "place_id")
    done = visible(hand, Activity.objects.filter(here, state=Activity.DONE, started__gte=start, started__lt=end))
    for at in done.order_by("-started").values_list("started", flat=True)[:MOST]:
        if at is not None:
            found.visits[at.astimezone(zone).date()] += 1
    found.days.update(found.visits)
    works = visible(hand, Coverage.objects.filter(here, operational=True, until__gte=start, since__lt=end))
    for begin, finish in works.order_by("-since").values_list("since", "until")[:MOST]:
        day, last = max(begin, start).astimezone(zone).date(), min(finish, end - timedelta(microseconds=1)).astimezone(zone).date()
        while day <= last:
            found.days.add(day)
            day += timedelta(days=1)
    return found
