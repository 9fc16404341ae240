"""Every word of our own on a page can be said in another language: shown with a mark around each translated sentence, no label, heading
of a field, button or help is found without one. Names, codes and words of people carry no mark, and are not asked for one."""

from __future__ import annotations

import importlib
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation
from people import People
from table import PERSONS
from test_table import ROOMS, Callers, address_of, expected, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OURS = {"label", "legend", "button", "th", "dt", "summary"}
OUR_CLASSES = {"hint", "help", "empty", "err", "problem"}
NAMES = {"SHA-256"}
VOID = {"br", "img", "input", "meta", "link", "hr", "use", "path", "circle", "line", "rect"}


class Marks(HTMLParser):
    """Collects text that stands in an element of ours without a mark."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool, list[str]]] = []
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        said = dict(attrs)
        ours = (tag in OURS and said.get("scope") != "row") or bool(OUR_CLASSES & set((said.get("class") or "").split()))
        self.open.append((tag, ours and "data-word" not in said, []))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, ours, words = self.open.pop()
            text = " ".join("".join(words).split())
            if ours and text not in NAMES and re.search(r"[^\W\d_]{3,}", text) and "⟦" not in text:
                self.bare.append(f"<{name}> {text[:100]}")
            if self.open and not ours:
                self.open[-1][2].append("".join(words))
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1][2].append(data)


@pytest.fixture(autouse=True)
def _marked(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    for name, chosen in (
        ("gettext", lambda one: one), ("pgettext", lambda _context, one: one), ("ngettext", lambda one, many, n: one if n == 1 else many),
        ("npgettext", lambda _context, one, many, n: one if n == 1 else many),
    ):  # fmt: skip
        monkeypatch.setattr(translation._trans, name, lambda *said, chosen=chosen: f"⟦{chosen(*said)}⟧" if said[0] else "", raising=False)  # type: ignore[attr-defined]


@pytest.mark.parametrize("room", ROOMS)
def test_no_word_of_ours_is_without_a_translation(room: str, people: People) -> None:
    cache.clear()
    module = importlib.import_module(f"table.{room}")
    callers = Callers(people)
    made = (module.things(people) if hasattr(module, "things") else None) or {}
    bare: dict[str, set[str]] = {}
    for row in rows_of(room):
        person = next((one for one in reversed(PERSONS) if expected(row, "GET", one) == 200), None)
        if person is None:
            continue
        answer = callers.ask(person, "GET", address_of(row, made))
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        marks = Marks()
        marks.feed(answer.whole.decode())
        for text in marks.bare:
            bare.setdefault(text, set()).add(row.name)
    assert not bare, "\n".join(f"{text}  ({', '.join(sorted(names)[:3])})" for text, names in sorted(bare.items()))
