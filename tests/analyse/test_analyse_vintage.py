"""Vintages: what was recorded late is in the later one alone; a recent month says that it is not whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from people import People
from verify_scene import saw

from fairwitness.analyse.rules import COUNTING
from fairwitness.analyse.tabulate import Window, months
from fairwitness.analyse.vintage import still_to_come, vintages
from fairwitness.errors import BadInput, Refused
from fairwitness.monitor.observe import correct_observation

pytestmark = pytest.mark.django_db


def may() -> Window:
    return months(date(2024, 5, 1), date(2024, 5, 31))[0]


def test_a_late_line_changes_the_later_vintage_only(people: People) -> None:
    first = saw(people, "2024-05-02T10:00", count="about 4")
    early = datetime.now(UTC)
    saw(people, "2024-05-03T10:00", count="over 2")
    middle = datetime.now(UTC)
    correct_observation(first, {"count": "6"}, why="miscounted", base=first.entry, by=people.hand(people.monitor))
    hand, place = people.hand(people.analyst), people.places["Prizren"].pk
    found = vintages(hand, "observations", may(), [hand.at, middle, early], rule=COUNTING["C-2"], place=place)
    assert [one.as_of for one in found] == [early, middle, hand.at]
    assert [(one.things, one.words) for one in found] == [(1, "about 4"), (2, "about 7 or more"), (2, "at least 9")]
    assert [one.things for one in vintages(hand, "observations", may(), [early], place=people.places["Leposavić"].pk)] == [0]


def test_a_moment_that_cannot_be_asked_is_refused(people: People) -> None:
    hand = people.hand(people.analyst)
    for moments in ([], [hand.at + timedelta(days=1)], [datetime(2024, 5, 1)], [hand.at] * 25):
        with pytest.raises(BadInput):
            vintages(hand, "observations", may(), moments)
    with pytest.raises(Refused):
        vintages(people.hand(people.custodian), "observations", may(), [hand.at])


def test_what_is_still_to_come_needs_a_past(people: People) -> None:
    now = datetime.now(UTC)
    day, hand = now.astimezone(ZoneInfo("Europe/Belgrade")).date(), people.hand(people.analyst)
    two, one = day - timedelta(days=2), day - timedelta(days=1)
    with pytest.raises(BadInput, match="at least 30"):
        still_to_come(hand, "observations", two, day)
    for step in range(48):
        saw(people, (now - timedelta(days=step % 4)).strftime("%Y-%m-%dT%H:%M"))
    hand = people.hand(people.analyst)
    found = still_to_come(hand, "observations", two, two, longest=2)
    assert (found.standing, found.low, found.high, found.learned_from) == (12, 0, 0, 36)
    with pytest.raises(BadInput, match="too recent"):
        still_to_come(hand, "observations", one, day, longest=2)
    with pytest.raises(BadInput, match="is not among"):
        still_to_come(hand, "visits", day, day)
