"""What every part of a mission pack is made of: dates, codes, numbers, and the question "how do you know?".

The rule it guards: every fact names the public address it was taken from (`source`), or carries a mark saying that it was not:
`editable` (a sensible default the mission should set itself), `demonstration` (an assignment made up so that the system can be
shown) or `invented` (made up outright, for exercises). Nothing that was made up can pass for something that was read.
"""

from __future__ import annotations

import calendar
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z", re.ASCII)


def a_date(text: Any) -> Any:
    """A year, month or day as ISO text, checked against the calendar. Precision is what was written, no more."""
    if text is None or text == "":
        return ""
    text = str(text).strip()
    if dotted := _DOTTED.match(text):
        day, month, year = dotted.groups()
        impossible = _calendar(int(year), int(month), int(day))
        raise ValueError(f"“{text}” is written day.month.year{impossible}; write year-month-day, as 2010-02-28")
    found = _ISO.match(text)
    if not found:
        raise ValueError(f"“{text[:40]}” is not a date; write 2010, 2010-02 or 2010-02-28")
    year, month, day = (int(part) if part else 1 for part in found.groups())
    if fault := _calendar(year, month, day):
        raise ValueError(f"“{text}” is not a date{fault}")
    return text


def _calendar(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f" (there is no month {month})"
    if not 1900 <= year <= 2200:
        return f" (the year {year} lies outside 1900 to 2200)"
    last = calendar.monthrange(year, month)[1]
    return "" if 1 <= day <= last else f" (that month has {last} days)"


def _a_code(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9:._/-]{0,79}", text, re.ASCII):
        raise ValueError(f"“{text[:40]}” is not a code; use up to 80 letters without marks, digits and : . _ / -")
    return text


def _a_number(text: Any) -> Any:
    """Numbers stay as written, as text; a blank is a gap, not a nought."""
    if text is None or text == "":
        return ""
    if isinstance(text, bool):
        raise ValueError("a number is needed here, not yes or no")
    try:
        if not Decimal(str(text)).is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError(f"“{str(text)[:40]}” is not a number; write digits with a decimal point and no thousands mark") from None
    return str(text).strip()


def _several(text: Any) -> Any:
    """In a table, several codes share a cell, parted by |."""
    return [part.strip() for part in text.split("|") if part.strip()] if isinstance(text, str) else text


When = Annotated[str, BeforeValidator(a_date)]
Code = Annotated[str, AfterValidator(_a_code)]
Number = Annotated[str, BeforeValidator(_a_number)]
Codes = Annotated[list[str], BeforeValidator(_several)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Mark = Literal["", "editable", "demonstration", "invented"]


class Part(BaseModel):
    """Anything in a pack. It knows the file and the line it was read from."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    _file: str = PrivateAttr("")
    _line: int = PrivateAttr(0)

    @property
    def at(self) -> tuple[str, int]:
        """The file and the line this was read from."""
        return self._file, self._line

    def found_at(self, file: str, line: int) -> None:
        """Said once, by the reader."""
        self._file, self._line = file, line


class Fact(Part):
    """A part that answers the question: how do you know?"""

    source: str = ""
    mark: Mark = ""
    note: str = ""

    @model_validator(mode="after")
    def _says_where_from(self) -> Self:
        if not self.source and not self.mark:
            raise ValueError("give the source (an address), or mark it editable, demonstration or invented")
        return self

    @property
    def public(self) -> bool:
        """Whether it was read in a public source rather than set by somebody."""
        return bool(self.source) and not self.mark


class Spell(Fact):
    """A fact that holds from a day to a day; blank is open."""

    valid_from: When = ""
    valid_to: When = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to[: len(self.valid_from)] < self.valid_from[: len(self.valid_to)]:
            raise ValueError(f"ends ({self.valid_to}) before it begins ({self.valid_from})")
        return self
