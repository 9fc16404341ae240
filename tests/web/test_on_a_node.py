"""What only a real browser on a running node can show: a passkey signs in by itself, and a session that ended loses no word.

The browser has an authenticator of its own, which verifies its user.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from node import Node, passwords

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def house() -> Iterator[Node]:
    """The demonstration on a node of its own."""
    node = Node()
    node.environment |= {"FAIRWITNESS_SECOND_FACTOR": "offered", "FAIRWITNESS_DEMO": "1"}
    node.passwords = passwords(node.run("demo", "--folder", str(node.folder), "--build-only").stdout)  # type: ignore[attr-defined]
    node.serve()
    yield node
    node.stop()


@pytest.fixture
def browser(chromium: Any, house: Node) -> Iterator[Any]:
    """A page of a device with an authenticator that verifies its user."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }})  # fmt: skip
    page.home = house.address.replace("127.0.0.1", "localhost")
    yield page
    context.close()


def sign_in(browser: Any, house: Node, name: str) -> None:
    """Name and password, on whatever page asks for them."""
    browser.fill("[name=login]", name)
    browser.fill("[name=password]", house.passwords[name])  # type: ignore[attr-defined]
    browser.click("main form button >> nth=0")
    browser.wait_for_url(lambda url: "/login" not in url)


def test_a_passkey_signs_in_by_itself(browser: Any, house: Node) -> None:
    browser.goto(f"{browser.home}/accounts/login/")
    sign_in(browser, house, "monitor")
    browser.goto(f"{browser.home}/accounts/2fa/webauthn/add/")
    if "reauthenticate" in browser.url:
        browser.fill("[name=password]", house.passwords["monitor"])  # type: ignore[attr-defined]
        browser.click("main form button >> nth=0")
    assert browser.is_checked("[name=passwordless]"), "unless unticked, a passkey signs in by itself"
    with browser.expect_navigation():
        browser.click("#mfa_webauthn_add")
    browser.context.clear_cookies()
    browser.goto(f"{browser.home}/accounts/login/")
    with browser.expect_navigation():
        browser.click("#passkey_login")
    browser.wait_for_url(lambda url: "/login" not in url)
    assert browser.locator("h1").count() == 1 and "/accounts/" not in browser.url


def test_a_device_without_a_passkey_says_so(browser: Any) -> None:
    said: list[str] = []
    browser.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    browser.goto(f"{browser.home}/accounts/login/")
    browser.click("#passkey_login")
    problem = browser.locator("[data-passkey-problem]")
    problem.wait_for(state="visible")
    assert "name, password and code" in problem.inner_text() and not said


def test_a_session_that_ended_loses_no_word(browser: Any, house: Node) -> None:
    browser.goto(f"{browser.home}/accounts/login/")
    sign_in(browser, house, "leader")
    browser.goto(f"{browser.home}/monitor/observations/new")
    words = "Library bus at the school, “thirty” books"
    with browser.expect_response(lambda answer: "/me/drafts/keep" in answer.url) as kept:
        browser.fill("[name=headline]", words)
    assert kept.value.status == 204, "the server keeps what is typed"
    browser.fill("[name=headline]", f"{words}, more")
    browser.context.clear_cookies(name="sessionid")
    browser.get_by_role("button", name="Submit the observation").click()
    browser.wait_for_url("**/accounts/login/**")
    sign_in(browser, house, "leader")
    browser.wait_for_url("**/monitor/observations/new")
    browser.click("[data-draft-take]")
    assert browser.input_value("[name=headline]") == f"{words}, more", "this device has the last word"
    browser.goto(f"{browser.home}/monitor/observations/new?draft=observation")
    assert browser.input_value("[name=headline]").startswith(words), "the server has what it was given"


def test_another_script_in_the_middle_of_a_form_loses_nothing(browser: Any, house: Node) -> None:
    browser.goto(f"{browser.home}/accounts/login/")
    sign_in(browser, house, "north")
    browser.goto(f"{browser.home}/monitor/claims/new?lang=sr-latn")
    typed = {
        "headline": "Table su zamenjene, kaže službenik", "verbatim": "Табле су замењене — “свака”.",
        "translation": "Ndërruar në prill ë ç", "place": "Zubin Potok", "told": "13. maj 2026, 16:05", "count": "oko 45",
        "interpreter": "MI-M1",
    }  # fmt: skip
    chosen = {"state": "alleged", "use_internal": "code", "use_court": "name"}
    asked: list[str] = []
    browser.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    for name, value in typed.items():
        browser.locator(f"[name={name}]").fill(value, force=True)
    for name, value in chosen.items():
        browser.locator(f"[name={name}][value={value}]").evaluate("box => box.click()")  # its label covers it
        assert browser.is_checked(f"[name={name}][value={value}]")
    for code, heading in (("sr-Cyrl", "Запишите"), ("sq", "Shkruani"), ("sr-Latn", "Zapišite")):
        with browser.expect_navigation(url="**/monitor/claims/new?lang=*"):
            browser.click(f'a[hreflang="{code}"] >> nth=0')
        assert browser.get_attribute("html", "lang") == code and heading in browser.inner_text("h1")
        assert {name: browser.input_value(f"[name={name}]") for name in typed} == typed, "everything typed is still there"
        assert all(browser.is_checked(f"[name={name}][value={value}]") for name, value in chosen.items())
    assert asked == [], "nothing is lost, so nobody is asked whether to leave"
    browser.goto(f"{browser.home}/monitor/claims/new")
    assert browser.input_value("[name=headline]") == "", "opened anew, the draft is offered and not put back unasked"
