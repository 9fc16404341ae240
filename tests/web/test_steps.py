"""A visit with three observations on a phone: one question at a time, by touch and keys alone, on a running node at 360 px.

What it takes is counted by the keystroke-level model, with figures that do not flatter: 0.33 s for a letter (36 words a minute, the mean
of 37 000 people typing on their own phones: Palin and others, 2019), 1.1 s for each touch (the model's own figure for pointing with a
mouse, which is slower than a thumb), 1.35 s of thought before each question and each choice, 1 s for each page that is fetched. A list
of the device is opened by one touch and answered by another. The whole has to fit into 120 s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from node import Node, passwords

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LETTER, TOUCH, THOUGHT, PAGE = 0.33, 1.1, 1.35, 1.0
LIMIT = 120.0
NEW = "/monitor/observations/new"
SHOWN = "() => [...document.querySelectorAll('main form .field')].filter(e => e.checkVisibility()).length"
ALL = "() => document.querySelectorAll('main form .field').length"


@pytest.fixture(scope="module")
def house() -> Iterator[Node]:
    """The demonstration, built and served on a node of its own."""
    node = Node()
    node.environment |= {"FAIRWITNESS_SECOND_FACTOR": "offered", "FAIRWITNESS_DEMO": "1"}
    node.passwords = passwords(node.run("demo", "--folder", str(node.folder), "--build-only").stdout)  # type: ignore[attr-defined]
    node.serve()
    yield node
    node.stop()


class Phone:
    """A person with a phone: touches, types, and counts both."""

    def __init__(self, chromium: Any, node: Node, **device: Any) -> None:
        held = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
        self.context = chromium.new_context(**(held | device))
        self.page, self.node = self.context.new_page(), node
        self.page.set_default_timeout(20_000)
        self.page.goto(node.address + "/accounts/login/")
        self.page.fill("[name=login]", "monitor")
        self.page.fill("[name=password]", node.passwords["monitor"])  # type: ignore[attr-defined]
        self.page.click("main form button >> nth=0")
        self.page.wait_for_url(lambda url: "/login" not in url)
        self.done: Counter[str] = Counter()

    def open(self, path: str) -> None:
        """Open an address."""
        self.page.goto(self.node.address + path)

    def think(self) -> None:
        """Read a question."""
        self.done["thought"] += 1

    def touch(self, aim: str) -> None:
        """Touch something on the screen."""
        self.page.locator(aim).first.tap()
        self.done["touch"] += 1

    def send(self, aim: str) -> None:
        """Touch what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.touch(aim)
        self.done["page"] += 1

    def type(self, name: str, words: str) -> None:
        """Touch a line and type."""
        self.touch(f"main [name={name}]")
        self.page.keyboard.type(words)
        self.done["letter"] += len(words)

    def choose(self, name: str, label: str) -> None:
        """Answer a list of the device. Its own wheel cannot be touched from here: the choice is made, and both touches are counted."""
        self.think()
        self.page.locator(f"main [name={name}]").select_option(label=label)
        self.done["touch"] += 2

    def seconds(self) -> float:
        """What it took."""
        each = {"letter": LETTER, "touch": TOUCH, "thought": THOUGHT, "page": PAGE}
        return sum(each[kind] * number for kind, number in self.done.items())

    def title(self) -> str:
        """The question on the screen."""
        return str(self.page.inner_text("[data-step-title]"))

    def words(self) -> str:
        """The words of the page."""
        return str(self.page.inner_text("main"))


@pytest.fixture
def phone(chromium: Any, house: Node) -> Iterator[Phone]:
    """A phone of the monitor."""
    made = Phone(chromium, house)
    yield made
    made.context.close()


NEXT, CHECK, BACK = "[data-step-next]", "[data-step-check]", "[data-step-back]"
SUBMIT, AND_NEXT = "main form > .acts:not(.stepper) button >> nth=0", "button[name=then]"
SEEN = (("3 of 11 signs painted", "10:20"), ("Two signs in one language", "11:05"), ("New sign at the school", "11:40"))
PAGES = ("/monitor/activities/new", "/monitor/claims/new", "/monitor/restrictions/new", "/monitor/coverage/new", NEW)


def plan_and_report(phone: Phone) -> str:
    """Plan a visit, and report that it was done; its code."""
    phone.open("/monitor/")
    phone.send("main a[href$='/activities/new']")
    phone.think()
    phone.type("purpose", "Road signs")
    phone.touch(NEXT)
    phone.think()
    phone.type("place", "plla")
    phone.touch(".offers:not([hidden]) li")
    phone.touch(CHECK)
    phone.think()
    phone.send(SUBMIT)
    code = str(phone.page.url.rstrip("/").rsplit("/", 1)[1])
    phone.send("main a[href$='/report']")
    phone.think()
    phone.touch("main label[for=id_done_0]")
    phone.touch(NEXT)
    phone.think()
    phone.type("started", "12.05.2026 10:00")
    phone.type("ended", "12:30")
    phone.touch(NEXT)
    phone.think()
    phone.touch("main label[for=id_safety_0]")
    phone.touch(CHECK)
    phone.think()
    phone.send(SUBMIT)
    return code


