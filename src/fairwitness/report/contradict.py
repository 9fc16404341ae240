"""Contradict: what in a draft cannot be true together, or may not be said to its audience. Each stops clearance.

A typed duration against the times on record; a typed count against the cited one; a claim told as a fact, or
cited without a rating; consent that does not reach the report's audience; something after the cut-off.
The rule guarded here: each says what was written, what the record gives, and what settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fairwitness.errors import say
from fairwitness.report.cite import Cited
from fairwitness.report.models import Report
from fairwitness.report.read import Draft, Written, read
from fairwitness.report.word import CITED, QUOTE, TOKEN

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
MINUTES = re.compile(r"\b(\d{1,4}|" + "|".join(WORDS) + r")[\s‑-]+minutes?\b", re.IGNORECASE)
CLOCKS = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\s*(?:–|-|to|until|and)\s*([01]?\d|2[0-3])[:.]([0-5]\d)\b")
SURE = re.compile(
    r"\b(?:mission|monitors?|patrols?|teams?|we|it was)\b[^.;,]{0,60}?"
    r"\b(observed|saw|witnessed|heard|recorded|confirmed|verified|established)\b",
    re.IGNORECASE,
)
HEDGES = {
    "reported": re.compile(r"report|alleg|claim|accord|said|told|stated|unable to confirm", re.IGNORECASE),
    "alleged": re.compile(r"alleg|claim|unable to confirm", re.IGNORECASE),
    "unable": re.compile(r"unable to confirm", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One reason why a report cannot be cleared: in which paragraph, about which source, what and how to settle it."""

    kind: str
    paragraph: int
    citation: int
    sentence: str
    remedy: str

    def __str__(self) -> str:
        """One line for the list on top of the page and for a refusal."""
        return f"Paragraph {self.paragraph}: {self.sentence} {self.remedy}"


def contradictions(report: Report, draft: Draft | None = None) -> list[Contradiction]:
    """Everything that stops this report, by paragraph. Nothing means that it may be cleared."""
    found: list[Contradiction] = []
    for written in (draft or read(report)).paragraphs:
        checks = (_durations(report, written), _typed_counts(written), _facts(written), _unrated(written), _consent(written),
                  _late(report, written), _lost(written), _unproved(written))  # fmt: skip
        found += [one for check in checks for one in check]
    return found


def _durations(report: Report, written: Written) -> Iterator[Contradiction]:
    """Minutes typed, against the restriction's own times and against times typed beside them."""
    text, number = written.paragraph.text, written.paragraph.number
    spoken = QUOTE.sub(" ", text)
    typed = [_number(found[1]) for found in MINUTES.finditer(TOKEN.sub(" ", spoken))]
    typed += [int(found[3]) for found in _tokens(text) if found[2] == "minutes" and found[3]]
    given = {n: int(source.counts["minutes"]) for n, source in written.sources.items() if "minutes" in source.counts}
    for minutes in typed:
        if given and minutes not in given.values():
            citation, computed = next(iter(given.items()))
            source = written.sources[citation]
            yield Contradiction(
                "duration", number, citation, say(
                    "{minutes} minutes is written. {between} give {computed} minutes.",
                    minutes=minutes, between=_between(report, source), computed=computed,
                ),
                say(
                    "Take {computed} (write {{{citation}:minutes}}), or correct the times of {code}.",
                    computed=computed, citation=citation, code=source.code,
                ),
            )  # fmt: skip
        elif not given:
            spans = {_span(*found.groups()) for found in CLOCKS.finditer(spoken)}
            if len(spans) == 1 and minutes not in spans:
                yield Contradiction(
                    "duration", number, 0, say(
                        "{minutes} minutes is written beside times that give {computed} minutes.",
                        minutes=minutes, computed=min(spans),
                    ),
                    say("Take {computed}, or correct the times.", computed=min(spans)),
                )  # fmt: skip
    for citation, computed in given.items():
        source = written.sources[citation]
        taken = computed in typed or any(found[1] == str(citation) and found[2] == "minutes" for found in _tokens(text))
        if (why := source.thing.contradiction()) and not taken and not typed:
            yield Contradiction(
                "duration", number, citation, f"{source.code}: {why}",
                say(
                    "Write {{{citation}:minutes}} in the text, which takes {computed}, or correct {code}.",
                    citation=citation, computed=computed, code=source.code,
                ),
            )  # fmt: skip


def _between(report: Report, source: Cited) -> str:
    zone = ZoneInfo(report.time_zone)
    began, ended = source.thing.began.astimezone(zone), source.thing.ended.astimezone(zone)
    return f"{began:%H:%M} and {ended:%H:%M} on record ({source.code})"


def _number(word: str) -> int:
    return int(word) if word.isdigit() else WORDS.index(word.lower())


