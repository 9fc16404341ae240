"""Read the ends: where a picture stops, and what stands behind it.

Telephones write a short film or a second exposure behind a photograph, and that is noted. A page, a program or an archive there
means that one file was made to be taken for two; it is refused. The rule it guards: what is kept as a picture is a picture.
"""

from __future__ import annotations

import re

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SECOND = (
    (b"PK\x03\x04", "an archive"), (b"PK\x05\x06", "an archive"), (b"Rar!", "an archive"), (b"7z\xbc\xaf", "an archive"),
    (b"%PDF-", "a PDF"), (b"MZ", "a program"), (b"\x7fELF", "a program"), (b"#!", "a program"), (b"\xca\xfe\xba\xbe", "a program"),
    (b"<", "a page"),
)  # fmt: skip
_PAGE = re.compile(rb"<(?:!doctype|html|script|svg|\?xml|\?php|iframe|body)", re.IGNORECASE)


def hides_another(data: bytes, form: str) -> str:
    """Which other kind of file this would be taken for as well; empty when none is seen."""
    if b"%PDF-" in data[:1024]:
        return "a PDF"
    rest = data[end_of(data, form) :].lstrip(b"\x00\r\n\t ")
    if b"PK\x05\x06" in rest[-66_000:]:
        return "an archive"
    for mark, kind in _SECOND:
        if rest.startswith(mark) and (mark != b"<" or _PAGE.match(rest)):
            return kind
    return "a page" if _PAGE.search(rest[:4096]) else ""


def behind(data: bytes, form: str) -> str:
    """What stands behind the picture, in words; empty when nothing does."""
    rest = data[end_of(data, form) :].rstrip(b"\x00")
    if not rest:
        return ""
    kind = "another exposure" if rest.lstrip(b"\x00").startswith(b"\xff\xd8\xff") else "a film" if rest[4:8] == b"ftyp" else "other data"
    return f"{kind}, {len(rest)} bytes"


def passes(data: bytes) -> int:
    """In how many passes a JPEG is written, those of its thumbnails counted with them."""
    return data.count(b"\xff\xda")


def end_of(data: bytes, form: str) -> int:
    """Where the picture stops; the length of the file where that cannot be told."""
    if form == "WEBP":
        return min(len(data), 8 + int.from_bytes(data[4:8], "little") + int.from_bytes(data[4:8], "little") % 2)
    return _end_of_png(data) if form == "PNG" else _end_of_jpeg(data)


def _end_of_png(data: bytes) -> int:
    at = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return min(at, len(data))
    return len(data)


def _end_of_jpeg(data: bytes) -> int:
    at = 2
    while True:
        found = _MARKER.search(data, at)
        if found is None:
            return len(data)
        at = found.end()
        kind = data[at - 1]
        if kind == 0xD9:
            return at
        if kind not in (0x01, 0xD8):
            # A segment states its length; entropy-coded data behind a scan is passed over by the search for the next marker.
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
