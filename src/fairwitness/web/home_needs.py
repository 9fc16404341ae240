"""What needs me now: each room says in one function what waits for this person, as far as their posts reach.

    @needs(Verb.WARNING_JUDGE)
    def warnings(me: Me) -> Iterable[Need]: …

Each function makes at most three queries, reads only what the person may read, and says by when. The rule it guards: a person is
shown what they can do something about, so a function is asked only of those who hold its verb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.mission.access import may, rights, visible
from fairwitness.mission.models import Power
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.models import Activity, Assignment, Claim, Consent, Mention
from fairwitness.recommend.age import closed
from fairwitness.recommend.models import Lineage, Rating, Recommendation
from fairwitness.record.hand import Hand
from fairwitness.record.models import Entry, Job
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Clearance, Paragraph, Report
from fairwitness.warn.models import Warning, WarningResponse

SOON = timedelta(days=14)
MOST = 40


@dataclass(slots=True)
class Me:
    """Whom it is asked for: the hand, the day, the units of the posts held; and what was fetched once for several parts of the page."""

    hand: Hand
    today: date
    units: list[UUID]
    memo: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, hand: Hand, today: date) -> Me:
        """The person behind a hand, on a day."""
        return cls(hand, today, rights(hand).units())


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits: by when (None: as soon as may be), what, where, in which room, what is known of it."""

    due: date | None
    title: str
    url: str
    room: str
    note: str = ""
    weight: int = 5

    def days(self, today: date) -> int:
        """Days until it is due; below zero it is late."""
        return 0 if self.due is None else (self.due - today).days

    def when(self, today: date) -> str:
        """The words beside it."""
        days = self.days(today)
        if days < -730:
            return ngettext("%(n)d year late", "%(n)d years late", -days // 365) % {"n": -days // 365}
        if days < 0:
            return ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}
        if days < 2:
            return _("Tomorrow") if days else _("Today")
        return ngettext("In %(n)d day", "In %(n)d days", days) % {"n": days}


Asked = Callable[[Me], Iterable[Need]]
_asked: list[tuple[Verb, Asked]] = []


def needs(verb: Verb) -> Callable[[Asked], Asked]:
    """Ask this function of those who hold the verb."""

    def register(function: Asked) -> Asked:
        _asked.append((verb, function))
        return function

    return register


def all_needs(me: Me) -> list[Need]:
    """Everything that waits for this person: by date, then by weight."""
    found = [need for verb, ask in _asked if may(me.hand, verb) for need in ask(me)]
    return sorted(found, key=lambda need: (need.due or me.today, -need.weight, need.title))


def by_kind(me: Me) -> dict[str, list[Need]]:
    """The same, by the name of the function that found it: for the daily mail, which says kinds and numbers and no words."""
    return {ask.__name__: list(ask(me)) for verb, ask in _asked if may(me.hand, verb)}


def to(name: str, *key: object) -> str:
    """The address of a page; the room's list where the page is not to be had."""
    try:
        return reverse(f"web:{name}", args=[str(one) for one in key])
    except NoReverseMatch:
        return reverse("web:home")


@needs(Verb.ACTIVITY_REPORT)
def planned(me: Me) -> Iterable[Need]:
    """Activities planned by my units, of the days past, today and the week ahead."""
    until = make_aware(datetime.combine(me.today + timedelta(days=8), time.min))
    rows = Activity.objects.filter(unit_id__in=me.units, state=Activity.PLANNED, planned_from__lt=until)
    for one in visible(me.hand, rows).order_by("planned_from")[:MOST]:
        if one.planned_from is None:
            continue
        day = one.planned_from.astimezone(ZoneInfo(one.time_zone or mission_zone())).date()
        act = _("Report %(what)s as done, or say why not") if day < me.today else "%(what)s"
        title = act % {"what": one.purpose}
        yield Need(day, title, to("activity", one.code), "monitor", f"{one.get_kind_display()} {one.code}", 4)


PAGE_OF = {
    "monitor.activity": "activity", "monitor.observation": "observation", "monitor.claim": "claim", "monitor.event": "event",
    "monitor.restriction": "restriction", "monitor.coverage": "coverage",
}  # fmt: skip
"""The page of each kind of thing that is commented on and assigned."""


