"""Every page as a reader meets it who sees little, hears the page read out, or cannot use a mouse: no address of the table has a
violation of WCAG 2.2 AA or of good practice, at the width of a phone and of a desk, on light and on dark paper.

Every address that answers with a page is opened by the person who is shown the most of it, every form is sent wrong once, and each
kind of refusal is shown. Nothing scrolls sideways at 360 px, nothing offends the security policy, nothing is said on the console.
"""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from monitor.scene import observation, words
from people import People
from table import PERSONS
from test_table import ROOMS, Callers, address_of, expected, filled, rows_of
from window import Answer, Window

from fairwitness.monitor.observe import correct_observation
from fairwitness.web.enrol import make_account
from fairwitness.web.frame import tag
from fairwitness.web.limit import PER_NAME_THERE
from fairwitness.web.models import Account
from fairwitness.web.settings import LANGUAGES

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": TAGS, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "resultTypes": ["violations"]}
WIDTHS = (1280, 360)
SAYS = """options => axe.run(document, options).then(found => found.violations.flatMap(v => v.nodes.map(
  n => `${v.id}: ${n.target.join(' ')} ${n.html.slice(0, 160)} (${[...n.any, ...n.all, ...n.none].map(c => c.message).join('; ')})`)))"""
FACTS = """() => ({
  title: document.title.trim(),
  lang: document.documentElement.lang,
  h1: [...document.querySelectorAll('h1')].map(h => h.textContent.trim()),
  wide: document.documentElement.scrollWidth - innerWidth,
  past: [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.wrap,.proof,.vh'))
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120))})"""


@pytest.fixture
def window(chromium: Any) -> Any:
    assert AXE.exists(), f"{AXE} is missing: run `python3 run.py setup --dev`"
    made = Window(chromium, scripts=(AXE.read_text("utf-8"),))
    yield made
    made.close()


def door_of(address: str, person: str) -> str:
    return "public" if address.startswith("/public/") else "entrance" if person == "nobody" else "staff"


def answers_of(room: str, people: People) -> list[Answer]:
    """Each address with the person who is shown the most, each form sent wrong, each kind of refusal once at each door."""
    module = importlib.import_module(f"table.{room}")
    callers, answers, refused = Callers(people), [], set()
    made = (module.things(people) if hasattr(module, "things") else None) or {}
    for row in rows_of(room):
        address, data = address_of(row, made), filled(row.data, made)
        shown: list[Answer] = []
        for method, person in ((method, person) for method in ("GET", "POST") for person in PERSONS):
            wanted = expected(row, method, person)
            kind = (door_of(address, person), wanted)
            if wanted in (200, 422):
                if any(one.name.startswith(method) and (method == "POST" or kind[0] == "public") for one in shown):
                    continue
            elif wanted == 302 or kind in refused:
                continue
            answer = Answer.of(f"{method} {row.name} {address} as {person}", callers.ask(person, method, address, data))
            assert answer.status == wanted, f"{answer.name}: {answer.status}, the table says {wanted}"
            if answer.is_page and wanted in (200, 422):
                shown.append(answer.with_pictures(partial(callers.ask, person, "GET")))
            elif answer.is_page:
                refused.add(kind)
                answers.append(answer)
        for method in ("GET", "POST"):
            answers += sorted((one for one in shown if one.name.startswith(method)), key=lambda one: one.body.count(b"<"))[-1:]
    return answers


def faults_of(answer: Answer, window: Window) -> list[str]:
    """What is wrong with one page, in both widths and both schemes."""
    window.page.emulate_media(color_scheme="light")
    window.show(answer, answer.name.split()[2])
    window.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    wrong: list[str] = []
    for width in WIDTHS if answer.status == 200 else WIDTHS[1:]:  # a form sent wrong is the form again, and what is wrong above it
        window.page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            window.page.emulate_media(color_scheme=scheme)
            wrong += [f"{width} px {scheme} {said}" for said in window.page.evaluate(SAYS, rules)]
        facts = window.page.evaluate(FACTS)
        if facts["wide"] > 0:
            wrong.append(f"{width} px scrolls sideways by {facts['wide']} px: {facts['past']}")
    if len(facts["h1"]) != 1 or not facts["h1"][0]:
        wrong.append(f"headings of the page: {facts['h1']}")
    if not facts["title"] or facts["title"].startswith("–"):
        wrong.append(f"title of the page: {facts['title']!r}")
    if facts["lang"] != tag(answer.headers.get("Content-Language", "en")):
        wrong.append(f"lang is {facts['lang']!r}, the answer says {answer.headers.get('Content-Language')!r}")
    return [f"{answer.name}: {said}" for said in (*wrong, *window.faults)]


def check(answers: list[Answer], window: Window) -> None:
    wrong = [said for answer in answers for said in faults_of(answer, window)]
    assert not wrong, "\n".join([f"{len(wrong)} on {len(answers)} pages", *wrong])


