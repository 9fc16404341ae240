"""Issue: a snapshot and a real PDF that never change, corrections beside them, and what leans on them in sight."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from fairwitness.errors import BadInput, BrokenRule, OutOfOrder
from fairwitness.mission.models import Footnote, MissionProfile
from fairwitness.monitor.models import Claim, Consent, Observation
from fairwitness.record.hand import command, worker
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.report import blocks
from fairwitness.report.correct import changes, correct, dependants, offers
from fairwitness.report.freeze import for_audience
from fairwitness.report.issue import issue, paper, pdf_of, snapshot_of
from fairwitness.report.models import Report, Snapshot
from fairwitness.report.printable import Ask
from fairwitness.report.reactions import question_reports
from fairwitness.report.read import read
from fairwitness.report.redact import Orders, redact, small_places
from fairwitness.report.review import clear, submit
from fairwitness.report.write import write_paragraph

pytestmark = pytest.mark.django_db
NOTICE = "Demonstration. Not an OSCE publication, not endorsed."
TEXTS = (
    ("Between 11 and 17 May, monitors paid {=visits} visits to {=reached} of {=areas} municipalities. Not visited: {=missed}.", []),
    (
        "On {1:date} in {1:place} the mission {1:saw} {1:count} signs painted over.{1} {2:Says}, a man was arrested.{2} He lives there.",
        [(1, "", "PZ-0417"), (2, "", "PZ-C1")],
    ),
)


def issued(week: Any, texts: Any = TEXTS, **given: Any) -> Report:
    report = week.report(**{"title": "Weekly report, Prizren area", "method": "Visits and interviews.", "proof": "grounds", **given})
    for number, (text, citations) in enumerate(texts, 1):
        write_paragraph(report, number, "", text, citations, by=week.hand("drafter"))
    return bring_out(week, report)


def bring_out(week: Any, report: Report) -> Report:
    submit(report, by=week.hand("drafter"))
    clear(report, by=week.hand("clearer"))
    issue(report, by=week.hand("head"))
    return Report.objects.get(pk=report.pk)


def words_of(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()).replace("/ ", "/") for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def test_the_paper_is_tagged_marked_and_says_what_its_sources_allow(week: Any) -> None:
    """Read back from the stored, encrypted bytes: tags, notice and footnote on each page, symbol, language of record, wording."""
    profile = MissionProfile.objects.get()
    profile.notice = NOTICE
    profile.keep(by=command(), verb=Verb.MANDATE_EDIT)
    report = issued(week, symbol="DEMO/W/20/2026")
    pdf = pdf_of(report, by=week.hand("analyst"))
    snapshot = snapshot_of(report)
    assert hashlib.sha256(pdf).hexdigest() == snapshot.pdf_hash
    pages = words_of(pdf)
    for page in pages:
        for words in (NOTICE, "DEMO/W/20/2026", "Mission internal", "no consensus among OSCE participating States"):
            assert words in page
    text = " ".join(pages)
    assert "English, language of record" in text
    assert "the mission saw 3" in text
    assert "Reportedly , a man" in text.replace("Reportedly,", "Reportedly ,")
    assert "Not visited: Leposavić/Leposaviq" in text
    assert "reasonable grounds to believe" in text
    assert "Visits and interviews." in text
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "en"
        assert "/StructTreeRoot" in document.Root
        assert document.docinfo["/Title"] == "Weekly report, Prizren area"


def test_the_snapshot_holds_what_the_words_rest_on(week: Any) -> None:
    """Every thing with the entry it had: two cited, three activities counted, two paragraphs."""
    snapshot = snapshot_of(issued(week))
    by_kind: dict[str, int] = {}
    for row in snapshot.rests_on:
        by_kind[row["kind"]] = by_kind.get(row["kind"], 0) + 1
        assert Entry.objects.filter(entry=row["entry"], subject=row["id"]).exists()
    assert by_kind == {"monitor.observation": 1, "monitor.claim": 1, "monitor.activity": 3, "report.paragraph": 2}
    assert [(s["number"], s["code"], s["state"], s["grade"]) for s in snapshot.content["sources"]] == [
        ("1", "PZ-0417", "seen", ""), ("2", "PZ-C1", "reported", "B3"),
    ]  # fmt: skip
    assert snapshot.content["tables"][0]["rows"] == [["Leposavić/Leposaviq", None], ["Prizren", "3"]]


def test_an_issued_report_does_not_follow_its_sources(week: Any) -> None:
    """The observation is corrected: snapshot and paper stay, the report lists the change and is offered a correction."""
    report = issued(week)
    before, pdf = json.dumps(snapshot_of(report).content), pdf_of(report, by=week.hand("analyst"))
    assert changes(report) == []
    seen = Observation.objects.get(code="PZ-0417")
    seen.count_low = seen.count_high = 4
    seen.keep(by=command(), verb=Verb.OBSERVATION_EDIT)
    assert json.dumps(snapshot_of(report).content) == before
    assert pdf_of(report, by=week.hand("analyst")) == pdf
    assert [(one.code, one.what) for one in changes(report)] == [("PZ-0417", "corrected an observation")]
    assert [one.report.pk for one in offers(Report.objects.all())] == [report.pk]


def test_correction_one_stands_beside_the_original(week: Any) -> None:
    """Corr. 1 points to the first, which stays; dependants are listed; its offer is answered; nobody of the authors clears it."""
    report = issued(week, symbol="DEMO/W/20/2026")
    other = issued(
        week, [("On {1:date} the mission {1:saw} {1:count} signs.{1}", [(1, "", "PZ-0417")])], kind="thematic", symbol="DEMO/T/1/2026"
    )
    before = json.dumps(snapshot_of(report).content)
    seen = Observation.objects.get(code="PZ-0417")
    seen.count_low = seen.count_high = 4
    seen.keep(by=command(), verb=Verb.OBSERVATION_EDIT)
    with pytest.raises(BadInput):
        correct(report, " ", by=week.hand("drafter"))
    first = correct(report, "One sign was counted by nobody.", by=week.hand("drafter"))
    assert (first.symbol, first.corrects_id, first.state) == ("DEMO/W/20/2026/Corr.1", report.pk, "draft")
    with pytest.raises(OutOfOrder):
        correct(report, "Again.", by=week.hand("drafter"))
    first = bring_out(week, first)
    assert "corrects DEMO/W/20/2026: One sign was counted by nobody." in " ".join(words_of(pdf_of(first, by=week.hand("analyst"))))
    assert "saw 4" in " ".join(words_of(pdf_of(first, by=week.hand("analyst"))))
    assert json.dumps(snapshot_of(report).content) == before
    assert [(one.code, one.why) for one in dependants(report)] == [(other.symbol, "rests on the same things")]
    assert [one.report.symbol for one in offers(Report.objects.all())] == [other.symbol]
    second = correct(first, "And the place.", by=week.hand("drafter"))
    assert (second.symbol, second.corrects_id) == ("DEMO/W/20/2026/Corr.2", report.pk)


def test_only_what_was_cleared_is_issued(week: Any) -> None:
    """Not a draft; and not what lost its consent between clearance and issue. Issuing twice makes one snapshot."""
    report = week.report()
    with pytest.raises(OutOfOrder, match="only a cleared report"):
        issue(report, by=week.hand("head"))
    write_paragraph(report, 1, "", "{1:Says}, so.{1}", [(1, "", "PZ-C1")], by=week.hand("drafter"))
    submit(report, by=week.hand("drafter"))
    clear(report, by=week.hand("clearer"))
    consent = Consent.objects.get(source=week.told.source)
    consent.withdrawn = datetime.now(UTC)
    consent.keep(by=command(), verb=Verb.CONSENT_WITHDRAW)
    with pytest.raises(OutOfOrder, match="was taken back"):
        issue(report, by=week.hand("head"))
    assert not Snapshot.objects.exists()
    assert Report.objects.get(pk=report.pk).state == Report.CLEARED
    whole = issued(week, [("It rained.", [])])
    assert issue(whole, by=week.hand("head")).pk == snapshot_of(whole).pk


def test_what_cannot_be_printed_is_not_issued(week: Any) -> None:
    """A sign no typeface shows stops the issue with the printer's sentence; nothing is kept."""
    with pytest.raises(BadInput, match="no sign for"):
        issued(week, [("It rained 𒀀.", [])])
    assert not Snapshot.objects.exists()


