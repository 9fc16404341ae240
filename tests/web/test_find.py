"""The one box: any script, filters in the address, bounded counts, nothing learned of what one may not read, names kept elsewhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from people import People

from fairwitness.mission.handling import Use
from fairwitness.mission.models import Member, Term
from fairwitness.monitor.claim import submit_claim
from fairwitness.monitor.consent import Scope, withdraw
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.source import register_source
from fairwitness.monitor.vault import keep_identity
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.shred import shred
from fairwitness.record.verbs import Verb
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 13, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ready(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()
    for vocabulary, code in (("event", "damage"), ("means", "saw")):
        if not Term.objects.filter(vocabulary=vocabulary, code=code).exists():
            Term(vocabulary=vocabulary, code=code, label=code).keep(by=command(), verb=Verb.TERM_EDIT)


def see(people: People, headline: str, days: int = 0, place: str = "Planjane", sensitivity: int = 1) -> Any:
    return submit_observation(
        headline=headline, kind="damage", means="saw", place=people.places[place], occurred_from=NOON + timedelta(days=days),
        sensitivity=sensitivity, by=people.hand(people.monitor),
    )  # fmt: skip


def ask(member: Member, query: str, status: int = 200) -> str:
    client = Client()
    account = Account.objects.filter(member=member).first() or Account.objects.create_account(member.code, "a long enough one", member.id)
    client.force_login(account)
    answer = client.get(f"/find/?{query}")
    assert answer.status_code == status
    return answer.content.decode()


def shown(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/monitor/(?:observations|claims)/[^"]+/">([^<]+)</a>', page)


@pytest.mark.parametrize("words", ["Pločica", "плочица", "PLOCICA", "ploc", "Плоч"])
def test_any_script_finds_any_script(people: People, words: str) -> None:
    see(people, "Сломљена плочица", 1)
    see(people, "Pločica e thyer", 2)
    assert shown(ask(people.analyst, f"q={words}")) == ["Pločica e thyer", "Сломљена плочица"]


def test_the_name_of_a_place_finds_what_lies_in_it(people: People) -> None:
    see(people, "Broken lamp", 1)
    see(people, "Painted wall", 2, place="Leposavić")
    assert shown(ask(people.analyst, "q=Prizren")) == ["Broken lamp"]
    assert shown(ask(people.analyst, "q=призрен lamp")) == ["Broken lamp"]
    assert shown(ask(people.analyst, "q=Prizren wall")) == []


def test_what_stands_beside_the_list_is_told_once_and_counted_apart(people: People) -> None:
    see(people, "Broken lamp at the municipality")
    page = ask(people.analyst, "q=municipality")
    assert page.count(">Municipality of Prizren</a>") == 1
    assert "1 institution and 1 thing for “municipality”" in page and "0 place" not in page
    alone = ask(people.analyst, "q=municipality&kind=mission.counterpart")
    assert alone.count(">Municipality of Prizren</a>") == 2, "asked for institutions alone, they are the list"


def test_filters_stand_in_the_address(people: People) -> None:
    for day in range(4):
        see(people, f"Lamp {'abcd'[day]}", day, sensitivity=1 + day % 2)
    page = ask(people.analyst, "kind=monitor.observation&from=2026-03-14&to=2026-03-15")
    assert shown(page) == ["Lamp c", "Lamp b"]
    assert shown(ask(people.analyst, "q=lamp&s=2")) == ["Lamp d", "Lamp b"]
    assert shown(ask(people.analyst, f"q=lamp&place={people.places['Prizren'].id}&to=2026-03-13")) == ["Lamp a"]
    assert shown(ask(people.analyst, "room=monitor&unit=PZ-T1&q=lamp&kind=monitor.observation")) == ["Lamp d", "Lamp c", "Lamp b", "Lamp a"]
    assert shown(ask(people.analyst, "room=warn&q=lamp")) == [] and shown(ask(people.analyst, "unit=MI-T1&q=lamp")) == []
    for wrong in ("from=13.3.2026", "place=x", "unit=nowhere", "s=9", "kind=monitor.identity"):
        assert "problem" in ask(people.analyst, f"q=lamp&{wrong}", 422)


def test_pages_continue_by_key_and_counts_are_bounded(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairwitness.mission import search as search_module
    from fairwitness.web import find as find_module

    for day in range(7):
        see(people, f"Lamp {'abcdefg'[day]}", day)
    monkeypatch.setattr(find_module, "PAGE", 3)
    monkeypatch.setattr(search_module, "BOUND", 5)
    monkeypatch.setattr(find_module, "BOUND", 5)
    query, seen = "q=lamp", []
    while query:
        page = ask(people.analyst, query)
        assert "more than 5 things" in page
        seen += shown(page)
        older = re.search(r'rel="next" href="\?([^"]+)"', page)
        query = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"Lamp {letter}" for letter in "gfedcba"]


def test_who_may_not_read_learns_nothing(people: People) -> None:
    seen = see(people, "Crossroads quiet", sensitivity=2)
    for query in ("q=crossroads", "q=cros", "kind=monitor.observation", f"q={seen.code}", f"place={people.places['Prizren'].id}", "s=2"):
        page = ask(people.stranger, query)
        assert "Crossroads" not in page and shown(page) == []
    hidden, absent = ask(people.stranger, "q=crossroads"), ask(people.stranger, "q=crossroadz")
    assert re.findall(r"\d+ thing", hidden) == re.findall(r"\d+ thing", absent)


def test_the_name_of_a_source_is_found_by_nobody_and_the_search_is_on_record(people: People) -> None:
    by = people.hand(people.monitor)
    source = register_source(category="resident", by=by)
    keep_identity(source, name="Qqzwim Testwitness", contact="+383 00 7654321", by=by)
    submit_claim(
        source=source, headline="A resident spoke", kind="damage", place=people.places["Prizren"], verbatim="fjala e tij", language="sq",
        told=NOON, by=by, scopes=[Scope(Use.INTERNAL)],
    )  # fmt: skip
    for member in (people.stranger, people.analyst, people.leader, people.monitor, people.keeper):
        before = Entry.objects.filter(verb=Verb.SEARCH_ASK.value).count()
        page = ask(member, "q=Qqzwim Testwitness")
        assert "Nothing that you may read fits" in page and "not what happened" in page
        assert Entry.objects.filter(verb=Verb.SEARCH_ASK.value, member=str(member.id)).count() >= 1
        assert Entry.objects.filter(verb=Verb.SEARCH_ASK.value).count() == before + 1
    entry = Entry.objects.filter(verb=Verb.SEARCH_ASK.value).order_by("-seq")[0]
    assert b"qqzwim" not in bytes(entry.body).lower() and b"tokens" in bytes(entry.body)
    ask(people.analyst, "q=resident")
    assert Entry.objects.filter(verb=Verb.SEARCH_ASK.value).count() == before + 1


def stored_tokens() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM mission_word" if connection.vendor == "sqlite" else "SELECT words::text FROM mission_word_of")
        return str(cursor.fetchall())


@pytest.mark.parametrize("how", ["withdraw", "shred"])
def test_sealed_words_leave_the_index_in_the_same_transaction(people: People, how: str) -> None:
    from fairwitness.record import seal

    by = people.hand(people.monitor)
    source = register_source(category="resident", by=by)
    submit_claim(
        source=source, headline="A resident spoke", kind="damage", place=people.places["Prizren"], verbatim="papritmas", language="sq",
        told=NOON, by=by, scopes=[Scope(Use.INTERNAL)],
    )  # fmt: skip
    mark = seal.token("papritmas")
    assert mark in stored_tokens() and shown(ask(people.monitor, "q=papritmas")) == ["A resident spoke"]
    if how == "withdraw":
        withdraw(source.claims.get(), why="asked us to", by=by)
    else:
        shred(source.scope, by=command(), why="asked us to")
    assert mark not in stored_tokens() and shown(ask(people.monitor, "q=papritmas")) == []
    assert shown(ask(people.monitor, "q=resident")) == ["A resident spoke"]


def test_everything_the_mission_keeps_says_how_it_is_found() -> None:
    from django.apps import apps

    from fairwitness.mission.index import kinds, undeclared
    from fairwitness.record.kept import Kept
    from fairwitness.web.find_rows import KINDS, SHOWN

    assert undeclared([model for model in apps.get_models() if issubclass(model, Kept)]) == []
    assert set(SHOWN) == set(KINDS) and set(SHOWN) <= set(kinds())
