"""Forms of analysing: what to tabulate, a rating, a tie, a finding, a published figure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.analyse.models import ALARM_OUTCOMES, INFORMATION_GRADES, SOURCE_GRADES, STANDARDS_OF_PROOF
from fairwitness.analyse.rules import COUNTING, STANDARD_RULE
from fairwitness.analyse.tabulate import WHAT
from fairwitness.mission.access import visible
from fairwitness.mission.models import Standard
from fairwitness.mission.tell_time import today
from fairwitness.monitor.count import QUALIFIERS
from fairwitness.monitor.observe import KINDS
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.verify.find_evidence import find_evidence, split_codes
from fairwitness.verify.models import Check
from fairwitness.warn.models import Warning
from fairwitness.web.ask import Ask
from fairwitness.web.typed_fields import AnyPlace, Day, Month, TermChoice, Whole
from fairwitness.web.verify_cells import WORDS as CHECK_WORDS
from fairwitness.web.verify_fields import Codes, HeldAsk, PlaceField, institutions, words

WHAT_WORDS = {
    "observations": _("Observations"), "claims": _("Claims"), "restrictions": _("Restrictions of access"), "checks": _("Checks"),
    "events": _("Events"),
}  # fmt: skip


def pieces(text: str, field: str, *, by: Hand) -> list[Any]:
    """Observations, claims and checks by their codes: what a finding rests on."""
    codes = split_codes(text)
    checks = {one.code: one for one in visible(by, Check.objects.filter(code__in=codes[:200]))}
    others = find_evidence(" ".join(code for code in codes if code not in checks), field, by=by)
    return [*(checks[code] for code in codes if code in checks), *others]


class Pieces(Codes):
    """As codes of evidence, checks too."""

    finder = staticmethod(pieces)


class KindOf(TermChoice):
    """A kind of what is counted, as the mission's lists call it: offered, understood by any of its names, and refused when it is none."""

    def __init__(self, **options: Any) -> None:
        """Kinds of what was seen, told and done, of restrictions, and what a check comes to."""
        super().__init__("observation", "event", also=(*KINDS, "restriction"), label=_("Of which kind"), required=False, **options)

    def _terms(self) -> list[tuple[Any, Any]]:
        return [*super()._terms(), (_("Checks"), [(key, str(word)) for key, word in CHECK_WORDS.items()])]

    def to_python(self, value: Any) -> str:
        """The code; a check's value stays as it is."""
        return str(value) if value in CHECK_WORDS else super().to_python(value)

    def valid_value(self, value: Any) -> bool:
        """Whether a list has it."""
        return value in CHECK_WORDS or super().valid_value(value)


class TableAsk(Ask):
    """What to count, over which months, by which rule."""

    what = forms.ChoiceField(label=_("What"), choices=[(key, WHAT_WORDS[key]) for key in WHAT])
    kind = KindOf()
    since = Month(label=_("From month"), help_text=_("As 05.2026"))
    until = Month(label=_("To month"), help_text=_("As 05.2026"))
    rule = forms.ChoiceField(
        label=_("Counted by"), choices=[(rule.name, str(rule)) for rule in COUNTING.values()], initial=STANDARD_RULE.name, required=False
    )
    as_of = Day(label=_("As recorded by the end of"), required=False)
    place = PlaceField(label=_("Drawn for"), required=False)


class WeekAsk(Ask):
    """What to watch, in which week."""

    what = forms.ChoiceField(label=_("What"), choices=[(key, WHAT_WORDS[key]) for key in WHAT])
    kind = KindOf()
    week = Day(label=_("Any day of the week"), required=False)

    def clean_week(self) -> date | None:
        """A week that has begun."""
        day: date | None = self.cleaned_data["week"]
        if day is not None and day - timedelta(days=day.weekday()) > today():
            raise forms.ValidationError(_("This week has not begun; choose one that has."))
        return day


