"""Bad input to every function of monitoring: a sentence naming field and remedy, and nothing half-written."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from monitor.scene import at, claim, observation, picture, source, visit, words
from people import People

from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused, Stale
from fairwitness.mission.fold import fold
from fairwitness.mission.handling import Disclosure, Use
from fairwitness.mission.models import PlaceName
from fairwitness.monitor import consent, happen, vault
from fairwitness.monitor.attach import attach_file, open_attachment
from fairwitness.monitor.claim import set_aside
from fairwitness.monitor.claim import test_claim as hold_to_test
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.cover import state_coverage
from fairwitness.monitor.models import Activity, Attachment, Coverage, Observation
from fairwitness.monitor.observe import correct_observation
from fairwitness.monitor.plan import plan_activity
from fairwitness.monitor.restrict import report_restriction
from fairwitness.monitor.visit import correct_activity, report_activity
from fairwitness.record.look_back import history
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.web.typed_fields import AnyPlace

pytestmark = pytest.mark.django_db
TOMORROW = datetime.now(UTC) + timedelta(days=2)
LONG = "x" * 10_000_000
NAIVE = datetime(2026, 5, 13, 14, 20)
OLD = datetime(1, 1, 1, tzinfo=UTC)

Case = tuple[Callable[..., Any], dict[str, Any], str]


@pytest.fixture(autouse=True)
def _words(people: People) -> None:
    words()


def plan(people: People, **changes: Any) -> Activity:
    given = {"kind": "visit", "purpose": "Signs", "place": people.places["Prizren"], "by": people.hand(people.monitor)}
    return plan_activity(**(given | changes))


def report(people: People, **changes: Any) -> Activity:
    given = {"done": True, "started": at(13), "ended": at(14), "safety": "none", "by": people.hand(people.monitor)}
    return report_activity(plan(people), **(given | changes))


def cover(people: People, **changes: Any) -> Coverage:
    given = {"place": people.places["Prizren"], "means": "camera", "since": at(1), "until": at(2), "by": people.hand(people.monitor)}
    return state_coverage(**(given | changes))


def restrict(people: People, **changes: Any) -> Any:
    given = {"place": people.places["Prizren"], "kind": "denied", "actor": "police", "began": at(9), "by": people.hand(people.monitor)}
    return report_restriction(**(given | changes))


def held(people: People, **changes: Any) -> Any:
    given = {"outcome": "unable", "note": "asked", "by": people.hand(people.monitor)}
    return hold_to_test(claim(people), **(given | changes))


def event(people: People, **changes: Any) -> Any:
    given = {"title": "x", "kind": "sign", "place": people.places["Prizren"], "reason": "", "by": people.hand(people.monitor)}
    return happen.open_event(**(given | changes))


def allow(people: People, **changes: Any) -> Any:
    given = {"scopes": [Scope(Use.PUBLIC)], "given": date(2026, 5, 13), "language": "sq", "by": people.hand(people.monitor)}
    made = given | changes
    return consent.give(source(people), made.pop("scopes"), **made)


def keep_name(people: People, **changes: Any) -> Any:
    return vault.keep_identity(source(people), **({"name": "x", "by": people.hand(people.monitor)} | changes))


def attach(people: People, data: bytes = b"text", **changes: Any) -> Attachment:
    given = {"file_name": "a.txt", "caption": "c", "credit": "c", "licence": "l", "by": people.hand(people.monitor)}
    return attach_file(observation(people), io.BytesIO(data), **(given | changes))


CASES: list[Case] = [
    (plan, {"purpose": ""}, "purpose"), (plan, {"purpose": LONG}, "purpose"), (plan, {"purpose": "a\x00"}, "purpose"),
    (plan, {"purpose": "\ud800"}, "purpose"), (plan, {"purpose": 7}, "purpose"), (plan, {"kind": "walk"}, "kind"),
    (plan, {"kind": ["visit"]}, "kind"), (plan, {"place": None}, "place"), (plan, {"place": "Prizren"}, "place"),
    (plan, {"planned_from": at(9), "planned_until": at(8)}, "planned_until"), (plan, {"planned_until": at(8)}, "planned_from"),
    (plan, {"planned_from": NAIVE}, "planned_from"), (plan, {"planned_from": OLD}, "planned_from"), (plan, {"members": -1}, "members"),
    (plan, {"members": "two"}, "members"), (plan, {"members": True}, "members"), (plan, {"sensitivity": 9}, "sensitivity"),
    (plan, {"sensitivity": "high"}, "sensitivity"), (plan, {"time_zone": "Mars/Base"}, "time_zone"), (plan, {"code": "x" * 40}, "code"),
    (report, {"started": None}, "started"), (report, {"ended": at(12)}, "ended"), (report, {"ended": TOMORROW}, "ended"),
    (report, {"safety": ""}, "safety"), (report, {"safety": "hurt"}, "safety_note"), (report, {"done": False}, "not_done_reason"),
    (report, {"members": 0, "took_part": ["x"]}, "took_part"), (report, {"summary": LONG}, "summary"),
    (cover, {"operational": False}, "reason"), (cover, {"until": at(0)}, "until"), (cover, {"means": "guess"}, "means"),
    (cover, {"since": None}, "since"), (cover, {"until": TOMORROW}, "until"),
    (restrict, {"actor": ""}, "actor"), (restrict, {"ended": at(8)}, "ended"), (restrict, {"kind": "delay of sorts"}, "kind"),
    (restrict, {"reason_quoted": "Stop"}, "reason_language"), (restrict, {"typed_minutes": -43}, "typed_minutes"),
    (observation, {"headline": " "}, "headline"), (observation, {"headline": "x" * 201}, "headline"), (observation, {"text": LONG}, "text"),
    (observation, {"count": "many"}, "count"), (observation, {"range": "far"}, "range"), (observation, {"bearings": "up"}, "bearings"),
    (observation, {"means": "interlocutor"}, "means"), (observation, {"means": ""}, "means"), (observation, {"kind": "unheard-of"}, "kind"),
    (observation, {"occurred_from": None}, "occurred_from"), (observation, {"occurred_until": at(1)}, "occurred_until"),
    (observation, {"occurred_from": TOMORROW}, "occurred_from"), (observation, {"precision": "roughly"}, "precision"),
    (observation, {"give_or_take_minutes": 10**9}, "give_or_take_minutes"), (observation, {"place": 5}, "place"),
    (observation, {"activity": "V-1"}, "activity"), (observation, {"details": {"x": 1.5}}, "details"),
    (claim, {"verbatim": ""}, "verbatim"), (claim, {"verbatim": LONG}, "verbatim"), (claim, {"language": ""}, "language"),
    (claim, {"told": None}, "told"), (claim, {"told": TOMORROW}, "told"), (claim, {"state": "verified"}, "state"),
    (claim, {"headline": ""}, "headline"), (claim, {"count": "7-6"}, "count"), (claim, {"source": "S-1"}, "source"),
    (claim, {"scopes": [Scope("gossip")]}, "use"), (claim, {"scopes": [Scope(Use.PUBLIC, "all")]}, "disclosure"),  # type: ignore[arg-type]
    (held, {"outcome": "reported"}, "outcome"), (held, {"note": ""}, "note"), (held, {"look_again": date(2001, 1, 1)}, "look_again"),
    (source, {"category": ""}, "category"), (source, {"code": "Mr X"}, "code"), (source, {"languages": [7]}, "languages"),
    (event, {"title": ""}, "title"), (event, {"occurred_from": at(2), "occurred_until": at(1)}, "occurred_until"),
    (allow, {"scopes": []}, "scopes"), (allow, {"language": ""}, "language"), (allow, {"given": "2026"}, "given"),
    (allow, {"given": date(2090, 1, 1)}, "given"),
    (allow, {"scopes": [Scope(Use.PUBLIC, Disclosure.CODE, "", date(2020, 1, 1))]}, "expires"),
    (allow, {"scopes": [Scope(Use.PUBLIC, Disclosure.CODE, "x" * 121)]}, "audience"),
    (keep_name, {"name": ""}, "name"), (keep_name, {"contact": LONG}, "contact"),
    (attach, {"caption": ""}, "caption"), (attach, {"credit": ""}, "credit"), (attach, {"licence": ""}, "licence"),
    (attach, {"data": b""}, "file"), (attach, {"data": b"MZ\x90\x00\x03"}, "file"),
    (attach, {"data": b"x" * (25 * 1024 * 1024 + 1)}, "file"),
    (attach, {"data": b"<html>"}, "file"), (attach, {"data": picture()[:60]}, "file"), (attach, {"file_name": ""}, "file"),
    (attach, {"file_name": "a.pdf"}, "file"), (attach, {"taken": TOMORROW}, "taken"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "changes", "field"), CASES, ids=[f"{c[0].__name__}-{c[2]}-{n}" for n, c in enumerate(CASES)])
def test_bad_input_names_the_field_and_writes_nothing_of_it(
    people: People, act: Callable[..., Any], changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as caught:
        act(people, **changes)
    assert field in [fault.field for fault in caught.value.faults], caught.value
    assert all(len(fault.sentence) > 12 and len(fault.sentence) < 900 for fault in caught.value.faults)
    assert not Observation.objects.filter(headline="").exists() and not Attachment.objects.exists() and not Coverage.objects.exists()


def test_all_faults_come_at_once(people: People) -> None:
    with pytest.raises(BadInput) as caught:
        observation(people, headline="", count="many", bearings="up", means="guess", place=None)
    assert {fault.field for fault in caught.value.faults} == {"headline", "count", "bearings", "means", "place"}


def test_an_unknown_word_says_which_words_there_are(people: People) -> None:
    with pytest.raises(BadInput) as caught:
        observation(people, kind="fireworks")
    assert "fireworks" in str(caught.value) and "explosion" in str(caught.value)
    assert observation(people, kind="agl EXPLOSION").kind == "explosion", "an alias finds its word"


def test_a_claim_half_written_is_not_there(people: People) -> None:
    before = Entry.objects.count()
    speaker = source(people)
    with pytest.raises(BadInput):
        claim(people, speaker, scopes=[Scope(Use.PUBLIC, Disclosure.CODE, "", date(1999, 1, 1))])
    assert speaker.claims.count() == 0 and Entry.objects.count() == before + 1


def test_a_correction_says_why_keeps_the_first_words_and_refuses_the_second_writer(people: People) -> None:
    by = people.hand(people.monitor)
    kept = observation(people)
    base, mine = kept.entry, Observation.objects.get(pk=kept.pk)
    with pytest.raises(BadInput):
        correct_observation(kept, {"count": "4 of 11"}, why=" ", base=base, by=by)
    with pytest.raises(BadInput) as caught:
        correct_observation(kept, {"code": "X"}, why="x", base=base, by=by)
    assert caught.value.faults[0].field == "code"
    correct_observation(kept, {"count": "about 4"}, why="counted again", base=base, by=by)
    with pytest.raises(Stale):
        correct_observation(mine, {"count": "5"}, why="no, five", base=base, by=by)
    lines = history([kept.id])
    assert [line.why for line in lines] == ["counted again", ""]
    assert [line.row["count_text"] for line in lines if line.row] == ["about 4", "3 of 11"]


def test_a_correction_may_raise_sensitivity_with_its_files_and_not_beyond_ones_reach(people: People) -> None:
    by = people.hand(people.monitor)
    kept = observation(people)
    file = attach_file(kept, io.BytesIO(b"x"), file_name="a.txt", caption="c", credit="c", licence="l", by=by)
    correct_observation(kept, {"sensitivity": 2}, why="names a house", base=None, by=by)
    file.refresh_from_db()
    assert file.sensitivity == 2 and file.access == kept.access
    with pytest.raises(Refused):
        correct_observation(kept, {"sensitivity": 3}, why="higher", base=None, by=by)
    kept.refresh_from_db()
    assert kept.sensitivity == 2


def test_corrected_times_carry_the_coverage_with_them(people: People) -> None:
    done = visit(people)
    correct_activity(done, {"ended": at(15)}, why="the clock was wrong", base=done.entry, by=people.hand(people.monitor))
    assert [line.until for line in Coverage.objects.filter(activity=done)] == [at(15)]
    with pytest.raises(BadInput):
        correct_activity(done, {"ended": at(1)}, why="x", base=None, by=people.hand(people.monitor))


def test_steps_out_of_order_are_refused(people: People) -> None:
    by = people.hand(people.monitor)
    with pytest.raises(OutOfOrder):
        report_activity(visit(people), done=False, not_done_reason="rain", by=by)
    with pytest.raises(OutOfOrder):
        consent.withdraw(claim(people), why="nothing was given", by=by)
    told = claim(people)
    stale = told.entry
    set_aside(told, why="double", by=by)
    with pytest.raises(Stale):
        hold_to_test(told, outcome="verified", note="seen", base=stale, by=by)


def test_nobody_builds_on_what_they_may_not_see(people: People) -> None:
    stranger = people.hand(people.stranger)
    with pytest.raises(NotThere):
        observation(people, activity=visit(people), by=stranger, unit=people.units["MI-T1"])
    with pytest.raises(NotThere):
        claim(people, source(people), by=stranger, unit=people.units["MI-T1"])
    mine = event(people, by=stranger)
    with pytest.raises(NotThere):
        happen.link_source(mine, observation(people), reason="guess", by=stranger)
    with pytest.raises(Refused):
        observation(people, by=people.hand(people.monitor), unit=people.units["MI-T1"])
    for who in (people.analyst, people.clearer, people.custodian):
        with pytest.raises(Refused):
            observation(people, by=people.hand(who))


def test_an_original_comes_back_as_it_came_and_its_opening_is_on_record(people: People) -> None:
    by = people.hand(people.monitor)
    data = picture("green")
    kept = observation(people)
    given = {"caption": "c", "credit": "c", "licence": "l", "by": by}
    first = attach_file(kept, io.BytesIO(data), file_name="../../etc/passwd.jpg", **given)
    twin = attach_file(observation(people), io.BytesIO(data), file_name="passwd.jpg", **given)
    assert (first.file_name, first.media_type, first.size) == ("passwd.jpg", "image/jpeg", len(data)) and twin.file_name == first.file_name
    assert b"".join(open_attachment(first, by=by)) == b"".join(open_attachment(twin, by=by)) == data
    assert Entry.objects.filter(verb=Verb.ATTACHMENT_READ.value, subject=str(first.id)).count() == 1
    again = attach_file(kept, io.BytesIO(data), file_name="same.jpg", thing_id=first.id, **given)
    assert again.id == first.id and Attachment.objects.count() == 2
    with pytest.raises(NotThere):
        open_attachment(first, by=people.hand(people.stranger))


def test_34_eth_finds_the_place_of_dj(people: People) -> None:
    name = PlaceName(place=people.places["Prizren"], text="\u0110akovica", language="sr-Latn", form="usual", given="\u00d0akovica")
    name.keep(by=people.hand(people.custodian), verb=Verb.PLACE_EDIT)
    for typed in ("\u00d0akovica", "\u0110akovica", "Djakovica", "\u0402\u0430\u043a\u043e\u0432\u0438\u0446\u0430"):
        assert AnyPlace().clean(typed) == people.places["Prizren"], typed
    assert fold("\u00d0akovica") == fold("\u0110akovica")
