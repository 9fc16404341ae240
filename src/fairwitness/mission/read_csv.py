"""Read a text file of values: whatever sign stands between them, in whichever encoding it was saved.

UTF-8 is tried first. What is not UTF-8 is read as Windows-1250 (Albanian, Bosnian, Serbian in Latin letters) and that is said, because
nobody can know it from the bytes. The rule it guards: a quotation mark that is never closed must not swallow the rest of a list.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

from fairwitness.errors import Sentence, say
from fairwitness.mission.list_lines import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Line, Lines, unreadable

ENCODINGS = ("utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252", "iso-8859-2", "mac_roman")
SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 60
csv.field_size_limit(LONGEST_CELL)


def read_csv(data: bytes, encoding: str = "") -> Lines:
    """The lines of a text file. Raises NotReadable."""
    text, used, notes = _decode(data, encoding)
    separator, text = _separator(text)
    return Lines(_lines(text, separator), encoding=used, notes=notes)


def _decode(data: bytes, encoding: str) -> tuple[str, str, list[Sentence]]:
    if encoding and encoding not in ENCODINGS:
        known = ", ".join(ENCODINGS)
        raise unreadable("“{encoding}” is not an encoding that is read here; choose one of {known}.", encoding=encoding[:30], known=known)
    if not encoding and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    if not encoding or encoding == "utf-8":
        try:
            return data.decode("utf-8-sig"), "utf-8", []
        except UnicodeDecodeError as error:
            if encoding:
                line = data.count(b"\n", 0, error.start) + 1
                raise unreadable("Line {line} is not UTF-8. Choose the encoding in which the file was saved.", line=line) from None
    guessed = encoding or "windows-1250"
    try:
        text = data.decode(guessed, errors="strict" if encoding else "replace")
    except UnicodeDecodeError:
        raise unreadable("The file is not {encoding}. Choose another encoding, or save it as UTF-8.", encoding=guessed) from None
    note = say("The file is not UTF-8 and was read as {encoding}. Look at ë, ç, š, đ in the rows below; choose another encoding if they"
               " are wrong.", encoding=guessed)  # fmt: skip
    return text, guessed, [] if encoding else [note]


def _separator(text: str) -> tuple[str, str]:
    """The sign between the values, and the text without the line that states it."""
    first, _, rest = text.partition("\n")
    stated = first.strip().casefold()
    if stated.startswith("sep=") and len(stated) == 5:
        return first.strip()[4], rest
    best, most = ",", 0.0
    for separator in SEPARATORS:
        widths = Counter(len(row) for _, row in _sample(text, separator))
        if not widths:
            continue
        width, lines = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]))
        weight = width * lines / sum(widths.values()) if width > 1 else 0.0
        if weight > most:
            best, most = separator, weight
    return best, text


def _sample(text: str, separator: str) -> Iterator[Line]:
    """The first lines, cut off where the sample ends, as this separator would part them."""
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator)):
            if number == SAMPLE:
                return
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error:
        return


def _lines(text: str, separator: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    began, read = 1, 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise unreadable("A quotation mark in line {line} is opened and not closed. Close it, or save the list from the spreadsheet"
                             " again.", line=began) from None  # fmt: skip
        if row is None:
            return
        if len(row) > MOST_COLUMNS:
            raise unreadable("Line {line} has {many} columns; {most} is the most.", line=began, many=len(row), most=MOST_COLUMNS)
        if any(cell.strip() for cell in row):
            read += 1
            if read > MOST_ROWS:
                raise unreadable("The list has more than {most} rows. Cut it into several files.", most=f"{MOST_ROWS:,}")
            yield began, row
        began = reader.line_num + 1
