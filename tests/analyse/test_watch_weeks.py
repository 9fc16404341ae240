"""The week and the weeks of a municipality: what departs from the usual is ringed, what nobody looked at is hatched, and both are said."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from people import People
from room_pages import client, words
from verify_scene import saw, visit

from fairwitness.analyse.tabulate import days_of_week, tabulate, weeks
from fairwitness.analyse.watch_weeks import watch_weeks
from fairwitness.errors import BadInput
from fairwitness.mission.models import Term
from fairwitness.mission.tell_time import mission_zone
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db
LAST = date(2026, 5, 11)
MANY = 40


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


def a_year(people: People, *, burst: int = 6) -> None:
    """A visit in each of forty weeks; something seen in every fifth, and `burst` things in the last."""
    for back in range(MANY):
        day = LAST - timedelta(weeks=back)
        visit(people, f"{day:%Y-%m-%d}")
        for number in range(burst if not back else int(back % 5 == 0)):
            saw(people, f"{day:%Y-%m-%d}T1{number}:00")


def test_weeks_begin_on_monday_in_the_missions_zone() -> None:
    made = weeks(date(2026, 5, 17), 3)
    assert [one.label for one in made] == ["2026-04-27", "2026-05-04", "2026-05-11"]
    assert all(one.until == other.since for one, other in pairwise(made))
    assert made[-1].since == datetime(2026, 5, 11, tzinfo=ZoneInfo(mission_zone()))
    assert [one.label for one in days_of_week(date(2026, 5, 13))][::6] == ["2026-05-11", "2026-05-17"]
    with pytest.raises(BadInput, match="from 1 to"):
        weeks(LAST, 0)


def test_windows_that_overlap_count_a_thing_in_each(people: People) -> None:
    """Weeks are looked up, other windows are walked through: a thing stands in every window it lies in."""
    saw(people, "2026-05-12T10:00")
    both = [*weeks(LAST, 1), *days_of_week(LAST)[1:2]]
    table = tabulate(people.hand(people.analyst), "observations", both)
    row = next(row for row in table.rows if row.place == people.places["Prizren"].pk)
    assert [cell.things for cell in row.cells] == [1, 1]


def test_a_week_that_departs_is_an_alarm_and_a_usual_one_is_not(people: People) -> None:
    a_year(people)
    found = watch_weeks(people.hand(people.analyst), "observations", LAST)
    assert [alarm.place for alarm in found.alarms] == [str(people.places["Prizren"].pk)]
    assert found.alarms[0].point.observed == 6 and found.alarms[0].point.expected < 1
    usual = watch_weeks(people.hand(people.analyst), "observations", LAST - timedelta(weeks=1))
    assert usual.watch is not None and not usual.alarms


def test_a_past_too_short_is_said_and_nothing_is_judged(people: People) -> None:
    visit(people, "2026-05-12")
    saw(people, "2026-05-12T10:00")
    found = watch_weeks(people.hand(people.analyst), "observations", LAST)
    assert found.watch is None and found.why
    page = words(client(people.analyst).get(reverse("web:week"), {"week": "11.05.2026"}))
    assert "No week is judged yet:" in page


def test_nobody_counts_what_they_may_not_see(people: People) -> None:
    a_year(people)
    assert not watch_weeks(people.hand(people.stranger), "observations", LAST).alarms


def test_the_week_rings_the_alarm_and_says_what_it_does_not_show(people: People) -> None:
    a_year(people)
    answer = client(people.analyst).get(reverse("web:week"))
    page = words(answer)
    assert "1 municipality stands out" in page and "Week 20" in page, page
    assert "6 where about" in page and "by chance" in page and "somebody looked on 1 of 7 days" in page
    assert "It does not show what happened where nobody looked" in page
    raw = answer.content.decode()
    assert re.search(r'<table class="cal">.*?<td class="c3">6</td>', raw, re.S), "the calendar shades six fully"
    assert 'class="nv"' in raw, "the days without a visit are hatched"
    before = words(client(people.analyst).get(reverse("web:week") + answer.context["before"]))
    assert "No municipality stands out" in before and "Week 19" in before


def test_seven_days_are_drawn_where_places_can_be_put_on_a_map(people: People) -> None:
    a_year(people)
    assert "Seven days" not in words(client(people.analyst).get(reverse("web:week")))
    prizren = people.places["Prizren"]
    prizren.latitude, prizren.longitude = "42.2139", "20.7397"
    prizren.keep(by=command(), verb=Verb.PLACE_EDIT)
    answer = client(people.analyst).get(reverse("web:week"))
    page, raw = words(answer), answer.content.decode()
    assert "Seven days" in page and "Mon 11 6 found looked in 1 of 2" in page and "Tue 12 0 found looked in 0 of 2" in page
    days = re.search(r'<ul class="days">.*?</ul>', raw, re.S)
    assert days is not None and days[0].count("<svg") == 7 and days[0].count('class="dot"') == 1 and days[0].count('class="mun"') == 1


def test_the_weeks_of_a_municipality_with_band_strip_table_and_what_stood_on_record(people: People) -> None:
    a_year(people)
    address = reverse("web:place_series", args=[people.places["Prizren"].pk])
    answer = client(people.analyst).get(address)
    page, raw = words(answer), answer.content.decode()
    assert "12 weeks" in page or "nobody looked in 12" in page, page
    assert 'class="band"' in raw and 'class="alarmbar"' in raw and 'class="cov"' in raw and "hatchline" in raw
    assert "11 May 2026" in page and "would not surprise" in page
    then = words(client(people.analyst).get(address, {"as_of": "01.01.2020"}))
    assert "Since then 13 more came on record for these weeks." in then, then


def test_a_village_shows_the_weeks_of_its_municipality(people: People) -> None:
    a_year(people)
    page = words(client(people.analyst).get(reverse("web:place_series", args=[people.places["Planjane"].pk])))
    assert "Week by week" in page


@pytest.mark.parametrize(("typed", "said"), [({"week": "soon"}, "week"), ({"what": "rumours"}, "what"), ({"kind": "x" * 50}, "kind")])
def test_a_question_that_cannot_be_read_is_answered_at_its_field(people: People, typed: dict[str, str], said: str) -> None:
    answer = client(people.analyst).get(reverse("web:week"), typed)
    assert answer.status_code == 422 and said in answer.context["form"].errors


def test_who_may_not_read_counts_sees_no_week(people: People) -> None:
    for address in (reverse("web:week"), reverse("web:place_series", args=[people.places["Prizren"].pk])):
        assert client(people.custodian).get(address).status_code == 403


def test_a_kind_is_understood_by_its_name_and_an_unknown_one_is_refused(people: People) -> None:
    """A filter that quietly matches nothing would make a week look calm."""
    a_year(people)
    term = Term(vocabulary="event", code="damage", label="Damage to property")
    term.keep(by=command(), verb=Verb.TERM_EDIT)
    whole = client(people.analyst).get(reverse("web:week"))
    named = client(people.analyst).get(reverse("web:week"), {"kind": "damage to property"})
    assert named.context["total"] == whole.context["total"] > 0
    wrong = client(people.analyst).get(reverse("web:week"), {"kind": "zzzqq"})
    assert wrong.status_code == 422 and "kind" in wrong.context["form"].errors


def test_a_week_that_has_not_begun_is_refused_and_one_nobody_looked_into_is_not_calm(people: People) -> None:
    a_year(people)
    later = client(people.analyst).get(reverse("web:week"), {"week": "1 January 2101"})
    assert later.status_code == 422 and "week" in later.context["form"].errors
    page = words(client(people.analyst).get(reverse("web:week"), {"week": "1 January 1990"}))
    assert "Nobody looked anywhere in this week" in page and "No municipality stands out" not in page
