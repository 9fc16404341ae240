"""Put a report on paper: a tagged A4 document that a screen reader can read, an archive can keep, and anybody can make again.

The same report gives the same bytes, so a printed file can be held against the log. The rule guarded here: words of people enter
as data and are set as words, whatever they contain; every page carries its marking, its notice and the status footnote; and what the
typefaces cannot show stops the printing instead of becoming an empty box.
"""

import datetime
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fairwitness.errors import say
from fairwitness.report.printable import (
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
)

__all__ = ["Ask", "CannotPrint", "Drawing", "Line", "Paragraph", "Printable", "Proof", "Run", "Source", "Table", "print_report"]

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"

PRINT_STYLE = (
    "text{font-family:'Libertinus Serif';font-size:13px;fill:#333}.b{font-weight:600;fill:#000}.inv{font-weight:600;fill:#fff}"
    ".map text{font-size:15px}.lab{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}"
    ".grid{fill:none;stroke:#aaa;stroke-width:.7px}.ax{fill:none;stroke:#444}.brk{stroke:#000;stroke-width:1.5px;stroke-dasharray:2 2}"
    ".bar,.yes{fill:#222}.alarmbar{fill:#000}.alarm{fill:#fff;stroke:#000;stroke-width:2px}.cov{fill:#777}.band{fill:#e6e6e6}"
    ".hatchline{stroke:#666;stroke-width:1.2px}.mun{fill:#f0f0f0;stroke:#999;stroke-width:.8px}.nobody{stroke:#999;stroke-width:.8px}"
    ".dot{fill:#222;stroke:#fff}.ring{fill:none;stroke:#000;stroke-width:3px}.outline{fill:none;stroke:#000}.here{fill:#000}"
    ".sector{fill:#e6e6e6;stroke:#000;stroke-width:1.5px}.open{stroke-dasharray:4 3}.mid{fill:none;stroke:#666;stroke-dasharray:3 3}"
    ".box{stroke:#444}rect.box{fill:#fff}rect.yes{fill:#222}"
)
FORBIDDEN = {"image", "script", "foreignObject", "use", "style", "a"}


def print_report(doc: Printable) -> bytes:
    """Return the report as a tagged PDF (PDF/UA-1 and PDF/A-2a); the same report always gives the same bytes."""
    with tempfile.TemporaryDirectory(prefix="fairwitness-print-") as folder:
        room = Path(folder)
        shutil.copyfile(TEMPLATE, room / "report.typ")
        for place, drawing in enumerate(doc.figures, 1):
            (room / f"figure{place}.svg").write_text(_for_paper(drawing, place), encoding="utf-8")
        with translation.override(_catalogue(doc.language)):
            data = _data(doc)
        (room / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return _compile(room, _moment(doc.issued))


def _compile(room: Path, moment: int) -> bytes:
    # Read in with the first print: a process that prints nothing does not carry it.
    import typst

    try:
        made, warnings = typst.compile_with_warnings(
            str(room / "report.typ"),
            root=str(room),
            format="pdf",
            ignore_system_fonts=True,
            font_paths=[],
            pdf_standards=["ua-1", "a-2a"],
            timestamp=moment,
        )
    except typst.TypstError as problem:
        raise CannotPrint(_what_failed(problem)) from problem
    if warnings:
        raise CannotPrint(say("The printer warned: {message}. Nothing was printed.", message=warnings[0].message))
    if not isinstance(made, bytes):
        raise CannotPrint("The printer returned no document. Nothing was printed.")
    return made


def _what_failed(problem: Exception) -> str:
    said = str(getattr(problem, "message", "") or problem)
    missing = re.search(r'the text `"(.+?)"` could not be displayed', said)
    if missing:
        codes = " ".join(f"U+{ord(letter):04X}" for letter in missing.group(1))
        return f"The typefaces have no sign for “{missing.group(1)}” ({codes}). Write it in another way or in another script."
    return f"The report could not be set: {said}"


def _moment(day: datetime.date) -> int:
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp())


def _catalogue(language: str) -> str:
    """The catalogue of a language: Serbian in Cyrillic is Django's plain "sr"."""
    return {"sr-cyrl": "sr"}.get(language.lower(), language.lower())


