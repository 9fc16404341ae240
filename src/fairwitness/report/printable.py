"""What a printed report consists of, as plain data: its names and dates, its numbered paragraphs, what each sentence rests on.

Whoever prints hands over finished words; nothing is computed on the way to paper. The rule guarded here: a printable that
lacks its title, its issuer or its marking, cites a source it does not list, or lists one number twice, cannot be made.
"""

import datetime
from dataclasses import dataclass
from typing import Literal

from fairwitness.errors import say

Style = Literal["plain", "seen", "said", "tested", "calc", "quote"]
State = Literal["seen", "heard", "recorded", "reported", "alleged", "unable", "verified", ""]


class CannotPrint(Exception):
    """The report cannot be put on paper as it stands. The sentence says what, where, and what to do."""


@dataclass(frozen=True)
class Run:
    """Some words of one kind, and the numbers of the sources they rest on."""

    text: str
    style: Style = "plain"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    number: str
    runs: tuple[Run, ...]
    heading: str = ""


@dataclass(frozen=True)
class Source:
    """What a numbered note points to: its name, how the mission knows, its two ratings (A2), and a line about it."""

    number: str
    label: str
    state: State = ""
    grade: str = ""
    line: str = ""


@dataclass(frozen=True)
class Table:
    """`None` in a row means that nobody was there to look; it is hatched and says so. `numeric` names columns by place.

    `places`: the ids of the places the rows name, so that what leaves can name a small one by its municipality.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    note: str = ""
    numeric: tuple[int, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """An SVG of the house with its words for those who do not see it; `width` in percent of the column."""

    svg: str
    alt: str
    caption: str = ""
    width: int = 100


@dataclass(frozen=True)
class Ask:
    """One recommendation: one addressee, one act, one date, one indicator."""

    number: str
    addressee: str
    act: str
    due: str = ""
    indicator: str = ""


@dataclass(frozen=True)
class Line:
    """One entry on record, as the reader sees it."""

    seq: int
    at: str
    door: str
    post: str
    act: str


@dataclass(frozen=True)
class Proof:
    """Where the report stands in the public log, and the address at which anybody may check it."""

    origin: str
    size: int
    root: str
    address: str


@dataclass(frozen=True)
class Printable:
    symbol: str
    title: str
    issuer: str
    marking: str
    footnote: str
    language: str
    issued: datetime.date
    paragraphs: tuple[Paragraph, ...]
    demo_notice: str = ""
    kicker: str = ""
    language_note: str = ""
    cut_off: datetime.datetime | None = None
    time_zone: str = ""
    sources: tuple[Source, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Drawing, ...] = ()
    recommendations: tuple[Ask, ...] = ()
    history: tuple[Line, ...] = ()
    proof: Proof | None = None

    def __post_init__(self) -> None:
        for name in ("symbol", "title", "issuer", "marking", "language"):
            if not str(getattr(self, name)).strip():
                raise CannotPrint(say(
                    "The report has no {name}. Fill it in; a page without it must not leave the printer.",
                    name=name,
                ))
        if self.cut_off is not None and not self.time_zone.strip():
            raise CannotPrint("The report says as of when, but not in which time zone. Give the time zone.")
        self._check_notes()
        for table in self.tables:
            for place, row in enumerate(table.rows, 1):
                if len(row) != len(table.columns):
                    raise CannotPrint(
                        say(
                            "Table “{caption}”, row {place}: {count} cells for {columns} columns. Give one for each.",
                            caption=table.caption, place=place, count=len(row), columns=len(table.columns),
                        )
                    )

    def _check_notes(self) -> None:
        listed = [source.number for source in self.sources]
        twice = sorted({number for number in listed if listed.count(number) > 1})
        if twice:
            raise CannotPrint(say("Source {number} is listed twice. Number each source once.", number=twice[0]))
        for paragraph in self.paragraphs:
            for run in paragraph.runs:
                for number in run.notes:
                    if number not in listed:
                        raise CannotPrint(say(
                            "Paragraph {paragraph} cites source {number}, which is not listed. List it or take it out.",
                            paragraph=paragraph.number, number=number,
                        ))
