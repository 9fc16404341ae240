"""Forms of monitoring: activity, observation, restriction, coverage, event, file. Those about sources stand in `monitor_source_forms`.

The rule it guards: a form asks in the field's words, and what was typed is read by the function that keeps it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import lazy as when_asked
from django.utils.translation import gettext_lazy as _

from fairwitness.errors import spoken
from fairwitness.mission.read_time import ends_before
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.attach import MOST
from fairwitness.monitor.find import STATES
from fairwitness.monitor.models import Activity, SourceLink
from fairwitness.monitor.models.observation import Timed
from fairwitness.monitor.observe import KINDS
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask
from fairwitness.web.institution_field import AnyInstitution
from fairwitness.web.monitor_fields import Coded, day_of, know_the_day
from fairwitness.web.stepwise import Stepwise
from fairwitness.web.suggest_line import find_words
from fairwitness.web.typed_fields import AnyPlace, Around, Day, Moment, TermChoice, Whole
from fairwitness.web.verify_fields import HeldAsk, words

STATE_WORDS = {
    "seen": _("Seen"), "heard": _("Heard"), "recorded": _("Recorded"), "reported": _("Reported"), "alleged": _("Alleged"),
    "unable": _("Unable to confirm"), "verified": _("Verified"),
}  # fmt: skip
OFFERED = ("observation", "event")
"""The words offered for what was seen or told; who protects, what was hit and who answered are lists of their own."""
WHEN_DONE = _("needed when it was done")
SAFETY = [choice for choice in Activity.SAFETY if choice[0]]
LANGUAGE = _("Language, for example sq, sr or en")


def _any(grades: str) -> list[tuple[str, Any]]:
    return [("", _("Any")), *((one, one) for one in grades)]


class MonitorAsk(Stepwise, HeldAsk):
    """A form whose fields by code look only at what the hand may see."""

    def __init__(self, *given: Any, **options: Any) -> None:
        """Hand the hand on."""
        super().__init__(*given, **options)
        for field in self.fields.values():
            if isinstance(field, Coded):
                field.hand = self.hand
            if isinstance(field, TermChoice):
                field.widget.attrs |= find_words(*field.vocabularies)
        self.order_fields([*(name for name in self.fields if name not in ("unit", "sensitivity")), "unit", "sensitivity"])
        know_the_day(self, day_of(self._activity()))

    def _activity(self) -> Any:
        field = self.fields.get("activity")
        try:
            return field.clean(self.data.get(self.add_prefix("activity"))) if self.is_bound and isinstance(field, Coded) else None
        except forms.ValidationError:
            return None

    def clean(self) -> dict[str, Any]:
        """Nothing is entered for a visit that did not take place; for one that is only planned so far, the writer says that it did."""
        data = super().clean() or {}
        activity = data.get("activity")
        if isinstance(activity, Activity) and activity.state == Activity.NOT_DONE:
            self.add_error("activity", _("On record this activity was not done. Choose another, or leave this empty."))
        elif isinstance(activity, Activity) and activity.state == Activity.PLANNED:
            self.fields["took_place"] = forms.BooleanField(
                label=_("It did take place; what became of it is reported later"), required=False
            )
            if not self.data.get(self.add_prefix("took_place")):
                self.add_error(
                    "activity", _("This activity is only planned so far. Report what became of it first, or tick below that it took place.")
                )
        return data

    def said(self, *leave: str) -> dict[str, Any]:
        """What was typed, as the functions of the room take it."""
        left = {"once", "base", *leave}
        given = {name: value for name, value in self.cleaned_data.items() if name not in left}
        return {name: value for name, value in given.items() if value is not None}


class Sent(Stepwise, Ask):
    """A form without unit and sensitivity."""

    def said(self, *leave: str) -> dict[str, Any]:
        """What was typed."""
        left = {"once", "base", *leave}
        return {name: value for name, value in self.cleaned_data.items() if name not in left and value is not None}


class FindForm(forms.Form):
    """What the list of observations and claims is narrowed to; it stands in the address."""

    def __init__(self, data: Any = None) -> None:
        """Two fields are named from and to, as people ask."""
        super().__init__(data, label_suffix="", auto_id="f_%s")
        self.fields |= {
            "q": forms.CharField(label=_("Words or number"), max_length=200, required=False),
            "place": Around(label=_("Place"), required=False), "from": Day(label=_("From"), required=False),
            "to": Day(label=_("To, that day included"), required=False),
            "k": forms.MultipleChoiceField(label=_("How we know"), choices=[(key, STATE_WORDS[key]) for key in STATES], required=False),
            "kind": TermChoice(*KINDS, label=_("Kind"), required=False),
            "a": forms.ChoiceField(label=_("Source rated"), choices=_any("ABCDEF"), required=False),
            "n": forms.ChoiceField(label=_("Information rated"), choices=_any("123456"), required=False),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The window does not end before it begins."""
        data = super().clean() or {}
        if data.get("from") and data.get("to") and data["to"] < data["from"]:
            self.add_error("to", spoken(ends_before()))
        return data


