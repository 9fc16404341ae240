"""The doctor names what would hurt later, and its remedy."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from fairwitness.record import seal
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.doctor import examine_node
from fairwitness.record.models import Job

pytestmark = pytest.mark.django_db


def wrong() -> set[str]:
    return {one.code for one in examine_node() if not one.ok} - {"space"}


def test_a_healthy_node_has_no_symptom_and_says_what_it_looked_at() -> None:
    make_checkpoint()
    seal.public_key()
    for name in ("node.key", "session.key"):
        os.chmod(Path(settings.FAIRWITNESS_DATA) / name, 0o600)
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()
    assert wrong() - {"returned"} == ({"engine"} if in_memory else set())
    assert {"guards", "migrations", "engine", "keyring", "work", "checkpoint", "permissions"} <= {one.code for one in examine_node()}


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


def test_a_keyring_that_does_not_fit_is_named() -> None:
    seal.public_key()
    key = Path(settings.FAIRWITNESS_DATA) / "node.key"
    held = key.read_bytes()
    key.write_bytes(bytes(32))
    try:
        assert "keyring" in wrong()
    finally:
        key.write_bytes(held)
