"""Places are found by any name; imports are repeatable, resumable and keyed on codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fairwitness.mission.apply_pack import apply
from fairwitness.mission.find_places import find
from fairwitness.mission.import_places import import_places
from fairwitness.mission.models import Place, PlaceName
from fairwitness.mission.pack import KOSOVO, read_pack
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb

pytestmark = pytest.mark.django_db
TABLE = (
    "gns_ufi,name_sq,name_sr,name_sr_cyrl,name_sq_status,name_sr_status,other_names,lat,lon,feature,ask_code,municipality_sq,"
    "ask_code_osm2017,snapped_to_nearest,geonames_id,geonames_population,gns_modified\n"
)


@pytest.fixture
def kosovo() -> None:
    apply(read_pack(KOSOVO), by=command())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Planjane", "-92047"), ("Pllanjanë", "-92047"), ("pllanjane", "-92047"), ("Плањане", "-92047"), ("PLANJANE", "-92047"),
    ],
)  # fmt: skip
def test_planjane_by_each_name(kosovo: None, typed: str, code: str) -> None:
    assert [hit.place.code for hit in find(typed)][:1] == [code]


@pytest.mark.parametrize("typed", ["Peja", "Pejë", "Peć", "Pec", "Пећ", "peje"])
def test_scenario_33_one_place_in_every_spelling(kosovo: None, typed: str) -> None:
    """Scenario 33: Peja, Peć, Pec and Пећ find the same municipality."""
    pejas = {hit.place.id for hit in find(typed) if hit.place.kind == "municipality"}
    assert pejas and pejas == {hit.place.id for hit in find("Pejë") if hit.place.kind == "municipality"}


def test_scenario_34_eth_resolves_with_a_warning_and_the_original_stays(kosovo: None, tmp_path: Path) -> None:
    """Scenario 34: U+00D0 for Đ, as real lists have it."""
    same = {hit.place.id for hit in find("Đakovica") if hit.place.kind == "municipality"}
    assert same and {hit.place.id for hit in find("Ðakovica") if hit.place.kind == "municipality"} == same
    file = tmp_path / "list.csv"
    file.write_text(TABLE + "-1,Gjakovë,Ðakovica,,approved,approved,,42.38,20.43,PPL,2,Gjakovë,2,,,,2012-01-01\n", "utf-8")
    done = import_places(file, by=command())
    assert not done.faults and any("Ðakovica" in line for line in done.warnings)
    name = PlaceName.objects.get(place__code="-1", language="sr-Latn")
    assert name.text == "Đakovica" and name.given == "Ðakovica"


def test_an_import_again_changes_nothing_and_a_half_file_goes_on(kosovo: None, tmp_path: Path) -> None:
    row = "-{n},Fshat{n},Selo{n},Село{n},approved,approved,,42.{n},20.5,PPL,20,Prizren,20,,,,2012-01-01\n"
    lines = [row.format(n=n) for n in range(10, 40)]
    whole, half = tmp_path / "whole.csv", tmp_path / "half.csv"
    whole.write_text(TABLE + "".join(lines), "utf-8")
    half.write_text(TABLE + "".join(lines[:17]), "utf-8")
    first = import_places(half, by=command(), commit_every=5)
    assert first.kept == 17
    second = import_places(whole, by=command(), commit_every=5)
    assert (second.kept, second.same) == (13, 17)
    entries = Entry.objects.count()
    third = import_places(whole, by=command())
    assert (third.kept, third.changed, third.same) == (0, 0, 30) and Entry.objects.count() == entries
    assert Place.objects.get(code="-12").parent == Place.objects.get(authority="ask", code="20")


def test_a_bad_row_costs_itself_alone(kosovo: None, tmp_path: Path) -> None:
    good = "-{n},Fshat{n},Selo{n},,approved,approved,,42.10,20.5,PPL,20,Prizren,20,,,,2012-01-01\n"
    file = tmp_path / "list.csv"
    bad = "-71,Fshat,Selo,,approved,approved,,142.10,20.5,PPL,20,Prizren,20,,,,2012-01-01\n"
    broken = b"-72,\xff\xfe,Selo,,,,,42.1,20.5,PPL,20,,,,,,\n"
    file.write_bytes((TABLE + good.format(n=70) + bad).encode() + broken + good.format(n=73).encode())
    done = import_places(file, by=command())
    assert done.kept == 2 and len(done.faults) == 2 and {fault.row for fault in done.faults} == {3, 4}
    assert all(fault.field and fault.sentence for fault in done.faults)


def test_outlines_reach_the_municipality_by_its_code(kosovo: None, tmp_path: Path) -> None:
    ring = [[20.1, 42.1], [20.2, 42.1], [20.2, 42.2], [20.1, 42.1]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"ask_code": 20, "name_sq": "Prizren"}, "geometry": geometry}
    file = tmp_path / "outline.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    done = import_places(file, by=command())
    assert not done.faults and done.kept == 0
    assert '"Polygon"' in Place.objects.get(authority="ask", code="20").boundary


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"id": "x" * 200, "name": "A"}, "id"),
        ({"id": "a\u0000b", "name": "A"}, "id"),
        ({"id": "1", "name": "A\u0000b"}, "name"),
        ({"id": "1", "name": "A\ud800b"}, "name"),
        ({"id": "1", "name": "\u0001\u0002"}, "name"),
        ({"id": "1", "name": "A", "parent": "ask:\u0000"}, "parent"),
    ],
)
def test_what_no_engine_would_keep_costs_its_row_alone(properties: dict[str, str], field: str, tmp_path: Path) -> None:
    geometry = {"type": "Polygon", "coordinates": [[[20, 42], [21, 42], [21, 43], [20, 42]]]}
    features = [{"type": "Feature", "properties": one, "geometry": geometry} for one in (properties, {"id": "good", "name": "Good"})]
    file = tmp_path / "outline.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    done = import_places(file, by=command())
    assert [(fault.row, fault.field) for fault in done.faults] == [(1, field)] and done.kept == 1
    assert list(Place.objects.values_list("code", flat=True)) == ["good"]


def test_another_gazetteer_meets_the_same_places(kosovo: None, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text(TABLE + "-92047,Pllanjan,Planjane,,approved,approved,,42.2,20.7,PPL,20,Prizren,20,,784096,,2012-01-01\n", "utf-8")
    import_places(table, by=command())
    before = Place.objects.count()
    line = ["784096", "Planjane", "Planjane", "Plagnane", "42.2", "20.7", "P", "PPL", "XK", *[""] * 5, "0", "", "900", "", "2012-09-05"]
    dump = tmp_path / "XK.txt"
    dump.write_text("\t".join(line) + "\n", "utf-8")
    done = import_places(dump, by=command())
    assert (done.kept, done.changed, done.faults) == (0, 1, []) and Place.objects.count() == before
    assert [hit.place.code for hit in find("Plagnane")] == ["-92047"]
    assert apply(read_pack(KOSOVO), by=command()).differences == []


def test_namesakes_are_told_apart_by_a_municipality_in_both_languages(kosovo: None) -> None:
    hit = next(hit for hit in find("Planjane") if hit.place.code == "-92047")
    assert hit.within == "Prizren"
    leposavic = Place.objects.get(authority="ask", code="12")
    village = Place(kind="village", authority="test", code="1", parent=leposavic)
    village.keep(by=command(), verb=Verb.PLACE_EDIT)
    PlaceName(place=village, text="Testovo", language="sr-Latn", authority="test").keep(by=command(), verb=Verb.PLACE_EDIT)
    assert find("testovo")[0].within == "Leposavić/Leposaviq"


def test_the_settlements_at_hand() -> None:
    file = Path(__file__).parents[2].parent / "shared/data/places/kosovo_settlements.csv"
    if not file.exists():
        pytest.skip("the large list is not on this machine")
    apply(read_pack(KOSOVO), by=command())
    done = import_places(file, by=command())
    assert done.read > 2500 and not done.faults and find("Hoçë e Madhe")
