"""Age: which asks are open, for how long, by how much they are late, who was last spoken to, what comes next.

The rule it guards: an ask does not vanish by growing old. It leaves this list when the mission saw it done, when a later
edition stands in for it, or when events overtook it; never because nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Prefetch, QuerySet

from fairwitness.mission.access import visible
from fairwitness.mission.tell_time import today
from fairwitness.monitor.models import Activity
from fairwitness.recommend.follow import CLOSED, newest, not_assessed_since
from fairwitness.recommend.models import Lineage, Rating, Recommendation, Reply
from fairwitness.record.hand import Hand


@dataclass(frozen=True, slots=True)
class Aged:
    """One open recommendation with its age in days, the days past its date (0: not late), and what is known of its course."""

    recommendation: Recommendation
    age: int
    since: date
    late: int
    last_contact: date | None
    next_step: str
    reason: str
    mission: Rating | None
    authority: Rating | None
    not_assessed_since: date | None

    @property
    def years(self) -> int:
        """Its age in whole years, once there are two of them; 0 while days say more."""
        return self.age // 365 if self.age >= 730 else 0


def with_ratings(rows: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """The rows with everything a list of them shows, in four queries whatever their number."""
    return rows.select_related("addressee__successor", "report", "finding").prefetch_related(
        Prefetch("ratings", Rating.objects.order_by("-rated", "-id")), Prefetch("replies", Reply.objects.order_by("-received", "-id"))
    )


def open_ones(*, by: Hand, **narrow: Any) -> list[Recommendation]:
    """Issued recommendations that are not closed, as far as the hand may see."""
    rows = list(with_ratings(visible(by, Recommendation.objects.filter(state=Recommendation.ISSUED, **narrow))))
    gone = set(Lineage.objects.filter(earlier__in=rows, later__state=Recommendation.ISSUED).values_list("earlier_id", flat=True))
    return [one for one in rows if one.pk not in gone and not closed(one)]


def closed(recommendation: Recommendation) -> bool:
    """Whether the mission saw it done or overtaken. The authority's own rating closes nothing."""
    last = newest(recommendation.ratings.all(), "mission")
    return last is not None and last.status in CLOSED


def ageing(*, by: Hand, on: date | None = None, **narrow: Any) -> list[Aged]:
    """Open recommendations: critical ones first, then by days past their date, then by age."""
    day = on or today()
    rows = open_ones(by=by, **narrow)
    since = _first_asked(rows)
    spoken = _spoken({one.addressee_id for one in rows if one.addressee_id}, by)
    aged = [age_of(one, day, since.get(one.pk), spoken.get(one.addressee_id) if one.addressee_id else None) for one in rows]
    return sorted(aged, key=lambda a: (not a.recommendation.critical, -a.late, -a.age, a.recommendation.code))


def age_of(one: Recommendation, day: date, first: date | None = None, met: date | None = None) -> Aged:
    """The age of one recommendation on a day. `met`: when the addressee was last met."""
    since = first or one.issued or day
    contacts = [reply.received for reply in one.replies.all()] + [r.rated for r in one.ratings.all() if r.assessor == "authority"]
    contacts += [met] if met else []
    late = max(0, (day - one.due).days) if one.due else 0
    return Aged(
        one, (day - since).days, since, late, max(contacts, default=None), one.next_step or _next(one, late), one.late_reason,
        newest(one.ratings.all(), "mission"), newest(one.ratings.all(), "authority"), not_assessed_since(one),
    )  # fmt: skip


def _next(one: Recommendation, late: int) -> str:
    """What comes next when nobody wrote it down."""
    mission, authority = newest(one.ratings.all(), "mission"), newest(one.ratings.all(), "authority")
    if not one.replies.all():
        return "Ask the addressee for a reply."
    if authority is not None and (mission is None or authority.rated > mission.rated):
        return "Look whether it is so, and rate progress."
    return "Ask for the reason of the delay." if late else "Rate progress at the next visit."


def _first_asked(rows: Iterable[Recommendation]) -> dict[UUID, date]:
    """For each, the day its oldest edition was issued. The whole lineage is read once: it is small."""
    up: dict[UUID, list[UUID]] = {}
    for later, earlier in Lineage.objects.values_list("later_id", "earlier_id"):
        up.setdefault(later, []).append(earlier)
    ids = {one for pair in up.items() for one in (pair[0], *pair[1])}
    known = Recommendation.objects.filter(pk__in=ids, issued__isnull=False).values_list("pk", "issued")
    issued = {key: day for key, day in known if day is not None}
    found: dict[UUID, date] = {}
    for row in rows:
        met, todo = {row.pk}, [row.pk]
        while todo:
            for older in up.get(todo.pop(), ()):
                if older not in met:
                    met.add(older)
                    todo.append(older)
        days = [issued[one] for one in met if one in issued] + ([row.issued] if row.issued else [])
        if days:
            found[row.pk] = min(days)
    return found


def _spoken(addressees: set[UUID], by: Hand) -> dict[UUID, date]:
    """When each institution was last met, as far as the hand may see."""
    met = visible(by, Activity.objects.filter(institution_id__in=addressees, state=Activity.DONE, started__isnull=False))
    rows: Iterable[tuple[UUID, datetime]] = met.order_by().values_list("institution_id").annotate(Max("started"))
    return {institution: last.date() for institution, last in rows}
