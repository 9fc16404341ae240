"""Forms of recommending: draft an ask, edit, issue, write down a reply, rate, tie to an earlier one.

The rule it guards: a form offers only what its reader may see; the drafting check answers at the field where its author may
overrule it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.analyse.models import Finding
from fairwitness.mission.access import visible
from fairwitness.mission.models import Standard
from fairwitness.recommend.models import STATUSES, Lineage, Rating, Recommendation
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Report
from fairwitness.verify.models import Check
from fairwitness.web.ask import Ask
from fairwitness.web.typed_fields import Day
from fairwitness.web.verify_fields import HeldAsk, PlaceField, institutions, words

WORDS = ("title", "act", "addressee", "due", "indicator", "standard", "finding", "report", "theme", "place", "text", "critical", "override")


class Coded(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice by code and title, among what the reader may see: the form fills it."""

    def __init__(self, model: Any, label: Any, *, required: bool = False, help_text: Any = "") -> None:
        """Empty until the form knows its reader."""
        self.model = model
        super().__init__(model.objects.none(), label=label, required=required, help_text=help_text)

    def fill(self, hand: Hand, **narrow: Any) -> None:
        """Offer what this hand may see, newest first."""
        self.queryset = visible(hand, self.model.objects.filter(**narrow)).order_by("-id")

    def label_from_instance(self, obj: Any) -> str:
        """Code and title."""
        title = getattr(obj, "title", "") or f"{obj.obligation.title}, {obj.round}"
        return f"{getattr(obj, 'code', '') or obj.symbol} {title}"[:120]


class DraftForm(HeldAsk):
    """One addressee, one act, one date, one indicator."""

    NEEDED: ClassVar = {"override": _("needed where the wording is weak")}
    verb = Verb.RECOMMENDATION_DRAFT
    title = forms.CharField(label=_("In one line"), max_length=200, help_text=_("As a newspaper would head it, without the date"))
    act = forms.CharField(
        label=_("The act"), max_length=300,
        help_text=_("One thing to do, beginning with what is done: Publish each regulation in force in …"),
    )  # fmt: skip
    addressee = institutions(_("Addressee"), help_text=_("The one institution that has to act"))
    due = Day(label=_("By when"), required=False)
    indicator = forms.CharField(
        label=_("Measured by"), required=False, max_length=300,
        help_text=_("What will be counted or seen by somebody who did not write this"),
    )  # fmt: skip
    standard = forms.ModelChoiceField(Standard.objects.order_by("title"), label=_("Standard"), required=False)
    finding = Coded(Finding, _("Because of finding"))
    report = Coded(Report, _("Stands in report"), help_text=_("A draft; the report prints it and publishes it"))
    theme = forms.CharField(label=_("Theme"), required=False, max_length=60)
    place = PlaceField(label=_("Municipality"), required=False)
    text = words(_("Reasons and context"), required=False, most=10_000)
    critical = forms.BooleanField(label=_("Critical: harm is likely while it is not done"), required=False)
    override = forms.CharField(
        label=_("Why the wording stays as it is"), required=False, max_length=300,
        help_text=_("Only when the drafting check finds something weak and you know better. It stays on record."),
    )  # fmt: skip

    def __init__(self, *given: Any, hand: Hand, **options: Any) -> None:
        """Offer findings and draft reports the reader may see."""
        super().__init__(*given, hand=hand, **options)
        fill(self, hand, report={"state": Report.DRAFT})
        self.last(*WORDS)

    def given(self) -> dict[str, Any]:
        """What the functions take."""
        return {name: self.cleaned_data[name] or None for name in ("addressee", "due", "standard", "finding", "report", "place")} | {
            name: self.cleaned_data[name] for name in ("title", "act", "indicator", "theme", "text", "critical", "override", "sensitivity")
        }


class EditForm(DraftForm):
    """Edit a draft."""

    verb = Verb.RECOMMENDATION_EDIT
    why = forms.CharField(label=_("Why"), required=False, max_length=500)


class CourseForm(Ask):
    """What comes next, and why it is late."""

    next_step = forms.CharField(label=_("Next step"), required=False, max_length=300)
    late_reason = forms.CharField(label=_("Why it is late, as the addressee says"), required=False, max_length=300)


class IssueForm(Ask):
    """Issue it."""

    on = Day(label=_("Issued on"), required=False, help_text=_("Empty means today. An earlier day needs a public source."))


class ReplyForm(Ask):
    """What the addressee answered."""

    received = Day(label=_("Received on"))
    text = words(_("What they wrote"), help_text=_("As written; a quotation stays as it is."))
    says = forms.ChoiceField(
        label=_("How far they say it is"), choices=[("", _("They name no step")), *STATUSES], required=False,
        help_text=_("Stands at once as the authority’s own rating."),
    )  # fmt: skip


class RateForm(Ask):
    """How far it was done."""

    assessor = forms.ChoiceField(label=_("Rated by"), choices=Rating.ASSESSORS)
    assessor_name = forms.CharField(label=_("Name of the third party"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("How far"), choices=STATUSES, help_text=_("Not assessed: nobody looked. It says nothing about progress.")
    )
    rated = Day(label=_("On"))
    evidence = words(_("Evidence"), help_text=_("What was seen, read or heard, where and when. A step up needs something new."))
    check_made = Coded(Check, _("Check it rests on"))
    public_source = forms.CharField(label=_("Public source"), required=False, max_length=500)

    def __init__(self, *given: Any, hand: Hand, **options: Any) -> None:
        """Offer checks the reader may see."""
        super().__init__(*given, hand=hand, **options)
        fill(self, hand)


class RelateForm(Ask):
    """Tie to an earlier one."""

    earlier = Coded(Recommendation, _("Earlier recommendation"), required=True)
    kind = forms.ChoiceField(label=_("This one is"), choices=Lineage.KINDS)
    why = forms.CharField(label=_("Why"), required=False, max_length=500)

    def __init__(self, *given: Any, hand: Hand, **options: Any) -> None:
        """Offer recommendations the reader may see."""
        super().__init__(*given, hand=hand, **options)
        fill(self, hand)


def fill(form: forms.Form, hand: Hand, **narrow: dict[str, Any]) -> None:
    """Let every coded choice of a form offer what this hand may see."""
    for name, field in form.fields.items():
        if isinstance(field, Coded):
            field.fill(hand, **narrow.get(name, {}))
