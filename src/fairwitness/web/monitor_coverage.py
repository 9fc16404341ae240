"""Pages of coverage: where we could perceive, from when to when, and where a device was down.

The rule it guards: what was down is shown as down with its reason, and never passes for a quiet night.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse

from fairwitness.mission.access import may, open_one, visible
from fairwitness.mission.name_places import name_of, names_of
from fairwitness.monitor.models import Coverage
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.map_coverage import coverage_map
from fairwitness.web.monitor_talk import talk_of
from fairwitness.web.monitor_words import TAGS, labels, moment
from fairwitness.web.verify_words import paged


@door(Verb.OBSERVATION_READ)
def list_coverage(request: StaffRequest) -> HttpResponse:
    """Coverage as stated, newest window first."""
    down = request.GET.get("state") == "down"
    found = visible(request.hand, Coverage.objects.select_related("activity"))
    context = paged(request, (found.filter(operational=False) if down else found).order_by("-since", "-id"))
    names, means = names_of({one.place_id for one in context["rows"]}), labels("means")
    shown = [
        {"thing": one, "place": names.get(one.place_id, ""), "means": means.get(one.means, one.means), "since": moment(one.since),
         "until": moment(one.until)}
        for one in context["rows"]
    ]  # fmt: skip
    context |= {"verb_now": "monitor", "lines": shown, "down": down, "may_state": may(request.hand, Verb.COVERAGE_STATE)}
    context["map"] = coverage_map(request.hand, part=request.GET.get("part", "")[:80])
    return page(request, "web/monitor/coverages.html", context)


@door(Verb.OBSERVATION_READ)
def show_coverage(request: StaffRequest, code: UUID) -> HttpResponse:
    """One window of coverage."""
    thing = open_one(request.hand, Coverage.objects.select_related("unit", "place", "activity"), pk=code)
    follows = thing.activity is not None and not thing.device
    context = {
        "verb_now": "monitor", "thing": thing, "marking": thing.marking(), "tag": TAGS[thing.sensitivity],
        "place_name": name_of(thing.place),
        "means": labels("means").get(thing.means, thing.means), "since": moment(thing.since), "until": moment(thing.until),
        "talk": talk_of(request, "coverage", thing),
        "follows": follows, "may_edit": not follows and may(request.hand, Verb.COVERAGE_EDIT, thing),
        "entries": lines([thing.id], request.hand), "more_url": reverse("web:versions", args=["coverage", thing.id]),
    }  # fmt: skip
    return page(request, "web/monitor/coverage.html", context)


urls = [
    path("monitor/coverage/", list_coverage, name="coverages"),
    path("monitor/coverage/<uuid:code>/", show_coverage, name="coverage"),
]
