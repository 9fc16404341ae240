"""Forms about sources: a claim with its consent, what came of testing it, a source by code, the vault behind it.

The rule it guards: a form for a claim cannot be sent without passing the questions of consent, and what nobody touched is a No.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.mission.handling import Sensitivity
from fairwitness.monitor.consent import Part
from fairwitness.monitor.models import Activity, Claim, Source
from fairwitness.monitor.models.observation import Timed
from fairwitness.monitor.observe import KINDS
from fairwitness.record.verbs import Verb
from fairwitness.web.how_told import HowTold
from fairwitness.web.institution_field import AnyInstitution
from fairwitness.web.monitor_fields import Coded, ScopesMixin
from fairwitness.web.monitor_forms import LANGUAGE, OFFERED, MonitorAsk, Sent
from fairwitness.web.suggest_line import SuggestLine
from fairwitness.web.typed_fields import AnyPlace, Day, Moment, TermChoice
from fairwitness.web.verify_fields import words


class ClaimForm(HowTold, ScopesMixin, MonitorAsk):
    """Write down what somebody told us, with what they allowed."""

    verb = Verb.CLAIM_SUBMIT
    QUESTIONS = (
        (_("Who said it"), ("source",)), (_("What was said"), ("headline", "kind")), (_("About which place"), ("place",)),
        (_("In their words"), ("verbatim", "language", "translation")), (_("When they told us"), ("told", "told_precision")),
        (_("When it is said to have happened"), ("occurred_from", "precision", "count", "state")),
        (_("What the source allows"), ("use_*", "audience", "expires", "interpreter", "own_words", "text")),
        (_("Where it belongs"), ("activity", "quoted_from", "unit", "sensitivity")),
    )  # fmt: skip
    ASKED = ("use_*",)
    source = Coded(Source, label=_("Source (code)"), help_text=_("Never a name. Register a new source first"))
    headline = forms.CharField(label=_("What was said, in one line"), max_length=200, help_text=_("It must identify nobody"))
    kind = TermChoice(*OFFERED, also=KINDS, label=_("What kind"))
    place = AnyPlace(label=_("About which place"))
    verbatim = words(_("In their words"), most=100_000, help_text=_("Sealed: readable only to those who may"))
    language = forms.CharField(label=_("In which language"), max_length=16, help_text=LANGUAGE)
    translation = words(_("Our translation"), required=False, most=100_000)
    told = Moment(label=_("When we were told"))
    told_precision = forms.ChoiceField(
        label=_("How exactly is that known"), choices=[("minute", _("To the minute")), ("day", _("Only the day; the hour is not known"))],
        initial="minute", required=False,
    )  # fmt: skip
    occurred_from = Moment(label=_("When it is said to have happened"), required=False)
    precision = forms.ChoiceField(label=_("How exactly is it known when it happened"), choices=Timed.PRECISIONS, initial="unknown")
    state = forms.ChoiceField(
        label=_("How we write of it"), choices=[(Claim.REPORTED, _("Reported to us")), (Claim.ALLEGED, _("Alleged"))],
        widget=forms.RadioSelect, initial=Claim.REPORTED,
    )  # fmt: skip
    count = forms.CharField(label=_("How many, as they said it"), max_length=60, required=False)
    activity = Coded(Activity, label=_("During which activity (code)"), required=False)
    quoted_from = forms.CharField(
        label=_("Quoted from (address)"), max_length=500, required=False,
        help_text=_("Only where the source published these very words at its own public address"),
    )  # fmt: skip
    expires = Day(label=_("Consent ends on"), required=False)
    interpreter = forms.CharField(label=_("Interpreter (code)"), max_length=120, required=False, widget=SuggestLine("member"))

    def __init__(self, *given: Any, **options: Any) -> None:
        """What people told us begins as restricted."""
        super().__init__(*given, **options)
        self.fields["sensitivity"].initial = int(Sensitivity.RESTRICTED)
        told = self.fields["told"]
        assert isinstance(told, Moment)
        told.noon = self.data.get("told_precision") == "day"
        self.add_scopes()
        self.add_how_told(needed=False)
        asked = [name for name in self.fields if name.startswith("use_")]
        last = [*asked, "audience", "expires", "text", "own_words", "interpreter", "unit", "sensitivity"]
        self.order_fields([*(name for name in self.fields if name not in last), *last])


    def said(self, *leave: str) -> dict[str, Any]:
        """Unless somebody says otherwise, the telling is known to the minute."""
        given = super().said(*leave)
        return given | {"told_precision": given.get("told_precision") or "minute"}


class TestForm(Sent):
    """What came of going and looking."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), widget=forms.RadioSelect,
        choices=[(Claim.UNABLE, _("Unable to confirm")), (Claim.VERIFIED, _("Verified"))],
    )  # fmt: skip
    note = words(_("What was done to test it"), most=10_000)
    look_again = Day(label=_("Next look on"), required=False, help_text=_("Empty: in a fortnight. The claim stays on the pending list"))