def perceive(phone: Phone, headline: str, kind: str, clock: str, *, first: bool, last: bool) -> None:
    """One observation of the visit; what the one before it said is not said again."""
    phone.think()
    phone.type("headline", headline)
    phone.choose("kind", kind)
    if first:
        phone.choose("means", "saw")
    phone.touch(NEXT)
    phone.think()
    phone.type("occurred_from", clock)
    phone.touch(CHECK)
    phone.think()
    read = phone.page.inner_text("[data-stepper-answers]")
    assert headline in read and "Pllanjanë" in read and clock in read, read
    phone.send(SUBMIT if last else AND_NEXT)
    assert phone.page.locator(".errors").count() == 0, phone.words()


def test_a_visit_with_three_observations_takes_less_than_two_minutes(phone: Phone) -> None:
    code = plan_and_report(phone)
    kind = phone_kind(phone, code)
    for place, (headline, clock) in enumerate(SEEN):
        perceive(phone, headline, kind, clock, first=place == 0, last=place == 2)
        if place < 2:
            assert "Kept as" in phone.words() and phone.page.input_value("[name=headline]") == ""
            assert not phone.page.is_visible("[data-draft-offer]"), "what was sent is not offered again"
    print(f"\n{dict(phone.done)} = {phone.seconds():.1f} s by the keystroke-level model")
    assert phone.page.inner_text("h1") == SEEN[2][0]
    phone.open(f"/monitor/activities/{code}/")
    kept = phone.words()
    assert all(headline in kept for headline, _clock in SEEN), kept
    assert "Done, 12 May 2026, 10:00 to 12 May 2026, 12:30" in kept
    for headline, clock in SEEN:
        phone.open(f"/monitor/activities/{code}/")
        phone.page.click(f"main a:has-text('{headline}')")
        page = phone.words()
        assert clock in page and "Pllanjanë" in page and "saw" in page and code in page, page
    assert phone.seconds() <= LIMIT, f"{phone.seconds():.1f} s: {dict(phone.done)}"


def phone_kind(phone: Phone, code: str) -> str:
    """Touch the way to the form of the first observation; a kind of the mission's own list."""
    phone.send(f"main a[href='{NEW}?activity={code}']")
    options: list[str] = phone.page.eval_on_selector_all("[name=kind] option", "all => all.map(one => one.label)")
    return options[2]


def test_one_question_at_a_time_forth_and_back(phone: Phone) -> None:
    phone.open(NEW)
    assert phone.title() == "What was perceived" and phone.page.inner_text("[data-step-count]") == "1 of 8"
    assert phone.page.evaluate(SHOWN) == 3 and not phone.page.is_visible(BACK) and not phone.page.is_visible(SUBMIT)
    phone.touch(NEXT)
    assert phone.title() == "What was perceived" and "This is needed." in phone.words()
    assert phone.page.evaluate("document.activeElement.name") == "headline"
    phone.type("headline", "Three signs")
    assert "This is needed." not in phone.words()
    phone.page.locator("[name=kind]").select_option(index=1)
    phone.page.locator("[name=means]").select_option(label="saw")
    phone.page.locator("[name=headline]").focus()
    phone.page.keyboard.press("Enter")
    assert phone.title() == "When it was" and phone.page.evaluate("document.activeElement.matches('[data-step-title]')")
    assert phone.page.inner_text(NEXT) == "Continue" and not phone.page.is_visible(CHECK), "when it was is asked, and place is needed"
    phone.touch(NEXT)
    assert phone.title() == "Where it was" and phone.page.inner_text(NEXT) == "Continue"
    phone.type("place", "Pllanjane")
    phone.page.wait_for_selector(".offers:not([hidden]) li")
    phone.touch(NEXT)  # below an open list: what is touched stays under the finger
    assert phone.page.inner_text("[data-step-count]") == "4 of 8" and phone.title() == "How many"
    assert phone.page.inner_text(NEXT) == "Skip this"
    phone.page.go_back()
    phone.page.wait_for_function("() => document.querySelector('[data-step-title]').textContent === 'Where it was'")
    assert phone.page.input_value("[name=place]") == "Pllanjane" and NEW in phone.page.url
    phone.touch(BACK)
    phone.page.wait_for_function("() => document.querySelector('[data-step-title]').textContent === 'When it was'")
    phone.touch(CHECK)
    assert phone.title() == "Check your answers" and "Three signs" in phone.page.inner_text("[data-stepper-answers]")
    phone.touch("button[aria-label='Change: Where']")
    assert phone.title() == "Where it was"
    phone.touch(NEXT)
    assert phone.title() == "Check your answers", "what was changed leads back to the answers"
    phone.send(SUBMIT)
    assert phone.page.title().startswith("Error:") and phone.title() == "When it was", "the form opens where the problem is"
    assert phone.page.evaluate("document.activeElement.matches('[data-errors]')")
    phone.touch("[data-errors] a")
    assert phone.page.evaluate("document.activeElement.name") == "occurred_from"


