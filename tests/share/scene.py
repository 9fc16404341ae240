"""A cleared and issued report for the tests of sharing: something seen in a village, something told by two sources, one ask.

Everything is kept through the functions of the house; nobody in it is a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from people import People

from fairwitness.analyse.models import Assessment
from fairwitness.mission.handling import Use
from fairwitness.mission.models import Footnote, MissionProfile, Standard
from fairwitness.monitor.consent import Scope, give
from fairwitness.monitor.models import Claim, Observation, Source
from fairwitness.recommend.draft import draft_recommendation
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand, command
from fairwitness.record.verbs import Verb
from fairwitness.report.draft import start_report
from fairwitness.report.issue import issue
from fairwitness.report.models import Report
from fairwitness.report.review import clear, submit
from fairwitness.report.write import write_paragraph

BY = command()
NOTICE = "Demonstration. Not an OSCE publication, not endorsed."
TOLD = "{1:Says}, a shop window was broken at night.{1} He lives next door."
TOLD_TOO = "{1:Says}, letters with threats came.{1}"
SEEN = "On {1:date} in {1:place} the mission {1:saw} {1:count} signs painted over.{1} The village is small."


@dataclass
class Stage:
    """What stands ready, by short names."""

    people: People
    observation: Observation
    claims: list[Claim]
    asks: list[Recommendation] = field(default_factory=list)

    def hand(self, who: str) -> Hand:
        """A fresh hand of one of the people."""
        return self.people.hand(getattr(self.people, who))

    def report(self, *texts: tuple[str, str], bring_out: bool = True, ask: bool = True, **given: Any) -> Report:
        """A report of these (text, cited code); cleared by somebody else and issued."""
        wanted = {
            "kind": "weekly", "title": "Prizren in the third week of May", "unit": self.people.units["PZ-T1"], "sensitivity": 1,
            "period": (date(2026, 5, 11), date(2026, 5, 17)), "cut_off": datetime(2026, 5, 17, 17, 30, tzinfo=UTC),
            "by": self.hand("drafter"), **given,
        }  # fmt: skip
        report = start_report(**wanted)
        for number, (text, code) in enumerate(texts or ((SEEN, "PZ-0417"),), 1):
            write_paragraph(report, number, "", text, [(1, "", code)], by=self.hand("drafter"))
        if ask:
            self.asks.append(self.ask(report))
        if bring_out:
            submit(report, by=self.hand("drafter"))
            clear(report, by=self.hand("clearer"))
            issue(report, by=BY)
        return Report.objects.get(pk=report.pk)

    def ask(self, report: Report) -> Recommendation:
        """The recommendation that stands in it."""
        return draft_recommendation(
            title="Replace the damaged signs", act="Replace the damaged signs in Pllanjanë/Planjane", due=date(2026, 9, 30), report=report,
            addressee=self.people.counterparts["municipality"], indicator="Signs in both languages", theme="language",
            standard=Standard.objects.get(code="L02-37"), unit=self.people.units["HQ"], by=self.hand("drafter"),
        )  # fmt: skip

    def claim(self, code: str, *scopes: Scope) -> Claim:
        """Something told by a source of its own, rated, with these scopes of consent (and the mission's own use)."""
        unit = self.people.units["PZ-T1"]
        source = Source(code=f"S-{code}", category="resident", unit=unit, sensitivity=1)
        source.keep(by=BY, verb=Verb.SOURCE_REGISTER)
        made = Claim(
            code=code, source=source, unit=unit, sensitivity=1, place=self.people.places["Planjane"], kind="damage", language="sq",
            headline=f"what {code} told", told=datetime(2026, 5, 13, tzinfo=UTC), state="reported", time_zone="Europe/Belgrade",
        )  # fmt: skip
        made.keep(by=BY, verb=Verb.CLAIM_SUBMIT)
        give(source, [Scope(Use.INTERNAL), *scopes], given=date(2026, 5, 13), language="sq", by=BY)
        Assessment(
            claim=made, unit=unit, sensitivity=1, source_grade="B", information_grade=3, reason="test", assessed_by=self.people.analyst,
            assessed=datetime(2026, 5, 14, tzinfo=UTC),
        ).keep(by=BY, verb=Verb.ASSESSMENT_MAKE)  # fmt: skip
        self.claims.append(made)
        return made


def build(people: People) -> Stage:
    """The stage: nothing told yet, one observation in a village."""
    profile = MissionProfile.objects.get()
    profile.notice = NOTICE
    profile.keep(by=BY, verb=Verb.MANDATE_EDIT)
    status = "All references to Kosovo are to be read in full compliance with Resolution 1244."
    Footnote(code="osce", audience="OSCE", text=status, source="test").keep(by=BY, verb=Verb.MANDATE_EDIT)
    Standard(code="L02-37", title="Law on the Use of Languages", source="test").keep(by=BY, verb=Verb.MANDATE_EDIT)
    seen = Observation(
        code="PZ-0417", means="saw", unit=people.units["PZ-T1"], sensitivity=1, place=people.places["Planjane"], kind="sign",
        occurred_from=datetime(2026, 5, 13, 10, tzinfo=UTC), time_zone="Europe/Belgrade", headline="one language painted over",
        count_low=3, count_high=3, qualifier="exact",
    )  # fmt: skip
    seen.keep(by=BY, verb=Verb.OBSERVATION_SUBMIT)
    return Stage(people, seen, [])
