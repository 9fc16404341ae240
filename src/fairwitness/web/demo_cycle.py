"""The demonstration's way through the whole cycle, on public facts (`packs/kosovo-demo/cycle.yaml`).

Everything is entered through the functions people use, in the name of the role that would do it; nothing is
written past them. What was made up for the demonstration says so in the facts themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fairwitness.analyse.assess import assess
from fairwitness.analyse.conclude import conclude
from fairwitness.analyse.models import Finding
from fairwitness.analyse.state_figure import state_figure
from fairwitness.assist.models import Training
from fairwitness.mission.handling import Disclosure, Sensitivity, Use
from fairwitness.mission.models import Counterpart, Member, Place, Standard, Unit
from fairwitness.monitor.claim import submit_claim
from fairwitness.monitor.consent import Scope
from fairwitness.monitor.models import Claim, Observation
from fairwitness.monitor.observe import submit_observation
from fairwitness.monitor.source import register_source
from fairwitness.monitor.visit import report_visit
from fairwitness.recommend.draft import draft_recommendation
from fairwitness.recommend.follow import rate, write_reply
from fairwitness.recommend.issue import issue_recommendation
from fairwitness.recommend.models import Rating, Recommendation
from fairwitness.recommend.trace import relate
from fairwitness.record.hand import Door, Hand
from fairwitness.report.models import Report
from fairwitness.verify.check import make_check
from fairwitness.verify.models import Check, Obligation
from fairwitness.verify.state import state_obligation
from fairwitness.warn.issue import issue as issue_warning
from fairwitness.web.demo_tell import tell_of_consent

Facts = dict[str, Any]
Say = Callable[[str], None]
OLD_WORDING = "As published; its wording is kept, and the drafting check came later."


@dataclass
class Stage:
    """What the acts share: the facts, the roles, and what was made so far."""

    facts: Facts
    members: dict[str, Member]
    observation: Observation | None = None
    claim: Claim | None = None
    told_in_2011: str = ""
    findings: dict[str, Finding] = field(default_factory=dict)
    obligations: dict[str, Obligation] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    recommendations: dict[str, Recommendation] = field(default_factory=dict)
    ratings: list[Rating] = field(default_factory=list)
    training: Training | None = None
    report: Report | None = None

    def hand(self, code: str) -> Hand:
        """The hand of a role at the command line."""
        return Hand(self.members[code].id, Door.COMMAND)

    def place(self, code: str) -> Place:
        """A place of the pack by authority and code."""
        authority, _, number = code.partition(":")
        return Place.objects.get(authority=authority, code=number)


def area() -> Place:
    """The whole area of the mission."""
    return Place.objects.get(parent__isnull=True, kind="mission area")


def headquarters() -> Unit:
    """The unit that holds what belongs to no field team."""
    return Unit.objects.filter(parent__isnull=True).order_by("code").first() or Unit.objects.get(code="HQ")


def play(facts: Facts, members: dict[str, Member], say: Say) -> Stage:
    """Walk the cycle once, room by room."""
    stage = Stage(facts, members)
    for act, words in (
        (lambda on: tell_of_consent(on.facts["consent_text"], on.hand), "monitor: the text on consent, released by a second role"),
        (see_the_library, "monitor: the mobile library at Planjane/Pllanjanë"),
        (hold_against_the_law, "verify: language law 2008 and 2014, courts 2023"),
        (conclude_what_was_found, "analyse: ratings, findings, published figures with their breaks"),
        (warn_of_incidents, "warn: incidents at return sites, 2012"),
        (draft_what_was_asked, "recommend: what the mission asked for"),
        (give_books, "assist: books for the Prizren library"),
        (report_what_was_found, "report: written, cleared and issued by three roles"),
        (follow, "recommend: the follow-up that the mission stated"),
        (share_it, "share: the report and the ratings, let out by a fourth role"),
    ):
        say(words)
        act(stage)
    return stage


def see_the_library(stage: Stage) -> None:
    """The visit of 26 February 2010: activity, observation, claim with consent."""
    facts, by = stage.facts["library"], stage.hand("PZ-M1")
    place = stage.place(facts["place"])
    start = datetime.combine(facts["day"], datetime.min.time(), UTC) + timedelta(hours=9)
    visit = report_visit(
        kind="visit",
        purpose=facts["purpose"],
        place=place,
        started=start,
        ended=start + timedelta(hours=2),
        safety="none",
        by=by,
        done_with={"members": 2, "vehicles": 1, "summary": "For the demonstration: hours, members and vehicles are made up."},
        public_source=facts["named"],
    )
    stage.observation = submit_observation(
        headline=facts["headline"],
        kind="service",
        means="saw",
        place=place,
        by=by,
        occurred_from=start,
        precision="day",
        text=facts["text"],
        limits=facts["limits"],
        activity=visit,
        public_source=facts["named"],
    )
    told = facts["claim"]
    source = register_source(category=told["category"], by=by, languages=[told["language"]], risk=told["note"])
    stage.claim = submit_claim(
        source=source,
        headline=told["headline"],
        kind="service",
        place=place,
        verbatim=told["verbatim"],
        language=told["language"],
        translation=told["translation"],
        told=start + timedelta(hours=1),
        told_precision="day",
        by=by,
        activity=visit,
        scopes=[Scope(Use.INTERNAL, Disclosure.CODE), Scope(Use.PUBLIC, Disclosure.ROLE)],
        consent_given=facts["day"],
        sensitivity=Sensitivity.INTERNAL,
    )


def hold_against_the_law(stage: Stage) -> None:
    """Obligations with their legal basis, and the rounds of checks as published."""
    by, everywhere = stage.hand("AN-1"), area()
    language = stage.facts["language"]
    for one in language["obligations"]:
        standard = Standard.objects.get(code=f"law-02-L-37/{one['standard']}")
        aspect = "established" if one["code"] == "L-REG" else "works"
        stage.obligations[one["code"]] = state_obligation(
            code=one["code"], title=one["title"], standard=standard, text=standard.text, measure=one["measure"], aspect=aspect, by=by
        )
    courts = stage.facts["courts"]
    basis = Standard.objects.get(code="echr")
    stage.obligations["DV-TIME"] = state_obligation(
        code="DV-TIME",
        title=courts["obligation"]["title"],
        standard=basis,
        text=courts["obligation"]["title"],
        measure=courts["obligation"]["measure"],
        by=by,
    )
    for row in language["checks"]:
        stage.checks.append(
            make_check(
                stage.obligations[row["obligation"]],
                place=everywhere,
                round=row["round"],
                checked_on=row["day"],
                value=row["value"],
                text=row["text"],
                public_source=row["source"],
                sensitivity=Sensitivity.PUBLIC,
                by=by,
            )
        )
    row = courts["check"]
    stage.checks.append(
        make_check(
            stage.obligations["DV-TIME"],
            place=everywhere,
            round=row["round"],
            checked_on=row["day"],
            value=row["value"],
            numerator=row["breached"],
            denominator=row["of"],
            of_what=row["of_what"],
            text=row["text"],
            public_source=row["source"],
            sensitivity=Sensitivity.PUBLIC,
            by=by,
        )
    )


def conclude_what_was_found(stage: Stage) -> None:
    """Ratings apart, findings to a named standard of proof, figures of several bodies side by side."""
    by, everywhere = stage.hand("AN-1"), area()
    assert stage.observation is not None and stage.claim is not None
    reason = "For the demonstration: such grades are not published."
    assess(stage.observation, source_grade="A", information_grade=2, reason=reason, by=by)
    assess(stage.claim, source_grade="B", information_grade=2, reason=reason, by=by)
    found: tuple[tuple[str, Facts, Place, list[Observation | Claim | Check]], ...] = (
        ("books", stage.facts["finding_books"], stage.place("ask:20"), [stage.observation, stage.claim]),
        ("language", stage.facts["language"]["finding"], everywhere, [c for c in stage.checks if c.round == "2014"]),
        ("courts", stage.facts["courts"]["finding_2009"], everywhere, [c for c in stage.checks if c.round == "2023"]),
    )
    for name, fact, place, evidence in found:
        stage.findings[name] = conclude(
            title=fact["title"],
            text=fact["text"],
            place=place,
            proof="grounds",
            concluded=fact["concluded"],
            evidence=evidence,
            public_source=stage.facts["library"]["named"] if name == "books" else fact["source"],
            sensitivity=Sensitivity.PUBLIC,
            by=by,
        )
    _told_in_2011(stage, by, everywhere)
    figures = stage.facts["figures"]
    for row in figures["rows"]:
        state_figure(
            series=figures["series"],
            about=figures["about"],
            label=str(row["year"]),
            year=row["year"],
            count_low=row["n"],
            published_by="ODIHR",
            method="Reported to ODIHR by the bodies named; they differ from year to year.",
            contributors=row["by"],
            is_break="break" in row,
            break_reason=row.get("break", ""),
            public_source=figures["source"],
            by=by,
        )
    other = figures["other"]
    state_figure(
        series=other["series"],
        about=figures["about"],
        label=other["label"],
        year=other["year"],
        count_low=other["n"],
        published_by=other["by"][0],
        method="Counted by that organisation by its own method.",
        public_source=other["source"],
        by=by,
    )


def _told_in_2011(stage: Stage, by: Hand, everywhere: Place) -> None:
    """What affected people said of municipal answers is a claim, and stays one."""
    facts, monitor = stage.facts["incidents"], stage.hand("PZ-L1")
    seen = facts["perception"]
    day = datetime.combine(facts["finding"]["concluded"], datetime.min.time(), UTC)
    source = register_source(category="people affected by incidents, as published", by=monitor)
    claim = submit_claim(
        source=source,
        headline=seen["headline"],
        kind="perceived-security",
        place=stage.place("ask:20"),
        verbatim=seen["headline"],
        language="en",
        told=day + timedelta(hours=11),
        told_precision="day",
        by=monitor,
        scopes=[Scope(Use.INTERNAL), Scope(Use.PUBLIC)],
        consent_given=date(2011, 12, 1),
        sensitivity=Sensitivity.INTERNAL,
    )
    assess(claim, source_grade="B", information_grade=3, reason="For the demonstration: such grades are not published.", by=by)
    stage.told_in_2011 = claim.code
    fact = facts["finding"]
    stage.findings["incidents"] = conclude(
        title=fact["title"],
        text=fact["text"],
        place=everywhere,
        proof="suspicion",
        concluded=fact["concluded"],
        evidence=[claim],
        public_source=fact["source"],
        sensitivity=Sensitivity.PUBLIC,
        by=by,
    )


def warn_of_incidents(stage: Stage) -> None:
    """One warning with horizon, addressee and action; it waits to be judged."""
    fact = stage.facts["warning"]
    issue_warning(
        sensitivity=Sensitivity.PUBLIC,
        title=fact["title"],
        text=f"{fact['text']} Published: {fact['source']}",
        place=area(),
        likelihood="even",
        severity="Fear among those who returned; some leave again",
        horizon_ends=fact["horizon_ends"],
        addressee=addressee("municipalities"),
        action_asked=fact["action"],
        basis=[stage.findings["incidents"]],
        likelihood_why="Made up for the demonstration.",
        alternatives="Reporting may have improved rather than incidents increased.",
        issued=datetime.combine(fact["issued"], datetime.min.time(), UTC) + timedelta(hours=10),
        by=stage.hand("WO-1"),
    )


ADDRESSEES = {
    "municipalities": ("Municipalities", "municipality", "municipal"),
    "courts": ("Basic Courts", "court", "central"),
    "police": ("Kosovo Police", "police", "central"),
    "academy of public safety": ("Academy for Public Safety", "training institution", "central"),
    "Kosovo institutions of justice": ("Institutions of justice", "court", "central"),
}


def addressee(word: str) -> Counterpart:
    """The institution a published recommendation names; a group of institutions is a counterpart of its own."""
    from fairwitness.record.hand import command
    from fairwitness.record.verbs import Verb

    code = f"demo-{word.replace(' ', '-').lower()}"
    found = Counterpart.objects.filter(code=code).first()
    if found is None:
        name, kind, level = ADDRESSEES[word]
        found = Counterpart(code=code, name=name, kind=kind, level=level, source="named so by the published recommendations")
        found.keep(by=command(), verb=Verb.COUNTERPART_EDIT)
    return found


def draft_what_was_asked(stage: Stage) -> None:
    """Recommendations as published; they stand in the demonstration's own report, so that the public tracker has them."""
    from fairwitness.report.draft import start_report

    by, fact = stage.hand("RO-1"), stage.facts["report"]
    stage.report = start_report(
        kind="thematic", title=fact["title"], unit=headquarters(), period=(date(2008, 1, 1), date(2024, 12, 31)),
        symbol=f"{stage.facts['symbol']}/T/1/2026", proof="grounds", method=fact["method"], by=by,
    )  # fmt: skip
    findings = {"language": stage.findings["language"], "domestic violence": stage.findings["courts"]}
    for fact in stage.facts["recommendations"]:
        stage.recommendations[fact["code"]] = draft_recommendation(
            report=stage.report,
            code=fact["code"],
            title=fact["title"],
            act=fact["act"],
            text=f"{fact['act']}. {fact.get('note', '')}".strip(),
            addressee=addressee(fact["addressee"]),
            theme=fact["theme"],
            finding=findings.get(fact["theme"]),
            override=OLD_WORDING,
            public_source=fact["source"],
            sensitivity=Sensitivity.PUBLIC,
            unit=headquarters(),
            by=by,
        )


