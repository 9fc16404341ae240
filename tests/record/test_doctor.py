"""The doctor names what would hurt later, and its remedy."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from fairwitness.errors import BadInput
from fairwitness.mission.models import Unit
from fairwitness.record import seal
from fairwitness.record.beat import beat
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.doctor import examine_node
from fairwitness.record.hand import command
from fairwitness.record.keep import keep_many
from fairwitness.record.ledger.note import format_note, parse_checkpoint, sign_note, split_note
from fairwitness.record.models import Job
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db


def wrong() -> set[str]:
    return {one.code for one in examine_node() if not one.ok} - {"space", "pages"}


def test_a_healthy_node_has_no_symptom_and_says_what_it_looked_at() -> None:
    make_checkpoint()
    beat()
    seal.public_key()
    for name in ("node.key", "session.key"):
        os.chmod(Path(settings.FAIRWITNESS_DATA) / name, 0o600)
    os.chmod(settings.FAIRWITNESS_DATA, 0o700)
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()
    assert wrong() - {"returned", "role"} == ({"engine"} if in_memory else set())
    assert {"guards", "migrations", "engine", "keyring", "work", "checkpoint", "clock", "permissions"} <= {
        one.code for one in examine_node()
    }


def test_a_missing_guard_an_open_key_and_a_job_before_a_person_are_named_with_a_remedy() -> None:
    seal.public_key()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER fw_stay_mission_unit" + (" ON mission_unit" if connection.vendor == "postgresql" else ""))
    Job.objects.create(entry="x", reaction="nobody", not_before=datetime.now(UTC), state=Job.PERSON)
    key = Path(settings.FAIRWITNESS_DATA) / "node.key"
    os.chmod(key, 0o644)
    try:
        assert {"guards", "work", "permissions"} <= wrong()
        assert all(one.remedy for one in examine_node() if not one.ok)
    finally:
        os.chmod(key, 0o600)


def test_a_fork_an_older_copy_and_a_stranger_are_told_apart_by_a_checkpoint() -> None:
    keep_many([Unit(code=f"D{number}", name="Unit", kind="team") for number in range(20)], by=command(), verb=Verb.UNIT_EDIT)
    made = make_checkpoint()
    assert made is not None
    ours = parse_checkpoint(split_note(bytes(made.note))[0])

    def say(**other: object) -> set[str]:
        promise = replace(ours, **other)
        note = format_note(promise.text(), [sign_note(promise.text(), promise.origin, seal.public_key(), seal.sign)])
        return {one.code for one in examine_node([note]) if not one.ok and one.code in ("fork", "older", "stranger")}

    assert say() == set()
    assert say(root=bytes(32)) == {"fork"} and say(size=ours.size + 1) == {"older"} and say(origin="fairwitness/other") == {"stranger"}
    with pytest.raises(BadInput):
        examine_node([b"not a note"])


def test_a_clock_behind_the_newest_entry_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Unit(code="CLOCK", name="Unit", kind="team").keep(by=command(), verb=Verb.UNIT_EDIT)
    assert "clock" not in wrong()

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) - timedelta(hours=1)

    monkeypatch.setattr("fairwitness.record.doctor.datetime", Earlier)
    assert "clock" in wrong()


def test_a_keyring_that_does_not_fit_is_named() -> None:
    seal.public_key()
    key = Path(settings.FAIRWITNESS_DATA) / "node.key"
    held = key.read_bytes()
    key.write_bytes(bytes(32))
    try:
        assert "keyring" in wrong()
    finally:
        key.write_bytes(held)