def _span(hour: str, minute: str, until_hour: str, until_minute: str) -> int:
    span = timedelta(hours=int(until_hour) - int(hour), minutes=int(until_minute) - int(minute))
    return int(span.total_seconds() // 60) % (24 * 60)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return (found for token in TOKEN.finditer(text) if (found := CITED.fullmatch(token[1])))


def _typed_counts(written: Written) -> Iterator[Contradiction]:
    """`{1:count=9}`: nine typed, against the count of source 1."""
    for found in _tokens(written.paragraph.text):
        word, typed = (found[2] or "").lower(), (found[3] or "").replace(" ", "")
        source = written.sources.get(int(found[1]))
        if source is None or word not in ("count", "of"):
            continue
        held = source.counts.get(word)
        if held is None or (typed and typed != held):
            said = f"{typed} is written" if typed else "a count is asked for"
            yield Contradiction(
                "count", written.paragraph.number, int(found[1]), f"{said}; {source.code} gives {held or 'no count'}.",
                say("Write {{{number}:{word}}}, or correct {code}.", number=found[1], word=word, code=source.code) if held else say(
                    "Take the figure out, or count in {code}.",
                    code=source.code,
                ),
            )  # fmt: skip


def _facts(written: Written) -> Iterator[Contradiction]:
    """A sentence that rests on what somebody said must say so, and may not speak as if we had seen it."""
    for sentence in sorted({piece.sentence for piece in written.pieces}):
        pieces = [piece for piece in written.pieces if piece.sentence == sentence]
        sources = {n: written.sources[n] for piece in pieces for n in piece.notes if n in written.sources}
        words = "".join(piece.text for piece in pieces if piece.style != "quote")
        hedged = written.paragraph.report.language != "en" and any(piece.style in ("said", "tested") for piece in pieces)
        first_hand = any(source.state not in HEDGES for source in sources.values())
        for number, source in sources.items():
            hedge = HEDGES.get(source.state) if not hedged else None
            if hedge is not None and not hedge.search(words):
                yield Contradiction(
                    "wording", written.paragraph.number, number, say(
                        "{code} is {state}, but the sentence states it as a fact.",
                        code=source.code, state=source.state,
                    ),
                    say("Write {{{number}:says}} where the verb stands.", number=number),
                )  # fmt: skip
            typed = found[1] if (found := SURE.search(words)) else ""
            if hedge is not None and typed and not first_hand:
                yield Contradiction(
                    "wording", written.paragraph.number, number, say(
                        "“{typed}” is surer than {code} allows; it is {state}.",
                        typed=typed, code=source.code, state=source.state,
                    ),
                    say("Take “{typed}” out and write {{{number}:says}}.", typed=typed, number=number),
                )  # fmt: skip


def _unrated(written: Written) -> Iterator[Contradiction]:
    for number, source in written.sources.items():
        if source.kind == "monitor.claim" and not source.grade:
            yield Contradiction(
                "rating", written.paragraph.number, number, say(
                    "{code} is cited, but nobody has rated its source and information.",
                    code=source.code,
                ),
                "Have an analyst rate it; F and 6 are ratings, too.",
            )  # fmt: skip


def _consent(written: Written) -> Iterator[Contradiction]:
    """What a source said, beyond what it allows for this report's audience: with what asking again would allow."""
    for number, source in written.sources.items():
        if not source.consent.yes:
            yield Contradiction(
                "consent", written.paragraph.number, number, say(
                    "{code} may not be used here. {why}",
                    code=source.code, why=source.consent.why,
                ),
                say("Take {{{number}}} out, or ask the source again. {ask}", number=number, ask=source.consent.ask),
            )  # fmt: skip


def _late(report: Report, written: Written) -> Iterator[Contradiction]:
    if report.cut_off is None:
        return
    last = report.cut_off.astimezone(ZoneInfo(report.time_zone))
    for number, source in written.sources.items():
        when = source.happened
        late = when > report.cut_off if isinstance(when, datetime) else isinstance(when, date) and when > last.date()
        if late:
            yield Contradiction(
                "cut_off", written.paragraph.number, number, say(
                    "{code} happened after the cut-off of {last:%d.%m.%Y, %H:%M}.",
                    code=source.code, last=last,
                ),
                "Leave it to the next report, or start this one with a later cut-off.",
            )  # fmt: skip


def _lost(written: Written) -> Iterator[Contradiction]:
    for number, citation in written.citations.items():
        if number not in written.sources:
            yield Contradiction(
                "citation", written.paragraph.number, number, say(
                    "{code} is cited but cannot be found any more.",
                    code=citation.code,
                ),
                "Cite another, or strike the paragraph.",
            )  # fmt: skip


def _unproved(written: Written) -> Iterator[Contradiction]:
    for number, source in written.sources.items():
        if source.state == "verified" and int(source.counts.get("sources", "1")) < 2:
            yield Contradiction(
                "proof", written.paragraph.number, number, say(
                    "{code} is called verified, but only one source is linked to its event.",
                    code=source.code,
                ),
                "Link what confirms it to the event, or take back the verification.",
            )  # fmt: skip
