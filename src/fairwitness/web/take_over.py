"""Take over: what a new form can begin with, because it was said a moment ago: the place of the visit, the means of the last observation.

Whoever writes three observations of one visit does not say three times where she stood. The rules it guards: nothing is taken over
silently, each such answer says where it comes from; nothing is taken from what the writer may not see; and what a source allowed, what
was perceived and how many are never taken over: each is asked anew.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairwitness.mission.access import rights, sees, visible
from fairwitness.monitor.models import Activity, Claim, Observation
from fairwitness.record.hand import Hand
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.web.monitor_fields import day_of, know_the_day

FROM_VISIT = ("place",)
FROM_OBSERVATION = ("place", "means", "device", "observer_position", "sensitivity")
FROM_CLAIM = ("place", "source", "language", "told_precision", "sensitivity")
FROM_PLAN = ("members", "vehicles", "unit", "sensitivity")
LATELY = 20
Offered = dict[str, tuple[Any, str]]
"""For each question the answer offered, and the code of what it comes from."""


def visit_named(hand: Hand, code: str) -> Activity | None:
    """The visit of this code, if this hand may see it."""
    return visible(hand, Activity.objects.select_related("place", "unit")).filter(code=code).first() if code else None


def for_observation(hand: Hand, visit: Activity | None, after: str = "") -> tuple[Offered, Observation | None]:
    """What an observation of this visit may begin with, and the observation it follows."""
    mine = visible(hand, Observation.objects.select_related("place", "unit", "activity"))
    last = mine.filter(code=after).first() if after else None
    if last is None and visit is not None:
        last = mine.filter(activity=visit).order_by("-id").first()
    return _of(visit, FROM_VISIT) | _of(last, FROM_OBSERVATION), last


def for_claim(hand: Hand, visit: Activity | None) -> Offered:
    """What a claim heard on this visit may begin with; never what a source allowed."""
    told = visible(hand, Claim.objects.select_related("place", "source")).filter(activity=visit) if visit is not None else None
    last = told.order_by("-id").first() if told is not None else None
    found = _of(visit, FROM_VISIT) | _of(last, FROM_CLAIM)
    if last is None or not sees(hand, last.source):
        found.pop("source", None)
        return found
    spoken = visible(hand, last.consents.exclude(interpreter="")).order_by("-id").first()
    return found | ({"interpreter": (spoken.interpreter, last.code)} if spoken is not None else {})


def for_activity(hand: Hand) -> Offered:
    """What a new plan may begin with: who went how in the last activity this member planned for a unit of hers."""
    lately = list(visible(hand, Activity.objects.filter(unit__in=rights(hand).units())).select_related("unit").order_by("-id")[:LATELY])
    planned = Entry.objects.filter(subject__in=[str(one.id) for one in lately], verb=Verb.ACTIVITY_PLAN.value, member=str(hand.member))
    mine = set(planned.values_list("subject", flat=True))
    return _of(next((one for one in lately if str(one.id) in mine), None), FROM_PLAN)


def _of(thing: Any, names: tuple[str, ...]) -> Offered:
    if thing is None:
        return {}
    found = {name: (getattr(thing, name), thing.code) for name in names}
    return {name: said for name, said in found.items() if said[0] not in (None, "")}


def begin_with(form: forms.Form, offered: Offered, visit: Activity | None = None) -> None:
    """Put what is offered into a form that was not sent yet, and say beside each answer where it comes from."""
    if form.is_bound:
        return
    for name, (value, code) in offered.items():
        field = form.fields.get(name)
        if field is None or form.initial.get(name) or (isinstance(field, forms.ModelChoiceField) and not _has(field, value)):
            continue
        form.initial[name] = value.pk if isinstance(field, forms.ModelChoiceField) else value
        said = _("Taken over from %(code)s. Change it if it differs.") % {"code": code}
        field.help_text = f"{field.help_text}. {said}" if field.help_text else said
    day = day_of(visit)
    if day is not None:
        know_the_day(form, day)
        said = _("The day is known: %(day)s. A time is enough, such as 14:20.") % {"day": date_format(day)}
        for name in ("occurred_from", "told"):
            if name in form.fields:
                form.fields[name].help_text = said


def _has(field: Any, value: Any) -> bool:
    return bool(field.queryset is not None and field.queryset.filter(pk=value.pk).exists())
