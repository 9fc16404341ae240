"""The pages on which members talk about a thing, and what stands on the home page because of them."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from monitor.scene import at, claim, observation, visit, words
from people import People

from fairwitness.mission.models import Member
from fairwitness.mission.tell_time import today
from fairwitness.monitor import discuss
from fairwitness.monitor.cover import state_coverage
from fairwitness.monitor.models import Assignment, Comment
from fairwitness.monitor.restrict import report_restriction
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    words()


def door(member: Member) -> Client:
    client = Client()
    client.force_login(Account.objects.create_account(member.code.lower(), "a long enough one", member.id))
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_comment_names_a_colleague_whose_home_says_so_until_it_is_read(people: People) -> None:
    thing = observation(people)
    leader, monitor = door(people.leader), door(people.monitor)
    address = reverse("web:comment", args=["observations", thing.code])
    shown = reverse("web:observation", args=[thing.code])
    assert address in text(leader.get(shown))
    wrong = leader.post(address, {"text": "See @T-monitr"})
    assert wrong.status_code == 422 and "Did you mean @T-monitor" in text(wrong)
    sent = {"text": "Which road, @T-monitor? <script>alert(1)</script>", "once": "01900000-0000-7000-8000-000000000001"}
    for _again in range(2):
        assert leader.post(address, sent)["Location"] == f"{shown}#talk"
    assert Comment.objects.count() == 1
    home = text(monitor.get("/"))
    assert f"T-leader names you on {thing.code}" in home and f"{shown}#talk" in home
    page = monitor.get(shown).content.decode()
    assert "&lt;script&gt;alert(1)" in page and "I have read what names me" in page
    assert monitor.post(reverse("web:have_read", args=["observations", thing.code])).status_code == 302
    assert "names you on" not in text(monitor.get("/")) and "I have read" not in text(monitor.get(shown))


def test_a_thing_that_came_back_stands_on_its_author_s_home_with_its_day(people: People) -> None:
    told = claim(people)
    leader, monitor = door(people.leader), door(people.monitor)
    address = reverse("web:return", args=["claims", told.code])
    assert address in text(leader.get(reverse("web:claim", args=[told.code])))
    assert address not in text(monitor.get(reverse("web:claim", args=[told.code])))
    late = leader.post(address, {"text": "Which road?", "due": "31.12.2020"})
    assert late.status_code == 422 and "lies in the past" in text(late)
    day = today() + timedelta(days=3)
    assert leader.post(address, {"text": "Which road?", "due": f"{day:%d.%m.%Y}"}).status_code == 302
    home = text(monitor.get("/"))
    assert f"{told.code} came back to you: Which road?" in home and "In 3 days" in home and "asked by T-leader" in home
    page = text(monitor.get(reverse("web:claim", args=[told.code])))
    assert "Returned to T-monitor: Which road?" in page and date_format(day, "j F Y") in page


def test_an_assignment_goes_from_asked_to_done(people: People) -> None:
    thing = visit(people)
    leader, monitor = door(people.leader), door(people.monitor)
    address = reverse("web:assign", args=["activities", thing.code])
    sent = {"member": str(people.monitor.id), "task": "Send the pictures", "due": f"{today():%d.%m.%Y}"}
    assert leader.post(address, sent | {"member": str(people.stranger.id)}).status_code == 422
    assert leader.post(address, sent).status_code == 302
    assert f"{thing.code}: Send the pictures" in text(monitor.get("/")) and "Send the pictures" not in text(leader.get("/"))
    asked = Assignment.objects.get()
    finish = reverse("web:assignment_finish", args=[asked.id])
    assert finish in text(monitor.get(reverse("web:activity", args=[thing.code])))
    base = str(asked.entry)
    assert monitor.post(finish, {"note": "Sent", "base": base}).status_code == 302
    assert monitor.post(finish, {"note": "Again", "base": base}).status_code == 409
    assert "Send the pictures" not in text(monitor.get("/")) and "Sent" in text(leader.get(reverse("web:activity", args=[thing.code])))


def test_every_kind_of_thing_is_talked_about_and_no_other(people: People) -> None:
    by, place = people.hand(people.monitor), people.places["Prizren"]
    covered = state_coverage(place=place, means="camera", device="cam 1", since=at(1), until=at(5), by=by)
    stopped = report_restriction(place=place, kind="denied", actor="police", began=at(9), by=by)
    monitor = door(people.monitor)
    for kind, code, name in (("coverage", covered.id, "coverage"), ("restrictions", stopped.code, "restriction")):
        address = reverse("web:comment", args=[kind, code])
        assert monitor.post(address, {"text": "Checked with @T-leader"})["Location"] == reverse(f"web:{name}", args=[code]) + "#talk"
    home = text(door(people.leader).get("/"))
    assert "T-monitor names you on coverage" in home and f"T-monitor names you on {stopped.code}" in home
    for wrong in ("/monitor/sources/X/comment", "/monitor/coverage/X/comment", "/monitor/observations/X/comment"):
        assert monitor.get(wrong).status_code == 404
    assert discuss.author_of(covered) == people.monitor
