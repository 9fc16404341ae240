"""A field for an institution by any spelling of its name or by its code, with names offered while somebody types.

The rule it guards: a name several institutions bear is asked for again; nothing is guessed.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.mission.find_institutions import read_institution, typed_as
from fairwitness.mission.models import Counterpart
from fairwitness.web.suggest_line import SuggestLine
from fairwitness.web.typed_fields import read


class AnyInstitution(forms.CharField):
    """An institution by any spelling of its name, or by its code. Gives the institution."""

    def __init__(self, **options: Any) -> None:
        """Hint and length are the field's own."""
        options.setdefault("help_text", _("Its name in any spelling, or its code"))
        options.setdefault("widget", SuggestLine("institution"))
        super().__init__(max_length=300, **options)

    def clean(self, value: Any) -> Any:
        """The institution, or what to write instead."""
        if isinstance(value, Counterpart):
            return value
        typed = super().clean(value)
        return read(read_institution, typed) if typed else None

    def prepare_value(self, value: Any) -> Any:
        """Read back as it would be typed so that it alone is meant."""
        return typed_as(value) if isinstance(value, Counterpart) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it reads otherwise than it stood."""
        return str(data or "").strip() != str(self.prepare_value(initial) or "")
