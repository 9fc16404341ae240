"""The daily mail: off until asked for and confirmed, once a day and never twice, in numbers and kinds alone, over a real connection."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from django.utils.translation import override
from monitor.scene import claim, observation, words
from people import People
from post_box import PostBox, post_box

from fairwitness.mission.models import Member
from fairwitness.monitor.discuss import assign, comment
from fairwitness.monitor.models import Activity
from fairwitness.record.hand import Door, Hand, command
from fairwitness.record.verbs import Verb
from fairwitness.web import home_needs
from fairwitness.web.digest_send import send_due
from fairwitness.web.digest_words import KINDS, compose
from fairwitness.web.models import Account, Digest

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Belgrade")
NOW = datetime.now(UTC)
TODAY = datetime.now(ZONE).date()
EVIL = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{ 7*7 }}{% debug %}", "=HYPERLINK(1)",
    "a\r\nBcc: everybody@example.org", "a\nSubject: other", "\u202egnp.exe", "Prizren", "Призрен", "Mr Informant", "%(n)s %s {0}",
)  # fmt: skip


@pytest.fixture(autouse=True)
def box(settings: Any, db: None) -> Iterator[PostBox]:
    settings.SECOND_FACTOR = "offered"
    cache.clear()
    with post_box(settings) as made:
        yield made


def account_of(member: Member) -> Account:
    return Account.objects.filter(member=member).first() or Account.objects.create_account(member.code, "a long enough one", member.id)


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(account_of(member))
    return client


def turned_on(member: Member, language: str = "en") -> Digest:
    made = Digest.ask(account_of(member), f"{member.code}@example.org", language, "", NOW)
    made.confirm(language, NOW)
    return made


def planned(people: People, purpose: str = "Visit the school", ahead: int = 0, sensitivity: int = 1) -> Activity:
    made = Activity(
        code=f"PZ-T1-V-{Activity.objects.count() + 100}", kind="visit", purpose=purpose, place=people.places["Planjane"],
        time_zone=str(ZONE),
        unit=people.units["PZ-T1"], planned_from=NOW + timedelta(days=ahead), sensitivity=sensitivity,
    )  # fmt: skip
    made.keep(by=people.hand(people.monitor), verb=Verb.ACTIVITY_PLAN)
    return made


def test_it_is_off_until_asked_for_and_confirmed_by_the_same_member(people: People, box: PostBox) -> None:
    planned(people)
    client = browser(people.monitor)
    assert "No mail comes to you" in client.get("/me/mail/").content.decode()
    assert send_due() == 0 and not box.mails
    assert client.post("/me/mail/", {"address": "monitor@example.org"}).status_code == 302
    (mail,) = box.mails
    assert mail["To"] == "monitor@example.org" and mail["From"] == "node@fairwitness.example"
    code = re.search(r"https://node\.example/me/mail/confirm/\?code=(\S+)", mail.get_content())
    assert code is not None
    assert send_due() == 0, "nothing is sent before it is confirmed"
    assert client.get(f"/me/mail/confirm/?code={code[1]}").status_code == 200
    assert not Digest.objects.filter(confirmed__isnull=False).exists(), "a link that was merely opened confirms nothing"
    assert browser(people.analyst).post("/me/mail/confirm/", {"code": code[1]}).status_code == 400
    assert client.post("/me/mail/confirm/", {"code": "x" + code[1]}).status_code == 400
    assert client.post("/me/mail/confirm/", {"code": code[1]}).status_code == 302
    assert client.post("/me/mail/confirm/", {"code": ""}).status_code == 400, "a code is good once"
    assert send_due() == 1 and len(box.mails) == 2
    assert client.post("/me/mail/off/").status_code == 302 and not Digest.objects.exists()
    assert send_due() == 0


def test_a_page_does_not_write_to_strangers_again_and_again(people: People, box: PostBox) -> None:
    client = browser(people.monitor)
    assert client.post("/me/mail/", {"address": "a@example.org"}).status_code == 302
    assert client.post("/me/mail/", {"address": "b@example.org"}).status_code == 422
    assert client.post("/me/mail/", {"address": "no address"}).status_code == 422
    assert client.post("/me/mail/", {"address": "a@example.org\r\nBcc: b@example.org"}).status_code == 422
    assert len(box.mails) == 1


def test_once_a_day_and_again_the_next(people: People, box: PostBox) -> None:
    planned(people)
    turned_on(people.monitor)
    assert [send_due(NOW), send_due(NOW), send_due(NOW + timedelta(seconds=1))] == [1, 0, 0]
    assert send_due(NOW + timedelta(days=1)) == 1
    first, second = box.mails
    assert first["Message-ID"] != second["Message-ID"] and TODAY.isoformat() in first["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated" and first.get_content_type() == "text/plain" and not first.is_multipart()


def test_not_before_the_hour_nor_to_whom_nothing_waits_for(people: People, box: PostBox, settings: Any) -> None:
    settings.MAIL_HOUR = 23
    planned(people)
    turned_on(people.monitor)
    early = datetime.combine(TODAY, datetime.min.time(), ZONE) + timedelta(hours=5)
    assert send_due(early) == 0
    settings.MAIL_HOUR = 0
    Digest.objects.all().delete()
    turned_on(people.keeper)
    assert send_due() == 0 and not box.mails


def test_a_mail_holds_numbers_and_kinds_and_nothing_else(people: People, box: PostBox) -> None:
    """Whatever stands on record (places, names, words, codes, script), none of it is in a mail."""
    words()
    things = [planned(people, purpose=text[:200], ahead=number % 3) for number, text in enumerate(EVIL)]
    for text in EVIL:
        seen = observation(people, headline=text[:180])
        assign(seen, people.monitor, task=text[:200], by=people.hand(people.leader))
        comment(seen, f"@{people.monitor.code} {text}", by=people.hand(people.leader))
        claim(people, headline=text[:180])
    turned_on(people.monitor)
    assert send_due() == 1
    (mail,), (raw,) = box.mails, box.raw
    text = mail.get_content()
    assert (
        re.search(r"- 12 activities planned", text)
        and "- 12 things colleagues asked of you" in text
        and "- 12 comments that name you" in text
    )
    allowed = re.compile(r"^(- )?[\w ,.:+;’()-]*$")
    rest = [line for line in text.splitlines() if not allowed.match(re.sub(r"https://node\.example/(me/mail/)?$", "", line))]
    assert not rest, rest
    everything = f"{mail['Subject']}\n{text}".casefold()
    for said in (
        *EVIL,
        "Planjane",
        "Prizren",
        "Kosovo",
        "Test Mission",
        people.monitor.code,
        people.leader.code,
        "PZ-T1",
        *(t.code for t in things),
    ):
        assert said.casefold() not in everything, said
    assert set(mail.keys()) == {
        "Content-Type",
        "MIME-Version",
        "Content-Transfer-Encoding",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
    }
    assert raw.count(b"Subject:") == 1 and b"Bcc" not in raw
    assert re.findall(r"https?://\S+", text) == ["https://node.example/", "https://node.example/me/mail/"]


def test_what_is_restricted_is_not_even_counted(people: People, box: PostBox) -> None:
    planned(people, sensitivity=2)
    assert len(home_needs.all_needs(home_needs.Me.of(people.hand(people.monitor), TODAY))) == 1, "the home page shows it"
    turned_on(people.monitor)
    assert send_due() == 0 and not box.mails
    planned(people, sensitivity=1)
    letter = compose(Hand(people.monitor.id, Door.STAFF), TODAY, "en")
    assert letter is not None and "1 activity planned" in letter.text and letter.subject == "Fairwitness: 1 thing needs you"


def test_each_kind_of_need_has_its_words() -> None:
    assert {ask.__name__ for _verb, ask in home_needs._asked} == set(KINDS)


def test_a_server_that_refuses_is_asked_again_and_one_that_falls_silent_is_not(people: People, box: PostBox) -> None:
    planned(people)
    turned_on(people.monitor)
    noon = datetime.combine(TODAY, time(12), ZONE)  # minutes later it is still the same day, whenever this is run
    box.refuse = "451 later"
    assert send_due(noon) == 0
    assert send_due(noon + timedelta(minutes=1)) == 0 and Digest.objects.get().tries == 1, "not at once"
    box.refuse = ""
    assert send_due(noon + timedelta(minutes=6)) == 1 and len(box.mails) == 1
    box.silent = True
    assert send_due(noon + timedelta(days=1)) == 1, "it may have taken it"
    box.silent = False
    assert send_due(noon + timedelta(days=1, minutes=40)) == 0 and len(box.mails) == 2


def test_no_server_that_answers(people: People, settings: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.MAIL_PORT = probe.getsockname()[1]
    planned(people)
    turned_on(people.monitor)
    assert send_due(NOW) == 0 and Digest.objects.get().last_day is None
    page = browser(people.analyst).post("/me/mail/", {"address": "analyst@example.org"})
    assert page.status_code == 422 and "took nothing" in page.content.decode()


def test_without_a_server_nothing_is_sent_and_the_page_says_so(people: People, box: PostBox, settings: Any) -> None:
    settings.MAIL_HOST = ""
    planned(people)
    turned_on(people.monitor)
    assert send_due() == 0 and not box.mails
    assert "This node sends no mail" in browser(people.monitor).get("/me/mail/").content.decode()
    assert browser(people.analyst).post("/me/mail/", {"address": "a@example.org"}).status_code == 422


def test_who_left_or_was_closed_gets_none(people: People, box: PostBox) -> None:
    planned(people)
    turned_on(people.monitor)
    turned_on(people.leader).account.close()
    people.monitor.left = TODAY - timedelta(days=1)
    people.monitor.keep(by=command(), verb=Verb.MEMBER_EDIT)
    assert send_due() == 0 and not box.mails


def test_it_is_in_the_language_of_its_reader(people: People, box: PostBox) -> None:
    planned(people)
    turned_on(people.monitor, "sr")
    send_due()
    with override("sr"):
        assert date_format(TODAY, "DATE_FORMAT") in box.mails[0].get_content()


def test_of_two_that_take_the_day_at_once_one_does(people: People) -> None:
    """Two workers, or one that was restarted while another still ran, each having read that the day is open."""
    turned_on(people.monitor)
    one, other = Digest.objects.get(), Digest.objects.get()
    with CaptureQueriesContext(connection) as asked:
        assert [one.take(TODAY), other.take(TODAY)] == [True, False]
    assert not [said["sql"] for said in asked if "SELECT" in said["sql"]], "a question inside the change would be answered from before it"
    one, other = Digest.objects.get(), Digest.objects.get()
    tomorrow = TODAY + timedelta(days=1)
    assert [one.take(tomorrow), other.take(tomorrow), Digest.objects.get().take(tomorrow)] == [True, False, False]


def test_a_day_that_was_begun_by_a_process_that_died_brings_no_second_mail(people: People, box: PostBox) -> None:
    planned(people)
    one = turned_on(people.monitor)
    assert one.take(TODAY) and not Digest.objects.get().take(TODAY)
    assert send_due(NOW) == 0 and not box.mails
    assert send_due(NOW + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"MAIL_HOST": "mail.example"}, "FAIRWITNESS_MAIL_FROM"),
        ({"MAIL_HOST": "mail.example", "MAIL_FROM": "a@b.example"}, "FAIRWITNESS_MAIL_SITE"),
        ({"MAIL_PORT": "0"}, "FAIRWITNESS_MAIL_PORT"),
        ({"MAIL_SECURITY": "maybe"}, "FAIRWITNESS_MAIL_SECURITY"),
        ({"MAIL_SECURITY": "none", "MAIL_PASSWORD": "x"}, "FAIRWITNESS_MAIL_PASSWORD"),
    ],
)
def test_a_setting_that_cannot_be_used_stops_the_node(given: dict[str, str], named: str, tmp_path: Any) -> None:
    environment = {"FAIRWITNESS_DATA": str(tmp_path), "PATH": "/usr/bin"} | {f"FAIRWITNESS_{key}": value for key, value in given.items()}
    done = subprocess.run(
        [sys.executable, "-c", "import fairwitness.web.settings"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode != 0 and named in done.stderr
