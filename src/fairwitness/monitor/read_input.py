"""Read what was sent, before anything is kept: every fault is collected, so that a person corrects a form once and not seven times.

A fault names the field and the remedy. The rule it guards: nothing half-written comes about, because nothing is
written until everything was read; and nothing is guessed, because what cannot be read is sent back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import available_timezones

from django.db.models import Model

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Place
from fairwitness.mission.read_time import ends_before, short
from fairwitness.mission.read_typed import LARGEST, read_word
from fairwitness.mission.tell_time import mission_zone
from fairwitness.monitor.count import parse_count

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(minutes=15)
M = TypeVar("M", bound=Model)


class Reading:
    """One reading of one thing sent. Ask for each value, then call `done`, which refuses with all faults at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, field: str, sentence: str) -> None:
        """Note what is wrong with a field and what to do about it."""
        self.faults.append(Fault(field, sentence))

    def done(self) -> None:
        """Raise BadInput with every fault found, if any."""
        if self.faults:
            raise BadInput.of(*self.faults)

    def text(self, field: str, given: Any, most: int, *, needed: bool = False) -> str:
        """Words of at most so many characters, stripped."""
        if given is not None and not isinstance(given, str):
            self.fault(field, "has to be written in words; it came as something else")
            return ""
        value: str = given or ""
        if len(value) > most:
            said = "is {long} characters long; {most} is the most, shorten it or attach it as a file"
            self.fault(field, say(said, long=len(value), most=most))
            return ""
        if "\x00" in value:
            self.fault(field, "holds a NUL character; remove it")
            return ""
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            self.fault(field, "holds half a character (a lone surrogate); type it again")
            return ""
        value = value.strip()
        if needed and not value:
            self.fault(field, "is empty; write it down")
        return value

    def why(self, value: Any, most: int = 500) -> str:
        """The reason of a correction."""
        said = self.text("why", value, most)
        if not said and not any(fault.field == "why" for fault in self.faults):
            self.fault("why", "is empty; say why this is corrected, the earlier words stay on record beside it")
        return said

    def only(self, changes: Iterable[str], correctable: Iterable[str]) -> None:
        """What is corrected may be corrected; the rest belongs to what was first kept."""
        for name in sorted(set(changes) - set(correctable)):
            self.fault(name, "cannot be corrected; it belongs to what was first kept")

    def whole(self, field: str, value: Any, *, most: int = LARGEST) -> int | None:
        """A whole number of zero or more, or nothing."""
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(field, "has to be a whole number, such as 3")
            return None
        if not 0 <= value <= most:
            self.fault(field, say("has to lie between 0 and {most}", most=most))
            return None
        return int(value)

    def moment(self, field: str, value: Any, *, needed: bool = False, past: bool = False) -> datetime | None:
        """A moment with its zone; with `past`, one that has been."""
        if value is None:
            if needed:
                self.fault(field, "is empty; give day and time, for example 13 May 2026, 14:20")
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.fault(field, "has to be a day and a time with its zone, for example 13 May 2026, 14:20")
            return None
        moment = value.astimezone(UTC) if value.year > 1 else EARLIEST - timedelta(1)
        if moment < EARLIEST:
            self.fault(field, "lies before 1900; check the year")
            return None
        if past and moment > datetime.now(UTC) + CLOCKS_DIFFER:
            self.fault(field, "lies in the future; what has not happened yet is planned, not reported. Check day and year")
            return None
        return moment

    def day(self, field: str, value: Any, *, needed: bool = False) -> date | None:
        """A day."""
        if value is None and not needed:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.fault(field, "has to be a day, for example 11 May 2026 or 11.05.2026")
            return None
        return date(value.year, value.month, value.day)

    def order(self, field: str, begin: Any, end: Any) -> None:
        """The end does not lie before the beginning."""
        if begin is not None and end is not None and end < begin:
            self.fault(field, ends_before())

    def one_of(self, field: str, value: Any, choices: Iterable[str]) -> str:
        """One of a few fixed words."""
        known = list(choices)
        if value in known and isinstance(value, str):
            return value
        self.fault(field, say("“{typed}” is not among: {known}", typed=short(value), known=", ".join(filter(None, known))))
        return known[0]

    def counted(self, text: Any, field: str = "count") -> dict[str, Any]:
        """The four columns of a count as typed; nothing typed means not counted, which is not zero."""
        nothing: dict[str, Any] = {"count_text": "", "count_low": None, "count_high": None, "qualifier": ""}
        if text is None or text == "":
            return nothing
        try:
            found = parse_count(text, field)
        except BadInput as error:
            self.faults += error.faults
            return nothing
        return {"count_text": found.text, "count_low": found.low, "count_high": found.high, "qualifier": found.qualifier}

    def sensitivity(self, value: Any, field: str = "sensitivity") -> int:
        """A step of the ladder of sensitivity."""
        try:
            return int(Sensitivity(value))
        except (ValueError, TypeError):
            self.fault(field, "is one of 0 public, 1 mission internal, 2 restricted, 3 confidential")
            return int(Sensitivity.CONFIDENTIAL)

    def zone(self, value: Any, field: str = "time_zone") -> str:
        """The zone the time was lived in; nothing means the mission's own."""
        if value in (None, ""):
            return mission_zone()
        if isinstance(value, str) and value in available_timezones():
            return value
        self.fault(field, say("“{typed}” is no time zone; write one as Europe/Belgrade", typed=short(value)))
        return "UTC"

    def thing(self, field: str, value: Any, model: type[M], *, needed: bool = True, remedy: str = "choose one from the list") -> M | None:
        """A kept thing of this kind, or nothing."""
        if value is None and not needed:
            return None
        if isinstance(value, model):
            return value
        do = say(remedy)
        self.fault(
            field, say("is missing; {do}", do=do) if value is None else say("“{typed}” is not known here; {do}", typed=short(value), do=do)
        )
        return None

    def place(self, value: Any, field: str = "place") -> Place | None:
        """A place of the mission."""
        return self.thing(field, value, Place, remedy="find the place under Find by any of its names, in any spelling")

    def term(self, field: str, value: Any, *vocabularies: str) -> str:
        """The code of a term, found by code, label or alias. A mission that keeps no such list takes any plain code."""
        word = self.text(field, value, 40, needed=True)
        if not word:
            return ""
        try:
            return read_word(word, field, *vocabularies)
        except BadInput as error:
            self.faults += error.faults
            return ""
