"""Attacks on every address: forms from elsewhere, redirects to elsewhere, sessions set by somebody else, hosts that are not ours, names
guessed at the door, file names that are paths. What each address must withstand is asked of each address of the table."""

from __future__ import annotations

import importlib
import io
import re
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from monitor.scene import observation
from monitor.scene import words as scene_words
from people import People
from test_table import ROOMS, address_of, filled, rows_of

from fairwitness.monitor.attach import attach_file
from fairwitness.record.models import Entry
from fairwitness.web.enrol import close_account
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PASSWORD = "a long enough one"
ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "https:///evil.example",
    "javascript:alert(1)", "data:text/html,x", "%2F%2Fevil.example", "/\t/evil.example", "\t//evil.example", "http://localhost@evil.example/",
    "http://testserver.evil.example/", "/%09/evil.example", "ftp://evil.example", "//evil.example\\@testserver",
)  # fmt: skip


@pytest.fixture(autouse=True)
def offered(settings: Any, db: None) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()


def account(people: People, who: str = "monitor") -> Account:
    member = getattr(people, who)
    found = Account.objects.filter(member=member).first()
    return found or Account.objects.create_account(who, PASSWORD, member.id)


@pytest.mark.parametrize("room", ROOMS)
def test_no_address_takes_a_form_from_elsewhere_and_each_page_guards_itself(room: str, people: People) -> None:
    """Without a token, and with a token but from another site: 403, and nothing is written. Every page carries every header."""
    module = importlib.import_module(f"table.{room}")
    things = getattr(module, "things", None)
    made = (things(people) if things else None) or {}
    accounts = {who: account(people, who) for who in ("monitor", "clearer")}
    before, wrong = Entry.objects.count(), []
    for row in rows_of(room):
        address = address_of(row, made)
        for person, owner in (("nobody", None), *accounts.items()):
            wrong += [f"{row.name} as {person}: {said}" for said in attacked(address, owner, filled(row.data, made))]
    assert not wrong, "\n".join(wrong)
    assert Entry.objects.count() == before


def attacked(address: str, owner: Account | None, data: Any) -> list[str]:
    wrong = []
    with transaction.atomic():
        client = Client(raise_request_exception=False, enforce_csrf_checks=True)
        if owner is not None:
            client.force_login(owner)
        unreadable = "%00" in address
        bare = client.post(address, data)
        if bare.status_code != (400 if unreadable else 403):
            wrong.append(f"POST without a token: {bare.status_code}")
        client.get(LOGIN if owner is None else "/me/")
        token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else "x" * 32
        for header in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
            foreign = client.post(address, {**dict(data), "csrfmiddlewaretoken": token}, headers=header)
            if foreign.status_code != (400 if unreadable else 403):
                wrong.append(f"POST with {header}: {foreign.status_code}")
        shown = client.get(address)
        wrong += [f"GET {shown.status_code}: {said}" for said in unguarded(address, shown)]
        other = client.get(address, headers={"Host": "evil.example"})
        body = b"".join(other) if other.streaming else other.content  # type: ignore[attr-defined]
        if other.status_code != 400 or b"evil.example" in body or "evil.example" in str(dict(other.headers)):
            wrong.append(f"GET for another host: {other.status_code}")
        transaction.set_rollback(True)
    return wrong


def unguarded(address: str, answer: Any) -> list[str]:
    """What is missing from an answer's headers."""
    if answer.streaming:
        b"".join(answer)
    policy = answer.headers.get("Content-Security-Policy", "")
    rules = {
        "nosniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "frames": answer.headers.get("X-Frame-Options") == "DENY",
        "referrer": answer.headers.get("Referrer-Policy") == "same-origin",
        "opener": answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "policy": "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy,
        "store": address.startswith(("/public/", "/health/", "/metrics/")) or "no-store" in answer.headers.get("Cache-Control", ""),
        "cookies": all(one["httponly"] and one["samesite"] for name, one in answer.cookies.items() if name != "csrftoken"),
        "location": not re.match(r"[a-z]+:|[/\\]{2}", answer.headers.get("Location", ""), re.IGNORECASE),
    }
    return [name for name, well in rules.items() if not well]


def here(location: str) -> bool:
    """Whether a browser that follows this stays on this host. Browsers read backslashes as slashes and drop tabs and line breaks."""
    as_read = re.sub(r"[\t\r\n]", "", location).replace("\\", "/").strip()
    return urlsplit(urljoin("http://testserver/accounts/login/", as_read))[:2] == ("http", "testserver")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in(people: People, target: str) -> None:
    name = account(people).username
    asked = quote(target, safe="%")
    for address, data in ((f"{LOGIN}?next={asked}", {}), (LOGIN, {"next": target}), (f"{LOGIN}?next={asked}", {"next": target})):
        client = Client()
        page = client.get(address)
        assert "evil.example" not in page.headers.get("Location", "")
        answer = client.post(address, {"login": name, "password": PASSWORD, **data})
        assert answer.status_code == 302 and here(answer["Location"]), (address, data, answer["Location"])
        assert Client().get(answer["Location"]).status_code in (302, 404)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_by_any_other_page_that_goes_on(people: People, target: str) -> None:
    client = Client()
    client.force_login(account(people))
    asked = quote(target, safe="%")
    for address, data in (
        (f"/accounts/reauthenticate/?next={asked}", {"password": PASSWORD, "next": target}),
        (f"/accounts/logout/?next={asked}", {"next": target}),
    ):
        for answer in (client.get(address), client.post(address, data)):
            assert here(answer.headers.get("Location", "/")), (address, answer["Location"])
    for path in (f"/{target}", f"//evil.example/{asked}", "//evil.example/..%2f"):
        answer = Client().get(path)
        assert here(answer.headers.get("Location", "/")), answer["Location"]
    late = Client().post("/me/sessions/end/", {}, headers={"Referer": "http://testserver//evil.example/"})
    followed = Client().get(late["Location"])
    assert late["Location"].startswith(LOGIN) and followed.status_code == 200


