"""Word: turn a paragraph's text into words whose verbs come from the state of what is cited, not from the drafter's mood.

    On {1:date} the mission {1:says} that on {1:count} signs one language had been painted over.{1}

What we saw reads *observed*, what we were told *reportedly*, what we tested in vain *was unable to confirm*.
The rule guarded here: a text that cites a number nobody gave, leaves a given one unused, or holds a sign
that means nothing is refused with the remedy; quotations are set as they came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import ngettext, pgettext
from django.utils.translation import npgettext as _plural

from fairwitness.errors import Fault, say
from fairwitness.report.cite import Cited
from fairwitness.report.printable import Style

TOKEN = re.compile(r"\{([^{}]*)\}")
CITED = re.compile(r"([1-9][0-9]{0,2})(?::([A-Za-z]+)(?:=([0-9][0-9 ]{0,9}))?)?")
PLACE = re.compile(r"place:([^{}\s]{1,120})")
COMPUTED = re.compile(r"=([a-z]+)")
QUOTE = re.compile(r'“[^”]*”|„[^“”]*[“”]|«[^»]*»|"[^"]*"')
SAYING = ("says", "saw", "count", "of", "minutes", "place", "date", "line")
TYPED = ("count", "of", "minutes")
SHORTENED = re.compile(r"\b(No|Nos|Art|Arts|Mr|Mrs|Ms|Dr|St|cf|vs|p|pp|e\.g|i\.e|[A-Z])\.$")
ENDED = re.compile(r"[.!?…][”“»\"')\]]*$")
REMEDY = "write {1} for a note, {1:says} for the wording, {1:count}, {1:minutes}, {1:place} or {1:date} for its facts"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of one kind, what they rest on, and the sentence they stand in. `place` is the id of the place they name."""

    text: str
    style: Style = "plain"
    notes: tuple[int, ...] = ()
    sentence: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What wording needs from the report: its language, its zone, names of places, and the figures computed for it."""

    language: str
    zone: str
    name_of: Callable[[str], tuple[str, str]]
    figures: Mapping[str, tuple[Piece, ...]]


def numbers_in(text: str) -> set[int]:
    """The citations a text uses."""
    return {int(found[1]) for token in TOKEN.finditer(text) if (found := CITED.fullmatch(token[1]))}


def check_text(text: str, given: set[int], figures: frozenset[str]) -> list[Fault]:
    """What is wrong with a text and its citations, before anything is kept."""
    faults: list[Fault] = []
    if not text.strip():
        return [Fault("text", "the paragraph is empty; write it, or strike the paragraph")]
    if "\x00" in text:
        return [Fault("text", "holds a NUL character, which is no letter; type the paragraph again")]
    if "{" in TOKEN.sub("", text) or "}" in TOKEN.sub("", text):
        faults.append(Fault("text", say("a brace has no partner; {remedy}", remedy=say(REMEDY))))
    for token in TOKEN.finditer(text):
        if not _understood(token[1], figures):
            faults.append(Fault("text", say("“{word}” means nothing here; {remedy}", word=token[0], remedy=say(REMEDY))))
    first = TOKEN.match(text.lstrip())
    if first and first[1].isdigit():
        faults.append(Fault("text", say("begins with the note {note}; put a note after the words it supports", note=first[0])))
    used = numbers_in(text)
    faults += [
        Fault("text", say("cites {{{n}}}, but no citation {n} is given; add a line “{n} CODE”, or take it out", n=n))
        for n in sorted(used - given)
    ]
    faults += [
        Fault("citations", say(
            "citation {n} is given but never used; write {{{n}}} where it supports the text, or take the line out",
            n=n,
        ))
        for n in sorted(given - used)
    ]
    return faults


def _understood(inside: str, figures: frozenset[str]) -> bool:
    if found := CITED.fullmatch(inside):
        word = (found[2] or "").lower()
        return (not word or word in SAYING) and (not found[3] or word in TYPED)
    if found := COMPUTED.fullmatch(inside):
        return found[1] in figures
    return PLACE.fullmatch(inside) is not None


def render(text: str, sources: Mapping[int, Cited], setting: Setting) -> tuple[Piece, ...]:
    """The words of a paragraph, each in its style, with its notes."""
    with translation.override({"sr-cyrl": "sr"}.get(setting.language.lower(), setting.language)):
        pieces: list[Piece] = []
        noted = {int(t[1]) for t in TOKEN.finditer(text) if t[1].isdigit()}
        for part, token in _parts(text):
            if not token:
                pieces += [Piece(words, "quote" if quoted else "plain") for words, quoted in _quotes(part)]
            elif token.isdigit():
                if pieces:
                    pieces[-1] = replace(pieces[-1], notes=(*pieces[-1].notes, int(token)))
            else:
                pieces += _said(token, sources, setting, noted)
    return _number(pieces)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """(plain text, "") and ("", inside of a token), in order."""
    at = 0
    for token in TOKEN.finditer(text):
        if token.start() > at:
            yield text[at : token.start()], ""
        yield "", token[1]
        at = token.end()
    if at < len(text):
        yield text[at:], ""


def _quotes(text: str) -> Iterator[tuple[str, bool]]:
    at = 0
    for quote in QUOTE.finditer(text):
        if quote.start() > at:
            yield text[at : quote.start()], False
        yield quote[0], True
        at = quote.end()
    if at < len(text):
        yield text[at:], False


def _said(token: str, sources: Mapping[int, Cited], setting: Setting, noted: set[int]) -> tuple[Piece, ...]:
    if found := COMPUTED.fullmatch(token):
        return setting.figures.get(found[1], ())
    if found := PLACE.fullmatch(token):
        name, place = setting.name_of(found[1])
        return (Piece(name, place=place),)
    found = CITED.fullmatch(token)
    if found is None:
        return (Piece("{" + token + "}"),)
    number, word, typed = int(found[1]), found[2], found[3]
    source = sources.get(number)
    notes = () if number in noted else (number,)
    if source is None:
        return (Piece("[…]", notes=notes),)
    if typed:
        return (Piece(typed.strip(), "plain", notes),)
    words, style, place = fact(source, word.lower(), setting)
    return (Piece(words[:1].upper() + words[1:] if word[0].isupper() else words, style, notes, place=place),)


def fact(source: Cited, word: str, setting: Setting) -> tuple[str, Style, str]:
    """What a cited thing lets a text say: (words, style, id of the place named)."""
    if word in ("says", "saw"):
        words, style = wording(source, saw=word == "saw")
        return words, style, ""
    if word == "place":
        name = setting.name_of(str(source.place))[0] if source.place else pgettext("wording", "an unknown place")
        return name, "plain", str(source.place or "")
    if word == "date":
        return _date(source.happened, setting.zone), "plain", ""
    if word == "line":
        return source.line, "plain", ""
    return source.counts.get(word, pgettext("wording", "an unknown number of")), "calc", ""


def _date(moment: datetime | date | None, zone: str) -> str:
    if moment is None:
        return pgettext("wording", "an unknown date")
    day = moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment
    return formats.date_format(day, "DATE_FORMAT")


def wording(source: Cited, *, saw: bool = False) -> tuple[str, Style]:
    """The verb the state of a source allows, and its style. Nobody can choose a surer one."""
    if source.state == "verified":
        return _confirmed(source), "plain"
    perceived: dict[str, tuple[str, Style]] = {
        "seen": (pgettext("wording", "saw") if saw else pgettext("wording", "observed"), "seen"),
        "heard": (pgettext("wording", "heard"), "seen"),
        "recorded": (pgettext("wording", "recorded"), "seen"),
        "reported": (pgettext("wording", "reportedly"), "said"),
        "alleged": (pgettext("wording", "allegedly"), "said"),
        "unable": (pgettext("wording", "was unable to confirm"), "tested"),
    }
    return perceived.get(source.state) or _other(source)


def _confirmed(source: Cited) -> str:
    sources, kinds = int(source.counts.get("sources", "1")), int(source.counts.get("kinds", "1"))
    of_kinds = ngettext("%(n)d kind", "%(n)d kinds", kinds) % {"n": kinds}
    words: Any = _plural("wording", "confirmed by %(n)d source of %(kinds)s", "confirmed by %(n)d sources of %(kinds)s", sources)
    return str(words % {"n": sources, "kinds": of_kinds})


def _other(source: Cited) -> tuple[str, Style]:
    """Wording for what is neither observation nor claim: what the mission did, found, or read."""
    if source.kind == "analyse.publishedfigure":
        return pgettext("wording", "according to %(who)s") % {"who": source.thing.published_by}, "said"
    if source.kind == "monitor.restriction":
        met = {
            "denied": pgettext("wording", "was denied access"),
            "delayed": pgettext("wording", "was delayed"),
            "conditional": pgettext("wording", "was let pass on conditions"),
        }
        return met.get(source.thing.kind, pgettext("wording", "met a restriction")), "seen"
    if source.kind == "monitor.activity":
        did = {
            "visit": pgettext("wording", "visited"), "patrol": pgettext("wording", "patrolled"), "meeting": pgettext("wording", "met"),
            "interview": pgettext("wording", "interviewed"), "outreach": pgettext("wording", "reached out"),
        }  # fmt: skip
        return did.get(source.thing.kind, pgettext("wording", "attended")), "seen"
    if source.kind == "analyse.finding":
        return pgettext("wording", "concluded"), "calc"
    return pgettext("wording", "found"), "calc"


def _number(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Split pieces where sentences end and number the sentences: redaction takes out whole ones."""
    made: list[Piece] = []
    sentence, before = 0, ""
    for piece in pieces:
        start = 0
        if piece.style == "plain" and not piece.place:
            for space in re.finditer(r"\s+", piece.text):
                so_far = (before + piece.text[: space.start()])[-40:]
                following = piece.text[space.end() : space.end() + 1]
                if ENDED.search(so_far) and not SHORTENED.search(so_far) and (not following or not following.islower()):
                    if space.end() > start:
                        made.append(replace(piece, text=piece.text[start : space.end()], sentence=sentence, notes=()))
                    sentence, start = sentence + 1, space.end()
        if start < len(piece.text):
            made.append(replace(piece, text=piece.text[start:], sentence=sentence))
        elif piece.notes and made:
            made[-1] = replace(made[-1], notes=(*made[-1].notes, *piece.notes))
        before = (before + piece.text)[-40:]
    return tuple(made)


def plain(pieces: tuple[Piece, ...]) -> str:
    """The words alone."""
    return "".join(piece.text for piece in pieces)