def follow(stage: Stage) -> None:
    """Each recommendation issued on its day, the follow-up the mission itself stated, lineage where one takes up another."""
    by = stage.hand("RO-1")
    for fact in stage.facts["recommendations"]:
        made = issue_recommendation(stage.recommendations[fact["code"]], by=stage.hand("DH-1"), on=fact["issued"])
        stage.recommendations[fact["code"]] = made
        if "from" in fact:
            relate(made, stage.recommendations[fact["from"]], fact["kind"], by=by, why="Linked for the demonstration by theme and words.")
        if "rating" in fact:
            line = fact["rating"]
            stage.ratings.append(rate(
                made, assessor=line["by"], status=line["status"], rated=line["day"], evidence=line["evidence"],
                public_source=fact["source"], by=stage.hand("AN-1"),
            ))  # fmt: skip
        if "reply" in fact:
            write_reply(made, received=fact["reply"]["day"], text=fact["reply"]["text"], by=by)


def give_books(stage: Stage) -> None:
    """The books of January 2010, tied to the shortcoming; the visit of February is its evaluation at level 3."""
    from fairwitness.assist.deliver import deliver
    from fairwitness.assist.evaluate import evaluate
    from fairwitness.assist.plan import plan_training

    fact, by = stage.facts["project_books"], stage.hand("TO-1")
    stage.training = plan_training(
        kind="project",
        title=fact["title"],
        objectives=fact["objectives"],
        finding=stage.findings["books"],
        institution=Counterpart.objects.get(code="mun-20"),
        place=stage.place("ask:20"),
        begins=fact["begins"],
        ends=fact["ends"],
        public_source=stage.facts["library"]["named"],
        sensitivity=Sensitivity.PUBLIC,
        by=by,
    )
    stage.training = deliver(stage.training, by=by)
    evaluate(
        stage.training, level=3, evaluated=date(2010, 2, 26), method="Seen by a field team", result=fact["evaluation"],
        observation=stage.observation, by=by,
    )  # fmt: skip


