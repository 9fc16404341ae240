"""The story's stage: a node of its own with the pack of Kosovo, eight roles with accounts, and a real browser."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from node import Node

ROLES = {
    "monitor": ("PZ-T1-2", "T-MON"), "other": ("PZ-T1-3", "T-OTH"), "stranger": ("MI-T1-2", "T-STR"), "analyst": ("DHRC-2", "T-ANA"),
    "warner": ("OPPL-4", "T-WAR"), "drafter": ("DHRC-3", "T-DRA"), "director": ("DHRC-1", "T-DIR"), "deputy": ("HOM-2", "T-DEP"),
    "press": ("OPPI-2", "T-PRE"), "trainer": ("DHRC-4", "T-TRA"), "keeper": ("HOM-4", "T-KEE"),
}  # fmt: skip
PEOPLE = """
import json, sys
from datetime import UTC, datetime
from fairwitness.mission.models import Member, Post, Tenure
from fairwitness.record.hand import command
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.web.enrol import make_account
made = {}
for name, (post, code) in json.loads(sys.argv[1]).items():
    with writing(command()):
        member = Member(code=code, name=f"Test {name}", languages=["en"], invented=True)
        member.keep(by=command(), verb=Verb.MEMBER_ENROL)
        tenure = Tenure(member=member, post=Post.objects.get(code=post), since=datetime(2020, 1, 1, tzinfo=UTC))
        tenure.keep(by=command(), verb=Verb.POST_FILL)
    made[name] = make_account(member, name, by=command())
print(json.dumps(made))
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Node]:
    """A node that was begun from the pack, with accounts, serving."""
    node = Node()
    node.environment["FAIRWITNESS_SECOND_FACTOR"] = "offered"
    node.run("init")
    node.passwords = json.loads(node.python(PEOPLE, json.dumps(ROLES)).splitlines()[-1])  # type: ignore[attr-defined]
    node.serve()
    yield node
    node.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = os.environ.get("FAIRWITNESS_CHROMIUM") or next(
        (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(p).exists()), None
    )
    quiet = ["no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[f"--{word}" for word in quiet])
        yield browser
        browser.close()


class Person:
    """One person at a browser: signs in, opens pages, fills forms by their labels' fields, presses the button that names the act."""

    def __init__(self, chromium: Any, node: Node, name: str | None) -> None:
        self.node = node
        self.page = chromium.new_context(viewport={"width": 1100, "height": 900}).new_page()
        self.page.set_default_timeout(15_000)
        self.seen: list[str] = []
        self.page.on("console", lambda message: self.seen.append(message.text) if message.type == "error" else None)
        if name is not None:
            self.open("/accounts/login/")
            self.send(login=name, password=node.passwords[name])  # type: ignore[attr-defined]
            assert "/login" not in self.page.url, self.words()

    def open(self, path: str) -> int:
        """Open an address of the node; returns the status."""
        answer = self.page.goto(self.node.address + path)
        assert answer is not None
        return int(answer.status)

    def words(self) -> str:
        """The words of the page."""
        return str(self.page.inner_text("body"))

    def code(self) -> str:
        """The code at the end of the address one stands on."""
        return [part for part in re.split(r"[/?#]", self.page.url) if part][-1]

    def send(self, **fields: Any) -> None:
        """Fill the form that has these fields and press its button."""
        first = next(iter(fields), None)
        form = self.page.locator(f'form:has([name="{first}"])').first if first else self.page.locator("main form").first
        for name, value in fields.items():
            self._fill(form.locator(f'[name="{name}"]'), value)
        form.locator("button:not([type=button]):visible").first.click()
        self.page.wait_for_load_state()

    def _fill(self, field: Any, value: Any) -> None:
        kind = field.first.evaluate("e => e.tagName + '/' + (e.type || '')")
        if kind.endswith("hidden"):
            assert field.first.input_value() == str(value)
        elif kind.startswith("SELECT"):
            options = field.first.evaluate("e => [...e.options].map(o => [o.value, o.text])")
            chosen = next((v for v, text in options if v == str(value) or str(value) in text), None)
            assert chosen is not None, f"{value} is not among {options}"
            field.first.select_option(chosen)
        elif kind.endswith(("radio", "checkbox")):
            count = field.count()
            chosen = next(i for i in range(count) if value is True or field.nth(i).get_attribute("value") == str(value))
            field.nth(chosen).check()
        else:
            field.first.fill(str(value))

    def acted(self) -> None:
        """The last act went through: no summary of errors stands on the page."""
        summary = self.page.locator(".errors")
        assert summary.count() == 0, summary.first.inner_text()


@pytest.fixture(scope="module")
def person(chromium: Any, stage: Node) -> Iterator[Any]:
    """`person("monitor")`: the same browser for the same role all through the story."""
    known: dict[str | None, Person] = {}

    def get(name: str | None) -> Person:
        if name not in known:
            known[name] = Person(chromium, stage, name)
        return known[name]

    yield get
    for one in known.values():
        assert not [text for text in one.seen if "Content Security Policy" in text]
