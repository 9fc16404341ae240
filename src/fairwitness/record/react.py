"""React: the log is the queue. Later work is an answer to an entry.

A room states its answers in `reactions.py`:

    @on(Verb.CONSENT_WITHDRAW)
    def offer_correction(entry: Entry, by: Hand) -> None: ...

The job row is written in the entry's own transaction, so nothing is lost when the generator stops; the
job is done by `work`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fairwitness.record.hand import Hand
from fairwitness.record.models import Job
from fairwitness.record.verbs import Verb

Answer = Callable[[Any, Hand], None]


@dataclass(frozen=True, slots=True)
class Reaction:
    """One answer: its key, the verb it answers, whether it also answers entries older than itself."""

    key: str
    verb: Verb
    answer: Answer
    from_start: bool


_by_key: dict[str, Reaction] = {}
_by_verb: dict[str, list[Reaction]] = {}


def on(*verbs: Verb, since: str = "now") -> Callable[[Answer], Answer]:
    """Answer entries of these verbs. `since` is `now` or `start` (then older entries are answered once, too)."""
    if since not in ("now", "start"):
        raise ValueError("a reaction states since='now' or since='start'")

    def register(answer: Answer) -> Answer:
        for verb in verbs:
            key = f"{answer.__module__.removeprefix('fairwitness.')}.{answer.__name__}:{verb.value}"
            made = Reaction(key, verb, answer, since == "start")
            _by_key[key] = made
            _by_verb.setdefault(verb.value, []).append(made)
        return answer

    return register


def reactions() -> Sequence[Reaction]:
    """Every registered reaction."""
    return tuple(_by_key.values())


def reaction(key: str) -> Reaction | None:
    """The reaction of this key, if this node has it."""
    return _by_key.get(key)


def queue_jobs(entries: Sequence[tuple[str, str]]) -> None:
    """Write a job row for each (verb, entry) that somebody answers. Inside the entry's transaction."""
    now = datetime.now(UTC)
    jobs = [
        Job(entry=entry, reaction=answer.key, not_before=now)
        for verb, entry in entries
        for answer in _by_verb.get(verb, ())
    ]
    if jobs:
        Job.objects.bulk_create(jobs, ignore_conflicts=True)
