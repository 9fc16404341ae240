"""People, posts, an hour of power: rights follow the post; nobody gives them to themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from people import People

from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused
from fairwitness.mission import edit
from fairwitness.mission.access import may, require, visible
from fairwitness.mission.enrol import end_service, enrol, fill, hand_over, vacate
from fairwitness.mission.explain import explain, reaches
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Grant, PlaceName, Post, Tenure
from fairwitness.mission.take_power import review, take
from fairwitness.monitor.models import Activity
from fairwitness.record.keep import keep
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db


def activity(people: People, unit: str, sensitivity: int = Sensitivity.INTERNAL) -> Activity:
    made = Activity(
        code=f"V-{unit}-{sensitivity}", kind="visit", purpose="a visit", place=people.places["Prizren"], unit=people.units[unit],
        sensitivity=sensitivity, time_zone="Europe/Belgrade",
    )  # fmt: skip
    keep(made, by=people.hand(people.monitor), verb=Verb.ACTIVITY_PLAN)
    return made


def test_verbs_units_and_sensitivity_together(people: People) -> None:
    ours, theirs = activity(people, "PZ-T1"), activity(people, "MI-T1")
    secret = activity(people, "PZ-T1", Sensitivity.CONFIDENTIAL)
    monitor, stranger, analyst = (people.hand(m) for m in (people.monitor, people.stranger, people.analyst))
    assert set(visible(monitor, Activity.objects.all())) == {ours} and set(visible(stranger, Activity.objects.all())) == {theirs}
    assert set(visible(analyst, Activity.objects.all())) == {ours, theirs}
    with pytest.raises(NotThere):
        require(stranger, Verb.ACTIVITY_EDIT, ours)
    with pytest.raises(NotThere):
        require(monitor, Verb.ACTIVITY_EDIT, secret)
    with pytest.raises(Refused) as caught:
        require(analyst, Verb.ACTIVITY_EDIT, ours)
    assert not isinstance(caught.value, NotThere) and "ask for one hour" in str(caught.value)
    assert not list(visible(people.hand(None), Activity.objects.all()))


def test_a_post_is_filled_handed_over_and_vacated(people: People) -> None:
    by = people.hand(people.custodian)
    fresh = enrol("T-new", by=by)
    assert not may(people.hand(fresh), Verb.OBSERVATION_SUBMIT)
    post = people.posts["monitor"]
    with pytest.raises(BadInput) as caught:
        fill(post, fresh, by=by)
    assert caught.value.faults[0].field == "post"
    fill(post, fresh, by=by, kind=Tenure.ACTING)
    assert may(people.hand(fresh), Verb.OBSERVATION_SUBMIT)
    with pytest.raises(BadInput):
        hand_over(post, fresh, "short", by=by)
    hand_over(post, fresh, "Two open cases in Planjane; the mayor expects us on Monday.", by=by)
    assert not may(people.hand(people.monitor), Verb.OBSERVATION_SUBMIT) and may(people.hand(fresh), Verb.OBSERVATION_SUBMIT)
    vacate(post, by=by, why="abolished soon")
    assert not may(people.hand(fresh), Verb.OBSERVATION_SUBMIT)
    with pytest.raises(OutOfOrder):
        vacate(post, by=by, why="again")


def test_nobody_gives_a_post_to_themselves_and_only_custodians_give_them(people: People) -> None:
    open_post = Post(code="P-open", title="Open", unit=people.units["HQ"], role="analyst")
    open_post.keep(by=people.hand(people.custodian), verb=Verb.POST_EDIT)
    with pytest.raises(BadInput):
        fill(open_post, people.custodian, by=people.hand(people.custodian))
    with pytest.raises(Refused):
        fill(open_post, people.stranger, by=people.hand(people.analyst))


def test_who_left_can_do_nothing(people: People) -> None:
    end_service(people.monitor, on=date(2026, 5, 1), by=people.hand(people.custodian))
    assert reaches(people.hand(people.monitor)) == []
    with pytest.raises(OutOfOrder):
        end_service(people.monitor, on=date(2026, 5, 2), by=people.hand(people.custodian))


def test_an_hour_with_a_reason_reviewed_by_somebody_else(people: People) -> None:
    ours = activity(people, "PZ-T1")
    hand = people.hand(people.stranger)
    with pytest.raises(BadInput) as caught:
        take(Verb.IDENTITY_OPEN, reason="because", by=hand)
    assert {fault.field for fault in caught.value.faults} == {"verb", "reason"}
    taken = take(Verb.OBSERVATION_READ, reason="Covering for Prizren tonight, no one is on duty", by=hand, unit=people.units["PZ-T1"])
    assert ours in visible(people.hand(people.stranger), Activity.objects.all())
    assert taken.until - taken.since == timedelta(hours=1)
    with pytest.raises(Refused):
        review(taken, "fine", by=hand)
    assert review(taken, "Used as said.", by=people.hand(people.custodian)).reviewer_id == people.custodian.id
    taken.until = datetime.now(UTC) - timedelta(seconds=1)
    taken.keep(by=hand, verb=Verb.POWER_TAKE)
    assert ours not in visible(people.hand(people.stranger), Activity.objects.all())


def test_explanations_say_why_and_who_may_and_never_that_a_thing_exists(people: People) -> None:
    words = explain(people.hand(people.monitor), Verb.REPORT_ISSUE)
    assert "does not reach" in words and "Who may" in words
    assert "Field Team Prizren 1" in explain(people.hand(people.monitor), Verb.OBSERVATION_SUBMIT)


def test_rights_are_given_and_ended_with_a_reason(people: People) -> None:
    by = people.hand(people.custodian)
    with pytest.raises(BadInput) as caught:
        edit.add_grant("monitor", "observation.invent", "everywhere", 9, " ", by=by)
    assert {fault.field for fault in caught.value.faults} == {"verb", "reach", "ceiling", "why"}
    grant = edit.add_grant("monitor", Verb.WARNING_ISSUE.value, "own", 1, "Trial until summer", by=by)
    assert may(people.hand(people.monitor), Verb.WARNING_ISSUE)
    edit.end_grant(grant, "Trial over", by=by)
    assert not may(people.hand(people.monitor), Verb.WARNING_ISSUE) and Grant.objects.filter(pk=grant.pk).exists()


def test_names_units_and_successors_keep_their_rules(people: People) -> None:
    by = people.hand(people.custodian)
    with pytest.raises(BadInput):
        edit.edit_unit(people.units["RC-PZ"], by=by, parent=people.units["PZ-T1"])
    one = people.counterparts["municipality"]
    with pytest.raises(BadInput):
        edit.edit_counterpart(one, by=by, successor=one)
    with pytest.raises(Refused):
        edit.add_name(people.places["Prizren"], "Prizreni", "sq", by=by, authority="usage")


def test_nobody_adds_to_the_rights_of_a_role_they_hold(people: People) -> None:
    lines = Grant.objects.count()
    with pytest.raises(BadInput) as caught:
        edit.add_grant("administration", Verb.IDENTITY_OPEN.value, "mission", 3, "I should like to know", by=people.hand(people.custodian))
    assert [fault.field for fault in caught.value.faults] == ["role"] and Grant.objects.count() == lines
    editors = set(Grant.objects.filter(verb=Verb.POST_EDIT.value).values_list("role", flat=True))
    assert len(editors) >= 2, "the rights of a single editing role could never be changed by anybody"


def test_an_hour_ends_with_the_service(people: People) -> None:
    take(Verb.WARNING_ISSUE, reason="Nobody else is on duty tonight", by=people.hand(people.monitor))
    assert may(people.hand(people.monitor), Verb.WARNING_ISSUE)
    end_service(people.monitor, on=date(2026, 5, 13), by=people.hand(people.custodian))
    assert not may(people.hand(people.monitor), Verb.WARNING_ISSUE)


def test_nothing_loses_its_name_or_ends_before_it_begins(people: People) -> None:
    by, unit = people.hand(people.custodian), people.units["PZ-T1"]
    for changes, field in (({"name": "  "}, "name"), ({"opened": date(2026, 5, 2), "closed": date(2026, 5, 1)}, "closed")):
        with pytest.raises(BadInput) as caught:
            edit.edit_unit(unit, by=by, **changes)
        assert [fault.field for fault in caught.value.faults] == [field]
    unit.refresh_from_db()
    assert unit.name == "Field Team Prizren 1" and unit.closed is None


def test_a_post_is_vacated_before_it_is_abolished_and_keeps_its_role(people: People) -> None:
    by, post = people.hand(people.custodian), people.posts["stranger"]
    with pytest.raises(BadInput):
        edit.edit_post(post, by=by, abolished=date(2026, 5, 13))
    with pytest.raises(BadInput):
        edit.edit_post(post, by=by, role="identity-custodian")
    vacate(post, by=by, why="The team closes")
    edit.edit_post(post, by=by, why="The team closes", abolished=date(2026, 5, 13))
    with pytest.raises(BadInput):
        fill(post, people.stranger, by=by)
    assert Post.objects.get(pk=post.pk).role == "monitor"


def test_a_name_that_ended_still_finds_the_place(people: People) -> None:
    from fairwitness.mission.find_places import find
    from fairwitness.record.hand import command

    name = PlaceName.objects.get(text="Planjane")
    edit.end_name(name, on=date(2026, 5, 13), by=command(), why="no longer in use")
    assert [hit.place.id for hit in find("Planjane")] == [name.place_id]
    with pytest.raises(OutOfOrder):
        edit.end_name(name, on=date(2026, 5, 14), by=command())