def test_the_form_is_whole_on_a_desk_on_paper_and_without_a_script(chromium: Any, phone: Phone, house: Node) -> None:
    phone.open(NEW)
    assert phone.page.evaluate(SHOWN) == 3
    phone.page.emulate_media(media="print")
    assert phone.page.evaluate(SHOWN) == phone.page.evaluate(ALL)
    phone.page.emulate_media(media="screen")
    phone.page.set_viewport_size({"width": 1100, "height": 800})
    assert phone.page.evaluate(SHOWN) == phone.page.evaluate(ALL) and phone.page.is_visible(SUBMIT)
    assert not phone.page.is_visible("[data-stepper-head]") and not phone.page.is_visible(NEXT)
    plain = Phone(chromium, house, java_script_enabled=False)
    plain.open(NEW)
    for name, words in (("headline", "Without a script"), ("place", "pllanjane"), ("occurred_from", "12 May 2026, 10:20")):
        plain.page.fill(f"main [name={name}]", words)
    plain.page.locator("[name=kind]").select_option(index=1)
    plain.page.locator("[name=means]").select_option(label="saw")
    assert not plain.page.is_visible(NEXT)
    plain.send(AND_NEXT)
    assert "Kept as" in plain.words() and NEW in plain.page.url and "after=" in plain.page.url
    assert "Taken over from" in plain.words() and "Pllanjanë" in plain.page.input_value("[name=place]")
    plain.page.fill("main [name=headline]", "The next without a script")
    plain.page.locator("[name=kind]").select_option(index=1)
    plain.page.fill("main [name=occurred_from]", "12 May 2026, 10:40")
    plain.send(SUBMIT)
    assert plain.page.inner_text("h1") == "The next without a script"
    plain.context.close()


def test_a_lost_link_in_mid_form_loses_nothing(phone: Phone) -> None:
    phone.open(NEW)
    phone.type("headline", "Seen before the tunnel")
    phone.page.locator("[name=kind]").select_option(index=1)
    phone.page.locator("[name=means]").select_option(label="saw")
    phone.page.wait_for_timeout(2600)  # the server is told two seconds after the last letter
    phone.context.set_offline(True)
    phone.touch(NEXT)
    phone.type("occurred_from", "12.05.2026 10:20")
    phone.touch(NEXT)
    phone.type("place", "Pllanjane")
    assert phone.page.locator(".offers:not([hidden])").count() == 0, "no link, no offers, and the line is a line"
    phone.touch(CHECK)
    phone.page.locator(SUBMIT).tap(no_wait_after=True)
    phone.page.wait_for_timeout(1500)
    assert "Submit the observation" not in phone.page.content(), "the browser says that there is no link"
    phone.context.set_offline(False)
    phone.open(NEW)
    assert phone.page.is_visible("[data-draft-offer]") and "A draft of this form is kept for you" in phone.words()
    phone.touch("[data-draft-take]")
    held = {name: phone.page.input_value(f"[name={name}]") for name in ("headline", "occurred_from", "place")}
    assert held == {"headline": "Seen before the tunnel", "occurred_from": "12.05.2026 10:20", "place": "Pllanjane"}
    for _step in range(3):
        phone.touch(NEXT)
    phone.touch(CHECK)
    phone.send(SUBMIT)
    assert phone.page.inner_text("h1") == "Seen before the tunnel" and re.search("Pllanjan", phone.words())
    phone.open(NEW)
    assert not phone.page.is_visible("[data-draft-offer]") and "A draft of this form" not in phone.words()


@pytest.mark.parametrize("path", PAGES)
def test_every_question_stands_in_a_step_and_the_end_shows_them_all(path: str, phone: Phone) -> None:
    phone.open(path)
    steps = phone.page.eval_on_selector_all("main form > .field", "all => all.map(one => one.dataset.step)")
    assert all(steps) and len(set(steps)) > 2
    seen = set()
    for _step in range(len(set(steps))):
        seen |= set(phone.page.eval_on_selector_all(
            "main form > .field", "all => all.filter(one => one.checkVisibility()).map(one => one.id || one.textContent)"
        ))  # fmt: skip
        assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for needed in phone.page.query_selector_all("main form > .field:not(.away) [required]:not([type=radio])"):
            if needed.evaluate("one => one.tagName") == "SELECT":
                needed.select_option(index=1)
            elif not needed.input_value():
                needed.fill("x")
        for box in phone.page.query_selector_all("main form > .field:not(.away) .check:first-of-type [type=radio][required]"):
            box.check()
        phone.touch(NEXT)
    assert phone.title() == "Check your answers" and len(seen) == len(steps)
    assert phone.page.locator("[data-stepper-answers] dt").count() == len(steps)
