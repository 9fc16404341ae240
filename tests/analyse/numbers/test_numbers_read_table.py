"""A plain file becomes columns, or every fault in it is named with its row."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from fairwitness.analyse.numbers.read_table import read_table
from fairwitness.errors import BadInput, NotReadable


def written(folder: Path, text: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_of_a_file(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "week;count\n2026-01-05;3\n2026/01/12;NA\n"))
    assert table.rows == 2
    assert [str(day) for day in table.days("week")] == ["2026-01-05", "2026-01-12"]
    assert np.array_equal(table.counts("count", missing=True), [3.0, np.nan], equal_nan=True)


def test_a_packed_file_reads_alike(tmp_path: Path) -> None:
    plain = read_table(written(tmp_path, "a,b\n1,2\n"))
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert read_table(packed).columns == plain.columns


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("-1", "below 0"),
        ("1.5", "not a whole number"),
        ("NaN", "“NaN” is no count; write how many, and 0 only where somebody looked"),
        ('""', "is empty; write 0 only where somebody looked"),
        ("inf", "not a number"),
        ("x", "not a number"),
    ],
)
def test_a_count_that_is_none_is_named_with_its_row(tmp_path: Path, cell: str, words: str) -> None:
    table = read_table(written(tmp_path, f"count\n4\n{cell}\n"))
    with pytest.raises(BadInput) as refused:
        table.counts("count")
    assert words in str(refused.value)
    assert "t.csv, row 3, count" in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("NaN", "“NaN” is not a number"),
        ("NA", "“NA” is not a number"),
        ('""', "is empty; write a number"),
        ("north", "“north” is not a number"),
    ],
)
def test_a_number_that_is_none_is_told_nothing_of_counts(tmp_path: Path, cell: str, words: str) -> None:
    table = read_table(written(tmp_path, f"latitude\n42.6\n{cell}\n"))
    with pytest.raises(BadInput) as refused:
        table.numbers("latitude")
    assert words in str(refused.value) and "somebody looked" not in str(refused.value)
    assert "t.csv, row 3, latitude" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "empty"), ("a,a\n1,2\n", "twice"), ("a,b\n1\n", "has 1 cells; the header has 2")],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_table(written(tmp_path, text))


def test_a_picture_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\x89PNG\xff\xfe\x00")
    with pytest.raises(NotReadable, match="UTF-8"):
        read_table(path)


def test_many_faults_are_counted_not_listed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="and 30 faults more"):
        read_table(written(tmp_path, "n\n" + "x\n" * 50)).counts("n")


def test_a_misspelt_column_names_the_ones_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="it has place, n"):
        read_table(written(tmp_path, "place,n\na,1\n")).texts("plaze")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="cannot be read"):
        read_table(tmp_path / "none.csv")
