"""What one line of a foreign gazetteer says about a place, before the mission makes anything of it.

The rule it guards: a reader passes on, it does not decide. Names keep the spelling of the file, coordinates keep the digits of the
file (as text: a rounded coordinate is another place), and what cannot be read becomes a `RowFault` that names row, column and
remedy while the reading goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fairwitness.errors import BadInput
from fairwitness.mission.fold import script_of
from fairwitness.mission.read_time import read_day

_NUMBER = re.compile(r"[+-]?\d{1,3}(\.\d{1,20})?\Z", re.ASCII)
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class RowName:
    """A name as the file has it. `form` is the file's own standing of it: approved, variant, unverified, main, house …"""

    text: str
    lang: str
    script: str
    form: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row. In a GNS file a place has one row for each of its names: rows with the same external_id belong together."""

    row_number: int
    external_id: str
    authority: str
    kind: str
    names: tuple[RowName, ...]
    lat: str | None
    lon: str | None
    parent_hint: str | None = None
    boundary: dict[str, Any] | None = None
    feature: str = ""
    modified: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that was passed over: which one, which column, what to do about it."""

    row: int
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.field}: {self.sentence}"


class Unfit(Exception):
    """Raised inside a reader when a row cannot be taken; becomes a RowFault."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field_name, sentence


def a_day(text: str, name: str) -> str | None:
    """A day of the calendar as YYYY-MM-DD, or nothing where none is given."""
    if not text.strip():
        return None
    try:
        return read_day(text.strip(), name).isoformat()
    except BadInput as wrong:
        raise Unfit(name, " ".join(str(fault.sentence) for fault in wrong.faults)) from None


def a_coordinate(text: str, name: str, limit: int) -> str:
    """`text` unchanged (but for outer spaces and a plus sign) when it is a decimal degree within ± `limit`."""
    trimmed = text.strip()
    if not _NUMBER.match(trimmed):
        if re.fullmatch(r"[+-]?\d+,\d+", trimmed):
            raise Unfit(name, f"“{trimmed}” has a decimal comma; write {trimmed.replace(',', '.')}.")
        raise Unfit(name, f"“{trimmed[:40]}” is not a number of decimal degrees; write it as in 42.2139.")
    if abs(Decimal(trimmed)) > limit:
        raise Unfit(name, f"{trimmed} lies outside -{limit} to {limit}; check whether latitude and longitude changed places.")
    return trimmed.removeprefix("+")


def the_names(found: Iterable[tuple[str, str, str]]) -> tuple[RowName, ...]:
    """(text, language, form) triples as names, each spelling once per language; Serbian gets its script from its letters."""
    names: dict[tuple[str, str], RowName] = {}
    for text, lang, form in found:
        clean = text.strip()
        if not clean:
            continue
        if len(clean) > LONGEST_NAME:
            raise Unfit("name", f"a name of {len(clean)} characters is longer than {LONGEST_NAME}; the columns may have shifted.")
        script = script_of(clean)
        tag = f"sr-{script}" if lang == "sr" and script in {"Latn", "Cyrl"} else lang
        names.setdefault((clean, tag), RowName(clean, tag, script, form))
    if not names:
        raise Unfit("name", "no name in this row; add one or leave the row out.")
    return tuple(names.values())