def _for_paper(drawing: Drawing, place: int) -> str:
    """The drawing in black on white. It may hold nothing that fetches, runs, or brings a style of its own."""
    where = f"Drawing {place}"
    if not drawing.alt.strip():
        raise CannotPrint(say("{where} has no description in words. Say what it shows.", where=where))
    if "<!" in drawing.svg or "<?" in drawing.svg:
        raise CannotPrint(say("{where} holds a declaration. Hand over the drawing element alone.", where=where))
    try:
        root = ElementTree.fromstring(drawing.svg)
    except ElementTree.ParseError as problem:
        raise CannotPrint(say("{where} is not well-formed: {problem}. Draw it again.", where=where, problem=problem)) from problem
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        outside = [key for key, value in element.attrib.items() if _reaches_out(key.rpartition("}")[2], value)]
        if name in FORBIDDEN or outside:
            raise CannotPrint(say(
                "{where} holds “{name}”, which may not be printed. Draw it without.",
                where=where, name=outside[0] if outside else name,
            ))
    return re.sub(r"(<svg\b[^>]*>)", rf"\1<style>{PRINT_STYLE}</style>", drawing.svg, count=1)


def _reaches_out(key: str, value: str) -> bool:
    """Whether an attribute could fetch, run or restyle something; pointing inside the same drawing (`url(#…)`) may stay."""
    return key in ("href", "src", "style") or key.startswith("on") or "url(" in value.replace("url(#", "")


def _table(table: Table) -> dict[str, Any]:
    numeric = [place in table.numeric for place in range(len(table.columns))]
    return {
        "caption": table.caption,
        "columns": list(table.columns),
        "note": table.note,
        "numeric": numeric,
        "widths": ["auto" if number else "1fr" for number in numeric],
        "rows": [list(row) for row in table.rows],
    }


def _data(doc: Printable) -> dict[str, Any]:
    """Everything the page shows, as strings and lists; the active language writes the fixed words."""
    as_of = f"{formats.date_format(doc.cut_off, 'DATETIME_FORMAT')} {doc.time_zone}" if doc.cut_off else ""
    states = _states()
    language, _dash, script = doc.language.partition("-")
    return {
        "lang": language,
        "script": script.lower(),
        "words": _words(),
        "symbol": doc.symbol,
        "title": doc.title,
        "issuer": doc.issuer,
        "marking": doc.marking,
        "demo_notice": doc.demo_notice,
        "kicker": doc.kicker or doc.symbol,
        "footnote": doc.footnote,
        "language_note": doc.language_note,
        "issued": formats.date_format(doc.issued, "DATE_FORMAT"),
        "as_of": as_of,
        "date": [doc.issued.year, doc.issued.month, doc.issued.day],
        "paragraphs": [
            {"number": p.number, "heading": p.heading, "runs": [{"text": r.text, "style": r.style, "notes": list(r.notes)} for r in p.runs]}
            for p in doc.paragraphs
        ],
        "sources": [
            {"number": s.number, "label": s.label, "state": s.state, "state_word": states[s.state], "grade": s.grade, "line": s.line}
            for s in doc.sources
        ],
        "tables": [_table(table) for table in doc.tables],
        "figures": [
            {"file": f"figure{place}.svg", "alt": f.alt, "caption": f.caption, "width": max(10, min(100, f.width))}
            for place, f in enumerate(doc.figures, 1)
        ],
        "recommendations": [
            {"number": a.number, "addressee": a.addressee, "act": a.act, "due": a.due, "indicator": a.indicator}
            for a in doc.recommendations
        ],
        "history": [{"seq": f"№ {h.seq}", "at": h.at, "door": h.door, "post": h.post, "act": h.act} for h in doc.history],
        "proof": None
        if doc.proof is None
        else {
            "origin": doc.proof.origin,
            "size": str(doc.proof.size),
            "root": doc.proof.root,
            "address": doc.proof.address,
        },
    }


def _states() -> dict[str, str]:
    return {
        "seen": pgettext("state", "Seen"),
        "heard": pgettext("state", "Heard"),
        "recorded": pgettext("state", "Recorded"),
        "reported": pgettext("state", "Reported"),
        "alleged": pgettext("state", "Alleged"),
        "unable": pgettext("state", "Unable to confirm"),
        "verified": pgettext("state", "Verified"),
        "": "",
    }


def _words() -> dict[str, str]:
    return {
        "page": _("Page"),
        "issued": _("Issued"),
        "as_of": _("As of"),
        "language": _("Language"),
        "not_visited": _("not visited"),
        "recommendations": _("Recommendations"),
        "addressee": _("Addressee"),
        "due": _("Due"),
        "indicator": _("Measured by"),
        "sources": _("Sources"),
        "sources_note": _("Filled mark: perceived by the mission; open: told to it. Letter: the source; digit: the information."),
        "on_record": _("On record"),
        "entry": _("Entry"),
        "time": _("Time"),
        "door": _("Door"),
        "act": _("Who, what"),
        "check": _("Check this report"),
        "check_note": _("Anybody can check at this address that the report was published in this form and not changed since."),
        "log": _("Log"),
        "size": _("Entries"),
        "root": _("Root"),
        "address": _("Address"),
    }
