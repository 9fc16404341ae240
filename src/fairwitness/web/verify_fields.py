"""Fields of the forms of verifying, analysing and warning: a place of a list, evidence by its codes.

The rule it guards: a form offers only what its reader may see, and what is typed is read back by the function that keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.errors import BadInput, spoken
from fairwitness.mission.access import rights
from fairwitness.mission.handling import SENSITIVITIES, Sensitivity
from fairwitness.mission.models import Counterpart, Place, Unit
from fairwitness.mission.name_places import names_of
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb
from fairwitness.verify.find_evidence import find_evidence
from fairwitness.web.ask import Ask

AREAS = ("municipality", "region", "mission area")


class PlaceField(forms.ChoiceField):
    """A municipality or a larger area, by the name the mission writes. Gives the place."""

    def __init__(self, **options: Any) -> None:
        """The list is read when a form is made, so that new places are in it."""
        super().__init__(choices=self._names, **options)

    def _names(self) -> list[tuple[str, str]]:
        keys = list(Place.objects.filter(kind__in=AREAS, ended__isnull=True).values_list("id", flat=True))
        named = sorted(names_of(keys).items(), key=lambda pair: pair[1])
        return [("", "–"), *((str(key), name) for key, name in named)]

    def clean(self, value: Any) -> Any:
        """The place chosen, or nothing."""
        chosen = super().clean(value)
        return Place.objects.get(pk=chosen) if chosen else None


class Codes(forms.CharField):
    """Observations and claims by their codes, in one line. Gives what stands behind them; the form sets `hand`."""

    hand: Hand | None = None
    finder: Callable[..., Any] = staticmethod(find_evidence)

    def clean(self, value: Any) -> Any:
        """The things with these codes, or what is wrong with them."""
        text = super().clean(value)
        if self.hand is None:
            return []
        try:
            return self.finder(text, "codes", by=self.hand)
        except BadInput as wrong:
            raise forms.ValidationError([spoken(fault.sentence) for fault in wrong.faults]) from None


class HeldAsk(Ask):
    """A form for a thing with a holding unit and a sensitivity. `verb` is what it does; units are those in which the hand may."""

    verb: Verb
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Held by"), empty_label=None, required=False)
    sensitivity = forms.TypedChoiceField(
        label=_("Sensitivity"), choices=SENSITIVITIES, coerce=int, initial=int(Sensitivity.INTERNAL), empty_value=None
    )

    def __init__(self, *given: Any, hand: Hand, **options: Any) -> None:
        """Offer the units this hand may write in, its own first."""
        super().__init__(*given, hand=hand, **options)
        held = rights(hand)
        reach = [right.units for right in held.by_verb.get(self.verb.value, ())]
        units = Unit.objects.filter(closed__isnull=True).order_by("code")
        if None not in reach:
            units = units.filter(pk__in={unit for some in reach for unit in some or ()})
        choice = self.fields["unit"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = units
            own = [unit for unit in held.units() if units.filter(pk=unit).exists()]
            choice.initial = own[0] if own else None
        for field in self.fields.values():
            if isinstance(field, Codes):
                field.hand = hand

    def last(self, *names: str) -> None:
        """Put who holds it and how sensitive it is at the end, after these."""
        self.order_fields([*names, "unit", "sensitivity"])


def institutions(label: Any, *, required: bool = False, help_text: Any = "") -> forms.ModelChoiceField:  # type: ignore[type-arg]
    """A choice among the institutions that stand today."""
    standing = Counterpart.objects.filter(ended__isnull=True).order_by("name")
    return forms.ModelChoiceField(standing, label=label, required=required, help_text=help_text)


def words(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "", most: int = 20_000) -> forms.CharField:
    """A longer text."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=area, help_text=help_text, max_length=most)


def told_changes(form: forms.Form, names: Sequence[str]) -> dict[str, Any]:
    """What a form says of these fields."""
    return {name: form.cleaned_data[name] for name in names}
