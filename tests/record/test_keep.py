"""Keeping: the row and its entry, or neither; nobody writes past the door."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fairwitness.errors import BadInput, BrokenRule, Stale
from fairwitness.mission.models import Unit
from fairwitness.record import guard
from fairwitness.record.hand import Door, Hand
from fairwitness.record.keep import keep_many, writing
from fairwitness.record.ledger.entry import commitment, leaf_hash, open_body, parse_header
from fairwitness.record.look_back import as_of, history
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db


@pytest.fixture
def hand() -> Hand:
    return Hand(uuid4(), Door.STAFF)


def unit(code: str = "PZ") -> Unit:
    return Unit(code=code, name="Prizren ë č Ћ", kind="regional centre")


def test_a_row_and_its_entry_are_written_together(hand: Hand) -> None:
    thing = unit()
    thing.keep(by=hand, verb=Verb.UNIT_EDIT, why="founded")
    entry = Entry.objects.get(entry=str(thing.entry))
    header = parse_header(bytes(entry.header))
    assert header.subject == str(thing.id) and header.prev is None and header.seq == entry.seq
    assert header.member == str(hand.member) and header.door == "staff" and header.verb == "unit.edit"
    assert header.body == commitment(bytes(entry.body)) == entry.commitment
    assert bytes(entry.leaf) == leaf_hash(bytes(entry.header))
    body = open_body(bytes(entry.body))
    assert body["row"]["name"] == "Prizren ë č Ћ" and body["why"] == "founded"


def test_a_change_names_the_version_before_it_and_history_reads_both(hand: Hand) -> None:
    thing = unit()
    thing.keep(by=hand, verb=Verb.UNIT_EDIT)
    first = str(thing.entry)
    before = Entry.objects.get(entry=first)
    thing.name = "Prizren Regional Centre"
    thing.keep(by=hand, verb=Verb.UNIT_EDIT)
    second = Entry.objects.get(entry=str(thing.entry))
    assert second.prev == first and second.seq == before.seq + 1
    lines = history([thing.id])
    assert [line.row["name"] for line in lines if line.row] == ["Prizren Regional Centre", "Prizren ë č Ћ"]
    from datetime import datetime

    then = as_of(thing.id, datetime.fromisoformat(before.recorded))
    assert then is not None and then["name"] == "Prizren ë č Ћ"


def test_the_second_writer_is_stale_and_nothing_is_overwritten(hand: Hand) -> None:
    thing = unit()
    thing.keep(by=hand, verb=Verb.UNIT_EDIT)
    mine, theirs = Unit.objects.get(pk=thing.pk), Unit.objects.get(pk=thing.pk)
    theirs.name = "theirs"
    theirs.keep(by=hand, verb=Verb.UNIT_EDIT)
    mine.name = "mine"
    count = Entry.objects.count()
    with pytest.raises(Stale), transaction.atomic():
        mine.keep(by=hand, verb=Verb.UNIT_EDIT)
    assert Unit.objects.get(pk=thing.pk).name == "theirs" and Entry.objects.count() == count


def test_everything_in_one_unit_of_work_or_nothing(hand: Hand) -> None:
    count = Entry.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic(), writing(hand):
        unit("A").keep(by=hand, verb=Verb.UNIT_EDIT)
        unit("A").keep(by=hand, verb=Verb.UNIT_EDIT)
    assert Entry.objects.count() == count and not Unit.objects.filter(code="A").exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda u: u.save(), lambda u: u.delete(), lambda u: Unit.objects.all().update(name="x"), lambda u: Unit.objects.all().delete(),
        lambda u: Unit.objects.create(code="B"), lambda u: Unit.objects.bulk_create([u]), lambda u: u.save_base(raw=True),
        lambda u: Unit._base_manager.update(name="x"), lambda u: u.units.update(name="x"),
        lambda u: Unit.objects.update_or_create(code="B"), lambda u: Unit.objects.get_or_create(code="zz"),
        lambda u: Unit.objects.bulk_update([u], ["name"]),
    ],
)  # fmt: skip
def test_python_refuses_to_write_past_the_door(hand: Hand, act: object) -> None:
    thing = unit()
    thing.keep(by=hand, verb=Verb.UNIT_EDIT)
    with pytest.raises(BrokenRule):
        act(thing)  # type: ignore[operator]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mission_unit SET name = 'x'",
        "UPDATE mission_unit SET name = 'x', entry = entry",
        "DELETE FROM mission_unit",
        "UPDATE record_entry SET door = 'x'",
        "DELETE FROM record_entry",
    ],
)
def test_the_database_refuses_what_keep_would_not_send(hand: Hand, statement: str) -> None:
    unit().keep(by=hand, verb=Verb.UNIT_EDIT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_truncate_and_replace_are_refused(hand: Hand) -> None:
    thing = unit()
    thing.keep(by=hand, verb=Verb.UNIT_EDIT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE mission_unit CASCADE")
        else:
            cursor.execute("INSERT OR REPLACE INTO mission_unit SELECT * FROM mission_unit")


def test_a_missing_guard_is_found(hand: Hand) -> None:
    assert guard.missing() == []
    with connection.cursor() as cursor:
        on = " ON mission_unit" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER fw_stay_mission_unit{on}")
    assert guard.missing() == ["fw_stay_mission_unit"]
    guard.install()
    assert guard.missing() == []


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 201])
def test_text_that_an_engine_would_not_keep_is_refused_with_its_field(hand: Hand, text: str) -> None:
    thing = unit()
    thing.name = text
    with pytest.raises(BadInput) as caught:
        thing.keep(by=hand, verb=Verb.UNIT_EDIT)
    assert caught.value.faults[0].field == "name"


def test_many_go_through_the_same_door(hand: Hand) -> None:
    keep_many([unit(f"U{n}") for n in range(1200)], by=hand, verb=Verb.UNIT_EDIT)
    assert Unit.objects.filter(code__startswith="U").count() == 1200
    seqs = list(Entry.objects.filter(kind="mission.unit").order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(seqs[0], seqs[0] + 1200))
    one = Unit.objects.get(code="U7")
    entry = Entry.objects.get(entry=str(one.entry))
    assert json.loads(bytes(entry.body)[16:])["row"]["code"] == "U7"
