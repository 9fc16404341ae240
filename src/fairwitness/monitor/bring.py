"""Bring incidents: a list that somebody kept becomes observations, or events, each linked to its row.

What an authority wrote down is brought as *received from an authority*, never as seen by us: the means is a needed field. The rule it
guards: what a person told us is a claim, with source and consent, and no list brings those; a count keeps its “about”;
a day without a time stays a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.match_columns import NUMBER, Column, Making, Target, register
from fairwitness.mission.read_cells import moment, places, text, words
from fairwitness.monitor.models import Event, Observation
from fairwitness.monitor.number import number_many, series_of
from fairwitness.monitor.observe import KINDS
from fairwitness.monitor.read_input import Reading
from fairwitness.record.verbs import Verb


def _when(values: Mapping[str, Any], making: Making, reading: Reading) -> dict[str, Any]:
    """From, until and how exactly: to the minute where the list has a time, else the day."""
    begin: tuple[datetime, bool] | None = values["occurred_from"]
    end: tuple[datetime, bool] | None = values["occurred_until"]
    timed = bool(begin and begin[1])
    found: dict[str, Any] = {
        "occurred_from": reading.moment("occurred_from", _at(begin, 0), past=True),
        "occurred_until": reading.moment("occurred_until", _at(end, 0), past=True),
        "precision": "minute" if timed else "day" if begin else "unknown", "time_zone": making.zone,
    }  # fmt: skip
    reading.order("occurred_until", found["occurred_from"], found["occurred_until"])
    return found


def _at(said: tuple[datetime, bool] | None, hour: int) -> datetime | None:
    """A day without a time begins when the day does."""
    return None if said is None else said[0] if said[1] else said[0].replace(hour=hour, minute=0)


def _more(values: Mapping[str, Any]) -> str:
    """What the list says beyond our fields, line by line under its own headings."""
    lines = [f"{heading}: {cell}" for heading, cell in values["more"]]
    return "\n".join([values["text"] or "", *lines]).strip()


def _observation(values: Mapping[str, Any], making: Making) -> Observation:
    reading = Reading()
    if values["means"] == "interlocutor":
        reading.fault("means", say("is what somebody told you; write it down as a claim, with its source and consent"))
    text_ = reading.text("text", _more(values), 20_000)
    made = Observation(
        unit=making.imported.unit, sensitivity=making.imported.sensitivity, headline=values["headline"], kind=values["kind"],
        means=values["means"], place=values["place"], text=text_, limits=values["limits"] or "",
        public_source=values["public_source"] or "", **_when(values, making, reading), **reading.counted(values["count"] or ""),
    )  # fmt: skip
    reading.done()
    return made


def _event(values: Mapping[str, Any], making: Making) -> Event:
    reading = Reading()
    made = Event(
        unit=making.imported.unit, sensitivity=making.imported.sensitivity, title=values["title"], kind=values["kind"],
        place=values["place"], **_when(values, making, reading),
    )  # fmt: skip
    reading.done()
    return made


def _headline(cell: str, _with: Any) -> str:
    if len(cell) > 200:
        raise BadInput.of(Fault("", say("is {many} characters long; 200 is the most. Match the long text with Text.", many=len(cell))))
    return cell


WHEN = (
    Column("occurred_from", "When, or from", moment, needed=True,
           called=("date", "when", "data", "datum", "day", "date and time", "event date")),
    Column("occurred_until", "Until", moment, called=("to", "end", "until", "end date")),
)  # fmt: skip
WHERE = ("place", "municipality", "location", "settlement", "village", "komuna", "opština", "vendi", "mesto", "mjesto")
OWN = Column(NUMBER, "Number in the list", text(80), called=("no", "nr", "id", "number", "case", "case number", "rb"))
register(
    Target(
        "incidents", "Incidents, as observations", Verb.OBSERVATION_SUBMIT, Observation,
        (
            OWN,
            Column("headline", "Headline", _headline, needed=True, called=("title", "incident", "summary", "subject", "incidenti")),
            Column("kind", "Kind", needed=True, called=("type", "category", "lloji", "vrsta"), **words(*KINDS)),
            Column("means", "How it is known", needed=True, called=("means", "source type"),
                   hint="For a list of the police: received from an authority.", **words("means")),
            Column("place", "Place", needed=True, called=WHERE, **places()),
            *WHEN,
            Column("count", "How many", text(60), called=("count", "number of persons", "victims", "participants")),
            Column("text", "Text", text(20_000), called=("description", "details", "narrative", "përshkrimi", "opis")),
            Column("limits", "Limits", text(5_000), called=("remarks on limits",)),
            Column("public_source", "Public source", text(500), called=("url", "link", "source")),
            Column("more", "Below the text, with its heading", text(20_000), many=True),
        ),
        _observation, number=lambda things, making: number_many(things, lambda one: series_of(making.imported.unit.code)),
    )
)
register(
    Target(
        "events", "Events", Verb.EVENT_OPEN, Event,
        (
            OWN,
            Column("title", "Title", _headline, needed=True, called=("headline", "event", "incident", "summary")),
            Column("kind", "Kind", needed=True, called=("type", "category", "lloji", "vrsta"), **words(*KINDS)),
            Column("place", "Place", needed=True, called=WHERE, **places()),
            *WHEN,
        ),
        _event, number=lambda things, making: number_many(things, lambda one: series_of(making.imported.unit.code, "E")),
    )
)
