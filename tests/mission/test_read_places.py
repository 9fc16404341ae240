"""A bad line costs one line: every form of gazetteer, whole and broken."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairwitness.mission.fold import fold
from fairwitness.mission.place_rows import RowName
from fairwitness.mission.read_places import PlaceFormat, PlaceRow, PlacesUnreadable, RowFault, read_places, sniff

FILES = Path(__file__).parent / "files"
REAL = Path("/work/shared/data/places")


def rows(found: list[PlaceRow | RowFault]) -> list[PlaceRow]:
    return [row for row in found if isinstance(row, PlaceRow)]


def faults(found: list[PlaceRow | RowFault]) -> list[RowFault]:
    return [row for row in found if isinstance(row, RowFault)]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("geonames_five.txt", PlaceFormat.GEONAMES),
        ("gns_names.txt", PlaceFormat.GNS),
        ("settlements.csv", PlaceFormat.TABLE),
        ("two_areas.geojson", PlaceFormat.GEOJSON),
    ],
)
def test_the_form_is_told_from_the_content(name: str, form: PlaceFormat, tmp_path: Path) -> None:
    assert sniff(FILES / name) is form
    renamed = tmp_path / "anything.dat"
    renamed.write_bytes((FILES / name).read_bytes())
    assert sniff(renamed) is form


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\nname\n", "is empty"),
        (b"PK\x03\x04rest", "compressed"),
        ("name,lat".encode("utf-16"), "UTF-16"),
        (b"just some words\nand more", "none of the known forms"),
        (b"\x00\x01\x02", "none of the known forms"),
    ],
)
def test_other_files_are_refused_with_the_reason(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "places.txt"
    path.write_bytes(content)
    with pytest.raises(PlacesUnreadable, match=said):
        sniff(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(PlacesUnreadable, match="cannot be opened"):
        sniff(tmp_path / "none.txt")


def test_geonames() -> None:
    found = list(read_places(FILES / "geonames_five.txt"))
    assert [row.external_id for row in rows(found)] == ["783780", "784096", "783832"]
    zhur, vushtrri, zllapek = rows(found)
    assert (zhur.lat, zhur.lon, zhur.kind, zhur.authority, zhur.parent_hint) == ("42.16389", "20.62111", "settlement", "GeoNames", "XK.21")
    assert RowName("Жур", "und", "Cyrl", "variant") in zhur.names
    assert zhur.names[0] == RowName("Zhur", "und", "Latn", "main")
    assert (vushtrri.kind, zllapek.kind, zllapek.modified) == ("administrative", "hamlet", "2012-09-05")
    assert [(fault.row, fault.field) for fault in faults(found)] == [(3, "columns"), (4, "latitude")]
    assert "18 columns where 19" in faults(found)[0].sentence


def test_a_row_whose_date_is_no_day_is_named(tmp_path: Path) -> None:
    line = ["784096", "Planjane", "Planjane", "Plagnane", "42.2", "20.7", "P", "PPL", "XK", *[""] * 5, "0", "", "900", ""]
    dump = tmp_path / "XK.txt"
    dump.write_text("".join("\t".join([*line, day]) + "\n" for day in ("2012-09-05", "31.02.2010", "")), encoding="utf-8")
    found = list(read_places(dump))
    (fault,) = [one for one in found if isinstance(one, RowFault)]
    assert "31.02.2010" in fault.sentence and "no day of the calendar" in fault.sentence
    assert [one.modified for one in found if isinstance(one, PlaceRow)] == ["2012-09-05", None]


def test_gns_one_row_for_each_name() -> None:
    found = list(read_places(FILES / "gns_names.txt"))
    gjakove = [row for row in rows(found) if row.external_id == "-78081"]
    assert [row.names[0] for row in gjakove] == [
        RowName("Đakovica", "sr-Latn", "Latn", "approved"),
        RowName("Ђаковица", "sr-Cyrl", "Cyrl", "approved"),
        RowName("Gjakovë", "sq", "Latn", "approved"),
        RowName("\u00d0akovica", "und", "Latn", "variant"),
    ]
    assert {fold(row.names[0].text) for row in gjakove} == {"djakovica", "gjakove"}
    assert [(fault.row, fault.field) for fault in faults(found)] == [(6, "FULL_NAME_RO"), (8, "LAT")]
    assert "decimal comma; write 42.38" in faults(found)[1].sentence


def test_table_of_settlements() -> None:
    found = list(read_places(FILES / "settlements.csv"))
    planjane = rows(found)[0]
    assert planjane.external_id == "-92047" and planjane.authority == "GNS" and planjane.parent_hint == "ask:20"
    assert {(n.text, n.lang, n.form) for n in planjane.names} == {
        ("Pllanjan", "sq", "approved"),
        ("Planjane", "sr-Latn", "approved"),
        ("Плањане", "sr-Cyrl", "approved"),
        ("Pllajni", "und", "variant"),
        ("Planjani", "und", "variant"),
    }
    assert [row.row_number for row in rows(found)] == [2, 3, 6]
    assert rows(found)[2].names[0].text == "Two, names"
    assert [(fault.row, fault.field) for fault in faults(found)] == [(4, "code"), (5, "name"), (7, "lat")]


def test_outlines() -> None:
    found = list(read_places(FILES / "two_areas.geojson"))
    gjakove, parts = rows(found)
    assert (gjakove.external_id, gjakove.authority, gjakove.kind, gjakove.parent_hint) == ("2", "ASK", "municipality", "Gjakova")
    assert gjakove.boundary is not None and gjakove.boundary["coordinates"][0][2] == ["20.3", "42.30000"]
    assert RowName("Gjakovë/Đakovica", "mul", "Latn", "house") in gjakove.names
    assert parts.boundary is not None and len(parts.boundary["coordinates"]) == 2
    assert [(fault.row, fault.field) for fault in faults(found)] == [(2, "geometry"), (4, "geometry")]
    assert "does not close" in faults(found)[0].sentence


def test_outlines_with_a_mapping_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(
        '{"features":[{"properties":{"gid":"7","label":"X"},"geometry":{"type":"Polygon","coordinates":[[[1,2],[2,2],[2,3],[1,2]]]}}]}'
    )
    [unread] = read_places(path)
    assert isinstance(unread, RowFault) and unread.field == "id"
    [read] = read_places(path, mapping={"gid": "id:Register", "label": "name:sq:main"})
    assert isinstance(read, PlaceRow) and (read.external_id, read.authority, read.names[0].lang) == ("7", "Register", "sq")


@pytest.mark.parametrize("name", ["geonames_five.txt", "gns_names.txt", "settlements.csv", "two_areas.geojson"])
def test_reading_resumes_after_any_row(name: str) -> None:
    whole = list(read_places(FILES / name))
    for cut in range(len(whole)):
        at = whole[cut].row if isinstance(whole[cut], RowFault) else whole[cut].row_number  # type: ignore[union-attr]
        assert list(read_places(FILES / name, after=at)) == whole[cut + 1 :]


GOOD = b"-1,Dardhe,Kruska,42.5,20.3\n"
HEAD = b"gns_ufi,name_sq,name_sr,lat,lon\n"


@pytest.mark.parametrize(
    ("line", "field", "said"),
    [
        (b"-2,Dardh\xeb,Kruska,42.5,20.3\n", "line", "not UTF-8 at byte 9"),
        (b"-2,Dard\x00he,Kruska,42.5,20.3\n", "line", "NUL"),
        (b"-2,Dardhe,Kruska,42.5\n", "columns", "4 columns where 5"),
        (b'-2,"Dardhe,Kruska,42.5,20.3\n', "line", "quotation marks"),
        (b"-2,Dardhe,Kruska,nan,20.3\n", "lat", "not a number"),
        (b"-2,Dardhe,Kruska,,20.3\n", "lat", "not a number"),
        (b"-2,Dardhe,Kruska,20.3,242.5\n", "lon", "outside -180 to 180"),
        ("-2,Dardhe,Kruska,٤٢.٥,20.3\n".encode(), "lat", "not a number"),
        (b"-2," + b"x" * 400 + b",Kruska,42.5,20.3\n", "name", "longer than 300"),
        (b"-2," + b"x" * 10_000_000 + b",Kruska,42.5,20.3\n", "line", "longer than 1 MB"),
    ],
    ids=["latin1", "nul", "columns", "quote", "nan", "blank", "longitude", "arabic digits", "long name", "10 MB line"],
)
def test_a_bad_line_costs_one_line(line: bytes, field: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(HEAD + GOOD + line + GOOD)
    first, bad, last = read_places(path)
    assert isinstance(first, PlaceRow) and isinstance(last, PlaceRow) and last.row_number == 4
    assert isinstance(bad, RowFault) and (bad.row, bad.field) == (3, field)
    assert said in bad.sentence


def test_a_heading_without_a_needed_column_ends_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(b"gns_ufi,label,lat,lon\n" + GOOD)
    [fault] = read_places(path)
    assert isinstance(fault, RowFault) and fault.row == 1 and "no column of names" in fault.sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"type":"FeatureCollection"}', "no list of features"),
        (b'{"features":[]}', "empty"),
        (b'{"features":[{"properties":{}', "broken JSON"),
        (b'{"features":[NaN]}', "broken JSON"),
        (b'{"features":[' + b"[" * 100_000, "nested too deeply"),
        (b'{"features":[{"properties":{"name":"\xff"}}]}', "not UTF-8"),
        (b'{"features":[7]}', "not a feature"),
        (b'{"features":[{} {}]}', "not a feature"),
        (b'{"features"', "expected"),
    ],
)
def test_broken_outline_files_are_answered(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_bytes(content)
    found = list(read_places(path))
    assert found and all(isinstance(row, RowFault) for row in found)
    assert any(said in str(fault) for fault in found)


def test_a_large_outline_file_is_streamed(tmp_path: Path) -> None:
    ring = ",".join(f"[20.{n:06d},42.{n:06d}]" for n in range(20_000))
    feature = '{"properties":{"ask_code":%d,"name_sq":"A"},"geometry":{"type":"Polygon","coordinates":[[%s,[20.000000,42.000000]]]}}'
    path = tmp_path / "x.geojson"
    path.write_text('{"features":[' + ",".join(feature % (n, ring) for n in range(1, 9)) + "]}")
    assert [row.external_id for row in rows(list(read_places(path)))] == [str(n) for n in range(1, 9)]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(list(PlaceFormat)))
def test_no_bytes_crash_a_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes, form: PlaceFormat) -> None:
    path = tmp_path_factory.mktemp("any") / "f"
    path.write_bytes(content)
    for row in itertools.islice(read_places(path, form=form), 50):
        assert isinstance(row, PlaceRow | RowFault)


@pytest.mark.skipif(not REAL.is_dir(), reason="the public gazetteers are not on this machine")
def test_the_public_files_are_read_whole() -> None:
    settlements = list(read_places(REAL / "kosovo_settlements.csv"))
    assert (len(rows(settlements)), len(faults(settlements))) == (2533, 0)
    areas = list(read_places(REAL / "kosovo_municipalities.geojson"))
    assert sorted(int(row.external_id) for row in rows(areas)) == list(range(1, 39)) and not faults(areas)
