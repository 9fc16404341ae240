"""A probability beside a suggestion: near is likelier than far, and nobody learns from what they may not see."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from people import People
from room_pages import client, words
from verify_scene import moment, saw

from fairwitness.analyse.link import suggest
from fairwitness.analyse.weigh_links import Point, Row, points_of, weigh_links, weigh_rows
from fairwitness.mission.models import Place
from fairwitness.monitor.claim import submit_claim
from fairwitness.monitor.models import Event
from fairwitness.monitor.source import register_source
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db
POINTS = {"Prizren": ("42.21", "20.74"), "Planjane": ("42.15", "20.62")}


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


@pytest.fixture
def placed(people: People) -> People:
    """The people, with points for Prizren and a village twelve kilometres off."""
    for name, (latitude, longitude) in POINTS.items():
        place = Place.objects.get(pk=people.places[name].pk)
        place.latitude, place.longitude = latitude, longitude
        place.keep(by=command(), verb=Verb.PLACE_EDIT)
        people.places[name] = place
    return people


def told(people: People, at: str, place: str = "Prizren", **more: Any) -> Any:
    """A claim of somebody official."""
    return submit_claim(
        source=register_source(category="official", by=people.hand(people.monitor)), headline="Signs gone", kind="damage",
        place=people.places[place], verbatim="…", language="sq", told=moment("2026-01-01T10:00"), occurred_from=moment(at),
        by=people.hand(people.monitor), **more,
    )  # fmt: skip


def a_mission(events: int, seed: int) -> tuple[list[Row], list[Row], dict[UUID, UUID], dict[UUID, Point]]:
    """Events over a year in forty places, half of them told by a second teller too, a day late and from the next village at times."""
    draw = random.Random(seed)
    points = {UUID(int=n + 1): (42.2 + 0.05 * (n % 8), 20.6 + 0.06 * (n // 8)) for n in range(40)}
    mine, theirs, same = [], [], {}
    for _ in range(events):
        place, day, kind = draw.randrange(40), draw.randrange(365), draw.choice(("damage", "gathering", "threat", "sign"))
        mine.append(row(place, day, kind))
        if draw.random() < 0.5:
            near = place if draw.random() < 0.8 else (place + draw.choice((1, -1))) % 40
            theirs.append(row(near, day + (draw.random() < 0.2), kind if draw.random() < 0.9 else "other"))
            same[theirs[-1]["id"]] = mine[-1]["id"]
        else:
            theirs.append(row(draw.randrange(40), draw.randrange(365), draw.choice(("damage", "gathering", "threat", "sign"))))
    return mine, theirs, same, points


def row(place: int, day: int, kind: str) -> Row:
    """A source of a day."""
    when = datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    return {"id": uuid4(), "kind": kind, "place_id": UUID(int=place + 1), "occurred_from": when, "occurred_until": None}


def test_probabilities_are_about_as_often_right_as_they_say(people: People) -> None:
    mine, theirs, same, points = a_mission(300, 7)
    said, right = [], []
    for one in mine[:120]:
        rest = [other for other in mine if other["id"] != one["id"]]
        for other, chance in weigh_rows([one], theirs, [rest, theirs], points).probability.items():
            said.append(chance)
            right.append(same.get(other) == one["id"])
    assert sum(right) >= 50, "near pairs that are one event"
    sure = [was for chance, was in zip(said, right, strict=True) if chance >= 0.8]
    unlikely = [was for chance, was in zip(said, right, strict=True) if chance < 0.2]
    assert len(sure) >= 30 and sum(sure) / len(sure) >= 0.8
    assert len(unlikely) >= 30 and sum(unlikely) / len(unlikely) <= 0.2
    assert abs(sum(said) - sum(right)) <= 0.3 * sum(right), (sum(said), sum(right))


def a_past(people: People) -> None:
    """Half a year before: every week something seen, told by others too in every second week, and something else."""
    for week in range(1, 17):
        day = datetime(2024, 5, 2, 10, tzinfo=UTC) - timedelta(weeks=week)
        saw(people, f"{day:%Y-%m-%dT%H:%M}")
        if week % 2:
            told(people, f"{day:%Y-%m-%d}T11:00", precision="hour")
        for after in (1, 2, 3):
            saw(people, f"{day + timedelta(days=after):%Y-%m-%d}T12:00", "Talk", kind="gathering", place="Planjane")


def test_the_nearer_is_the_likelier_and_the_page_says_so(placed: People) -> None:
    a_past(placed)
    thing = saw(placed, "2024-05-02T10:00")
    same, apart = told(placed, "2024-05-02T10:30", precision="hour"), told(placed, "2024-05-03T10:00", "Planjane", precision="day")
    hand = placed.hand(placed.analyst)
    offered = [one.other for one in suggest(thing, hand)]
    assert offered == [same, apart]
    weighed = weigh_links(thing, offered, hand)
    assert 0 < weighed.probability[apart.pk] < weighed.probability[same.pk] < 1 and weighed.pairs >= 30
    before = (Event.objects.count(), Entry.objects.count())
    page = words(client(placed.analyst).get(reverse("web:link_observation", args=[thing.code])))
    assert page.count("probability ") >= 2 and f"learned from {weighed.pairs} near pairs among {weighed.sources} sources" in page
    assert "L-1 v1" in page and "you decide" in page
    assert (Event.objects.count(), Entry.objects.count()) == before, "a suggestion writes nothing"
    month = told(placed, "2024-05-01T10:00", precision="month")
    page = words(client(placed.analyst).get(reverse("web:link_observation", args=[thing.code])))
    assert month.code in page and page.count("no probability: place or day are not known well enough") == 1


def test_with_too_little_to_learn_from_no_probability_is_stated(placed: People) -> None:
    thing, other = saw(placed, "2024-05-02T10:00"), told(placed, "2024-05-02T10:30", precision="hour")
    weighed = weigh_links(thing, [other], placed.hand(placed.analyst))
    assert not weighed.probability and weighed.too_few
    page = words(client(placed.analyst).get(reverse("web:link_observation", args=[thing.code])))
    assert "at least 30 near pairs to learn from" in page and other.code in page


def test_nobody_learns_from_what_they_may_not_see(placed: People) -> None:
    a_past(placed)
    thing, other = saw(placed, "2024-05-02T10:00"), told(placed, "2024-05-02T11:00", precision="hour")
    for day in range(1, 9):
        saw(placed, f"2024-05-0{day}T09:00", who=placed.stranger)
    by_monitor, by_analyst = (weigh_links(thing, [other], placed.hand(who)) for who in (placed.monitor, placed.analyst))
    assert by_analyst.sources == by_monitor.sources + 8 and by_analyst.pairs > by_monitor.pairs
    north = saw(placed, "2024-05-02T10:00", place="Leposavić", who=placed.stranger)
    assert not weigh_links(north, [thing], placed.hand(placed.analyst)).probability, "a place without a point"


def test_a_place_without_a_point_has_that_of_what_is_near_it_in_the_list_of_places(placed: People) -> None:
    village, kosovo = placed.places["Planjane"], placed.places["Kosovo"]
    assert points_of([kosovo.pk]) == {kosovo.pk: (42.21, 20.74)}, "the middle of what lies in it"
    village.latitude = village.longitude = ""
    village.keep(by=command(), verb=Verb.PLACE_EDIT)
    assert points_of([village.pk]) == {village.pk: (42.21, 20.74)}, "what it lies in"
    bare = Place.objects.get(pk=placed.places["Leposavić"].pk)
    assert points_of([bare.pk]) == {}
