"""Signing in: nothing tells whether a name exists, nobody can be locked out by somebody else, a second factor is asked for,
sessions end when their owner says so, a lost password takes two persons."""

from __future__ import annotations

import re
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from people import People

from fairwitness.errors import BadInput, OutOfOrder, Refused
from fairwitness.mission.models import Tenure
from fairwitness.record.hand import Hand, command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.web.enrol import ask_reset, close_account, confirm_reset, make_account, random_password, sessions_of
from fairwitness.web.limit import PER_ADDRESS, PER_NAME_THERE
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_limits(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("fairwitness.web.limit.clock", lambda: 1_800_000_100)  # no test straddles two quarters of an hour
    settings.SECOND_FACTOR = "offered"


def enrolled(people: People) -> tuple[Account, str]:
    password = make_account(people.monitor, "pz.monitor", by=people.hand(people.custodian))
    return Account.objects.get(username="pz.monitor"), password


def try_in(client: Client, name: str, password: str, address: str = "192.0.2.1", **extra: Any) -> Any:
    return client.post(LOGIN, {"login": name, "password": password, **extra}, REMOTE_ADDR=address)


def test_a_right_password_opens_the_door_and_a_new_session(people: People, client: Client) -> None:
    _account, password = enrolled(people)
    client.get(LOGIN)
    before = client.session.session_key
    answer = try_in(client, "PZ.Monitor", password)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session.session_key != before
    assert client.get("/").status_code == 200


def test_an_unknown_name_a_wrong_password_and_a_closed_account_look_alike(people: People) -> None:
    _account, password = enrolled(people)
    closed = make_account(people.stranger, "mi.stranger", by=people.hand(people.custodian))
    close_account(people.stranger, by=people.hand(people.custodian))
    pages = []
    for name, typed in (("pz.monitor", "wrong-wrong"), ("nobody.there", "wrong-wrong"), ("mi.stranger", closed)):
        answer = try_in(Client(), name, typed)
        text = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content).replace(name.encode(), b"NAME")
        pages.append((answer.status_code, text))
    assert pages[0] == pages[1] == pages[2] and b"do not go together" in pages[0][1]
    assert password


def test_an_unknown_name_takes_as_long(people: People) -> None:
    """Time of the processor, not of the clock, so that other work on the machine says nothing; each pair beside each other, in turns."""
    enrolled(people)
    names, ratios = ("pz.monitor", "nobody.there"), []
    for turn in range(10):
        taken = {}
        for name in names if turn % 2 else reversed(names):
            begin = time.process_time()
            try_in(Client(), name, "wrong-wrong", address=f"198.51.100.{turn}")
            taken[name] = time.process_time() - begin
        ratios.append(taken[names[0]] / taken[names[1]])
    assert 1 / 1.5 < statistics.median(ratios[1:]) < 1.5, ratios  # the first pair warms the house up


def test_nobody_is_locked_out_from_elsewhere(people: People) -> None:
    _account, password = enrolled(people)
    attacker = Client()
    for _ in range(PER_NAME_THERE):
        assert try_in(attacker, "pz.monitor", "wrong", address="203.0.113.9").status_code == 200
    stopped = try_in(attacker, "pz.monitor", password, address="203.0.113.9")
    assert stopped.status_code == 429 and 0 < int(stopped["Retry-After"]) <= 900
    assert "Wait" in stopped.content.decode() and "minutes" in stopped.content.decode()
    assert try_in(Client(), "pz.monitor", password, address="192.0.2.1").status_code == 302


def test_a_known_browser_stays_open_even_in_the_attackers_office(people: People) -> None:
    _account, password = enrolled(people)
    mine, same_office = Client(), "203.0.113.9"
    assert try_in(mine, "pz.monitor", password, address=same_office).status_code == 302
    mine.post("/accounts/logout/")
    attacker = Client()
    for _ in range(PER_NAME_THERE + 1):
        last = try_in(attacker, "pz.monitor", "wrong", address=same_office)
    assert last.status_code == 429
    assert try_in(mine, "pz.monitor", password, address=same_office).status_code == 302
    other = Client()
    other.cookies["fairwitness_device"] = mine.cookies["fairwitness_device"].value + "x"
    assert try_in(other, "pz.monitor", password, address=same_office).status_code == 429


def test_one_address_cannot_try_many_names(people: People) -> None:
    attacker = Client()
    answers = [try_in(attacker, f"name{n}", "x", address="203.0.113.7").status_code for n in range(PER_ADDRESS + 1)]
    assert answers == [200] * PER_ADDRESS + [429]


def test_an_address_sent_along_is_not_believed(people: People) -> None:
    attacker = Client()
    for number in range(PER_NAME_THERE + 1):
        answer = attacker.post(
            LOGIN, {"login": "pz.monitor", "password": "x"}, REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}"
        )
    assert answer.status_code == 429


def test_a_network_counts_as_one_address(people: People) -> None:
    for number in range(PER_NAME_THERE + 1):
        answer = try_in(Client(), "pz.monitor", "x", address=f"2001:db8:1:2::{number + 1:x}")
    assert answer.status_code == 429
    assert try_in(Client(), "pz.monitor", "x", address="2001:db8:1:3::1").status_code == 200


