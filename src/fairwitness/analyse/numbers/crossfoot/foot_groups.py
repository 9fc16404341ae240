"""Foot groups: “Of the 36 bodies, 20 were men, 10 women and six children”.

The rule it guards: kinds that are listed one after the other make the whole. What happened to people (20 were beaten, 15 robbed) may
overlap and is left alone; so is a list that names only some, or an uncounted rest.
"""

from __future__ import annotations

import re

from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity, hold_sum
from fairwitness.analyse.numbers.crossfoot.read_amounts import NUMBER, Amount, amounts, counts_only

_IS = r"(?:were|was|are|is|have been|has been)"
_OF = re.compile(
    rf"\b[Oo]f\s+(?:(?:the|these|those|all|a total of)\s+)*(?P<t>{NUMBER})(?:\s+[a-z][^,.;:()\d§]{{0,50}}?)?,?\s+"
    rf"(?P<in>{NUMBER}\s+{_IS}\s[^.;:()]+)"
)
_FIRST = re.compile(
    rf"(?P<a>(?<![\w.§]){NUMBER})\s+(?:out )?of\s+(?:(?:the|these|those|all)\s+)*(?P<t>{NUMBER})\s+[a-z][^,.;:()\d§]{{0,50}}?\s+"
    rf"(?P<in>{_IS}\s[^.;:()]+)"
)
_ITEM = re.compile(rf"(?P<n>{NUMBER})\s+(?:{_IS}\s+)?(?P<what>[a-z][a-z’'-]*(?:\s[a-z’'-]+)?)")
_OPEN = re.compile(r"\b(?:includ\w*|incl|among|least|most|mainly|mostly|some|several|rest|remaining|unknown|both|also)\b", re.I)
_NO_KIND = re.compile(r"ed$|^(?:beaten|taken|shot|held|hurt|sold|driven|withdrawn|not|on|in|at|from|about|by|to|with|under|against)\b|\d")
_TWO = [{"men", "women"}, {"male", "female"}, {"males", "females"}, {"boys", "girls"}, {"adults", "children"}, {"adults", "minors"}]


def foot_groups(where: str, sentence: str) -> list[Identity]:
    """The whole and its kinds, of one plain sentence."""
    text = counts_only(sentence)
    found: list[Identity] = []
    for match in (*_OF.finditer(text), *_FIRST.finditer(text)):
        first = f"{match['a']} " if "a" in match.re.groupindex else ""
        parts = _kinds(first + match["in"])
        if parts:
            found.append(hold_sum(where, amounts(match["t"])[0], parts))
    return found


def _kinds(text: str) -> list[Amount]:
    """The amounts of a list of kinds; nothing when it may be no list of all there are."""
    if _OPEN.search(text) or "%" in text or "§" in text:
        return []
    pieces = [piece.strip() for piece in re.split(r",\s+and\s+|,\s*|\s+and\s+", text) if piece.strip()]
    while pieces and not amounts(pieces[-1]):
        pieces.pop()
    read = [_ITEM.fullmatch(piece) for piece in pieces]
    kinds = [one["what"] for one in read if one]
    if len(kinds) < len(pieces) or any(_NO_KIND.search(kind) for kind in kinds):
        return []
    if len(kinds) < 3 and set(kinds) not in _TWO:
        return []
    return [amounts(one["n"])[0] for one in read if one]
