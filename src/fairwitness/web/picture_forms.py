"""Forms of pictures: what a picture shows and who is on it, boxes to cover, what somebody on it allowed, the gate.

Boxes are four numbers in percent and whom they cover; drawing them with a finger only fills these fields in. The rule it
guards: nobody is asked for a name, and a box of which one number is missing is sent back, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fairwitness.errors import BadInput, spoken
from fairwitness.mission.access import open_one
from fairwitness.mission.handling import SENSITIVITIES, Sensitivity, Use
from fairwitness.mission.models import Counterpart
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.describe_picture import Person
from fairwitness.monitor.models import Attachment, Depicted, PictureConsent, Source
from fairwitness.monitor.redact_picture import THING, WHOLE, Box
from fairwitness.web.ask import Ask
from fairwitness.web.monitor_fields import Coded
from fairwitness.web.monitor_forms import LANGUAGE, Sent
from fairwitness.web.typed_fields import Day

ROWS = 12
SHOWN = 4
"""Rows of boxes that stand open; the others are folded."""
SIDES = ("left", "top", "width", "height")
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2})\d*)?\s*%?")
CODES = _("Codes with commas between them, never a name: S-0231, S-0232")


class SourceCodes(forms.CharField):
    """Sources by their codes, in one line, as far as the hand may see them. The form sets `hand`."""

    hand: Any = None

    def clean(self, value: Any) -> Any:
        """The sources with these codes."""
        found = []
        for code in re.split(r"[,;\s]+", super().clean(value).strip()):
            if code and self.hand is not None:
                try:
                    found.append(open_one(self.hand, Source.objects.all(), code=code))
                except Exception as error:
                    if getattr(error, "code", "") != "not_there":
                        raise
                    said = {"code": "".join(letter for letter in code[:40] if letter.isprintable())}
                    raise forms.ValidationError(_("No source that you may open has the code “%(code)s”."), params=said) from None
        return found


class DescribeForm(Sent):
    """What a picture shows, and who can be recognised on it."""

    caption = forms.CharField(label=_("What it shows"), max_length=500, help_text=_("It must identify nobody"))
    credit = forms.CharField(label=_("Who made it (code)"), max_length=200)
    licence = forms.CharField(label=_("Under which terms it may be shown"), max_length=200)
    people = forms.ChoiceField(label=_("Can anybody be recognised on it?"), choices=Attachment.PEOPLE, widget=forms.RadioSelect)
    adults = SourceCodes(label=_("Adults we know by code"), required=False, max_length=2000, help_text=CODES)
    children = SourceCodes(label=_("Children we know by code"), required=False, max_length=2000, help_text=CODES)
    unknown_adults = forms.IntegerField(label=_("Further adults, by number"), min_value=0, max_value=500, required=False)
    unknown_children = forms.IntegerField(label=_("Further children, by number"), min_value=0, max_value=500, required=False)
    why = forms.CharField(label=_("Why it is described anew"), max_length=500, required=False)

    def __init__(self, *given: Any, copy: bool = False, **options: Any) -> None:
        """Who is on a copy is written down at its original."""
        super().__init__(*given, **options)
        if copy:
            for name in ("people", "adults", "children", "unknown_adults", "unknown_children"):
                del self.fields[name]
        for field in self.fields.values():
            if isinstance(field, SourceCodes):
                field.hand = self.hand

    def described(self) -> dict[str, Any]:
        """What was typed, as `describe_picture` takes it."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("caption", "credit", "licence", "why", "base")}
        if "people" not in data:
            return said
        persons = [Person(source) for source in data["adults"]] + [Person(source, child=True) for source in data["children"]]
        persons += [Person(count=data["unknown_adults"])] if data["unknown_adults"] else []
        persons += [Person(child=True, count=data["unknown_children"])] if data["unknown_children"] else []
        return said | {"people": data["people"], "persons": persons}


def person_words(line: Depicted, sees_source: bool = True) -> str:
    """Somebody on a picture in words that name nobody."""
    if line.source is None:
        if line.child:
            return ngettext("%(count)s unknown child", "%(count)s unknown children", line.count) % {"count": line.count}
        return ngettext("%(count)s unknown adult", "%(count)s unknown adults", line.count) % {"count": line.count}
    code = line.source.code if sees_source else _now("by code")
    return (_now("child %(code)s") if line.child else _now("adult %(code)s")) % {"code": code}


