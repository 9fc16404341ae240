"""Writers at once, in processes of their own with real commits: no number twice, nothing lost, and one form makes one thing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from node import Node

SET_UP = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
import people
made = people.build()
print(made.monitor.id, made.places["Prizren"].id)
"""
WRITE = """
import sys, uuid
from datetime import datetime, UTC
from fairwitness.mission.models import Place
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.models import Observation
from fairwitness.record.hand import Door, Hand
from fairwitness.record.ledger.entry import uuid7
member, place, once = uuid.UUID(sys.argv[1]), Place.objects.get(pk=sys.argv[2]), uuid.UUID(sys.argv[3])
given = dict(kind="sign", means="saw", place=place, occurred_from=datetime(2026, 5, 13, 12, tzinfo=UTC))
for number in range(8):
    submit_observation(headline=f"{number}", thing_id=uuid7(), by=Hand(member, Door.STAFF), **given)
print(submit_observation(headline="the same form", thing_id=once, by=Hand(member, Door.STAFF), **given).code)
"""
COUNT = """
from fairwitness.monitor.models import Observation
from fairwitness.record.models import Entry
codes = list(Observation.objects.values_list("code", flat=True))
same = Observation.objects.filter(headline="the same form").count()
print(len(codes), len(set(codes)), same, Entry.objects.filter(verb="observation.submit").count())
"""


@pytest.mark.slow
def test_four_writers_at_once_lose_nothing_and_double_nothing() -> None:
    node = Node()
    member, place = node.python(SET_UP).split()[-2:]
    once = "01a207eb-bb9b-7f24-b1f5-6138c6aa0acc"
    with ThreadPoolExecutor(4) as writers:
        said = list(writers.map(lambda _: node.python(WRITE, member, place, once).strip(), range(4)))
    assert len(set(said)) == 1, "the same form sent by four is one thing for all of them"
    assert node.python(COUNT).split()[-4:] == ["33", "33", "1", "33"]
