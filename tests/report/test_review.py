"""Clearance: stopped by contradictions, closed to authors, in order, with the clearer's other hats in sight."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fairwitness.errors import BadInput, OutOfOrder, Refused
from fairwitness.mission.models import Power, SecondHat
from fairwitness.monitor.models import Consent
from fairwitness.record.hand import command, worker
from fairwitness.record.verbs import Verb
from fairwitness.report.contradict import contradictions
from fairwitness.report.models import Clearance, Report
from fairwitness.report.read import read
from fairwitness.report.review import authors, clear, return_to_authors, submit, why_not_clear
from fairwitness.report.word import plain
from fairwitness.report.write import write_paragraph

pytestmark = pytest.mark.django_db
DELAY = "Between 12:11 and 12:33 the patrol met a {minutes} delay at the roadworks.{{1}}"


def submitted(week: Any, text: str = "On {1:date} the mission {1:says} signs.{1}", code: str = "PZ-0417", **given: Any) -> Report:
    report = week.report(**given)
    write_paragraph(report, 1, "", text, [(1, "", code)], by=week.hand("drafter"))
    return submit(report, by=week.hand("drafter"))


def test_delay_arithmetic_stops_clearance(week: Any) -> None:
    """12:11 to 12:33 is 22 minutes, whatever is typed; the computed figure stands in the refusal, and settles it."""
    report = submitted(week, DELAY.format(minutes="43-minute"), "PZ-R1")
    with pytest.raises(OutOfOrder, match="stopped: one contradiction") as caught:
        clear(report, by=week.hand("clearer"))
    assert "43 minutes is written" in str(caught.value)
    assert "12:11 and 12:33 on record (PZ-R1) give 22 minutes" in str(caught.value)
    assert Report.objects.get(pk=report.pk).state == Report.SUBMITTED
    assert not Clearance.objects.exists()
    return_to_authors(report, "22, not 43", by=week.hand("clearer"))
    paragraph = write_paragraph(
        report, 1, "", DELAY.format(minutes="{1:minutes}-minute"), [(1, "", "PZ-R1")], by=week.hand("drafter"),
        base=read(report).paragraphs[0].paragraph.entry,
    )  # fmt: skip
    assert plain(read(report).paragraphs[0].pieces) == "Between 12:11 and 12:33 the patrol met a 22-minute delay at the roadworks."
    submit(report, by=week.hand("drafter"))
    assert clear(report, by=week.hand("clearer")).state == Report.CLEARED
    assert paragraph.number == 1


@pytest.mark.parametrize(
    ("minutes", "stops"),
    [("43-minute", 1), ("43 minutes'", 1), ("forty-three-long, twelve-minute", 1), ("22-minute", 0), ("22 minutes", 0), ("“43-minute”", 1)],
)
def test_minutes_in_every_spelling(week: Any, minutes: str, stops: int) -> None:
    """Figures and words are read; a quoted figure is exempt, but then the typed 43 on record is still unsettled."""
    report = submitted(week, DELAY.format(minutes=minutes), "PZ-R1")
    assert [one.kind for one in contradictions(report)] == ["duration"] * stops


def test_times_and_minutes_in_a_text_without_restriction(week: Any) -> None:
    """The text alone contradicts itself."""
    report = week.report()
    write_paragraph(report, 1, "", "It waited from 12:11 to 12:33, a 43-minute delay.", by=week.hand("drafter"))
    assert "give 22 minutes" in contradictions(report)[0].sentence


def test_a_typed_count_is_held_against_the_source(week: Any) -> None:
    """Nine is not three."""
    report = submitted(week, "The mission {1:saw} {1:count=9} signs.{1}")
    assert [str(one) for one in contradictions(report)] == [
        "Paragraph 1: 9 is written; PZ-0417 gives 3. Write {1:count}, or correct PZ-0417."
    ]
    assert contradictions(submitted(week, "The mission {1:saw} {1:count=3} signs.{1}")) == []


def test_a_claim_without_a_rating_stops(week: Any) -> None:
    """F and 6 are ratings; no rating is none."""
    week.claim("PZ-C6", "reported", grade=None)
    assert [one.kind for one in contradictions(submitted(week, "{1:Says}, so.{1}", "PZ-C6"))] == ["rating"]
    week.claim("PZ-C66", "reported", grade=("F", 6))
    assert contradictions(submitted(week, "{1:Says}, so.{1}", "PZ-C66")) == []


@pytest.mark.parametrize(("audience", "stops"), [("OSCE", False), ("COE", True), ("public", True)])
def test_consent_reaches_so_far(week: Any, audience: str, stops: bool) -> None:
    """Mission internal is not for partners or the public; the sentence says what asking again would allow."""
    report = submitted(week, "{1:Says}, so.{1}", "PZ-C1", audience=audience)
    found = contradictions(report)
    assert [one.kind for one in found] == (["consent"] if stops else [])
    assert not stops or "Asked again, the source could allow" in found[0].remedy
    if stops:
        use = "partners" if audience == "COE" else "public"
        Consent(source=week.told.source, use=use, given=date(2026, 5, 14), language="sq").keep(by=command(), verb=Verb.CONSENT_GIVE)
        assert contradictions(report) == []


def test_something_after_the_cut_off_stops(week: Any) -> None:
    """An observation of the day after belongs to the next report."""
    week.observation("PZ-LATE", at=datetime(2026, 5, 18, 10, tzinfo=UTC))
    assert [one.kind for one in contradictions(submitted(week, code="PZ-LATE"))] == ["cut_off"]


def test_an_author_cannot_clear(week: Any) -> None:
    """Not the one who wrote the paragraph, not the one who started the report, not a machine; and it is said beside the button."""
    hour = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    Power(member=week.people.clearer, verb=Verb.REPORT_DRAFT.value, ceiling=2, reason="test", since=hour[0], until=hour[1]).keep(
        by=command(), verb=Verb.POWER_TAKE
    )
    report = week.report(by=week.hand("clearer"))
    write_paragraph(report, 1, "", "It rained.", by=week.hand("drafter"))
    report = submit(report, by=week.hand("drafter"))
    assert authors(report) == {week.people.clearer.pk, week.people.drafter.pk}
    with pytest.raises(Refused, match="You wrote in"):
        clear(report, by=week.hand("clearer"))
    assert "somebody who wrote none of it" in why_not_clear(report, [], by=week.hand("clearer"))
    with pytest.raises(Refused):
        clear(report, by=worker())
    assert Report.objects.get(pk=report.pk).state == Report.SUBMITTED


def test_clearing_needs_the_right(week: Any) -> None:
    """A drafter and an analyst have none."""
    report = submitted(week)
    for who in ("drafter", "analyst"):
        with pytest.raises(Refused):
            clear(report, by=week.hand(who))


def test_a_second_hat_is_shown_and_stays_on_record(week: Any) -> None:
    """The conflict is kept with the decision; an ended hat is not."""
    partner = week.people.counterparts["partner"]
    SecondHat(member=week.people.clearer, organisation=partner, title="Deputy Representative").keep(by=command(), verb=Verb.MEMBER_EDIT)
    SecondHat(member=week.people.clearer, organisation=partner, title="Adviser", until=date(2020, 1, 1)).keep(
        by=command(), verb=Verb.MEMBER_EDIT
    )
    clear(submitted(week), by=week.hand("clearer"))
    made = Clearance.objects.get()
    assert made.conflict == "also Deputy Representative, UN High Commissioner for Refugees"
    assert made.decision == "cleared"


def test_steps_follow_in_order(week: Any) -> None:
    """Nothing is cleared before it was sent, sent twice, sent empty, or returned without a word."""
    report, by = week.report(), week.hand("drafter")
    with pytest.raises(OutOfOrder, match="no paragraph"):
        submit(report, by=by)
    write_paragraph(report, 1, "", "It rained.", by=by)
    with pytest.raises(OutOfOrder):
        clear(report, by=week.hand("clearer"))
    submit(report, by=by)
    with pytest.raises(OutOfOrder):
        submit(report, by=by)
    with pytest.raises(BadInput):
        return_to_authors(report, "", by=week.hand("clearer"))
    clear(report, by=week.hand("clearer"))
    with pytest.raises(OutOfOrder):
        clear(report, by=week.hand("clearer"))
    return_to_authors(report, "One more thing.", by=week.hand("clearer"))
    assert Report.objects.get(pk=report.pk).state == Report.DRAFT