@needs(Verb.ASSIGNMENT_FINISH)
def assigned(me: Me) -> Iterable[Need]:
    """What colleagues asked of me, and what came back to me to be corrected."""
    rows = Assignment.objects.filter(member_id__in=[me.hand.member], done__isnull=True).select_related("given_by").order_by("due", "id")
    for one in visible(me.hand, rows)[:MOST]:
        came_back = _("%(code)s came back to you: %(task)s") if one.returned else "%(code)s: %(task)s"
        note = _("asked by %(who)s") % {"who": one.given_by.code} if one.given_by else ""
        code = _("Coverage") if one.kind == "monitor.coverage" else one.about
        yield Need(one.due, came_back % {"code": code, "task": one.task}, to(PAGE_OF[one.kind], one.about) + "#talk", "monitor", note, 7)


@needs(Verb.COMMENT_READ)
def mentioned(me: Me) -> Iterable[Need]:
    """Where a colleague named me, until I answer or say that I have read it."""
    rows = Mention.objects.filter(member_id__in=[me.hand.member], read__isnull=True).select_related("comment__author").order_by("id")
    for one in visible(me.hand, rows)[:MOST]:
        said = one.comment
        who, code = said.author.code if said.author else "", _("coverage") if said.kind == "monitor.coverage" else said.about
        title = _("%(who)s names you on %(code)s") % {"who": who or _("Somebody"), "code": code}
        yield Need(None, title, to(PAGE_OF[said.kind], said.about) + "#talk", "monitor", said.text[:140], 3)


@needs(Verb.CLAIM_TEST)
def pending(me: Me) -> Iterable[Need]:
    """Claims my units still test, by the day they set themselves."""
    rows = Claim.objects.filter(
        unit_id__in=me.units, pending_until__isnull=False, pending_until__lte=me.today + SOON, state__in=[Claim.REPORTED, Claim.ALLEGED]
    )
    for one in visible(me.hand, rows).order_by("pending_until")[:MOST]:
        title = _("Test the claim %(code)s again: %(what)s") % {"code": one.code, "what": one.headline}
        yield Need(one.pending_until, title, to("claim", one.code), "monitor", one.get_state_display(), 5)


@needs(Verb.CONSENT_GIVE)
def expiring(me: Me) -> Iterable[Need]:
    """Consent that ends soon, or ended this month, given to my units: ask again before anything is cited."""
    rows = Consent.objects.filter(
        source__unit_id__in=me.units, withdrawn__isnull=True, expires__range=(me.today - timedelta(days=30), me.today + SOON)
    )
    for one in visible(me.hand, rows).select_related("source").order_by("expires")[:MOST]:
        title = _("Ask %(code)s about consent again") % {"code": one.source.code}
        note = _("“%(use)s” ends on %(day)s") % {"use": one.get_use_display(), "day": f"{one.expires:%-d %B %Y}"}
        yield Need(one.expires, title, to("source", one.source.code), "monitor", note, 6)


@needs(Verb.REPORT_DRAFT)
def returned(me: Me) -> Iterable[Need]:
    """Drafts sent back to me."""
    for report, mine in reports(me):
        last = max(report.clearances.all(), key=lambda one: one.decided, default=None)
        if report.state == Report.DRAFT and mine and last is not None and last.decision == "returned":
            day = last.decided.date()
            yield Need(
                day,
                _("%(symbol)s came back to you") % {"symbol": report.symbol},
                to("report_page", report.slug),
                "report",
                last.note[:140],
                7,
            )


@needs(Verb.REPORT_CLEAR)
def to_clear(me: Me) -> Iterable[Need]:
    """Reports that wait for a clearer who wrote none of it."""
    for report, mine in reports(me):
        if report.state == Report.SUBMITTED and not mine and may(me.hand, Verb.REPORT_CLEAR, report):
            title = _("Clear or return %(symbol)s: %(title)s") % {"symbol": report.symbol, "title": report.title}
            yield Need(report.period_until, title, to("report_page", report.slug), "report", _("in clearance; you wrote none of it"), 8)


def reports(me: Me) -> list[tuple[Report, bool]]:
    """Drafts and reports in clearance I may read, each with whether I wrote in it. Fetched once."""
    if "reports" not in me.memo:
        rows = visible(me.hand, Report.objects.filter(state__in=[Report.DRAFT, Report.SUBMITTED]))
        found = list(rows.prefetch_related(Prefetch("clearances", Clearance.objects.order_by("decided"))).order_by("-id")[:MOST])
        parts = {str(pk): report for pk, report in Paragraph.objects.filter(report__in=found).values_list("id", "report_id")}
        parts |= {str(report.pk): report.pk for report in found}
        wrote = Entry.objects.filter(subject__in=list(parts), member=str(me.hand.member), verb__startswith="report.") if parts else []
        mine = {parts[entry.subject] for entry in wrote if entry.verb not in (Verb.REPORT_CLEAR, Verb.REPORT_RETURN)}
        me.memo["reports"] = [(report, report.pk in mine) for report in found]
    known: list[tuple[Report, bool]] = me.memo["reports"]
    return known


