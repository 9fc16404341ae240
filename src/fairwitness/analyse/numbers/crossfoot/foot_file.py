"""Foot a file: a table or a text, whichever it is, and its cells of words with it.

The rule it guards: a file in which nothing can be held against anything is refused; silence would read as approval.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fairwitness.analyse.numbers.crossfoot.foot_changes import Change
from fairwitness.analyse.numbers.crossfoot.foot_clock import foot_delays
from fairwitness.analyse.numbers.crossfoot.foot_places import Seen, foot_places, note_columns
from fairwitness.analyse.numbers.crossfoot.foot_table import foot_table
from fairwitness.analyse.numbers.crossfoot.foot_text import foot_paragraphs, foot_text
from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity
from fairwitness.analyse.numbers.crossfoot.read_bytes import is_table, read_bytes
from fairwitness.analyse.numbers.read_table import Table, parse_table, read_table
from fairwitness.errors import NotReadable

TABLES = (".csv", ".tsv", ".gz")
TEXTS = (".txt", ".md", ".text")
MOST_BYTES = 5_000_000


def foot_file(path: Path) -> tuple[Table, list[Identity], list[Change]]:
    """The identities of a CSV table or of a text (`.txt`, `.md`). NotReadable when it is neither, or not in UTF-8."""
    kind = path.suffix.lower()
    if kind not in (*TABLES, *TEXTS):
        raise NotReadable("{file} is neither a table (.csv) nor a text (.txt, .md).", file=path.name)
    try:
        raw = path.read_bytes()
    except OSError as why:
        raise NotReadable("{file} cannot be read: {why}.", file=str(path), why=why.strerror or "") from why
    if kind == ".gz":
        return _foot_table(read_table(path))
    return foot_bytes(path.name, raw, table=kind in TABLES)


def foot_bytes(name: str, raw: bytes, *, table: bool | None = None) -> tuple[Table, list[Identity], list[Change]]:
    """The identities of the bytes of a table or of a text; of whichever it looks like when `table` is None."""
    if not table and len(raw) > MOST_BYTES:
        raise NotReadable("{file} is longer than 5 MB; divide it.", file=name)
    text, digest = read_bytes(name, raw), sha256(raw).hexdigest()
    if table or (table is None and is_table(text)):
        return _foot_table(parse_table(name, text, digest))
    found, changes = foot_text(text)
    return Table(name, digest, {}, len(text.splitlines())), found, changes


def _foot_table(table: Table) -> tuple[Table, list[Identity], list[Change]]:
    """The identities of a table and of its cells of words."""
    found, changes = foot_table(table.columns)
    places: Seen = {}
    note_columns(table.columns, places)
    found = [*found, *foot_delays(table.columns), *foot_places(places)]
    words = [
        [(f"row {row + 2}, {name}", cells[row])]
        for row in range(table.rows)
        for name, cells in table.columns.items()
        if cells[row].count(" ") >= 2
    ]
    said, more = foot_paragraphs(words)
    return table, list(dict.fromkeys(found + said)), changes + more
