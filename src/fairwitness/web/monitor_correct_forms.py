"""Forms of correcting: the questions of the form that made a thing, filled with what stands, and why it is corrected.

The rule it guards: a reason is asked for, only what was changed is written, and a writer who comes second is shown both versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from fairwitness.errors import OutOfOrder, Stale
from fairwitness.monitor.claim import words_of
from fairwitness.monitor.models import Activity, Claim, Observation
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.web.monitor_forms import (
    SAFETY,
    ActivityForm,
    CoverageForm,
    EventForm,
    MonitorAsk,
    ObservationForm,
    RestrictionForm,
)  # fmt: skip
from fairwitness.web.monitor_source_forms import ClaimForm
from fairwitness.web.typed_fields import Moment
from fairwitness.web.verify_fields import words


class Correction(MonitorAsk):
    """What every form of correcting has: the thing as it stands, and why."""

    LEAVE: ClassVar[tuple[str, ...]] = ("unit", "activity")
    why = forms.CharField(label=_("Why this is corrected"), max_length=500, help_text=_("It goes on record beside the earlier words"))

    def __init__(self, data: Any = None, *, hand: Hand, thing: Any) -> None:
        """The questions of the making form that can be corrected, filled with what stands."""
        self.stands = self.standing(thing, hand)
        super().__init__(data, hand=hand, initial={**self.stands, "base": thing.entry})
        for name in [name for name in self.fields if name in self.LEAVE]:
            del self.fields[name]
        self.order_fields([name for name in self.fields if name != "why"])

    def standing(self, thing: Any, hand: Hand) -> dict[str, Any]:
        """What stands, as the fields take it."""
        found = {name: getattr(thing, name) for name in self.base_fields if hasattr(thing, name)}
        return found | ({"count": thing.count_text} if hasattr(thing, "count_text") else {})

    def changes(self) -> dict[str, Any]:
        """What was changed."""
        asked = [name for name in self.changed_data if name in self.cleaned_data and name not in ("why", "once", "base")]
        return {name: self.cleaned_data[name] for name in asked if self.cleaned_data[name] != self.stands.get(name)}

    def clean(self) -> dict[str, Any]:
        """A correction corrects something."""
        data = super().clean() or {}
        if not self.errors and not self.changes():
            raise forms.ValidationError(_("Nothing was changed. Change what is wrong, or go back."))
        return data

    @contextmanager
    def both(self) -> Iterator[None]:
        """Inside, a writer who comes second is told so with what she typed and what stands now."""
        try:
            yield
        except OutOfOrder:
            raise
        except Stale as late:
            asked = [name for name in self.fields if name not in ("why", "once", "base")]
            mine, theirs = ({str(self.fields[name].label): self.read_back(name, of.get(name)) for name in asked}
                            for of in (self.cleaned_data, self.stands))  # fmt: skip
            raise Stale(str(late), mine=mine, theirs=theirs) from None

    def read_back(self, name: str, value: Any) -> str:
        """A value as a person reads it."""
        field = self.fields[name]
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return say("yes") if value else say("no")
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        read = field.prepare_value(value)
        return f"{read:%d.%m.%Y, %H:%M}" if isinstance(read, datetime) else str(read)


class ActivityCorrection(Correction, ActivityForm):
    """Correct an activity, as far as it has come."""

    verb = Verb.ACTIVITY_EDIT
    started = Moment(label=_("Began"), required=False)
    ended = Moment(label=_("Ended"), required=False)
    safety = forms.ChoiceField(label=_("Was anybody hurt or anything damaged?"), choices=SAFETY, required=False)
    safety_note = forms.CharField(label=_("If so: who or what, and who was told"), max_length=500, required=False)
    summary = words(_("What was done"), required=False)
    not_done_reason = forms.CharField(label=_("Why it was not done"), max_length=300, required=False)

    DONE: ClassVar = ("started", "ended", "safety", "safety_note", "summary")

    def __init__(self, data: Any = None, *, hand: Hand, thing: Activity) -> None:
        """What is planned has no end yet, and what was not done has none either."""
        left = () if thing.state == Activity.DONE else self.DONE
        self.LEAVE = (*Correction.LEAVE, *left, *(() if thing.state == Activity.NOT_DONE else ("not_done_reason",)))  # type: ignore[misc]
        super().__init__(data, hand=hand, thing=thing)


class ObservationCorrection(Correction, ObservationForm):
    """Correct an observation."""

    verb = Verb.OBSERVATION_EDIT

    def standing(self, thing: Observation, hand: Hand) -> dict[str, Any]:
        """Range and bearings as they would be typed."""
        return super().standing(thing, hand) | {"range": range_typed(thing), "bearings": ", ".join(str(one) for one in thing.bearings)}


class ClaimCorrection(Correction, ClaimForm):
    """Correct a claim. Its words are shown to those who may have them; consent and state have pages of their own."""

    verb = Verb.CLAIM_EDIT
    LEAVE: ClassVar = (*Correction.LEAVE, "source", "state", "audience", "expires", "interpreter")

    def __init__(self, data: Any = None, *, hand: Hand, thing: Claim) -> None:
        """Words that nobody can read any more are not asked for."""
        self.words = words_of(thing, hand)
        super().__init__(data, hand=hand, thing=thing)
        hidden = Claim.SEALED if self.words.withheld else ()
        for name in [name for name in self.fields if name.startswith("use_") or name in hidden]:
            del self.fields[name]

    def standing(self, thing: Claim, hand: Hand) -> dict[str, Any]:
        """The words opened, as far as this hand may have them."""
        return super().standing(thing, hand) | {"verbatim": self.words.verbatim, "translation": self.words.translation}


class RestrictionCorrection(Correction, RestrictionForm):
    """Correct a restriction of access."""

    verb = Verb.RESTRICTION_EDIT


class CoverageCorrection(Correction, CoverageForm):
    """Correct where the mission could perceive."""

    verb = Verb.COVERAGE_EDIT

    def standing(self, thing: Any, hand: Hand) -> dict[str, Any]:
        """Operational is yes or no."""
        return super().standing(thing, hand) | {"operational": "yes" if thing.operational else "no"}

    def changes(self) -> dict[str, Any]:
        """Operational is yes or no."""
        found = super().changes()
        return found | ({"operational": found["operational"] == "yes"} if "operational" in found else {})


class EventCorrection(Correction, EventForm):
    """Correct an event: what it is called, where and when it was."""

    verb = Verb.EVENT_EDIT
    LEAVE: ClassVar = (*Correction.LEAVE, "codes", "reason")


def range_typed(thing: Observation) -> str:
    """The distance as it would be typed."""
    low, high = thing.range_low_m, thing.range_high_m
    if low is None and high is None:
        return ""
    if low is None:
        return f"up to {high} m"
    return f"{low} m" if high == low else f"{low}-{high} m" if high is not None else f"over {low} m"
