"""The keyboard alone, on a running node: no task needs a mouse.

A monitor signs in, plans a visit and writes down what she saw; a drafter writes a report and sends it; the director clears it. On each of
these forms Tab reaches every control in reading order and leaves again, the focus is seen on light and on dark paper, nothing
hides what has it, and each control is large enough to be hit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from node import Node, passwords

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FORMS = {
    "visit": ("monitor", "/monitor/activities/new"),
    "observation": ("monitor", "/monitor/observations/new"),
    "report": ("drafter", "/report/new/"),
    "list": ("monitor", "/monitor/"),
    "home": ("leader", "/"),
}
MARK = """() => { let n = 0;
  const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0;
  const last = group => [...document.querySelectorAll(`input[type=radio][name="${group}"]`)];
  for (const e of document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex="0"]')) {
    if (!shown(e) || e.type === 'hidden') continue;
    if (e.type === 'radio' && e !== (last(e.name).find(r => r.checked) ?? last(e.name)[0])) continue;
    e.dataset.stop = n++;
  }
  return n; }"""
HERE = """() => { const e = document.activeElement;
  if (!e || e === document.body) return null;
  const luminance = c => { const p = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * p[0] + .7152 * p[1] + .0722 * p[2]; };
  let paper = 'rgba(0, 0, 0, 0)';
  for (let up = e.parentElement; up && paper.endsWith(', 0)'); up = up.parentElement) paper = getComputedStyle(up).backgroundColor;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const [one, two] = [luminance(style.outlineColor), luminance(paper)].sort((a, b) => b - a);
  const area = (e.closest('label') ?? e).getBoundingClientRect();
  const middle = [...e.getClientRects()].find(r => r.width) ?? box;
  // A tall box is scrolled to its caret, not to its foot: what is in view of it is what nothing may cover (WCAG 2.4.11).
  const top = Math.max(middle.top, 0), bottom = Math.min(middle.bottom, innerHeight);
  const on = document.elementFromPoint(middle.x + middle.width / 2, (top + bottom) / 2);
  return {stop: Number(e.dataset.stop ?? -1), html: e.outerHTML.slice(0, 110), outline: style.outlineStyle,
    wide: parseFloat(style.outlineWidth), contrast: (one + .05) / (two + .05),
    shown: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    above: !!on && (e.contains(on) || on.contains(e)), control: !e.matches('a:not(.btn)') && e.tagName !== 'PRE' && !e.matches('.wrap'),
    size: Math.min(area.width, area.height)}; }"""


@pytest.fixture(scope="module")
def house() -> Iterator[Node]:
    """The demonstration, built and served on a node of its own."""
    node = Node()
    node.environment |= {"FAIRWITNESS_SECOND_FACTOR": "offered", "FAIRWITNESS_DEMO": "1"}
    node.passwords = passwords(node.run("demo", "--folder", str(node.folder), "--build-only").stdout)  # type: ignore[attr-defined]
    node.serve()
    yield node
    node.stop()


class Keys:
    """A person without a mouse: presses keys, and asks where the focus is."""

    def __init__(self, chromium: Any, node: Node, name: str) -> None:
        self.node = node
        self.page = chromium.new_context(viewport={"width": 1100, "height": 800}).new_page()
        self.page.set_default_timeout(15_000)
        self.open("/accounts/login/")
        self.fill(login=name, password=node.passwords[name])  # type: ignore[attr-defined]
        self.enter()
        assert "/login" not in self.page.url

    def open(self, path: str) -> None:
        """Open an address; the focus stands before the page."""
        answer = self.page.goto(self.node.address + path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            self.page.keyboard.press(key)

    def has(self, selector: str) -> bool:
        """Whether what has the focus matches."""
        return bool(self.page.evaluate("s => document.activeElement.matches(s)", selector))

    def reach(self, selector: str) -> None:
        """Go on with Tab until something has the focus."""
        for _ in range(200):
            if self.has(selector):
                return
            self.press("Tab")
        raise AssertionError(f"Tab never reaches {selector} on {self.page.url}")

    def fill(self, **fields: str) -> None:
        """Type into the fields one after another, in the order of the page."""
        for name, value in fields.items():
            self.reach(f'main [name="{name}"]')
            self.page.keyboard.type(value)

    def enter(self) -> None:
        """Press Enter, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.press("Enter")

    def words(self) -> str:
        """The words of the page."""
        return str(self.page.inner_text("main"))


@pytest.fixture(scope="module")
def keys(chromium: Any, house: Node) -> Iterator[Any]:
    """`keys("monitor")`: the same window for the same person all through the module."""
    known: dict[str, Keys] = {}

    def get(name: str) -> Keys:
        if name not in known:
            known[name] = Keys(chromium, house, name)
        return known[name]

    yield get
    for one in known.values():
        one.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("form", FORMS)
