"""Judge an alarm: what came of it? A warning, something that explains it, nothing, a fault of the data; or it is not known yet.

The rule it guards: an alarm that goes on is one alarm and is judged once; the figures stay as they stood when it was first judged, computed
here and never typed; earlier words stay on record when they are corrected. So the mission sees how many of its alarms were something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from fairwitness import __version__
from fairwitness.analyse.models import ALARM_OUTCOMES, AlarmOutcome
from fairwitness.analyse.watch_weeks import CAP, YEAR, Watched, watch_weeks, week_of
from fairwitness.errors import NotThere, Stale
from fairwitness.mission.access import require, visible
from fairwitness.mission.handling import Handled, Sensitivity
from fairwitness.mission.models import Member, Place
from fairwitness.monitor.hold import holding_unit, seen
from fairwitness.monitor.number import made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.begin import require_new

METHOD = "ours"
"""Its name on the command line; docs/reference/methods/watch.md has the formulas."""
QUARTER = 13
"""Weeks judged together. A cluster that goes on for longer is told from its earlier part by nobody, so an outcome of that part holds."""
REAL = frozenset(("warning", "explained"))
JUDGED = frozenset(("warning", "explained", "nothing", "fault"))
MEANWHILE = "Somebody else wrote down what came of this alarm meanwhile. Open its page again, then correct it if need be."
SMALLEST_P = Decimal(1).scaleb(-15)


@dataclass(frozen=True, slots=True)
class Asked:
    """An alarm somebody asks about: the cluster's first week, what the reader's figures say of it, and what was written down already.

    `point` is None where the reader's figures show no such alarm any more, but an outcome of it stands.
    """

    place: Place
    week: date
    what: str
    kind: str
    found: Watched | None
    point: Any
    read_at: datetime
    outcome: AlarmOutcome | None


@dataclass(frozen=True, slots=True)
class Realised:
    """What came of the alarms of a year, as far as they were judged. `real` led to a warning or were explained."""

    judged: int
    real: int
    waiting: int


def watch_alarms(hand: Hand, what: str, monday: date, *, kind: str = "") -> Watched:
    """The weeks up to this one as alarms are judged in: the last quarter beside the weeks before it."""
    return watch_weeks(hand, what, monday, kind=kind, judge=QUARTER)


def began(found: Watched, place: UUID) -> date | None:
    """The Monday of the week in which the place's alarm of the last week was raised; None where it has none."""
    if str(place) not in {alarm.place for alarm in found.alarms}:
        return None
    points = found.points(place)
    first = next((point for point in reversed(points) if point.raised), points[-1])
    return date.fromisoformat(found.table.windows[first.t - 1].label)


def outcomes_of(found: Watched, hand: Hand) -> dict[UUID, AlarmOutcome]:
    """By place, what this reader may read of what came of the alarms of the last week."""
    if found.watch is None or not found.alarms:
        return {}
    since = {UUID(alarm.place): _since(found, UUID(alarm.place)) for alarm in found.alarms}
    last = date.fromisoformat(found.table.windows[-1].label)
    kept = AlarmOutcome.objects.filter(
        what=found.table.what, kind=found.table.kind, place__in=since, week__gte=min(since.values()), week__lte=last
    )
    standing = visible(hand, kept).order_by("week", "id")
    return {one.place_id: one for one in standing if one.week >= since[one.place_id]}


def realised(hand: Hand, what: str, last: date, *, kind: str = "") -> Realised:
    """What came of the alarms of the year up to the week of `last`, of those this reader may read of."""
    until = week_of(last)
    year = Q(week__gt=until - timedelta(weeks=YEAR), week__lte=until)
    outcomes = list(visible(hand, AlarmOutcome.objects.filter(year, what=what, kind=kind)).values_list("outcome", flat=True))
    judged = [one for one in outcomes if one in JUDGED]
    return Realised(len(judged), sum(one in REAL for one in judged), len(outcomes) - len(judged))


def not_judged(found: Watched, hand: Hand) -> int:
    """How many alarms raised in the weeks judged here have no outcome this reader may read of."""
    if found.watch is None:
        return 0
    windows = found.table.windows
    raised = {(UUID(one.place), date.fromisoformat(windows[one.point.t - 1].label)) for one in found.watch.alarms if one.state == "raised"}
    kept = AlarmOutcome.objects.filter(what=found.table.what, kind=found.table.kind, week__in={week for _, week in raised})
    return len(raised - set(visible(hand, kept.exclude(outcome="open")).values_list("place_id", "week")))


def ask_alarm(place: Place, day: date, *, what: str, by: Hand, kind: str = "") -> Asked:
    """The alarm of a municipality in the week of a day. NotThere where this reader has neither such an alarm nor an outcome of one."""
    monday = week_of(day)
    read_at = datetime.now(UTC)
    found = watch_alarms(by, what, monday, kind=kind)
    week = began(found, place.pk)
    if week is None:
        standing = visible(by, AlarmOutcome.objects.filter(place=place, week=monday, what=what, kind=kind)).first()
        if standing is None:
            raise NotThere()
        return Asked(place, monday, what, kind, None, None, read_at, standing)
    point = next(one for one in found.points(place.pk) if found.table.windows[one.t - 1].label == week.isoformat())
    return Asked(place, week, what, kind, found, point, read_at, outcomes_of(found, by).get(place.pk))


