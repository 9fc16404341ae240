"""Sign-ins managed: what is taken away needs one person, what is given back needs two; the owner is told; a refusal explains rights and
never things; house styles change from a day on, with history."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from people import LONG_AGO, People

from fairwitness.errors import BadInput, OutOfOrder, Refused
from fairwitness.mission.models import HouseStyle, Member, Post, Power, Tenure
from fairwitness.mission.name_places import name_of
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.web.enrol import FACTORS, ask_reset, confirm_reset, make_account, send_away, sessions_of, told_about
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def offered(settings: Any, db: None) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()


def account_of(member: Member) -> Account:
    found = Account.objects.filter(member=member).first()
    return found or Account.objects.create_account(member.code.lower(), PASSWORD, member.id)


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(account_of(member))
    return client


def signed_in(member: Member, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(LOGIN, {"login": account_of(member).username, "password": password})
    return client


def second_custodian(people: People) -> Member:
    Tenure(member=people.keeper, post=people.posts["custodian"], kind="acting", since=LONG_AGO).keep(by=command(), verb=Verb.POST_FILL)
    return people.keeper


def test_sessions_of_a_stolen_laptop_are_ended_by_one_person_and_the_owner_is_told(people: People) -> None:
    stolen = signed_in(people.monitor)
    assert stolen.get("/").status_code == 200
    office = browser(people.custodian)
    assert "1 browsers" in office.get(f"/manage/people/{people.monitor.id}/").content.decode()
    assert "browsers" not in browser(people.analyst).get(f"/manage/people/{people.monitor.id}/").content.decode()
    address = f"/manage/people/{people.monitor.id}/sessions/end/"
    assert office.post(address, {"why": " "}).status_code == 422
    assert stolen.get("/").status_code == 200
    assert office.post(address, {"why": "Laptop stolen on 3 May, told me by telephone."}).status_code == 302
    assert stolen.get("/").status_code == 302 and not sessions_of(account_of(people.monitor))
    entry = Entry.objects.filter(verb=Verb.CREDENTIAL_RESET.value).latest("seq")
    assert entry.subject == str(people.monitor.id) and entry.member == str(people.custodian.id)
    again = Client()
    answer = again.post(LOGIN, {"login": account_of(people.monitor).username, "password": PASSWORD})
    assert answer["Location"] == "/me/"  # what others did stands there, and is seen before anything else
    page = again.get("/me/").content.decode()
    assert "Your sessions were ended" in page and "Laptop stolen" in page and people.custodian.code in page
    assert Client().post(LOGIN, {"login": account_of(people.monitor).username, "password": PASSWORD})["Location"] == "/"


def test_nobody_else_sends_anybody_away(people: People) -> None:
    account_of(people.monitor)
    for who in ("monitor", "analyst", "clearer"):
        assert browser(getattr(people, who)).post(f"/manage/people/{people.monitor.id}/sessions/end/", {"why": "so"}).status_code == 403
        with pytest.raises(Refused):
            send_away(people.monitor, "so", by=people.hand(getattr(people, who)))


def test_a_lost_second_factor_takes_two_persons_and_leaves_the_password(people: People, settings: Any) -> None:
    account = account_of(people.monitor)
    TOTP.activate(account, generate_totp_secret())
    first, second = browser(people.custodian), browser(second_custodian(people))
    address = f"/manage/people/{people.monitor.id}/reset/"
    assert first.post(address, {"why": "Phone lost", "what": "everything"}).status_code == 422
    assert first.post(address, {"why": "Phone lost, told me in person.", "what": FACTORS}).status_code == 302
    assert "second factor alone" in second.get(f"{address}confirm/").content.decode()
    assert first.post(f"{address}confirm/").status_code == 403 and Authenticator.objects.filter(user=account).exists()
    done = second.post(f"{address}confirm/")
    assert (
        done.status_code == 200
        and "second factors are gone" in done.content.decode()
        and 'aria-label="Password"' not in done.content.decode()
    )
    assert not Authenticator.objects.filter(user=account).exists()
    settings.SECOND_FACTOR = "required"
    back = signed_in(people.monitor)
    assert back.get("/")["Location"] == "/accounts/2fa/"
    assert [told.step for told in told_about(people.monitor.id)] == ["confirmed", "asked"]


def test_a_factor_is_not_given_to_an_account_without_password(people: People) -> None:
    account = account_of(people.monitor)
    account.close()
    ask_reset(people.monitor, "Phone lost", by=people.hand(people.custodian), what=FACTORS)
    with pytest.raises(OutOfOrder, match="no password"):
        confirm_reset(people.monitor, by=people.hand(second_custodian(people)))
    account_of(people.stranger)
    with pytest.raises(BadInput):
        ask_reset(people.stranger, "x", by=people.hand(people.custodian), what="nothing")


def test_a_recovery_code_opens_once(people: People) -> None:
    account = account_of(people.monitor)
    TOTP.activate(account, generate_totp_secret())
    code = RecoveryCodes.activate(account).get_unused_codes()[0]
    first = signed_in(people.monitor)
    assert first.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302 and first.get("/").status_code == 200
    second = signed_in(people.monitor)
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200 and second.get("/").status_code == 302


def test_a_new_password_forgets_known_browsers(people: People) -> None:
    password = make_account(people.monitor, "pz.monitor", by=people.hand(people.custodian))
    mine = Client()
    office = {"REMOTE_ADDR": "203.0.113.9"}
    assert mine.post(LOGIN, {"login": "pz.monitor", "password": password}, **office).status_code == 302  # type: ignore[arg-type]
    ask_reset(people.monitor, "Stolen", by=people.hand(people.custodian))
    new = confirm_reset(people.monitor, by=people.hand(second_custodian(people)))
    for _ in range(11):
        Client().post(LOGIN, {"login": "pz.monitor", "password": "wrong"}, **office)  # type: ignore[arg-type]
    assert mine.post(LOGIN, {"login": "pz.monitor", "password": new}, **office).status_code == 429  # type: ignore[arg-type]


def test_a_refusal_explains_rights(people: People) -> None:
    mine = browser(people.monitor)
    refused = mine.get("/manage/rights/new/")
    assert refused.status_code == 403 and 'href="/why/?verb=post.edit"' in refused.content.decode()
    page = mine.get("/why/?verb=post.edit").content.decode()
    assert "No post of yours carries this" in page and "Custodian" in page and "/manage/powers/take/" not in page
    assert "/manage/powers/take/?verb=warning.issue" in mine.get("/why/?verb=warning.issue").content.decode()
    allowed = mine.get("/why/?verb=observation.submit").content.decode()
    assert "You may" in allowed and "Monitor (monitor)" in allowed
    assert mine.get("/why/?verb=<script>").status_code == 400


def test_what_is_hidden_is_not_explained(people: People) -> None:
    from monitor.scene import observation

    hidden = observation(people)
    stranger = browser(people.stranger)
    for address in (f"/monitor/observations/{hidden.code}/", "/monitor/observations/XX-9999/", "/nothing/here/"):
        page = stranger.get(address)
        assert page.status_code == 404 and "/why/" not in page.content.decode()
    before = stranger.get("/why/?verb=observation.read").content
    observation(people)
    assert stranger.get("/why/?verb=observation.read").content == before


def test_why_names_posts_and_extra_power(people: People) -> None:
    mine = browser(people.monitor)
    assert "Monitor (monitor)" in mine.get("/why/").content.decode()
    hour = {"verb": "warning.issue", "ceiling": "1", "reason": "The duty officer is ill and the road is closed."}
    assert mine.post("/manage/powers/take/", hour).status_code == 302
    assert "The duty officer is ill" in mine.get("/why/?verb=warning.issue").content.decode()
    seen = browser(people.custodian).get(f"/manage/people/{people.monitor.id}/why/").content.decode()
    assert "The duty officer is ill" in seen and "What T-monitor may see" in seen
    gone = Post.objects.get(code="P-monitor")
    Tenure.objects.get(post=gone)
    assert browser(people.stranger).get(f"/manage/people/{uuid4()}/why/").status_code == 404


def test_hours_that_wait_stand_in_a_list_of_their_own(people: People) -> None:
    mine = browser(people.monitor)
    assert mine.post("/manage/powers/take/", {"verb": "unit.edit", "ceiling": "1", "reason": "The centre closes tomorrow, nobody is here."})
    chief = browser(people.clearer)
    power = Power.objects.get()
    change = {"name": "Field Team Prizren One", "kind": "field team", "why": "closing"}
    assert mine.post(f"/manage/units/{people.units['PZ-T1'].id}/edit/", change).status_code == 302
    assert "that hour: 1." in chief.get(f"/manage/powers/{power.id}/review/").content.decode()
    assert "The centre closes" in chief.get("/manage/powers/?state=waiting").content.decode()
    assert chief.post(f"/manage/powers/{power.id}/review/", {"why": "Used as said."}).status_code == 302
    assert "The centre closes" not in chief.get("/manage/powers/?state=waiting").content.decode()


def words_keeper(people: People) -> Client:
    post = Post(code="P-words", title="Records officer", unit=people.units["HQ"], role="records-officer")
    post.keep(by=command(), verb=Verb.POST_EDIT)
    Tenure(member=people.keeper, post=post, since=LONG_AGO).keep(by=command(), verb=Verb.POST_FILL)
    return browser(people.keeper)


FORM = {
    "name": "Serbian first",
    "audience": "OSCE",
    "order": "sr-Latn, sq",
    "separator": " / ",
    "marks": "on",
    "why": "Editorial guide of May",
}


def test_a_style_is_corrected_with_history_and_what_it_makes_is_seen(people: People) -> None:
    office, style, place = words_keeper(people), HouseStyle.objects.get(), people.places["Planjane"]
    before = name_of(place)
    address = f"/manage/styles/{style.id}/"
    assert office.post(f"{address}edit/", {**FORM, "why": "", "base": str(style.entry)}).status_code == 422
    assert office.post(f"{address}edit/", {**FORM, "base": str(style.entry)}).status_code == 302
    after = name_of(place)
    assert before == "Pllanjanë/Planjane" and after == "Planjane / Pllanjanë"
    page = office.get(address).content.decode()
    assert "Editorial guide of May" in page and "sr-Latn, sq" in page
    late = office.post(f"{address}edit/", {**FORM, "name": "Another", "base": str(style.entry)})
    assert late.status_code == 409
    assert browser(people.monitor).post(f"{address}edit/", FORM).status_code == 403


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"order": ""}, "required"), ({"order": ","}, "is empty"), ({"order": "klingon"}, "klingon"), ({"order": "sq, sq"}, "twice"),
        ({"separator": "<br>"}, "br"), ({"exceptions": "sq ask:12"}, "form"), ({"exceptions": "sq = ask:99999"}, "no place"),
        ({"exceptions": "xx = ask:12"}, "xx"), ({"exceptions": "sq = ../etc/passwd"}, "no place"), ({"audience": " "}, "required"),
        ({"valid_from": "2 May 2026", "valid_to": "1 May 2026"}, "not before the beginning"),
    ],
)  # fmt: skip
def test_a_wrong_style_is_named_and_nothing_is_written(people: People, change: dict[str, str], said: str) -> None:
    office, style, size = words_keeper(people), HouseStyle.objects.get(), Entry.objects.count()
    answer = office.post(f"/manage/styles/{style.id}/edit/", {**FORM, **change, "base": str(style.entry)})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Entry.objects.count() == size


def test_a_style_is_followed_by_another_from_a_day_on(people: People) -> None:
    office, old, place = words_keeper(people), HouseStyle.objects.get(), people.places["Planjane"]
    new = {**FORM, "code": "osce-2027", "valid_from": "1 January 2027", "once": str(uuid4())}
    address = f"/manage/styles/new/?after={old.id}"
    assert office.post(address, {**new, "valid_from": ""}).status_code == 422
    for _ in range(2):
        assert office.post(address, new).status_code == 302
    made = HouseStyle.objects.get(code="osce-2027")
    assert f"{HouseStyle.objects.get(pk=old.pk).valid_to}" == "2026-12-31" and f"{made.valid_from}" == "2027-01-01"
    year = datetime(2026, 6, 1, tzinfo=UTC).date()
    assert name_of(place, on=year) == "Pllanjanë/Planjane" and name_of(place, on=year.replace(year=2027)) == "Planjane / Pllanjanë"
    assert office.post("/manage/styles/new/", {**new, "once": str(uuid4())}).status_code == 422
    assert len(re.findall("osce-2027", office.get(f"/manage/styles/{made.id}/").content.decode())) >= 1
