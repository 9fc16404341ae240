"""Read places and their names from the gazetteers that missions really have.

Four forms: the GeoNames dump (19 columns, no heading), the country file of the GEOnet Names Server (headed UFI, UNI, LAT …; one row
for each name of a place), GeoJSON outlines, and a table of settlements with a heading. `sniff` tells them apart by their content,
not by the name of the file.

The rule it guards: a bad line costs one line. Reading streams, can be resumed after any row, and answers broken text, missing
columns and impossible coordinates with a `RowFault`. Whoever keeps the rows decides what they mean; see `fold.normalise_name` for
letters that only look right.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from fairwitness.errors import NotReadable
from fairwitness.mission.place_rows import PlaceRow, RowFault, Unfit, a_coordinate, a_day, the_names
from fairwitness.mission.read_boundaries import read_boundaries

__all__ = ["PlaceFormat", "PlaceRow", "PlacesUnreadable", "RowFault", "read_places", "sniff"]
LONGEST_LINE = 1_000_000

_GEONAMES_COLUMNS = 19
_GNS_NEEDED = ("UFI", "LAT", "LONG", "DSG", "FULL_NAME_RO", "LC", "NT")
_TABLE_NEEDED = ("lat", "lon")
_GNS_FORM = {"N": "approved", "C": "conventional", "D": "unverified", "V": "variant", "H": "historic"}
_LANGUAGE = {"sqi": "sq", "alb": "sq", "srp": "sr", "scc": "sr", "tur": "tr", "bos": "bs", "rom": "rom", "eng": "en", "hrv": "hr"}
_CLASS_KIND = {"A": "administrative", "H": "water", "L": "area", "P": "settlement", "R": "road", "S": "site", "T": "relief", "V": "wood"}
_SETTLEMENT_KIND = {"PPLL": "hamlet", "PPLX": "quarter"} | dict.fromkeys(("PPLH", "PPLQ", "PPLW"), "former settlement")
_TABLE_NAMES = {"name_sr_cyrl": "sr"} | {f"name_{lang}": lang for lang in ("sq", "sr", "tr", "bs", "rom", "en")}


class PlaceFormat(StrEnum):
    """The forms of place file that can be read."""

    GEONAMES = "geonames"
    GNS = "gns"
    GEOJSON = "geojson"
    TABLE = "table"


class PlacesUnreadable(NotReadable):
    """The file as a whole is none of the forms that can be read."""

    code = "places_unreadable"


def sniff(path: Path) -> PlaceFormat:
    """Which of the four forms `path` has. Raises PlacesUnreadable with the reason."""
    try:
        with path.open("rb") as stream:
            head = stream.readline(LONGEST_LINE)
    except OSError as error:
        raise PlacesUnreadable("{file} cannot be opened: {reason}.", file=path.name, reason=error.strerror or "unknown") from None
    head = head.removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise PlacesUnreadable("{file} is empty or begins with an empty line; nothing was read.", file=path.name)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PlacesUnreadable("{file} is written in UTF-16; save it as UTF-8 and try again.", file=path.name)
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise PlacesUnreadable("{file} is compressed; unpack it and give the text file inside.", file=path.name)
    if head.lstrip().startswith(b"{"):
        return PlaceFormat.GEOJSON
    cells = head.decode("utf-8", "replace").rstrip("\r\n").split("\t")
    if {"UFI", "LAT", "LONG"} <= set(cells):
        return PlaceFormat.GNS
    if len(cells) == _GEONAMES_COLUMNS and cells[0].isdigit():
        return PlaceFormat.GEONAMES
    if set(_TABLE_NEEDED) <= set(_cells_of(head.decode("utf-8", "replace"))):
        return PlaceFormat.TABLE
    raise PlacesUnreadable(
        "{file} is none of the known forms: a GeoNames dump (19 columns separated by tabs), a GNS country file (heading with UFI,"
        " LAT, LONG), GeoJSON, or a table with a heading that has lat and lon.",
        file=path.name,
    )


def read_places(
    path: Path, *, form: PlaceFormat | None = None, after: int = 0, mapping: Mapping[str, str] | None = None
) -> Iterator[PlaceRow | RowFault]:
    """Every row of `path` after row `after`. Rows are lines counted from 1, headings included; in GeoJSON, features."""
    form = form or sniff(path)
    if form is PlaceFormat.GEOJSON:
        return read_boundaries(path, after=after, mapping=mapping)
    return _read_lines(path, form, after)


def _read_lines(path: Path, form: PlaceFormat, after: int) -> Iterator[PlaceRow | RowFault]:
    headed = form is not PlaceFormat.GEONAMES
    with path.open("rb") as stream:
        columns: list[str] = []
        for number, line in enumerate(_lines(stream), 1):
            if not (number == 1 and headed) and number <= after:
                continue
            try:
                cells = _split(line, form)
                if number == 1 and headed:
                    columns = _heading(cells, form)
                elif cells != [""]:
                    yield _READERS[form](number, cells, columns)
            except Unfit as unfit:
                yield RowFault(number, unfit.field, unfit.sentence)
                if number == 1 and headed:
                    return


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of the file; None for one that is too long, of which the rest is passed over without being held."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE)
        yield None


def _split(line: bytes | None, form: PlaceFormat) -> list[str]:
    if line is None:
        raise Unfit("line", f"longer than {LONGEST_LINE // 1_000_000} MB; this is not a line of a gazetteer. It was passed over.")
    if b"\x00" in line:
        raise Unfit("line", "holds a NUL byte; the file was damaged or is not text. Fetch it again.")
    try:
        text = line.decode("utf-8").removeprefix("\ufeff").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Unfit("line", f"not UTF-8 at byte {error.start + 1} of the line; save the file as UTF-8.") from None
    return _cells_of(text) if form is PlaceFormat.TABLE else text.split("\t")


def _cells_of(text: str) -> list[str]:
    try:
        return next(csv.reader([text.rstrip("\r\n")], strict=True), [""])
    except csv.Error:
        raise Unfit("line", "quotation marks do not close on this line; each settlement stands on one line.") from None


def _heading(cells: list[str], form: PlaceFormat) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for needed in _GNS_NEEDED if form is PlaceFormat.GNS else _TABLE_NEEDED:
        if needed not in columns:
            raise Unfit(needed, "this column is missing from the heading; nothing of the file was read.")
    if form is PlaceFormat.TABLE and not any(column in _TABLE_NAMES for column in columns):
        raise Unfit("name", f"the heading has no column of names; one of {', '.join(_TABLE_NAMES)} is needed.")
    if doubled := {column for column in columns if column and columns.count(column) > 1}:
        raise Unfit(min(doubled), "this column stands twice in the heading; nothing of the file was read.")
    return columns


def _count(cells: list[str], wanted: int) -> None:
    if len(cells) != wanted:
        raise Unfit("columns", f"{len(cells)} columns where {wanted} are expected; a separator is missing or too many.")


def _geonames(number: int, cells: list[str], _columns: list[str]) -> PlaceRow:
    _count(cells, _GEONAMES_COLUMNS)
    if not cells[0].isdigit():
        raise Unfit("geonameid", f"“{cells[0][:40]}” is not a GeoNames number.")
    names = [(cells[1], "und", "main"), *((other, "und", "variant") for other in cells[3].split(",") if other.strip() != cells[1].strip())]
    hint = ".".join(part for part in (cells[8], cells[10], cells[11]) if part) or None
    kind = _SETTLEMENT_KIND.get(cells[7], _CLASS_KIND.get(cells[6], "other"))
    lat, lon = a_coordinate(cells[4], "latitude", 90), a_coordinate(cells[5], "longitude", 180)
    changed = a_day(cells[18], "modification date")
    return PlaceRow(number, cells[0], "GeoNames", kind, the_names(names), lat, lon, hint, None, cells[7], changed)


def _gns(number: int, cells: list[str], columns: list[str]) -> PlaceRow:
    _count(cells, len(columns))
    row = dict(zip(columns, cells, strict=True))
    if row["FULL_NAME_RO"].strip().upper() == "NAME NOT KNOWN":
        raise Unfit("FULL_NAME_RO", "the gazetteer itself says the name is not known; the row was passed over.")
    if not row["UFI"].removeprefix("-").isdigit():
        raise Unfit("UFI", f"“{row['UFI'][:40]}” is not a GNS number.")
    language = _LANGUAGE.get(row["LC"], row["LC"] or "und")
    names = the_names([(row["FULL_NAME_RO"], language, _GNS_FORM.get(row["NT"][:1], "variant"))])
    kind = _SETTLEMENT_KIND.get(row["DSG"], _CLASS_KIND.get(row.get("FC", "P" if row["DSG"].startswith("PPL") else ""), "other"))
    lat, lon = a_coordinate(row["LAT"], "LAT", 90), a_coordinate(row["LONG"], "LONG", 180)
    extra = {"uni": row["UNI"]} if row.get("UNI") else {}
    changed = a_day(row.get("MODIFY_DATE") or "", "MODIFY_DATE")
    return PlaceRow(number, row["UFI"], "GNS", kind, names, lat, lon, row.get("ADM1") or None, None, row["DSG"], changed, extra)


def _table(number: int, cells: list[str], columns: list[str]) -> PlaceRow:
    _count(cells, len(columns))
    row = dict(zip(columns, cells, strict=True))
    found = [(row[c], lang, row.get(f"{c.removesuffix('_cyrl')}_status") or "main") for c, lang in _TABLE_NAMES.items() if c in row]
    found += [(other, "und", "variant") for other in row.get("other_names", "").split("|")]
    names = the_names(found)
    authority = "GNS" if row.get("gns_ufi") else "GeoNames" if row.get("geonames_id") else "table"
    external_id = row.get("gns_ufi") or row.get("geonames_id") or row.get("code") or ""
    if not external_id.strip():
        raise Unfit("code", "nothing identifies this settlement; fill gns_ufi, geonames_id or code.")
    lat, lon = a_coordinate(row["lat"], "lat", 90), a_coordinate(row["lon"], "lon", 180)
    kind = _SETTLEMENT_KIND.get(row.get("feature", ""), "settlement")
    hint = f"ask:{row['ask_code']}" if row.get("ask_code") else row.get("parent") or None
    extra = {key: row[key] for key in ("geonames_id", "municipality_sq") if row.get(key)}
    changed = a_day(row.get("gns_modified") or "", "gns_modified")
    return PlaceRow(number, external_id.strip(), authority, kind, names, lat, lon, hint, None, row.get("feature", ""), changed, extra)


_READERS: dict[PlaceFormat, Callable[[int, list[str], list[str]], PlaceRow]] = {
    PlaceFormat.GEONAMES: _geonames,
    PlaceFormat.GNS: _gns,
    PlaceFormat.TABLE: _table,
}
