"""A week in Prizren for the tests of reports: three visits, what was seen, what was told, one delay; a head who issues. No persons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from people import People

from fairwitness.analyse.models import Assessment
from fairwitness.mission.models import Area, Footnote, Member, Post, Tenure
from fairwitness.monitor.models import Activity, Claim, Consent, Observation, Restriction, Source
from fairwitness.record.hand import Hand, command
from fairwitness.record.verbs import Verb
from fairwitness.report.draft import start_report
from fairwitness.report.models import Report

BY = command()


def day(number: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of May 2026, in UTC; the mission's clock is two hours ahead."""
    return datetime(2026, 5, number, hour, minute, tzinfo=UTC)


@dataclass
class Week:
    """What happened, by short names."""

    people: People
    things: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """A thing by its name."""
        return self.things[name]

    def hand(self, who: str) -> Hand:
        """A fresh hand of one of the people."""
        return self.people.hand(self.things["head"] if who == "head" else getattr(self.people, who))

    def report(self, **given: Any) -> Report:
        """A weekly draft by the drafter."""
        wanted: dict[str, Any] = {
            "kind": "weekly", "title": "Weekly report, Prizren area", "unit": self.people.units["PZ-T1"], "sensitivity": 1,
            "period": (date(2026, 5, 11), date(2026, 5, 17)), "cut_off": day(17, 17, 30), "by": self.hand("drafter"), **given,
        }  # fmt: skip
        return start_report(**wanted)

    def claim(
        self, code: str, state: str, *, uses: tuple[str, ...] = ("internal",), grade: tuple[str, int] | None = ("B", 3), **more: Any
    ) -> Claim:
        """A claim of a new source, with consent for these uses and a rating."""
        unit, place = self.people.units["PZ-T1"], self.people.places["Planjane"]
        source = Source(code=f"S-{code}", category=more.pop("category", "resident"), unit=unit, sensitivity=1)
        source.keep(by=BY, verb=Verb.SOURCE_REGISTER)
        claim = Claim(
            code=code, source=source, unit=unit, sensitivity=1, place=place, kind="arrest", language="sq", told=day(13), state=state,
            time_zone="Europe/Belgrade", **{"headline": "a man was arrested in the morning", **more},
        )  # fmt: skip
        claim.keep(by=BY, verb=Verb.CLAIM_SUBMIT)
        for use in uses:
            Consent(source=source, use=use, given=date(2026, 5, 13), language="sq").keep(by=BY, verb=Verb.CONSENT_GIVE)
        if grade:
            Assessment(
                claim=claim, unit=unit, sensitivity=1, source_grade=grade[0], information_grade=grade[1], reason="test",
                assessed_by=self.people.analyst, assessed=day(14),
            ).keep(by=BY, verb=Verb.ASSESSMENT_MAKE)  # fmt: skip
        return claim

    def observation(self, code: str, means: str = "saw", **more: Any) -> Observation:
        """Something perceived in the village."""
        seen = Observation(
            code=code, means=means, unit=self.people.units["PZ-T1"], sensitivity=1, place=more.pop("place", self.people.places["Planjane"]),
            kind="sign", occurred_from=more.pop("at", day(13)), time_zone="Europe/Belgrade",
            **{"headline": "one language had been painted over on road signs", "count_low": 3, "count_high": 3,
               "qualifier": "exact", **more},
        )  # fmt: skip
        seen.keep(by=BY, verb=Verb.OBSERVATION_SUBMIT)
        return seen


@pytest.fixture
def week(people: People) -> Week:
    """The week."""
    made = Week(people)
    unit, places = people.units["PZ-T1"], people.places
    Area(unit=unit, place=places["Leposavić"], invented=True).keep(by=BY, verb=Verb.AREA_EDIT)
    for number, place in ((11, "Prizren"), (13, "Planjane"), (14, "Prizren")):
        Activity(
            code=f"PZ-A{number}", kind="visit", purpose="Municipal signs", place=places[place], unit=unit, sensitivity=1, state="done",
            started=day(number, 8), ended=day(number, 12), time_zone="Europe/Belgrade", safety="none",
        ).keep(by=BY, verb=Verb.ACTIVITY_REPORT)  # fmt: skip
    restriction = Restriction(
        code="PZ-R1", unit=unit, sensitivity=1, place=places["Prizren"], kind="delayed", actor="a road works crew", began=day(13, 10, 11),
        ended=day(13, 10, 33), typed_minutes=43, time_zone="Europe/Belgrade",
    )  # fmt: skip
    restriction.keep(by=BY, verb=Verb.RESTRICTION_REPORT)
    head = Member(code="T-head", name="Test Head", languages=["en"], invented=True)
    head.keep(by=BY, verb=Verb.MEMBER_ENROL)
    post = Post(code="P-head", title="Head of Mission", unit=people.units["HQ"], role="head", invented=True)
    post.keep(by=BY, verb=Verb.POST_EDIT)
    Tenure(member=head, post=post, since=datetime(2020, 1, 1, tzinfo=UTC)).keep(by=BY, verb=Verb.POST_FILL)
    made.things = {"head": head, "restriction": restriction, "seen": made.observation("PZ-0417"), "told": made.claim("PZ-C1", "reported")}
    for code, text in (
        ("OSCE", "There is no consensus among OSCE participating States on the status of Kosovo."),
        ("COE", "All reference to Kosovo shall be understood without prejudice to the status of Kosovo."),
        ("EU", "This designation is without prejudice to positions on status."),
    ):
        Footnote(code=code.lower(), audience=code, text=text, source="test").keep(by=BY, verb=Verb.MANDATE_EDIT)
    return made
