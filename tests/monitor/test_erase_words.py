"""Acceptance: a witness's words are unreadable at once after `shred`, and after `erase` no byte of them is in the data folder."""

from __future__ import annotations

import pytest
from node import Node

pytestmark = pytest.mark.slow
MADE = """
from datetime import UTC, datetime
from people import build, hand
from fairwitness.mission.handling import Use
from fairwitness.mission.models import Term
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.claim import submit_claim
from fairwitness.monitor.source import register_source
from fairwitness.monitor.vault import keep_identity
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
people = build()
Term(vocabulary="event", code="arrest", label="arrest").keep(by=command(), verb=Verb.TERM_EDIT)
by = hand(people.monitor)
source = register_source(category="resident", by=by)
keep_identity(source, name="Zzqyx Testwitness", contact="+383 00 7654321", by=by)
submit_claim(source=source, headline="A resident spoke", kind="arrest", place=people.places["Prizren"], verbatim="Vzeli su ga zorom qqzw",
             language="sr-Latn", told=datetime(2026, 5, 1, 9, tzinfo=UTC), by=by,
             translation="They took him at dawn qqzw", scopes=[Scope(Use.INTERNAL)])
print(source.scope)
"""
READ = """
from fairwitness.errors import Gone
from fairwitness.monitor.models import Claim, Identity
from fairwitness.record.seal import unseal
for value in (Claim.objects.get().verbatim, Claim.objects.get().translation, Identity.objects.get().name, Identity.objects.get().contact):
    try:
        print("READ", unseal(value))
    except Gone:
        print("GONE")
"""
FIND = """
from fairwitness.mission import search
from fairwitness.record.hand import command
print(search.find(command(), "qqzw").count, search.find(command(), "resident", kinds=["monitor.claim"]).count)
"""


def test_words_and_identity_go_with_the_key_and_leave_no_byte() -> None:
    node = Node()
    node.run("work", "--once", check=False)
    node.python("from django.core.management import call_command; call_command('migrate', verbosity=0)")
    scope = node.python(MADE).split()[-1]
    assert node.python(READ).count("READ") == 4 and node.python(FIND).split() == ["1", "1"]
    done = node.run("shred", scope, "--why", "consent withdrawn")
    assert "Not promised" in done.stdout
    assert node.python(READ).split() == ["GONE"] * 4
    erased = node.run("erase")
    assert "Not promised" in erased.stdout
    assert node.python(FIND).split() == ["0", "1"]
    sought = [
        form
        for word in ("Zzqyx", "7654321", "Vzeli su ga", "qqzw")
        for form in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"))
    ]
    for file in node.folder.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert not [form for form in sought if form in held], file
    assert "faults" not in node.run("verify").stdout
