"""Forms of reporting: a report, a paragraph with its citations as lines, a reason.

The rule it guards: a form offers only the units its reader may write in; what is typed is judged by the
function that keeps it, and every fault comes back to its field.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.analyse.models import STANDARDS_OF_PROOF
from fairwitness.errors import BadInput
from fairwitness.mission.models import Footnote
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Report
from fairwitness.report.write import read_lines
from fairwitness.web.ask import Ask
from fairwitness.web.typed_fields import Day, Moment, Whole
from fairwitness.web.verify_fields import HeldAsk


def audiences() -> list[tuple[str, str]]:
    """Bodies the mission writes to: those it keeps a status footnote for, and the public."""
    known = dict.fromkeys(["OSCE", *Footnote.objects.values_list("audience", flat=True)])
    return [(one, one) for one in (known or {"OSCE": None})] + [("public", str(_("The public")))]


class ReportForm(HeldAsk):
    """Start a report."""

    verb = Verb.REPORT_DRAFT
    kind = forms.ChoiceField(label=_("Kind"), choices=Report.KINDS, initial="weekly")
    title = forms.CharField(label=_("Title"), max_length=300, help_text=_("What it is about and where: Weekly report, Prizren area"))
    period_from = Day(label=_("First day"), required=False)
    period_until = Day(label=_("Last day"), required=False)
    cut_off = Moment(label=_("As of"), required=False, help_text=_("Day and time in the mission’s zone: 17 May 2026, 19:30"))
    audience = forms.ChoiceField(
        label=_("Written for"), choices=audiences, help_text=_("Decides the status footnote and the names of places.")
    )
    proof = forms.ChoiceField(label=_("Standard of proof"), choices=[("", _("Not stated")), *STANDARDS_OF_PROOF], required=False)
    method = forms.CharField(
        label=_("How it was made"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Printed with the report: visits, interviews, what could not be seen."),
    )  # fmt: skip
    symbol = forms.CharField(
        label=_("Symbol"), required=False, max_length=50, help_text=_("Leave empty for the next one of the series, as DEMO/W/20/2026")
    )

    def given(self) -> dict[str, Any]:
        """What `start_report` takes."""
        data = self.cleaned_data
        names = ("kind", "title", "sensitivity", "cut_off", "audience", "proof", "method", "symbol", "unit")
        return {**{name: data[name] for name in names}, "period": (data["period_from"], data["period_until"])}


class ParagraphForm(Ask):
    """Write a paragraph: its text cites by number, the lines say what each number is."""

    number = Whole(label=_("Number"), min_value=1, max_value=999)
    heading = forms.CharField(label=_("Heading"), required=False, max_length=200)
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "{1} is a note to source 1, {1:says} the verb its state allows, {1:Says} the same at the start of a sentence. "
            "{1:count}, {1:minutes}, {1:date} and {1:place} take over its facts."
        ),
    )  # fmt: skip
    citations = forms.CharField(
        label=_("What it rests on"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, number and code: 1 PZ-0417"),
    )

    def clean_citations(self) -> list[tuple[int, str, str]]:
        """The citations as (number, kind, code)."""
        try:
            return read_lines(self.cleaned_data["citations"])
        except BadInput as wrong:
            raise forms.ValidationError([str(fault) for fault in wrong.faults]) from None


class ReasonForm(Ask):
    """Say why."""

    why = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(Ask):
    """Return a report to its authors."""

    note = forms.CharField(label=_("What the authors should change"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ClearForm(Ask):
    """Clear a report."""

    note = forms.CharField(label=_("Note"), required=False, max_length=2000)
