"""The frame and its refusals: the notice is on every page, a hidden thing and an unknown address answer alike, what cannot be read
is refused by name and never breaks the house, and nobody's page is stored on the way."""

from __future__ import annotations

import json
import logging
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, OperationalError
from django.test import Client, RequestFactory
from people import People, keeping_time

from fairwitness.errors import BadInput, Fault, GateClosed, OutOfOrder, Refused, Stale
from fairwitness.mission.access import why_not
from fairwitness.mission.models import Footnote, MissionProfile
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
from fairwitness.web.frame import frame
from fairwitness.web.models import Account
from fairwitness.web.refuse import RefusalMiddleware, refuse

pytestmark = pytest.mark.django_db
NOTICE = "Demonstration. Not an OSCE publication, not endorsed."


@pytest.fixture
def staff(people: People, settings: Any) -> Client:
    settings.SECOND_FACTOR = "offered"
    cache.clear()
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.create_account("a", "a long enough one", people.monitor.id))
    return client


def begin(notice: str = "") -> None:
    profile = MissionProfile.objects.get()
    profile.notice, profile.short_name = notice, "Mission in Kosovo"
    profile.keep(by=command(), verb=Verb.MANDATE_EDIT)
    Footnote(code="osce-1244", audience="OSCE", text="All references to Kosovo …", source="test").keep(by=command(), verb=Verb.MANDATE_EDIT)


def test_the_notice_the_asterisk_and_the_footnote_are_on_every_page(staff: Client) -> None:
    begin(NOTICE)
    nobody = Client()
    inside, outside = ("/", "/me/", "/no/such/", "/find/?q=%00"), ("/accounts/login/", "/no/such/")
    for client, address in [(staff, one) for one in inside] + [(nobody, one) for one in outside]:
        page = client.get(address).content.decode()
        assert NOTICE in page and "Mission in Kosovo*" in page and "* All references to Kosovo …" in page, address


def test_a_page_stands_before_the_mission_begins(db: None) -> None:
    answer = Client().get("/accounts/login/")
    assert answer.status_code == 200 and b"has not begun yet" in answer.content


def test_the_frame_asks_little(staff: Client, django_assert_max_num_queries: Any) -> None:
    staff.get("/find/")
    with django_assert_max_num_queries(12 + keeping_time()):
        staff.get("/find/")


def test_who_reads_stands_by_code_and_post(staff: Client) -> None:
    page = staff.get("/").content.decode()
    assert "T-monitor, Monitor" in page and 'data-member="T-monitor"' in page and "<b>Mission internal</b>" in page


def test_the_public_door_never_learns_who_is_signed_in(people: People) -> None:
    request = RequestFactory().get("/public/")
    request.user = Account(member_id=people.monitor.id)
    assert frame(request)["me"] == ""


def test_nothing_a_member_reads_is_stored_on_the_way(staff: Client) -> None:
    for address in ("/", "/record/", "/no/such/", "/accounts/login/"):
        assert "no-store" in staff.get(address)["Cache-Control"]


def test_the_policy_allows_no_inline_script_or_style(staff: Client) -> None:
    for address in ("/", "/me/", "/find/", "/record/", "/no/such/", "/accounts/2fa/"):
        answer = staff.get(address)
        page = answer.content.decode()
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
        assert " style=" not in page and "<style" not in page and " onclick=" not in page


def test_an_unknown_address_is_not_repeated(staff: Client) -> None:
    one, two = staff.get("/no/such/PZ-0417/?secret=word"), staff.get("/other/")
    assert one.status_code == two.status_code == 404 and one.content == two.content
    assert b"PZ-0417" not in one.content and b"word" not in one.content


@pytest.mark.parametrize(
    "address", ["/find/?q=%00", "/find/?q=%FF", "/find/?%FF=1", "/find/?q=a%ED%A0%80", "/record/?before=%00", "/me/?x=\x00"]
)
def test_bytes_that_are_no_text_are_refused(staff: Client, address: str) -> None:
    answer = staff.get(address)
    assert answer.status_code == 400 and b"no text" in answer.content


@pytest.mark.parametrize(
    "query", ["record/?before=-1", "record/?before=" + "9" * 40, "record/?verb=x", "find/?q=" + "x" * 5000, "?all=%27"]
)
def test_a_strange_query_is_no_fault(staff: Client, query: str) -> None:
    assert staff.get(f"/{query}").status_code == 200


def test_a_body_too_large_or_too_many_fields_is_refused(staff: Client, settings: Any) -> None:
    many = {f"f{n}": "x" for n in range(600)}
    assert staff.post("/me/sessions/end/", many).status_code in (400, 413)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = staff.post("/me/sessions/end/", {"key": "x" * 5000})
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"), (b"\xff\xfe", "multipart/form-data; boundary=x"), (b"--x\r\n", "multipart/form-data"),
        (b"key=\xff\xfe", "application/x-www-form-urlencoded"), (b"key=%00", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"key=x", "application/x-www-form-urlencoded; charset=klingon"), (b"\x00" * 100, "text/plain"), (b"k" * 10_000_000, "text/plain"),
    ],
)  # fmt: skip
def test_a_broken_body_is_refused(staff: Client, body: bytes, kind: str) -> None:
    assert 400 <= staff.generic("POST", "/me/sessions/end/", body, content_type=kind).status_code < 500


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_other_methods_are_named(staff: Client, method: str) -> None:
    answer = staff.generic(method, "/me/")
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD" and b"Not this way" in answer.content


