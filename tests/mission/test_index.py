"""The index finds in any spelling, newest first, only what the reader may read, and holds no sealed word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from people import People

from fairwitness.mission import rebuild, search
from fairwitness.mission.access import access_key
from fairwitness.mission.handling import Use
from fairwitness.monitor import consent
from fairwitness.monitor.claim import submit_claim
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.models import Observation
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.source import register_source
from fairwitness.record.keyring import destroy

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)


def see(people: People, headline: str, text: str = "", minutes: int = 0) -> Observation:
    return submit_observation(
        headline=headline, kind="damage", means="saw", place=people.places["Prizren"],
        occurred_from=NOON + timedelta(minutes=minutes), text=text, by=people.hand(people.monitor),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def words(people: People) -> None:
    from fairwitness.mission.models import Term
    from fairwitness.record.hand import command
    from fairwitness.record.keep import keep_many
    from fairwitness.record.verbs import Verb

    fresh = [
        Term(vocabulary=v, code=c, label=c)
        for v, c in (("event", "damage"), ("means", "saw"))
        if not Term.objects.filter(vocabulary=v, code=c).exists()
    ]
    keep_many(fresh, by=command(), verb=Verb.TERM_EDIT)


def test_found_in_any_spelling_newest_first(people: People) -> None:
    first = see(people, "Tabela të dëmtuara në Gjakovë")
    second = see(people, "Оштећене табле у Ђаковици", minutes=1)
    third = see(people, "Signs damaged in Ðakovica", minutes=2)
    hand = people.hand(people.analyst)
    assert [one for _, one in search.find(hand, "djakov").ids] == [third.id, second.id]
    assert [one for _, one in search.find(hand, "demtuara").ids] == [first.id]
    assert search.find(hand, "gjakovë dëmtuara").ids == [("monitor.observation", first.id)]


def test_who_may_not_read_learns_nothing_by_word_prefix_or_count(people: People) -> None:
    see(people, "Quiet afternoon at the crossroads")
    for words in ("crossroads", "cros", "quiet afternoon"):
        assert search.find(people.hand(people.stranger), words).count == 0
        assert search.find(people.hand(people.analyst), words).count == 1
    assert search.find(people.hand(None), "crossroads").count == 0


def test_a_corrected_thing_stands_once_under_its_new_words(people: People) -> None:
    from fairwitness.monitor.observe import correct_observation

    seen = see(people, "Three damaged signs")
    hand = people.hand(people.monitor)
    correct_observation(seen, {"headline": "Four damaged signs"}, why="counted again", base=seen.entry, by=hand)
    assert search.find(hand, "three").count == 0 and search.find(hand, "four damaged").count == 1


def test_sealed_words_are_found_whole_never_stored_and_gone_with_the_key(people: People) -> None:
    hand = people.hand(people.monitor)
    source = register_source(category="resident", by=hand)
    consent.give(source, [consent.Scope(Use.INTERNAL)], given=date(2026, 5, 13), language="sq", by=hand)
    submit_claim(
        source=source, headline="A resident spoke of the signs", kind="damage", place=people.places["Prizren"],
        verbatim="Zamagllimi ndodhi papritmas", language="sq", told=NOON, by=hand,
        scopes=[Scope(Use.INTERNAL)],
    )  # fmt: skip
    assert search.find(hand, "zamagllimi").count == 1 and search.find(hand, "zamagll").count == 0
    with connection.cursor() as cursor:
        lite = connection.vendor == "sqlite"
        cursor.execute("SELECT words FROM mission_word" if lite else "SELECT words::text FROM mission_word_of")
        assert "zamagllimi" not in str(cursor.fetchall())
    destroy(source.scope)
    rebuild.rebuild()
    assert search.find(hand, "zamagllimi").count == 0 and search.find(hand, "resident", kinds=["monitor.claim"]).count == 1


@pytest.mark.parametrize("words", ["", "  ", "'; DROP TABLE x --", '"', "a:b OR *", "NEAR(", "\x00", "(" * 50, "a" * 5000])
def test_odd_words_are_words(people: People, words: str) -> None:
    see(people, "Something ordinary")
    assert search.find(people.hand(people.analyst), words).count == 0


def test_a_text_cannot_open_itself_to_others(people: People) -> None:
    key = access_key(people.units["MI-T1"].id, 0)
    see(people, "Quiet afternoon", f"{key} @{key} s0 s1 s2 a s3")
    assert search.find(people.hand(people.stranger), "quiet").count == 0
    assert search.find(people.hand(people.stranger), key).count == 0
    assert search.find(people.hand(people.monitor), key).count == 1


def test_a_very_long_text_is_kept_and_found(people: People) -> None:
    words = " ".join(f"w{number}" for number in range(2_500)) + " " + "x" * 5_000
    see(people, "Long list", words)
    hand = people.hand(people.monitor)
    assert search.find(hand, "w7").count == 1 and search.find(hand, "long list").count == 1


def test_a_rebuilt_index_says_the_same(people: People) -> None:
    see(people, "Signs damaged in the village")
    hand, other = people.hand(people.analyst), people.hand(people.stranger)
    before = search.find(hand, "signs village").ids
    assert rebuild.rebuild() >= 1
    assert search.find(hand, "signs village").ids == before and search.find(other, "signs").count == 0
