"""Freeze: everything a report says at the moment it is issued, as plain data that never changes afterwards.

    content = {form, symbol, title, kind, language, language_note, issuer, audience, marking, footnote, demo_notice, kicker,
               period, cut_off, time_zone, issued, proof, method, corrects, corrects_why,
               paragraphs: [{number, heading, runs: [{text, style, notes, sentence, place}]}],
               sources: [{number, kind, id, entry, code, state, grade, line, sensitivity, place}],
               tables: [{caption, columns, rows, note, numeric, places?}], drawings: [{svg, alt, caption, width}],
               figures: [{series, label, year, count, published_by, method, break}],
               recommendations: [{number, addressee, act, due, indicator}], history: [{seq, at, door, post, act}]}

Sources are numbered through the report in the order in which it first rests on them. The rule guarded here:
beside the words stand the entries they rest on, so that a later change of a source is found, never followed.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from fairwitness.analyse.models import STANDARDS_OF_PROOF
from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.models import Footnote, Member, MissionProfile, Tenure
from fairwitness.mission.name_places import names_of
from fairwitness.record.look_back import history
from fairwitness.record.verbs import Verb
from fairwitness.report import blocks
from fairwitness.report.cite import Cited
from fairwitness.report.models import Report
from fairwitness.report.printable import Table
from fairwitness.report.read import Draft, Written, date_of, read
from fairwitness.report.word import COMPUTED, TOKEN

LANGUAGES = {
    "en": "English", "sq": "Albanian", "sr-Latn": "Serbian (Latin)", "sr-Cyrl": "Serbian (Cyrillic)", "tr": "Turkish", "bs": "Bosnian",
    "rom": "Romani",
}  # fmt: skip
ACTS = (Verb.REPORT_DRAFT, Verb.REPORT_CORRECT, Verb.REPORT_SUBMIT, Verb.REPORT_RETURN, Verb.REPORT_CLEAR)

DEMONSTRATION = "Demonstration. Not an OSCE publication, not endorsed."
PAST = {verb.value: verb.past for verb in Verb}

Content = dict[str, Any]
Basis = list[dict[str, str]]


def freeze(report: Report, moment: datetime) -> tuple[Content, Basis]:
    """(content, what it rests on: kind, id, code and entry of each thing) as of this moment."""
    draft = read(report)
    order: dict[tuple[str, UUID], int] = {}
    cited: dict[tuple[str, UUID], Cited] = {}
    paragraphs = [_paragraph(str(place), written, order, cited) for place, written in enumerate(draft.paragraphs, 1)]
    filled = blocks.filled(report)
    profile = MissionProfile.objects.first()
    content: Content = {
        "form": 1, "symbol": report.symbol, "title": report.title, "kind": report.kind, "language": report.language,
        "language_note": f"{LANGUAGES.get(report.language, report.language)}, language of record",
        "issuer": _issuer(profile), "audience": report.audience, "marking": report.marking(),
        "footnote": footnote_for(report.audience, date_of(report), report.language), "demo_notice": notice_of(profile),
        "kicker": f"{report.get_kind_display()} · {report.symbol}", "time_zone": report.time_zone, "issued": moment.isoformat(),
        "period": [day.isoformat() if day else "" for day in (report.period_from, report.period_until)],
        "cut_off": report.cut_off.isoformat() if report.cut_off else "", "proof": dict(STANDARDS_OF_PROOF).get(report.proof, ""),
        "method": report.method, "corrects": report.corrects.symbol if report.corrects else "", "corrects_why": report.corrects_why,
        "paragraphs": paragraphs, "sources": [_source(n, cited[key]) for key, n in order.items()],
        "tables": _tables(report, draft, cited) + [table_of(t) for _, b in filled for t in b.tables],
        "drawings": [{"svg": d.svg, "alt": d.alt, "caption": d.caption, "width": d.width} for _, b in filled for d in b.figures],
        "figures": [_figure(source) for source in cited.values() if source.kind == "analyse.publishedfigure"],
        "recommendations": [
            {"number": a.number, "addressee": a.addressee, "act": a.act, "due": a.due, "indicator": a.indicator}
            for _, b in filled for a in b.asks
        ],
        "history": lines(report),
    }  # fmt: skip
    return content, _basis(draft, cited, filled)


def notice_of(profile: MissionProfile | None) -> str:
    """What every page of an invented mission says. A demonstration says it also when its pack forgot to."""
    return (profile.notice if profile else "") or (DEMONSTRATION if settings.FAIRWITNESS_DEMO else "")


def _issuer(profile: MissionProfile | None) -> str:
    name = profile.name if profile else "Mission"
    return f"{name}*" if profile and Footnote.objects.exists() and not name.endswith("*") else name


def footnote_for(audience: str, on: date, language: str = "en") -> str:
    """The status footnote an audience expects on a day. A mission without footnotes prints none; one that has them must have this one."""
    in_force = (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    known = Footnote.objects.filter(in_force)
    if not known.exists():
        return ""
    body = audience.split("-")[0]
    own = known.filter(audience__iexact="OSCE" if body.casefold() in ("", "public", "internal", "mission") else body)
    found = own.filter(language=language).first() or own.filter(language="en").first()
    if found is None:
        raise BadInput.of(Fault("audience", say(
            "there is no status footnote for “{audience}”; add one, or address the report otherwise",
            audience=audience,
        )))
    return f"* {found.text}"


def _paragraph(number: str, written: Written, order: dict[tuple[str, UUID], int], cited: dict[tuple[str, UUID], Cited]) -> Content:
    runs = []
    for piece in written.pieces:
        notes = []
        for local in piece.notes:
            source = written.sources.get(local)
            if source is not None:
                key = (source.kind, source.id)
                cited[key] = source
                notes.append(str(order.setdefault(key, len(order) + 1)))
        runs.append({"text": piece.text, "style": piece.style, "notes": notes, "sentence": piece.sentence, "place": piece.place})
    return {"number": number, "heading": written.paragraph.heading, "runs": runs}


def _source(number: int, source: Cited) -> Content:
    return {
        "number": str(number), "kind": source.kind, "id": str(source.id), "entry": str(source.entry), "code": source.code,
        "state": source.state, "grade": source.grade, "line": source.line, "sensitivity": source.sensitivity,
        "place": str(source.place or ""),
    }  # fmt: skip


def _figure(source: Cited) -> Content:
    row = source.thing
    return {
        "series": row.series, "label": row.label, "year": row.year, "count": source.counts.get("count", ""),
        "published_by": row.published_by, "method": row.method, "break": row.break_reason if row.is_break else "",
    }  # fmt: skip


def table_of(table: Table) -> Content:
    """A table as plain data."""
    rows = [list(row) for row in table.rows]
    made = {"caption": table.caption, "columns": list(table.columns), "rows": rows, "note": table.note, "numeric": list(table.numeric)}
    return made | ({"places": list(table.places)} if table.places else {})


def _tables(report: Report, draft: Draft, cited: dict[tuple[str, UUID], Cited]) -> list[Content]:
    made = []
    if _computed(draft) and draft.reach.areas:
        names = names_of({place.id for place in draft.reach.areas}, report.audience, date_of(report))
        visits = draft.reach.visits
        rows = sorted([names[place.id], str(visits[place.id]) if visits.get(place.id) else None] for place in draft.reach.areas)
        note = f"Computed from {len(draft.reach.activities)} activities on record."
        columns = ["Municipality", "Visits"]
        made.append({"caption": "Visits by municipality", "columns": columns, "rows": rows, "note": note, "numeric": [1]})
    published = [_figure(source) for source in cited.values() if source.kind == "analyse.publishedfigure"]
    if published:
        rows = [[one["label"], str(one["year"]), one["count"], one["published_by"], one["method"], one["break"]] for one in published]
        columns = ["Figure", "Year", "Count", "Published by", "Method", "Series break"]
        made.append({"caption": "Published figures", "columns": columns, "rows": rows, "note": "", "numeric": [1, 2]})
    return made


def _computed(draft: Draft) -> bool:
    return any(COMPUTED.fullmatch(token[1]) for written in draft.paragraphs for token in TOKEN.finditer(written.paragraph.text))


def _basis(draft: Draft, cited: dict[tuple[str, UUID], Cited], filled: list[tuple[str, blocks.Block]]) -> Basis:
    """Every entry the words were made from: what is cited, the activities counted, the paragraphs, what blocks were made from."""
    found = [(source.kind, source.id, source.code, source.entry) for source in cited.values()]
    if _computed(draft):
        found += [("monitor.activity", activity.id, activity.code, activity.entry) for activity in draft.reach.activities]
    found += [("report.paragraph", w.paragraph.id, str(w.paragraph.number), w.paragraph.entry) for w in draft.paragraphs]
    found += [(kind, target, name, entry) for name, block in filled for kind, target, entry in block.rests_on]
    unique = {(kind, target): (code, entry) for kind, target, code, entry in found}
    return [{"kind": kind, "id": str(target), "code": code, "entry": str(entry)} for (kind, target), (code, entry) in unique.items()]


def lines(report: Report) -> list[Content]:
    """The steps of a report on record, newest first; persons stand by their post."""
    found = [line for line in history([report.pk], 200) if line.verb in {verb.value for verb in ACTS}]
    posts = posts_of({line.member for line in found if line.member})
    zone = ZoneInfo(report.time_zone)
    return [
        {"seq": line.seq, "at": f"{datetime.fromisoformat(line.recorded).astimezone(zone):%d.%m.%Y, %H:%M}", "door": line.door,
         "post": posts.get(line.member or "", "the node"), "act": PAST[line.verb]}
        for line in found
    ]  # fmt: skip


def posts_of(members: set[str]) -> dict[str, str]:
    """The present post of each member, else the member's code."""
    found = {str(member.pk): member.code for member in Member.objects.filter(pk__in=members)}
    for tenure in Tenure.objects.filter(member_id__in=members, until__isnull=True).select_related("post"):
        found[str(tenure.member_id)] = tenure.post.code
    return found


def for_audience(content: Content, audience: str, on: date) -> Content:
    """The same frozen words for another audience: its status footnote, its house style for places. Quotations stay untouched."""
    places = {UUID(run["place"]) for paragraph in content["paragraphs"] for run in paragraph["runs"] if run["place"]}
    names = names_of(places, audience, on)

    def named(run: Content) -> Content:
        return {**run, "text": names.get(UUID(run["place"]), run["text"])} if run["place"] and run["style"] != "quote" else run

    paragraphs = [{**paragraph, "runs": [named(run) for run in paragraph["runs"]]} for paragraph in content["paragraphs"]]
    return {**content, "audience": audience, "footnote": footnote_for(audience, on, content["language"]), "paragraphs": paragraphs}
