"""Maps on pages: what a reader may not see is neither drawn nor hinted at, an imported boundary is drawn and hatched where nobody was,
and without coordinates a page stands as it stood. These ask the database: both engines."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from people import People

from fairwitness.mission.models import Member, Place
from fairwitness.monitor.models import Activity, Observation
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.ledger.canonical import canonical
from fairwitness.record.verbs import Verb
from fairwitness.web.map_coverage import place_map
from fairwitness.web.models import Account
from fairwitness.web.read_outlines import country_of, read_ground

pytestmark = pytest.mark.django_db
ZONE = "Europe/Belgrade"
NOW = datetime.now(UTC) - timedelta(minutes=2)
WHERE = {"Prizren": ("42.15", "20.74"), "Leposavić": ("43.10", "20.80"), "Planjane": ("42.22", "20.62")}


@pytest.fixture(autouse=True)
def offered(settings: Any, db: None) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()


def on_the_map(people: People) -> None:
    places = []
    for name, (lat, lon) in WHERE.items():
        place = next(one for key, one in people.places.items() if key.startswith(name))
        place.latitude, place.longitude = lat, lon
        places.append(place)
    for place in places:
        place.keep(by=command(), verb=Verb.PLACE_EDIT)


def bounded(place: Place, west: float, south: float, side: str = "0.4") -> None:
    east, north = f"{west + float(side):.1f}", f"{south + float(side):.1f}"
    ring = [[f"{west}", f"{south}"], [east, f"{south}"], [east, north], [f"{west}", north], [f"{west}", f"{south}"]]
    place.boundary = canonical({"type": "Polygon", "coordinates": [ring]}).decode()
    place.keep(by=command(), verb=Verb.PLACE_EDIT)


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(Account.objects.create_account(member.code, "a long enough one", member.id))
    return client


def visit(people: People, code: str = "PZ-1", unit: str = "PZ-T1") -> Activity:
    made = Activity(
        code=code, kind="visit", purpose="Visit", place=people.places["Planjane"], unit=people.units[unit], time_zone=ZONE,
        state=Activity.DONE, started=NOW, ended=NOW, planned_from=NOW,
    )  # fmt: skip
    made.keep(by=people.hand(people.monitor), verb=Verb.ACTIVITY_REPORT)
    return made


def drawn(page: str) -> str:
    found = re.search(r'<figure class="mapped.*?</figure>', page, re.DOTALL)
    return found.group() if found else ""


def symbols(page: str) -> list[str]:
    return re.findall(r'<a href="[^"]+" aria-label="([^"]+)"', drawn(page))


def test_without_coordinates_the_page_stands_without_a_map(people: People) -> None:
    page = browser(people.monitor).get("/").content.decode()
    assert "mapped" not in page and "0</span> of 2 municipalities visited" in page


@pytest.mark.parametrize("address", ["/", "/monitor/coverage/", "/analyse/"])
def test_who_may_not_see_a_visit_gets_no_symbol_of_it(people: People, address: str) -> None:
    on_the_map(people)
    visit(people)
    mine, theirs = (browser(who).get(address).content.decode() for who in (people.analyst, people.stranger))
    assert [name for name in symbols(mine) if name.startswith("Prizren: ")], "who may see it gets it"
    assert not symbols(theirs) and "Prizren: nobody was there" in drawn(theirs)


def test_who_may_read_of_no_visit_is_not_told_that_nobody_was_anywhere(people: People) -> None:
    on_the_map(people)
    visit(people)
    assert "mapped" not in browser(people.custodian).get("/").content.decode()
    assert place_map(people.hand(people.custodian), people.places["Prizren"]) is None


def test_an_imported_boundary_is_drawn_and_hatched_where_nobody_was(people: People) -> None:
    on_the_map(people)
    bounded(people.places["Prizren"], 20.6, 42.0)
    bounded(people.places["Leposavić"], 20.6, 43.0)
    visit(people)
    page = browser(people.analyst).get("/monitor/coverage/").content.decode()
    areas = re.findall(r'<path class="(mun|nobody)"[^>]*><title>([^<]+)</title>', drawn(page))
    assert ("mun", "Prizren: 1 day; 1 visit") in areas and ("nobody", "Leposavić/Leposaviq: nobody was there") in areas
    assert "Boundaries of municipalities as imported" in page and symbols(page) == ["Prizren: 1 day; 1 visit"]
    table = page.split("The same figures as a table")[1]
    assert "1 day" in table and "Not visited" in table and "Leposavić/Leposaviq" in table


def test_a_new_version_of_a_boundary_is_a_new_outline(people: People) -> None:
    on_the_map(people)
    hand = people.hand(people.analyst)
    bounded(people.places["Prizren"], 20.6, 42.0)
    first = next(town.shape for town in read_ground(hand).towns if town.shape)
    assert next(town.shape for town in read_ground(hand).towns if town.shape) is first, "remembered by its version"
    bounded(people.places["Prizren"], 20.2, 42.0)
    second = next(town.shape for town in read_ground(hand).towns if town.shape)
    assert second.rings != first.rings and second.rings[0][0] == (20.2, 42.0)


def test_what_a_map_stands_on_is_one_question_once_it_is_known(people: People, django_assert_num_queries: Any) -> None:
    on_the_map(people)
    bounded(people.places["Prizren"], 20.6, 42.0)
    hand = people.hand(people.analyst)
    with django_assert_num_queries(2):
        read_ground(hand)
    with django_assert_num_queries(1):
        read_ground(hand)


def test_a_month_that_is_asked_for_is_drawn(people: People) -> None:
    on_the_map(people)
    visit(people)
    month = f"{NOW:%Y-%m}"
    client = browser(people.analyst)
    page = client.get(f"/analyse/?map={month}").content.decode()
    assert f"Observations, {month}" in drawn(page) and 'aria-current="true"' in drawn(page) and symbols(page)[0].startswith("Prizren: 0")
    assert client.get("/analyse/?map=1999-01%22%3E").status_code == 200


def test_a_range_and_a_bearing_are_drawn_to_scale_where_the_observer_stood(people: People) -> None:
    on_the_map(people)
    visit(people)
    values: dict[str, Any] = {
        "kind": "road", "headline": "Smoke", "means": "saw", "place": people.places["Planjane"], "occurred_from": NOW, "time_zone": ZONE,
        "unit": people.units["PZ-T1"], "range_low_m": 1000, "range_high_m": 2000, "bearings": ["E"],
    }  # fmt: skip
    seen, moved = Observation(code="O-1", **values), Observation(code="O-2", observer_position="the bridge", **values)
    keep_many([seen, moved], by=command(), verb=Verb.OBSERVATION_SUBMIT)
    client = browser(people.analyst)
    page = client.get("/monitor/observations/O-1/").content.decode()
    sector = re.search(r'<path class="sector" d="M([^"]+)z"', drawn(page))
    assert sector is not None and "no other position of the observer" in page
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", sector.group(1))]
    assert min(numbers[::2]) > 340, "east of the middle of the sheet"
    elsewhere = client.get("/monitor/observations/O-2/").content.decode()
    assert "mapped" not in elsewhere and "Sector seen from the bridge" in elsewhere, "where the bridge is nobody wrote down"


def test_the_outline_the_build_cut_is_found_by_what_the_pack_names(people: People, settings: Any, tmp_path: Any) -> None:
    folder = tmp_path / "built" / "outlines"
    folder.mkdir(parents=True)
    geometry = [{"properties": {"part": "country"}, "geometry": {"coordinates": [[[[20, 42], [21, 42], [21, 43], [20, 42]]]]}},
                {"properties": {"part": "around"}, "geometry": {"coordinates": [[[19, 42], [20, 42]]]}}]  # fmt: skip
    (folder / "bosnia-and-herz.json").write_text(json.dumps({"source": "a test", "features": geometry}))
    (folder / "broken.json").write_text("{")
    settings.STATICFILES_DIRS = [tmp_path]
    from django.contrib.staticfiles.finders import get_finder

    get_finder.cache_clear()
    try:
        found = country_of("world-atlas:Bosnia and Herz.")
        assert found is not None and found.source == "a test" and len(found.outline.rings[0]) == 4 and not found.around.closed
        assert country_of("world-atlas:Broken") is None and country_of("world-atlas:../../x") is None and country_of("ASK:1") is None
    finally:
        get_finder.cache_clear()


def test_a_place_is_drawn_with_what_lies_next_to_it(people: People) -> None:
    on_the_map(people)
    bounded(people.places["Prizren"], 20.6, 42.0)
    visit(people)
    found = place_map(people.hand(people.monitor), people.places["Planjane"])
    assert found is not None and [mark.said for mark in found["drawing"].marks] == ["Prizren: 1 day; 1 visit"]
    assert "Pllanjanë/Planjane" in {area["said"] for area in found["drawing"].areas} and found["drawing"].country
    assert (found["brief"], found["missed"]) == ([("Prizren", "1 day; 1 visit")], [])


