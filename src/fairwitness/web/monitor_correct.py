"""Pages of correcting: an activity, an observation, a claim, a restriction, coverage, an event; each with its reason.

The rule it guards: correcting is open to those who may write the thing, what stood stays on record beside what stands,
and whoever comes second gets both versions and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import open_one
from fairwitness.monitor.claim import correct_claim
from fairwitness.monitor.cover import correct_coverage
from fairwitness.monitor.happen import correct_event
from fairwitness.monitor.models import Activity, Claim, Coverage, Event, Observation, Restriction
from fairwitness.monitor.observe import correct_observation
from fairwitness.monitor.restrict import correct_restriction
from fairwitness.monitor.visit import correct_activity
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.monitor_correct_forms import (
    ActivityCorrection,
    ClaimCorrection,
    Correction,
    CoverageCorrection,
    EventCorrection,
    ObservationCorrection,
    RestrictionCorrection,
)  # fmt: skip
from fairwitness.web.monitor_write import ask, sent


def correcting(verb: Verb, model: Any, form_of: type[Correction], act: Callable[..., Any], shown: str) -> Any:
    """The page on which a thing of this kind is corrected; `shown` names the page of the thing."""
    related = [name for name in ("unit", "place", "activity", "source") if name in {field.name for field in model._meta.fields}]
    key = "code" if "code" in {field.name for field in model._meta.fields} else "pk"

    @door(verb, "GET", "POST")
    def correct(request: StaffRequest, code: Any) -> HttpResponse:
        """Correct one thing, with a reason."""
        thing = open_one(request.hand, model.objects.select_related(*related), **{key: code})
        form = form_of(sent(request), hand=request.hand, thing=thing)
        if request.method == "POST" and form.is_valid():
            with told(form), form.both():
                act(thing, form.changes(), why=form.cleaned_data["why"], base=form.cleaned_data["base"], by=request.hand)
                return redirect(shown, code)
        title = _("Correct %(code)s") % {"code": getattr(thing, "code", None) or _("this coverage")}
        return ask(request, form, title, _("Correct it"), cancel_url=reverse(shown, args=[code]))

    return correct


urls = [
    path(f"monitor/{kind}/<{key}:code>/correct", correcting(verb, model, form, act, f"web:{name}"), name=f"{name}_edit")
    for kind, key, name, verb, model, form, act in (
        ("activities", "slug", "activity", Verb.ACTIVITY_EDIT, Activity, ActivityCorrection, correct_activity),
        ("observations", "slug", "observation", Verb.OBSERVATION_EDIT, Observation, ObservationCorrection, correct_observation),
        ("claims", "slug", "claim", Verb.CLAIM_EDIT, Claim, ClaimCorrection, correct_claim),
        ("restrictions", "slug", "restriction", Verb.RESTRICTION_EDIT, Restriction, RestrictionCorrection, correct_restriction),
        ("coverage", "uuid", "coverage", Verb.COVERAGE_EDIT, Coverage, CoverageCorrection, correct_coverage),
        ("events", "slug", "event", Verb.EVENT_EDIT, Event, EventCorrection, correct_event),
    )
]
