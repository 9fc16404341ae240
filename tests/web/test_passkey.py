"""A passkey, in a real browser with an authenticator of its own: added, it signs in by itself; without one the page says so."""

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


def test_a_passkey_signs_in_by_itself(browser: Any, house: Node) -> None:
    browser.goto(f"{browser.home}/accounts/login/")
    browser.fill("[name=login]", "monitor")
    browser.fill("[name=password]", house.passwords["monitor"])  # type: ignore[attr-defined]
    browser.click("main form button >> nth=0")
    browser.wait_for_url(lambda url: "/login" not in url)
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
