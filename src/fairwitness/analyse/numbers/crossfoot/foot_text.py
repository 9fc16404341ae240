"""Foot a text: the identities of a pasted report, each with its line: sums, parts, shares, comparisons, delays, places.

The rule it guards: what cannot be read as an identity is left alone; what can is either held or shown not to hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fairwitness.analyse.numbers.crossfoot.foot_changes import Change, foot_changes, foot_shares
from fairwitness.analyse.numbers.crossfoot.foot_clock import foot_clock
from fairwitness.analyse.numbers.crossfoot.foot_equations import foot_equations
from fairwitness.analyse.numbers.crossfoot.foot_groups import foot_groups
from fairwitness.analyse.numbers.crossfoot.foot_parts import foot_parts, foot_rest, items
from fairwitness.analyse.numbers.crossfoot.foot_places import Seen, foot_places, note_places
from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity, hold_sum
from fairwitness.analyse.numbers.crossfoot.read_amounts import Amount, amounts, counts_only, number, plain

_END = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[A-Z“\"(\[\d])")
_SHORT = re.compile(r"(?:incl|approx|No|no|vs|e\.g|i\.e|cf|Art|Mr|Ms|ca)\.$")
_OPENS = re.compile(r"^\W*(?:there were|of (?:these|them|those)|these (?:were|are|included?))\b", re.I)
_LABEL = re.compile(r"^\s*((?:[A-Za-zÀ-ž'’-]+\s+){2,7}[A-Za-zÀ-ž'’-]+)")

Paragraph = list[tuple[str, str]]


def foot_text(text: str) -> tuple[list[Identity], list[Change]]:
    """Every identity of a text, in order of its lines, and what it says of the period before."""
    return foot_paragraphs(_paragraphs(text))


def foot_paragraphs(paragraphs: Sequence[Paragraph]) -> tuple[list[Identity], list[Change]]:
    """The identities of paragraphs given as (where, sentence); a table gives each of its cells of words as one."""
    found: list[Identity] = []
    changes: list[Change] = []
    places: Seen = {}
    twice: dict[str, tuple[str, Amount]] = {}
    for paragraph in paragraphs:
        sentences = [(where, plain(sentence)) for where, sentence in paragraph]
        current: float | None = None
        for at, (where, sentence) in enumerate(sentences):
            compared, noted = foot_changes(where, sentence)
            note_places(where, sentence, places)
            found += foot_equations(where, sentence) + foot_parts(where, sentence) + compared + foot_shares(where, sentence)
            found += foot_groups(where, sentence)
            found += _follow(where, sentence, current) + _twice(where, sentence, twice)
            following = f" {sentences[at + 1][1]}" if at + 1 < len(sentences) else ""
            found += foot_rest(where, sentence, following)
            current = noted[-1].current if noted else None
            changes += noted
        found += foot_clock(sentences)
    found += foot_places(places)
    return list(dict.fromkeys(found)), changes


def _follow(where: str, sentence: str, current: float | None) -> list[Identity]:
    """After a comparison, the sentence that divides the figure: “There were 167 into … and 161 into …”."""
    if current is None or "%" in sentence or re.search(r"compared|previous|including|incl\.", sentence, re.I):
        return []
    text = counts_only(sentence)
    body = text[match.end() :] if (match := _OPENS.search(text)) else text
    here = amounts(body)
    if len(here) < 2 or re.search(r"\w", body[: here[0].start]):
        return []
    parts = items(body.rstrip(". ")) or here
    whole = Amount(current, current, False, False, 0, 0, number(current))
    return [hold_sum(where, whole, parts, "the figure before")]


def _twice(where: str, sentence: str, twice: dict[str, tuple[str, Amount]]) -> list[Identity]:
    """The same four words or more after a figure, stated in two places."""
    found: list[Identity] = []
    text = counts_only(sentence)
    for amount in amounts(text):
        label = _LABEL.search(text[amount.end :])
        if (
            label is None
            or not re.search(r"\b[A-Z]", label[1])
            or amount.percent
            or re.search(
                r"previous|compared|from|than|another|further|additional|to$", text[max(0, amount.start - 30) : amount.start], re.I
            )
        ):
            continue
        author = " ".join(re.findall(r"\b[A-Z]{2,}\b", text[: amount.start]))
        key = f"{' '.join(label[1].split())}" + (f" ({author})" if author else "")
        first = twice.setdefault(key, (where, amount))
        if first[1] is not amount:
            holds = (first[1].low, first[1].high) == (amount.low, amount.high)
            what = f"“{key}” is {first[1]} ({first[0]}) and {amount}"
            found.append(Identity(where, what, holds, "stated twice", str(amount), f"{first[1]} ({first[0]})"))
    return found


def _paragraphs(text: str) -> list[Paragraph]:
    """Paragraphs as sentences with the line each begins on. A list item and a row of a table are paragraphs of their own."""
    made: list[Paragraph] = []
    held: list[tuple[int, str]] = []

    def close() -> None:
        if held:
            made.append(_sentences(held))
            held.clear()

    for line, words in enumerate(text.splitlines(), 1):
        bare = words.strip()
        if not bare or re.fullmatch(r"[-|:=\s_*]+", bare):
            close()
        elif bare.startswith("|") or re.match(r"(?:[-*•]|\d+[.)])\s|#", bare):
            close()
            held.append((line, re.sub(r"^(?:[-*•]|\d+[.)]|#+)\s+", "", bare).strip("|").strip()))
            if bare.startswith(("|", "#")):
                close()
        else:
            held.append((line, bare))
    close()
    return made


def _sentences(lines: list[tuple[int, str]]) -> Paragraph:
    whole = " ".join(words for _, words in lines)
    starts: list[tuple[int, int]] = []
    place = 0
    for line, words in lines:
        starts.append((place, line))
        place += len(words) + 1
    made: Paragraph = []
    begin = 0
    ends = [found for found in _END.finditer(whole) if not _SHORT.search(whole[: found.start()].rstrip('"”’)'))]
    for end in [*(found.start() for found in ends), len(whole)]:
        words = whole[begin:end].strip()
        if words:
            offset = begin + len(whole[begin:end]) - len(whole[begin:end].lstrip())
            made.append((f"line {max(line for start, line in starts if start <= offset)}", words))
        begin = end
    return made
