"""Stepwise: which questions of a long form belong together, so that a phone can ask them one after another.

The form stays one form: it is sent as a whole, read as a whole, and stands whole on a desk, on paper and without a script. The rule it
guards: a question that must not be passed over (consent, when it was) cannot be, however short the way to the end.
"""

from __future__ import annotations

from fnmatch import fnmatch
from typing import Any, ClassVar

from django import forms


class Stepwise(forms.Form):
    """A form with steps: each a heading (empty: the question itself) and the names of its questions, `use_*` for all that begin so."""

    QUESTIONS: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()
    ASKED: ClassVar[tuple[str, ...]] = ()
    """Questions that are always passed by, even where they may stay unanswered."""

    def set_steps(self) -> None:
        """Tell each question its step; called when the questions are complete. A question of no step stands with the one before it."""
        for number, (_heading, names) in enumerate(self.QUESTIONS, 1):
            for name, field in self.fields.items():
                if any(fnmatch(name, pattern) for pattern in names):
                    field.step = number  # type: ignore[attr-defined]
                    field.step_asked = any(fnmatch(name, pattern) for pattern in self.ASKED)  # type: ignore[attr-defined]

    @property
    def steps(self) -> list[tuple[int, Any]]:
        """Numbers and headings of the steps; none where the form asks everything at once."""
        self.set_steps()
        return [(number, heading) for number, (heading, _names) in enumerate(self.QUESTIONS, 1)]
