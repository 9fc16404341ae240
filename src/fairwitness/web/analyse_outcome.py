"""What came of an alarm: written down by a person, shown beside the alarm, and counted, so that the mission sees what its alarms are worth.

The rule it guards: no percentage is made of fewer than ten; a correction has its reason and the earlier words stay; the figures are
computed and never typed; a warning's code is shown to who may see the warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.analyse.judge_alarm import Asked, Realised, ask_alarm, judge_alarm, not_judged, realised
from fairwitness.analyse.models import ALARM_OUTCOMES, AlarmOutcome
from fairwitness.analyse.tabulate import WHAT
from fairwitness.analyse.watch_weeks import Watched
from fairwitness.errors import NotThere
from fairwitness.mission.access import require, visible
from fairwitness.mission.name_places import name_of
from fairwitness.record.hand import Hand
from fairwitness.record.look_back import history
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import FEWEST
from fairwitness.warn.models import Warning
from fairwitness.web.analyse_forms import WHAT_WORDS, OutcomeForm
from fairwitness.web.ask import page, sent, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.history import moment as moment_of
from fairwitness.web.place_page import open_place
from fairwitness.web.verify_fields import told_changes

FIELDS = ("outcome", "words", "warning", "base", "why")


def address_of_outcome(place: UUID, found: Watched, asked: Mapping[str, Any]) -> str:
    """The page on which somebody writes down what came of a place's alarm in the last of these weeks."""
    query = urlencode({"what": asked["what"], "kind": asked["kind"].strip()})
    return reverse("web:alarm_outcome", args=[place, found.table.windows[-1].label]) + f"?{query}"


def outcome_words(outcome: AlarmOutcome, hand: Hand) -> dict[str, Any]:
    """What came of an alarm, as it stands beside it. The warning is named to who may see it."""
    warning = visible(hand, Warning.objects.filter(code=outcome.warning_code)).first() if outcome.warning_code else None
    return {
        "label": _(outcome.get_outcome_display()), "words": outcome.words, "judged": outcome.judged,
        "code": warning.code if warning else "", "url": reverse("web:warning", args=[warning.code]) if warning else "",
    }  # fmt: skip


def precision_words(found: Watched, hand: Hand, monday: date) -> list[str]:
    """The realised precision in sentences, and how many alarms nobody has judged."""
    said = [said_of(realised(hand, found.table.what, monday, kind=found.table.kind))]
    waiting = not_judged(found, hand)
    if waiting:
        said.append(ngettext(
            "Of those raised in these weeks %(n)d is not judged yet.", "Of those raised in these weeks %(n)d are not judged yet.", waiting
        ) % {"n": waiting})  # fmt: skip
    return said


def said_of(came: Realised) -> str:
    """How many of the alarms judged were something."""
    if not came.judged:
        return _("No alarm of the year up to this week has been judged.")
    first = ngettext(
        "Of the %(n)d alarm judged in the year up to this week %(real)d led to a warning or was explained by something real",
        "Of the %(n)d alarms judged in the year up to this week %(real)d led to a warning or were explained by something real", came.judged,
    ) % {"n": came.judged, "real": came.real}  # fmt: skip
    if came.judged < FEWEST:
        return _("%(sentence)s; too few to give a share.") % {"sentence": first}
    return _("%(sentence)s: %(share)d %%.") % {"sentence": first, "share": (200 * came.real + came.judged) // (2 * came.judged)}


@door(Verb.ALARM_JUDGE, "GET", "POST")
def judge(request: StaffRequest, place_id: UUID, day: str) -> HttpResponse:
    """Write down what came of an alarm, or correct what was written."""
    alarm = _open(request, place_id, day)
    standing = alarm.outcome
    first = {name: getattr(standing, name) for name in ("outcome", "words")} if standing else {"outcome": ""}
    if standing:
        require(request.hand, Verb.ALARM_JUDGE, standing)
        first |= {"warning": outcome_words(standing, request.hand)["code"], "base": standing.entry}
    form = OutcomeForm(sent(request), hand=request.hand, initial=first)
    if standing is None:
        del form.fields["why"]
    if request.method == "POST" and form.is_valid():
        with told(form):
            said = told_changes(form, [name for name in FIELDS if name in form.fields])
            made = judge_alarm(alarm, **said, thing_id=form.new_id(), by=request.hand)
            return redirect(_week(made))
    return page(request, "web/analyse/outcome.html", {"form": form, **_context(request, alarm)})


def _open(request: StaffRequest, place_id: UUID, day: str) -> Asked:
    what, kind = request.GET.get("what", "observations"), request.GET.get("kind", "").strip()
    try:
        week = date.fromisoformat(day)
    except ValueError:
        raise NotThere() from None
    if what not in WHAT or len(kind) > 40 or "\x00" in kind:
        raise NotThere()
    return ask_alarm(open_place(str(place_id)), week, what=what, kind=kind, by=request.hand)


def _week(made: AlarmOutcome) -> str:
    return reverse("web:week") + f"?{urlencode({'what': made.what, 'kind': made.kind, 'week': f'{made.week:%d.%m.%Y}'})}"


def _context(request: StaffRequest, alarm: Asked) -> dict[str, Any]:
    outcome, point = alarm.outcome, alarm.point
    stood = {"observed": outcome.observed, "expected": f"{outcome.expected:.1f}"} if outcome else {}
    chance = f"{float(f'{outcome.p:.1e}'):.15f}".rstrip("0") if outcome else ""
    now = {"observed": point.observed, "expected": f"{point.expected:.1f}"} if point is not None else {}
    return {
        "verb_now": "analyse", "place_name": name_of(alarm.place), "monday": alarm.week, "sunday": alarm.week + timedelta(days=6),
        "what": WHAT_WORDS[alarm.what], "kind": alarm.kind, "outcome": outcome, "stood": stood, "chance": chance,
        "now": now if now != stood else {},
        "earlier": _earlier(outcome) if outcome else [], "marking": outcome.marking() if outcome else "",
        "entries": lines([outcome.pk], request.hand) if outcome else [],
        "back": reverse("web:week") + f"?{urlencode({'what': alarm.what, 'kind': alarm.kind, 'week': f'{alarm.week:%d.%m.%Y}'})}",
    }  # fmt: skip


def _earlier(outcome: AlarmOutcome) -> list[dict[str, Any]]:
    """What was written down before, newest first, each with the reason for which it was corrected."""
    words = dict(ALARM_OUTCOMES)
    told = [line for line in history([outcome.pk]) if line.row is not None]
    return [
        {
            "label": _(words.get(str((before.row or {}).get("outcome")), "")), "words": str((before.row or {}).get("words", "")),
            "day": date_format(when) if (when := moment_of(before.recorded)) else "", "why": after.why,
        }
        for after, before in pairwise(told)
    ]  # fmt: skip


urls = [path("analyse/week/<uuid:place_id>/<str:day>/outcome/", judge, name="alarm_outcome")]
