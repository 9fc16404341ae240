"""Access by itself: every combination of units, sensitivity and place a right can have, asked of one thing and of a list of them.

The two questions (`may` of a thing, `visible` of a list) are two programs for one rule: here each is held against the other and against the
rule written out. The rights are laid into the hand, so that no role's present list stands between the test and the decision.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from people import People

from fairwitness.errors import NotThere, Refused
from fairwitness.mission import access
from fairwitness.mission.access import Right, Rights, handled, may, open_one, readable, reader_of, require, rights, sees, visible, why_not
from fairwitness.mission.bring import bring
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Grant, ImportedRow, Place, Post, Power
from fairwitness.monitor.models import Activity, ActivityMember, Source
from fairwitness.record.hand import Door, Hand, command, worker
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Obligation

pytestmark = pytest.mark.django_db
READ = Verb.OBSERVATION_READ
NOW = datetime(2026, 5, 13, 12, tzinfo=UTC)


def with_rights(people: People, *given: Right, verb: Verb = READ) -> Hand:
    """A hand of the monitor with these rights to read and no others."""
    hand = people.hand(people.monitor)
    hand.memo["rights"] = Rights(posts=[people.posts["monitor"]], by_verb={verb.value: list(given)} if given else {})
    return hand


def things(people: People) -> list[Activity]:
    """A visit for every unit, sensitivity and one of two places."""
    units, places = ("PZ-T1", "RC-PZ", "MI-T1"), ("Prizren", "Leposavić")
    made = [
        Activity(
            code=f"V-{unit}-{weight}-{place}", kind="visit", purpose="a visit", place=people.places[place], unit=people.units[unit],
            sensitivity=int(weight), time_zone="Europe/Belgrade",
        )
        for unit, weight, place in itertools.product(units, Sensitivity, places)
    ]  # fmt: skip
    keep_many(made, by=command(), verb=Verb.ACTIVITY_PLAN)
    return made


def rule(right: Right, thing: Any) -> bool:
    """The rule in words: the unit is among its units, the place is its place, the sensitivity is not above its ceiling."""
    in_unit = right.units is None or thing.unit_id in right.units
    in_place = right.place is None or getattr(thing, "place_id", None) == right.place
    return in_unit and in_place and thing.sensitivity <= right.ceiling


def combinations(people: People) -> list[tuple[Right, ...]]:
    team, other = people.units["PZ-T1"].id, people.units["MI-T1"].id
    units: list[frozenset[UUID] | None] = [None, frozenset([team]), frozenset([team, other]), frozenset()]
    single = [
        Right(unit, int(ceiling), place)
        for unit, ceiling, place in itertools.product(units, Sensitivity, (None, people.places["Prizren"].id))
    ]
    pairs = [(single[one], single[other]) for one, other in ((0, 9), (3, 17), (7, 12), (15, 1), (5, 20))]
    return [(), *((one,) for one in single), *pairs]


def test_a_list_and_a_single_thing_are_asked_the_same(people: People) -> None:
    made = things(people)
    for given in combinations(people):
        hand = with_rights(people, *given)
        wanted = {thing.code for thing in made if any(rule(right, thing) for right in given)}
        assert {thing.code for thing in made if may(hand, READ, thing)} == wanted, given
        assert {thing.code for thing in visible(hand, Activity.objects.all())} == wanted, given
        assert {thing.code for thing in readable(hand, Activity.objects.all())} == wanted, given
        assert {thing.code for thing in made if sees(hand, thing)} == wanted, given
        assert may(hand, READ) is bool(given)


def test_a_right_to_one_place_reaches_nothing_that_has_no_place(people: People) -> None:
    source = Source(code="S-1", category="resident", unit=people.units["PZ-T1"], sensitivity=1)
    source.keep(by=command(), verb=Verb.SOURCE_REGISTER)
    here = with_rights(people, Right(None, int(access.TOP), people.places["Prizren"].id))
    assert not may(here, READ, source) and not visible(here, Source.objects.all()).exists()
    everywhere = with_rights(people, Right(None, 1))
    assert may(everywhere, READ, source) and visible(everywhere, Source.objects.all()).exists()


def test_what_hangs_on_a_thing_is_reached_as_the_thing_is(people: People) -> None:
    one, far = things(people)[0], next(thing for thing in Activity.objects.all() if thing.unit_id == people.units["MI-T1"].id)
    lines = [ActivityMember(activity=thing, member=people.monitor) for thing in (one, far)]
    keep_many(lines, by=command(), verb=Verb.ACTIVITY_PLAN)
    hand = with_rights(people, Right(frozenset([people.units["PZ-T1"].id]), int(access.TOP)))
    assert handled(lines[0]) == one and handled(one) is one and handled(people.places["Prizren"]) is None
    assert [may(hand, READ, line) for line in lines] == [True, False]
    assert list(visible(hand, ActivityMember.objects.filter(pk__in=[line.pk for line in lines]))) == [lines[0]]
    assert handled(object()) is None and may(hand, READ, people.places["Prizren"])


def test_who_has_no_member_behind_them(people: People) -> None:
    made = things(people)
    for hand in (worker(), command()):
        assert may(hand, READ) and all(may(hand, READ, thing) for thing in made)
        assert visible(hand, Activity.objects.all()).count() == len(made)
        require(hand, READ, made[0])
    for door in (Door.PUBLIC, Door.STAFF):
        nobody = Hand(None, door)
        assert not may(nobody, READ) and not may(nobody, READ, made[0]) and not rights(nobody).by_verb and not rights(nobody).posts
        assert not visible(nobody, Activity.objects.all()).exists()
    assert not visible(Hand(None, Door.PUBLIC), Place.objects.all()).exists()
    assert visible(people.hand(people.monitor), Place.objects.all()).count() == Place.objects.count()
    for door in (Door.WORKER, Door.COMMAND):  # a member's own job has the member's rights and no more
        secret = next(thing for thing in made if thing.unit_id == people.units["PZ-T1"].id and thing.sensitivity == access.TOP)
        assert not may(Hand(people.stranger.id, door), READ, secret)
        assert visible(Hand(people.stranger.id, door), Activity.objects.all()).count() < len(made)


def test_things_without_handling_are_open_whatever_their_room(people: People) -> None:
    hand, obligations = with_rights(people, Right(frozenset(), 0)), Obligation.objects.all()
    assert reader_of(Obligation) is not None and handled(Obligation()) is None
    assert readable(hand, obligations) is obligations


def test_a_refusal_is_no_news_of_a_thing_that_may_not_be_seen(people: People) -> None:
    thing = things(people)[0]
    blind = with_rights(people, Right(None, int(access.TOP)), verb=Verb.REPORT_READ)
    with pytest.raises(NotThere):
        require(blind, Verb.ACTIVITY_EDIT, thing)
    with pytest.raises(NotThere):
        open_one(blind, Activity.objects.all(), code=thing.code)
    reader = with_rights(people, Right(None, int(access.TOP)))
    with pytest.raises(Refused) as caught:
        require(reader, Verb.ACTIVITY_EDIT, thing)
    assert not isinstance(caught.value, NotThere)
    with pytest.raises(Refused):
        require(blind, Verb.ACTIVITY_EDIT)
    with pytest.raises(Refused):
        require(blind, Verb.PLACE_EDIT, people.places["Prizren"])
    assert open_one(reader, Activity.objects.all(), code=thing.code) == thing
    with pytest.raises(NotThere):
        open_one(reader, Activity.objects.all(), code="V-none")
    require(reader, READ, thing)
    assert reader_of(Activity) is READ and reader_of(Place) is None


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (None, None, True), (0, None, True), (-1, None, True), (1, None, False), (None, 0, False), (None, 1, True), (None, -1, False),
        (0, 1, True), (-1, 0, False), (1, 2, False),
    ],
)  # fmt: skip
def test_a_right_begins_with_its_first_moment_and_ends_before_its_last(since: int | None, until: int | None, holds: bool) -> None:
    at = [None if step is None else NOW + timedelta(microseconds=step) for step in (since, until)]
    assert access._holds(at[0], at[1], NOW) is holds


def test_the_tree_of_units_reaches_down_and_never_up_or_across(people: People) -> None:
    below, ids = access._tree(), {code: unit.id for code, unit in people.units.items()}
    assert below(ids["HQ"]) == frozenset(ids.values())
    assert below(ids["RC-PZ"]) == {ids["RC-PZ"], ids["PZ-T1"]} and below(ids["PZ-T1"]) == {ids["PZ-T1"]}
    with pytest.MonkeyPatch.context() as patch:  # a circle, which no form would make, must not hang the node

        class Circle:
            objects: Any = None

            @classmethod
            def values_list(cls, *_names: str) -> list[tuple[UUID, UUID]]:
                return [(ids["HQ"], ids["RC-PZ"]), (ids["RC-PZ"], ids["HQ"])]

        Circle.objects = Circle
        patch.setattr(access, "Unit", Circle)
        assert access._tree()(ids["HQ"]) == {ids["HQ"], ids["RC-PZ"]}


def test_reaches_of_a_role_and_of_an_hour_come_out_as_units(people: People) -> None:
    now, ids = datetime.now(UTC), {code: unit.id for code, unit in people.units.items()}
    role, verb = "monitor", Verb.TRAINING_PLAN.value
    for reach in ("own", "below", "mission"):
        Grant(role=role, verb=verb, reach=reach, ceiling=2).keep(by=command(), verb=Verb.POST_EDIT)
    for unit in (None, people.units["RC-MI"]):
        Power(
            member=people.monitor, verb=verb, unit=unit, ceiling=3, reason="A colleague is ill; the case cannot wait.", since=now,
            until=now + timedelta(hours=1),
        ).keep(by=command(), verb=Verb.POWER_TAKE)  # fmt: skip
    found = rights(people.hand(people.monitor)).by_verb[verb]
    assert {right.units for right in found} == {frozenset([ids["PZ-T1"]]), None, frozenset([ids["RC-MI"], ids["MI-T1"]])}
    assert sorted(right.ceiling for right in found if right.units is None) == [2, 3]
    hand = people.hand(people.monitor)
    assert rights(hand) is rights(hand) and rights(hand).units() == [ids["PZ-T1"]]


def test_a_right_that_has_not_begun_or_is_over_gives_nothing(people: People) -> None:
    now, role, verb = datetime.now(UTC), "monitor", Verb.TRAINING_PLAN.value
    day, why = timedelta(days=1), "A colleague is ill; the case cannot wait."
    for since, until in ((now + day, now + 2 * day), (now - 2 * day, now - day)):
        Grant(role=role, verb=verb, reach="own", ceiling=2, since=since, until=until).keep(by=command(), verb=Verb.POST_EDIT)
        Power(member=people.monitor, verb=verb, ceiling=2, reason=why, since=since, until=until).keep(by=command(), verb=Verb.POWER_TAKE)
    assert verb not in rights(people.hand(people.monitor)).by_verb and not may(people.hand(people.monitor), Verb.TRAINING_PLAN)
    one = Power(member=people.monitor, verb=verb, ceiling=2, reason=why, since=now - day, until=now + day)
    one.keep(by=command(), verb=Verb.POWER_TAKE)
    assert len(rights(people.hand(people.monitor)).by_verb[verb]) == 1 and may(people.hand(people.monitor), Verb.TRAINING_PLAN)


def test_why_not_names_posts_and_who_may_and_nobody_where_there_is_nobody(people: People) -> None:
    said = why_not(people.hand(people.monitor), Verb.MEMBER_ENROL)
    assert str(people.posts["monitor"]) in said and "Custodian" in said and "Stranger" not in said and "no post" not in said
    assert "no post" in why_not(Hand(None, Door.STAFF), Verb.MEMBER_ENROL)
    spare = [Post(code=f"P-{n}", title=f"Enroller {n}", unit=people.units["HQ"], role="administration", invented=True) for n in range(9)]
    keep_many(spare, by=command(), verb=Verb.POST_EDIT)
    assert why_not(people.hand(people.monitor), Verb.MEMBER_ENROL).count("Enroller") == 4  # five at most, and the custodian comes first
    unheld = next(verb for verb in Verb if not Grant.objects.filter(verb=verb.value).exists())
    assert "nobody at present" in why_not(people.hand(people.monitor), unheld)


def test_what_was_withdrawn_leaves_lists_and_keeps_its_page(people: People) -> None:
    data, unit = b"Recommendation\nOne.\n", people.units["PZ-T1"]
    imported = bring(data, file_name="a.csv", target="recommendations", unit=unit, by=command())
    gone, stands = people.counterparts["municipality"], people.counterparts["partner"]
    visit = things(people)[0]
    assert Counterpart in access.BROUGHT and Activity not in access.BROUGHT
    rows = [
        ImportedRow(
            imported=imported, row=n, key=f"k{n}", content="c", kind="x", thing=thing.pk, version=uuid4(), undone=thing is not stands
        )
        for n, thing in enumerate((gone, stands, visit), 2)
    ]  # fmt: skip
    keep_many(rows, by=command(), verb=Verb.IMPORT_TAKE)
    hand = with_rights(people, Right(None, int(access.TOP)))
    assert set(visible(hand, Counterpart.objects.all())) == {stands}
    assert set(readable(hand, Counterpart.objects.all())) == {gone, stands}
    assert open_one(hand, Counterpart.objects.all(), code=gone.code) == gone
    assert visit in visible(hand, Activity.objects.all())  # no list brings visits, so none is withdrawn