@pytest.fixture(autouse=True)
def fresh(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("fairwitness.web.limit.clock", lambda: 1_800_000_100)  # no test straddles two quarters of an hour
    settings.SECOND_FACTOR = "offered"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # what is looked at is the page, not the hash


@pytest.mark.parametrize("room", ROOMS)
def test_every_address_of_the_table_can_be_used_by_everybody(room: str, people: People, window: Window) -> None:
    check(answers_of(room, people), window)


class Walk:
    """A person's way through pages that only a way leads to; each page is kept as it was answered."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.answers: list[Answer] = []

    def get(self, address: str, status: int = 200) -> Any:
        return self._kept("GET", address, self.client.get(address), status)

    def post(self, address: str, status: int = 200, **data: Any) -> Any:
        return self._kept("POST", address, self.client.post(address, data), status)

    def _kept(self, method: str, address: str, response: Any, status: int) -> Any:
        assert response.status_code == status, f"{method} {address}: {response.status_code}"
        answer = Answer.of(f"{method} way {address} {status}", response)
        if answer.is_page:
            self.answers.append(answer)
        return response


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_the_way_in_can_be_walked_by_everybody(people: People, window: Window) -> None:
    """Sign-in with its faults, both second factors, the recovery codes, too many tries."""
    password = make_account(people.monitor, "pz.monitor", by=people.hand(people.custodian))
    account = Account.objects.get(username="pz.monitor")
    way = Walk()
    way.get("/accounts/login/")
    way.post("/accounts/login/", login="", password="")
    way.post("/accounts/login/", login="pz.monitor", password="wrong")
    way.post("/accounts/login/", 302, login="pz.monitor", password=password)
    again = way.get("/accounts/2fa/totp/activate/", 302)["Location"]
    way.get(again)
    way.post(again, password="wrong")
    way.post(again, 302, password=password)
    way.get("/accounts/2fa/totp/activate/")
    way.post("/accounts/2fa/totp/activate/", code="000000")
    way.post("/accounts/2fa/totp/activate/", 302, code=code_of(way.client.session["mfa.totp.secret"]))
    for page in ("", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "webauthn/", "webauthn/add/"):
        way.get(f"/accounts/2fa/{page}")
    Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "Key of a test"})
    key = Authenticator.objects.get(user=account, type=Authenticator.Type.WEBAUTHN).pk
    for page in ("webauthn/", f"webauthn/keys/{key}/edit/", f"webauthn/keys/{key}/remove/"):
        way.get(f"/accounts/2fa/{page}")
    Authenticator.objects.filter(pk=key).delete()
    way.get("/me/")
    later = Walk()
    later.post("/accounts/login/", 302, login="pz.monitor", password=password)
    later.get("/accounts/2fa/authenticate/")
    later.post("/accounts/2fa/authenticate/", code="000000")
    for _ in range(PER_NAME_THERE):
        later.client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    later.post("/accounts/2fa/authenticate/", 429, code="000000")
    check(way.answers + later.answers, window)


def test_a_refused_form_and_two_writers_at_once_can_be_read_by_everybody(people: People, window: Window) -> None:
    """A form out of date, two versions side by side, an address nobody has, the gate's closed keys, the node's own last resort."""
    words()
    seen = observation(people)
    by = people.hand(people.monitor)
    way = Walk()
    way.client.force_login(Account.objects.create_account("monitor", "a long enough one", people.monitor.id))
    way.get("/no/such/address/", 404)
    way.get("/public/no/such/address/", 404)
    way.get("/find/?q=%00", 400)
    address = reverse("web:observation_edit", kwargs={"code": seen.code})
    form = way.get(address).context["form"]
    correct_observation(seen, {"headline": "Written first by somebody else"}, why="the other was faster", base=seen.entry, by=by)
    data = {name: form[name].value() or "" for name in form.fields}
    way.post(address, 409, **(data | {"headline": "Written second", "why": "to be seen side by side"}))
    strict = Client(enforce_csrf_checks=True)
    way.answers.append(Answer.of("POST way /accounts/login/ 403", strict.post("/accounts/login/", {"login": "x"})))
    last = render_to_string("web/refusals/bare.html", {"heading": "Broken", "status": 500, "sentence": "This is ours."})
    way.answers.append(Answer("GET way /last/resort/ 500", 500, {"Content-Type": "text/html; charset=utf-8"}, last.encode()))
    check(way.answers, window)


@pytest.mark.parametrize("code", [code for code, _ in LANGUAGES])
def test_a_page_says_its_language_to_the_voice_that_reads_it(code: str, people: People, window: Window) -> None:
    """Serbian names its script, so that a voice and the heading face know it."""
    answer = Answer.of(f"GET way /accounts/login/ in {code}", Client().get("/accounts/login/", HTTP_ACCEPT_LANGUAGE=code))
    wanted = {"sr": "sr-Cyrl", "sr-latn": "sr-Latn"}.get(code, code)
    assert f'<html lang="{wanted}">' in answer.body.decode()
    check([answer], window)
