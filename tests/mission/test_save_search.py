"""Kept searches: one's own, sealed, told what is new as far as one may read it, and forgotten with their key."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from people import People

from fairwitness.errors import BadInput, NotThere
from fairwitness.mission.models import SavedSearch, Term
from fairwitness.mission.save_search import end_search, look, my_searches, news_of, save_search, tell_news, words_of
from fairwitness.monitor.models import Observation
from fairwitness.monitor.observe import correct_observation, submit_observation
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def words(people: People) -> None:
    for vocabulary, code in (("event", "damage"), ("means", "saw")):
        if not Term.objects.filter(vocabulary=vocabulary, code=code).exists():
            Term(vocabulary=vocabulary, code=code, label=code).keep(by=command(), verb=Verb.TERM_EDIT)


def see(people: People, headline: str, sensitivity: int = 1) -> Observation:
    return submit_observation(
        headline=headline, kind="damage", means="saw", place=people.places["Planjane"], occurred_from=NOON, sensitivity=sensitivity,
        by=people.hand(people.monitor),
    )  # fmt: skip


def keep(people: People, name: str, words: str, **filters: str) -> SavedSearch:
    member = getattr(people, name)
    return save_search(name=f"of {name}", words=words, filters=filters, alert=True, by=people.hand(member))


def found(people: People, name: str) -> list[object]:
    return [one for news in news_of(people.hand(getattr(people, name))) for _kind, one in news.found]


def test_each_is_told_what_is_new_and_may_be_read(people: People) -> None:
    see(people, "A sign before")
    tell_news()
    keep(people, "analyst", "sign")
    keep(people, "stranger", "sign")
    keep(people, "monitor", "", place=str(people.places["Prizren"].id))
    assert found(people, "analyst") == []
    new = see(people, "A sign after")
    see(people, "Something else", sensitivity=2)
    while tell_news():
        pass
    assert found(people, "analyst") == [new.id]
    assert found(people, "stranger") == []
    assert len(found(people, "monitor")) == 2


def test_what_was_new_is_held_against_the_rights_of_the_moment_of_reading(people: People) -> None:
    keep(people, "leader", "sign")
    new = see(people, "A sign")
    tell_news()
    assert found(people, "leader") == [new.id]
    correct_observation(new, {"headline": "A road"}, why="it was a road", base=new.entry, by=people.hand(people.monitor))
    assert found(people, "leader") == []


def test_looking_makes_it_old(people: People) -> None:
    kept = keep(people, "analyst", "sign")
    see(people, "A sign")
    tell_news()
    assert found(people, "analyst")
    look(kept.id, by=people.hand(people.analyst))
    assert found(people, "analyst") == []
    assert SavedSearch.objects.get(pk=kept.id).looked > kept.looked


def test_nobody_sees_anothers(people: People) -> None:
    kept = keep(people, "analyst", "sign")
    assert my_searches(people.hand(people.clearer)) == []
    for act in (look, end_search):
        with pytest.raises(NotThere):
            act(kept.id, by=people.hand(people.clearer))


def test_what_was_looked_for_is_sealed_and_goes_with_its_key(people: People, django_capture_on_commit_callbacks: object) -> None:
    kept = keep(people, "analyst", "Qqzwname")
    assert words_of(kept) == "Qqzwname"
    for table in ("mission_savedsearch", "record_entry"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            assert "qqzw" not in str([bytes(v) if isinstance(v, memoryview) else v for row in cursor.fetchall() for v in row]).lower()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        end_search(kept.id, by=people.hand(people.analyst))
    assert words_of(SavedSearch.objects.get(pk=kept.id)) == "" and my_searches(people.hand(people.analyst)) == []
    assert Entry.objects.filter(verb=Verb.KEY_SHRED.value).exists()


NOTHING = [("", "sign", {}), ("x" * 121, "sign", {}), ("short", "ab", {}), ("nothing", "", {})]


@pytest.mark.parametrize(("name", "words", "filters"), NOTHING)
def test_a_search_that_asks_nothing_is_not_kept(people: People, name: str, words: str, filters: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        save_search(name=name, words=words, filters=filters, alert=True, by=people.hand(people.analyst))
    assert not SavedSearch.objects.exists()


def test_the_same_form_twice_keeps_one(people: People) -> None:
    first = keep(people, "analyst", "sign")
    again = save_search(name="other", words="other", filters={}, alert=False, thing_id=first.id, by=people.hand(people.analyst))
    assert again.id == first.id and SavedSearch.objects.count() == 1
