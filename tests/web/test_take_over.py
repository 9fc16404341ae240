"""What was said a moment ago is offered again, never silently, never from what the writer may not see, and never what a source allowed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from monitor.scene import claim, observation, visit, words
from people import People

from fairwitness.mission.handling import Disclosure, Use
from fairwitness.monitor.consent import Scope, give
from fairwitness.monitor.models import Observation
from fairwitness.monitor.plan import plan_activity
from fairwitness.record.ledger.entry import uuid7
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
NEW = "/monitor/observations/new"


@pytest.fixture(autouse=True)
def mission(people: People, settings: Any) -> None:
    """A mission with its words."""
    settings.SECOND_FACTOR = "offered"
    words()


def client(people: People, who: str) -> Client:
    """Somebody signed in."""
    account = Account.objects.filter(username=who).first() or Account.objects.create_account(who, None, getattr(people, who).id)
    made = Client()
    made.force_login(account)
    return made


def shown(people: People, address: str, who: str = "monitor") -> str:
    """The page as text."""
    answer = client(people, who).get(address)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def value_of(page: str, name: str) -> str:
    """What a line holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, name
    held = re.search(r'value="([^"]*)"', found[0])
    return held[1] if held else ""


def test_the_first_observation_of_a_visit_begins_with_its_place_and_day(people: People) -> None:
    made = visit(people)
    page = shown(people, f"{NEW}?activity={made.code}")
    assert value_of(page, "place") == "Prizren" and value_of(page, "activity") == made.code
    assert f"Taken over from {made.code}. Change it if it differs." in page and "The day is known: 13 May 2026" in page


def test_the_next_begins_with_what_the_one_before_said_and_asks_anew_what_was_perceived(people: People) -> None:
    made = visit(people)
    seen = observation(people, activity=made, means="heard", device="", observer_position="the bridge", sensitivity=2)
    page = shown(people, f"{NEW}?activity={made.code}&after={seen.code}")
    assert page.count(f"Taken over from {seen.code}") == 4, "place, means, position, sensitivity"
    assert value_of(page, "observer_position") == "the bridge" and '<option value="heard" selected>' in page
    assert value_of(page, "headline") == value_of(page, "count") == value_of(page, "occurred_from") == ""
    assert f'data-draft-arrived="{seen.id}"' in page, "the device lets go of what was sent"


def test_nothing_is_taken_from_what_the_writer_may_not_see(people: People) -> None:
    made = visit(people)
    seen = observation(people, activity=made)
    for asked in (f"after={seen.code}", "after=PZ-T1-8888"):
        page = shown(people, f"{NEW}?{asked}", "stranger")
        assert "Taken over" not in page and value_of(page, "place") == "" and str(seen.id) not in page
    hidden = shown(people, f"{NEW}?activity={made.code}", "stranger")
    assert "Taken over" not in hidden and "The day is known" not in hidden and made.purpose not in hidden


def test_submit_and_next_keeps_the_one_and_opens_the_other(people: People) -> None:
    made, ask = visit(people), client(people, "monitor")
    sent = {
        "headline": "Three signs", "kind": "sign", "means": "saw", "place": "Prizren", "occurred_from": "14:20", "precision": "minute",
        "sensitivity": "1", "activity": made.code, "once": str(uuid7()), "then": "next",
    }  # fmt: skip
    answer = ask.post(NEW, sent)
    kept = Observation.objects.get(headline="Three signs")
    assert answer.status_code == 302 and answer["Location"] == f"{NEW}?after={kept.code}&activity={made.code}"
    assert f"Kept as {kept.code}: Three signs" in ask.get(answer["Location"]).content.decode()
    assert ask.post(NEW, sent)["Location"] == answer["Location"] and Observation.objects.count() == 1, "sent twice, made once"


def test_what_a_source_allowed_is_asked_anew(people: People) -> None:
    made = visit(people)
    told = claim(people, activity=made)
    scope = Scope(Use.PUBLIC, Disclosure.NAME, "", None)
    by = people.hand(people.monitor)
    give(told.source, [scope], given=made.started.date(), language="sq", interpreter="T-leader", claim=told, by=by)
    page = shown(people, f"/monitor/claims/new?activity={made.code}")
    held = [value_of(page, name) for name in ("source", "language", "interpreter")]
    assert held == [told.source.code, "sq", "T-leader"]
    assert value_of(page, "headline") == "" and told.headline not in page
    ticked = re.findall(r'<input[^>]*name="use_[^>]*checked[^>]*>', page)
    assert len(ticked) == len(Use) and all('value=""' in one for one in ticked), "every use begins as No"


def test_a_new_plan_begins_with_who_went_how_last_time(people: People) -> None:
    plan_activity(kind="visit", purpose="Of a colleague", place=people.places["Prizren"], vehicles=9, by=people.hand(people.leader))
    mine = plan_activity(
        kind="visit", purpose="Mine", place=people.places["Prizren"], members=2, vehicles=1, by=people.hand(people.monitor)
    )  # fmt: skip
    plan_activity(kind="visit", purpose="Of a colleague", place=people.places["Prizren"], vehicles=8, by=people.hand(people.leader))
    page = shown(people, "/monitor/activities/new")
    assert value_of(page, "vehicles") == "1" and value_of(page, "members") == "2" and f"Taken over from {mine.code}" in page
    assert value_of(page, "purpose") == "" and "Taken over" not in shown(people, "/monitor/activities/new", "stranger")
