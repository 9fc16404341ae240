"""Writing: what a text cites must exist, be open to the writer, be allowed and be used; bad input says where and what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fairwitness.errors import BadInput, NotThere, OutOfOrder, Refused, Stale
from fairwitness.mission.models import Term
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.report.compose import offer
from fairwitness.report.models import Citation, Paragraph, Report
from fairwitness.report.read import open_report, read
from fairwitness.report.review import submit
from fairwitness.report.word import plain
from fairwitness.report.write import read_lines, strike, write_paragraph

pytestmark = pytest.mark.django_db
ONE = "On {1:date} the mission {1:says} signs.{1}"


def test_symbols_count_up_in_their_series(week: Any) -> None:
    """The prefix is data; without it the mission's code and the kind stand in."""
    assert [week.report().symbol, week.report().symbol] == ["TEST/W/1/2026", "TEST/W/2/2026"]
    Term(vocabulary="report-series", code="weekly", label="DEMO/W", source="test").keep(by=command(), verb=Verb.TERM_EDIT)
    assert week.report(symbol="DEMO/W/20/2026").slug == "DEMO-W-20-2026"
    assert week.report().symbol == "DEMO/W/21/2026"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"kind": "novel"}, "kind"),
        ({"sensitivity": 9}, "sensitivity"),
        ({"symbol": "no spaces here"}, "symbol"),
        ({"symbol": "../../etc"}, "symbol"),
        ({"period": (date(2026, 5, 17), date(2026, 5, 11))}, "period_until"),
        ({"period": (date(2026, 5, 17), None)}, "period_until"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_a_report_that_cannot_be_started_says_why(week: Any, given: dict[str, Any], field: str) -> None:
    """Field and remedy; nothing kept."""
    with pytest.raises(BadInput) as caught:
        week.report(**given)
    assert field in {fault.field for fault in caught.value.faults}
    assert all(len(fault.sentence) > 20 for fault in caught.value.faults)
    assert not Report.objects.exists()


def test_a_symbol_is_taken_once(week: Any) -> None:
    """Also when only its address would be the same."""
    week.report(symbol="A/1/2026")
    for symbol in ("A/1/2026", "A/1-2026"):
        with pytest.raises(BadInput, match="is taken"):
            week.report(symbol=symbol)


BAD_TEXT = [
    ("", [], "empty"),
    ("   ", [], "empty"),
    ("Seen.{1}", [], "no citation 1 is given"),
    ("Seen.", [(1, "", "PZ-0417")], "never used"),
    ("Seen.{1}", [(1, "", "PZ-0417"), (2, "", "PZ-0417")], "citation 2 is given but never used"),
    ("Seen.{one}", [], "means nothing here"),
    ("Seen.{1:shouts}", [(1, "", "PZ-0417")], "means nothing here"),
    ("Seen.{1:says=4}", [(1, "", "PZ-0417")], "means nothing here"),
    ("Seen.{=visitors}", [], "means nothing here"),
    ("Seen {1", [(1, "", "PZ-0417")], "no partner"),
    ("{1} seen", [(1, "", "PZ-0417")], "begins with the note"),
    ("Se\x00en", [], "NUL"),
    ("x" * 20_001, [], "20001 letters"),
    ("Seen.{1}", [(1, "", "NOPE-1")], "no “NOPE-1” that you may cite"),
    ("Seen.{1}", [(1, "", "NO\x00PE")], "that you may cite"),
    ("Seen.{1}", [(1, "monitor.source", "S-PZ-C1")], "cannot be cited"),
    ("Seen.{1}", [(1, "verify.check", "PZ-0417")], "that you may cite"),
    ("Seen.{1}", [(1, "", "PZ-0417"), (1, "", "PZ-C1")], "given twice"),
    ("{=visits} visits.", [], "without saying where nobody went"),
]


@pytest.mark.parametrize(("text", "citations", "sentence"), BAD_TEXT)
def test_a_paragraph_that_cannot_stand_is_refused(week: Any, text: str, citations: list[Any], sentence: str) -> None:
    """Each with its remedy; nothing half-written."""
    report = week.report()
    with pytest.raises(BadInput, match=sentence):
        write_paragraph(report, 1, "", text, citations, by=week.hand("drafter"))
    assert not Paragraph.objects.exists()
    assert not Citation.objects.exists()


def test_what_the_writer_may_not_read_looks_as_if_it_did_not_exist(week: Any) -> None:
    """The stranger's leader cites the same code and is told the same as for a code nobody has."""
    people = week.people
    report = week.report(by=week.hand("drafter"))
    hidden = week.observation("PZ-9000")
    hidden.sensitivity = 3
    hidden.keep(by=command(), verb=Verb.OBSERVATION_EDIT)
    sentences = []
    for code in ("PZ-9000", "PZ-9001"):
        with pytest.raises(BadInput) as caught:
            write_paragraph(report, 1, "", "Seen.{1}", [(1, "", code)], by=week.hand("leader"))
        sentences.append(str(caught.value).replace(code, "X"))
    assert sentences[0] == sentences[1]
    with pytest.raises((NotThere, Refused)):
        write_paragraph(report, 1, "", "Seen.{1}", [(1, "", "PZ-0417")], by=people.hand(people.stranger))


def test_a_heavier_thing_needs_a_heavier_report(week: Any) -> None:
    """Restricted does not stand in a mission-internal report."""
    week.observation("PZ-77", "saw")
    heavy = week.observation("PZ-78")
    heavy.sensitivity = 2
    heavy.keep(by=command(), verb=Verb.OBSERVATION_EDIT)
    with pytest.raises(BadInput, match="mark the report Restricted"):
        write_paragraph(week.report(), 1, "", ONE, [(1, "", "PZ-78")], by=week.hand("drafter"))
    write_paragraph(week.report(sensitivity=2), 1, "", ONE, [(1, "", "PZ-78")], by=week.hand("drafter"))


def test_a_source_that_allowed_nothing_is_not_cited(week: Any) -> None:
    """Absence of consent is a no, and the sentence says what asking would allow."""
    week.claim("PZ-C5", "reported", uses=())
    with pytest.raises(BadInput, match="absence is a no") as caught:
        write_paragraph(week.report(), 1, "", "{1:Says} so.{1}", [(1, "", "PZ-C5")], by=week.hand("drafter"))
    assert "Asked again" in str(caught.value)


def test_rewriting_strikes_what_is_no_longer_cited_and_takes_it_up_again(week: Any) -> None:
    """Nothing is deleted: a citation ends and may return; sending the same twice writes nothing."""
    report, by = week.report(), week.hand("drafter")
    both = [(1, "", "PZ-0417"), (2, "", "PZ-C1")]
    first = write_paragraph(report, 1, "", ONE + " {2:Says}, so.{2}", both, by=by)
    entries = Entry.objects.count()
    assert write_paragraph(report, 1, "", ONE + " {2:Says}, so.{2}", both, by=by).entry == first.entry
    assert Entry.objects.count() == entries
    second = write_paragraph(report, 1, "", ONE, [(1, "", "PZ-0417")], by=by, base=first.entry)
    assert list(Citation.objects.filter(struck=True).values_list("number", flat=True)) == [2]
    with pytest.raises(Stale) as caught:
        write_paragraph(report, 1, "", "Mine.", by=by, base=first.entry)
    assert (caught.value.mine, caught.value.theirs) == ({"Paragraph": "Mine."}, {"Paragraph": ONE})
    with pytest.raises(BadInput, match="written already"):
        write_paragraph(report, 1, "", "Another text.", by=by)
    write_paragraph(report, 1, "", ONE + " {2:Says}, so.{2}", both, by=by, base=second.entry)
    assert Citation.objects.filter(struck=False).count() == 2


def test_a_struck_paragraph_leaves_the_report_and_stays_on_record(week: Any) -> None:
    """With its reason."""
    report, by = week.report(), week.hand("drafter")
    paragraph = write_paragraph(report, 1, "", "Cooperation was excellent.", by=by)
    with pytest.raises(BadInput, match="say why"):
        strike(paragraph, " ", by=by)
    strike(paragraph, "a judgement without a source", by=by)
    draft = read(report)
    assert (draft.paragraphs, [one.number for one in draft.struck]) == ([], [1])


def test_only_a_draft_is_written_in(week: Any) -> None:
    """After it was sent to clearance the text stands."""
    report, by = week.report(), week.hand("drafter")
    paragraph = write_paragraph(report, 1, "", "It rained.", by=by)
    submit(report, by=by)
    with pytest.raises(OutOfOrder):
        write_paragraph(report, 2, "", "It poured.", by=by)
    with pytest.raises(OutOfOrder):
        strike(paragraph, "no", by=by)


def test_offers_name_the_places_nobody_visited(week: Any) -> None:
    """The computed paragraph counts visits and names what was missed; other offers carry their citation and can be taken as they are."""
    report, by = week.report(), week.hand("drafter")
    offers = offer(report, by=by)
    assert [one.key for one in offers] == ["coverage", "PZ-0417", "PZ-C1", "PZ-R1"]
    for number, one in enumerate(offers, 1):
        write_paragraph(report, number, one.heading, one.text, one.citations, by=by)
    words = [plain(written.pieces) for written in read(report).paragraphs]
    assert words[0] == (
        "Between 11 May and 17 May 2026, mission monitors paid 3 visits to 1 of 2 municipalities in the area. "
        "Not visited: Leposavić/Leposaviq."
    )
    assert words[3] == "On 13 May 2026, in Prizren, a patrol was delayed by a road works crew. It lasted 22 minutes."
    assert offer(report, by=by) == []


def test_lines_of_citations_are_read_as_typed() -> None:
    """One a line; the faulty line is named."""
    assert read_lines("1 PZ-0417\n\n 2. PZ-C1 \n") == [(1, "", "PZ-0417"), (2, "", "PZ-C1")]
    with pytest.raises(BadInput, match="row 2"):
        read_lines("1 PZ-0417\nPZ-C1")


def test_a_report_one_may_not_read_does_not_exist(week: Any) -> None:
    """The stranger gets the same as for an address nobody has."""
    report = week.report()
    for slug in (report.slug, "NOBODY-HAS-THIS"):
        with pytest.raises(NotThere):
            open_report(slug, by=week.hand("stranger"))
    assert open_report(report.slug, by=week.hand("analyst")).pk == report.pk
