"""The printed report, read back from a real PDF: its words, its structure, its notices on every page, and the same bytes twice."""

from __future__ import annotations

import dataclasses
import datetime
import io
import re

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from fairwitness.report.print import (
    Ask,
    CannotPrint,
    Drawing,
    Line,
    Paragraph,
    Printable,
    Proof,
    Run,
    Source,
    Table,
    print_report,
)
from fairwitness.web import draw

FOOTNOTE = "* All references to Kosovo are to be understood in full compliance with United Nations Security Council Resolution 1244."
NOTICE = "Demonstration: visits and figures are invented."
EVIL = r'#panic("x") *not bold* _nor italic_ $x^2$ \ <label> @ref // gone? #read("/etc/passwd") [x] `raw` = no heading'
SQ = "Përkthimi i rregulloreve në Prishtinë: ë ç Ë Ç."
SR = "Сведоци су изјавили да су табле ђ ћ љ њ џ скинуте."
TR = "Mamuşa’da ışık söndü; çağrı, İstanbul, ğ."

REPORT = Printable(
    symbol="M/WR/20/2026",
    title="Weekly report, Prizren area",
    issuer="Mission in Kosovo*",
    marking="Mission internal",
    footnote=FOOTNOTE,
    demo_notice=NOTICE,
    language="en",
    language_note="English, language of record",
    issued=datetime.date(2026, 5, 18),
    cut_off=datetime.datetime(2026, 5, 17, 19, 30),
    time_zone="CEST",
    paragraphs=(
        Paragraph("1", (Run("The mission "), Run("observed", "seen"), Run(" signs.", notes=("1", "2"))), heading="What the mission saw"),
        Paragraph("2", (Run(SQ), Run(SR, "quote"), Run(TR, "said"))),
        Paragraph("3", (Run(EVIL, "tested"), Run("16", "calc"))),
        *(Paragraph(str(n), (Run("The committee met and interpretation was heard throughout. " * 12),)) for n in range(4, 12)),
    ),
    sources=(Source("1", "PZ-0417", "seen", "A2", "Two monitors."), Source("2", "PZ-0418", "unable", "B4")),
    tables=(
        Table("Signs and visits", ("Place", "Signs", "Visits"), (("Prizren", "17", "7"), ("Junik", None, "0")), "Hatched: nobody.", (1, 2)),
    ),
    figures=(Drawing(draw.series([("W1", 2, 1), ("W2", None, 0)], title="Signs per week"), "Two weeks, one unseen.", "Signs"),),
    recommendations=(Ask("R-2026-014a", "Municipality of Prizren", "Publish each regulation.", "13 May 2026", "22 online"),),
    history=(Line(48260, "17 May 2026, 20:40", "staff door", "PZ-01", "signed draft 3"),),
    proof=Proof("mission.example/public", 1204, "b771" * 16, "https://mission.example/check/1"),
)


@pytest.fixture(scope="module")
def printed() -> bytes:
    return print_report(REPORT)


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def with_(**changes: object) -> Printable:
    return dataclasses.replace(REPORT, **changes)  # type: ignore[arg-type]


def test_every_language_and_every_sign_is_there_as_written(printed: bytes) -> None:
    text = " ".join(pages(printed))
    for words in (SQ, SR, TR, EVIL):
        assert words in text
    assert "root:" not in text


def test_the_parts_of_a_report_are_there(printed: bytes) -> None:
    text = " ".join(pages(printed))
    for words in (
        "Weekly report, Prizren area",
        "17 May 2026, 19:30 CEST",
        "18 May 2026",
        "English, language of record",
        "not visited",
        "R-2026-014a",
        "Unable to confirm",
        "№ 48260",
        "b771" * 16,
        "Two monitors.",
        "Signs per week",
    ):
        assert words in text


def test_marking_notice_footnote_and_number_stand_on_every_page(printed: bytes) -> None:
    all_pages = pages(printed)
    assert len(all_pages) > 1
    for number, text in enumerate(all_pages, 1):
        assert NOTICE in text and FOOTNOTE in text and "M/WR/20/2026" in text
        assert text.startswith("Mission internal") and f"Page {number} / {len(all_pages)}" in text


