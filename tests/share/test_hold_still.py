"""Publishing and taking back in the same second, with real commits: whichever is first, nothing stays public that was taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from node import Node

SCRIPT = """
import json, sys, threading
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from people import build as build_people
from fairwitness.mission.handling import Use
from fairwitness.errors import FairwitnessError
from fairwitness.monitor.consent import Scope, withdraw
from fairwitness.record.hand import command
from fairwitness.record.keep import writing
from fairwitness.share import publish as room
from fairwitness.share.models import Release
from share.scene import BY, SEEN, TOLD, build

with writing(command()):
    people = build_people()
    stage = build(people)
first, second = stage.claim("PZ-C1", Scope(Use.PUBLIC)), stage.claim("PZ-C2", Scope(Use.PUBLIC))
reports = [stage.report((SEEN, "PZ-0417"), (TOLD, claim.code), ask=False) for claim in (first, second)]
told = {}

def go(act, name):
    def run():
        try:
            told[name] = str(act())
        except FairwitnessError as error:
            told[name] = type(error).__name__
        finally:
            connection.close()
    thread = threading.Thread(target=run)
    thread.start()
    return thread

# The publisher has looked at the gate for the second time and is about to keep; then the source takes its word back.
looked, store = threading.Event(), room.blobs.store
def slow(*given, **more):
    looked.set()
    threading.Event().wait(1.5)
    return store(*given, **more)
room.blobs.store = slow
one = go(lambda: room.publish(reports[0], by=stage.hand("publisher")), "published")
assert looked.wait(30)
other = go(lambda: withdraw(first.source, by=stage.hand("monitor")), "taken back")
one.join(60); other.join(60)
room.blobs.store = store

# The source takes its word back and has not committed yet; then the publisher, who looked before, goes on.
def late():
    with writing(stage.hand("monitor")) as unit:
        withdraw(second.source, by=unit.hand)
        looked_again.set()
        threading.Event().wait(1.5)
    return "done"
looked_again, turn = threading.Event(), room.turn
held = []
def second_look(request, by):
    if not held:
        held.append(turn(request, by=by))
        go(late, "taken back late").join(0)
        assert looked_again.wait(30)
        return held[0]
    return turn(request, by=by)
room.turn = second_look
go(lambda: room.publish(reports[1], by=stage.hand("publisher")), "published late").join(60)
told["standing"] = Release.objects.filter(taken_down__isnull=True).count()
told["ended"] = Release.objects.filter(taken_down__isnull=False).count()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> Any:
    return json.loads(Node().python(SCRIPT).splitlines()[-1])


def test_a_withdrawal_that_comes_while_the_release_is_kept_ends_it(told: Any) -> None:
    assert "published" in told and told["published"] not in ("GateClosed", "Stale") and told["taken back"].startswith("[")
    assert told["ended"] == 1


def test_a_publisher_who_looked_before_the_withdrawal_waits_and_lets_nothing_out(told: Any) -> None:
    assert told["published late"] in ("Stale", "GateClosed") and told["standing"] == 0
