"""The law, the visits and the obligations the tests of verifying and analysing work with. Invented, except the names of laws."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from people import People

from fairwitness.mission.models import Standard
from fairwitness.monitor.cover import state_coverage
from fairwitness.monitor.models import Activity, Coverage, Observation
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.visit import report_visit
from fairwitness.record.hand import command
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb
from fairwitness.verify.models import Obligation
from fairwitness.verify.state import state_obligation


def moment(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def law(code: str = "law-1", since: date | None = date(2008, 6, 15), until: date | None = None, **more: Any) -> Standard:
    """A law in force from and to."""
    before = Standard.objects.filter(code=code).first()
    if before is not None:
        return before
    made = Standard(
        code=code, title=more.pop("title", "Law on Local Self-Government"), kind="law", article="Article 53", text=more.pop("text", ""),
        in_force_from=since, in_force_to=until, source="https://example.org/law", **more,
    )  # fmt: skip
    made.keep(by=command(), verb=Verb.MANDATE_EDIT)
    return made


def promise(people: People, code: str = "COM-WORK", standard: Standard | None = None, **more: Any) -> Obligation:
    """An obligation stated by the analyst."""
    given = {"title": "The communities committee meets", "text": "Meets every month.", "measure": "Minutes of a meeting in the month"}
    return state_obligation(code=code, standard=standard or law(f"law-{code}"), by=people.hand(people.analyst), **{**given, **more})


def visit(people: People, day: str, place: str = "Prizren", who: Any = None) -> Activity:
    """A visit done on a day, 10:00 to 11:00."""
    with writing(command()):
        return report_visit(
            kind="visit", purpose="See the committee", place=people.places[place],
            started=moment(f"{day}T10:00"), ended=moment(f"{day}T11:00"),
            safety="none", by=people.hand(who or people.monitor),
        )  # fmt: skip


def saw(people: People, at: str, headline: str = "Sign overpainted", place: str = "Prizren", who: Any = None, **more: Any) -> Observation:
    """An observation of the monitor."""
    given = {"kind": "damage", "means": "saw", **more}
    return submit_observation(
        headline=headline, place=people.places[place], occurred_from=moment(at), by=people.hand(who or people.monitor), **given
    )


def watch(people: People, since: str, until: str, place: str = "Prizren", *, works: bool = True, device: str = "camera 1") -> Coverage:
    """A device that watched, or was down."""
    return state_coverage(
        place=people.places[place], means="recorded", device=device, since=moment(since), until=moment(until), operational=works,
        reason="" if works else "no power", by=people.hand(people.monitor),
    )  # fmt: skip
