"""Forms of verifying: an obligation, a check, a correction of a check."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.mission.models import Standard
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Check, Obligation
from fairwitness.web.ask import Ask
from fairwitness.web.typed_fields import Day, Whole
from fairwitness.web.verify_fields import Codes, HeldAsk, PlaceField, institutions, words


class _StandardChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return ", ".join(part for part in (obj.title, obj.article) if part)


class ObligationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.title}"


class PlaceAsk(Ask):
    """Choose the municipality whose matrix is shown."""

    place = PlaceField(label=_("Municipality"), required=False)


class ObligationForm(Ask):
    """State an obligation."""

    code = forms.CharField(label=_("Code"), max_length=32, help_text=_("Short, as people say it: L-INT"))
    title = forms.CharField(label=_("What was promised, in one line"), max_length=300)
    standard = _StandardChoice(Standard.objects.order_by("title", "article"), label=_("Legal basis"))
    aspect = forms.ChoiceField(
        label=_("What is asked"), choices=Obligation.ASPECTS, help_text=_("That it is established and that it works are two obligations.")
    )
    established_by = ObligationChoice(
        Obligation.objects.filter(aspect="established").order_by("code"), label=_("What establishes it"), required=False
    )
    party = institutions(_("Who promised"))
    text = words(_("What the text demands"))
    measure = words(_("What one has to see to call it kept"), help_text=_("The same for every monitor and every round."))
    due = Day(label=_("Due"), required=False)
    valid_from = Day(label=_("Stands from"), required=False)
    valid_to = Day(label=_("Stands to"), required=False)


class CheckForm(HeldAsk):
    """Hold an obligation against what was observed."""

    NEEDED: ClassVar = {
        "of_what": _("needed with a part or a whole"), "evidence": _("needed unless there is a public source"),
        "public_source": _("needed unless it rests on something of ours"),
    }  # fmt: skip
    verb = Verb.CHECK_MAKE
    obligation = ObligationChoice(Obligation.objects.order_by("code"), label=_("Obligation"))
    place = PlaceField(label=_("Municipality"))
    institution = institutions(_("Institution"))
    round = forms.CharField(label=_("Round"), max_length=40, help_text=_("As 2026"))
    checked_on = Day(label=_("Checked on"))
    value = forms.ChoiceField(
        label=_("Result"), choices=Check.VALUES, help_text=_("No data means: we looked, and there was none to be had.")
    )
    numerator = Whole(label=_("Part"), required=False)
    denominator = Whole(label=_("Whole"), required=False)
    of_what = forms.CharField(label=_("Of what"), max_length=200, required=False, help_text=_("As: hearings observed"))
    text = words(_("What was found"), required=False)
    explanation = words(_("What the party says about it"), required=False, rows=3)
    evidence = Codes(label=_("Rests on"), required=False, help_text=_("Codes of observations and claims, as PZ-0417, PZ-0418"))
    contradicting = Codes(label=_("Speaks against it"), required=False)
    public_source = forms.CharField(
        label=_("Public source"), max_length=500, required=False, help_text=_("An address, where it was published")
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        """In the order of the work; who holds it comes last."""
        super().__init__(*given, **options)
        self.last(
            "obligation", "place", "institution", "round", "checked_on", "value", "numerator", "denominator", "of_what", "text", "evidence",
            "contradicting", "public_source", "explanation",
        )  # fmt: skip


class CheckCorrection(HeldAsk):
    """Correct a check: what it found, not what it is a check of."""

    NEEDED: ClassVar = {"of_what": _("needed with a part or a whole")}
    verb = Verb.CHECK_EDIT
    value = forms.ChoiceField(label=_("Result"), choices=Check.VALUES)
    checked_on = Day(label=_("Checked on"))
    numerator = Whole(label=_("Part"), required=False)
    denominator = Whole(label=_("Whole"), required=False)
    of_what = forms.CharField(label=_("Of what"), max_length=200, required=False)
    text = words(_("What was found"), required=False)
    explanation = words(_("What the party says about it"), required=False, rows=3)
    evidence = Codes(
        label=_("Rests on"), required=False, help_text=_("Codes; what you leave out is taken away, and the line stays on record")
    )
    public_source = forms.CharField(label=_("Public source"), max_length=500, required=False)
    why = forms.CharField(label=_("Why it is corrected"), max_length=500)

    CHANGES = ("value", "checked_on", "numerator", "denominator", "of_what", "text", "explanation", "public_source", "sensitivity")

    def __init__(self, *given: Any, **options: Any) -> None:
        """A correction does not move a check to another unit."""
        super().__init__(*given, **options)
        del self.fields["unit"]
