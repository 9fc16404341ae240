"""The list from the index and the list from the rows say the same, for every reader and filter; while the index is made, rows answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from people import People

from fairwitness.mission import rebuild
from fairwitness.mission.handling import Use
from fairwitness.mission.models import Term
from fairwitness.monitor.claim import submit_claim
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.find import Filters, coverage_beside, listing
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.source import register_source
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)


def terms() -> None:
    wanted = [("event", "damage"), ("event", "arrest"), ("means", "saw"), ("means", "heard"), ("means", "document")]
    fresh = [Term(vocabulary=v, code=c, label=c) for v, c in wanted if not Term.objects.filter(vocabulary=v, code=c).exists()]
    keep_many(fresh, by=command(), verb=Verb.TERM_EDIT)


@pytest.fixture
def things(people: People) -> People:
    terms()
    by = people.hand(people.monitor)
    source = register_source(category="resident", by=by)
    places = [people.places["Prizren"], people.places["Planjane"]]
    every = product(("damage", "arrest"), ("saw", "heard", "document"), places, (1, 2))
    for number, (kind, means, place, sensitivity) in enumerate(every):
        submit_observation(
            headline=f"Sign {number} seen", kind=kind, means=means, place=place, occurred_from=NOON + timedelta(hours=number),
            sensitivity=sensitivity, by=by,
        )  # fmt: skip
    for number in range(4):
        submit_claim(
            source=source, headline=f"Somebody told {number} of a sign", kind="arrest", place=places[number % 2],
            verbatim=f"fjala {number}", language="sq", told=NOON + timedelta(minutes=number + 1), by=by,
            scopes=[Scope(Use.INTERNAL)] if number else [],
        )  # fmt: skip
    return people


FILTERS = (
    {}, {"kind": "damage"}, {"states": frozenset({"seen"})}, {"states": frozenset({"reported"})},
    {"states": frozenset({"heard", "reported"})},
    {"since": NOON + timedelta(hours=5)}, {"until": NOON + timedelta(hours=7)}, {"words": "sign"}, {"words": "fjala"},
    {"words": "told sign"},
    {"kind": "arrest", "words": "sign", "since": NOON}, {"words": "nothingofthekind"},
)  # fmt: skip


@pytest.mark.parametrize("given", FILTERS)
def test_the_index_and_the_rows_agree(things: People, given: dict[str, object]) -> None:
    for where, who in product((None, "Prizren", "Planjane", "Leposavić", "Kosovo"), (things.monitor, things.stranger, things.analyst)):
        filters = Filters(place=things.places[where] if where else None, **given)  # type: ignore[arg-type]
        rebuild.remember(rebuild.WHOLE, "yes")
        fast, beside = listing(things.hand(who), filters), coverage_beside(things.hand(who), filters)
        rebuild.remember(rebuild.WHOLE, "no")
        slow, again = listing(things.hand(who), filters), coverage_beside(things.hand(who), filters)
        assert [one.id for one in fast.rows] == [one.id for one in slow.rows] and fast.total == slow.total
        assert beside == again


def test_an_index_that_was_lost_is_no_lost_data(things: People) -> None:
    rebuild.start()
    hand = things.hand(things.monitor)
    assert not rebuild.is_whole() and len(listing(hand, Filters(words="")).rows) == 28
    made = rebuild.rebuild(anew=False)
    assert made >= 28 and rebuild.is_whole() and rebuild.missing() == {}
    assert listing(hand, Filters()).total == 28


def test_making_it_goes_on_where_it_stopped(things: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "CHUNK", 5)
    rebuild.start()
    first = rebuild.go_on()
    assert 0 < first <= 5 and not rebuild.is_whole()
    by = things.hand(things.monitor)
    submit_observation(headline="Kept meanwhile", kind="damage", means="saw", place=things.places["Prizren"], occurred_from=NOON, by=by)
    said: list[tuple[int, int | None]] = []
    rebuild.rebuild(anew=False, progress=lambda done, of: said.append((done, of)))
    assert rebuild.is_whole() and rebuild.missing() == {} and said
    assert listing(by, Filters(words="meanwhile")).total == 1
