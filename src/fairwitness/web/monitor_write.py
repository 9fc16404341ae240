"""Writing pages of monitoring: plan and report an activity, write down what was perceived and told, test, tie and untie.

Each view reads a form and makes one call. The rule it guards: the same form sent twice makes one thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.errors import BadInput
from fairwitness.mission.access import open_one
from fairwitness.monitor.claim import set_aside, submit_claim
from fairwitness.monitor.claim import test_claim as hold_to_test
from fairwitness.monitor.cover import state_coverage
from fairwitness.monitor.happen import link_source, open_event, unlink_source
from fairwitness.monitor.models import Activity, Claim, Event, Observation, SourceLink
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.plan import plan_activity
from fairwitness.monitor.restrict import report_restriction
from fairwitness.monitor.visit import report_activity
from fairwitness.record.verbs import Verb
from fairwitness.verify.find_evidence import find_evidence
from fairwitness.web.ask import Ask, page, told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.monitor_forms import (
    ActivityForm,
    ActivityReportForm,
    CoverageForm,
    EventForm,
    LinkForm,
    ObservationForm,
    RestrictionForm,
)
from fairwitness.web.monitor_source_forms import ClaimForm, TestForm, WithdrawForm
from fairwitness.web.take_over import begin_with, for_activity, for_claim, for_observation, visit_named

FORM = "web/monitor/form.html"


def ask(request: StaffRequest, form: Ask, title: str, submit: str, **more: Any) -> HttpResponse:
    """The page of a form."""
    return page(request, FORM, {"form": form, "verb_now": "monitor", "title": title, "submit": submit, **more})


def sent(request: StaffRequest) -> Any:
    """What was sent, also when it was nothing; None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


def initial(request: StaffRequest, *names: str) -> dict[str, Any]:
    """What the address already says, such as the activity one comes from."""
    return {name: request.GET[name] for name in names if name in request.GET}


@door(Verb.ACTIVITY_PLAN, "GET", "POST")
def plan(request: StaffRequest) -> HttpResponse:
    """Plan an activity."""
    form = ActivityForm(sent(request), hand=request.hand, initial=initial(request, "place", "kind"))
    begin_with(form, for_activity(request.hand))
    if request.method == "POST" and form.is_valid():
        with told(form):
            made = plan_activity(**form.said(), thing_id=form.new_id(), by=request.hand)
            return redirect("web:activity", made.code)
    said = _("Was it done already? Enter it here all the same: the page that follows asks what became of it.")
    return ask(request, form, _("Enter a visit, or plan one"), _("Enter it"), draft="activity", said=said)


