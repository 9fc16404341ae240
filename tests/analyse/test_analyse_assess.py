"""Ratings apart, findings to a standard of proof, ties decided by a person."""

from __future__ import annotations

from typing import Any

import pytest
from people import People
from verify_scene import moment, promise, saw

from fairwitness.analyse.assess import assess, rated, ratings_of, standing
from fairwitness.analyse.conclude import conclude, edit_finding
from fairwitness.analyse.link import suggest, tie
from fairwitness.analyse.models import Assessment, Finding
from fairwitness.analyse.rules import LINKING, PROOF
from fairwitness.analyse.weigh import weigh
from fairwitness.errors import BadInput, NotThere, Refused, Stale
from fairwitness.mission.models import Counterpart
from fairwitness.monitor.claim import submit_claim, test_claim
from fairwitness.monitor.happen import unlink_source
from fairwitness.monitor.models import Claim, Event, Observation, SourceLink
from fairwitness.monitor.source import register_source
from fairwitness.record.hand import command
from fairwitness.record.ledger.entry import uuid7
from fairwitness.verify.check import make_check

pytestmark = pytest.mark.django_db
examine = test_claim
test_claim.__test__ = False  # type: ignore[attr-defined]


def told(people: People, category: str = "shopkeeper", organisation: Counterpart | None = None, who: Any = None, **more: Any) -> Claim:
    """A claim of a new source of this category."""
    by = people.hand(who or people.monitor)
    source = register_source(category=category, organisation=organisation, by=by)
    given = {
        "headline": "Signs were painted over", "kind": "damage", "place": people.places["Prizren"], "verbatim": "…", "language": "sq",
        "told": moment("2024-05-02T10:00"), **more,
    }  # fmt: skip
    return submit_claim(source=source, by=by, **given)


def faults(wrong: pytest.ExceptionInfo[BadInput]) -> set[str]:
    return {fault.field for fault in wrong.value.faults}


def test_source_and_information_are_rated_apart_and_found_by_either(people: People) -> None:
    """Scenario 12: a usually reliable source with implausible content is B and 5, separately."""
    hand, thing, other = people.hand(people.analyst), told(people), told(people)
    assess(thing, source_grade="B", information_grade=5, reason="Wrong about the date.", by=hand)
    assess(other, source_grade="F", information_grade=6, reason="First contact.", by=hand)
    claims = Claim.objects.all()
    assert list(rated(claims, source_grade="B")) == [thing] == list(rated(claims, information_grade=5))
    assert list(rated(claims, source_grade="B", information_grade=6)) == []
    assert list(rated(claims, source_grade="F", information_grade=6)) == [other]
    assert list(rated(Observation.objects.all(), source_grade="B")) == []


def test_the_newest_rating_counts_and_all_stay(people: People) -> None:
    hand, thing, unrated = people.hand(people.analyst), saw(people, "2024-05-01T10:00"), saw(people, "2024-05-01T10:00")
    first = assess(thing, source_grade="A", information_grade=2, reason="Own eyes.", by=hand)
    second = assess(thing, source_grade="A", information_grade=1, reason="The photograph agrees.", by=hand)
    assert standing([thing, unrated]) == {thing.pk: second}
    assert ratings_of(thing) == [second, first] and first.assessed_by == people.analyst
    assert list(rated(Observation.objects.all(), information_grade=2)) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"source_grade": "G"}, "source_grade"), ({"source_grade": ""}, "source_grade"), ({"source_grade": "b"}, "source_grade"),
        ({"information_grade": 0}, "information_grade"), ({"information_grade": 7}, "information_grade"),
        ({"information_grade": True}, "information_grade"), ({"information_grade": "3"}, "information_grade"),
        ({"reason": " "}, "reason"), ({"reason": "\x00"}, "reason"), ({"reason": "x" * 5001}, "reason"),
    ],
)  # fmt: skip
def test_a_bad_rating_names_its_field(people: People, given: dict[str, Any], field: str) -> None:
    thing = saw(people, "2024-05-01T10:00")
    with pytest.raises(BadInput) as wrong:
        assess(thing, by=people.hand(people.analyst), **{"source_grade": "B", "information_grade": 5, "reason": "why", **given})
    assert faults(wrong) == {field} and not Assessment.objects.exists()


def test_who_may_rate(people: People) -> None:
    thing = saw(people, "2024-05-01T10:00")
    given: dict[str, Any] = {"source_grade": "B", "information_grade": 5, "reason": "why"}
    with pytest.raises(Refused):
        assess(thing, by=people.hand(people.monitor), **given)
    with pytest.raises(NotThere):
        assess(thing, by=people.hand(people.stranger), **given)
    with pytest.raises(BadInput):
        assess(thing, by=command(), **given)
    once = uuid7()
    assert [assess(thing, by=people.hand(people.analyst), thing_id=once, **given).pk for _ in range(2)] == [once, once]
    assert Assessment.objects.count() == 1


def finding(people: People, **more: Any) -> Finding:
    given = {"title": "Signs are painted over", "text": "In three villages.", "place": people.places["Prizren"], "proof": "grounds", **more}
    return conclude(by=people.hand(people.analyst), **given)


def test_a_finding_rests_on_something_and_prints_its_rule(people: People) -> None:
    with pytest.raises(BadInput) as wrong:
        finding(people)
    assert faults(wrong) == {"evidence"} and PROOF.words in str(wrong.value)
    made = finding(people, evidence=[told(people)], alternatives="Weather.")
    assert made.proof_rule == "P-1 v1" and made.code.startswith("HQ-F-") and made.alternatives == "Weather."
    assert finding(people, public_source="https://example.org/report").evidence.count() == 0