def test_a_session_set_by_somebody_else_is_not_taken_over(people: People) -> None:
    mine = account(people)
    attacker = Client()
    attacker.get(LOGIN)
    session = attacker.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    victim = Client()
    for known in (planted, "made-up-by-the-attacker-0123456789"):
        victim.cookies["sessionid"] = known
        assert victim.post(LOGIN, {"login": mine.username, "password": PASSWORD}).status_code == 302
        fresh = victim.cookies["sessionid"].value
        assert fresh != known and not Session.objects.filter(session_key=known).exists()
        victim.post("/accounts/logout/")
        assert not Session.objects.filter(session_key=fresh).exists()
    attacker.cookies["sessionid"] = planted
    assert attacker.get("/").status_code == 302


def test_the_session_and_the_token_change_when_the_door_opens(people: People) -> None:
    mine = account(people)
    secret = generate_totp_secret()
    TOTP.activate(mine, secret)
    client = Client()
    client.get(LOGIN)
    token = client.cookies["csrftoken"].value
    client.post(LOGIN, {"login": mine.username, "password": PASSWORD})
    between = client.cookies["sessionid"].value
    assert client.get("/").status_code == 302  # half a sign-in opens nothing
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.cookies["sessionid"].value != between and client.cookies["csrftoken"].value != token
    stale = Client()
    stale.cookies["sessionid"] = between
    assert stale.get("/").status_code == 302


def test_what_was_signed_out_stays_out(people: People) -> None:
    client = Client()
    client.force_login(account(people))
    kept = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    again = Client()
    again.cookies["sessionid"] = kept
    assert again.get("/").status_code == 302


def test_guessing_names_costs_the_same_work_in_the_same_order(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what can be seen or measured from outside (words, status, headers, hashes computed) nothing tells whether a name exists."""
    account(people)
    closed = account(people, "stranger")
    close_account(people.stranger, by=people.hand(people.custodian))
    work: list[str] = []
    encode = Argon2PasswordHasher.encode

    def counted(self: Any, *given: Any, **named: Any) -> Any:
        work.append("hash")
        return encode(self, *given, **named)

    def verified(self: Any, password: str, encoded: str) -> bool:
        work.append("hash")
        return verify(self, password, encoded)

    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verified)
    seen = {}
    for name in ("monitor", "nobody.there", closed.username, "MONITOR", "x' OR 1=1 --", "\u017fharp"):
        work.clear()
        cache.clear()
        client = Client()
        client.get(LOGIN)
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(LOGIN, {"login": name, "password": "wrong-wrong-wrong"})
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        text = re.sub(r'(name="login"[^>]*) value="[^"]*"|value="[^"]*"([^>]*name="login")', r"\1\2", text)
        parts = {key: sorted(re.split("[;,] ?", value)) for key, value in answer.headers.items()}  # a policy has no order
        headers = {key: value for key, value in parts.items() if key not in ("Content-Length", "Expires")}
        seen[name] = (answer.status_code, text, headers, sorted(answer.cookies), work.count("hash"), len(asked))
    first = seen["nobody.there"]
    assert first[4] == 1
    for name, one in seen.items():
        assert one[:5] == first[:5], name
        assert abs(one[5] - first[5]) <= 1, f"{name}: {one[5]} questions to the database, {first[5]} for a name nobody has"


def test_there_is_no_reset_by_mail_to_ask_names_of(people: People) -> None:
    owner = account(people)
    for address in ("/accounts/password/reset/", "/accounts/password/reset/key/1-set/", "/accounts/signup/", "/accounts/email/"):
        assert Client().get(address).status_code == 404
        assert Client().post(address, {"email": owner.email or "x@example.org", "login": owner.username}).status_code == 404
    assert "password/reset" not in Client().get(LOGIN).content.decode()


NASTY = (
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/shadow",
    'a".txt',
    "a\r\nSet-Cookie: x=1.txt",
    "\u202egnp.exe.txt",
    "x" * 4000,
    "....//",
    "CON",
)


@pytest.mark.parametrize("name", NASTY)
def test_a_file_name_is_never_a_path_or_a_header(people: People, name: str, settings: Any) -> None:
    scene_words()
    thing = observation(people)
    hand = people.hand(people.monitor)
    made = attach_file(thing, io.BytesIO(b"plain words\n"), file_name=name, caption="c", credit="x", licence="CC0", by=hand)
    assert not set(made.file_name) & set("/\\\r\n\0") and len(made.file_name) <= 255
    client = Client()
    client.force_login(account(people))
    answer = client.get(reverse("web:attachment", args=[made.code]))
    assert answer.status_code == 200 and b"".join(answer) == b"plain words\n"  # type: ignore[call-overload]
    said = answer["Content-Disposition"]
    assert said.startswith("attachment;") and not set(said) & set("/\\\r\n") and said.count('"') == 2 and "Set-Cookie" not in answer.headers
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("code", ["..%2f..%2fsession.key", "%2e%2e%2fnode.key", "....//node.key", "node.key", "%00", "A" * 300])
def test_no_file_of_the_node_is_reached_by_its_path(people: People, code: str) -> None:
    client = Client()
    client.force_login(account(people))
    for address in (f"/monitor/files/{code}", f"/static/{code}", f"/static/../{code}", f"/public/releases/{code}/pdf/"):
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code in (400, 404) and b"key" not in body.lower().replace(b"keyboard", b"").replace(b"sitekey", b""), address