class OverlapAsk(Ask):
    """An overlap of lists, and of whom, when and where it is: a number without them means nothing to a reader."""

    overlap = forms.CharField(
        label=_("One column of 0 and 1 for each list, the count last"), widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        max_length=100_000, help_text=_("A line for each pattern, the first line naming the columns; comma, semicolon or tab between."),
    )  # fmt: skip
    independence = forms.CharField(
        label=_("Only for two lists: why they are independent of each other"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000,
        required=False,
    )  # fmt: skip
    population = forms.CharField(label=_("Of whom or what"), max_length=200)
    period = forms.CharField(label=_("In which time"), max_length=200)
    place = forms.CharField(label=_("Where"), max_length=200)


class OutcomeForm(Ask):
    """What came of an alarm."""

    NEEDED: ClassVar = {"warning": _("needed if one was issued"), "words": _("needed unless it is not known yet"), "why": _("needed")}
    outcome = forms.ChoiceField(label=_("What came of it"), choices=ALARM_OUTCOMES, widget=forms.RadioSelect)
    warning = forms.CharField(label=_("The warning’s code"), max_length=32, required=False)
    words = words(_("What was found, and how one knows"), required=False)
    why = forms.CharField(
        label=_("Why this is corrected"), max_length=500, required=False, help_text=_("The earlier words stay on record.")
    )  # fmt: skip

    def clean_warning(self) -> Warning | None:
        """A warning this reader may see."""
        code = self.cleaned_data["warning"].strip()
        if not code:
            return None
        found: Warning | None = visible(self.hand, Warning.objects.filter(code=code)).first()
        if found is None:
            raise forms.ValidationError(_("There is no warning with this code that you may see."))
        return found


class SeriesAsk(Ask):
    """What to watch, and as it stood on record at which time."""

    what = forms.ChoiceField(label=_("What"), choices=[(key, WHAT_WORDS[key]) for key in WHAT])
    kind = KindOf()
    as_of = Day(label=_("Beside it, as recorded by the end of"), required=False)


class AssessmentForm(Ask):
    """Rate source and information, each by itself. Nothing is chosen beforehand: a rating is made, not left standing."""

    source_grade = forms.ChoiceField(label=_("The source"), choices=[("", ""), *((key, f"{key}: {word}") for key, word in SOURCE_GRADES)])
    information_grade = forms.TypedChoiceField(
        label=_("The information"), choices=[("", ""), *((key, f"{key}: {word}") for key, word in INFORMATION_GRADES)], coerce=int,
        help_text=_("Judged by itself: a reliable source can be wrong."),
    )  # fmt: skip
    reason = words(_("Why"), most=5_000)


class TieForm(Ask):
    """Decide that another source speaks of the same event."""

    other = Codes(label=_("The other source"), help_text=_("The code of an observation or a claim"))
    reason = forms.CharField(label=_("Why these speak of one event"), max_length=300)

    def __init__(self, *given: Any, hand: Hand, **options: Any) -> None:
        """The code is looked up among what the hand may see."""
        super().__init__(*given, hand=hand, **options)
        field = self.fields["other"]
        if isinstance(field, Codes):
            field.hand = hand

    def clean_other(self) -> Any:
        """Exactly one."""
        found = self.cleaned_data["other"]
        if len(found) != 1:
            raise forms.ValidationError(_("Give one code."))
        return found[0]


class UntieForm(Ask):
    """Undo a tie."""

    link = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why it is undone"), max_length=300)


class FindingForm(HeldAsk):
    """Conclude a finding."""

    NEEDED: ClassVar = {
        "evidence": _("needed unless there is a public source"), "public_source": _("needed unless it rests on something of ours"),
    }  # fmt: skip
    verb = Verb.FINDING_CONCLUDE
    title = forms.CharField(label=_("The finding, in one line"), max_length=300)
    text = words(_("What was found"), most=50_000, rows=8)
    place = AnyPlace(label=_("Place"))
    institution = institutions(_("Institution"))
    standard = forms.ModelChoiceField(Standard.objects.order_by("title", "article"), label=_("Standard"), required=False)
    proof = forms.ChoiceField(label=_("Standard of proof"), choices=STANDARDS_OF_PROOF)
    concluded = Day(label=_("Concluded on"), required=False)
    evidence = Pieces(label=_("Rests on"), required=False, help_text=_("Codes of observations, claims and checks"))
    contradicting = Pieces(label=_("Speaks against it"), required=False)
    alternatives = words(_("Other readings that were weighed"), required=False)
    public_source = forms.CharField(label=_("Public source"), max_length=500, required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        """In the order of the work; who holds it comes last."""
        super().__init__(*given, **options)
        self.last(
            "title",
            "text",
            "place",
            "institution",
            "standard",
            "evidence",
            "contradicting",
            "proof",
            "alternatives",
            "concluded",
            "public_source",
        )


class FindingEdit(HeldAsk):
    """Change a finding."""

    verb = Verb.FINDING_EDIT
    title = forms.CharField(label=_("The finding, in one line"), max_length=300)
    text = words(_("What was found"), most=50_000, rows=8)
    proof = forms.ChoiceField(label=_("Standard of proof"), choices=STANDARDS_OF_PROOF)
    evidence = Pieces(
        label=_("Rests on"), required=False, help_text=_("Codes; what you leave out is taken away, and the line stays on record")
    )
    alternatives = words(_("Other readings that were weighed"), required=False)
    public_source = forms.CharField(label=_("Public source"), max_length=500, required=False)
    why = forms.CharField(label=_("Why it is changed"), max_length=500)

    CHANGES = ("title", "text", "proof", "alternatives", "public_source", "sensitivity")

    def __init__(self, *given: Any, **options: Any) -> None:
        """An edit does not move a finding to another unit."""
        super().__init__(*given, **options)
        del self.fields["unit"]


class FigureForm(HeldAsk):
    """Write down a published figure."""

    NEEDED: ClassVar = {"break_reason": _("needed if so")}
    verb = Verb.FIGURE_STATE
    about = forms.CharField(label=_("What was counted"), max_length=120, help_text=_("The same words for every body that counts it"))
    series = forms.CharField(label=_("Series"), max_length=120, help_text=_("As the body calls it"))
    published_by = forms.CharField(label=_("Published by"), max_length=200)
    label = forms.CharField(label=_("For"), max_length=60, help_text=_("The period as it is written, as 2024"))
    year = Whole(label=_("Year"))
    count_low = Whole(label=_("Figure"), min_value=0)
    count_high = Whole(label=_("Up to"), required=False, min_value=0)
    qualifier = forms.ChoiceField(label=_("As it is said"), choices=[(word, word.replace("_", " ")) for word in QUALIFIERS])
    method = words(_("How it was counted"))
    contributors = forms.CharField(
        label=_("Who contributed"), max_length=1000, required=False, help_text=_("Names, separated by semicolons")
    )
    is_break = forms.BooleanField(label=_("Counted another way than the figure before"), required=False)
    break_reason = forms.CharField(label=_("What changed"), max_length=300, required=False)
    public_source = forms.CharField(label=_("Public source"), max_length=500)

    def clean_contributors(self) -> list[str]:
        """The names, one by one."""
        return [name.strip() for name in self.cleaned_data["contributors"].split(";") if name.strip()]
