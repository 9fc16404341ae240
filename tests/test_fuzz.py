"""Every reader of what comes from outside, tried for a moment with spoilt examples; `bench/fuzz.py` does the same for an hour.

FAIRWITNESS_FUZZ_SECONDS is how long in all, ten by default, shared among the readers.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from fuzz import PARSERS, Broken, Parser, one, spoilt, trials
from people import People

from fairwitness.record.models import Entry
from fairwitness.web.models import Account

SECONDS = float(os.environ.get("FAIRWITNESS_FUZZ_SECONDS") or 10)


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_answers_or_refuses_and_never_breaks(name: str) -> None:
    assert trials(name, SECONDS / len(PARSERS)) > 3


def test_a_reader_that_breaks_is_told_with_its_bytes() -> None:
    def breaks(data: bytes) -> None:
        raise KeyError("nobody expected this")

    with pytest.raises(Broken, match=r"KeyError.*\n.*spoil me"):
        one(Parser(breaks, lambda: [b"spoil me"], (ValueError,)), "a test", b"spoil me")


WORDS = [
    b"Pllanjan\xc3\xab",
    b"\xd0\x9f\xd0\xbb\xd0\xb0\xd1\x9a\xd0\xb0\xd0\xbd\xd0\xb5",
    b'"two words" AND NOT near(a b)',
    b"a* OR b",
    b"PZ-0417",
    b"x:y ^z",
]
PARTS = [
    b'--x\r\nContent-Disposition: form-data; name="headline"\r\n\r\nSigns\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nwords\r\n--x--\r\n'
]


@pytest.mark.django_db
def test_no_words_searched_for_and_no_parts_of_a_form_break_the_door(people: People, settings: Any) -> None:
    """Words, a body in parts, a body of a form, with each request through every layer of the house."""
    settings.SECOND_FACTOR = "offered"
    cache.clear()
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.create_account("monitor", "a long enough one", people.monitor.id))
    chance, before = random.Random(1999), Entry.objects.exclude(verb__contains="read").count()
    for number in range(12):
        words, parts = spoilt(WORDS, chance), spoilt(PARTS, chance)
        asked = {"q": words.decode("utf-8", "replace"), "from": words[:12].decode("latin-1"), "place": words[:9].decode("latin-1")}
        found = [
            client.get("/find/", {"q": asked["q"]} if number % 2 else asked),
            client.get("/monitor/", {**asked, "page": asked["from"]}),
        ]
        found.append(client.post("/monitor/observations/new", parts, content_type="multipart/form-data; boundary=x"))
        found.append(client.post("/monitor/sources/new", parts, content_type="application/x-www-form-urlencoded"))
        wrong = [(one.status_code, words, parts) for one in found if one.status_code >= 500 or one.status_code == 302]
        assert not wrong, wrong
    assert Entry.objects.exclude(verb__contains="read").count() - before <= 60