def test_tab_reaches_every_control_in_order_and_the_focus_is_seen(form: str, scheme: str, keys: Any) -> None:
    name, path = FORMS[form]
    walk(keys(name), path, scheme)


def walk(person: Keys, path: str, scheme: str) -> None:
    """Tab through a whole page and back out of it."""
    person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    person.open(path)
    count = person.page.evaluate(MARK)
    reached: list[dict[str, Any]] = []
    assert count > 10
    for _ in range(count):
        person.press("Tab")
        here = person.page.evaluate(HERE)
        assert here is not None, f"Tab leaves {path} after {len(reached)} of {count}: {reached[-1:]}"
        reached.append(here)
    assert [here["stop"] for here in reached] == list(range(count)), f"order of {path}: {reached}"
    unseen = [here for here in reached if here["outline"] == "none" or here["wide"] < 2 or here["contrast"] < 3]
    assert not unseen, f"the focus is not seen on {unseen}"
    hidden = [here for here in reached if not here["shown"] or not here["above"]]
    assert not hidden, f"something hides what has the focus: {hidden}"
    small = [here for here in reached if here["control"] and here["size"] < 24]
    assert not small, f"smaller than 24 px: {small}"
    person.press("Tab")
    assert person.page.evaluate(HERE) is None or person.page.evaluate(HERE)["stop"] == 0, "Tab does not leave the page"
    person.press("Shift+Tab", 2)
    back = person.page.evaluate(HERE)
    assert back is not None and back["stop"] >= count - 2, f"Shift+Tab does not come back: {back}"


def test_the_first_stop_leads_past_the_navigation(keys: Any) -> None:
    monitor = keys("monitor")
    monitor.open("/monitor/")
    monitor.press("Tab")
    assert monitor.has("a.skip") and monitor.page.locator("a.skip").bounding_box()["x"] >= 0
    monitor.press("Enter")
    assert monitor.has("main")
    monitor.press("Tab")
    assert monitor.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_what_is_folded_opens_and_closes_with_a_key(keys: Any) -> None:
    leader = keys("leader")
    leader.open("/")
    leader.reach("summary")
    folded = "document.activeElement.parentElement.open"
    for key, wanted in (("Enter", True), ("Enter", False), ("Space", True), ("Space", False)):
        leader.press(key)
        assert leader.page.evaluate(folded) is wanted, f"{key} did not make it open: {wanted}"


def test_a_fault_is_spoken_first_and_leads_to_its_field(keys: Any) -> None:
    monitor = keys("monitor")
    monitor.open("/monitor/observations/new")
    monitor.reach('[name="headline"]')
    monitor.enter()
    assert monitor.page.title().startswith("Error:") and monitor.has("[data-errors]")
    monitor.press("Tab")
    target = monitor.page.evaluate("document.activeElement.hash.slice(1)")
    assert target
    monitor.press("Enter")
    monitor.page.wait_for_function("id => document.activeElement.id === id", arg=target)


def test_a_visit_and_what_was_seen_on_it(keys: Any) -> None:
    monitor = keys("monitor")
    monitor.open("/monitor/activities/new")
    monitor.fill(kind="Visit", purpose="By keyboard alone", place="Pllanjanë", planned_from="12 May 2026 10:00")
    monitor.enter()
    assert "/monitor/activities/" in monitor.page.url and "By keyboard alone" in monitor.words()
    monitor.open("/monitor/observations/new")
    monitor.fill(headline="Seen without a mouse")
    monitor.reach('[name="kind"]')
    monitor.press("ArrowDown")
    monitor.reach('[name="means"]')
    monitor.page.keyboard.type("saw")
    monitor.fill(place="Pllanjanë", occurred_from="12 May 2026 10:20")
    monitor.enter()
    assert monitor.page.locator(".errors").count() == 0, monitor.words()
    assert monitor.page.inner_text("h1") == "Seen without a mouse"


def test_a_report_is_written_sent_and_cleared(keys: Any) -> None:
    drafter, director = keys("drafter"), keys("director")
    drafter.open("/report/new/")
    drafter.fill(title="A report without a mouse")
    drafter.fill(symbol="TEST/KEYS/1")
    drafter.enter()
    assert drafter.page.locator(".errors").count() == 0, drafter.words()
    report = drafter.page.url.removeprefix(drafter.node.address)
    drafter.reach('a[href$="/write/"]')
    drafter.enter()
    drafter.fill(text="It rained all week.")
    drafter.reach("main form button.btn")
    drafter.enter()
    assert "It rained all week." in drafter.words()
    drafter.reach('form[action$="/send/"] button')
    with drafter.page.expect_navigation():
        drafter.press("Space")
    walk(director, report, "light")
    director.open(report)
    director.fill(note="Read twice")
    director.reach('form[action$="/clear/"] button')
    director.enter()
    assert "cleared" in director.words().lower() and director.page.locator('form[action$="/clear/"]').count() == 0
