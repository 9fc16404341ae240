"""Words and small marks in templates: `{{ claim.language|language_word }}` says Bosnian where the row says bs, and
`{% part "web/parts/state.html" state=row.state %}` draws a mark.

A mark (a state, a grade, a tag) depends on nothing but its few values and the reader's language, and a list of fifty lines draws a
hundred of them: it is drawn once and remembered. The rule it guards: only codes, digits and words of the catalogue are given to a
part, never what somebody wrote or said; nothing a key had closed may stay behind in memory.
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from fairwitness.web.language_words import language_word

register = template.Library()
register.filter("language_word", language_word)

Value = str | int | bool | None


@register.simple_tag
def part(name: str, **values: Value) -> SafeString:
    """A mark drawn by its template from its values alone."""
    # A word that waits for its language (a lazy translation) becomes a word here, so that two languages are two marks.
    plain = ((key, one if one is None or isinstance(one, bool | int) else str(one)) for key, one in sorted(values.items()))
    return _drawn(name, get_language() or "", tuple(plain))


@lru_cache(maxsize=4096)
def _drawn(name: str, language: str, values: tuple[tuple[str, Value], ...]) -> SafeString:
    return mark_safe(get_template(name).render(dict(values)))
