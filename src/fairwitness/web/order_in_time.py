"""Order in time what happened, was seen, was said and was done: one line for each thing, at the time it speaks of.

The time is the thing's own, as finely as it is known; when it was put on record is said where that was another day. The rule it
guards: a time is printed no finer than it was given, what nobody dated is not put on a day, and nothing stands in the order that
the reader would not find in its list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.assist.models import Training
from fairwitness.mission.access import visible
from fairwitness.monitor.models import Activity, Claim, Event, Observation, Restriction
from fairwitness.recommend.models import Rating, Recommendation, Reply
from fairwitness.record.hand import Hand
from fairwitness.record.models import Entry
from fairwitness.verify.models import Check
from fairwitness.warn.models import Warning, WarningResponse
from fairwitness.web.monitor_words import moment, state_of, told_at, when
from fairwitness.web.narrow import Ids, there
from fairwitness.web.verify_cells import WORDS

GROUPS = {"happened": lazy("happened"), "seen": lazy("was seen"), "said": lazy("was said"), "done": lazy("was done")}
MOST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in the order: its moment, how finely that is known, its words, its page; `recorded` where it was another day."""

    group: str
    at: datetime
    precision: str
    when: str
    code: str
    title: str
    href: str
    thing: UUID
    note: str = ""
    state: str = ""
    recorded: date | None = None

    def heading(self, zone: ZoneInfo) -> str:
        """The day it stands under; the month or the year where no day is known."""
        shape = {"month": "F Y", "year": "Y"}.get(self.precision, "l j F Y")
        said = date_format(self.at.astimezone(zone), shape)
        return _("%(span)s, day not known") % {"span": said} if self.precision in ("month", "year") else said

    def on_a_day(self) -> bool:
        """Whether it is known on which day it was."""
        return self.precision not in ("month", "year")


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when is asked, in the mission's zone; both as moments and as days."""

    since: date
    until: date
    zone: ZoneInfo

    def moments(self) -> tuple[datetime, datetime]:
        """Its beginning and its end."""
        begin = datetime.combine(self.since, time.min, self.zone)
        return begin, datetime.combine(self.until + timedelta(days=1), time.min, self.zone)

    def at(self, day: date) -> datetime:
        """A day as a moment: its noon, so that no zone moves it to another."""
        return datetime.combine(day, time(12), self.zone)


Read = Callable[[Hand, Ids, Window], Iterable[Line]]


def _read(hand: Hand, things: Any, order: str, *more: str) -> Any:
    return visible(hand, things).select_related(*more).order_by(f"-{order}", "-id")[: MOST + 1]


def _page(name: str, thing: Any) -> str:
    return reverse(f"web:{name}", args=[thing.code])


def event_line(one: Event) -> Line:
    """An event as it happened."""
    return Line("happened", one.listed, one.precision, when(one), one.code, one.title, _page("event", one), one.id)


def seen_line(one: Observation) -> Line:
    """What we perceived, when it occurred."""
    return Line(
        "seen", one.listed, one.precision, when(one), one.code, one.headline, _page("observation", one), one.id, state=state_of(one)
    )


def told_line(one: Claim) -> Line:
    """What we were told, when we were told it; of which time it speaks stands beside it."""
    about = _("speaks of %(when)s") % {"when": when(one)} if one.occurred_from is not None and one.precision != "unknown" else ""
    fine = "day" if one.told_precision == "day" else "minute"
    return Line("said", one.told, fine, told_at(one), one.code, one.headline, _page("claim", one), one.id, about, state_of(one))


def done_line(one: Activity) -> Line:
    """What we did, or planned and did not do."""
    at = one.started or one.planned_from
    assert at is not None
    note = one.get_kind_display() if one.state == Activity.DONE else _("not done: %(why)s") % {"why": one.not_done_reason}
    return Line("done", at, "minute", moment(at, one.time_zone), one.code, one.purpose, _page("activity", one), one.id, note)


def stopped_line(one: Restriction) -> Line:
    """That we were stopped."""
    said = f"{one.kind}: {one.actor}"
    note = _("access refused, delayed or made conditional")
    return Line("happened", one.began, "minute", moment(one.began, one.time_zone), one.code, said, _page("restriction", one), one.id, note)


