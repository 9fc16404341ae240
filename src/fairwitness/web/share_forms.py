"""Forms of sharing: the gate, a change of distribution, taking down, letting a rating out, an agreement."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.errors import BadInput, spoken
from fairwitness.mission.handling import SENSITIVITIES, Sensitivity
from fairwitness.mission.models import Counterpart
from fairwitness.share.gate import read_request
from fairwitness.web.ask import Ask
from fairwitness.web.typed_fields import Day
from fairwitness.web.verify_fields import words


class GateForm(Ask):
    """To whom, and what is decided about it beforehand."""

    partner = forms.ModelChoiceField(
        Counterpart.objects.filter(agreements__isnull=False, ended__isnull=True).distinct().order_by("name"), label=_("To whom"),
        required=False, empty_label=_("The public"),
    )  # fmt: skip
    leave_out = forms.BooleanField(label=_("Leave out sentences that may not leave"), required=False)
    withhold = forms.CharField(
        label=_("Words to withhold"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=5000,
        help_text=_("Names, one a line. Codes of sources, staff and small places go by themselves."),
    )  # fmt: skip
    caveats_read = forms.BooleanField(label=_("I read the conditions of the agreement, and they are kept"), required=False)

    def clean_withhold(self) -> tuple[str, ...]:
        """The words, one a line."""
        try:
            return read_request(self.cleaned_data["withhold"].splitlines())
        except BadInput as wrong:
            raise forms.ValidationError([spoken(fault.sentence) for fault in wrong.faults]) from None


class MarkingForm(Ask):
    """A change of distribution."""

    to = forms.TypedChoiceField(label=_("May go to"), choices=SENSITIVITIES, coerce=int)
    authority = forms.CharField(label=_("Decided by"), max_length=200, help_text=_("The post that decided it"))
    decided = Day(label=_("Decided on"), required=False, help_text=_("Empty means today"))
    why = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class TakeDownForm(Ask):
    """Why it goes."""

    why = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stays with the staff; the public reads a plain notice."),
    )  # fmt: skip


class RatingForm(Ask):
    """Evidence in words for everybody."""

    words = forms.CharField(
        label=_("Evidence, in words for everybody"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No codes, no names, no small places: 14 of 22 regulations seen online"),
    )  # fmt: skip


class AgreementForm(Ask):
    """An agreement with a partner."""

    partner = forms.ModelChoiceField(Counterpart.objects.filter(ended__isnull=True).order_by("name"), label=_("Partner"))
    title = forms.CharField(label=_("Title"), max_length=200)
    basis = forms.CharField(label=_("Basis"), max_length=300, help_text=_("The letter or document it rests on"))
    valid_from = Day(label=_("From"))
    valid_until = Day(label=_("Until"), required=False)
    ceiling = forms.TypedChoiceField(
        label=_("Receives up to"), choices=SENSITIVITIES, coerce=int, initial=int(Sensitivity.INTERNAL), empty_value=None
    )
    caveats = words(_("Conditions"), required=False, rows=3, most=5_000)


class EndForm(Ask):
    """The end of an agreement."""

    on = Day(label=_("Last day"))
    why = forms.CharField(label=_("Why"), max_length=300)
