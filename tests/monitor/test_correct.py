"""Correcting each kind of thing: the reason, what stood, the second writer, and words that are sealed anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from monitor.scene import at, claim, observation, visit, words
from people import People

from fairwitness.errors import BadInput, Gone, OutOfOrder, Refused, Stale
from fairwitness.monitor.claim import correct_claim, words_of
from fairwitness.monitor.cover import correct_coverage, state_coverage
from fairwitness.monitor.happen import correct_event, open_event
from fairwitness.monitor.models import Coverage
from fairwitness.monitor.observe import correct_observation
from fairwitness.monitor.plan import plan_activity
from fairwitness.monitor.protect import protect_source
from fairwitness.monitor.restrict import correct_restriction, report_restriction
from fairwitness.monitor.visit import correct_activity
from fairwitness.record.hand import command
from fairwitness.record.look_back import history
from fairwitness.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words(people: People) -> None:
    words()


def restriction(people: People) -> Any:
    given = {"place": people.places["Prizren"], "kind": "denied", "actor": "police", "began": at(9), "ended": at(9, 20)}
    return report_restriction(**given, by=people.hand(people.monitor))  # type: ignore[arg-type]


def camera(people: People) -> Coverage:
    by = people.hand(people.monitor)
    return state_coverage(place=people.places["Prizren"], means="camera", device="cam 1", since=at(1), until=at(5), by=by)


def event(people: People) -> Any:
    return open_event(title="Signs", kind="sign", place=people.places["Prizren"], reason="", by=people.hand(people.monitor))


CASES: list[tuple[Callable[..., Any], Callable[..., Any], dict[str, Any], dict[str, Any]]] = [
    (visit, correct_activity, {"summary": "Eleven signs", "ended": at(16, 50)}, {"ended": at(12)}),
    (observation, correct_observation, {"headline": "4 of 11 signs", "count": "4 of 11"}, {"count": "many"}),
    (claim, correct_claim, {"headline": "Replaced in May", "told": at(16, 10)}, {"told": None}),
    (restriction, correct_restriction, {"ended": at(9, 40), "reason_quoted": "Closed", "reason_language": "en"}, {"ended": at(8)}),
    (camera, correct_coverage, {"operational": False, "reason": "no power"}, {"operational": False, "reason": ""}),
    (event, correct_event, {"title": "Signs painted over", "occurred_from": at(14)}, {"title": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("make", "correct", "good", "bad"), CASES, ids=[case[1].__name__ for case in CASES])
def test_a_correction_says_why_keeps_what_stood_and_refuses_the_second_writer(
    people: People, make: Callable[..., Any], correct: Callable[..., Any], good: dict[str, Any], bad: dict[str, Any]
) -> None:
    thing, by = make(people), people.hand(people.monitor)
    seen, before = thing.entry, Entry.objects.count()
    for changes, why in ((good, ""), (bad, "typing error"), ({"code": "X"}, "typing error"), ({"unit": None}, "typing error")):
        with pytest.raises(BadInput):
            correct(type(thing).objects.get(pk=thing.pk), changes, why=why, base=seen, by=by)
    with pytest.raises(Refused):
        correct(type(thing).objects.get(pk=thing.pk), good, why="typing error", base=seen, by=people.hand(people.stranger))
    assert Entry.objects.count() == before
    correct(thing, good, why="typing error", base=seen, by=by)
    lines = [line for line in history([thing.id]) if line.kind == thing.kind_on_record()]
    newest, first = lines[0], lines[-1]
    assert newest.why == "typing error" and newest.verb.endswith(".edit")
    assert newest.row != first.row and first.row is not None
    with pytest.raises(Stale):
        correct(type(thing).objects.get(pk=thing.pk), good, why="again", base=seen, by=by)


def test_the_words_of_a_claim_are_sealed_anew_and_the_old_ones_stay_sealed(people: People) -> None:
    told, by = claim(people), people.hand(people.monitor)
    old = told.verbatim
    correct_claim(told, {"verbatim": "Tabelat janë ndërruar në maj.", "translation": told.translation and "In May."}, why="misheard",
                  base=told.entry, by=by)  # fmt: skip
    assert words_of(told, by).verbatim == "Tabelat janë ndërruar në maj." and told.verbatim.startswith("s1:source:")
    rows = [line.row for line in history([told.id]) if line.row]
    assert [row["verbatim"] for row in rows] == [told.verbatim, old] and "maj" not in str(rows)
    again = told.verbatim
    same = {"verbatim": "Tabelat janë ndërruar në maj.", "headline": "Replaced in May"}
    correct_claim(told, same, why="headline", base=told.entry, by=by)
    assert told.verbatim == again, "words that did not change are not sealed again"


def test_words_nobody_can_read_are_not_corrected(people: People, django_capture_on_commit_callbacks: Any) -> None:
    told, by = claim(people), people.hand(people.monitor)
    with django_capture_on_commit_callbacks(execute=True):
        protect_source(told.source, why="in danger", destroy=True, by=command())
    for changes in ({"verbatim": "New words"}, {"translation": "New words"}):
        with pytest.raises(Gone):
            correct_claim(type(told).objects.get(pk=told.pk), changes, why="misheard", base=None, by=by)
    correct_claim(told, {"headline": "Said in confidence"}, why="it named somebody", base=None, by=by)
    assert told.headline == "Said in confidence"


def test_coverage_follows_a_corrected_activity_and_is_not_corrected_by_itself(people: People) -> None:
    done, by = visit(people), people.hand(people.monitor)
    changes = {"started": at(12), "place": people.places["Planjane"], "sensitivity": 2}
    correct_activity(done, changes, why="we began in the village", base=done.entry, by=by)
    covered = Coverage.objects.get(activity=done)
    assert (covered.since, covered.place_id, covered.sensitivity) == (at(12), people.places["Planjane"].id, 2)
    with pytest.raises(OutOfOrder, match=f"follows from {done.code}"):
        correct_coverage(covered, {"until": at(23)}, why="x", base=covered.entry, by=by)
    hurt = {"safety": "hurt", "safety_note": ""}
    with pytest.raises(BadInput, match="safety_note"):
        correct_activity(done, hurt, why="x", base=done.entry, by=by)


def test_a_plan_is_corrected_while_nobody_has_gone(people: People) -> None:
    by = people.hand(people.monitor)
    plan = plan_activity(kind="visit", purpose="Signs", place=people.places["Prizren"], planned_from=at(9), by=by)
    correct_activity(plan, {"purpose": "Road signs", "planned_until": at(11), "institution": people.counterparts["municipality"]},
                     why="the mayor confirmed", base=plan.entry, by=by)  # fmt: skip
    assert plan.purpose == "Road signs" and not Coverage.objects.exists()
    with pytest.raises(BadInput, match="planned_until"):
        correct_activity(plan, {"planned_until": at(8)}, why="x", base=plan.entry, by=by)


def test_nobody_corrects_a_thing_to_where_their_right_ends(people: People) -> None:
    told, by = claim(people), people.hand(people.monitor)
    with pytest.raises(Refused):
        correct_claim(told, {"sensitivity": 3}, why="too weak", base=told.entry, by=by)
    assert type(told).objects.get(pk=told.pk).sensitivity == 2