def test_a_form_without_its_token_is_refused_in_words(people: People) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403 and b"another sign-in" in answer.content


def asked(people: People, **headers: str) -> Any:
    request = RequestFactory().get("/", headers=headers)
    request.user = Account(member_id=people.monitor.id)
    request.hand = people.hand(people.monitor)  # type: ignore[attr-defined]
    return request


def test_a_refusal_says_why_who_may_and_how_to_ask(people: People) -> None:
    sentence = "You hold P-1. That does not reach as far. Who may: Head."
    answer = refuse(asked(people), Refused(sentence, verb="warning.issue"))
    page = answer.content.decode()
    assert answer.status_code == 403 and sentence in page and "Take one hour" in page
    never = refuse(asked(people), Refused(sentence, verb="member.enrol")).content.decode()
    assert sentence in never and "Take one hour" not in never, "what is never lent is not offered"


def test_a_verb_that_is_closed_to_somebody_stands_without_a_link(people: People) -> None:
    from fairwitness.web.frame import closed

    assert closed(people.hand(people.monitor)) == frozenset()
    assert closed(people.hand(people.keeper)) == {"analyse", "warn", "report", "recommend", "assist", "share"}
    request = asked(people)
    request.user, request.hand = Account(member_id=people.custodian.id), people.hand(people.custodian)
    page = refuse(request, Refused("You hold P-1. That does not reach as far as this.", verb="report.read")).content.decode()
    assert page.count("(closed)") == 8 and 'href="/report/"' not in page and 'href="/record/"' in page
    assert "Take one hour" not in page, "nobody is offered a door that refuses them"


def test_why_not_speaks_no_code(people: People) -> None:
    assert "(" not in why_not(people.hand(people.custodian), Verb.REPORT_READ).split("Who may")[0]


def test_a_late_writer_sees_both_versions(people: People) -> None:
    error = Stale("Somebody else changed this.", mine={"Headline": "Mine <b>", "Count": "5"}, theirs={"Headline": "Theirs", "Count": "5"})
    answer = refuse(asked(people), error)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mine &lt;b&gt;" in page and "Theirs" in page and "Count" not in page


def test_a_version_that_is_no_dictionary_is_never_printed(people: People) -> None:
    page = refuse(asked(people), Stale("Changed.", mine=people.monitor, theirs="secret words")).content.decode()
    assert "secret words" not in page and "Both versions" not in page


def test_each_key_of_the_exit_is_named(people: People) -> None:
    page = refuse(asked(people), GateClosed("Nothing leaves.", keys=(("Consent", "withdrawn on 3 May"),))).content.decode()
    assert "Consent" in page and "withdrawn on 3 May" in page


def test_a_program_gets_code_sentence_and_faults(people: People) -> None:
    sentence = "31.02.2010 is no day. Write 28 February 2010 or another."
    error = BadInput.of(Fault("date", sentence, "visits.csv", 7))
    answer = refuse(asked(people, accept="application/json"), error)
    said = json.loads(answer.content)
    assert answer.status_code == 400 and said["code"] == "bad_input"
    assert said["faults"] == [
        {"field": "date", "sentence": "31.02.2010 is no day. Write 28 February 2010 or another.", "file": "visits.csv", "row": 7}
    ]
    page = refuse(asked(people), error).content.decode()
    assert "visits.csv, row 7, date: 31.02.2010 is no day." in page and "There is a problem" in page


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (IntegrityError("UNIQUE constraint failed: secret"), 409), (OperationalError("database is locked"), 503),
        (ValueError("A string literal cannot contain NUL (0x00) characters."), 400), (OutOfOrder("Not now."), 409),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), 400),
    ],
)  # fmt: skip
def test_errors_of_database_and_bytes_have_their_page(people: People, error: Exception, status: int) -> None:
    answer = RefusalMiddleware(lambda _request: None).process_exception(asked(people), error)  # type: ignore[arg-type,return-value]
    assert answer is not None and answer.status_code == status and b"secret" not in answer.content


def test_our_own_fault_is_a_page_that_repeats_nothing(people: People, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("fairwitness.web.record_pages.size_of", breaks)
    settings.SECOND_FACTOR = "offered"
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.create_account("b", "a long enough one", people.analyst.id))
    answer = client.get("/record/")
    assert answer.status_code == 500 and b"hunter2" not in answer.content and b"A fault of ours" in answer.content


def test_no_query_is_logged(staff: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="django.request"):
        staff.get("/find/?q=%00&name=Besnik")
        staff.get("/no/such/?name=Besnik")
        staff.put("/me/?name=Besnik")
    assert caplog.records and "Besnik" not in caplog.text


def test_somebody_who_left_is_told_so(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    client = Client()
    client.force_login(Account.objects.create_account("c", "a long enough one", people.stranger.id))
    people.stranger.left = date(2024, 1, 1)
    people.stranger.keep(by=command(), verb=Verb.MEMBER_EDIT)
    answer = client.get("/")
    assert answer.status_code == 403 and b"has ended" in answer.content
