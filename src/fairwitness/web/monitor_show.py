"""Pages of monitoring: an observation, a claim, an event, an activity, a restriction; lists of activities and of what waits.

What we perceived and what we were told stand apart on every page. The rule it guards: the words of a claim are printed
only for those who may have them, and where a key was destroyed the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.analyse.assess import ratings_of
from fairwitness.analyse.link import suggest
from fairwitness.mission.access import may, open_one, sees, visible
from fairwitness.mission.name_places import name_of, names_of
from fairwitness.mission.tell_time import today
from fairwitness.monitor.claim import pending, words_of
from fairwitness.monitor.happen import events_of, figures
from fairwitness.monitor.models import Activity, ActivityMember, Claim, Coverage, Event, Observation, Restriction
from fairwitness.monitor.observe import KINDS
from fairwitness.monitor.source import may_know
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import CheckEvidence
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import lines
from fairwitness.web.lists_along import list_along
from fairwitness.web.monitor_rests import resting
from fairwitness.web.monitor_talk import talk_of
from fairwitness.web.monitor_visits import VisitsAsk, who_went
from fairwitness.web.monitor_words import (
    TAGS,
    attachments_of,
    consent_of,
    count_words,
    labels,
    moment,
    rows,
    state_of,
    state_word,
    told_at,
    when,
    where_drawn,
)  # fmt: skip
from fairwitness.web.narrow import narrowed
from fairwitness.web.show_map import sector_map
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.timeline import event_timeline
from fairwitness.web.verify_words import paged

FULL = ("place", "unit", "activity")


def _frame(thing: Any, request: StaffRequest, kind: str, edit: Verb, also: Iterable[UUID] = ()) -> dict[str, Any]:
    """What every page of a thing begins and ends with; its history tells of the things in `also` too."""
    return {
        "may_edit": may(request.hand, edit, thing), "more_url": reverse("web:versions", args=[kind, thing.code]),
        "talk": talk_of(request, kind, thing),
        "verb_now": "monitor", "thing": thing, "marking": thing.marking(), "tag": TAGS[thing.sensitivity],
        "place_name": name_of(thing.place), "entries": lines([thing.id, *also], request.hand),
    }  # fmt: skip


def _told(claims: list[Claim], request: StaffRequest) -> list[dict[str, Any]]:
    return [
        {"claim": claim, "words": words_of(claim, request.hand), "state": state_of(claim), "grade": next(iter(ratings_of(claim)), None),
         "told": told_at(claim), "source_url": _source_url(claim, request), "quoted": _quoted(claim, request)}
        for claim in claims
    ]  # fmt: skip


def _source_url(claim: Claim, request: StaffRequest) -> str:
    return reverse("web:source", args=[claim.source.code]) if sees(request.hand, claim.source) else ""


def _quoted(claim: Claim, request: StaffRequest) -> str:
    """Where the words were published; the address itself only for those who may know who the source is."""
    if not claim.quoted_from:
        return ""
    return claim.quoted_from if may_know(request.hand, claim.source) else _("its own public address")


def _rated(thing: Observation | Claim, request: StaffRequest, kind: str) -> dict[str, Any]:
    """Ratings, where to make one, and what rests on the thing."""
    ratings = list(ratings_of(thing))
    link = reverse(f"web:assess_{kind}", args=[thing.code]) if may(request.hand, Verb.ASSESSMENT_MAKE, thing) else ""
    return {"ratings": ratings, "rate_url": link, "touched": resting([thing], request.hand), "rating_ids": [one.id for one in ratings]}


def _evidence(request: StaffRequest, **of: Any) -> list[Any]:
    return list(visible(request.hand, CheckEvidence.objects.filter(undone=False, **of)).select_related("check_of__obligation")[:20])


@door(Verb.OBSERVATION_READ)
def show_observation(request: StaffRequest, code: str) -> HttpResponse:
    """One observation: what we perceived, what we were told of it, how sure we are, where, and what rests on it."""
    thing = open_one(request.hand, Observation.objects.select_related(*FULL), code=code)
    events = list(events_of(thing, request.hand))
    tied = visible(request.hand, Claim.objects.filter(links__event__in=events, links__undone=False))
    claims = list(tied.select_related("source", "place").distinct()[:10])
    files = attachments_of(thing, request.hand)
    pictures = visible(request.hand, thing.attachments.all()).values_list("id", flat=True)
    context = {
        **(rated := _rated(thing, request, "observation")),
        **_frame(thing, request, "observations", Verb.OBSERVATION_EDIT, also=[*rated["rating_ids"], *pictures]),
        "state": state_of(thing), "word": state_word(thing, len(files)), "when": when(thing),
        "count": count_words(thing),
        "means": labels("means").get(thing.means, thing.means), "kind": labels(*KINDS).get(thing.kind, thing.kind),
        "files": files, "told": _told(claims, request), "events": events,
        "suggested": suggest(thing, request.hand)[:3], "drawn": where_drawn(thing, name_of(thing.place)),
        "map": sector_map(thing, name_of(thing.place)),
        "once": uuid7(), "checks": _evidence(request, observation=thing),
        "consents": _consents(claims, request),
        "may_link": may(request.hand, Verb.EVENT_LINK), "may_open_event": may(request.hand, Verb.EVENT_OPEN),
        "may_attach": may(request.hand, Verb.ATTACHMENT_ADD, thing),
        "may_read_files": may(request.hand, Verb.ATTACHMENT_READ, thing),
    }  # fmt: skip
    return page(request, "web/monitor/observation.html", context)


def _consents(claims: list[Claim], request: StaffRequest) -> list[dict[str, Any]]:
    give, back = may(request.hand, Verb.CONSENT_GIVE), may(request.hand, Verb.CONSENT_WITHDRAW)
    return [consent_of(claim.source, claim, may_ask=give, may_withdraw=back) for claim in claims[:3]]


@door(Verb.OBSERVATION_READ)
def show_claim(request: StaffRequest, code: str) -> HttpResponse:
    """One claim: the words for those who may have them, the state, what came of testing it, and what the source allowed."""
    thing = open_one(request.hand, Claim.objects.select_related(*FULL, "source"), code=code)
    events = list(events_of(thing, request.hand))
    seen = Observation.objects.filter(links__event__in=events, links__undone=False).select_related("place", "unit").distinct()
    consented = thing.consents.values_list("id", flat=True)
    context = {
        **(rated := _rated(thing, request, "claim")),
        **_frame(thing, request, "claims", Verb.CLAIM_EDIT, also=[*rated["rating_ids"], *consented]),
        "state": state_of(thing), "when": when(thing), "told": told_at(thing), "source_url": _source_url(thing, request),
        "count": count_words(thing), "words": words_of(thing, request.hand), "events": events, "quoted": _quoted(thing, request),
        "seen": rows(visible(request.hand, seen)[:10]), "files": attachments_of(thing, request.hand),
        "suggested": suggest(thing, request.hand)[:3],
        "once": uuid7(), "may_quote": bool(thing.source.public_source) and may(request.hand, Verb.CLAIM_EDIT, thing),
        "consents": _consents([thing], request), "may_test": may(request.hand, Verb.CLAIM_TEST, thing),
        "may_set_aside": may(request.hand, Verb.CLAIM_EDIT, thing) and thing.pending_until is not None,
        "may_link": may(request.hand, Verb.EVENT_LINK), "may_open_event": may(request.hand, Verb.EVENT_OPEN),
        "may_attach": may(request.hand, Verb.ATTACHMENT_ADD, thing),
        "may_read_files": may(request.hand, Verb.ATTACHMENT_READ, thing), "overdue": thing.pending_until and thing.pending_until <= today(),
    }  # fmt: skip
    return page(request, "web/monitor/claim.html", context)


@door(Verb.OBSERVATION_READ)
def show_event(request: StaffRequest, code: str) -> HttpResponse:
    """One event: each source with its own figure, side by side; undone ties stay readable."""
    thing = open_one(request.hand, Event.objects.select_related("place", "unit"), code=code)
    ties = figures(thing, request.hand, undone=True)
    shown = {row["code"]: row for row in rows([tie.told for tie in ties])}
    sources: list[dict[str, Any]] = [
        {"row": shown[tie.told.code], "author": tie.author, "when": moment(tie.when), "count": str(tie.count) if tie.count else "",
         "link": tie.link}
        for tie in ties
    ]  # fmt: skip
    context = {
        **_frame(thing, request, "events", Verb.EVENT_EDIT, also=[tie.link.id for tie in ties]),
        "when": when(thing), "standing": [s for s in sources if not s["link"].undone],
        "undone": [s for s in sources if s["link"].undone], "may_unlink": may(request.hand, Verb.EVENT_UNLINK, thing),
        "may_link": may(request.hand, Verb.EVENT_LINK, thing),
    }  # fmt: skip
    return page(request, "web/monitor/event.html", context | event_timeline(request.hand, thing))


@door(Verb.OBSERVATION_READ)
def list_activities(request: StaffRequest) -> HttpResponse:
    """Activities, planned and done, newest first."""
    state = request.GET.get("state", "")
    only = narrowed(request)
    found = visible(request.hand, Activity.objects.select_related("place", "unit"))
    found = only.apply(found, "place_id", institutions=("institution_id",))
    if state in dict(Activity.STATES):
        found = found.filter(state=state)
    form = VisitsAsk(request.GET)
    found = form.apply(found)
    if asked_for(request):
        return list_along(request, "activities", found.order_by("-id"), hand=request.hand)
    context = paged(request, found.order_by("-id")) | {"take_along": ways(request, request.hand)}
    names, who = names_of({thing.place_id for thing in context["rows"]}), who_went(context["rows"])
    shown = [
        {"thing": thing, "place": names.get(thing.place_id, ""), "when": moment(thing.started or thing.planned_from, thing.time_zone),
         "who": who[thing.pk]}
        for thing in context["rows"]
    ]  # fmt: skip
    context |= {"verb_now": "monitor", "form": form, "lines": shown, "state": state, "states": Activity.STATES, "only": only}
    context["may_plan"] = may(request.hand, Verb.ACTIVITY_PLAN)
    return page(request, "web/monitor/activities.html", context)


@door(Verb.OBSERVATION_READ)
def show_activity(request: StaffRequest, code: str) -> HttpResponse:
    """One activity: what was intended, what was done, the safety outcome, what was seen and told, and where we were stopped."""
    thing = open_one(request.hand, Activity.objects.select_related("place", "unit", "institution"), code=code)
    seen = visible(request.hand, Observation.objects.filter(activity=thing)).select_related("place").order_by("-listed")[:50]
    told = visible(request.hand, Claim.objects.filter(activity=thing)).select_related("place", "source").order_by("-listed")[:50]
    context = {
        **_frame(thing, request, "activities", Verb.ACTIVITY_EDIT),
        "planned": [moment(thing.planned_from, thing.time_zone), moment(thing.planned_until, thing.time_zone)],
        "lived": [moment(thing.started, thing.time_zone), moment(thing.ended, thing.time_zone)],
        "members": ActivityMember.objects.filter(activity=thing).select_related("member"), "rows": rows([*seen, *told]),
        "restrictions": visible(request.hand, Restriction.objects.filter(activity=thing)).order_by("began"),
        "coverage": visible(request.hand, Coverage.objects.filter(activity=thing)), "files": attachments_of(thing, request.hand),
        "may_report": thing.state == Activity.PLANNED and may(request.hand, Verb.ACTIVITY_REPORT, thing),
        "may_submit": may(request.hand, Verb.OBSERVATION_SUBMIT), "may_attach": may(request.hand, Verb.ATTACHMENT_ADD, thing),
        "may_read_files": may(request.hand, Verb.ATTACHMENT_READ, thing),
    }  # fmt: skip
    return page(request, "web/monitor/activity.html", context)


@door(Verb.OBSERVATION_READ)
def show_restriction(request: StaffRequest, code: str) -> HttpResponse:
    """One restriction: who stopped us, in which words, for how long by the times."""
    thing = open_one(request.hand, Restriction.objects.select_related("place", "unit", "activity"), code=code)
    context = {
        **_frame(thing, request, "restrictions", Verb.RESTRICTION_EDIT),
        "began": moment(thing.began, thing.time_zone), "ended": moment(thing.ended, thing.time_zone),
        "minutes": thing.minutes(), "contradiction": thing.contradiction(), "kind": labels("restriction").get(thing.kind, thing.kind),
    }  # fmt: skip
    return page(request, "web/monitor/restriction.html", context)


@door(Verb.OBSERVATION_READ)
def list_pending(request: StaffRequest) -> HttpResponse:
    """Claims that wait for somebody to go and look, longest overdue first."""
    overdue = request.GET.get("overdue") == "1"
    only = narrowed(request)
    waiting = only.apply(pending(request.hand, overdue=overdue), "place_id")
    waiting = waiting.select_related("place", "source").prefetch_related("attachments")
    context = paged(request, waiting)
    late = only.apply(pending(request.hand, overdue=True), "place_id").count()
    context |= {"verb_now": "monitor", "lines": rows(context["rows"]), "overdue": overdue, "late": late, "only": only}
    context["title"] = _("Waiting for a look")
    return page(request, "web/monitor/pending.html", context)


urls = [
    path("monitor/observations/<slug:code>/", show_observation, name="observation"),
    path("monitor/claims/<slug:code>/", show_claim, name="claim"),
    path("monitor/events/<slug:code>/", show_event, name="event"),
    path("monitor/activities/", list_activities, name="activities"),
    path("monitor/activities/<slug:code>/", show_activity, name="activity"),
    path("monitor/restrictions/<slug:code>/", show_restriction, name="restriction"),
    path("monitor/pending/", list_pending, name="pending"),
]
