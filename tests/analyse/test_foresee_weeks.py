"""Forecasts of the mission's own weeks: for few, on record, per place alone, and never without the record of those before."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.urls import reverse
from people import People
from room_pages import client, words
from verify_scene import saw, visit

from fairwitness.analyse.foresee_weeks import AHEAD, FORESEEN, Foreseen, _drawn_up, clearance, foresee_weeks, subject_of
from fairwitness.errors import BadInput, Refused
from fairwitness.mission.models import Area, Grant
from fairwitness.mission.name_places import name_of
from fairwitness.record.hand import command
from fairwitness.record.look_back import history, read_note
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.web.analyse_foresee import chance
from fairwitness.web.draw_fan import Ahead, fan, fan_for_any_screen

pytestmark = pytest.mark.django_db
LAST = date(2026, 5, 11)
MANY = 44
UNSEEN = (7, 19)


@pytest.fixture(autouse=True)
def without_second_factor(settings: Any) -> None:
    """The second factor has its own tests."""
    settings.SECOND_FACTOR = "offered"


def weeks_of(people: People, many: int = MANY, place: str = "Prizren", since: date = LAST) -> None:
    """A visit in each week but two; something seen in every third."""
    for back in range(many):
        if back in UNSEEN:
            continue
        day = since - timedelta(weeks=back)
        visit(people, f"{day:%Y-%m-%d}", place)
        for number in range(1 + back % 2 if back % 3 == 0 else 0):
            saw(people, f"{day:%Y-%m-%d}T1{number}:00", place=place)


def address(people: People, place: str = "Prizren") -> str:
    return reverse("web:forecast", args=[people.places[place].pk])


def ask(people: People, place: str = "Prizren", what: str = "observations") -> Foreseen:
    return foresee_weeks(people.hand(people.analyst), people.places[place], what)


def looks() -> Any:
    return Entry.objects.filter(verb=Verb.FORECAST_READ.value)


def test_four_weeks_with_two_intervals_each_and_how_often_their_like_held(people: People) -> None:
    weeks_of(people)
    found = ask(people)
    outlook = found.outlook
    assert outlook is not None and not found.why
    assert found.monday(found.origin) == LAST and len(outlook.leads) == AHEAD and outlook.levels == (0.5, 0.9)
    for at, lead in enumerate(outlook.leads):
        for which, level in enumerate(outlook.levels):
            cover = found.cover(level, lead)
            assert cover.of >= 10 and 0 <= cover.held <= cover.of
            assert 0 <= outlook.intervals[which, at, 0] <= outlook.intervals[which, at, 1]
    assert (outlook.chance_any > 0.05).all() and (outlook.chance_any < 0.9).all(), "seen in every third week"
    assert (outlook.chance_over_ten < 0.05).all()


def test_a_week_in_which_nobody_looked_is_neither_a_past_nor_an_outcome(people: People) -> None:
    weeks_of(people)
    found = ask(people)
    assert found.outlook is not None
    targets = {found.first + one.origin + one.lead for one in found.outlook.past}
    made = {found.first + one.origin for one in found.outlook.past}
    for back in UNSEEN:
        assert found.origin - back not in targets | made
    assert found.origin in targets


def test_every_past_forecast_says_what_was_then_found(people: People) -> None:
    weeks_of(people)
    found = ask(people)
    assert found.outlook is not None and found.row is not None and found.outlook.past
    for one in found.outlook.past:
        assert one.seen == found.row.cells[found.first + one.origin + one.lead].things
        assert one.held == (one.low <= one.seen <= one.high)


def test_a_place_nobody_went_to_last_week_is_forecast_over_the_gap(people: People) -> None:
    weeks_of(people)
    visit(people, f"{LAST + timedelta(weeks=2):%Y-%m-%d}", "Leposavić", people.stranger)
    found = ask(people)
    assert found.outlook is not None and found.outlook.leads == [3, 4, 5, 6]
    assert "Nobody looked here in the last 2 weeks on record" in words(client(people.analyst).get(address(people)))


def test_the_weeks_of_other_places_are_lent_without_their_last_being_known(people: People) -> None:
    """A place not looked at in the last weeks still lends its past: it is moved up, never filled with noughts."""
    weeks_of(people)
    alone = ask(people).outlook
    weeks_of(people, place="Leposavić", since=LAST - timedelta(weeks=3))
    lent = ask(people).outlook
    assert alone is not None and lent is not None
    assert sum(one.of for one in lent.cover) > sum(one.of for one in alone.cover), "the other place's record is in the coverage"
    seen = {(one.origin, one.lead): one.seen for one in lent.past}
    assert all(seen[one.origin, one.lead] == one.seen for one in alone.past), "and what was found here stays what it was"
    nan = float("nan")
    moved = _drawn_up([1.0, 0.0, 2.0, nan, 3.0, 1.0, 4.0, nan, nan])
    assert moved is not None and np.array_equal(moved, [nan, nan, 1.0, 0.0, 2.0, nan, 3.0, 1.0, 4.0], equal_nan=True)
    assert _drawn_up([1.0, 0.0, nan, 2.0]) is None, "too little is known of it"


@pytest.mark.parametrize(
    ("many", "more", "said"),
    [
        (10, 0, "The past is too short: somebody looked here in 9 weeks, and 26 are needed."),
        (MANY, 6, "Nobody looked here in the last 6 weeks"),
    ],
)
def test_where_the_past_does_not_carry_it_there_is_the_reason_and_no_figure(people: People, many: int, more: int, said: str) -> None:
    weeks_of(people, many)
    if more:
        visit(people, f"{LAST + timedelta(weeks=more):%Y-%m-%d}", "Leposavić", people.stranger)
    found = ask(people)
    assert found.outlook is None and found.why.startswith(said)
    answer = client(people.analyst).get(address(people))
    assert answer.status_code == 200 and said in words(answer)
    assert "in 100" not in words(answer) and "draw wide" not in answer.content.decode()
    assert not looks().exists(), "no figure was shown"
    with pytest.raises(LookupError):
        found.cover(0.9, 1)


def test_a_past_of_noughts_is_refused_with_its_reason(people: People) -> None:
    for back in range(MANY):
        visit(people, f"{LAST - timedelta(weeks=back):%Y-%m-%d}")
    assert "nothing can be forecast" in ask(people).why


@pytest.mark.parametrize("place", ["Planjane", "Kosovo"])
def test_a_place_that_is_no_municipality_is_refused(people: People, place: str) -> None:
    with pytest.raises(BadInput, match="municipality as a whole"):
        ask(people, place)
    answer = client(people.analyst).get(address(people, place))
    assert answer.status_code == 422 and "municipality as a whole" in words(answer)


def test_a_municipality_that_ended_is_refused(people: People) -> None:
    weeks_of(people)
    place = people.places["Prizren"]
    place.ended = date(2026, 1, 1)
    place.keep(by=command(), verb=Verb.PLACE_EDIT)
    with pytest.raises(BadInput, match="ended on 2026-01-01"):
        ask(people)


@pytest.mark.parametrize("asked", [{"what": "checks"}, {"what": "communities"}, {"community": "x"}, {"kind": "damage"}, {"format": "json"}])
def test_nothing_narrower_than_one_kind_of_record_is_forecast(people: People, asked: dict[str, str]) -> None:
    weeks_of(people)
    answer = client(people.analyst).get(address(people), asked)
    assert answer.status_code == 422 and "in 100" not in words(answer) and not looks().exists()
    assert answer["Content-Type"].startswith("text/html")
    assert "communit" not in " ".join(FORESEEN)
    with pytest.raises(BadInput, match="not forecast"):
        ask(people, what="checks")


@pytest.mark.parametrize("who", ["monitor", "clearer", "stranger", "custodian", "drafter", "publisher"])
def test_who_has_no_clearance_sees_no_figure_no_link_and_leaves_no_look(people: People, who: str) -> None:
    weeks_of(people)
    member = getattr(people, who)
    answer = client(member).get(address(people))
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "interval" not in page and "in 100" not in page and name_of(people.places["Prizren"]) not in words(answer)
    for place in ("Prizren", "Kosovo"):
        with pytest.raises(Refused):
            foresee_weeks(people.hand(member), people.places[place], "observations")
    series = client(member).get(reverse("web:place_series", args=[people.places["Prizren"].pk]))
    assert address(people) not in series.content.decode()
    assert not looks().exists()


def test_nobody_is_sent_to_the_sign_in(people: People) -> None:
    from django.test import Client

    assert Client().get(address(people)).status_code == 302


def test_the_analyst_is_led_there_and_the_look_goes_on_record(people: People) -> None:
    weeks_of(people)
    place = people.places["Prizren"]
    series = client(people.analyst).get(reverse("web:place_series", args=[place.pk]))
    assert address(people) in series.content.decode()
    village = client(people.analyst).get(reverse("web:place_series", args=[people.places["Planjane"].pk]))
    assert "/analyse/forecast/" not in village.content.decode()
    answer = client(people.analyst).get(address(people))
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    entry = looks().get()
    assert entry.member == str(people.analyst.pk) and entry.subject == str(subject_of(place.pk))
    said = read_note(entry)
    assert said == {"place": str(place.pk), "what": "observations", "after": "2026-05-11", "weeks": 4, "entry": said["entry"]}
    assert Verb.FORECAST_READ.value not in {line.verb for line in history([place.pk])}, "who looked is not in the history everybody reads"


def test_the_page_says_chances_intervals_record_vintage_and_what_it_does_not_show(people: People) -> None:
    weeks_of(people)
    answer = client(people.analyst).get(address(people))
    page, raw, first = words(answer), answer.content.decode(), looks().get()
    assert page.count("The chance of any is") == 4 and page.count("of more than ten less than 1 in 100") == 4
    assert page.count("of at least twice the last year’s mean") == 4
    assert len(re.findall(r"\d( to \d)? \d+ of \d+ past forecasts \(\d+ %\)", page)) == 8, "each interval beside its measured coverage"
    found = foresee_weeks(people.hand(people.analyst), people.places["Prizren"], "observations")
    cover = found.cover(0.9, 1)
    assert f"{cover.held} of {cover.of} past forecasts" in page and "Nothing newer is on record" in page and found.stale
    assert re.search(r"Here \d+ of \d+ past 90 % intervals held \(\d+ %\)", page)
    assert "Made after the week from" in page and re.search(r"found \d: (held|missed)", page)
    assert "Counted from what stood on record on" in page and f"up to entry {read_note(first)['entry']}" in page
    assert "Forecasts are of reported things" in page and "They do not show" in page
    assert "Nobody looked in 2 of 44 weeks" in page
    assert "csv" not in raw.lower() and "json" not in raw.lower()
    assert 'class="nv"' in raw


def test_only_what_the_clearance_reaches_is_counted(people: People) -> None:
    """A right up to `internal` counts nothing restricted, whatever else its holder may read; a right of one unit reaches its own area."""
    weeks_of(people)
    hand = people.hand(people.analyst)
    assert clearance(hand, people.places["Prizren"]) == 2
    saw(people, f"{LAST:%Y-%m-%d}T15:00", sensitivity=2)
    full = ask(people)
    grant = Grant.objects.get(role="analyst", verb=Verb.FORECAST_READ.value)
    grant.ceiling = 1
    grant.keep(by=command(), verb=Verb.POST_EDIT)
    less = ask(people)
    assert full.row is not None and less.row is not None
    assert full.row.cells[-1].things == less.row.cells[-1].things + 1


def test_a_right_of_ones_own_unit_reaches_its_own_municipalities(people: People) -> None:
    weeks_of(people)
    Grant(role="monitor", verb=Verb.FORECAST_READ.value, reach="own", ceiling=2).keep(by=command(), verb=Verb.POST_EDIT)
    assert foresee_weeks(people.hand(people.monitor), people.places["Prizren"], "observations").outlook is not None
    with pytest.raises(Refused):
        foresee_weeks(people.hand(people.stranger), people.places["Prizren"], "observations")
    assert client(people.stranger).get(address(people)).status_code == 403
    area = Area.objects.get(unit=people.units["PZ-T1"])
    area.until = date(2026, 1, 1)
    area.keep(by=command(), verb=Verb.AREA_EDIT)
    with pytest.raises(Refused):
        foresee_weeks(people.hand(people.monitor), people.places["Prizren"], "observations")


def test_a_chance_is_never_none_and_never_certain() -> None:
    assert [chance(one) for one in (0.0, 0.009, 0.01, 0.4149, 0.99, 0.995, 1.0)] == [
        "less than 1 in 100", "less than 1 in 100", "1 in 100", "41 in 100", "99 in 100", "more than 99 in 100", "more than 99 in 100",
    ]  # fmt: skip


SVG = "{http://www.w3.org/2000/svg}"
PAST = [(f"week {n}", None if n % 9 == 4 else n % 3, 0 if n % 9 == 4 else 1 + n % 2) for n in range(60)]
NEXT = [Ahead("18 May", (0, 1), (0, 3)), Ahead("25 May", (1, 1), (0, 4))]


def test_the_drawing_has_title_words_hatching_and_the_ends_of_each_interval() -> None:
    for text in re.findall(r"<svg.*?</svg>", fan_for_any_screen(PAST, NEXT, title="Prizren <b>: signs", short="Prizren"), re.S):
        drawn = ET.fromstring(text)
        title, desc = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
        assert title is not None and title.text and desc is not None and "nine in ten 0–4" in (desc.text or "")
        assert drawn.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        said = [one.text for one in drawn.iter(f"{SVG}text")]
        assert "0–3" in said and "0–4" in said and "may come" in said and "style" not in text
        boxes = [one.get("class") for one in drawn.iter(f"{SVG}rect")]
        assert boxes.count("band") == boxes.count("mid") == 2, "the light box has an outline, for paper without colour"
        assert any("url(#" in (one.get("fill") or "") for one in drawn.iter(f"{SVG}rect"))


def heights(text: str, kind: str) -> list[float]:
    return [float(one.get("height") or 0) for one in ET.fromstring(text).iter(f"{SVG}rect") if one.get("class") == kind]


def test_a_long_tail_draws_the_axis_in_and_says_so() -> None:
    calm = [("a", 2, 1), ("b", 4, 1)]
    plain = fan(calm, NEXT, title="t")
    first, second = heights(plain, "bar")
    assert "drawn in" not in plain and second == pytest.approx(2 * first, abs=0.2)
    long = fan([*[("a", 2, 1), ("b", 4, 1)] * 6, ("c", 300, 1)], NEXT, title="t")
    low, high = heights(long, "bar")[0], heights(long, "bar")[-1]
    assert "drawn in" in long and high < 10 * low and ">100<" in long


def test_no_fan_without_a_past_and_no_interval_that_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="weeks behind"):
        fan([], NEXT, title="t")
    with pytest.raises(ValueError, match="ends before"):
        fan(PAST, [Ahead("x", (0, 1), (3, 2))], title="t")