@door(Verb.ACTIVITY_REPORT, "GET", "POST")
def report(request: StaffRequest, code: str) -> HttpResponse:
    """Report what became of an activity."""
    thing = open_one(request.hand, Activity.objects.select_related("unit", "place"), code=code)
    form = ActivityReportForm(
        sent(request), hand=request.hand,
        initial={"base": thing.entry, "members": thing.members, "vehicles": thing.vehicles, "started": thing.planned_from,
                 "ended": thing.planned_until},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with told(form):
            report_activity(thing, **form.said(), base=form.cleaned_data["base"], by=request.hand)
            return redirect("web:activity", thing.code)
    return ask(request, form, _("What became of %(code)s") % {"code": thing.code}, _("Report it"), said=thing.purpose, draft="report")


@door(Verb.RESTRICTION_REPORT, "GET", "POST")
def restrict(request: StaffRequest) -> HttpResponse:
    """Report a restriction of access."""
    form = RestrictionForm(sent(request), hand=request.hand, initial=initial(request, "activity", "place"))
    if request.method == "POST" and form.is_valid():
        with told(form):
            made = report_restriction(**form.said(), thing_id=form.new_id(), by=request.hand)
            return redirect("web:restriction", made.code)
    return ask(request, form, _("Report a restriction of access"), _("Report it"), draft="restriction")


@door(Verb.COVERAGE_STATE, "GET", "POST")
def cover(request: StaffRequest) -> HttpResponse:
    """State coverage."""
    form = CoverageForm(sent(request), hand=request.hand, initial=initial(request, "place"))
    if request.method == "POST" and form.is_valid():
        with told(form):
            made = state_coverage(**form.said(), thing_id=form.new_id(), by=request.hand)
            return redirect("web:coverage", made.id)
    return ask(request, form, _("State where we could perceive, or could not"), _("State it"), draft="coverage")


@door(Verb.OBSERVATION_SUBMIT, "GET", "POST")
def observe(request: StaffRequest) -> HttpResponse:
    """Write down an observation."""
    form = ObservationForm(sent(request), hand=request.hand, initial=initial(request, "activity", "place"))
    visit = visit_named(request.hand, request.GET.get("activity", ""))
    offered, last = for_observation(request.hand, visit, request.GET.get("after", ""))
    begin_with(form, offered, visit)
    if request.method == "POST" and form.is_valid():
        with told(form):
            made = submit_observation(**form.said(), thing_id=form.new_id(), by=request.hand)
            return _go_on(request, made) if request.POST.get("then") == "next" else redirect("web:observation", made.code)
    return ask(
        request, form, _("Write down what we perceived"), _("Submit the observation"), draft="observation",
        arrived=last.id if last is not None else "", said=_of_visit(visit),
        also=_("Submit, and enter the next of this visit") if visit else _("Submit, and enter the next"),
    )  # fmt: skip


def _of_visit(visit: Activity | None) -> str:
    return f"{visit.code}, {visit.purpose}" if visit is not None else ""


def _go_on(request: StaffRequest, made: Observation) -> HttpResponse:
    """On to the next observation of the same visit, saying what was kept."""
    messages.success(request, _("Kept as %(code)s: %(headline)s") % {"code": made.code, "headline": made.headline})
    said = {"after": made.code} | ({"activity": made.activity.code} if made.activity is not None else {})
    return redirect(f"{reverse('web:observation_new')}?{urlencode(said)}")


@door(Verb.CLAIM_SUBMIT, "GET", "POST")
def claim(request: StaffRequest) -> HttpResponse:
    """Write down what somebody told us, with their consent."""
    form = ClaimForm(sent(request), hand=request.hand, initial=initial(request, "activity", "place", "source"))
    visit = visit_named(request.hand, request.GET.get("activity", ""))
    begin_with(form, for_claim(request.hand, visit), visit)
    if request.method == "POST" and form.is_valid():
        with told(form):
            said = {name: value for name, value in form.said("audience", "expires").items() if not name.startswith("use_")}
            made = submit_claim(**said, scopes=form.scopes(), thing_id=form.new_id(), by=request.hand)
            return redirect("web:claim", made.code)
    return ask(request, form, _("Write down what we were told"), _("Submit the claim"), leave=True)


@door(Verb.CLAIM_TEST, "GET", "POST")
def test(request: StaffRequest, code: str) -> HttpResponse:
    """Say what came of testing a claim."""
    thing = open_one(request.hand, Claim.objects.select_related("unit", "source"), code=code)
    form = TestForm(sent(request), hand=request.hand, initial={"base": thing.entry})
    if request.method == "POST" and form.is_valid():
        with told(form):
            hold_to_test(thing, **form.said(), base=form.cleaned_data["base"], by=request.hand)
            return redirect("web:claim", thing.code)
    return ask(request, form, _("What came of testing %(code)s") % {"code": thing.code}, _("Keep the result"), said=thing.headline)


@door(Verb.CLAIM_EDIT, "GET", "POST")
def aside(request: StaffRequest, code: str) -> HttpResponse:
    """Take a claim off the pending list, with a reason."""
    thing = open_one(request.hand, Claim.objects.select_related("unit", "source"), code=code)
    form = WithdrawForm(sent(request), hand=request.hand, initial={"base": thing.entry})
    if request.method == "POST" and form.is_valid():
        with told(form):
            set_aside(thing, why=form.cleaned_data["why"], base=form.cleaned_data["base"], by=request.hand)
            return redirect("web:claim", thing.code)
    return ask(request, form, _("Set %(code)s aside") % {"code": thing.code}, _("Set it aside"), said=thing.headline)


@door(Verb.EVENT_OPEN, "GET", "POST")
def happen(request: StaffRequest) -> HttpResponse:
    """Open an event."""
    form = EventForm(sent(request), hand=request.hand, initial=initial(request, "codes", "place", "title"))
    if request.method == "POST" and form.is_valid():
        with told(form):
            sources = find_evidence(form.cleaned_data["codes"], "codes", by=request.hand) if form.cleaned_data["codes"] else []
            made = open_event(**form.said("codes"), sources=sources, thing_id=form.new_id(), by=request.hand)
            return redirect("web:event", made.code)
    return ask(request, form, _("Open an event"), _("Open it"))


@door(Verb.EVENT_LINK, "GET", "POST")
def link(request: StaffRequest, code: str) -> HttpResponse:
    """Tie a source to an event."""
    event = open_one(request.hand, Event.objects.select_related("unit"), code=code)
    form = LinkForm(sent(request), hand=request.hand, initial=initial(request, "codes"))
    if request.method == "POST" and form.is_valid():
        with told(form):
            _each(find_evidence(form.cleaned_data["codes"], "codes", by=request.hand), lambda one: link_source(
                event, one, reason=form.cleaned_data["reason"], relation=form.cleaned_data["relation"], by=request.hand))  # fmt: skip
            return redirect("web:event", event.code)
    return ask(request, form, _("Tie a source to %(code)s") % {"code": event.code}, _("Tie it"), said=event.title)


def _each(things: list[Any], act: Callable[[Any], Any]) -> None:
    if not things:
        raise BadInput("Nothing was named.")
    for thing in things:
        act(thing)


@door(Verb.EVENT_UNLINK, "GET", "POST")
def unlink(request: StaffRequest, code: str, link_id: Any) -> HttpResponse:
    """Undo a tie, with a reason."""
    event = open_one(request.hand, Event.objects.select_related("unit"), code=code)
    tie = open_one(request.hand, SourceLink.objects.select_related("event__unit"), pk=link_id, event=event)
    form = WithdrawForm(sent(request), hand=request.hand, initial={"base": tie.entry})
    if request.method == "POST" and form.is_valid():
        with told(form):
            unlink_source(tie, why=form.cleaned_data["why"], base=form.cleaned_data["base"], by=request.hand)
            return redirect("web:event", event.code)
    return ask(request, form, _("Undo a tie of %(code)s") % {"code": event.code}, _("Undo it"), said=event.title)


urls = [
    path("monitor/activities/new", plan, name="activity_new"),
    path("monitor/activities/<slug:code>/report", report, name="activity_report"),
    path("monitor/restrictions/new", restrict, name="restriction_new"),
    path("monitor/coverage/new", cover, name="coverage_new"),
    path("monitor/observations/new", observe, name="observation_new"),
    path("monitor/claims/new", claim, name="claim_new"),
    path("monitor/claims/<slug:code>/test", test, name="claim_test"),
    path("monitor/claims/<slug:code>/aside", aside, name="claim_aside"),
    path("monitor/events/new", happen, name="event_new"),
    path("monitor/events/<slug:code>/link", link, name="event_link"),
    path("monitor/events/<slug:code>/unlink/<uuid:link_id>", unlink, name="event_unlink"),
]
