"""Foot parts: “nine explosions (one impact, six undetermined and two airbursts)”, “117, including seven”, “78 of 87 were; nine were not”.

The rule it guards: parts that are said to be all of it make the whole; a part that is said to be in it does not exceed it.
"""

from __future__ import annotations

import re

from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity, hold_part, hold_sum
from fairwitness.analyse.numbers.crossfoot.read_amounts import NUMBER, WHOLE, Amount, amounts, counts_only

_AGAINST = re.compile(r"previous|compared|against|versus|\bvs\b|last (?:week|month|year|report)|=", re.I)
_SOME = re.compile(r"^\W*(?:including|incl\.?|among (?:them|others)|of which|of whom|at least)\b", re.I)
_BRACKET = re.compile(rf"(?P<head>(?<![\w.§]){WHOLE}[^();§\d]{{0,70}}?)\((?P<in>[^()]*)\)")
_LIST = re.compile(
    rf"(?P<head>(?<![\w.§]){WHOLE}[^();:§\d]{{0,70}}?)(?::|,? (?:comprising|consisting of|made up of|divided "
    rf"into|namely|assessed as|broken down as|that is))\s+(?P<in>[^;:()]+)",
    re.I,
)
_WAYS = re.compile(
    rf"(?P<head>(?<![\w.§]){WHOLE}[^();:,§\d]{{0,60}}?)(?:,| [–—-]) (?P<in>{NUMBER}(?: [a-z]+)? (?P<way>to|into|from|towards|for|in|by)\b"
    rf"[^.;:()\d]{{1,60}}?,? and {NUMBER}(?: [a-z]+)? (?P=way)\b[^.;:()\d]*)",
    re.I,
)
_IN = re.compile(
    rf"(?P<head>(?<![\w.§]){WHOLE}[^();§\d]{{0,70}}?)[,(]?\s*(?:including|incl\.?|of which|of whom|among them)"
    rf"\s+(?P<in>(?:about |over |at least )?{NUMBER})\b(?!\s?%)",
    re.I,
)
_ALL = re.compile(
    rf"(?P<head>(?<![\w.§]){WHOLE}[^();§\d]{{0,40}}?),?\s*\(?all (?:of (?:them|which)\s+)?(?:[a-z]+ \()?(?P<in>{NUMBER})\b", re.I
)
_REST = [
    re.compile(
        rf"(?P<t>{NUMBER})\s+[a-z][^.\d]{{0,50}}?[;,]\s+(?P<a>{NUMBER})\s+(?:were|was|had|have|are)\b(?P<mid>[^\d%]{{0,60}}?)"
        rf"(?P<b>{NUMBER})\s+(?:\w+\s+)?(?:(?:were|was|had|have|has|did|could) not|others?\b|remain)",
        re.I,
    ),
    re.compile(
        rf"(?P<a>{NUMBER})\s+[a-z][^.;\d%]{{0,60}}?(?:,| and)\s+(?P<b>{NUMBER})\b(?P<mid>[^.\d%]{{0,60}}?)[,;(]\s*(?:that is |or |thus )?"
        rf"(?:a total of (?P<t>{NUMBER})\b|(?P<t2>{NUMBER})\b[^.;\d%]{{0,30}}?(?:in total|in all|altogether))",
        re.I,
    ),
    re.compile(
        rf"\b[Oo]f (?:the |its |a total of |all )?(?P<t>{NUMBER})\b[^.;\d]{{0,60}}?[, ](?P<a>{NUMBER})\b(?P<mid>[^\d]{{0,90}}?)"
        rf"(?P<b>{NUMBER})\s+(?:\w+\s+)?(?:(?:were|was|had|have|has|did|could) not|others?\b|remain|lack|listed|(?:is|are) listed)",
        re.I,
    ),
    re.compile(
        rf"(?P<a>{NUMBER})\s+(?:out )?of (?:the |its |all )?(?P<t>{NUMBER})\b(?P<mid>[^\d%]{{0,90}}?)(?:remaining "
        rf"|other )?(?P<b>{NUMBER})\s+(?:\w+\s+)?(?:(?:were|was|had|have|has|did|could) not|others?\b|remain|"
        rf"lack|listed|(?:is|are) listed)",
        re.I,
    ),
    re.compile(
        rf"(?P<a>{NUMBER})\s+(?:out )?of (?:the |its |all )?(?P<t>{NUMBER})\b(?P<mid>[^\d%]{{0,90}}?)(?:remaining|"
        rf"other)\s+(?P<b>{NUMBER})\b",
        re.I,
    ),
    re.compile(
        rf"(?P<t>{NUMBER})\s+[a-z][^.\d]{{0,50}}?(?:of which|of whom|of these|of them),?\s+(?P<a>{NUMBER})"
        rf"\b(?P<mid>[^\d%]{{0,90}}?)(?P<b>{NUMBER})\s+(?:\w+\s+)?(?:(?:were|was|had|have|has|did|could)"
        rf" not|others?\b|remain|lack|listed|(?:is|are) listed)",
        re.I,
    ),
]


