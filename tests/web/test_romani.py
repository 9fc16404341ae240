"""Romani is read at the public door, says of itself that nobody reviewed it, and is complete there; staff pages do not speak it."""

from __future__ import annotations

import re
from datetime import date, datetime

import catalogues
import pytest
from babel.messages.mofile import read_mo
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from people import People

FRONT, STAFF = "/public/", "/accounts/login/"


def test_the_catalogue_holds_the_sentences_of_the_public_door_and_each_is_translated() -> None:
    wanted = {catalogues.key(message) for message in catalogues.template(catalogues.from_the_public_door()) if message.id}
    held = {catalogues.key(message) for message in catalogues.read("rom") if message.id}
    assert held == wanted, "run: .venv/bin/python tools/catalogues.py update"
    assert [catalogues.key(one) for one in catalogues.untranslated("rom")] == []
    assert len(held) > 150 and "The mission has published nothing yet" in held


def test_placeholders_are_kept_and_the_program_reads_what_was_written() -> None:
    catalogue = catalogues.read("rom")
    wrong = {catalogues.key(one): catalogues.fault_of(one, one.string, 2) for one in catalogue if one.id}
    assert not {key: why for key, why in wrong.items() if why}
    with (catalogues.LOCALE / "rom" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = [one for one in read_mo(file) if one.id]
    assert len(compiled) == len([one for one in catalogue if one.id])
    assert catalogues.reviewed("rom") == "no"


def test_days_months_and_numbers() -> None:
    with translation.override("rom"):
        assert date_format(date(2026, 1, 26), "DATE_FORMAT") == "26 Januari 2026"
        assert date_format(datetime(2026, 8, 3, 12, 11), "DATETIME_FORMAT") == "3 Avgusto 2026, 12:11"
        counted = [translation.ngettext("%(n)s entry, signed", "%(n)s entries, signed", n) % {"n": n} for n in (1, 2)]
        assert counted == ["1 zapis, signirimo", "2 zapisia, signirime"]


@pytest.mark.parametrize("path", [FRONT, "/public/tracker/", "/public/pictures/", "/public/check/"])
def test_a_public_page_reads_in_romani_and_says_twice_that_nobody_reviewed_it(people: People, path: str) -> None:
    page = Client().get(path, {"lang": "rom"})
    text = page.content.decode()
    assert page.status_code == 200 and page["Content-Language"] == "rom" and '<html lang="rom">' in text
    assert "nijekh džene savo vakerel akaja čhib" in text and "No speaker of this language has reviewed this translation yet" in text
    assert re.search(r'<b aria-current="true" lang="rom">Romani</b>', text)
    assert "nobody has reviewed" not in text and "No speaker" not in Client().get(path).content.decode()


def test_the_browser_remembers_it_at_the_public_door_and_staff_pages_pass_it_over(people: People) -> None:
    browser = Client()
    browser.get(FRONT, {"lang": "rom"})
    assert browser.cookies["django_language"].value == "rom"
    assert browser.get("/public/tracker/")["Content-Language"] == "rom"
    staff = browser.get(STAFF, headers={"Accept-Language": "sq"})
    assert staff["Content-Language"] == "sq" and "lang=rom" not in staff.content.decode()
    asked = Client().get(STAFF, {"lang": "rom"})
    assert asked["Content-Language"] == "en" and "django_language" not in asked.cookies


def test_whoever_chooses_another_language_afterwards_gets_it(people: People) -> None:
    browser = Client()
    browser.get(FRONT, {"lang": "rom"})
    assert browser.get(FRONT, {"lang": "sq"})["Content-Language"] == "sq" and browser.get(FRONT)["Content-Language"] == "sq"