def test_each_audience_has_its_footnote_and_quotations_stay(week: Any) -> None:
    """One frozen report for three readers; an unknown reader is refused with the remedy; the original keeps its own."""
    report = issued(week, [("In {1:place} the mayor said “Kosovo is…”.{1}", [(1, "", "PZ-0417")])])
    content = snapshot_of(report).content
    notes = {who: for_audience(content, who, date(2026, 5, 17)) for who in ("OSCE", "COE", "EU")}
    assert [made["footnote"][:14] for made in notes.values()] == ["* There is no ", "* All referenc", "* This designa"]
    for made in notes.values():
        assert "“Kosovo is…”" in "".join(run["text"] for run in made["paragraphs"][0]["runs"])
        assert made["footnote"][2:40] in " ".join(words_of(paper(made)))
    assert snapshot_of(report).content["footnote"].startswith("* There is no consensus")
    with pytest.raises(BadInput, match="no status footnote"):
        for_audience(content, "NATO", date(2026, 5, 17))


def test_a_mission_without_footnotes_prints_none(people: Any) -> None:
    """No footnote is needed where the mission keeps none."""
    from fairwitness.report.freeze import footnote_for

    assert not Footnote.objects.exists()
    assert footnote_for("OSCE", date(2026, 5, 1)) == ""


