"""Scenarios of the field, told with the functions of the room: restriction, pending claim, two counts, consent, vault, undone merge."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from monitor.scene import at, claim, observation, source, visit, words
from people import People

from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused
from fairwitness.mission.handling import Disclosure, Use
from fairwitness.mission.tell_time import today
from fairwitness.monitor import consent, find, happen, vault
from fairwitness.monitor.claim import pending, set_aside, submit_claim, words_of
from fairwitness.monitor.claim import test_claim as hold_to_test
from fairwitness.monitor.consent import Scope, allows
from fairwitness.monitor.count import add, count_of, in_words
from fairwitness.monitor.models import Claim, Consent, Coverage, Identity, Restriction, Source, SourceLink
from fairwitness.monitor.protect import is_shredded, protect_source
from fairwitness.monitor.restrict import report_restriction
from fairwitness.record.look_back import history, read_note
from fairwitness.record.models import Entry
from fairwitness.record.seal import token
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words(people: People) -> None:
    words()


def test_3_about_and_ranges_survive_keeping_and_summing(people: People) -> None:
    seen = [observation(people, count=typed, kind="explosion") for typed in ("about 45", "36", "over 60", "six to seven")]
    again = [type(one).objects.get(pk=one.pk) for one in seen]
    assert [one.count_text for one in again] == ["about 45", "36", "over 60", "six to seven"]
    assert in_words(add(count for one in again if (count := count_of(one)))) == "about 148 or more"


def test_4_heard_by_patrol_and_recorded_by_camera_counts_once(people: People) -> None:
    by = people.hand(people.monitor)
    heard = observation(people, count="7", kind="explosion", means="heard")
    filmed = observation(people, count="7", kind="explosion", means="camera")
    apart = observation(people, count="2", kind="explosion", means="heard")
    assert in_words(happen.count_once([heard, filmed, apart])) == "16"
    happen.open_event(
        title="Outgoing rounds", kind="explosion", place=people.places["Prizren"], reason="same minute", sources=[heard, filmed], by=by
    )
    assert in_words(happen.count_once([heard, filmed, apart])) == "9"
    assert find.observations(by, find.Filters()).count() == 3


def test_5_a_place_is_three_sectors_and_never_a_pin(people: People) -> None:
    kept = observation(people, range="2-6km", bearings="south-east, south and west-south-west")
    kept.refresh_from_db()
    assert (kept.range_low_m, kept.range_high_m, kept.bearings) == (2000, 6000, ["SE", "S", "WSW"])
    assert not any("lat" in field.name or "lon" in field.name for field in kept._meta.fields)


def test_6_a_delay_is_computed_whatever_was_typed(people: People) -> None:
    kept = report_restriction(
        place=people.places["Prizren"], kind="delayed", actor="two members of an armed formation", began=at(12, 11), ended=at(12, 33),
        typed_minutes=43, reason_quoted="Nuk keni leje.", reason_language="sq", vehicles=2, members=5, direction="north",
        outcome="passed", by=people.hand(people.monitor),
    )  # fmt: skip
    kept.refresh_from_db()
    assert kept.minutes() == 22 and kept.typed_minutes == 43
    assert "43" in kept.contradiction() and "22" in kept.contradiction()
    assert report_restriction(
        place=people.places["Prizren"], kind="delayed", actor="police", began=at(12, 11), ended=at(12, 33), typed_minutes=22,
        by=people.hand(people.monitor),
    ).contradiction() == ""  # fmt: skip


def test_7_two_patrols_denied_are_two_restrictions(people: People) -> None:
    given = {"place": people.places["Prizren"], "kind": "denied", "actor": "checkpoint", "began": at(9), "by": people.hand(people.monitor)}
    codes = {report_restriction(**given).code for _ in range(2)}
    assert len(codes) == 2 and Restriction.objects.count() == 2


def test_10_an_unconfirmed_arrest_stays_pending_with_its_day(people: People) -> None:
    by = people.hand(people.monitor)
    told = claim(people, headline="A woman says her husband was arrested this morning", kind="arrest", state=Claim.ALLEGED)
    assert told.pending_until == today() + timedelta(days=14) and told in pending(by)
    again = today() + timedelta(days=3)
    hold_to_test(told, outcome="unable", note="The police would neither confirm nor deny it.", look_again=again, by=by)
    told.refresh_from_db()
    assert (told.state, told.pending_until) == ("unable", again) and told in pending(by)
    assert told not in pending(by, overdue=True) and told in pending(by, overdue=True, on=again)


def test_13_what_nobody_tested_lies_before_the_supervisor_until_a_person_sets_it_aside(people: People) -> None:
    told = claim(people)
    leader = people.hand(people.leader)
    fortnight = today() + timedelta(days=14)
    assert told in pending(leader, overdue=True, on=fortnight)
    assert told in pending(leader, overdue=True, on=fortnight + timedelta(days=400))
    with pytest.raises(BadInput):
        set_aside(told, why=" ", by=leader)
    set_aside(told, why="The same as another claim", by=leader)
    assert told not in pending(leader) and Claim.objects.filter(pk=told.pk).exists()
    assert history([told.id])[0].why == "The same as another claim"


def test_11_two_counts_stand_side_by_side_and_nothing_is_averaged(people: People) -> None:
    by = people.hand(people.monitor)
    ours = observation(people, count="36", kind="theft")
    theirs = claim(people, count="45", kind="theft")
    event = happen.open_event(
        title="One event", kind="theft", place=people.places["Prizren"], reason="same night", sources=[ours, theirs], by=by
    )
    shown = happen.figures(event, by)
    assert [in_words(figure.count) for figure in shown if figure.count] == ["36", "45"]
    assert all(figure.when is not None for figure in shown) and len({figure.author for figure in shown}) == 2
    assert not any(field.name.startswith("count") for field in event._meta.fields)


def test_14_consent_decides_scope_by_scope(people: People) -> None:
    by = people.hand(people.monitor)
    told = claim(people, scopes=[Scope(Use.INTERNAL)], consent_given=date(2026, 5, 13))
    inside = allows(told, Use.INTERNAL)
    assert inside.yes and inside.disclosure is Disclosure.CODE
    for use in (Use.PARTNERS, Use.COURT, Use.PUBLIC):
        answer = allows(told, use)
        assert not answer.yes and "absence is a no" in answer.why and "Asked again" in answer.ask
    consent.give(
        told.source,
        [Scope(Use.PARTNERS, Disclosure.ROLE, "UNHCR", date(2027, 1, 1))],
        given=date(2026, 5, 14),
        language="sq",
        claim=told,
        by=by,
    )
    assert allows(told, Use.PARTNERS, "unhcr", date(2026, 6, 1)).disclosure is Disclosure.ROLE
    assert not allows(told, Use.PARTNERS, "KFOR", date(2026, 6, 1)).yes
    assert not allows(told, Use.PARTNERS, "", date(2026, 6, 1)).yes
    assert not allows(told, Use.PARTNERS, "UNHCR", date(2027, 1, 2)).yes, "what ran out is a no"
    assert not allows(told, Use.PARTNERS, "UNHCR", date(2026, 5, 13)).yes, "before it was given it is a no"
    assert allows(observation(people), Use.PUBLIC).yes


def test_14_taking_back_one_claim_leaves_the_others(people: People) -> None:
    by = people.hand(people.monitor)
    speaker = source(people)
    one, other = claim(people, speaker), claim(people, speaker)
    consent.give(speaker, [Scope(Use.PUBLIC)], given=today(), language="sq", by=by)
    assert allows(one, Use.PUBLIC).yes and allows(other, Use.PUBLIC).yes
    told: list[Claim] = []
    watch = consent.at_once(lambda claims, hand: told.extend(claims))
    try:
        consent.withdraw(one, why="asked by phone", by=by)
    finally:
        consent._at_once.remove(watch)
    assert told == [one]
    assert "taken back" in allows(one, Use.PUBLIC).why and allows(other, Use.PUBLIC).yes
    with pytest.raises(OutOfOrder):
        consent.withdraw(one, why="again", by=by)
    consent.withdraw(speaker, why="everything", by=by)
    assert not allows(other, Use.PUBLIC).yes
    assert Entry.objects.filter(verb=Verb.CONSENT_WITHDRAW.value, kind="monitor.consent").count() == 2
    consent.give(speaker, [Scope(Use.PUBLIC)], given=today(), language="sq", by=by)
    assert allows(other, Use.PUBLIC).yes and not allows(one, Use.PUBLIC).yes, "what was said of one claim goes before the general word"


def test_15_the_vault_answers_the_identity_role_alone_and_every_search_is_on_record(people: People) -> None:
    speaker = source(people)
    vault.keep_identity(speaker, name="Tëst Pèrson", contact="+000 55 123", note="met at home", by=people.hand(people.monitor))
    kept = Identity.objects.get()
    assert "rson" not in kept.name + kept.contact + kept.note + "".join(kept.tokens)
    for member in (people.monitor, people.analyst, people.clearer, people.stranger):
        assert vault.search_identity("Test Person", by=people.hand(member)) == []
    assert vault.search_identity("test person", by=people.hand(people.keeper)) == [speaker]
    assert vault.search_identity("PERSON 123", by=people.hand(people.keeper)) == [speaker]
    assert vault.search_identity("per", by=people.hand(people.keeper)) == [], "exact words only"
    entries = list(Entry.objects.filter(verb=Verb.IDENTITY_SEARCH.value).order_by("seq"))
    assert len(entries) == 7
    notes = [read_note(entry) for entry in entries]
    assert notes[0]["tokens"] == sorted([token("test"), token("person")]) and notes[0]["allowed"] is False
    assert b"erson" not in b"".join(bytes(entry.body or b"") for entry in Entry.objects.all())


def test_15_each_opening_is_on_record_and_others_are_refused(people: People) -> None:
    speaker = source(people)
    vault.keep_identity(speaker, name="Test Person", by=people.hand(people.monitor))
    for member, refusal in ((people.monitor, Refused), (people.stranger, NotThere)):
        with pytest.raises(refusal):
            vault.open_identity(speaker, why="curious", by=people.hand(member))
    with pytest.raises(BadInput):
        vault.open_identity(speaker, why="", by=people.hand(people.keeper))
    assert not Entry.objects.filter(verb=Verb.IDENTITY_OPEN.value).exists()
    for number in (1, 2):
        assert vault.open_identity(speaker, why="Court asks for consent", by=people.hand(people.keeper)).name == "Test Person"
        assert Entry.objects.filter(verb=Verb.IDENTITY_OPEN.value).count() == number


def test_17_three_bodies_one_event_and_the_merge_can_be_undone(people: People) -> None:
    by = people.hand(people.monitor)
    ours = observation(people, kind="theft", count="1")
    told = [claim(people, source(people, category=body), kind="theft", count="1") for body in ("NGO", "UN agency")]
    event = happen.open_event(
        title="Church theft", kind="theft", place=people.places["Prizren"], reason="same church", sources=[ours, *told], by=by
    )
    assert len(happen.figures(event, by)) == 3
    link = SourceLink.objects.get(claim=told[0])
    happen.unlink_source(link, why="another church", by=by)
    assert [figure.told for figure in happen.figures(event, by)] == [ours, told[1]]
    assert len(happen.figures(event, by, undone=True)) == 3
    with pytest.raises(OutOfOrder):
        happen.unlink_source(link, why="again", by=by)
    assert happen.link_source(event, told[0], reason="it was that church", by=by).id != link.id
    assert happen.link_source(event, told[0], reason="twice", by=by).reason == "it was that church", "a standing tie is not doubled"


def test_protection_makes_the_words_unreadable_at_once(people: People, django_capture_on_commit_callbacks: object) -> None:
    by = people.hand(people.keeper)
    told = claim(people, scopes=[Scope(Use.PUBLIC)])
    vault.keep_identity(told.source, name="Test Person", by=people.hand(people.monitor))
    assert words_of(told, people.hand(people.monitor)).verbatim == "Tabelat janë ndërruar në prill."
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        protect_source(told.source, why="The source is in danger", destroy=True, by=by)
    read = words_of(told, people.hand(people.monitor))
    assert read.gone and not read.verbatim and "Nobody can read it any more" in read.withheld
    assert is_shredded(told.source) and not allows(told, Use.PUBLIC).yes
    assert vault.search_identity("Test Person", by=by) == []
    assert Claim.objects.get(pk=told.pk).verbatim.startswith("s1:"), "the row and its entry stay; only the key is gone"


def test_words_are_for_the_unit_and_where_the_source_allowed_for_the_mission(people: People) -> None:
    held = claim(people)
    assert words_of(held, people.hand(people.monitor)).verbatim
    assert "absence is a no" in words_of(held, people.hand(people.analyst)).withheld
    with pytest.raises(NotThere):
        words_of(held, people.hand(people.stranger))
    consent.give(held.source, [Scope(Use.INTERNAL)], given=today(), language="sq", by=people.hand(people.monitor))
    assert words_of(held, people.hand(people.analyst)).verbatim


def test_a_done_visit_produces_coverage_and_a_planned_one_does_not(people: People) -> None:
    done = visit(people)
    made = Coverage.objects.get(activity=done)
    assert (made.place_id, made.since, made.until, made.operational) == (done.place_id, at(13, 30), at(16, 40), True)
    assert [line.visits for line in find.coverage_beside(people.hand(people.monitor), find.Filters())] == [1]


def test_a_list_shows_visits_beside_counts_and_no_figure_where_nobody_went(people: People) -> None:
    by = people.hand(people.monitor)
    visit(people)
    observation(people, place=people.places["Planjane"])
    line = find.coverage_beside(by, find.Filters(place=people.places["Prizren"]))[0]
    assert (line.place, line.found, line.visits) == (people.places["Prizren"], 1, 1)
    later = find.Filters(since=at(23), until=at(23) + timedelta(days=7))
    assert [(line.found, line.visits) for line in find.coverage_beside(by, later)] == [(0, 0)]


def test_nothing_is_seen_by_another_region(people: People) -> None:
    observation(people)
    claim(people)
    visit(people)
    assert find.listing(people.hand(people.stranger), find.Filters()).total == 0
    assert all(line.found == line.visits == 0 for line in find.coverage_beside(people.hand(people.stranger), find.Filters()))
    assert find.listing(people.hand(people.analyst), find.Filters()).total == 2


def test_lists_are_filtered_by_place_below_state_kind_time_and_words(people: People) -> None:
    by = people.hand(people.monitor)
    first = observation(people, place=people.places["Planjane"])
    second = observation(people, means="camera", headline="A car passed", kind="gathering", occurred_from=at(20))
    told = claim(people)

    def rows(**filters: object) -> list[object]:
        return list(find.listing(by, find.Filters(**filters)).rows)  # type: ignore[arg-type]

    assert rows() == [second, told, first]
    assert rows(place=people.places["Planjane"]) == [first]
    assert set(rows(place=people.places["Prizren"])) == {first, second, told}  # type: ignore[comparison-overlap]
    assert rows(states=frozenset({"recorded"})) == [second] and rows(states=frozenset({"reported"})) == [told]
    assert rows(kind="gathering") == [second]
    assert rows(since=at(19), until=at(21)) == [second]
    assert rows(words="painted") == [first] and rows(words="PAINTED signs") == [first]
    assert rows(words=first.code) == [first]


def test_totals_stop_at_a_thousand(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "BOUND", 2)
    for _ in range(4):
        observation(people)
    listing = find.listing(people.hand(people.monitor), find.Filters(), size=2)
    assert listing.total_words == "2+" and len(listing.rows) == 2


def test_the_same_form_sent_twice_makes_one_thing(people: People) -> None:
    from fairwitness.record.ledger.entry import uuid7

    once = uuid7()
    first, second = (claim(people, source_of(people), thing_id=once, scopes=[Scope(Use.INTERNAL)]) for _ in range(2))
    assert first.id == second.id == once and Claim.objects.count() == 1 and Consent.objects.count() == 1
    before = Entry.objects.count()
    assert submit_claim(
        source=first.source, headline="x", kind="sign", place=people.places["Prizren"], verbatim="x", language="sq",
        told=datetime.now(at(1).tzinfo), thing_id=once, by=people.hand(people.monitor),
    ).headline == first.headline  # fmt: skip
    assert Entry.objects.count() == before
    with pytest.raises(NotThere):
        observation(people, thing_id=observation(people).id, place=people.places["Prizren"], by=people.hand(people.stranger))


def source_of(people: People) -> Source:
    """The one source of a test."""
    found: Source | None = Source.objects.first()
    return found or source(people)


def test_nobody_learns_by_searching_what_they_may_not_read(people: People, django_capture_on_commit_callbacks: object) -> None:
    told = claim(people)

    def found(who: object, words: str) -> bool:
        return told in find.listing(people.hand(who), find.Filters(words=words)).rows  # type: ignore[arg-type]

    assert found(people.analyst, "replaced") and not found(people.analyst, "prill") and not found(people.monitor, "prill")
    consent.give(told.source, [Scope(Use.INTERNAL)], given=today(), language="sq", by=people.hand(people.monitor))
    assert found(people.analyst, "prill") and not found(people.analyst, "pri") and not found(people.stranger, "prill")
    consent.withdraw(told, why="asked by phone", by=people.hand(people.monitor))
    assert not found(people.analyst, "prill") and found(people.analyst, "replaced")
    consent.give(told.source, [Scope(Use.INTERNAL)], given=today(), language="sq", claim=told, by=people.hand(people.monitor))
    assert found(people.analyst, "prill")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        protect_source(told.source, why="in danger", destroy=True, by=people.hand(people.keeper))
    assert not found(people.analyst, "prill") and not found(people.monitor, "prill") and found(people.monitor, "replaced")
