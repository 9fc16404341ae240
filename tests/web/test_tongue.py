"""The language of a page is the reader's choice; the record's never changes with it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

pytestmark = pytest.mark.django_db


def test_an_address_chooses_and_the_browser_remembers() -> None:
    browser = Client()
    first = browser.get("/accounts/login/?lang=sr-latn")
    assert first.headers["Content-Language"] == "sr-latn" and 'lang="sr-Latn"' in first.content.decode()
    assert browser.get("/accounts/login/").headers["Content-Language"] == "sr-latn"
    assert browser.get("/accounts/login/?lang=sr").headers["Content-Language"] == "sr"
    assert first.cookies["django_language"]["httponly"] and first.cookies["django_language"].value == "sr-latn"


def test_without_a_choice_the_browsers_wish_counts() -> None:
    assert Client().get("/accounts/login/", headers={"Accept-Language": "sq,en;q=0.5"}).headers["Content-Language"] == "sq"
    assert Client().get("/accounts/login/").headers["Content-Language"] == "en"


@pytest.mark.parametrize("wanted", ["xx", "", "../../etc", "sq\r\nSet-Cookie: a=b", "EN"])
def test_an_unknown_language_is_passed_over(wanted: str) -> None:
    answer = Client().get("/accounts/login/", {"lang": wanted})
    assert answer.headers["Content-Language"] == "en" and "django_language" not in answer.cookies


def test_a_link_to_each_language_keeps_what_was_asked() -> None:
    page = Client().get("/accounts/login/?next=/find/").content.decode()
    assert 'href="?next=%2Ffind%2F&amp;lang=sq"' in page and ">Српски</a>" in page and 'hreflang="sr-Latn"' in page


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "26 February 2010", "26 February 2010, 12:11"), ("sq", "26 Shkurt 2010", "26 Shkurt 2010, 12:11"),
        ("sr-latn", "26. februar 2010.", "26. februar 2010, 12:11"), ("sr", "26. фебруар 2010.", "26. фебруар 2010, 12:11"),
        ("bs", "26. februar 2010.", "26. februar 2010, 12:11"), ("tr", "26 Şubat 2010", "26 Şubat 2010, 12:11"),
    ],
)  # fmt: skip
def test_days_are_written_as_the_language_writes_them(language: str, day: str, moment: str) -> None:
    with translation.override(language):
        assert date_format(date(2010, 2, 26), "DATE_FORMAT") == day
        assert date_format(datetime(2010, 2, 26, 12, 11), "DATETIME_FORMAT") == moment
