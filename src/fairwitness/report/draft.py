"""Draft: start a report: its symbol, title, period, cut-off and marking.

A symbol is taken once. Where none is given, the next of its series is: `DEMO/W/20/2026` is the twentieth of
the series `DEMO/W` in 2026. Series are the mission's data (vocabulary `report-series`: kind and prefix). The
rule guarded here: a report says as of when and in which time zone it speaks, and a period ends after it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import MissionProfile, Term, Unit
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb
from fairwitness.report.models import Report, slug_of

SERIES = "report-series"
SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*(/[A-Za-z0-9][A-Za-z0-9.+-]*)+")


def start_report(
    *,
    kind: str,
    title: str,
    unit: Unit,
    by: Hand,
    sensitivity: int = Sensitivity.INTERNAL,
    period: tuple[date | None, date | None] = (None, None),
    cut_off: datetime | None = None,
    symbol: str = "",
    audience: str = "OSCE",
    language: str = "en",
    proof: str = "",
    method: str = "",
    time_zone: str = "",
    thing_id: UUID | None = None,
) -> Report:
    """Start a draft. The same `thing_id` sent twice makes one report. Raises BadInput, Refused."""
    if thing_id is not None and (made := Report.objects.filter(pk=thing_id).first()) is not None:
        require(by, Verb.REPORT_DRAFT, made)
        return made
    require(by, Verb.REPORT_DRAFT)
    if sensitivity not in list(Sensitivity):
        raise BadInput.of(Fault("sensitivity", "is no step of the marking; choose one from 0 (public) to 3 (confidential)"))
    profile = MissionProfile.objects.first()
    report = Report(
        id=thing_id or uuid7(), kind=kind, title=title.strip(), unit=unit, sensitivity=sensitivity, period_from=period[0],
        period_until=period[1], cut_off=cut_off, audience=audience, language=language, proof=proof, method=method.strip(),
        time_zone=time_zone or (profile.time_zone if profile else "UTC"),
    )  # fmt: skip
    require(by, Verb.REPORT_DRAFT, report)
    try:
        with writing(by):
            report.symbol = symbol.strip() or next_symbol(kind, (period[1] or datetime.now(UTC).date()).year)
            if faults := list(_faults(report)):
                raise BadInput.of(*faults)
            report.keep(by=by, verb=Verb.REPORT_DRAFT)
    except IntegrityError:
        raise BadInput.of(Fault("symbol", say("{symbol} was taken a moment ago; send it again", symbol=report.symbol))) from None
    return report


def series_of(kind: str) -> str:
    """The prefix of a kind's series: from the vocabulary, else the mission's code and the kind's first letter."""
    term = Term.objects.filter(vocabulary=SERIES, code=kind, ended__isnull=True).first()
    if term is not None:
        return str(term.label)
    profile = MissionProfile.objects.first()
    return f"{(profile.code if profile else 'mission').upper()}/{kind[:1].upper()}"


def next_symbol(kind: str, year: int) -> str:
    """The next symbol of a kind's series in a year."""
    series = series_of(kind)
    form = re.compile(rf"{re.escape(series)}/(\d+)/{year}")
    taken = Report.objects.filter(symbol__startswith=f"{series}/", symbol__endswith=f"/{year}").values_list("symbol", flat=True)
    numbers = [int(found[1]) for symbol in taken if (found := form.fullmatch(symbol))]
    return f"{series}/{max(numbers, default=0) + 1}/{year}"


def _faults(report: Report) -> Iterator[Fault]:
    if not report.title:
        yield Fault("title", "is empty; say what the report is about")
    elif len(report.title) > 300 or "\x00" in report.title:
        yield Fault("title", "is longer than 300 letters or holds a NUL character; shorten it")
    kinds = dict(Report.KINDS)
    if report.kind not in kinds:
        yield Fault("kind", say("“{kind}” is no kind of report; choose one of {names}", kind=report.kind, names=', '.join(kinds)))
    if not SYMBOL.fullmatch(report.symbol) or len(report.symbol) > 50:
        yield Fault("symbol", say(
            "“{symbol}” is no symbol; write letters, digits and slashes as in DEMO/W/20/2026",
            symbol=report.symbol,
        ))
    elif Report.objects.filter(symbol=report.symbol).exists() or Report.objects.filter(slug=slug_of(report.symbol)).exists():
        yield Fault("symbol", say("{symbol} is taken; leave the field empty for the next of the series", symbol=report.symbol))
    start, end = report.period_from, report.period_until
    if (start is None) != (end is None):
        yield Fault("period_until" if end is None else "period_from", "a period has a first and a last day; give both or neither")
    elif start and end and end < start:
        yield Fault("period_until", say(
            "{end:%d.%m.%Y} is before the first day, {start:%d.%m.%Y}; correct one of them",
            end=end, start=start,
        ))
    try:
        ZoneInfo(report.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Fault("time_zone", say("“{time_zone}” is no time zone; write one as in Europe/Belgrade", time_zone=report.time_zone))
    if report.cut_off is not None and report.cut_off.tzinfo is None:
        yield Fault("cut_off", "has no time zone; state it with its zone")
