"""Comments, mentions, returning to the author, assignments: who is told, who may, and what follows a correction."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from monitor.scene import claim, observation, words
from people import People

from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused, Stale
from fairwitness.mission.access import visible
from fairwitness.mission.tell_time import today
from fairwitness.monitor import discuss
from fairwitness.monitor.models import Assignment, Comment, Mention
from fairwitness.monitor.observe import correct_observation
from fairwitness.record.hand import command
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.look_back import history
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words(people: People) -> None:
    words()


def test_whoever_is_named_is_told_until_they_answer_or_have_read(people: People) -> None:
    thing = observation(people)
    leader, monitor = people.hand(people.leader), people.hand(people.monitor)
    said = discuss.comment(thing, "Is the road number right, @T-monitor? Ask a@b.example, (@t-analyst).", by=leader)
    assert {mention.member.code for mention in said.mentions.select_related("member")} == {"T-monitor", "T-analyst"}
    assert len(discuss.unread(thing, monitor)) == 1 and not discuss.unread(thing, leader)
    discuss.comment(thing, "Yes, it is.", by=monitor)
    assert not discuss.unread(thing, monitor) and len(discuss.unread(thing, people.hand(people.analyst))) == 1
    assert discuss.read_mentions(thing, by=people.hand(people.analyst)) == 1
    assert [one.text for one in discuss.comments_of(thing, monitor)] == [said.text, "Yes, it is."]
    assert {line.verb for line in history([mention.id for mention in Mention.objects.all()])} == {"comment.make", "comment.read"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"), ("x" * 5_001, "5000"), ("a\x00", "NUL"), ("See @T-monitr", "Did you mean @T-monitor"),
        ("See @nobody-at-all-here", "look under People"), ("Look, @T-stranger", "may not open this"),
    ],
)  # fmt: skip
def test_a_comment_that_cannot_be_taken_says_why_and_writes_nothing(people: People, text: str, said: str) -> None:
    thing = observation(people)
    before = Entry.objects.count()
    with pytest.raises(BadInput, match=said):
        discuss.comment(thing, text, by=people.hand(people.leader))
    assert Entry.objects.count() == before and not Comment.objects.exists() and not Mention.objects.exists()


def test_a_comment_is_held_as_closely_as_its_thing_and_follows_it(people: People) -> None:
    thing, leader = observation(people, sensitivity=0), people.hand(people.leader)
    said = discuss.comment(thing, "Seen twice.", by=leader)
    asked = discuss.assign(thing, people.monitor, task="Look again", by=leader)
    stranger = people.hand(people.stranger)
    assert visible(stranger, Comment.objects.all()).count() == 1
    correct_observation(thing, {"sensitivity": 2}, why="it names a road", base=thing.entry, by=people.hand(people.monitor))
    assert not visible(people.hand(people.stranger), Comment.objects.all()).exists()
    assert not visible(people.hand(people.stranger), Assignment.objects.all()).exists()
    for one in (said, asked):
        one.refresh_from_db()
        assert one.sensitivity == 2
    for act in (discuss.comments_of, discuss.assignments_of):
        with pytest.raises(NotThere):
            act(thing, people.hand(people.stranger))
    with pytest.raises(NotThere):
        discuss.comment(thing, "Hello", by=people.hand(people.stranger))


def test_a_thing_goes_back_to_its_author_and_waits_until_it_is_corrected(people: People) -> None:
    thing, leader, monitor = observation(people), people.hand(people.leader), people.hand(people.monitor)
    said = discuss.return_to_author(thing, "Which road? Give its number.", due=today() + timedelta(days=2), by=leader)
    asked = Assignment.objects.get()
    assert said.returned and asked.returned and asked.member_id == people.monitor.id and asked.given_by_id == people.leader.id
    assert history([asked.id])[0].verb == Verb.ENTRY_RETURN
    with pytest.raises(BadInput, match="you wrote this yourself"):
        discuss.return_to_author(observation(people, by=leader), "Mine", by=leader)
    with pytest.raises(Refused):
        discuss.return_to_author(thing, "Not mine to return", by=monitor)
    correct_observation(thing, {"headline": "Signs on road 7"}, why="as asked", base=None, by=monitor)
    asked.refresh_from_db()
    assert asked.done is not None


def test_what_nobody_wrote_or_a_leaver_wrote_cannot_go_back(people: People) -> None:
    leader = people.hand(people.leader)
    made = observation(people, by=command(), unit=people.units["PZ-T1"])
    with pytest.raises(BadInput, match="not here any more"):
        discuss.return_to_author(made, "Which road?", by=leader)
    thing = observation(people)
    people.monitor.left = date(2026, 1, 1)
    people.monitor.keep(by=command(), verb=Verb.MEMBER_EDIT)
    with pytest.raises(BadInput, match="not here any more"):
        discuss.return_to_author(thing, "Which road?", by=leader)
    with pytest.raises(BadInput, match="has left the mission"):
        discuss.assign(thing, people.monitor, task="Look", by=leader)


def test_an_assignment_is_finished_once_by_whoever_was_asked_or_asked(people: People) -> None:
    told, leader, monitor = claim(people), people.hand(people.leader), people.hand(people.monitor)
    key = uuid7()
    asked = discuss.assign(told, people.monitor, task="Go and look", due=today(), thing_id=key, by=leader)
    assert discuss.assign(told, people.monitor, task="Go and look", due=today(), thing_id=key, by=leader) == asked
    with pytest.raises(Refused, match="Only whoever was asked"):
        discuss.finish(asked, by=people.hand(people.analyst))
    seen = asked.entry
    discuss.finish(asked, note="It was replaced", base=seen, by=monitor)
    assert asked.done is not None and [one.done_note for one in discuss.assignments_of(told, leader)] == ["It was replaced"]
    with pytest.raises(OutOfOrder):
        discuss.finish(Assignment.objects.get(pk=asked.pk), by=leader)
    again = discuss.assign(told, people.monitor, task="Once more", by=leader)
    with pytest.raises(Stale):
        discuss.finish(again, base=seen, by=leader)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"task": ""}, "task"), ({"task": "x" * 301}, "task"), ({"due": date(2020, 1, 1)}, "due"), ({"due": "soon"}, "due"),
     ({"member": "stranger"}, "member"), ({"member": None}, "member")],
)  # fmt: skip
def test_an_assignment_that_cannot_be_taken_names_the_field(people: People, changes: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {"member": people.monitor, "task": "Look", **changes}
    if given["member"] == "stranger":
        given["member"] = people.stranger
    with pytest.raises(BadInput) as caught:
        discuss.assign(observation(people), given.pop("member"), **given, by=people.hand(people.leader))
    assert [fault.field for fault in caught.value.faults] == [field] and not Assignment.objects.exists()
