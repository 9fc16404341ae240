"""Fields of the forms of monitoring: a moment as people type it, a place by any of its names, scopes of consent line by line.

The rule it guards: what cannot be read for certain is sent back with the choices; nothing is guessed. A scope of
consent that nobody touched is a No.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from fairwitness.mission.access import open_one
from fairwitness.mission.fold import fold
from fairwitness.mission.handling import Disclosure, Use
from fairwitness.mission.models import Place, PlaceName, Term
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.models import Activity, Source
from fairwitness.monitor.read_input import mission_zone
from fairwitness.record.hand import Hand
from fairwitness.web.verify_fields import DAYS
from fairwitness.web.verify_words import names_of

HOURS = ("%H:%M", "%H:%M:%S")
MOST_CHOICES = 8


class Moment(forms.DateTimeField):
    """Day and time as written (13 May 2026, 14:20), in the zone the mission lives in. A time with a dot is sent back."""

    def __init__(self, **options: Any) -> None:
        """The mission's ways of writing a moment, in words and in figures."""
        formats = [f"{day}{gap}{hour}" for day in DAYS for gap in (", ", " ", "T") for hour in HOURS]
        said = _("This is no day and time. Write it as 13 May 2026, 14:20 or 13.05.2026 14:20, the time with a colon.")
        super().__init__(input_formats=formats, widget=forms.DateTimeInput(), error_messages={"invalid": said}, **options)

    def to_python(self, value: Any) -> datetime | None:
        """The moment, with its zone."""
        if isinstance(value, datetime):
            return value
        text = " ".join(str(value or "").split())
        if not text:
            return None
        for form in self.input_formats:
            try:
                return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(mission_zone()))
            except (ValueError, TypeError):
                continue
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        """Read back as it would be typed."""
        if isinstance(value, datetime):
            return date_format(value.astimezone(ZoneInfo(mission_zone())), "j F Y, H:i")
        return value


class AnyPlace(forms.CharField):
    """A place by any of its names in any spelling, by two names with a slash, or by its code. Gives the place."""

    def __init__(self, **options: Any) -> None:
        """Hint and length are the field's own."""
        options.setdefault("help_text", _("Any name and spelling: Peja, Peć, Pec and Пећ find one place"))
        super().__init__(max_length=200, **options)

    def clean(self, value: Any) -> Any:
        """The place, or what to write instead."""
        typed = super().clean(value)
        if not typed:
            return None
        found = find_place(typed)
        if len(found) == 1:
            return found[0]
        shown = "".join(letter for letter in typed[:60] if letter.isprintable())
        if not found:
            raise forms.ValidationError(
                _("No place is known as “%(typed)s”. Try another of its names, or import it under Places."), params={"typed": shown}
            )
        names = names_of(place.id for place in found[:MOST_CHOICES])
        choices = "; ".join(f"{place.authority}:{place.code} ({names.get(place.id, '')}, {place.kind})" for place in found[:MOST_CHOICES])
        raise forms.ValidationError(
            _("“%(typed)s” is the name of several places. Write the code of the one you mean: %(choices)s."),
            params={"typed": shown, "choices": choices},
        )

    def prepare_value(self, value: Any) -> Any:
        """A place is read back by its names."""
        if isinstance(value, Place):
            name = names_of([value.id]).get(value.id, "")
            return name if name and len(find_place(name)) == 1 else f"{value.authority}:{value.code}"
        return value


def find_place(typed: str) -> list[Place]:
    """The places that bear this name, in any spelling, or this code."""
    authority, colon, code = typed.partition(":")
    if colon:
        return list(Place.objects.filter(authority=authority.strip(), code=code.strip()))
    sets = []
    for part in typed.split("/"):
        key = fold(part)
        if key:
            sets.append(set(PlaceName.objects.filter(key=key[:400]).values_list("place_id", flat=True)))
    ids = set.intersection(*sets) if sets else set()
    return list(Place.objects.filter(pk__in=ids, ended__isnull=True).order_by("kind", "code"))


class Coded(forms.CharField):
    """A thing by its code, as far as the hand may see it. The form sets `hand`."""

    hand: Hand | None = None

    def __init__(self, model: type[Activity] | type[Source], **options: Any) -> None:
        """Which kind of thing."""
        self.model = model
        super().__init__(max_length=32, **options)

    def clean(self, value: Any) -> Any:
        """The thing with this code."""
        typed = super().clean(value)
        if not typed or self.hand is None:
            return None
        try:
            return open_one(self.hand, self.model.objects.all(), code=typed)
        except Exception as error:
            if getattr(error, "code", "") != "not_there":
                raise
            raise forms.ValidationError(_("Nothing that you may open has this code. Copy it from the page you mean.")) from None

    def prepare_value(self, value: Any) -> Any:
        """Read back by its code."""
        return value.code if isinstance(value, Activity | Source) else value


class TermChoice(forms.ChoiceField):
    """A word of the mission's lists; free where a mission keeps no such list."""

    def __init__(self, *vocabularies: str, without: tuple[str, ...] = (), **options: Any) -> None:
        """The list is read when a form is made, so that new words are in it."""
        self.vocabularies, self.without = vocabularies, without
        super().__init__(choices=self._terms, **options)

    def _terms(self) -> list[tuple[str, str]]:
        rows = Term.objects.filter(vocabulary__in=self.vocabularies, ended__isnull=True).exclude(code__in=self.without)
        order = {name: place for place, name in enumerate(self.vocabularies)}
        terms = sorted(rows, key=lambda term: (order[term.vocabulary], term.order, term.code))
        return [("", "–"), *dict.fromkeys((term.code, term.label) for term in terms)]

    def valid_value(self, value: Any) -> bool:
        """Whether the list has it; any plain word where there is no list."""
        return len(self._terms()) == 1 or super().valid_value(value)


class ScopesMixin(forms.Form):
    """A row No / Yes for each use; what is not touched is No."""

    NO_YES = (("", _("No")), *((step.value, _("Yes: %(shown)s") % {"shown": step.label.lower()}) for step in (
        Disclosure.NOTHING, Disclosure.CODE, Disclosure.ROLE, Disclosure.NAME)))  # fmt: skip

    def add_scopes(self) -> None:
        """One field for each use, then the partners meant and the day it ends."""
        for use in Use:
            self.fields[f"use_{use.value}"] = forms.ChoiceField(
                label=_("May it be used: %(use)s?") % {"use": use.label.lower()}, choices=self.NO_YES, widget=forms.RadioSelect,
                required=False, initial="",
            )  # fmt: skip
        self.fields["audience"] = forms.CharField(
            label=_("Which partner or court"), max_length=120, required=False, help_text=_("Empty: every one of them")
        )

    def scopes(self) -> list[Scope]:
        """The scopes that were allowed."""
        data = self.cleaned_data
        found = []
        for use in Use:
            step = data.get(f"use_{use.value}")
            if step:
                audience = data.get("audience", "") if use in (Use.PARTNERS, Use.COURT) else ""
                found.append(Scope(use, Disclosure(step), audience, data.get("expires")))
        return found


def day_after(day: Any) -> datetime | None:
    """The end of a day, as the beginning of the next."""
    return start_of(None if day is None else day + timedelta(days=1))


def start_of(day: Any) -> datetime | None:
    """The beginning of a day where the mission is."""
    return None if day is None else datetime.combine(day, time.min, ZoneInfo(mission_zone()))


