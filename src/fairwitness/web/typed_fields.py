"""Fields for what people type: a day, a month, a moment, a whole number, a place by any of its names, a word of a list.

Reading is done by `mission.read_time` and `mission.read_typed`; a field hands over what was typed and shows what comes
back. The rule it guards: what cannot be read for certain is sent back in the same words on every form, with the choices.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from fairwitness.errors import BadInput, spoken
from fairwitness.mission.find_places import below
from fairwitness.mission.models import Place, Term
from fairwitness.mission.name_places import name_of
from fairwitness.mission.read_time import read_day, read_moment, read_month
from fairwitness.mission.read_typed import LARGEST, places_called, read_place, read_whole, read_word
from fairwitness.mission.tell_time import mission_zone
from fairwitness.record.remember import recall
from fairwitness.web.place_line import PlaceLine

T = TypeVar("T")
CLOCK = re.compile(r"\d{1,2}[:h]\d{2}")


def read(how: Callable[..., T], *given: Any, **bounds: Any) -> T:
    """What somebody typed, read; what is wrong with it becomes the field's own error."""
    try:
        return how(*given, **bounds)
    except BadInput as wrong:
        raise forms.ValidationError([spoken(fault.sentence) for fault in wrong.faults], code="invalid") from None


class Day(forms.DateField):
    """A day: 11 May 2026, 11.05.2026 or 2026-05-11."""

    def __init__(self, **options: Any) -> None:
        """As a date field; read back in figures."""
        super().__init__(widget=forms.DateInput(format="%d.%m.%Y"), **options)

    def to_python(self, value: Any) -> date | None:
        """The day, or nothing."""
        if value is None or isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        return read(read_day, str(value)) if str(value).strip() else None


class Month(forms.DateField):
    """A month: 2026-05, 05.2026 or May 2026. Gives its first day."""

    def __init__(self, **options: Any) -> None:
        """As a date field; read back in figures."""
        super().__init__(widget=forms.DateInput(format="%m.%Y"), **options)

    def to_python(self, value: Any) -> date | None:
        """The first day of the month, or nothing."""
        if value is None or isinstance(value, date):
            return value
        return read(read_month, str(value)) if str(value).strip() else None


class Moment(forms.DateTimeField):
    """Day and time as written (13 May 2026, 14:20), in the zone the mission lives in.

    A form that knows the `day` lets a time stand alone; one that knows that no hour is known (`noon`) lets a day stand alone.
    """

    day: date | None = None
    noon = False

    def __init__(self, **options: Any) -> None:
        """As a field of day and time."""
        super().__init__(widget=forms.DateTimeInput(), **options)

    def to_python(self, value: Any) -> datetime | None:
        """The moment with its zone, or nothing."""
        if value is None or isinstance(value, datetime):
            return value
        typed = str(value).strip()
        if self.day is not None and CLOCK.fullmatch(typed):
            typed = f"{self.day.isoformat()} {typed}"
        elif self.noon and typed and not CLOCK.search(typed):
            typed = f"{typed} 12:00"
        return read(read_moment, typed, mission_zone()) if typed else None

    def prepare_value(self, value: Any) -> Any:
        """Read back as it would be typed."""
        if isinstance(value, datetime):
            return date_format(value.astimezone(ZoneInfo(mission_zone())), "DATETIME_FORMAT")
        return value


    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it reads otherwise than it stood; seconds that are not shown are not lost by sending the form."""
        return " ".join(str(data or "").split()) != str(self.prepare_value(initial) or "")


class Whole(forms.IntegerField):
    """A whole number of zero or more: 3, 1 250."""

    def __init__(self, **options: Any) -> None:
        """A line for figures, so that a number may be typed as it is written."""
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **options)

    def to_python(self, value: Any) -> int | None:
        """The number, or nothing."""
        if value is None or isinstance(value, int):
            return value
        least, most = self.min_value or 0, LARGEST if self.max_value is None else self.max_value
        return read(read_whole, str(value), least=least, most=most) if str(value).strip() else None


class AnyPlace(forms.CharField):
    """A place by any of its names in any spelling, by two names with a slash, or by its code. Gives the place."""

    def __init__(self, **options: Any) -> None:
        """Hint and length are the field's own."""
        options.setdefault("help_text", _("Any name and spelling: Peja, Peć, Pec and Пећ find one place"))
        options.setdefault("widget", PlaceLine())
        super().__init__(max_length=200, **options)

    def clean(self, value: Any) -> Any:
        """The place, or what to write instead."""
        if isinstance(value, Place):
            return value
        typed = super().clean(value)
        return read(read_place, typed) if typed else None

    def prepare_value(self, value: Any) -> Any:
        """A place is read back by its name where that is its alone, else by its code."""
        if isinstance(value, Place):
            name = name_of(value)
            return name if len(places_called(name)) == 1 else f"{value.authority}:{value.code}"
        return value


    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it reads otherwise than it stood."""
        return str(data or "").strip() != str(self.prepare_value(initial) or "")


class Around(AnyPlace):
    """A place to look around in: where a name is that of a municipality and of a town in it, the whole of it is meant."""

    def clean(self, value: Any) -> Any:
        """The place, or what to write instead."""
        try:
            return super().clean(value)
        except forms.ValidationError:
            named = {place.pk: place for place in places_called(str(value))}
            for key, place in named.items():
                inside = below([key])
                if inside is not None and named.keys() <= set(inside):
                    return place
            raise


GROUPS = {
    "event": _("What happened"), "observation": _("What was perceived"), "target": _("Whom or what it hit"),
    "mechanism": _("Who is there to protect"), "response": _("How it was answered"),
}  # fmt: skip


class TermChoice(forms.ChoiceField):
    """A word of the mission's lists; free where a mission keeps no such list."""

    def __init__(self, *vocabularies: str, without: tuple[str, ...] = (), also: tuple[str, ...] = (), **options: Any) -> None:
        """The list is read when a form is made, so that new words are in it; words of `also` are understood, and not offered."""
        self.vocabularies, self.without, self.also = vocabularies, without, also or vocabularies
        super().__init__(choices=self._terms, **options)

    def _terms(self) -> list[tuple[Any, Any]]:
        asked = Term.objects.filter(vocabulary__in=self.vocabularies, ended__isnull=True).exclude(code__in=self.without)
        rows = recall(("web.typed_fields", self.vocabularies, tuple(self.without)), (Term,), lambda: list(asked))
        order = {name: place for place, name in enumerate(self.vocabularies)}
        terms = sorted(rows, key=lambda term: (order[term.vocabulary], term.order, term.code))
        groups: dict[str, dict[str, str]] = {}
        for term in terms:
            if not any(term.code in group for group in groups.values()):
                groups.setdefault(term.vocabulary, {})[term.code] = term.label
        if len(groups) < 2:
            return [("", "–"), *(pair for group in groups.values() for pair in group.items())]
        return [("", "–"), *((GROUPS.get(name, name), list(group.items())) for name, group in groups.items())]

    def to_python(self, value: Any) -> str:
        """The code of the word; a label or alias will do, and an unknown word comes back with the nearest."""
        typed = super().to_python(value)
        return read(read_word, typed, "", *self.also) if typed else ""

    def valid_value(self, value: Any) -> bool:
        """Whether the list has it; any plain word where there is no list."""
        if len(self._terms()) == 1 or super().valid_value(value):
            return True
        return self.also != self.vocabularies and Term.objects.filter(vocabulary__in=self.also, code=value).exists()
