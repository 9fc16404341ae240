"""Examining: what was changed behind the house's back is found and named, at all three levels."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from fairwitness.errors import BadInput
from fairwitness.mission.models import Unit
from fairwitness.record import blobs
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.examine import examine_blobs, examine_log, examine_rows
from fairwitness.record.hand import Door, Hand
from fairwitness.record.keep import keep_many
from fairwitness.record.models import Blob, Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db


@pytest.fixture
def hand() -> Hand:
    return Hand(uuid4(), Door.STAFF)


@pytest.fixture
def units(hand: Hand) -> list[Unit]:
    made = [Unit(code=f"U{number}", name=f"Unit {number} ë Ћ", kind="field team") for number in range(40)]
    keep_many(made, by=hand, verb=Verb.UNIT_EDIT)
    made[3].name = "Renamed"
    made[3].keep(by=hand, verb=Verb.UNIT_EDIT)
    return made


def behind(*statements: str) -> None:
    """What somebody with the database in their hands does: the guards go first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            for table in ("mission_unit", "record_entry", "record_checkpoint", "record_blob"):
                for start in ("fw_advance_", "fw_stay_", "fw_frozen_"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {start}{table}")
        for statement in statements:
            cursor.execute(statement)


def held(thing: Unit) -> str:
    return str(thing.id) if connection.vendor == "postgresql" else thing.id.hex


def flip(table: str, column: str, where: str) -> None:
    """Flip one bit in the middle of a stored value."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {where}")
        value = bytearray(cursor.fetchone()[0])
        value[len(value) // 2] ^= 1
        behind()
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {where}", [bytes(value)])


def test_an_untouched_store_is_clean(units: list[Unit]) -> None:
    make_checkpoint()
    verdict = examine_log(strict=True)
    assert verdict.clean and verdict.size == Entry.objects.count() and verdict.signatures >= 1
    assert examine_rows() == [] and examine_log("public").clean


def test_an_edited_row_is_named_with_its_columns_and_without_what_stands_in_them(units: list[Unit]) -> None:
    behind(f"UPDATE mission_unit SET name = 'bribed', kind = 'x' WHERE id = '{held(units[7])}'")
    (found,) = examine_rows()
    assert (found.code, found.table, found.subject, found.columns) == ("row.changed", "mission_unit", str(units[7].id), ("kind", "name"))
    assert "bribed" not in found.sentence and "Unit 7" not in found.sentence


def test_a_missing_row_a_row_put_there_and_a_row_set_back_are_named(units: list[Unit]) -> None:
    old, new = Entry.objects.filter(subject=str(units[3].id)).order_by("seq").values_list("entry", flat=True)
    back = old if connection.vendor == "postgresql" else old.replace("-", "")
    fields = ", ".join(f.column for f in Unit._meta.concrete_fields if f.column not in ("id", "code"))
    other = uuid4()
    key = str(other) if connection.vendor == "postgresql" else other.hex
    behind(
        f"INSERT INTO mission_unit (id, code, {fields}) SELECT '{key}', 'GHOST', {fields} FROM mission_unit WHERE code = 'U9'",
        f"DELETE FROM mission_unit WHERE id = '{held(units[5])}'",
        f"UPDATE mission_unit SET entry = '{back}' WHERE id = '{held(units[3])}'",
    )
    found = {finding.code: finding for finding in examine_rows()}
    assert set(found) == {"row.unknown", "row.missing", "row.entry"}
    assert found["row.unknown"].subject == str(other)
    assert found["row.missing"].subject == str(units[5].id)
    assert found["row.entry"].subject == str(units[3].id) and new in found["row.entry"].sentence


def test_a_value_no_field_can_hold_is_named_and_the_rest_is_still_examined(units: list[Unit]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL itself refuses such a value")
    behind(
        f"UPDATE mission_unit SET parent_id = 'nobody' WHERE id = '{held(units[1])}'",
        f"UPDATE mission_unit SET name = 'bribed' WHERE id = '{held(units[2])}'",
    )
    assert {(finding.code, finding.subject) for finding in examine_rows()} == {
        ("row.unreadable", str(units[1].id)), ("row.changed", str(units[2].id)),
    }  # fmt: skip
    behind(f"UPDATE mission_unit SET parent_id = NULL WHERE id = '{held(units[1])}'")


@pytest.mark.parametrize("column", ["header", "body", "leaf"])
def test_a_flipped_bit_in_an_entry_is_named_by_its_number(units: list[Unit], column: str) -> None:
    make_checkpoint()
    seq = Entry.objects.get(entry=str(units[6].entry)).seq
    flip("record_entry", column, f"seq = {seq}")
    verdict = examine_log()
    assert not verdict.clean
    assert seq in {fault.seq for fault in verdict.faults}


@pytest.mark.parametrize("column", ["root", "note"])
def test_a_flipped_bit_in_a_checkpoint_is_found(units: list[Unit], column: str) -> None:
    made = make_checkpoint()
    assert made is not None
    flip("record_checkpoint", column, f"size = {made.size}")
    assert any(code.startswith("checkpoint.") for code in examine_log().counts)


def test_a_flipped_bit_in_a_blob_and_a_missing_blob_are_named(hand: Hand) -> None:
    kept = [blobs.store([text], scope=f"source:{uuid4()}", by=hand, verb=Verb.ATTACHMENT_ADD) for text in (b"one", b"two", b"three")]
    assert examine_blobs() == []
    path = blobs.path_of(kept[0].name)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(bytes(data))
    blobs.path_of(kept[1].name).unlink()
    found = examine_blobs()
    assert [f.subject for f in found] == [str(kept[0].id), str(kept[1].id)]
    assert Blob.objects.count() == 3


def test_a_truncated_log_is_found_with_a_checkpoint_from_outside_and_never_claimed_without(units: list[Unit]) -> None:
    made = make_checkpoint()
    assert made is not None
    outside = bytes(made.note)
    behind(f"DELETE FROM record_checkpoint WHERE size = {made.size}", f"DELETE FROM record_entry WHERE seq >= {made.size - 2}")
    assert "cannot be known" in " ".join(examine_log().sentences())
    assert "outside.truncated" in examine_log(outside=[outside]).counts


def test_an_unreadable_checkpoint_is_refused(units: list[Unit]) -> None:
    with pytest.raises(BadInput):
        examine_log(outside=[b"not a note"])
