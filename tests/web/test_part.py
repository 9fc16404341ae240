"""A mark is drawn once for its values and the reader's language, and reads as the template it stands for."""

from __future__ import annotations

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy

DRAWN = '{% load words %}{% part "web/parts/state.html" state=state word=word %}'


@pytest.mark.parametrize(("state", "word"), [("seen", None), ("alleged", None), ("seen", "Seen, with files"), ("", None), ("<b>", None)])
def test_a_mark_reads_as_its_template(state: str, word: str | None) -> None:
    drawn = engines["django"].from_string(DRAWN).render({"state": state, "word": word})
    assert drawn == render_to_string("web/parts/state.html", {"state": state, "word": word})


def test_two_languages_are_two_marks() -> None:
    template, found = engines["django"].from_string(DRAWN), {}
    for language in ("en", "sq", "en"):
        with translation.override(language):
            found.setdefault(language, set()).add(template.render({"state": "seen", "word": None}))
    assert len(found["en"]) == 1
    assert found["sq"].isdisjoint(found["en"])


def test_a_word_that_waits_for_its_language_is_not_kept_in_another() -> None:
    template, found = engines["django"].from_string(DRAWN), []
    for language in ("en", "sq"):
        with translation.override(language):
            found.append(template.render({"state": "seen", "word": gettext_lazy("Public")}))
    assert found[0] != found[1]


def test_words_in_a_mark_are_escaped() -> None:
    assert "<script>" not in engines["django"].from_string(DRAWN).render({"state": "seen", "word": "<script>"})