def _events(hand: Hand, ids: Ids, window: Window) -> Iterable[Line]:
    begin, end = window.moments()
    things = Event.objects.filter(there(ids, "place_id"), listed__gte=begin, listed__lt=end).exclude(_undated())
    yield from map(event_line, _read(hand, things, "listed"))
    stopped = Restriction.objects.filter(there(ids, "place_id"), began__gte=begin, began__lt=end)
    yield from map(stopped_line, _read(hand, stopped, "began"))


def _undated() -> Q:
    """Nobody knows when: `listed` is then only when it was kept, which is no time of its own."""
    return Q(precision="unknown") | Q(occurred_from__isnull=True, occurred_until__isnull=True)


def _observations(hand: Hand, ids: Ids, window: Window) -> Iterable[Line]:
    begin, end = window.moments()
    things = Observation.objects.filter(there(ids, "place_id"), listed__gte=begin, listed__lt=end).exclude(_undated())
    yield from map(seen_line, _read(hand, things, "listed"))


def _told(hand: Hand, ids: Ids, window: Window) -> Iterable[Line]:
    begin, end = window.moments()
    yield from map(told_line, _read(hand, Claim.objects.filter(there(ids, "place_id"), told__gte=begin, told__lt=end), "told"))
    days = {"received__gte": window.since, "received__lte": window.until}
    asked = there(ids, "recommendation__place_id", "recommendation__addressee__place_id")
    for reply in _read(hand, Reply.objects.filter(asked, **days), "received", "recommendation__addressee"):
        one, who = reply.recommendation, str(reply.recommendation.addressee or "")
        yield _dated(window, "said", reply.received, one.code, _quoted(who, reply.text), _page("recommendation", one), reply.id, _("reply"))
    warned = there(ids, "warning__place_id", "warning__addressee__place_id")
    answered = {"responded__gte": window.since, "responded__lte": window.until}
    for answer in _read(hand, WarningResponse.objects.filter(warned, **answered), "responded", "warning__addressee"):
        one, who = answer.warning, answer.warning.addressee.name
        note = _("response to a warning")
        yield _dated(window, "said", answer.responded, one.code, _quoted(who, answer.text), _page("warning", one), answer.id, note)


def _quoted(who: str, text: str) -> str:
    words = Truncator(" ".join(text.split())).chars(160)
    return f"{who}: “{words}”" if who else f"“{words}”"


def _dated(window: Window, group: str, on: date, code: str, title: str, href: str, thing: UUID, note: str) -> Line:
    return Line(group, window.at(on), "day", date_format(on, "DATE_FORMAT"), code, title, href, thing, note)


def _went(hand: Hand, ids: Ids, window: Window) -> Iterable[Line]:
    begin, end = window.moments()
    done = Q(state=Activity.DONE, started__gte=begin, started__lt=end)
    left = Q(state=Activity.NOT_DONE, planned_from__gte=begin, planned_from__lt=end)
    yield from map(done_line, _read(hand, Activity.objects.filter(there(ids, "place_id"), done), "started"))
    yield from map(done_line, _read(hand, Activity.objects.filter(there(ids, "place_id"), left), "planned_from"))


def _decided(hand: Hand, ids: Ids, window: Window) -> Iterable[Line]:
    begin, end = window.moments()
    checked = Check.objects.filter(there(ids, "place_id"), checked_on__gte=window.since, checked_on__lte=window.until)
    for one in _read(hand, checked, "checked_on", "obligation"):
        note = _("check: %(word)s") % {"word": WORDS[one.value]}
        yield _dated(window, "done", one.checked_on, one.code, one.obligation.title, _page("check", one), one.id, note)
    both = there(ids, "place_id", "addressee__place_id")
    for one in _read(hand, Warning.objects.filter(both, issued__gte=begin, issued__lt=end), "issued"):
        yield Line(
            "done",
            one.issued,
            "minute",
            moment(one.issued, str(window.zone)),
            one.code,
            one.title,
            _page("warning", one),
            one.id,
            _("warning issued"),
        )
    issued = {"state": Recommendation.ISSUED, "issued__gte": window.since, "issued__lte": window.until}
    for one in _read(hand, Recommendation.objects.filter(both, **issued), "issued"):
        yield _dated(window, "done", one.issued, one.code, one.title, _page("recommendation", one), one.id, _("recommendation issued"))


