"""Days, months and moments as people type them, and the sentence each slip comes back with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fairwitness.errors import BadInput
from fairwitness.mission.read_time import read_day, read_moment, read_month

ZONE = "Europe/Belgrade"


@pytest.mark.parametrize(
    "typed",
    [
        "11 May 2026", "11 may 2026", "11. May 2026", "May 11, 2026", "11 of May 2026", "11.05.2026", "11. 5. 2026", "11.5.2026.",
        "11/05/2026", "11-05-2026", "2026-05-11", "  11   May 2026 ", "11. maj 2026", "11. maja 2026.",
        "11 Mayıs 2026", "11. мај 2026", "11. маја 2026.",
    ],
)  # fmt: skip
def test_one_day_written_in_many_ways(typed: str) -> None:
    assert read_day(typed) == date(2026, 5, 11)


@pytest.mark.parametrize(("typed", "day"), [
    ("29 February 2024", date(2024, 2, 29)), ("3 nëntor 2012", date(2012, 11, 3)), ("3 Sept. 2012", date(2012, 9, 3)),
    ("1st", None), ("31 gusht 1999", date(1999, 8, 31)), ("12 Şubat 2009", date(2009, 2, 12)),
])  # fmt: skip
def test_days_in_the_languages_of_the_mission(typed: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(BadInput):
            read_day(typed)
    else:
        assert read_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31.02.2010", "“31.02.2010” is no day of the calendar: February 2010 has 28 days."),
        ("29 February 2026", "February 2026 has 28 days"), ("0.5.2026", "has 31 days"), ("11.13.2026", "Write 13.11.2026."),
        ("31.13.2026", "there is no month 13"), ("2026-00-10", "there is no month 0"), ("11.05.26", "all four figures"),
        ("11 May 26", "all four figures"), ("11 May 0000", "all four figures"), ("yesterday", "Write it as 11 May 2026 or 11.05.2026"),
        ("", "is no day"), ("11 Mei 2026", "is no day"), ("\u202e11.05.2026", "is no day"), ("1" * 5000, "…"),
    ],
)  # fmt: skip
def test_what_is_no_day_comes_back_with_the_remedy(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_day(typed, "given")
    fault = caught.value.faults[0]
    assert fault.field == "given" and said in fault.sentence and len(fault.sentence) < 200


@pytest.mark.parametrize("typed", ["2026-05", "05.2026", "5.2026", "05/2026", "May 2026", "maj 2026", "мај 2026"])
def test_months(typed: str) -> None:
    assert read_month(typed) == date(2026, 5, 1)


@pytest.mark.parametrize("typed", ["13.2026", "2026-13", "Mai 26", "May", "0000-05"])
def test_what_is_no_month_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="is no month"):
        read_month(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "13 May 2026, 14:20", "13 May 2026 14:20", "13.05.2026 14:20", "13.05.2026, 14:20", "2026-05-13T14:20", "2026-05-13 14:20",
        "13 May 2026 at 14:20", "13. maj 2026, 14:20", "13 May 2026, 14h20", "2026-05-13T14:20:00", "2026-05-13T12:20:00Z",
        "2026-05-13T14:20:00.000+02:00", "13. 5. 2026 14:20",
    ],
)  # fmt: skip
def test_one_moment_written_in_many_ways(typed: str) -> None:
    found = read_moment(typed, ZONE)
    assert found == datetime(2026, 5, 13, 12, 20, tzinfo=UTC) and found.tzinfo is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("13 May 2026, 13.08", "13.08 may be a time or a day. Write a time with a colon: 13:08."),
        ("13 May 2026", "Write the time behind it: 13 May 2026, 14:20."), ("12:33", "is no day and time"),
        ("13 May 2026, 25:10", "Hours run from 00 to 23"), ("13 May 2026, 14:61", "minutes from 00 to 59"),
        ("13 May 2026, 24:00", "Write 00:00 and the next day"), ("31.02.2010, 12:00", "February 2010 has 28 days"),
        ("29 March 2026, 02:30", "clocks went forward"), ("soon", "is no day and time"), ("13 May 2026, 14:20 +2", "is no day and time"),
        ("2026-05-13T14:20+82:00", "is no day and time"),
    ],
)  # fmt: skip
def test_what_is_no_moment_comes_back_with_the_remedy(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_moment(typed, ZONE, "began")
    assert said in caught.value.faults[0].sentence and caught.value.faults[0].field == "began"


def test_an_hour_that_came_twice_is_asked_for_again() -> None:
    with pytest.raises(BadInput, match=r"02:30 came twice that night.*\+02:00 before they did, 02:30 \+01:00 afterwards"):
        read_moment("25 October 2026, 02:30", ZONE)
    first, second = (read_moment(f"25 October 2026, 02:30 {offset}", ZONE) for offset in ("+02:00", "+0100"))
    assert second - first == timedelta(hours=1)
