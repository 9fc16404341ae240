"""Drafts: what was typed and not sent is kept on the server, sealed, for its writer alone, and goes when the form was accepted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from monitor.scene import words
from people import People

from fairwitness.record import keyring
from fairwitness.web.models import Account, Draft

pytestmark = pytest.mark.django_db
PAGE = "/monitor/observations/new"


def client(people: People, who: str) -> Client:
    """Somebody signed in."""
    account = Account.objects.filter(username=who).first() or Account.objects.create_account(who, None, getattr(people, who).id)
    made = Client(HTTP_REFERER=f"http://testserver{PAGE}")
    made.force_login(account)
    return made


@pytest.fixture
def page(people: People, settings: Any) -> str:
    """The page of a form that keeps drafts, in a mission with its words."""
    settings.SECOND_FACTOR = "offered"  # the second factor has its own tests
    words()
    return PAGE


OBSERVATION = {
    "headline": "3 of 11 signs painted over", "kind": "sign", "means": "saw", "place": "Prizren", "occurred_from": "13 May 2026, 14:20",
    "precision": "minute", "count": "3 of 11", "sensitivity": "1",
}  # fmt: skip


def text(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())


def test_a_draft_is_kept_and_put_back_without_a_script(people: People, page: str) -> None:
    browser = client(people, "monitor")
    sent = {"draft-name": "observation", "draft-page": page, "headline": "Mobile library, “one word” <b>"}
    answer = browser.post("/me/drafts/keep", sent)
    assert answer.status_code == 302 and answer["Location"] == f"{page}?draft=observation"
    shown = text(browser.get(answer["Location"]))
    assert "Mobile library, “one word” &lt;b&gt;" in shown and "Put back from your draft" in shown
    plain = text(browser.get(page))
    assert "Mobile library" not in plain and "A draft of this form is kept for you" in plain
    assert page in text(browser.get("/me/"))


def test_nobody_else_sees_it(people: People, page: str) -> None:
    client(people, "monitor").post("/me/drafts/keep", {"draft-name": "observation", "draft-page": page, "headline": "Mobile library"})
    other = client(people, "leader")
    assert "Mobile library" not in text(other.get(f"{page}?draft=observation")) and "A draft of this form" not in text(other.get(page))


def test_it_lies_sealed_and_without_its_key_it_is_gone(people: People, page: str) -> None:
    browser = client(people, "monitor")
    browser.post("/me/drafts/keep", {"draft-page": page, "headline": "Mobile library"})
    draft = Draft.objects.get()
    assert b"Mobile" not in bytes(draft.sealed) and draft.words() == [("headline", "Mobile library")]
    keyring.destroy(Draft.scope(draft.account))
    assert draft.words() is None and browser.get(f"{page}?draft=observation").status_code == 200


def test_passwords_and_tokens_are_left_out(people: People, page: str) -> None:
    sent = {"draft-page": page, "headline": "x", "password": "hidden words", "csrfmiddlewaretoken": "t"}
    assert client(people, "monitor").post("/me/drafts/keep", sent, headers={"X-Draft": "script"}).status_code == 204
    assert Draft.objects.get().words() == [("headline", "x")]


@pytest.mark.parametrize("page", ["/public/", "https://elsewhere.example/", "/nowhere/", "/accounts/login/", "", "/me/\x00"])
def test_a_draft_belongs_to_a_staff_page(people: People, settings: Any, page: str) -> None:
    settings.SECOND_FACTOR = "offered"
    answer = client(people, "monitor").post("/me/drafts/keep", {"draft-page": page or "//", "headline": "x"})
    assert answer.status_code == 400 and not Draft.objects.exists()


def test_one_too_long_is_refused_with_the_remedy(people: People, page: str) -> None:
    answer = client(people, "monitor").post("/me/drafts/keep", {"draft-page": page, "headline": "x" * (Draft.MOST + 1)})
    assert answer.status_code == 400 and "attach it as a file" in text(answer) and not Draft.objects.exists()


def test_forty_at_most_and_the_newest_stay(people: People, page: str) -> None:
    client(people, "monitor")
    account = Account.objects.get(username="monitor")
    for number in range(Draft.MOST_KEPT + 3):
        Draft.put(account, page, f"form-{number}", [("headline", str(number))])
    assert Draft.objects.count() == Draft.MOST_KEPT and not Draft.objects.filter(name="form-0").exists()


def test_it_goes_when_the_form_was_accepted_and_not_before(people: People, page: str) -> None:
    browser = client(people, "monitor")
    browser.post("/me/drafts/keep", {"draft-page": page, "headline": "x"}, headers={"X-Draft": "script"})
    assert browser.post(page, {}).status_code == 422 and Draft.objects.exists()
    fresh = text(browser.get(page))
    once = re.search(r'name="once" value="([^"]+)"', fresh)
    assert once is not None
    sent = {**OBSERVATION, "once": once[1]}
    answer = browser.post(page, sent)
    assert answer.status_code == 302, text(answer)
    assert not Draft.objects.exists()


def test_forgetting(people: People, page: str) -> None:
    browser = client(people, "monitor")
    browser.post("/me/drafts/keep", {"draft-page": page, "headline": "x"}, headers={"X-Draft": "script"})
    assert browser.post("/me/drafts/forget", {"draft-page": page}).status_code == 302 and not Draft.objects.exists()


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(people: People, page: str) -> None:
    away = Client(HTTP_REFERER=f"http://testserver{page}")
    answer = away.post(page, {"headline": "x"})
    assert answer.status_code == 302 and answer["Location"] == f"/accounts/login/?next={page}"