class CoverForm(Sent):
    """Boxes to cover, row by row."""

    caption = forms.CharField(label=_("What the copy shows"), max_length=500, help_text=_("It must identify nobody"))
    sensitivity = forms.TypedChoiceField(
        label=_("Sensitivity of the copy"), coerce=int, choices=[pair for pair in SENSITIVITIES if pair[0]],
        initial=int(Sensitivity.INTERNAL),
    )  # fmt: skip
    why = forms.CharField(label=_("What was covered, and why"), max_length=500, required=False)

    def __init__(self, *given: Any, lines: Sequence[Depicted] = (), boxes: Sequence[dict[str, Any]] = (), **options: Any) -> None:
        """One row of fields for each box; the boxes of an earlier copy are offered again."""
        initial = {"why": "", **(options.pop("initial", None) or {})}
        for number, box in enumerate(boxes[:ROWS], 1):
            initial |= {f"{side}_{number}": _percent(box[side]) for side in SIDES} | {f"covers_{number}": box["covers"]}
        super().__init__(*given, initial=initial, **options)
        whom = [(THING, _("a plate, a sign, a door: no person")), *((str(line.id), person_words(line)) for line in lines)]
        for number in range(1, ROWS + 1):
            for side in SIDES:
                field = forms.CharField(max_length=9, required=False, label=_SIDE_WORDS[side])
                field.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
                self.fields[f"{side}_{number}"] = field
            self.fields[f"covers_{number}"] = forms.ChoiceField(label=_("Covers"), choices=whom, required=False)

    def clean(self) -> dict[str, Any]:
        """The boxes that were drawn; half a box is none."""
        data = super().clean() or {}
        self.boxes: list[Box] = []
        for number in range(1, ROWS + 1):
            typed = {side: str(data.get(f"{side}_{number}") or "").strip() for side in SIDES}
            if not any(typed.values()):
                continue
            parts = {side: _hundredths(text) for side, text in typed.items()}
            wrong = [side for side, part in parts.items() if part is None]
            if wrong:
                say = _("Box %(number)s: give left, top, width and height in percent, such as 12.5.") % {"number": number}
                self.add_error(f"{wrong[0]}_{number}", say)
            else:
                left, top, width, height = (part or 0 for part in parts.values())
                self.boxes.append(Box(left, top, width, height, data.get(f"covers_{number}") or THING))
        if not self.boxes and not self.errors:
            self.add_error("left_1", _("Draw a box on the picture, or type left, top, width and height in percent."))
        return data

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row of fields with its number, for the page."""
        for number in range(1, ROWS + 1):
            yield {"number": number, "sides": [self[f"{side}_{number}"] for side in SIDES], "covers": self[f"covers_{number}"]}

    def open_rows(self) -> list[dict[str, Any]]:
        """The rows that stand open: the first ones."""
        return list(self.rows())[:SHOWN]

    def folded_rows(self) -> list[dict[str, Any]]:
        """The rows under the fold."""
        return list(self.rows())[SHOWN:]

    def plain_fields(self) -> list[Any]:
        """The fields beside the boxes."""
        return [self["caption"], self["sensitivity"], self["why"]]


_SIDE_WORDS = {"left": _("From the left, %"), "top": _("From the top, %"), "width": _("Wide, %"), "height": _("High, %")}


def _hundredths(text: str) -> int | None:
    """Hundredths of a percent: 12.5 is 1250."""
    found = _PERCENT.fullmatch(text)
    if found is None:
        return None
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _percent(part: int) -> str:
    return f"{part / WHOLE * 100:.2f}".rstrip("0").rstrip(".")


class PictureConsentForm(Sent):
    """What somebody on a picture allowed."""

    uses = forms.MultipleChoiceField(
        label=_("This picture may be used for"), choices=[(use.value, use.label) for use in Use], widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked is a No"),
    )  # fmt: skip
    audience = forms.CharField(
        label=_("Which partner or court"), max_length=120, required=False,
        help_text=_("Empty: every one of them. It narrows those two uses"),
    )  # fmt: skip
    guardian = Coded(
        Source, label=_("Guardian (code)"), required=False, help_text=_("Register the guardian as a source first; never a name")
    )
    guardian_as = forms.CharField(label=_("What the guardian is to the child"), max_length=80, required=False)
    child_said = forms.ChoiceField(label=_("And the child?"), choices=PictureConsent.CHILD_SAID, widget=forms.RadioSelect, required=False)
    given = Day(label=_("Given on"))
    language = forms.CharField(label=_("In which language"), max_length=16, help_text=LANGUAGE)
    interpreter = forms.CharField(label=_("Interpreter (code)"), max_length=120, required=False)
    expires = Day(label=_("Ends on"), required=False)

    def __init__(self, *given: Any, child: bool, **options: Any) -> None:
        """An adult has no guardian."""
        super().__init__(*given, **options)
        for name in ("guardian", "guardian_as", "child_said"):
            if not child:
                del self.fields[name]
            elif name != "guardian_as":
                self.fields[name].required = False
        if child:
            guardian = self.fields["guardian"]
            assert isinstance(guardian, Coded)
            guardian.hand = self.hand

    def allowed(self) -> dict[str, Any]:
        """What was typed, as `give_for_picture` takes it."""
        data = self.cleaned_data
        narrow = {use: data["audience"] if use in (Use.PARTNERS, Use.COURT) else "" for use in Use}
        scopes = [Scope(Use(use), audience=narrow[Use(use)], expires=data["expires"]) for use in data["uses"]]
        return {"scopes": scopes, **self.said("uses", "audience", "expires")}


class PictureGateForm(Ask):
    """To whom a picture goes."""

    partner = forms.ModelChoiceField(
        Counterpart.objects.filter(agreements__isnull=False, ended__isnull=True).distinct().order_by("name"), label=_("To whom"),
        required=False, empty_label=_("The public"),
    )  # fmt: skip
    caveats_read = forms.BooleanField(label=_("I read the conditions of the agreement, and they are kept"), required=False)


def told_of_boxes(form: CoverForm, wrong: BadInput) -> None:
    """What is wrong with the boxes stands at the first row."""
    for fault in wrong.faults:
        name = fault.field if fault.field in form.fields else "left_1" if fault.field == "boxes" else None
        form.add_error(name, spoken(fault.sentence))
