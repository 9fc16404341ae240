"""What is open at a place, for its page: cases, checks, recommendations, warnings, promises, trainings.

Each function asks a bounded number of questions, shows the few that press most, and leads to the whole list. The rule it guards:
everything goes through the querysets of the lists, so that the page shows nothing that its list would not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.assist.models import Training
from fairwitness.mission.access import visible
from fairwitness.monitor.claim import pending
from fairwitness.monitor.models import Activity, Assignment, Claim, Event, Observation, Restriction
from fairwitness.recommend.age import Aged, ageing
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand
from fairwitness.verify.models import Check, Obligation
from fairwitness.warn.models import Warning
from fairwitness.warn.score import horizon
from fairwitness.web.home_needs import PAGE_OF
from fairwitness.web.monitor_words import labels, moment
from fairwitness.web.narrow import Ids, there
from fairwitness.web.verify_cells import MARKS, WORDS

SHOWN = 8
READ = 300
"""Things of one kind that are weighed before the few that press most are shown."""
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Where:
    """For whom and where it is asked: the reader, the places, the day, the zone, and how a list is narrowed to the place."""

    hand: Hand
    ids: Ids
    today: date
    zone: str
    query: dict[str, str]

    def all(self, name: str, **more: str) -> str:
        """The whole list of a room, narrowed to this place."""
        return f"{reverse(f'web:{name}')}?{urlencode(self.query | more)}"


def row(code: str, title: str, href: str, *meta: str | tuple[str, str]) -> dict[str, Any]:
    """A line: its link, its words, and what is known of it; a pair is words and their weight (late, bad, soon, good)."""
    said = [one if isinstance(one, tuple) else (one, "") for one in meta]
    return {"code": code, "title": title, "href": href, "meta": [{"text": text, "mark": mark} for text, mark in said if text]}


def day(on: date | None) -> str:
    """A day as pages print it."""
    return date_format(on, "DATE_FORMAT") if on else ""


def weight(value: str) -> str:
    """The weight of a check's result: what is not met is grave, and not late."""
    mark = MARKS.get(value, "")
    return "bad" if mark == "late" else mark


def late_words(due: date | None, today: date) -> tuple[str, str] | str:
    """How late something is, or when it is due."""
    if due is None:
        return _("no date")
    if due < today:
        n = (today - due).days
        return ngettext("%(n)d day late", "%(n)d days late", n) % {"n": n}, "late"
    said = _("due %(day)s") % {"day": day(due)}
    return (said, "soon") if due <= today + timedelta(days=14) else said


def section(
    key: str, title: str, rows: Rows, *, show: int = SHOWN, count: int | None = None, more: str = "", empty: str = "", note: str = ""
) -> dict[str, Any]:
    """A part of the page: the first of the rows that were weighed. `count` is how many there are in all, `more` the whole list."""
    late = sum(1 for line in rows if any(said["mark"] == "late" for said in line["meta"]))
    count = len(rows) if count is None else count
    return {"key": key, "title": title, "rows": rows[:show], "count": count, "late": late, "more": more, "empty": empty, "note": note}


def late_first(weighed: list[tuple[date, dict[str, Any]]]) -> Rows:
    """The lines by date, oldest first."""
    return [line for _due, line in sorted(weighed, key=lambda pair: pair[0])]


def cases(at: Where) -> dict[str, Any]:
    """Claims that wait for a look, ways still closed to us, what was planned and not reported, what colleagues ask of each other."""
    weighed: list[tuple[date, dict[str, Any]]] = []
    waiting = pending(at.hand).filter(there(at.ids, "place_id"))
    for one in waiting[:READ]:
        link, due = reverse("web:claim", args=[one.code]), one.pending_until or at.today
        weighed.append((due, row(one.code, one.headline, link, _("to be tested"), late_words(due, at.today))))
    weighed += [*_closed_ways(at), *_planned(at), *_asked(at)]
    empty = _("Nothing is open that you may see.")
    return section("cases", _("Open cases"), late_first(weighed), show=SHOWN + 4, more=at.all("pending"), empty=empty)