def foot_parts(where: str, sentence: str) -> list[Identity]:
    """The wholes and parts of one plain sentence."""
    text = counts_only(sentence)
    found: list[Identity] = []
    for match in [*_BRACKET.finditer(text), *_LIST.finditer(text), *_WAYS.finditer(text)]:
        inside = match["in"]
        whole = _last(match["head"])
        parts = items(inside)
        if whole is None or whole.percent or _AGAINST.search(inside) or not parts or any(part.percent for part in parts):
            continue
        if _SOME.search(inside):
            found += [hold_part(where, whole, part) for part in parts] if len(parts) > 1 else []
        elif len(parts) >= 2:
            found.append(hold_sum(where, whole, parts))
    for match in _IN.finditer(text):
        whole, part = _last(match["head"]), _last(match["in"])
        if whole and part and not whole.percent:
            found.append(hold_part(where, whole, part))
    for match in _ALL.finditer(text):
        whole, part = _last(match["head"]), _last(match["in"])
        if whole and part and not whole.percent:
            found.append(hold_sum(where, whole, [part], "all of them"))
    return found


def foot_rest(where: str, sentence: str, following: str = "") -> list[Identity]:
    """“Of 87, 78 were evaluated; nine were not”, over a sentence or two."""
    found: list[Identity] = []
    seen: set[tuple[str, str, str]] = set()
    blank = counts_only(sentence + following)
    for form in _REST:
        for match in form.finditer(blank):
            three = (match["t"] or match.groupdict().get("t2") or "", match["a"], match["b"])
            whole, one, other = (_last(value) for value in three)
            if (
                whole
                and one
                and other
                and three not in seen
                and match.start() < len(sentence)
                and match.start() < len(sentence)
                and match["mid"].count(".") <= 1
            ):
                seen.add(three)
                found.append(hold_sum(where, whole, [one, other]))
    return found


def items(text: str) -> list[Amount]:
    """The amounts of a list, one to each item; nothing when it is no list of amounts, or an item holds two."""
    text = re.sub(r"^\W*(?:including|incl\.?|of which|of whom|namely|i\.e\.,?|among (?:them|others))\s+", "", text, flags=re.I)
    pieces = [piece.strip() for piece in re.split(r",\s+and\s+|[,;/&+]\s*|\s+and\s+|\s+plus\s+", text) if piece.strip()]
    made: list[Amount] = []
    for at, piece in enumerate(pieces):
        here = amounts(piece)
        if not here:
            if at == 0 or "§" in piece:
                return []
            continue
        if len(here) > 1 or not re.match(r"^(?:with |another |a further |the (?:other|remaining) )?$", piece[: here[0].start], re.I):
            return []
        made.append(here[0])
    return made


def _last(text: str) -> Amount | None:
    here = amounts(text)
    return here[-1] if here else None
