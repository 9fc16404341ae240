"""Read the kinds of a table's columns from their names: total, part, percentage and of what, low and high, the period before.

The rule it guards: a column is what its name says; what is neither is left out of every sum, as are years, numbers of reports and
coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fairwitness.analyse.numbers.crossfoot.read_amounts import Amount

_NUMBERED = (
    "report|case|file|document|doc|incident|record|serial|row|entry|registration|protocol|phone|form|patrol|page|article|art|room|house|"
    "line|order|passport|plate|item|week|round"
)
_UNITS = "1|10|100|1000|10000|100000|1[ ,.]000|10[ ,.]000|100[ ,.]000|thousand|million|head|capita|day|week|month|year|hour|km|km2"
_FORMS = {
    "other": r"^(?:year|id|code|row|lat|lon|latitude|longitude|week|month|day|date|no\.? of report|report|population)$"
    r"|\b(?:id|uuid|guid|code|lat|lon|lng|latitude|longitude|coordinates?|easting|northing|altitude|elevation|zip|postcode|phone|url|link|date)$"
    r"|^(?!this|current|last|previous|prior|past)(?:\w+ )?years?$|^(?:id|code|date|lat|lon)\b"
    r"|^(?:year|month|week|day|date|no\.?|number|nr) of (?:birth|death|issue|report)"
    rf"|\b(?:{_NUMBERED}) (?:no|nr|number|num|ref)\b\.?|\bref(?:erence)?$|\bper (?:{_UNITS})\b",
    "previous": r"\bprevious|\bprior\b|\bbefore\b|\blast (?:week|month|year|period)",
    "change": r"\bchange|\bdifference|\bdiff\b|\btrend|\bdirection of change",
    "share": r"%|\bper ?cent|\bpercent|\bpct\b|\bshare\b|\brate\b",
    "included": r"\bincl|\bof which|\bof them|\bof whom",
    "low": r"(?:^|[ _.-])(?:low|lower|min|minimum|from_count)$|^low\b|^min\b",
    "high": r"(?:^|[ _.-])(?:high|upper|max|maximum)$|^high\b|^max\b",
    "best": r"(?:^|[ _.-])best$|^best\b",
    "total": r"^\W*(?:grand |sub-?)?(?:total|sum|all|overall|altogether|gjithsej|ukupno|toplam)\b|\btotals?$",
    "base": r"^n$|^base$|\bdenominator|^of$|\bout of\b|^hearings$",
    "part_of_base": r"^k$|\bnumerator|^count$|^cases$|^number$",
}

_PLAIN = {"part_of_base": "part"}
_WORDS = re.compile(r"remark|note|comment|source|description|explanation|detail|action|reason", re.I)
_BARE_SHARE = re.compile(r"^\W*(?:share|per ?cent|percent(?:age)?|pct)?(?: of (?:the )?total)?\W*$", re.I)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column is; `blank`: no figure stands in it.

    A share names the columns of its `part` and `whole`; low, best and high name their `group`."""

    name: str
    group: str = ""
    part: int | None = None
    whole: int | None = None
    base: str = ""


def kinds(names: Sequence[str], numeric: Sequence[bool], cells: Sequence[Sequence[Amount | None]]) -> list[Kind]:
    """The kind of each column, in order."""
    made: list[str] = []
    for name, number, column in zip(names, numeric, cells, strict=True):
        kind = _kind(name.replace("_", " "), number, any(cell.percent for cell in column if cell))
        if kind in ("part", "share") and not any(column):
            kind = "text" if _WORDS.search(name) else "blank"
        made.append("other" if kind == "part" and _no_amounts(name, column) else kind)
    if not any(kind in ("low", "high") for kind in made):
        made = ["part" if kind == "best" else kind for kind in made]
    shares = [at for at, kind in enumerate(made) if kind == "share"]
    found: list[Kind] = []
    for at, kind in enumerate(made):
        if kind in ("low", "high", "best"):
            group = re.sub(r"(?i)[ _.-]?(?:lower|low|minimum|min|from_count|upper|high|maximum|max|best)[ _.-]?", "", names[at])
            found.append(Kind(kind, group))
        elif at in shares:
            found.append(_share(names, made, at, cells))
        else:
            found.append(Kind(_PLAIN.get(kind, kind)))
    divided = {kind.part for kind in found if kind.name == "share" and kind.base in ("column", "one")}
    for at, kind in enumerate(made):
        if kind == "base":
            found[at] = Kind("part" if at in divided else "other" if shares else "base")
    return found


