"""Hold an identity: parts against their sum, a share against its base, one statement against another.

The rule it guards: “about” and “six to seven” are held as what they are, and rounding is allowed exactly as far as it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairwitness.analyse.numbers.crossfoot.read_amounts import Amount, number


@dataclass(frozen=True, slots=True)
class Identity:
    """One identity: where it stands, what it says, whether it holds; when not, what was stated and what the others give.

    `holds` is None where a figure is missing: it was not checked, and `note` says what has no data.
    """

    where: str
    what: str
    holds: bool | None
    kind: str
    stated: str | None = None
    computed: str | None = None
    note: str | None = None


def hold_sum(where: str, whole: Amount, parts: Sequence[Amount], label: str = "") -> Identity:
    """Do the parts make the whole? Low and high ends each; a whole that is “about” has to overlap what the parts give."""
    low = sum(part.low for part in parts)
    high = None if any(part.high is None for part in parts) else sum(part.high or 0.0 for part in parts)
    holds = _same(whole.low, low) and (whole.high is None if high is None else whole.high is not None and _same(whole.high, high))
    if not holds and whole.about:
        holds = low <= (whole.high if whole.high is not None else float("inf")) and (high is None or whole.low <= high)
    note = None
    if any(part.about for part in parts) and not whole.about:
        note = "a part is “about” or open-ended; the whole is stated as exact"
    given = number(low) if high == low else f"{number(low)} to {number(high)}" if high is not None else f"at least {number(low)}"
    what = f"{whole} = {' + '.join(map(str, parts))}{f' ({label})' if label else ''}"
    return Identity(where, what, holds, "sum", str(whole), given, note)


def hold_gap(where: str, whole: Amount, parts: Sequence[Amount | None], missing: Sequence[str]) -> Identity:
    """A sum with parts of which nothing is known cannot be checked; only parts that are more than the whole already are wrong."""
    known = [part for part in parts if part]
    what = f"{whole} = {' + '.join('?' if part is None else str(part) for part in parts)}"
    low = sum(part.low for part in known)
    if whole.high is not None and not whole.about and all(part.low >= 0 for part in known) and low > whole.high:
        return Identity(where, what, False, "sum", str(whole), f"at least {number(low)}")
    return Identity(where, what, None, "sum", str(whole), None, f"not checked: no data in {', '.join(missing)}")


def hold_part(where: str, whole: Amount, part: Amount) -> Identity:
    """A part is no more than its whole."""
    holds = whole.high is None or part.low <= whole.high
    return Identity(where, f"{part} is part of {whole}", holds, "part", str(part), f"at most {number(whole.high or 0.0)}")


def hold_share(where: str, percent: str, part: float | None, base: float) -> Identity:
    """A percentage against its base. Without the part, some whole number of the base has to give it when rounded as it is shown."""
    value = float(percent)
    slack = 0.5 * 10.0 ** -len(percent.partition(".")[2]) + 1e-9
    note = "a percentage on fewer than ten; state the numbers instead" if 0 < base < 10 else None
    if base <= 0:
        return Identity(where, f"{percent}% of {number(base)}", False, "share", f"{percent}%", "no percentage of none", note)
    if part is not None:
        true = 100 * part / base
        what = f"{percent}% is {number(part)} of {number(base)}"
        return Identity(where, what, abs(true - value) <= slack, "share", f"{percent}%", f"{number(true)}%", note)
    near = round(value * base / 100)
    held = [count for count in (near - 1, near, near + 1) if count >= 0 and abs(100 * count / base - value) <= slack]
    what = f"{percent}% of {number(base)} is " + (f"{number(held[0])}" if held else "no whole number")
    given = f"{number(100 * near / base)}% is {number(near)} of {number(base)}"
    return Identity(where, what, bool(held), "share", f"{percent}%", given, note)


def hold_direction(where: str, current: float, previous: float, word: str) -> Identity:
    """Does the word of comparison fit the two figures?"""
    way = direction(word)
    holds = (
        (current > previous) if way > 0 else (current < previous) if way < 0 else abs(current - previous) <= 0.1 * max(current, previous)
    )
    if word.lower() in ("same", "unchanged"):
        holds = current == previous
    given = "an increase" if current > previous else "a decrease" if current < previous else "no change"
    return Identity(where, f"{number(current)} against {number(previous)}: {word}", holds, "comparison", word, given)


def direction(word: str) -> int:
    """1 for more, -1 for fewer, 0 for similar."""
    lower = word.lower()
    if lower.startswith(("more", "incr", "rise", "rose", "grew", "higher", "up", "risen")):
        return 1
    return 0 if lower.startswith(("same", "similar", "unch")) else -1


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6 * max(1.0, abs(one), abs(other))
