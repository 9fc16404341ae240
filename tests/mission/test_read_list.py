"""Lists as people really keep them are read; what would fill or fool the machine is refused with a sentence; nothing breaks the reader."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairwitness.errors import BadInput, NotReadable
from fairwitness.mission.list_lines import MOST_BYTES, bare
from fairwitness.mission.match_columns import Reading
from fairwitness.mission.read_cells import day, moment
from fairwitness.mission.read_list import ReadList, read_list
from fairwitness.mission.read_workbook import read_workbook

ZONE = Reading("Europe/Belgrade")
WORD = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def cells(found: ReadList) -> list[tuple[str, ...]]:
    return [row.cells for row in found.rows]


def a_book(**parts: bytes) -> bytes:
    """A small workbook; named parts replace its own."""
    book = openpyxl.Workbook()
    book.active.append(["Name", "Kind"])  # type: ignore[union-attr]
    book.active.append(["Prizren", "town"])  # type: ignore[union-attr]
    held = io.BytesIO()
    book.save(held)
    out = io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name, data in parts.items():
            if name not in old.namelist():
                new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_sensible_separator_and_encoding(sign: str, encoding: str) -> None:
    text = sign.join(("Emri", "Vendi", "Përshkrimi")) + "\r\n" + sign.join(("Ana", "Gjakovë", '"një, dy; tri"')) + "\r\n"
    found = read_list(text.encode(encoding))
    assert found.headings == ["Emri", "Vendi", "Përshkrimi"] and cells(found) == [("Ana", "Gjakovë", "një, dy; tri")] and not found.notes


def test_what_is_not_utf_8_is_read_as_windows_1250_and_said() -> None:
    data = "Mesto;Škola\nŠabac;Đura Jakšić\n".encode("windows-1250")
    found = read_list(data)
    assert cells(found) == [("Šabac", "Đura Jakšić")] and "windows-1250" in found.notes[0]
    assert read_list("Место;Број\nШабац;1\n".encode("windows-1251"), encoding="windows-1251").rows[0].cells == ("Шабац", "1")
    with pytest.raises(NotReadable, match="Line 1 is not UTF-8"):
        read_list(data, encoding="utf-8")
    with pytest.raises(NotReadable, match="not an encoding"):
        read_list(data, encoding="rot13")


def test_a_stated_separator_a_title_empty_rows_and_twin_headings() -> None:
    found = read_list(b"sep=;\nIncidents of 2025\n\nNo;Name;Name;\n1;a;b;c\n;;;\n2;d;e;\n")
    assert found.headings == ["No", "Name", "Name (2)", "Column D"]
    assert [(row.number, row.cells) for row in found.rows] == [(4, ("1", "a", "b", "c")), (6, ("2", "d", "e", ""))]


def test_every_row_is_there_however_many_stand_above() -> None:
    """The search for the headings looks ahead, and must give back what it looked at."""
    for many in (1, 28, 29, 30, 31, 32, 200):
        found = read_list(("A,B\n" + "".join(f"{n},x\n" for n in range(many))).encode())
        assert [row.cells[0] for row in found.rows] == [str(n) for n in range(many)]


def test_a_line_break_inside_a_value_does_not_move_the_numbers() -> None:
    found = read_list(b'A,B\n"one\ntwo",x\nthree,y\n')
    assert [(row.number, row.cells[0]) for row in found.rows] == [(2, "one\ntwo"), (4, "three")]


def test_a_shifted_row_and_an_error_of_a_formula_are_named() -> None:
    found = read_list(b"A,B\n1,2\n1,2,3\n#REF!,2\n")
    assert [bool(row.wrong) for row in found.rows] == [False, True, True]
    assert "shifted" in str(found.rows[1].wrong) and "#REF!" in str(found.rows[2].wrong)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"), (b"   \n", "empty"), (b"A,B\n", "no row below"), (b"%PDF-1.7 x", "neither"), (b"\x89PNG\r\n", "neither"),
        (b"PK\x03\x04 broken", "damaged"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "without a password"),
        (b'A,B\n1,"never closed' + b" x" * 40_000, "opened and not closed"), (b"x" * (MOST_BYTES + 1), "24 MB is the most"),
        (("A" + ",B" * 300 + "\n1\n").encode(), "300 columns|301 columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_remedy(data: bytes, said: str) -> None:
    with pytest.raises(NotReadable, match=said) as refused:
        read_list(data)
    assert refused.value.faults[0].field == "file"


def test_two_hundred_megabytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(NotReadable, match="200 MB large"):
        read_list(b"\0" * (200 << 20))


def test_bombs_are_refused() -> None:
    swollen = b"<worksheet>" + b" " * (40 << 20) + b"</worksheet>"
    with pytest.raises(NotReadable, match="unpacks to far more"):
        read_list(a_book(**{"xl/worksheets/sheet1.xml": swollen}))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as packed:
        for number in range(2_500):
            packed.writestr(f"xl/{number}.xml", "")
    with pytest.raises(NotReadable, match="parts"):
        read_list(many.getvalue())
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    noise = "".join(random.Random(1).choices("abcdefghijklmnop", k=(1 << 20) - 40)).encode()
    for coded in (laughs, laughs.decode().encode("utf-16"), b"<?xml version='1.0'?><!--" + noise + b"-->" + laughs[21:]):
        for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml"):
            with pytest.raises(NotReadable, match="document type"):
                read_list(a_book(**{part: coded}))
    away = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
    with pytest.raises(NotReadable, match="document type"):
        read_list(a_book(**{"xl/styles.xml": away}))


def test_a_lonely_cell_far_below_and_far_right_costs_nothing() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Kind"])
    sheet.append(["Prizren", "town"])
    sheet["A900000"] = "stray"
    held = io.BytesIO()
    book.save(held)
    assert cells(read_list(held.getvalue())) == [("Prizren", "town")]
    sheet["XFD2"] = "stray"
    held = io.BytesIO()
    book.save(held)
    with pytest.raises(NotReadable, match="beyond column 200"):
        read_list(held.getvalue())


def test_a_sheet_is_asked_for_by_name_also_a_hidden_one() -> None:
    book = openpyxl.Workbook()
    for name in ("Two", "Three"):
        sheet = book.create_sheet(name)
        sheet.append(["A", "B"])
        sheet.append([name, datetime(2026, 5, 11, 14, 20)])
    book["Three"].sheet_state = "veryHidden"
    held = io.BytesIO()
    book.save(held)
    assert cells(read_list(held.getvalue(), sheet="Three")) == [("Three", "2026-05-11 14:20")]
    with pytest.raises(NotReadable, match="Two, Three"):
        read_list(held.getvalue(), sheet="Four")
    assert read_workbook(held.getvalue(), "Two").hidden == ["Three"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("46153", date(2026, 5, 11)), ("46153.6", date(2026, 5, 11)), ("2026-05-11", date(2026, 5, 11)), ("11.05.2026", date(2026, 5, 11)),
        ("11. maj 2026", date(2026, 5, 11)), ("2026-05-11 14:20", date(2026, 5, 11)),
    ],
)  # fmt: skip
def test_days_however_they_are_written(cell: str, found: date) -> None:
    assert day(cell, ZONE) == found


def test_month_first_only_when_the_list_says_so() -> None:
    first = Reading("Europe/Belgrade", "mdy")
    assert day("05/11/2026", ZONE) == date(2026, 11, 5) and day("05/11/2026", first) == date(2026, 5, 11)
    for cell, reading in (("13/05/2026", first), ("11.05.26", ZONE), ("31.02.2026", ZONE), ("9999", ZONE), ("last week", ZONE)):
        with pytest.raises(BadInput):
            day(cell, reading)
    assert day("44691", Reading("Europe/Belgrade", from_1904=True)) == date(2026, 5, 11)


def test_a_day_without_a_time_stays_a_day() -> None:
    assert moment("11.05.2026 14:20", ZONE) == (datetime(2026, 5, 11, 12, 20, tzinfo=UTC), True)
    assert moment("46153.597222", ZONE)[0] == datetime(2026, 5, 11, 12, 20, tzinfo=UTC)
    assert moment("11.05.2026", ZONE)[1] is False and moment("46153", ZONE)[1] is False


def test_the_apostrophe_of_an_export_goes_and_every_other_stays() -> None:
    assert [bare(cell) for cell in ("'=1+1", "'-5", "'  +x", "'tis", "o'clock", "'", "''=1")] == [
        "=1+1", "-5", "  +x", "'tis", "o'clock", "'", "''=1",
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read_list(data)
    except NotReadable as error:
        assert error.faults


@settings(max_examples=80, deadline=None)
@given(st.binary(min_size=1, max_size=60), st.integers(0, 5_000), st.booleans())
def test_no_damage_to_a_workbook_breaks_the_reader(noise: bytes, at: int, over: bool) -> None:
    whole = a_book()
    begin = at % len(whole)
    data = whole[:begin] + noise + whole[begin + (len(noise) if over else 0) :]
    try:
        read_list(data)
    except NotReadable as error:
        assert error.faults


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"]))
def test_no_words_inside_a_workbook_break_the_reader(words: str, part: str) -> None:
    try:
        read_list(a_book(**{part: words.encode("utf-8", "replace")}))
    except NotReadable as error:
        assert error.faults


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORD, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_a_spreadsheet_would_write_is_read_back(rows: list[list[str]]) -> None:
    held = io.StringIO(newline="")
    csv.writer(held).writerows([["First", "Second", "Third"], *rows])
    wanted = [tuple(bare(cell) for cell in row) for row in rows if any(cell.strip() for cell in row)]
    if wanted:
        assert cells(read_list(held.getvalue().encode("utf-8"))) == wanted