def test_a_high_standard_needs_own_eyes_or_two_independent_kinds(people: People) -> None:
    ngo = Counterpart.objects.get(code="UNHCR")
    same = [told(people, "NGO", ngo), told(people, "international organisation", ngo)]
    with pytest.raises(BadInput) as wrong:
        finding(people, proof="balance", evidence=same)
    assert faults(wrong) == {"evidence"}
    with pytest.raises(BadInput):
        finding(people, proof="balance", evidence=[told(people, "shopkeeper"), told(people, "Shopkeeper ")])
    with pytest.raises(BadInput):
        finding(people, proof="balance", evidence=[told(people)], contradicting=[saw(people, "2024-05-01T10:00")])
    assert finding(people, proof="balance", evidence=[same[0], told(people, "shopkeeper")])
    assert finding(people, proof="doubt", evidence=[saw(people, "2024-05-01T10:00")])
    assert finding(people, proof="balance", evidence=[told(people)], public_source="https://example.org/r")


def test_what_could_not_be_confirmed_carries_nothing(people: People) -> None:
    claim = told(people, "shopkeeper")
    assert weigh([claim]).kinds() == ["shopkeeper"]
    tested = examine(claim, outcome="unable", note="Nobody there had seen it.", by=people.hand(people.monitor))
    assert weigh([tested]).kinds() == []


def test_a_check_weighs_what_it_rests_on(people: People) -> None:
    given = {"place": people.places["Prizren"], "round": "2024", "checked_on": moment("2024-05-03T00:00").date(), "value": "not_met"}
    seen = make_check(promise(people), evidence=[saw(people, "2024-05-01T10:00")], by=people.hand(people.analyst), **given)
    read = make_check(promise(people, "B"), public_source="https://example.org/r", by=people.hand(people.analyst), **given)
    assert weigh([seen]).kinds() == ["own observation"] and weigh([read]).kinds() == ["published source"]
    assert finding(people, proof="convincing", evidence=[seen]).evidence.get().check_made == seen
    with pytest.raises(BadInput):
        finding(people, proof="convincing", evidence=[read])


def test_a_finding_is_changed_at_the_version_its_writer_saw(people: People) -> None:
    made = finding(people, evidence=[told(people)])
    hand, base = people.hand(people.analyst), made.entry
    with pytest.raises(BadInput):
        edit_finding(made, base=base, by=hand, why="more", proof="balance")
    after = edit_finding(made, base=base, by=hand, why="seen since", proof="balance", evidence=[saw(people, "2024-05-01T10:00")])
    assert after.proof == "balance" and [line.undone for line in made.evidence.order_by("id")] == [True, False]
    with pytest.raises(Stale):
        edit_finding(made, base=base, by=hand, why="late", title="Another")
    with pytest.raises(Refused):
        edit_finding(made, base=None, by=people.hand(people.drafter), why="mine", title="Another")
    with pytest.raises(BadInput):
        edit_finding(made, base=None, by=hand, why="x", code="NEW")


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("text", " "), ("proof", "certain"), ("concluded", "31.02.2010"), ("place", None)]
)
def test_a_bad_finding_names_its_field(people: People, field: str, value: Any) -> None:
    with pytest.raises(BadInput) as wrong:
        finding(people, evidence=[told(people)], **{field: value})
    assert field in faults(wrong) and not Finding.objects.exists()


def test_one_event_told_by_three_is_suggested_decided_and_undone(people: People) -> None:
    """Scenario 17: three bodies report one theft; three sources, figures per source, and the merge can be undone."""
    team = saw(people, "2024-05-01T10:00", count="36")
    body = told(people, "NGO", occurred_from=moment("2024-05-01T10:10"), precision="hour", count="45")
    third = told(people, "international organisation", occurred_from=moment("2024-05-01T00:00"), precision="day")
    saw(people, "2024-05-09T10:00")
    saw(people, "2024-05-01T10:00", kind="gathering")
    hand = people.hand(people.analyst)
    offered = suggest(team, hand)
    assert [one.other for one in offered] == [body, third]
    assert str(LINKING) in offered[0].reasons and any("36 and 45" in reason for reason in offered[0].reasons)
    event = tie(team, body, reason="Same church, same night", by=hand)
    assert tie(third, team, reason="Same church", by=hand) == event
    assert {link.observation or link.claim for link in event.links.all()} == {team, body, third} and suggest(team, hand) == []
    link = SourceLink.objects.get(claim=third)
    unlink_source(link, why="Another night", by=hand)
    assert [one.other for one in suggest(team, hand)] == [third]
    assert (Observation.objects.get(pk=team.pk).count_low, Claim.objects.get(pk=body.pk).count_low) == (36, 45)


def test_nobody_is_offered_what_they_may_not_see(people: People) -> None:
    mine = saw(people, "2024-05-01T10:00")
    theirs = saw(people, "2024-05-01T10:00", who=people.stranger)
    assert suggest(mine, people.hand(people.monitor)) == []
    assert [one.other for one in suggest(mine, people.hand(people.analyst))] == [theirs]
    with pytest.raises(NotThere):
        tie(mine, theirs, reason="same", by=people.hand(people.monitor))
    for other, reason in ((mine, "same"), (theirs, " ")):
        with pytest.raises(BadInput):
            tie(mine, other, reason=reason, by=people.hand(people.analyst))
    assert not Event.objects.exists()


def test_an_unknown_time_suggests_nothing(people: People) -> None:
    vague = told(people, precision="unknown")
    saw(people, "2024-05-02T10:00")
    assert suggest(vague, people.hand(people.analyst)) == []
