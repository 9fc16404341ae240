"""Forms of warning: issue, answer, judge."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.analyse.models import Finding
from fairwitness.mission.access import visible
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.verify.find_evidence import find_evidence, split_codes
from fairwitness.warn.models import LIKELIHOODS, OUTCOMES, WarningResponse
from fairwitness.web.ask import Ask
from fairwitness.web.typed_fields import AnyPlace, Day
from fairwitness.web.verify_fields import Codes, HeldAsk, institutions, words


def grounds(text: str, field: str, *, by: Hand) -> list[Any]:
    """Observations, claims and findings by their codes: what a warning rests on."""
    codes = split_codes(text)
    findings = {one.code: one for one in visible(by, Finding.objects.filter(code__in=codes[:200]))}
    others = find_evidence(" ".join(code for code in codes if code not in findings), field, by=by)
    return [*(findings[code] for code in codes if code in findings), *others]


class Grounds(Codes):
    """As codes of evidence, findings too."""

    finder = staticmethod(grounds)


class WarningForm(HeldAsk):
    """Issue a warning."""

    verb = Verb.WARNING_ISSUE
    title = forms.CharField(label=_("What may happen, in one line"), max_length=200)
    text = words(_("What is developing, and why it may come to this"), rows=6)
    place = AnyPlace(label=_("Place"))
    likelihood = forms.ChoiceField(label=_("How likely"), choices=LIKELIHOODS)
    likelihood_why = words(_("Why so likely"), required=False, rows=3, most=5_000)
    severity = forms.CharField(label=_("How bad it would be"), max_length=300)
    alternatives = words(_("Other readings"), required=False, rows=3)
    horizon_ends = Day(label=_("By when"), help_text=_("The horizon: when this day has passed, the warning is judged."))
    addressee = institutions(_("Who is warned"), required=True)
    action_asked = forms.CharField(label=_("What is asked of them"), max_length=300)
    action_due = Day(label=_("Asked by"), required=False)
    basis = Grounds(label=_("Rests on"), help_text=_("Codes of observations, claims and findings"))

    def __init__(self, *given: Any, **options: Any) -> None:
        """In the order of the work; who holds it comes last."""
        super().__init__(*given, **options)
        self.last(
            "title", "text", "place", "basis", "likelihood", "likelihood_why", "severity", "alternatives", "horizon_ends", "addressee",
            "action_asked", "action_due",
        )  # fmt: skip


class AnswerForm(Ask):
    """Write down what the addressee did."""

    kind = forms.ChoiceField(label=_("The addressee"), choices=WarningResponse.KINDS)
    responded = Day(label=_("When"))
    text = words(_("What was said or done"))


class JudgeForm(Ask):
    """Judge a warning afterwards."""

    NEEDED: ClassVar = {"early_why": _("needed before the horizon has ended")}
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", ""), *((value, word) for value, word in OUTCOMES if value)])
    outcome_note = words(_("What happened, and how one knows"))
    judged = Day(label=_("Judged on"), required=False)
    early_why = forms.CharField(label=_("Why before the horizon has ended"), max_length=300, required=False)
    lesson = words(_("What is learned"), required=False, rows=3)