def code_of(account: Account, secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_the_second_factor_is_asked_for_and_its_secret_is_sealed(people: People) -> None:
    account, password = enrolled(people)
    secret = generate_totp_secret()
    kept = TOTP.activate(account, secret)
    assert secret not in str(kept.instance.data)
    client = Client()
    answer = try_in(client, "pz.monitor", password)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/authenticate/")
    assert client.get("/").status_code == 302
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert b"neither the code" in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(account, secret)}).status_code == 302
    assert client.get("/").status_code == 200


def test_codes_cannot_be_guessed_without_end(people: People) -> None:
    account, password = enrolled(people)
    TOTP.activate(account, generate_totp_secret())
    client = Client()
    try_in(client, "pz.monitor", password)
    answers = [client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"}).status_code for n in range(PER_NAME_THERE + 1)]
    assert answers == [200] * PER_NAME_THERE + [429]


def test_where_it_is_required_nothing_opens_before_it_is_set_up(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    account, password = enrolled(people)
    client = Client()
    try_in(client, "pz.monitor", password)
    for address in ("/", "/me/", "/find/", "/record/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": password}).status_code == 302
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(account, secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/recovery-codes/")
    codes = re.search(rb'<pre class="proof"[^>]*>([^<]+)', client.get("/accounts/2fa/recovery-codes/").content)
    assert codes and len(codes[1].split()) == 10
    assert client.get("/").status_code == 200
    again = Client()
    try_in(again, "pz.monitor", password)
    first = codes[1].split()[0].decode()
    assert again.post("/accounts/2fa/authenticate/", {"code": first}).status_code == 302
    assert again.get("/").status_code == 200


def test_what_we_do_not_use_is_not_there(people: People) -> None:
    for address in ("signup/", "email/", "password/reset/", "confirm-email/", "social/connections/", "3rdparty/", "2fa/trust/"):
        assert Client().get(f"/accounts/{address}").status_code == 404


def test_sessions_are_listed_and_ended_by_their_owner(people: People) -> None:
    account, password = enrolled(people)
    here, there = Client(HTTP_USER_AGENT="Firefox/140"), Client(HTTP_USER_AGENT="Chrome/156")
    try_in(here, "pz.monitor", password)
    try_in(there, "pz.monitor", password, address="198.51.100.77")
    page = here.get("/me/").content.decode()
    assert "Firefox" in page and "Chrome" in page and "198.51.100.77" in page
    assert there.session.session_key not in page
    assert len(sessions_of(account)) == 2
    assert here.post("/me/sessions/end/", {"key": "others"}).status_code == 302
    assert there.get("/").status_code == 302 and here.get("/").status_code == 200
    assert here.post("/me/sessions/end/", {"key": here.session.session_key[:12]}).status_code == 400


def test_a_new_password_ends_other_sessions(people: People) -> None:
    _account, password = enrolled(people)
    here, there = Client(), Client()
    try_in(here, "pz.monitor", password)
    try_in(there, "pz.monitor", password)
    new = random_password()
    answer = here.post("/accounts/password/change/", {"oldpassword": password, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert here.get("/").status_code == 200 and there.get("/").status_code == 302


def another_custodian(people: People) -> Hand:
    """The keeper acts as second custodian of accounts."""
    Tenure(member=people.keeper, post=people.posts["custodian"], kind=Tenure.ACTING, since=datetime.now(UTC)).keep(
        by=command(), verb=Verb.POST_FILL
    )
    return people.hand(people.keeper)


def test_a_reset_takes_two_persons_and_goes_on_record(people: People) -> None:
    _account, password = enrolled(people)
    client = Client()
    try_in(client, "pz.monitor", password)
    first = people.hand(people.custodian)
    with pytest.raises(BadInput):
        ask_reset(people.monitor, " ", by=first)
    ask_reset(people.monitor, "Lost the phone on 3 May.", by=first)
    with pytest.raises(Refused, match="two persons"):
        confirm_reset(people.monitor, by=people.hand(people.custodian))
    with pytest.raises(Refused):
        confirm_reset(people.monitor, by=people.hand(people.monitor))
    second = another_custodian(people)
    new = confirm_reset(people.monitor, by=second)
    assert client.get("/").status_code == 302
    assert try_in(Client(), "pz.monitor", password).status_code == 200
    assert try_in(Client(), "pz.monitor", new).status_code == 302
    with pytest.raises(OutOfOrder):
        confirm_reset(people.monitor, by=second)
    entries = list(Entry.objects.filter(verb=Verb.CREDENTIAL_RESET.value, subject=str(people.monitor.id)).order_by("seq"))
    assert [entry.member for entry in entries] == [str(first.member), str(second.member)]
    assert not any(new.encode() in bytes(entry.body) for entry in entries)


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "a b", "a/b", "<i>", "x\0y"])
def test_a_name_of_an_account_is_simple(people: People, name: str) -> None:
    with pytest.raises(BadInput):
        make_account(people.monitor, name, by=people.hand(people.custodian))


def test_only_those_who_enrol_make_accounts(people: People) -> None:
    with pytest.raises(Refused):
        make_account(people.monitor, "me", by=people.hand(people.monitor))
    make_account(people.monitor, "Me", by=people.hand(people.custodian))
    with pytest.raises(BadInput, match="taken"):
        make_account(people.analyst, "mE", by=people.hand(people.custodian))
