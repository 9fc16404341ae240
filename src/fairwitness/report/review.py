"""Review: send a draft to clearance, return it, clear it.

draft → in clearance → cleared → issued; returned goes back to draft. The rule guarded here: nobody clears a
report of which they wrote a sentence, in this or in the report it corrects; nothing is cleared while it
contradicts itself or its sources; another hat the clearer wears is said beforehand and stays on record.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Q

from fairwitness.errors import BadInput, Fault, OutOfOrder, Refused, say, say_many
from fairwitness.mission.access import may, require, rights
from fairwitness.mission.models import SecondHat
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.report.contradict import Contradiction, contradictions
from fairwitness.report.models import Citation, Clearance, Paragraph, Report

WROTE = (Verb.REPORT_DRAFT, Verb.REPORT_WRITE, Verb.REPORT_CORRECT)


def submit(report: Report, *, by: Hand) -> Report:
    """Send the draft to clearance. Raises OutOfOrder when it is no draft or has no paragraph."""
    require(by, Verb.REPORT_SUBMIT, report)
    with writing(by):
        held = _held(report, Report.DRAFT)
        if not Paragraph.objects.filter(report=held, struck=False).exists():
            raise OutOfOrder("{symbol} has no paragraph yet. Write one, then send it to clearance.", symbol=held.symbol)
        return _step(held, Report.SUBMITTED, Verb.REPORT_SUBMIT, by)


def return_to_authors(report: Report, note: str, *, by: Hand) -> Report:
    """Return the report to its authors, saying why. A cleared report may still be returned until it is issued."""
    require(by, Verb.REPORT_RETURN, report)
    if not note.strip():
        raise BadInput.of(Fault("note", "is empty; tell the authors what to change"))
    with writing(by):
        held = _held(report, Report.SUBMITTED, Report.CLEARED)
        _decide(held, "returned", note, by)
        return _step(held, Report.DRAFT, Verb.REPORT_RETURN, by, note)


def clear(report: Report, note: str = "", *, by: Hand) -> Report:
    """Clear the report. Raises Refused for its authors and OutOfOrder while a contradiction stands, naming each."""
    require(by, Verb.REPORT_CLEAR, report)
    if by.member is None or by.member in authors(report):
        raise Refused("You wrote in {symbol}, so somebody else has to clear it.", symbol=report.symbol)
    with writing(by):
        held = _held(report, Report.SUBMITTED)
        settled(held)
        _decide(held, "cleared", note, by)
        return _step(held, Report.CLEARED, Verb.REPORT_CLEAR, by, note)


def settled(report: Report) -> None:
    """Refuse while anything in the report contradicts itself, its sources, or their consent."""
    found = contradictions(report)
    if found:
        head = say_many("Clearance is stopped: one contradiction.", "Clearance is stopped: {count} contradictions.", len(found))
        raise OutOfOrder("{head} {what}", head=head, what=" ".join(str(one) for one in found))


def _held(report: Report, *states: str) -> Report:
    held: Report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.state not in states:
        names = dict(Report.STATES)
        wanted = " or ".join(names[state] for state in states)
        raise OutOfOrder("{symbol} is {is_}; this step needs it to be {wanted}.", symbol=held.symbol, is_=names[held.state], wanted=wanted)
    return held


def _step(report: Report, state: str, verb: Verb, by: Hand, why: str = "") -> Report:
    report.state = state
    report.keep(by=by, verb=verb, why=why.strip())
    return report


def _decide(report: Report, decision: str, note: str, by: Hand) -> None:
    if by.member is None:
        raise Refused("A decision on {symbol} is a person's. Sign in.", symbol=report.symbol)
    made = Clearance(
        report=report, member_id=by.member, decision=decision, decided=by.at, note=note.strip(), conflict="; ".join(hats(by))[:300]
    )  # fmt: skip
    made.keep(by=by, verb=Verb.REPORT_CLEAR if decision == "cleared" else Verb.REPORT_RETURN)


def authors(report: Report) -> set[UUID]:
    """Whoever wrote any of it, by the record: the report, its paragraphs and citations, and those of the report it corrects."""
    reports = [report.pk] + ([report.corrects_id] if report.corrects_id else [])
    reports += list(Report.objects.filter(corrects_id__in=reports).values_list("pk", flat=True)) if report.corrects_id else []
    paragraphs = list(Paragraph.objects.filter(report_id__in=reports).values_list("pk", flat=True))
    citations = list(Citation.objects.filter(paragraph_id__in=paragraphs).values_list("pk", flat=True))
    subjects = {str(one) for one in (*reports, *paragraphs, *citations)}
    entries = Entry.objects.filter(subject__in=subjects, verb__in=[verb.value for verb in WROTE], member__isnull=False)
    return {UUID(member) for member in entries.values_list("member", flat=True).distinct()}


def hats(by: Hand, on: date | None = None) -> list[str]:
    """Other functions this person has: by their own second hats and by those of the posts they hold."""
    today = on or datetime.now(UTC).date()
    in_time = (Q(since__isnull=True) | Q(since__lte=today)) & (Q(until__isnull=True) | Q(until__gte=today))
    own = SecondHat.objects.filter(in_time, member_id=by.member).select_related("organisation") if by.member else []
    found = [f"also {hat.title}, {hat.organisation}" for hat in own]
    return found + [f"post {post.code} also acts for {post.second_hat}" for post in rights(by).posts if post.second_hat_id]


def why_not_clear(report: Report, found: list[Contradiction], *, by: Hand) -> str:
    """The sentence beside a button that is not open: what would open it. Empty when the hand may clear now."""
    if report.state == Report.DRAFT:
        return "Opens when the authors have sent it to clearance."
    if report.state != Report.SUBMITTED:
        return say("The report is {state}.", state=report.get_state_display())
    if not may(by, Verb.REPORT_CLEAR, report):
        return "Your post does not clear reports of this unit and marking."
    if by.member in authors(report):
        return "You wrote in it; somebody who wrote none of it has to clear it."
    if found:
        return say_many("Opens when the contradiction is settled.", "Opens when all {count} contradictions are settled.", len(found))
    return ""
