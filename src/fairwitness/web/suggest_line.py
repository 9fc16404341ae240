"""A line of text beside which names are offered while somebody types. Without a script it is a line of text, and the server reads it.

The rule it guards: what is offered is only typed faster. What counts is what stands in the line when the form is sent.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _


class SuggestLine(forms.TextInput):
    """A line that names of one kind are offered for. `kind` is what `web.suggest` calls it."""

    kind = ""

    def __init__(self, kind: str = "", attrs: dict[str, Any] | None = None) -> None:
        """For names of this kind."""
        self.kind = kind or self.kind
        super().__init__(attrs)

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        """The address the script asks."""
        said = {"data-suggest": f"{reverse('web:suggest')}?{urlencode({'kind': self.kind})}"} if self.kind else {}
        return {**super().build_attrs(base_attrs, extra_attrs), **said}


def find_words(*vocabularies: str) -> dict[str, str]:
    """What a list of the mission's words carries, so that a long one can be searched by label or alias."""
    address = f"{reverse('web:suggest')}?{urlencode({'kind': 'term', 'list': ','.join(vocabularies)})}"
    return {"data-suggest": address, "data-suggest-words": _("Find a word of this list")}
