"""A store of schema 1 opened by schema 2: read, examined, and never rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from fairwitness.mission.models import Unit
from fairwitness.record import look_back
from fairwitness.record.examine import examine_log, examine_rows
from fairwitness.record.hand import Door, Hand
from fairwitness.record.look_back import history, upcast
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> Iterator[Unit]:
    """A unit kept when its name was still called otherwise; since then the schema went on by one."""
    from fairwitness.record import keep as door

    def as_then(thing: Any) -> dict[str, Any]:
        row = real(thing)
        row["label"] = row.pop("name")
        return dict(sorted(row.items()))

    real = door.row_of
    monkeypatch.setattr(door, "row_of", as_then)
    thing = Unit(code="OLD", name="Field team", kind="team")
    thing.keep(by=Hand(uuid4(), Door.STAFF), verb=Verb.UNIT_EDIT)
    monkeypatch.setattr(door, "row_of", real)
    monkeypatch.setattr(Unit, "schema_on_record", 2)
    yield thing
    look_back._upcasts.pop(("mission.unit", 1), None)


def carry(row: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in row.items() if key != "label"}, "name": row["label"]}


def test_without_a_way_over_the_examination_says_so_instead_of_guessing(old: Unit) -> None:
    (found,) = [one for one in examine_rows() if one.subject == str(old.id)]
    assert "nothing carries it over" in found.sentence


def test_an_older_entry_is_read_and_examined_by_its_upcaster_and_its_bytes_stay(old: Unit) -> None:
    upcast("mission.unit", 1)(carry)
    before = bytes(Entry.objects.get(entry=str(old.entry)).body)
    assert b'"label":"Field team"' in before
    assert [one for one in examine_rows() if one.subject == str(old.id)] == []
    assert history([old.id])[0].row["name"] == "Field team"  # type: ignore[index]
    old.name = "Field team two"
    old.keep(by=Hand(uuid4(), Door.STAFF), verb=Verb.UNIT_EDIT)
    lines = Entry.objects.filter(subject=str(old.id)).order_by("seq")
    assert [line.schema for line in lines] == [1, 2] and bytes(lines[0].body) == before
    assert [one for one in examine_rows() if one.subject == str(old.id)] == [] and examine_log(strict=True).clean