def _closed_ways(at: Where) -> list[tuple[date, dict[str, Any]]]:
    found = visible(at.hand, Restriction.objects.filter(there(at.ids, "place_id"), ended__isnull=True)).order_by("-began")[:READ]
    words = labels("restriction")
    return [
        (one.began.date(), row(one.code, f"{words.get(one.kind, one.kind)}: {one.actor}", reverse("web:restriction", args=[one.code]),
                               (_("access still restricted, since %(at)s") % {"at": moment(one.began, one.time_zone)}, "late")))
        for one in found
    ]  # fmt: skip


def _planned(at: Where) -> list[tuple[date, dict[str, Any]]]:
    ahead = Q(state=Activity.PLANNED, planned_from__isnull=False)
    found = visible(at.hand, Activity.objects.filter(there(at.ids, "place_id"), ahead)).order_by("planned_from")[:READ]
    made = []
    for one in found:
        if one.planned_from is None:
            continue
        on = one.planned_from.astimezone(ZoneInfo(one.time_zone or at.zone)).date()
        said: Any = (_("planned; not reported yet"), "late") if on < at.today else _("planned for %(at)s") % {"at": day(on)}
        made.append((on, row(one.code, one.purpose, reverse("web:activity", args=[one.code]), one.get_kind_display(), said)))
    return made


def _asked(at: Where) -> list[tuple[date, dict[str, Any]]]:
    """What members ask of each other about things there: a promise among ourselves."""
    open_ones = list(visible(at.hand, Assignment.objects.filter(done__isnull=True)).select_related("member").order_by("due", "-id")[:READ])
    here: set[UUID] = set()
    for model in (Observation, Claim, Event, Activity, Restriction):
        ids = [one.target for one in open_ones if one.kind == model.kind_on_record()]
        if ids:
            here.update(visible(at.hand, model.objects.filter(there(at.ids, "place_id"), pk__in=ids)).values_list("pk", flat=True))
    return [
        (one.due or at.today, row(one.about, one.task, reverse(f"web:{PAGE_OF[one.kind]}", args=[one.about]) + "#talk",
                                  _("asked of %(who)s") % {"who": one.member.code}, late_words(one.due, at.today)))
        for one in open_ones if one.target in here
    ]  # fmt: skip


def events(at: Where) -> dict[str, Any]:
    """What happened there lately, as far as somebody tied its sources together."""
    found = visible(at.hand, Event.objects.filter(there(at.ids, "place_id"))).order_by("-listed", "-id")
    rows = [row(one.code, one.title, reverse("web:event", args=[one.code]), day(one.listed.date())) for one in found[:SHOWN]]
    return section("events", _("Events"), rows, count=_count(found), empty=_("No event is held together there that you may see."))


def _count(found: Any) -> int:
    """How many there are, up to a bound; a page says the bound with a plus."""
    return len(found.order_by().values_list("pk", flat=True)[: READ + 1])


def warnings(at: Where) -> dict[str, Any]:
    """Warnings that stand: nobody has judged what came of them."""
    found = visible(at.hand, Warning.objects.filter(there(at.ids, "place_id", "addressee__place_id"), outcome=""))
    rows = []
    for one in found.select_related("addressee").prefetch_related("responses").order_by("horizon_ends", "code")[:READ]:
        seen, last = horizon(one, at.today, at.zone), max(one.responses.all(), key=lambda r: r.responded, default=None)
        said = ngettext("%(n)d day left", "%(n)d days left", seen.left) % {"n": seen.left}
        left: Any = (_("horizon ended; outcome due"), "late") if seen.due else said
        answer: Any = f"{last.get_kind_display()}, {day(last.responded)}" if last else (_("no response yet"), "soon")
        rows.append(row(one.code, one.title, reverse("web:warning", args=[one.code]), one.addressee.name, left, answer))
    return section(
        "warnings",
        _("Warnings standing"),
        rows,
        count=_count(found),
        more=at.all("warn"),
        empty=_("No warning stands there that you may see."),
    )


