"""Foot equations: what stands with an equals sign, “328 = 167 (to RF) + 161 (to UA)”, “12:33 − 12:11 = 22 min”, “24% of 29 = 7 (24.1%)”.

The rule it guards: what is written as equal is equal, in whatever unit it is written.
"""

from __future__ import annotations

import re

from fairwitness.analyse.numbers.crossfoot.hold_identity import Identity, hold_share
from fairwitness.analyse.numbers.crossfoot.read_amounts import NUMBER, number

_TERM = re.compile(
    rf"(?P<h>\b(?:[01]?\d|2[0-3])):(?P<m>[0-5]\d)\b|(?P<n>(?<![\w.])-?{NUMBER})(?P<u>\s?(?:%|min(?:ute)?s?\b|h(?:ours?)?\b))?", re.I
)
_CLAIM = re.compile(
    rf"\b(?:text|report|it|author|sentence)?\s*(?:says|states|stated|stated as|given as|reported as|claims)\s*:?\s*({NUMBER})", re.I
)
_SHARE = re.compile(rf"({NUMBER})\s?%\s+of\s+(?:the\s+|all\s+)?({NUMBER})\b", re.I)


def foot_equations(where: str, text: str) -> list[Identity]:
    """The equations of a plain sentence: each stretch between semicolons (and within a bracket) on its own."""
    found: list[Identity] = []
    for stretch in re.split(r"[;|]", text):
        inner = [part for part in re.findall(r"\(([^()]*)\)", stretch) if re.search(r"(?<![<>=])=(?!>)", part)]
        for one in (re.sub(r"\([^()]*\)", " ", stretch), *inner):
            if re.search(r"(?<![<>=!])=(?!>)", one):
                found += _equation(where, one, stretch)
    return found


def _equation(where: str, text: str, whole: str) -> list[Identity]:
    claim = _CLAIM.search(text)
    body = re.split(r"=>", text[: claim.start()] if claim else text)[0]
    sides = [side.split(",")[0] if at == body.count("=") else side for at, side in enumerate(body.split("="))]
    share = _SHARE.search(sides[0])
    if share:
        return _share(where, share, sides[1:], whole)
    values = [_value(side) for side in sides]
    if len(values) < 2 or any(value is None for value in values):
        return []
    known = [value for value in values if value is not None]
    first, *others = known
    holds = all(_equal(first, other) for other in others)
    what = " = ".join(" ".join(side.split()) for side in sides)
    given = _shown(known[-1] if _steps(sides[0]) == 1 else first)
    stated = _shown(first if _steps(sides[0]) == 1 else known[-1])
    found = [Identity(where, what, holds, "equation", stated, given)]
    if claim:
        said, computed = float(claim[1]), known[-1] if _steps(sides[-1]) == 1 else first
        found.append(Identity(where, f"stated as {claim[1]}", abs(said - computed[0]) < 1e-9, "equation", claim[1], _shown(computed)))
    return found


def _share(where: str, share: re.Match[str], rest: list[str], whole: str) -> list[Identity]:
    part = re.search(NUMBER, rest[0]) if rest else None
    if part is None:
        return []
    found = [hold_share(where, share[1], float(part[0]), float(share[2]))]
    exact = re.search(rf"\(\s*({NUMBER})\s?%\s*\)", whole)
    if exact:
        found.append(hold_share(where, exact[1], float(part[0]), float(share[2])))
    return found


def _terms(side: str) -> list[re.Match[str]]:
    return list(_TERM.finditer(side))


def _steps(side: str) -> int:
    return len(_terms(side))


def _value(side: str) -> tuple[float, bool] | None:
    """What a side comes to, and whether it is a time of day. None when it is not a chain of terms joined by plus and minus."""
    terms = _terms(re.sub(r"(?<=\S)\s*-\s+", " - ", side))
    text = re.sub(r"(?<=\S)\s*-\s+", " - ", side)
    if not terms:
        return None
    total, clock, end = 0.0, False, 0
    for at, term in enumerate(terms):
        value = float(term["h"]) * 60 + float(term["m"]) if term["h"] else float(term["n"])
        if term["u"] and term["u"].strip().lower().startswith("h"):
            value *= 60
        between = text[end : term.start()]
        end = term.end()
        if at == 0:
            total, clock = value, bool(term["h"])
            continue
        sign = re.search(r"[+\-–](?=[^+\-–]*$)", between)
        if sign is None:
            return None
        if sign[0] == "+":
            total += value
            clock = clock or bool(term["h"])
        else:
            total -= value
            clock = clock and not term["h"]
            if term["h"] and total < 0:
                total += 1440
    return (total % 1440 if clock else total), clock


def _equal(one: tuple[float, bool], other: tuple[float, bool]) -> bool:
    return one[1] == other[1] and abs(one[0] - other[0]) < 1e-6


def _shown(value: tuple[float, bool]) -> str:
    return f"{int(value[0]) // 60:02d}:{int(value[0]) % 60:02d}" if value[1] else number(value[0])
