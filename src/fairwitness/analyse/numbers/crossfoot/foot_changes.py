"""Foot changes and shares: “328 compared with 353: a decrease”, “a decrease of seven per cent”, “24 per cent of 29”.

The rule it guards: a comparison needs both its figures, a percentage its base, and there is no percentage of none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity, direction, hold_direction, hold_share
from fairwitness.analyse.numbers.crossfoot.read_amounts import NUMBER, amounts, counts_only

_WAY = re.compile(
    r"\b(decreas\w*|declin\w*|drop\w*|fell|fall\w*|fewer|less|lower|reduc\w*|down|increas\w*|r[io]se[ns]?|"
    r"risen|grew|more(?! than)|higher|up(?! to)|same|similar\w*|unchanged)\b",
    re.I,
)
_PAIR = [
    re.compile(rf"\bfrom\s+(?P<p>{NUMBER})\s+to\s+(?P<c>{NUMBER})\b(?!\s?%)", re.I),
    re.compile(rf"\((?P<p>{NUMBER})\s+to\s+(?P<c>{NUMBER})\)", re.I),
]
_PREVIOUS = re.compile(
    rf"(?:compared (?:with|to)|in comparison (?:with|to)|against|versus|\bvs\.?|previous(?:ly)?(?: reporting)?(?: "
    rf"period| week| report| figure)?"
    rf"|as opposed to|(?:down|up) from|in contrast to|(?<!\w)than)\s*[:(]?\s*(?:the\s+)?"
    rf"(?:(?:previous(?:ly)?|last|preceding)(?: reporting)?(?: period| week| month| report)?\s*[:(]?\s*)?(?:about "
    rf"|around )?(?P<p>{NUMBER})\b(?!\s?%)(?!\s+(?:day|week|month|hour)s?\b)",
    re.I,
)
_BY = re.compile(rf"\b(?P<w>decrease|increase|decline|drop|rise|fall|reduction)\w*\s+(?:of|by)\s+(?P<n>{NUMBER})(?P<pc>\s?%)?", re.I)
_SHARES = [
    re.compile(
        rf"\bof (?:the |all |a total of )?(?P<b>{NUMBER})\b[^.;%\d]{{0,60}}?[, ](?P<p>{NUMBER})\s?%\s*\((?P<k>{NUMBER})"
        rf"\b[^()%\d]{{0,30}}\)",
        re.I,
    ),
    re.compile(
        rf"\bof (?:the |all |a total of )?(?P<b>{NUMBER})\b[^.;%\d]{{0,60}}?[, ](?P<k>{NUMBER})\b[^.;%\d()]{{0,30}}\((?P<p>{NUMBER})\s?%",
        re.I,
    ),
    re.compile(
        rf"(?P<b>(?<![\d.]){NUMBER})\s[^.;%\d()]{{0,50}}(?:of which|of whom|of these|of them),?\s(?P<k>{NUMBER})"
        rf"\b[^.;%\d()]{{0,30}}\((?P<p>{NUMBER})\s?%",
        re.I,
    ),
    re.compile(rf"(?P<k>(?<![\d.]){NUMBER})\s[^.;%\d()]{{0,40}}\((?P<p>{NUMBER})\s?%\s+of\s+(?:the |all )?(?P<b>{NUMBER})\b", re.I),
    re.compile(
        rf"(?P<p>{NUMBER})\s?%\s*\((?P<k>{NUMBER})\b[^()%\d]{{0,40}}?(?:of|out of|/)\s*(?:the |all )?(?P<b>{NUMBER})\b[^()%]{{0,60}}\)",
        re.I,
    ),
    re.compile(
        rf"(?P<p>{NUMBER})\s?%\s*\((?P<k>{NUMBER})\b[^()%\d]{{0,40}}\)\s+(?:out )?of\s+(?:the |all )?(?:\w+ )?(?P<b>{NUMBER})\b", re.I
    ),
    re.compile(
        rf"(?P<k>(?<![\d.]){NUMBER})\s+(?:out )?of (?:the |all |a total of )?(?P<b>{NUMBER})\b[^.;%\d]{{0,60}}?[(,]?\s*(?:or "
        rf"|i\.e\.,? |that is,? )?(?P<p>{NUMBER})\s?%",
        re.I,
    ),
    re.compile(
        rf"(?P<p>{NUMBER})\s?%\s+(?:out )?of\s+(?:the |all |a total of )?(?:\w+ )?(?P<b>{NUMBER})\b(?!\s?%)"
        rf"(?:[^.;%\d()]{{0,60}}?\((?P<k>{NUMBER})\b[^()%\d]{{0,30}}\))?",
        re.I,
    ),
]
_REST = re.compile(r"remaining|remainder|\bthe rest\b|\bthe others?\b|balance", re.I)
_PERHAPS = re.compile(r"\bnot\b|\bwhile\b|\bwhereas\b|\bothers?\b", re.I)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside that of the period before, with the words by which the next report speaks of the same thing."""

    where: str
    current: float
    previous: float
    about: str