def _followed(hand: Hand, ids: Ids, window: Window) -> Iterable[Line]:
    asked = there(ids, "recommendation__place_id", "recommendation__addressee__place_id")
    rated = Rating.objects.filter(asked, rated__gte=window.since, rated__lte=window.until)
    for one in _read(hand, rated, "rated", "recommendation"):
        ask, note = one.recommendation, _("rated by %(who)s: %(word)s") % {
            "who": one.assessor_name or one.get_assessor_display(), "word": one.get_status_display()}  # fmt: skip
        yield _dated(window, "done", one.rated, ask.code, ask.title, _page("recommendation", ask), one.id, note)
    held = there(ids, "place_id", "institution__place_id")
    trained = Training.objects.filter(held, delivered=True, begins__gte=window.since, begins__lte=window.until)
    for one in _read(hand, trained, "begins"):
        yield _dated(window, "done", one.begins, one.code, one.title, _page("training", one), one.id, one.get_kind_display())


READS: tuple[tuple[str, Read], ...] = (
    ("happened", _events), ("seen", _observations), ("said", _told), ("done", _went), ("done", _decided), ("done", _followed),
)  # fmt: skip


def in_order(hand: Hand, ids: Ids, window: Window, groups: frozenset[str]) -> tuple[list[Line], bool]:
    """Everything of these groups there in this window, newest first, bounded; and whether there was more."""
    found = [line for group, read in READS if group in groups for line in read(hand, ids, window)]
    found.sort(key=lambda line: (line.at, str(line.thing)), reverse=True)
    return with_recorded(found[:MOST], window.zone), len(found) > MOST


def last_before(hand: Hand, ids: Ids, day: date, zone: ZoneInfo) -> date | None:
    """The day of the last thing there before a day: where to look when a window is empty."""
    end, here = datetime.combine(day, time.min, zone), there(ids, "place_id")
    moments: tuple[tuple[Any, str], ...] = (
        (Event, "listed"), (Observation, "listed"), (Claim, "told"), (Activity, "started"), (Restriction, "began"), (Warning, "issued"),
    )  # fmt: skip
    found: list[date] = []
    for model, name in moments:
        before = visible(hand, model.objects.filter(here, **{f"{name}__lt": end})).order_by(f"-{name}")
        if at := before.values_list(name, flat=True).first():
            found.append(at.astimezone(zone).date())
    checked = visible(hand, Check.objects.filter(here, checked_on__lt=day)).order_by("-checked_on")
    if on := checked.values_list("checked_on", flat=True).first():
        found.append(on)
    return max(found, default=None)


def with_recorded(found: list[Line], zone: ZoneInfo) -> list[Line]:
    """The lines, each with the day it was put on record where that is not the day it speaks of; one question for all."""
    first = Entry.objects.filter(subject__in=[str(line.thing) for line in found], prev__isnull=True)
    known = {subject: _day(recorded, zone) for subject, recorded in first.values_list("subject", "recorded")}
    return [_late(line, known.get(str(line.thing)), zone) for line in found]


def _late(line: Line, recorded: date | None, zone: ZoneInfo) -> Line:
    same = recorded is None or (line.on_a_day() and line.at.astimezone(zone).date() == recorded)
    return line if same else replace(line, recorded=recorded)


def _day(stamp: str, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(stamp.replace("Z", "+00:00")).astimezone(zone).date()


def of_event(hand: Hand, event: Event, zone: ZoneInfo) -> list[Line]:
    """One event in the order it happened: itself, what was seen and told of it, and the activities in which that was; oldest first."""
    tied = {"links__event": event, "links__undone": False}
    seen = list(visible(hand, Observation.objects.filter(**tied)).distinct()[:MOST])
    told = list(visible(hand, Claim.objects.filter(**tied)).distinct()[:MOST])
    went = {one.activity_id for one in seen} | {one.activity_id for one in told} - {None}
    done = visible(hand, Activity.objects.filter(pk__in=went, state=Activity.DONE, started__isnull=False))
    checks = Check.objects.filter(Q(evidence__observation__in=seen) | Q(evidence__claim__in=told), evidence__undone=False)
    held = visible(hand, checks.select_related("obligation")).distinct()[:MOST]
    window = Window(date.min, date.max, zone)
    lines = [event_line(event), *map(seen_line, seen), *map(told_line, told), *map(done_line, done)]
    lines += [
        _dated(window, "done", one.checked_on, one.code, one.obligation.title, _page("check", one), one.id,
               _("check: %(word)s") % {"word": WORDS[one.value]})
        for one in held
    ]  # fmt: skip
    lines.sort(key=lambda line: (line.at, str(line.thing)))
    return with_recorded(lines[:MOST], zone)