def judge_alarm(
    alarm: Asked, *, outcome: str, by: Hand, words: str = "", warning: Handled | None = None, base: UUID | None = None, why: str = "",
    thing_id: UUID | None = None,
) -> AlarmOutcome:  # fmt: skip
    """Write down what came of an alarm; or correct it with a reason (`why`), at the version its writer saw (`base`).

    `warning` is the warning that was issued, one its writer may see. Raises BadInput, Refused, Stale, NotThere.
    """
    require(by, Verb.ALARM_JUDGE)
    with writing(by):
        before = made_before(AlarmOutcome, thing_id, by)
        if before is not None:
            return before
        if alarm.outcome is not None:
            return _correct(alarm.outcome, outcome, words, warning, base, why, by)
        reading = Reading()
        said = _read(reading, outcome, words, warning, by)
        reading.done()
        made = AlarmOutcome(
            place=alarm.place, week=alarm.week, what=alarm.what, kind=alarm.kind, **said, **_figures(alarm),
            unit=holding_unit(by, Verb.ALARM_JUDGE, alarm.place),
            # The figures count what its writer could see, up to there.
            sensitivity=int(Sensitivity.RESTRICTED),
        )  # fmt: skip
        require_new(by, Verb.ALARM_JUDGE, made)
        made.pk = thing_id or made.pk
        try:
            made.keep(by=by, verb=Verb.ALARM_JUDGE)
        except IntegrityError:
            raise Stale(MEANWHILE) from None
        return made


def _correct(
    standing: AlarmOutcome, outcome: str, words: str, warning: Handled | None, base: UUID | None, why: str, by: Hand
) -> AlarmOutcome:
    seen(by, standing)
    require(by, Verb.ALARM_JUDGE, standing)
    now: AlarmOutcome = AlarmOutcome.objects.get(pk=standing.pk)
    reading = Reading()
    for name, value in _read(reading, outcome, words, warning, by).items():
        setattr(now, name, value)
    if base is None:
        # Whoever corrects has the earlier words before them; this form was opened before there were any.
        reading.done()
        raise Stale(MEANWHILE, mine=now)
    why = reading.why(why)
    reading.done()
    now.entry = base
    now.keep(by=by, verb=Verb.ALARM_JUDGE, why=why)
    return now


def _read(reading: Reading, outcome: str, words: str, warning: Handled | None, by: Hand) -> dict[str, Any]:
    """The outcome, its words and the code of the warning, as they go together; and who says so, now."""
    author = Member.objects.filter(pk=by.member).first() if by.member else None
    if author is None:
        reading.fault("judged_by", "is nobody; sign in as the member who judges")
    chosen = reading.one_of("outcome", outcome, dict(ALARM_OUTCOMES))
    said = reading.text("words", words, 20_000, needed=outcome != "open")
    if warning is not None:
        seen(by, warning)
    if warning is None and outcome == "warning":
        reading.fault("warning", "is empty; give the code of the warning that was issued, or choose another outcome")
    if warning is not None and outcome != "warning":
        reading.fault("warning", "is given, but the outcome is another one; choose “a warning was issued”, or leave it empty")
    if warning is not None and warning._meta.label_lower != "warn.warning":
        reading.fault("warning", "is no warning; give the code of one")
    code = getattr(warning, "code", "")
    return {"outcome": chosen, "words": said, "warning_code": code, "judged_by": author, "judged": datetime.now(UTC)}


def _figures(alarm: Asked) -> dict[str, Any]:
    """The figures as they stand now, with all that is needed to compute them again."""
    found, point = alarm.found, alarm.point
    if found is None or point is None or point.observed is None or point.p is None:
        raise NotThere()
    table = found.table
    return {
        "method": METHOD, "observed": point.observed, "expected": _figure(point.expected, 4),
        "p": max(_figure(point.p, 15), SMALLEST_P), "budget": _figure(found.budget, 4), "read_at": alarm.read_at,
        "code_version": __version__,
        "parameters": {
            "frequency": str(YEAR), "cap": str(CAP), "weeks": str(len(table.windows)), "judged_weeks": str(QUARTER),
            "last_week": table.windows[-1].label, "places": str(len(found.judged)), "rule": str(table.rule),
            "together": str(point.together), "expected_together": str(_figure(point.expected_together, 4)),
        },
    }  # fmt: skip


def _figure(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")


def _since(found: Watched, place: UUID) -> date:
    """From which week on an outcome belongs to the alarm of the last week."""
    week = began(found, place)
    assert week is not None
    first = found.points(place)[0].t
    if week.isoformat() == found.table.windows[first - 1].label:
        # It may have begun before the weeks that are judged here.
        return week - timedelta(weeks=QUARTER)
    return week