def open_warnings(me: Me) -> list[Warning]:
    """Warnings nobody has judged, by the end of their horizon. Fetched once."""
    if "warnings" not in me.memo:
        rows = visible(me.hand, Warning.objects.filter(outcome="").select_related("addressee"))
        answers = Prefetch("responses", WarningResponse.objects.order_by("-responded"))
        me.memo["warnings"] = list(rows.prefetch_related(answers).order_by("horizon_ends")[:MOST])
    known: list[Warning] = me.memo["warnings"]
    return known


@needs(Verb.WARNING_JUDGE)
def outcomes(me: Me) -> Iterable[Need]:
    """Warnings whose horizon has passed."""
    for one in open_warnings(me):
        if one.horizon_ends < me.today and may(me.hand, Verb.WARNING_JUDGE, one):
            title = _("Judge what came of %(code)s: %(title)s") % {"code": one.code, "title": one.title}
            yield Need(one.horizon_ends, title, to("warning", one.code), "warn", _("horizon ended; outcome due"), 6)


@needs(Verb.WARNING_ANSWER)
def unanswered(me: Me) -> Iterable[Need]:
    """Warnings whose addressee was asked to act by a day that has come."""
    for one in open_warnings(me):
        waits = one.action_due is not None and one.action_due <= me.today <= one.horizon_ends and not one.responses.all()
        if waits and may(me.hand, Verb.WARNING_ANSWER, one):
            title = _("Write down whether %(who)s answered %(code)s") % {"who": one.addressee, "code": one.code}
            yield Need(one.action_due, title, to("warning", one.code), "warn", one.action_asked, 6)


def open_recommendations(me: Me) -> list[Recommendation]:
    """Issued recommendations with a date within the quarter or past, not closed, not replaced. Fetched once."""
    if "recommendations" not in me.memo:
        replaced = Lineage.objects.filter(earlier=OuterRef("pk"), later__state=Recommendation.ISSUED)
        dated = Q(due__isnull=False, due__lte=me.today + timedelta(days=92))
        rows = visible(me.hand, Recommendation.objects.filter(dated, ~Exists(replaced), state=Recommendation.ISSUED))
        ratings = Prefetch("ratings", Rating.objects.order_by("-rated", "-id"))
        found = rows.select_related("addressee").prefetch_related(ratings).order_by("due", "code")[: MOST * 3]
        me.memo["recommendations"] = [one for one in found if not closed(one)]
    known: list[Recommendation] = me.memo["recommendations"]
    return known


@needs(Verb.RECOMMENDATION_RATE)
def to_rate(me: Me) -> Iterable[Need]:
    """Recommendations due or past due: look, and rate."""
    for one in open_recommendations(me):
        if one.due is not None and one.due <= me.today + SOON and may(me.hand, Verb.RECOMMENDATION_RATE, one):
            last = next((rating for rating in one.ratings.all() if rating.assessor == "mission"), None)
            known = _("our last rating is %(n)d days old") % {"n": (me.today - last.rated).days} if last else _("not rated by us yet")
            title = _("Rate progress on %(code)s: %(title)s") % {"code": one.code, "title": one.title}
            yield Need(one.due, title, to("recommendation", one.code), "recommend", f"{one.addressee} · {known}", 7 if one.critical else 5)


@needs(Verb.POWER_REVIEW)
def powers(me: Me) -> Iterable[Need]:
    """Extra power others took and nobody has reviewed."""
    rows = Power.objects.filter(review="")
    for one in rows.exclude(member=me.hand.member).select_related("member").order_by("since")[:MOST]:
        title = _("Review the extra power %(who)s took") % {"who": one.member.code}
        yield Need(one.until.date() + timedelta(days=7), title, to("power_review", one.pk), "record", one.reason[:140], 6)


@needs(Verb.LOG_READ)
def stuck(me: Me) -> Iterable[Need]:
    """Later work that failed five times and lies before a person."""
    count = Job.objects.filter(state=Job.PERSON).count()
    if count:
        title = ngettext("%(n)d piece of later work waits for a person", "%(n)d pieces of later work wait for a person", count) % {
            "n": count
        }
        yield Need(None, title, reverse("web:record"), "record", _("it failed five times"), 9)