def test_withdrawn_consent_questions_what_was_issued(week: Any) -> None:
    """The reaction puts the question on record once for each issued report; the report stays and offers its correction."""
    report = issued(week)
    before = json.dumps(snapshot_of(report).content)
    consent = Consent.objects.get(source=week.told.source)
    consent.withdrawn = datetime.now(UTC)
    consent.keep(by=command(), verb=Verb.CONSENT_WITHDRAW)
    entry = Entry.objects.get(verb=Verb.CONSENT_WITHDRAW.value, subject=str(consent.pk))
    question_reports(entry, worker())
    asked = Entry.objects.get(verb=Verb.REPORT_QUESTION.value)
    assert asked.subject == str(report.pk)
    assert json.dumps(snapshot_of(report).content) == before
    found = offers(Report.objects.filter(pk=report.pk))[0]
    assert [(one.code, one.what) for one in found.changes] == [("PZ-C1", "consent to “Mission internal” was taken back")]


def test_blocks_of_rooms_above_are_printed(week: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registered block fills the recommendations; a second room under its name is refused."""
    monkeypatch.setattr(blocks, "_blocks", {})

    @blocks.block("recommendations")
    def asks_of(report: Report) -> blocks.Block:
        ask = Ask("R-1", "Municipality of Prizren", "Repaint the signs.", "1 July 2026", "3 signs readable")
        return blocks.Block(asks=(ask,), rests_on=(("recommend.recommendation", week.seen.pk, week.seen.entry),))

    report = issued(week, [("It rained.", [])])
    assert "Repaint the signs." in " ".join(words_of(pdf_of(report, by=week.hand("analyst"))))
    assert snapshot_of(report).rests_on[-1]["kind"] == "recommend.recommendation"
    with pytest.raises(BrokenRule):

        @blocks.block("recommendations")
        def somebody_else(report: Report) -> None: ...


def test_redaction_takes_out_sentences_codes_and_small_places(week: Any) -> None:
    """The statement goes with the uncited sentence that goes on about it; village and codes go; the original stays as it was."""
    content = snapshot_of(issued(week)).content
    before = json.dumps(content)
    claim = Claim.objects.get(code="PZ-C1")
    made = redact(content, Orders(leave_out=frozenset([str(claim.pk)]), places=small_places(content), names=("monitors",)))
    text = json.dumps(made.content, ensure_ascii=False)
    for word in ("PZ-0417", "PZ-C1", "arrested", "He lives there", "Planjane", "Pllanjan", str(claim.pk), str(week.seen.entry), "monitors"):
        assert word not in text
    paragraph = "".join(run["text"] for run in made.content["paragraphs"][1]["runs"])
    assert paragraph == "On 13 May 2026 in a village in Prizren the mission saw 3 signs painted over. […] "
    assert [(s["number"], s["state"], s["grade"]) for s in made.content["sources"]] == [("1", "seen", "")]
    assert made.content["marking"] == "Public"
    assert made.content["history"] == []
    assert json.dumps(content) == before
    assert any("sentence was left out" in line for line in made.removed)
    assert "saw 3" in " ".join(words_of(paper(made.content)))


def test_a_paragraph_that_goes_whole_takes_its_heading_along(week: Any) -> None:
    """A heading may say what the sentences said."""
    report = week.report()
    write_paragraph(report, 1, "An arrest in the village", "{1:Says}, a man was arrested.{1}", [(1, "", "PZ-C1")], by=week.hand("drafter"))
    content = snapshot_of(bring_out(week, report)).content
    made = redact(content, Orders(leave_out=frozenset([str(week.told.pk)])))
    assert made.content["paragraphs"][0]["heading"] == ""
    assert content["paragraphs"][0]["heading"] == "An arrest in the village"


def test_redaction_hands_over_nothing_it_cannot_answer_for(week: Any) -> None:
    """A name inside a drawing cannot be taken out, so nothing leaves."""
    content = snapshot_of(issued(week)).content
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><text>Planjane</text></svg>"
    content["drawings"] = [{"svg": svg, "alt": "A", "caption": "", "width": 50}]
    with pytest.raises(BrokenRule, match="nothing was handed over"):
        redact(content, Orders(places=small_places(content)))


def test_nothing_of_a_draft_is_frozen(week: Any) -> None:
    """A draft follows its sources until it is issued."""
    report = week.report()
    write_paragraph(report, 1, "", "The mission {1:saw} {1:count} signs.{1}", [(1, "", "PZ-0417")], by=week.hand("drafter"))
    seen = Observation.objects.get(code="PZ-0417")
    seen.count_low = seen.count_high = 5
    seen.keep(by=command(), verb=Verb.OBSERVATION_EDIT)
    assert "5" in {piece.text for piece in read(report).paragraphs[0].pieces}