def foot_changes(where: str, sentence: str) -> tuple[list[Identity], list[Change]]:
    """The comparisons of one plain sentence, clause by clause: “fewer violations, however more explosions” is legal."""
    text = counts_only(sentence)
    found: list[Identity] = []
    noted: list[Change] = []
    for clause in re.split(r",?\s+(?:however|but|while|whereas|although)\b", text):
        pair = _pair(clause)
        if pair is None:
            continue
        current, previous, span = pair
        noted.append(Change(where, current, previous, _about(clause, span)))
        for way in _BY.finditer(clause):
            found.append(_by(where, way, current, previous))
        words = list(_WAY.finditer(clause))
        outside = [way for way in words if not any(by.start() <= way.start() < by.end() for by in _BY.finditer(clause))]
        ways = {direction(way[0]) for way in words}
        if outside and len(ways) == 1:
            found.append(hold_direction(where, current, previous, outside[-1][0]))
    return found, noted


def _pair(clause: str) -> tuple[float, float, int] | None:
    """The figure and the one before, and where the first stands; None when the clause does not compare two."""
    for form in _PAIR:
        match = form.search(clause)
        if match and _WAY.search(clause):
            return float(match["c"]), float(match["p"]), match.start()
    match = _PREVIOUS.search(clause)
    if match is None:
        return None
    head = re.sub(r"\([^()]*\)", lambda one: "§" * len(one[0]), clause[: match.start()])
    if not amounts(head):
        head = clause[: match.start()]
    before = [one for one in amounts(head) if not one.percent]
    before = [
        one
        for one in before
        if not re.search(r"\b(?:by|of)\s+$", head[: one.start]) or not _WAY.search(head[max(0, one.start - 18) : one.start])
    ]
    if not before:
        return None
    total = next((one for one in before if re.match(r"\s*(?:[a-z]+\s*)?=", head[one.end :])), None)
    main = total or (before[-1] if len(before) == 1 or ("including" not in head.lower() and "incl" not in head.lower()) else before[0])
    return main.low, float(match["p"]), main.start


def _about(clause: str, start: int) -> str:
    words = re.findall(r"[A-Za-zÀ-ž]{3,}", clause)
    names = [word for word in words if word[0].isupper() and word.lower() not in ("the", "smm", "previous", "there")]
    after = re.findall(r"[a-zà-ž]{4,}", re.sub(r"\([^()]*\)", " ", clause[start:].split("compared")[0].split("previous")[0]))
    return " ".join([*dict.fromkeys(names)][:2] + after[:2]).lower()


def _by(where: str, way: re.Match[str], current: float, previous: float) -> Identity:
    stated = float(way["n"])
    sign = direction(way["w"])
    what = f"{way[0].strip()} from {previous:g} to {current:g}"
    if not way["pc"]:
        return Identity(where, what, current - previous == sign * stated, "comparison", way["n"], f"{abs(current - previous):g}")
    if previous == 0:
        return Identity(where, what, False, "comparison", f"{way['n']}%", "no percentage of none")
    true = 100 * (current - previous) / previous
    slack = 0.5 * 10.0 ** -len(way["n"].partition(".")[2]) + 1e-9
    return Identity(where, what, abs(true - sign * stated) <= slack, "comparison", f"{way['n']}%", f"{true:.1f}%")


def foot_shares(where: str, text: str) -> list[Identity]:
    """The percentages of one plain sentence: against their base, and against the rest."""
    text = counts_only(text)
    found: list[Identity] = []
    taken: list[tuple[int, int]] = []
    for form in _SHARES:
        for match in form.finditer(text):
            spot = match.span("p")
            if any(low <= spot[0] < high for low, high in taken):
                continue
            taken.append(spot)
            part = float(match["k"]) if match["k"] else None
            found.append(hold_share(where, match["p"], part, float(match["b"])))
    percents = [one for one in amounts(text) if one.percent]
    if len(percents) == 2 and "=" not in text and not re.search(r"compared|previous|from", text, re.I):
        total = percents[0].low + percents[1].low
        between = text[percents[0].end :]
        if _REST.search(between) or (_PERHAPS.search(between) and abs(total - 100) <= 5):
            what = f"{percents[0]} + {percents[1]} = 100%"
            found.append(Identity(where, what, abs(total - 100) < 1e-9, "share", f"{total:g}%", "100%"))
    return found
