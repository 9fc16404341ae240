"""Work: do what reactions promised.

The effect and the end of the job are one transaction, so nothing happens twice. Back-off grows from a
minute to an hour; after five failures the job lies before a person.
"""

from __future__ import annotations

import traceback
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from fairwitness.record.hand import worker
from fairwitness.record.keep import writing
from fairwitness.record.models import Entry, Job, ReactionSeen
from fairwitness.record.react import reaction as known
from fairwitness.record.react import reactions

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1))


def meet_new_reactions() -> int:
    """Queue older entries for reactions that answer from the start and are new to this node. Returns how many."""
    queued = 0
    met = set(ReactionSeen.objects.values_list("reaction", flat=True))
    for reaction in reactions():
        if reaction.key in met:
            continue
        now = datetime.now(UTC)
        with transaction.atomic():
            if reaction.from_start:
                older = Entry.objects.filter(verb=reaction.verb.value).values_list("entry", flat=True)
                jobs = [Job(entry=entry, reaction=reaction.key, not_before=now) for entry in older.iterator()]
                Job.objects.bulk_create(jobs, ignore_conflicts=True, batch_size=500)
                queued += len(jobs)
            ReactionSeen.objects.bulk_create([ReactionSeen(reaction=reaction.key, first_seen=now)], ignore_conflicts=True)
    return queued


def work_once() -> bool:
    """Do one job that is due. False when there is none."""
    hand = worker()
    chosen: int | None = None
    try:
        with transaction.atomic():
            due = Job.objects.filter(state=Job.DUE, not_before__lte=datetime.now(UTC)).order_by("id")
            if connection.vendor == "postgresql":
                due = due.select_for_update(skip_locked=True)
            job = due.first()
            if job is None:
                return False
            chosen = job.pk
            reaction = known(job.reaction)
            if reaction is None:
                Job.objects.filter(pk=job.pk).update(state=Job.PERSON, error="no such reaction on this node")
                return True
            with writing(hand):
                reaction.answer(Entry.objects.get(entry=job.entry), hand)
            Job.objects.filter(pk=job.pk).update(state=Job.DONE, error="")
    except Exception as error:
        if chosen is None:
            raise
        last = traceback.extract_tb(error.__traceback__)[-1]
        _put_off(chosen, f"{type(error).__name__} at {last.name}, line {last.lineno}")  # never the message: it may hold what is sealed
    return True


def _put_off(job_id: int, error: str) -> None:

    with transaction.atomic():
        job = Job.objects.get(pk=job_id)
        tries = job.tries + 1
        state = Job.PERSON if tries >= len(BACK_OFF) else Job.DUE
        wait = BACK_OFF[min(tries, len(BACK_OFF)) - 1]
        Job.objects.filter(pk=job_id).update(tries=tries, state=state, error=error, not_before=datetime.now(UTC) + wait)


def work_all(limit: int = 10_000) -> int:
    """Do what is due now; returns how many jobs were tried."""
    done = 0
    while done < limit and work_once():
        done += 1
    return done