def test_a_report_without_notice_prints_none() -> None:
    assert "Demonstration" not in " ".join(pages(print_report(with_(demo_notice=""))))


def roles(node: pikepdf.Object, found: list[str]) -> list[str]:
    if isinstance(node, pikepdf.Array):
        for one in list(node):
            roles(one, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append(str(node.S))
            if str(node.S) == "/Figure":
                assert str(node.get("/Alt", "")), "a figure without words"
        if ("/K" in node and "/S" in node) or node.get("/Type") == "/StructTreeRoot":
            roles(node.get("/K", pikepdf.Array()), found)
    return found


def test_the_document_is_tagged_and_says_so(printed: bytes) -> None:
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) and str(pdf.Root.Lang).startswith("en")
        found = roles(pdf.Root.StructTreeRoot, [])
        assert {"/H1", "/Table", "/TH", "/TD", "/Figure", "/P", "/Link"} <= set(found)
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1" and about["pdfaid:part"] == "2" and about["pdfaid:conformance"] == "A"
            assert about["dc:title"] == REPORT.title


def test_the_same_report_gives_the_same_bytes(printed: bytes) -> None:
    assert print_report(REPORT) == printed
    assert print_report(with_(title="Another")) != printed


@pytest.mark.parametrize(("language", "expected", "word"), [("sq", "sq", "maj"), ("sr-Cyrl", "sr", "мај"), ("tr", "tr", "Mayıs")])
def test_the_language_is_declared_and_writes_the_date(language: str, expected: str, word: str) -> None:
    made = print_report(with_(language=language))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.Root.Lang).split("-")[0] == expected
    assert word.casefold() in " ".join(pages(made)).casefold()


@pytest.mark.parametrize("field", ["title", "issuer", "marking", "footnote", "demo_notice"])
def test_a_sign_no_typeface_has_stops_the_printing(field: str) -> None:
    with pytest.raises(CannotPrint, match=r"no sign for “漢.*U\+6F22"):
        print_report(with_(**{field: "Report 漢"}))


def test_a_sign_missing_in_a_drawing_stops_the_printing() -> None:
    with pytest.raises(CannotPrint, match="U\\+6F22"):
        print_report(with_(figures=(Drawing(draw.sector(1, 2, ["N"], "漢"), "A sector"),)))


SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


@pytest.mark.parametrize(
    ("svg", "reason"),
    [
        (SQUARE.format('<image href="/etc/hostname"/>'), "href"),
        (SQUARE.format("<image/>"), "image"),
        (SQUARE.format('<rect fill="url(//elsewhere/x)"/>'), "fill"),
        (SQUARE.format("<script>1</script>"), "script"),
        (SQUARE.format('<rect style="fill:red"/>'), "style"),
        (SQUARE.format('<rect onclick="x()"/>'), "onclick"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + SQUARE.format("&a;"), "declaration"),
        ("<svg", "not well-formed"),
    ],
)
def test_a_drawing_that_fetches_or_runs_is_refused(svg: str, reason: str) -> None:
    with pytest.raises(CannotPrint, match=re.escape(reason)):
        print_report(with_(figures=(Drawing(svg, "A square"),)))


def test_a_drawing_without_words_is_refused() -> None:
    with pytest.raises(CannotPrint, match="no description"):
        print_report(with_(figures=(Drawing(SQUARE.format(""), " "),)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": " "}, "no title"),
        ({"marking": ""}, "no marking"),
        ({"time_zone": ""}, "which time zone"),
        ({"sources": REPORT.sources[:1]}, "cites source 2"),
        ({"sources": REPORT.sources + REPORT.sources[:1]}, "listed twice"),
        ({"tables": (Table("T", ("a", "b"), (("1",),)),)}, "1 cells for 2 columns"),
    ],
)
def test_an_incomplete_report_cannot_be_made(change: dict[str, object], reason: str) -> None:
    with pytest.raises(CannotPrint, match=reason):
        with_(**change)
