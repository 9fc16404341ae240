"""Index: by which words obligations and checks are found. An obligation is open to every member, a check to those who may read it."""

from __future__ import annotations

from fairwitness.mission.index import Line, indexed, left_out, mark
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Check, Obligation


@indexed(Obligation)
def _obligation(one: Obligation) -> Line:
    return Line("", f"{one.code} {one.title} {one.text} {one.measure}")


@indexed(Check, Verb.OBSERVATION_READ)
def _check(one: Check) -> Line:
    words = f"{one.code} {one.round} {one.text} {one.explanation} {one.of_what}"
    return Line(one.access, words, one.checked_on, one.place_id, (mark("value", one.value),))


left_out("read on the page of its check", "verify.checkevidence")