class SourceForm(MonitorAsk):
    """Register a source by code."""

    verb = Verb.SOURCE_REGISTER
    category = forms.CharField(
        label=_("What kind of source"), max_length=120, help_text=_("Municipal official, resident, NGO; never a name")
    )
    organisation = AnyInstitution(label=_("Organisation"), required=False)
    languages = forms.CharField(label=_("Languages"), max_length=80, required=False, help_text=_("sq, sr"))
    risk = words(_("What could happen to this source"), required=False, most=5000, rows=3)
    public_source = forms.CharField(
        label=_("Address, if it speaks in public"), max_length=500, required=False,
        help_text=_("Where it publishes its own words, as https://…; a claim may then say that it quotes from there"),
    )  # fmt: skip

    def __init__(self, *given: Any, **options: Any) -> None:
        """Sources begin as restricted."""
        super().__init__(*given, **options)
        self.fields["sensitivity"].initial = int(Sensitivity.RESTRICTED)

    def said(self, *leave: str) -> dict[str, Any]:
        """Languages as a list."""
        given = super().said(*leave)
        return given | {"languages": [part for part in given.get("languages", "").replace(",", " ").split() if part]}


class ConsentForm(HowTold, ScopesMixin, Sent):
    """Write down what a source allowed."""

    given = Day(label=_("Given on"))
    language = forms.CharField(label=_("In which language"), max_length=16, help_text=LANGUAGE)
    interpreter = forms.CharField(label=_("Interpreter (code)"), max_length=120, required=False, widget=SuggestLine("member"))
    expires = Day(label=_("Ends on"), required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        """The uses come first."""
        super().__init__(*given, **options)
        self.add_scopes()
        self.add_how_told(needed=True)
        uses = [name for name in self.fields if name.startswith("use_")]
        self.order_fields([*uses, "audience", "given", "language", "text", "own_words"])


class WithdrawForm(Sent):
    """Undo something of our own, with the reason."""

    why = forms.CharField(label=_("Why"), max_length=300)


LEARNED = _("A source needs no reason, and nobody asks for one")


class TakeBackForm(Sent):
    """Take consent back on behalf of the source: everything, or the parts that are ticked. A source gives no reason."""

    everything = forms.BooleanField(label=_("Everything"), required=False)
    why = forms.CharField(label=_("How we learned of it"), max_length=300, required=False, help_text=LEARNED)

    def __init__(self, *given: Any, open_parts: list[Part], **options: Any) -> None:
        """One tick for each use, and for each partner named apart, that could be taken back today."""
        super().__init__(*given, **options)
        self.parts = {f"{part.use.value}|{part.audience}": part for part in open_parts}
        said = [(key, f"{part.use.label}: {part.audience}" if part.audience else part.use.label) for key, part in self.parts.items()]
        self.fields["parts"] = forms.MultipleChoiceField(
            label=_("Or only these uses"), choices=said, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.order_fields(["everything", "parts", "why"])

    def clean(self) -> dict[str, Any]:
        """Something is ticked."""
        data = super().clean() or {}
        if not data.get("everything") and not data.get("parts") and "parts" not in self.errors:
            self.add_error("parts", _("Tick what is taken back: everything, or the uses it is taken back from."))
        return data

    def taken(self) -> list[Part] | None:
        """The parts taken back; None for everything."""
        return None if self.cleaned_data["everything"] else [self.parts[key] for key in self.cleaned_data["parts"]]


class ProtectForm(Sent):
    """Take everything back, and destroy the key if that is asked."""

    why = forms.CharField(label=_("How we learned of it"), max_length=300, required=False, help_text=LEARNED)
    destroy = forms.BooleanField(
        label=_("Destroy the key as well: nobody can read these words again, and it cannot be undone"), required=False
    )


class QuoteForm(Sent):
    """Where a source published these words itself, or that it did not."""

    quoted_from = forms.CharField(
        label=_("Quoted from (address)"), max_length=500, required=False,
        help_text=_("At or below the public address of the source. Empty: it said this to us, and only consent counts"),
    )  # fmt: skip
    why = forms.CharField(label=_("Why this is changed"), max_length=300)


class IdentityForm(Sent):
    """Put an identity into the vault. Never kept as a draft. Where one lies already, replacing it has to be meant."""

    secret = True
    replace = forms.BooleanField(
        label=_("Replace the identity that lies in the vault; the earlier one stays sealed on record"), required=False
    )
    name = forms.CharField(label=_("Name"), max_length=300)
    contact = forms.CharField(label=_("How to reach them safely"), max_length=1000, required=False)
    note = words(_("What else must be known to protect them"), required=False, most=5000, rows=3)


class OpenVaultForm(Sent):
    """Open the vault for one source."""

    why = forms.CharField(label=_("Why you need to know; it stays on record"), min_length=4, max_length=300)


class CompareVaultForm(Sent):
    """Compare the identities in the vault with each other."""

    why = forms.CharField(label=_("Why the sources have to be compared; it stays on record"), min_length=4, max_length=300)


class VaultSearchForm(Sent):
    """Search the vault by exact words."""

    words = forms.CharField(label=_("Words of a name or number, whole"), max_length=300)