def recommendations(at: Where) -> tuple[dict[str, Any], list[Aged]]:
    """Open recommendations there: late and critical ones first. Also all of them, for the promises that were made about them."""
    here = there(at.ids, "place_id", "addressee__place_id")
    few = visible(at.hand, Recommendation.objects.filter(here, state=Recommendation.ISSUED)).order_by("-id")
    aged = ageing(by=at.hand, on=at.today, pk__in=list(few.values_list("pk", flat=True)[:READ]))
    rows = [asked(one, at.today) for one in aged]
    late = sum(1 for one in aged if one.late)
    due = sum(1 for one in aged if not one.late and one.recommendation.due and one.recommendation.due <= at.today + timedelta(days=92))
    note = _("%(late)d late, %(due)d due within three months") % {"late": late, "due": due} if aged else ""
    return section("asks", _("Recommendations open"), rows, count=len(aged), more=at.all("recommend"), note=note,
                   empty=_("No recommendation is open there that you may see.")), aged  # fmt: skip


def asked(one: Aged, today: date) -> dict[str, Any]:
    """A recommendation as a line: whom it asks, by when, both sides' ratings."""
    ask = one.recommendation
    critical: Any = (_("critical"), "bad") if ask.critical else ""
    mission = _("mission: %(word)s") % {"word": _rated(one.mission, _("not assessed"))}
    authority = _("authority: %(word)s") % {"word": _rated(one.authority, _("no reply yet"))}
    whom = ask.addressee.name if ask.addressee else _("no addressee named")
    return row(ask.code, ask.title, reverse("web:recommendation", args=[ask.code]), critical, whom, late_words(ask.due, today), mission,
               authority)  # fmt: skip


def _rated(rating: Any, none: str) -> str:
    return f"{rating.get_status_display()}, {day(rating.rated)}" if rating else none


def checks(at: Where) -> dict[str, Any]:
    """Obligations that were checked there, each with the newest check, those not met first; and those due that nobody has checked."""
    found = visible(at.hand, Check.objects.filter(there(at.ids, "place_id")))
    newest: dict[Any, Check] = {}
    for check in found.select_related("obligation").order_by("-checked_on", "-id")[:READ]:
        newest.setdefault(check.obligation_id, check)
    order = {"not_met": 0, "partly": 1, "no_data": 2, "met": 3, "not_applicable": 4}
    ranked = sorted(newest.values(), key=lambda c: (order[c.value], -c.checked_on.toordinal()))
    rows = [
        row(one.code, one.obligation.title, reverse("web:check", args=[one.code]), (str(WORDS[one.value]), weight(one.value)),
            one.round, day(one.checked_on), f"{one.share()} {one.of_what}".strip() if one.share() else "")
        for one in ranked[:SHOWN]
    ]  # fmt: skip
    rows += _due(at, set(newest))
    note = _("newest check of each obligation; an obligation nobody checked there is not “not met”")
    return section("checks", _("Checks by obligation"), rows, show=SHOWN + 4, count=len(newest), more=at.all("verify"), note=note,
                   empty=_("Nothing was checked there that you may see."))  # fmt: skip


def _due(at: Where, checked: set[Any]) -> Rows:
    """What institutions there owe by a day, under which text, and nobody has checked."""
    owed = Obligation.objects.filter(there(at.ids, "party__place_id"), due__isnull=False, party__isnull=False)
    owed = owed.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=at.today)).exclude(pk__in=checked)
    return [
        row(
            one.code, one.title, reverse("web:obligation", args=[one.code]), str(one.party), late_words(one.due, at.today), _("not checked")
        )
        for one in owed.select_related("party").order_by("due", "code")[:4]
    ]


def trainings(at: Where) -> dict[str, Any]:
    """Trainings, advice and projects there, newest first."""
    found = visible(at.hand, Training.objects.filter(there(at.ids, "place_id", "institution__place_id")))
    rows = [held(one) for one in found.select_related("institution").order_by("-begins", "-id")[:SHOWN]]
    return section("trainings", _("Training and advice"), rows, count=_count(found), more=at.all("assist"),
                   empty=_("No training, advice or project there that you may see."))  # fmt: skip


def held(one: Training) -> dict[str, Any]:
    """A training as a line."""
    came = one.attended()
    who = _("planned") if not one.delivered else "" if came is None else ngettext("%(n)d person", "%(n)d people", came) % {"n": came}
    return row(one.code, one.title, reverse("web:training", args=[one.code]), one.get_kind_display(), one.institution.name,
               day(one.begins), who)  # fmt: skip
