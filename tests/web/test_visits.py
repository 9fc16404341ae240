"""Who went where, and when, asked on the list of activities by somebody who knows no code and no address."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from monitor.scene import at, visit, words
from people import People

from fairwitness.mission.models import Place, PlaceName
from fairwitness.monitor.plan import plan_activity
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(people: People, settings: Any) -> Client:
    settings.SECOND_FACTOR = "offered"
    words()
    made = Client()
    made.force_login(Account.objects.create_account("monitor", None, people.monitor.id))
    return made


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_who_was_in_prizren_in_march(people: People, reader: Client) -> None:
    """March alone, Prizren and its villages alone, with the team, how many went, and who was named."""
    march = timedelta(days=61)
    visit(people, purpose="Signs in town", started=at(9) - march, ended=at(10) - march)
    visit(people, purpose="School in the village", place=people.places["Planjane"], started=at(11) - march, ended=at(12) - march)
    visit(people, purpose="In May", started=at(9), ended=at(10))
    plan_activity(kind="visit", purpose="Meant for March", place=people.places["Prizren"], planned_from=at(8) - march,
                  by=people.hand(people.monitor))  # fmt: skip
    page = text(reader.get("/monitor/activities/?where=Призрен&from=1.3.2026&to=31.3.2026"))
    for purpose in ("Signs in town", "School in the village", "Meant for March"):
        assert purpose in page, page
    assert "In May" not in page and "3 activities" in page and "Field Team Prizren 1, 2 members (T-monitor)" in page
    done = text(reader.get("/monitor/activities/?state=done&where=Planjane&from=1.3.2026&to=31.3.2026"))
    assert "School in the village" in done and "Signs in town" not in done and "1 activity" in done
    links = re.findall(r'href="\?(state=[^"]+)"', reader.get("/monitor/activities/?where=Planjane").content.decode())
    assert links and all("where=Planjane" in link for link in links), "another state keeps the question"
    assert "Nobody may have been there" in text(reader.get("/monitor/activities/?where=Leposavić"))


def test_a_name_of_a_municipality_and_of_its_town_means_all_of_it(people: People, reader: Client) -> None:
    """Who types Prizren means Prizren; only who writes a visit down must say whether the town is meant."""
    town = Place(code="-9", authority="gns", kind="town", parent=people.places["Prizren"], source="test")
    town.keep(by=command(), verb=Verb.PLACE_EDIT)
    name = PlaceName(place=town, text="Prizren", language="sq", script="Latn", form="main", authority="test", given="Prizren")
    name.keep(by=command(), verb=Verb.PLACE_EDIT)
    visit(people, purpose="In the town", place=town)
    visit(people, purpose="In the municipality")
    page = text(reader.get("/monitor/activities/?where=Prizren"))
    assert "In the town" in page and "In the municipality" in page and "several places" not in page


def test_a_question_that_cannot_be_read_is_answered_at_its_field(people: People, reader: Client) -> None:
    visit(people)
    for typed in ("where=Atlantis", "from=31.3.2026&to=1.3.2026", "from=soon"):
        page = text(reader.get(f"/monitor/activities/?{typed}"))
        assert "See the road signs" not in page and "0 activities" not in page, typed
        assert 'class="errors"' in reader.get(f"/monitor/activities/?{typed}").content.decode(), typed


def test_the_way_in_is_called_by_what_people_do(reader: Client) -> None:
    for address in ("/monitor/", "/monitor/activities/"):
        assert "Enter a visit, or plan one" in text(reader.get(address))
    assert "Was it done already?" in text(reader.get("/monitor/activities/new"))


def test_the_list_of_what_was_seen_means_all_of_it_too(people: People, reader: Client) -> None:
    town = Place(code="-8", authority="gns", kind="town", parent=people.places["Prizren"], source="test")
    town.keep(by=command(), verb=Verb.PLACE_EDIT)
    name = PlaceName(place=town, text="Prizren", language="sq", script="Latn", form="main", authority="test", given="Prizren")
    name.keep(by=command(), verb=Verb.PLACE_EDIT)
    page = text(reader.get("/monitor/?place=Prizren"))
    assert "What was seen and told in Prizren" in page and "several places" not in page, page
    assert "Which one?" in page, "the town alone can still be meant"
