"""Every address x every person x every method. An address that is missing from the table fails, and so does a line of the table
without an address. A thing somebody may not see and one that does not exist answer alike, byte for byte."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import table
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from people import People
from table import METHODS, PERSONS, Row

from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
ROOMS = sorted(found.name for found in pkgutil.iter_modules(table.__path__))


def rows_of(room: str) -> list[Row]:
    return [Row(*one) for one in importlib.import_module(f"table.{room}").ROWS]


def addresses(patterns: list[Any], space: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else ""
            yield from addresses(one.url_patterns, space + inner)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}"


def bare(name: str) -> str:
    return name.partition("?")[0]


def test_every_address_stands_in_the_table_and_nothing_else() -> None:
    known = set(addresses(get_resolver().url_patterns))
    listed = {bare(row.name) for room in ROOMS for row in rows_of(room)}
    assert not known - listed, f"addresses missing from tests/web/table: {sorted(known - listed)}"
    assert not listed - known, f"lines of the table without an address: {sorted(listed - known)}"


def test_no_address_is_without_a_name() -> None:
    assert "None" not in {name.rpartition(":")[2] for name in addresses(get_resolver().url_patterns)}


def filled(values: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {key: value.format(**made) if isinstance(value, str) and "{" in value else value for key, value in dict(values).items()}


def address_of(row: Row, made: dict[str, Any]) -> str:
    name, mark, query = row.name.partition("?")
    return reverse(name, kwargs=filled(row.args, made)) + mark + (query.format(**made) if "{" in query else query)


def expected(row: Row, method: str, person: str) -> int:
    asked = row.expected.get("GET" if method == "HEAD" and "HEAD" not in row.expected else method)
    if asked is None:
        return 302 if person == "nobody" else 405
    return asked[person]


class Callers:
    """A signed-in browser for each person; each request starts as if it were the first."""

    def __init__(self, people: People) -> None:
        self.accounts = {
            person: Account.objects.create_account(person, "a long enough one", getattr(people, person).id)
            for person in PERSONS
            if person != "nobody"
        }

    def ask(self, person: str, method: str, address: str, data: Any = None) -> Any:
        client = Client(raise_request_exception=False)
        with transaction.atomic():
            if person in self.accounts:
                client.force_login(self.accounts[person])
            answer = client.generic(method, address) if method != "POST" else client.post(address, data or {})
            answer.whole = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        return answer


def elsewhere(value: Any) -> Any:
    """A key of the same form that belongs to nothing."""
    if str(value).isdigit():
        return 987_654_321
    try:
        UUID(str(value))
    except ValueError:
        return re.sub(r"[0-9]", "8", str(value)) + "-8888"
    return str(uuid4())


@pytest.mark.parametrize("room", ROOMS)
def test_each_person_gets_what_the_table_says(room: str, people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()
    things = getattr(importlib.import_module(f"table.{room}"), "things", None)
    callers = Callers(people)
    made = (things(people) if things else None) or {}
    wrong = []
    for row in rows_of(room):
        address = address_of(row, made)
        for method in METHODS:
            for person in PERSONS:
                answer = callers.ask(person, method, address, filled(row.data, made))
                wanted = expected(row, method, person)
                if answer.status_code != wanted:
                    wrong.append(f"{method} {row.name} {address} as {person}: {answer.status_code}, the table says {wanted}")
                if method == "HEAD" and answer.whole:
                    wrong.append(f"HEAD {row.name} as {person} has a body")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_hidden_and_what_is_not_there_answer_alike(room: str, people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    things = getattr(importlib.import_module(f"table.{room}"), "things", None)
    callers = Callers(people)
    made = (things(people) if things else None) or {}
    wrong = []
    for row in rows_of(room):
        if not row.args:
            continue
        gone = row._replace(args={key: elsewhere(value) for key, value in filled(row.args, made).items()})
        for person in PERSONS:
            for method in ("GET", "POST"):
                if expected(row, method, person) != 404:
                    continue
                hidden = callers.ask(person, method, address_of(row, made), filled(row.data, made))
                absent = callers.ask(person, method, address_of(gone, made), filled(row.data, made))
                same = (hidden.status_code, hidden.whole, dict(hidden.headers)) == (absent.status_code, absent.whole, dict(absent.headers))
                if not same:
                    wrong.append(f"{method} {row.name} as {person}: {hidden.status_code} here, {absent.status_code} for what is not there")
                if method == "GET":
                    # The public door never learns who is signed in, so its pages have a frame of their own.
                    door = "/public" if address_of(row, made).startswith("/public/") else ""
                    nowhere = callers.ask(person, "GET", f"{door}/no/such/address/")
                    if nowhere.whole != hidden.whole:
                        wrong.append(f"{row.name} as {person}: not the page of an unknown address")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ROOMS)
def test_no_key_however_wrong_breaks_an_address(room: str, people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    module = importlib.import_module(f"table.{room}")
    callers = Callers(people)
    made = (module.things(people) if hasattr(module, "things") else None) or {}
    asked: set[str] = set()
    for row in rows_of(room):
        for value in filled(row.args, made).values():
            for text in WRONG_KEYS:
                plain = row._replace(name=bare(row.name))
                head, found, tail = address_of(plain, made).rpartition(f"/{value}/")
                address = f"{head}/{text}/{tail}"
                if not found or address in asked:
                    continue
                asked.add(address)
                status = callers.ask("clearer", "GET", address).status_code
                assert status < 500, f"{row.name}: {address} answers {status}"


WRONG_KEYS = ("0", "9" * 18, "9" * 30, "%D0%8A%C3%87-%C3%AB", "%25", "%FF", "%00", "..%2f", "a" * 300, "%27", "x%20y", str(uuid4()))
