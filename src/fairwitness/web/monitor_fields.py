"""Fields of the forms of monitoring: a thing by its code, scopes of consent line by line.

The rule it guards: a code opens only what its reader may see, and a scope of consent that nobody touched is a No.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fairwitness.mission.access import open_one
from fairwitness.mission.handling import Disclosure, Use
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.models import Activity, Source
from fairwitness.record.hand import Hand
from fairwitness.web.suggest_line import SuggestLine
from fairwitness.web.typed_fields import Moment


class Coded(forms.CharField):
    """A thing by its code, as far as the hand may see it. The form sets `hand`."""

    hand: Hand | None = None

    def __init__(self, model: type[Activity] | type[Source], **options: Any) -> None:
        """Which kind of thing."""
        self.model = model
        options.setdefault("widget", SuggestLine(model.__name__.lower()))
        super().__init__(max_length=32, **options)

    def clean(self, value: Any) -> Any:
        """The thing with this code."""
        typed = super().clean(value)
        if not typed or self.hand is None:
            return None
        try:
            return open_one(self.hand, self.model.objects.all(), code=typed)
        except Exception as error:
            if getattr(error, "code", "") != "not_there":
                raise
            raise forms.ValidationError(_("Nothing that you may open has this code. Copy it from the page you mean.")) from None

    def prepare_value(self, value: Any) -> Any:
        """Read back by its code."""
        return value.code if isinstance(value, Activity | Source) else value


ENDS = {"planned_until": "planned_from", "ended": "started", "occurred_until": "occurred_from", "until": "since"}


def know_the_day(form: forms.Form, day: date | None = None) -> None:
    """Let a time stand alone where the form knows its day: that of the activity, or for an end that of its beginning."""
    moments = {name: field for name, field in form.fields.items() if isinstance(field, Moment)}
    for field in moments.values():
        field.day = day
    for end, begin in (*ENDS.items(), ("ended", "began")):
        if form.is_bound and end in moments and begin in moments:
            try:
                began = moments[begin].to_python(form.data.get(form.add_prefix(begin)))
            except forms.ValidationError:
                began = None
            moments[end].day = began.astimezone(ZoneInfo(mission_zone())).date() if began else day


def day_of(activity: Any) -> date | None:
    """The day of an activity, as it was lived there."""
    at = activity.started or activity.planned_from if isinstance(activity, Activity) else None
    return at.astimezone(ZoneInfo(activity.time_zone or mission_zone())).date() if at else None


class ScopesMixin(forms.Form):
    """A row No / Yes for each use; what is not touched is No."""

    STEPS = (Disclosure.NOTHING, Disclosure.CODE, Disclosure.ROLE, Disclosure.NAME)

    def add_scopes(self) -> None:
        """One field for each use, then the partners meant and the day it ends."""
        yes = [(step.value, _("Yes: %(shown)s") % {"shown": gettext(step.label).lower()}) for step in self.STEPS]
        for use in Use:
            self.fields[f"use_{use.value}"] = forms.ChoiceField(
                label=_("May it be used: %(use)s?") % {"use": gettext(use.label).lower()}, choices=[("", _("No")), *yes],
                widget=forms.RadioSelect, required=False, initial="",
            )  # fmt: skip
        self.fields["audience"] = forms.CharField(
            label=_("Which partner or court"), max_length=120, required=False, help_text=_("Empty: every one of them")
        )

    def scopes(self) -> list[Scope]:
        """The scopes that were allowed."""
        data = self.cleaned_data
        found = []
        for use in Use:
            step = data.get(f"use_{use.value}")
            if step:
                audience = data.get("audience", "") if use in (Use.PARTNERS, Use.COURT) else ""
                found.append(Scope(use, Disclosure(step), audience, data.get("expires")))
        return found
