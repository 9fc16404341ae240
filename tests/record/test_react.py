"""Later work: once, put off when it fails, before a person after five, and never half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from fairwitness.mission.models import Unit
from fairwitness.record import react
from fairwitness.record.hand import Door, Hand
from fairwitness.record.models import Entry, Job, ReactionSeen
from fairwitness.record.react import on
from fairwitness.record.verbs import Verb
from fairwitness.record.work import meet_new_reactions, work_all, work_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """Register an answer for this test alone; gives its key."""
    keys, verbs = dict(react._by_key), {verb: list(answers) for verb, answers in react._by_verb.items()}

    def register(answer: Callable[[Entry, Hand], None], since: str = "now") -> str:
        before = set(react._by_key)
        on(Verb.UNIT_EDIT, since=since)(answer)
        (key,) = set(react._by_key) - before
        return key

    yield register
    react._by_key.clear()
    react._by_key.update(keys)
    react._by_verb.clear()
    react._by_verb.update(verbs)


def keep_unit(code: str = "R") -> Unit:
    thing = Unit(code=code, name="Unit", kind="team")
    thing.keep(by=Hand(uuid4(), Door.STAFF), verb=Verb.UNIT_EDIT)
    return thing


def bring_forward(key: str) -> None:
    Job.objects.filter(reaction=key).update(not_before=datetime.now(UTC))


def test_an_answer_is_given_exactly_once(answering: Callable[..., str]) -> None:
    seen: list[str] = []

    def once(entry: Entry, by: Hand) -> None:
        seen.append(entry.entry)

    key = answering(once)
    thing = keep_unit()
    assert work_all() >= 1 and work_all() == 0
    assert seen == [str(thing.entry)] and Job.objects.get(reaction=key).state == Job.DONE


def test_what_fails_is_undone_put_off_longer_each_time_and_laid_before_a_person_after_five(answering: Callable[..., str]) -> None:
    def half(entry: Entry, by: Hand) -> None:
        Unit(code="HALF", name="half done", kind="team").keep(by=by, verb=Verb.POST_EDIT)
        raise RuntimeError("the words of the source")

    key = answering(half)
    keep_unit()
    waits = []
    for tries in range(1, 6):
        bring_forward(key)
        assert work_once()
        job = Job.objects.get(reaction=key)
        assert job.tries == tries and job.state == (Job.PERSON if tries == 5 else Job.DUE)
        waits.append(round((job.not_before - datetime.now(UTC)).total_seconds() / 60))
    assert waits == [1, 5, 15, 30, 60]
    assert "words" not in job.error and "RuntimeError" in job.error
    assert not Unit.objects.filter(code="HALF").exists() and not Entry.objects.filter(verb="post.edit").exists()
    bring_forward(key)
    assert not work_once()


def test_an_answer_from_the_start_meets_older_entries_once_and_one_from_now_does_not(answering: Callable[..., str]) -> None:
    thing = keep_unit()
    seen: list[str] = []

    def older(entry: Entry, by: Hand) -> None:
        seen.append(entry.entry)

    def newer(entry: Entry, by: Hand) -> None:
        seen.append("newer")

    key, _ = answering(older, "start"), answering(newer, "now")
    meet_new_reactions()
    assert meet_new_reactions() == 0 and ReactionSeen.objects.filter(reaction=key).exists()
    work_all()
    assert seen.count(str(thing.entry)) == 1 and "newer" not in seen
