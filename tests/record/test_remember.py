"""Remembering: what seldom changes is asked once, and every process of the node learns of a change at its next question; what a
transaction wrote and took back is never remembered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from node import Node

SCRIPT = """
import json, subprocess, sys
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from people import build
from fairwitness.mission.access import may
from fairwitness.mission.models import Grant, PlaceName, Place, Tenure
from fairwitness.mission.name_places import name_of
from fairwitness.record.hand import Door, Hand, command
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

told = {}
with writing(command()):
    people = build()

def asked(question):
    with CaptureQueriesContext(connection) as found:
        answer = question()
    return answer, [one["sql"] for one in found.captured_queries if "max(seq)" not in one["sql"]]

def monitor():
    return may(Hand(people.monitor.id, Door.STAFF), Verb.OBSERVATION_SUBMIT)

told["first"] = monitor()
told["again"], told["asked again"] = asked(monitor)

class Back(Exception):
    pass

try:
    with transaction.atomic():
        for grant in Grant.objects.filter(verb=Verb.OBSERVATION_SUBMIT.value):
            grant.until = command().at
            grant.keep(by=command(), verb=Verb.POST_EDIT)
        told["inside"] = monitor()
        raise Back
except Back:
    told["taken back"] = monitor()

prizren = people.places["Prizren"]
told["name"] = name_of(prizren)
told["name again"], told["asked for the name"] = asked(lambda: name_of(prizren))
ELSEWHERE = '''
import os, django, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairwitness.web.settings"); django.setup()
from fairwitness.mission.models import Grant, PlaceName
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
for grant in Grant.objects.filter(verb=Verb.OBSERVATION_SUBMIT.value):
    grant.until = command().at
    grant.keep(by=command(), verb=Verb.POST_EDIT)
for name in PlaceName.objects.filter(place_id=sys.argv[1]):
    name.text = name.text + "-elsewhere"
    name.keep(by=command(), verb=Verb.PLACE_EDIT)
'''
done = subprocess.run([sys.executable, "-c", ELSEWHERE, str(prizren.id)], capture_output=True, text=True)
assert done.returncode == 0, done.stderr
told["ended elsewhere"] = monitor()
told["renamed elsewhere"] = name_of(prizren)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> Any:
    return json.loads(Node().python(SCRIPT).splitlines()[-1])


def test_what_is_remembered_is_not_asked_again(told: Any) -> None:
    assert told["first"] is told["again"] is True and told["asked again"] == []
    assert told["name"] == told["name again"] and told["asked for the name"] == []


def test_a_transaction_sees_what_it_wrote_and_nothing_of_it_is_remembered(told: Any) -> None:
    assert told["inside"] is False and told["taken back"] is True


def test_what_another_process_changed_holds_from_the_next_question_on(told: Any) -> None:
    assert told["ended elsewhere"] is False
    assert told["renamed elsewhere"] != told["name"] and "elsewhere" in told["renamed elsewhere"]
