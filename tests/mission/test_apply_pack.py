"""Applying a pack: everything it says is on record; again changes nothing; what people edited stands and is reported."""

from __future__ import annotations

import pytest
from people import People

from fairwitness.errors import BadInput, Refused
from fairwitness.mission.apply_pack import apply, first_day, last_day
from fairwitness.mission.models import Area, Counterpart, Decision, Grant, HouseStyle, Place, PlaceName, Post, Standard, Task, Term, Unit
from fairwitness.mission.pack import KOSOVO, read_pack
from fairwitness.mission.seed_rights import read_rights
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb


@pytest.mark.django_db
def test_the_pack_of_kosovo_is_on_record_and_again_changes_nothing() -> None:
    pack = read_pack(KOSOVO)
    first = apply(pack, by=command())
    assert first.kept > 1500 and not first.differences
    assert Place.objects.filter(kind="municipality").count() == 38
    assert Unit.objects.filter(kind="regional centre").count() == 5 and Unit.objects.filter(kind="field team").count() > 30
    assert Decision.objects.filter(symbol="PC.DEC/305").exists() and Task.objects.count() >= 4
    assert Area.objects.filter(invented=False).count() == 0
    assert Term.objects.filter(vocabulary="means").count() > 5
    assert Standard.objects.filter(code="law-02-L-37/acts").exists()
    planjane = PlaceName.objects.get(text="Planjane").place
    assert planjane.parent is not None and planjane.parent.code == "20"
    entries = Entry.objects.count()
    second = apply(pack, by=command())
    assert (second.kept, second.changed, second.differences) == (0, 0, []) and Entry.objects.count() == entries


@pytest.mark.django_db
def test_what_people_edited_stands_and_is_reported() -> None:
    pack = read_pack(KOSOVO)
    apply(pack, by=command())
    edited = Counterpart.objects.get(code="mun-20")
    edited.name = "Municipality of Prizren, as we call it"
    edited.keep(by=command(), verb=Verb.COUNTERPART_EDIT)
    again = apply(pack, by=command())
    assert again.changed == 0 and len(again.differences) == 1 and "mun-20" in again.differences[0] and "name" in again.differences[0]
    assert Counterpart.objects.get(code="mun-20").name.endswith("as we call it")


# Acts nobody is given, because a right above them decides: a list is tried, taken and linked by whoever may bring it (import.bring)
# and may make what it holds; its rows are withdrawn by whoever may undo it (import.undo); one's own searches are everybody's, and so is
# saying what one has read.
RIDING = {"import.check", "import.take", "import.link", "import.withdraw", "search.ask", "search.save", "search.look", "search.end",
          "place.read"}  # fmt: skip


@pytest.mark.django_db
def test_every_verb_is_somebodys_and_nobody_holds_all() -> None:
    apply(read_pack(KOSOVO), by=command())
    roles = set(Post.objects.values_list("role", flat=True))
    held: dict[str, set[str]] = {}
    for grant in Grant.objects.all():
        held.setdefault(grant.verb, set()).add(grant.role)
    assert {verb.value for verb in Verb} - set(held) == RIDING
    assert not {role for role in roles if all(role in who for who in held.values())}
    for verb in ("identity.open", "identity.search"):
        assert held[verb] == {"identity-custodian"}
    assert not held["report.write"] & held["report.issue"]
    assert "release.publish" not in {verb for verb, who in held.items() if "head" in who}


@pytest.mark.parametrize(("text", "day"), [("1999", "1999-01-01"), ("1999-06", "1999-06-01"), ("1999-06-10", "1999-06-10")])
def test_a_partial_date_is_the_first_day_of_its_span(text: str, day: str) -> None:
    found = first_day(text)
    assert found is not None and found.isoformat() == day


def test_a_word_that_is_no_verb_stops_the_seeding(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "rights.yaml"
    file.write_text("sets: {}\nroles:\n  monitor:\n    - {reach: everywhere, ceiling: 1, verbs: [observation.invent]}\n", "utf-8")
    with pytest.raises(BadInput) as caught:
        read_rights(file)
    assert [fault.field for fault in caught.value.faults] == ["monitor", "monitor"] and "observation.invent" in str(caught.value)


@pytest.mark.parametrize(("text", "day"), [("1999", "1999-12-31"), ("2000-02", "2000-02-29"), ("1999-06-10", "1999-06-10")])
def test_an_end_is_the_last_day_of_its_span(text: str, day: str) -> None:
    found = last_day(text)
    assert found is not None and found.isoformat() == day


@pytest.mark.django_db
def test_a_style_of_1999_to_2001_still_holds_in_december_2001() -> None:
    apply(read_pack(KOSOVO), by=command())
    assert HouseStyle.objects.get(code="osce-1999").valid_to == last_day("2001")


@pytest.mark.django_db
def test_who_may_not_apply_a_pack_changes_nothing(people: People) -> None:
    entries = Entry.objects.count()
    with pytest.raises(Refused):
        apply(read_pack(KOSOVO), by=people.hand(people.monitor))
    assert Entry.objects.count() == entries


@pytest.mark.django_db
def test_a_later_edition_changes_and_adds_at_every_depth() -> None:
    pack = read_pack(KOSOVO)
    apply(pack, by=command())
    team = next(unit for unit in pack.units if unit.kind == "field team")
    renamed = [unit.model_copy(update={"name": "Renamed team"}) if unit.code == team.code else unit for unit in pack.units]
    later = pack.model_copy(update={"units": [*renamed, team.model_copy(update={"code": "NEW-T9", "name": "New team"})]})
    done = apply(later, by=command())
    assert (done.kept, done.changed, done.differences) == (1, 1, [])
    assert Unit.objects.get(code=team.code).name == "Renamed team" and Unit.objects.get(code="NEW-T9").parent is not None


@pytest.mark.django_db
def test_an_import_is_no_persons_edit_and_a_persons_edit_stands_behind_it() -> None:
    pack = read_pack(KOSOVO)
    apply(pack, by=command())
    prizren, pec = Place.objects.get(authority="ask", code="20"), Place.objects.get(authority="ask", code="18")
    pec.area_km2 = "1"
    pec.keep(by=command(), verb=Verb.PLACE_EDIT)
    for place in (prizren, pec):
        place.boundary, place.other_codes = "{}", [*place.other_codes, "GeoNames:1"]
        place.keep(by=command(), verb=Verb.PLACE_IMPORT)
    assert len(apply(pack, by=command()).differences) == 1
    places = [one.model_copy(update={"area_km2": "2"}) if one.code in ("ask:20", "ask:18") else one for one in pack.places]
    done = apply(pack.model_copy(update={"places": places}), by=command())
    assert done.changed == 1 and len(done.differences) == 1 and "'18'" in done.differences[0]
    prizren.refresh_from_db()
    assert (prizren.area_km2, prizren.boundary) == ("2", "{}") and "GeoNames:1" in prizren.other_codes