class ActivityForm(MonitorAsk):
    """Plan an activity."""

    verb = Verb.ACTIVITY_PLAN
    QUESTIONS = (
        (_("What is planned"), ("kind", "purpose")), (_("Where"), ("place", "institution")),
        (_("When"), ("planned_from", "planned_until")), (_("Who goes"), ("members", "vehicles")),
        (_("On the way"), ("route", "coordination")), (_("Where it belongs"), ("unit", "sensitivity")),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What kind"), choices=Activity.KINDS)
    purpose = forms.CharField(label=_("Why"), max_length=300)
    place = AnyPlace(label=_("Where"))
    planned_from = Moment(label=_("Planned from"), required=False)
    planned_until = Moment(label=_("Planned until"), required=False)
    institution = AnyInstitution(label=_("Institution visited"), required=False)
    members = Whole(label=_("Members who go"), min_value=0, max_value=500, required=False)
    vehicles = Whole(label=_("Vehicles"), min_value=0, max_value=500, required=False)
    route = forms.CharField(label=_("Route"), max_length=500, required=False)
    coordination = forms.CharField(label=_("Agreed beforehand with"), max_length=500, required=False)


class ActivityReportForm(Sent):
    """Report what became of an activity."""

    NEEDED: ClassVar = {
        "started": WHEN_DONE, "ended": WHEN_DONE, "safety": WHEN_DONE, "not_done_reason": _("needed when it was not done"),
        "safety_note": _("needed if so"),
    }  # fmt: skip
    QUESTIONS = (
        (_("What became of it"), ("done", "not_done_reason")), (_("When it was"), ("started", "ended")),
        (_("Whether anybody was hurt"), ("safety", "safety_note")), (_("Who went"), ("members", "vehicles")), ("", ("summary",)),
    )  # fmt: skip
    ASKED = ("started", "safety")
    done = forms.ChoiceField(label=_("What became of it"), choices=[("yes", _("Done")), ("no", _("Not done"))], widget=forms.RadioSelect)
    not_done_reason = forms.CharField(label=_("If not done: why"), max_length=300, required=False)
    started = Moment(label=_("Began"), required=False)
    ended = Moment(label=_("Ended"), required=False)
    members = Whole(label=_("Members who went"), min_value=0, max_value=500, required=False)
    vehicles = Whole(label=_("Vehicles"), min_value=0, max_value=500, required=False)
    safety = forms.ChoiceField(
        label=_("Was anybody hurt or anything damaged?"), choices=SAFETY, widget=forms.RadioSelect, required=False,
        help_text=_("Say it also when nothing happened"),
    )  # fmt: skip
    safety_note = forms.CharField(label=_("If so: who or what, and who was told"), max_length=500, required=False)
    summary = words(_("What was done"), required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        """Times may stand alone, for the day is known."""
        super().__init__(*given, **options)
        begun = self.initial.get("started")
        know_the_day(self, begun.astimezone(ZoneInfo(mission_zone())).date() if isinstance(begun, datetime) else None)

    def said(self, *leave: str) -> dict[str, Any]:
        """Done is yes or no."""
        given = super().said(*leave)
        return given | {"done": given["done"] == "yes"}


class RestrictionForm(MonitorAsk):
    """Report a restriction of access."""

    verb = Verb.RESTRICTION_REPORT
    QUESTIONS = (
        (_("What kind"), ("activity", "kind")), (_("Where"), ("place", "direction")), (_("By whom"), ("actor",)),
        (_("Why, in their words"), ("reason_quoted", "reason_language")), (_("From when to when"), ("began", "ended", "typed_minutes")),
        (_("Who was stopped"), ("members", "vehicles")), (_("What came of it"), ("outcome", "notified")),
        (_("Where it belongs"), ("unit", "sensitivity")),
    )  # fmt: skip
    activity = Coded(Activity, label=_("During which activity (code)"), required=False)
    kind = TermChoice("restriction", label=_("What kind"))
    place = AnyPlace(label=_("Where"))
    actor = forms.CharField(label=_("By whom"), max_length=200, help_text=_("How many, which marks they wore; no names"))
    reason_quoted = words(_("The reason, in their words"), required=False, most=5000, rows=3)
    reason_language = forms.CharField(label=_("In which language"), max_length=16, required=False, help_text=LANGUAGE)
    began = Moment(label=_("Began"))
    ended = Moment(label=_("Ended"), required=False)
    typed_minutes = Whole(
        label=_("Minutes, if somebody wrote them down"), min_value=0, max_value=1_000_000, required=False,
        help_text=_("The length is computed from the times"),
    )  # fmt: skip
    direction = forms.CharField(label=_("Travelling towards"), max_length=120, required=False)
    members = Whole(label=_("Members stopped"), min_value=0, max_value=500, required=False)
    vehicles = Whole(label=_("Vehicles stopped"), min_value=0, max_value=500, required=False)
    outcome = forms.CharField(label=_("What came of it"), max_length=200, required=False)
    notified = forms.CharField(label=_("Who was told"), max_length=300, required=False)


class CoverageForm(MonitorAsk):
    """State where the mission could perceive, or could not."""

    verb = Verb.COVERAGE_STATE
    QUESTIONS = (
        (_("Where and by which means"), ("place", "means", "device")), (_("From when to when"), ("since", "until")),
        (_("Could it perceive?"), ("operational", "reason")), (_("Where it belongs"), ("unit", "sensitivity")),
    )  # fmt: skip
    place = AnyPlace(label=_("Where"))
    means = TermChoice("means", without=("interlocutor",), label=_("By which means"))
    device = forms.CharField(label=_("Device"), max_length=120, required=False)
    since = Moment(label=_("From"))
    until = Moment(label=_("Until"))
    operational = forms.ChoiceField(
        label=_("Could it perceive?"), choices=[("yes", _("Yes")), ("no", _("No, it was down"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("If not: why"), max_length=300, required=False)

    def said(self, *leave: str) -> dict[str, Any]:
        """Operational is yes or no."""
        given = super().said(*leave)
        return given | {"operational": given["operational"] == "yes"}


class ObservationForm(MonitorAsk):
    """Write down what the mission perceived."""

    verb = Verb.OBSERVATION_SUBMIT
    NEEDED: ClassVar = {"occurred_from": _("needed unless the time is not known")}
    QUESTIONS = (
        (_("What was perceived"), ("headline", "kind", "means")),
        (_("When it was"), ("occurred_from", "occurred_until", "precision", "give_or_take_minutes")), (_("Where it was"), ("place",)),
        ("", ("count",)), (_("In more words"), ("text", "limits")),
        (_("Seen or heard from where"), ("observer_position", "range", "bearings", "device", "first_time")),
        (_("Where it belongs"), ("activity", "unit", "sensitivity")),
    )  # fmt: skip
    ASKED = ("occurred_from",)
    headline = forms.CharField(label=_("What was perceived, in one line"), max_length=200)
    kind = TermChoice(*OFFERED, also=KINDS, label=_("What kind"))
    means = TermChoice("means", without=("interlocutor",), label=_("How we know"), help_text=_("What somebody told us is a claim"))
    place = AnyPlace(label=_("Where"))
    occurred_from = Moment(label=_("When, or from when"), required=False)
    occurred_until = Moment(label=_("Until when"), required=False)
    precision = forms.ChoiceField(label=_("How exactly is the time known"), choices=Timed.PRECISIONS, initial="minute")
    give_or_take_minutes = Whole(label=_("Give or take, in minutes"), min_value=0, max_value=527_040, required=False)
    count = forms.CharField(
        label=_("How many"), max_length=60, required=False, help_text=_("As you would say it: 36, about 45, over 60, six to seven")
    )
    text = words(_("What was perceived"), required=False)
    limits = words(_("What could not be perceived, and why"), required=False, most=5000, rows=2)
    observer_position = forms.CharField(label=_("Seen or heard from"), max_length=300, required=False)
    range = forms.CharField(label=_("How far"), max_length=200, required=False, help_text=_("2-6 km, 430 m, up to 2 km, unknown"))
    bearings = forms.CharField(label=_("In which directions"), max_length=200, required=False, help_text=_("SE, S and WSW, or 170-215"))
    device = forms.CharField(label=_("Device"), max_length=120, required=False)
    first_time = forms.BooleanField(label=_("Seen for the first time"), required=False)
    activity = Coded(Activity, label=_("During which activity (code)"), required=False)


class EventForm(MonitorAsk):
    """Open an event for one source."""

    verb = Verb.EVENT_OPEN
    title = forms.CharField(label=_("What happened, in one line"), max_length=200)
    kind = TermChoice(*OFFERED, also=KINDS, label=_("What kind"))
    place = AnyPlace(label=_("Where"))
    occurred_from = Moment(label=_("When"), required=False)
    precision = forms.ChoiceField(label=_("How exactly is that known"), choices=Timed.PRECISIONS, initial="day")
    codes = forms.CharField(
        label=_("Observations and claims that speak of it (codes)"), max_length=400, required=False, help_text=_("PZ-0417, PZ-C-0012")
    )
    reason = forms.CharField(label=_("Why they speak of one event"), max_length=300, required=False)


class LinkForm(Sent):
    """Tie a further source to an event."""

    codes = forms.CharField(label=_("Observation or claim (code)"), max_length=400)
    relation = forms.ChoiceField(label=_("How it relates"), choices=SourceLink.RELATIONS)
    reason = forms.CharField(label=_("Why"), max_length=300)


class AttachmentForm(Sent):
    """Attach a file."""

    file = forms.FileField(
        label=_("File"), help_text=when_asked(lambda: _("Picture, PDF, sound, film, text; at most %(mb)s MB") % {"mb": MOST >> 20}, str)()
    )
    caption = forms.CharField(label=_("What it shows"), max_length=500)
    credit = forms.CharField(label=_("Who made it (code)"), max_length=200)
    licence = forms.CharField(label=_("Under which terms it may be shown"), max_length=200)
    people = forms.CharField(
        label=_("Who can be seen or heard on it"), max_length=300, required=False,
        help_text=_("Of films and sound: nobody, or how many; no names. Of a picture it is asked on its own page"),
    )
    taken = Moment(label=_("When it was made"), required=False)
