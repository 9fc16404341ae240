"""Set out: frozen content as a printable document, for the mission or for whoever may read a redacted version.

Nothing is computed on the way: what stands in the content stands on paper. The rule guarded here: method,
standard of proof and what a correction corrects are printed with the report, not kept beside it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fairwitness.report.printable import Ask, Drawing, Line, Paragraph, Printable, Proof, Run, Source, Table

Content = dict[str, Any]


def set_out(content: Content, proof: Proof | None = None) -> Printable:
    """The document to hand to `print_report`. `proof` says where it stands in the public log."""
    zone = ZoneInfo(content["time_zone"])
    return Printable(
        symbol=content["symbol"], title=content["title"], issuer=content["issuer"], marking=content["marking"],
        footnote=content["footnote"], language=content["language"], language_note=content["language_note"],
        demo_notice=content["demo_notice"], kicker=content["kicker"],
        issued=datetime.fromisoformat(content["issued"]).astimezone(zone).date(),
        cut_off=datetime.fromisoformat(content["cut_off"]).astimezone(zone) if content["cut_off"] else None,
        time_zone=content["time_zone"],
        paragraphs=(*_correction(content), *(_paragraph(p) for p in content["paragraphs"]), *_made(content)),
        sources=tuple(
            Source(s["number"], s["code"] or f"Source {s['number']}", s["state"], s["grade"], s["line"]) for s in content["sources"]
        ),
        tables=tuple(
            Table(t["caption"], tuple(t["columns"]), tuple(tuple(row) for row in t["rows"]), t["note"], tuple(t["numeric"]))
            for t in content["tables"]
        ),
        figures=tuple(Drawing(d["svg"], d["alt"], d["caption"], d["width"]) for d in content["drawings"]),
        recommendations=tuple(Ask(a["number"], a["addressee"], a["act"], a["due"], a["indicator"]) for a in content["recommendations"]),
        history=tuple(Line(h["seq"], h["at"], h["door"], h["post"], h["act"]) for h in content["history"]),
        proof=proof,
    )  # fmt: skip


def _paragraph(paragraph: Content) -> Paragraph:
    runs = tuple(Run(run["text"], run["style"], tuple(run["notes"])) for run in paragraph["runs"])
    return Paragraph(paragraph["number"], runs, paragraph["heading"])


def _correction(content: Content) -> tuple[Paragraph, ...]:
    if not content["corrects"]:
        return ()
    return (Paragraph("", (Run(f"This report corrects {content['corrects']}: {content['corrects_why']}"),), "Correction"),)


def _made(content: Content) -> tuple[Paragraph, ...]:
    said = [content["method"]] if content["method"] else []
    if content["proof"]:
        said.append(f"Standard of proof: {content['proof']}.")
    return (Paragraph("", (Run(" ".join(said)),), "How this report was made"),) if said else ()