def _no_amounts(name: str, column: Sequence[Amount | None]) -> bool:
    """Figures that follow one another by their nature: years, running numbers; or a point on the map."""
    held = [cell for cell in column if cell]
    ends = [(cell.low, cell.high) for cell in held if cell.high is not None]
    if len(held) < 2 or len(ends) < len(held):
        return False
    steps = {after[0] - before[0] for before, after in pairwise(ends)}
    if all(1900 <= low <= 2100 and 0 <= high - low <= 1 and low == int(low) for low, high in ends):
        return steps <= {0, 1} or steps <= {0, -1}
    if re.fullmatch(r"\W*(?:no|nr|num|s/?n|row|rank|#)?\W*", name, re.I) and ends[0][0] in (0, 1) and len(held) > 2:
        return steps == {1}
    return bool(re.fullmatch(r"x|y|e|n", name.strip(), re.I)) and all(len(str(cell).partition(".")[2]) > 2 for cell in held)


def _kind(name: str, numeric: bool, percent: bool) -> str:
    for kind, form in _FORMS.items():
        if re.search(form, name.strip(), re.I):
            if kind in ("change", "other") or numeric:
                return kind
            break
    return "share" if numeric and percent else "part" if numeric else "text"


def _share(names: Sequence[str], made: Sequence[str], at: int, cells: Sequence[Sequence[Amount | None]]) -> Kind:
    """Of what a percentage is: the column it names, or the numerator and base there are, or the total row of the only column."""
    bare = _bare(names[at])
    counts = [one for one, kind in enumerate(made) if kind in ("part", "part_of_base", "total", "base")]
    named = [one for one in counts if bare and _bare(names[one]) == bare]
    bases = [one for one in counts if made[one] == "base"] or [one for one in counts if made[one] == "total"]
    tops = [one for one in counts if made[one] == "part_of_base"] or [one for one in counts if made[one] == "part"]
    part = named[0] if named else tops[0] if len(tops) == 1 else max((one for one in tops if one < at), default=None)
    if part is None and len(bases) == 1 and made[bases[0]] == "base" and _all_of_it(names[at], cells[at]):
        part = bases[0]
    if part is not None and not bases and not _divides(cells[at]):
        return Kind("share", base="unknown")
    if part is None:
        return Kind("share", part=bases[0] if len(bases) == 1 and made[bases[0]] == "total" else None, base="column")
    whole = next((one for one in bases if one != part), None)
    one = not any(cell.percent for cell in cells[at] if cell) and not re.search(r"%|per ?cent|pct", names[at], re.I)
    if one and all(cell.low <= 1 for cell in cells[at] if cell) and any(cell.low % 1 for cell in cells[at] if cell):
        return Kind("share", part=part, whole=whole, base="one")
    return Kind("share", part=part, whole=whole, base="row" if whole is not None else "column")


def _all_of_it(name: str, column: Sequence[Amount | None]) -> bool:
    """Does a column called share or % divide its whole, as its last row or its sum shows, rather than state a rate of each row?"""
    return bool(_BARE_SHARE.match(name.replace("_", " "))) and _divides(column)


def _divides(column: Sequence[Amount | None]) -> bool:
    held = [cell.low for cell in column if cell]
    whole = 1 if max(held) <= 1 else 100
    near = any(abs(sum(held) - times * whole) <= 0.05 * times * whole for times in (1, 2))
    return near or held[-1] == whole


def _bare(name: str) -> str:
    words = re.sub(r"%|\bper ?cent\b|\bpercent(?:age)?\b|\bpct\b|\bshare\b|\brate\b|\bof\b|[()_]", " ", name.lower())
    return " ".join(words.split())
