"""Read bytes as text: UTF-8, or a refusal that names the encoding they seem to be in and what to do about it.

The rule it guards: no letter is guessed. A file in another encoding is never read as if it were in UTF-8, nor converted in silence.
"""

from __future__ import annotations

import csv
import io

from fairwitness.errors import NotReadable

_OTHERS = {b"PK\x03\x04": "DOCX, XLSX or ODT", b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "DOC or XLS", b"\x1f\x8b": "gzip"}
_SLAVIC = set("šžŠŽ".encode("cp1250"))
_MORE_SLAVIC = set("ćđĆĐ".encode("cp1250"))
_TURKISH = set("ışİŞ".encode("cp1254"))


def read_bytes(name: str, raw: bytes) -> str:
    """The text. NotReadable names the form or the encoding it seems to have when it is not in UTF-8."""
    form = next((words for start, words in _OTHERS.items() if raw.startswith(start)), None)
    if form:
        raise NotReadable("{file} is no text; it seems to be {form}. Save it as plain text or CSV in UTF-8.", file=name, form=form)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return text
    raise NotReadable(
        "{file} is not a text in UTF-8; it seems to be in {encoding}. Save it in UTF-8 or convert it: iconv -f {encoding} -t UTF-8.",
        file=name,
        encoding=guess_encoding(raw),
    )


def guess_encoding(raw: bytes) -> str:
    """The encoding that bytes which are not UTF-8 seem to be in, as `iconv` calls it. South-east Europe is looked for first."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    if b"\0" in raw:
        return "UTF-16LE" if raw[1::2].count(0) >= raw[::2].count(0) else "UTF-16BE"
    held = set(raw)
    letters = sum(byte >= 0xC0 for byte in raw)
    if letters > sum(chr(byte).isalpha() for byte in raw if byte < 0x80):
        return "WINDOWS-1251"
    if held & _TURKISH and not held & _SLAVIC:
        return "WINDOWS-1254"
    if held & _MORE_SLAVIC or (held & _SLAVIC and held & set("čČ".encode("cp1250"))):
        return "WINDOWS-1250"
    return "WINDOWS-1252"


def is_table(text: str) -> bool:
    """Is a text of unknown form a table: a short header and rows with as many cells?"""
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    alike = len(rows) > 1 and len(rows[0]) > 1 and {len(row) for row in rows} == {len(rows[0])}
    return alike and all(len(cell.split()) <= 5 and not cell.rstrip().endswith(".") for cell in rows[0])