def report_what_was_found(stage: Stage) -> None:
    """A thematic report: written by one, cleared by another, issued by a third."""
    from fairwitness.report.issue import issue as issue_report
    from fairwitness.report.review import clear, submit
    from fairwitness.report.write import write_paragraph

    report, writer = stage.report, stage.hand("RO-1")
    assert report is not None
    for number, (heading, text, cited) in enumerate(_paragraphs(stage), start=1):
        write_paragraph(report, number, heading, text, [(n, "", code) for n, code in enumerate(cited, start=1)], by=writer)
    report = submit(report, by=writer)
    report = clear(report, "Read against its sources.", by=stage.hand("HD-1"))
    issue_report(report, by=stage.hand("DH-1"))


def share_it(stage: Stage) -> None:
    """The report goes out by a hand that wrote none of it, and each rating by somebody who did not rate."""
    from fairwitness.share.publish import publish, publish_rating

    assert stage.report is not None
    stage.report.refresh_from_db()
    publish(stage.report, by=stage.hand("PO-1"), leave_out=True, caveats_read=True)
    for rating in stage.ratings:
        publish_rating(rating, rating.evidence[:300], by=stage.hand("PO-1"))


def _paragraphs(stage: Stage) -> list[tuple[str, str, list[str]]]:
    assert stage.observation is not None and stage.claim is not None
    check = {(c.obligation.code, c.round): c.code for c in stage.checks}
    return [
        (
            "Books in one's own language",
            "On 26 February 2010 the mission {1:says} the mobile library of Prizren at the primary school of Planjane/Pllanjanë.{1} "
            "The head of a village school {2:says} said that the visit was extremely important.{2} It answers the finding that "
            "children of remote villages had little access to books in their own language.{3}",
            [stage.observation.code, stage.claim.code, stage.findings["books"].code],
        ),
        (
            "Languages",
            "In the round of 2014 oral interpretation at municipal meetings was generally provided,{1} while written translation,{2} "
            "signs{3} and the recognition of Romani{4} fell short. Seven years after its promulgation the law was found only partially "
            "implemented.{5}",
            [*(check[code, "2014"] for code in ("L-INT", "L-ACT", "L-SIGN", "L-ROM")), stage.findings["language"].code],
        ),
        (
            "Courts",
            "Delays in deciding on protection orders were found in 2009;{1} in the round of 2023 procedural deadlines were breached in "
            "7 of 29 hearings observed.{2}",
            [stage.findings["courts"].code, check["DV-TIME", "2023"]],
        ),
        (
            "Security incidents",
            "Municipal answers to incidents were found to be ad hoc.{1} Where the municipality condemned and came, those affected "
            "{2:says} said that they felt safer.{2}",
            [stage.findings["incidents"].code, stage.told_in_2011],
        ),
    ]
