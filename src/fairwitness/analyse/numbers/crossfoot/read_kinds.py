"""Read the kinds of a table's columns from their names: total, part, percentage and of what, low and high, the period before.

The rule it guards: a column is what its name says; what is neither is left out of every sum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fairwitness.analyse.numbers.crossfoot.read_amounts import Amount

_FORMS = {
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
    "other": r"^(?:year|id|code|row|lat|lon|latitude|longitude|week|month|day|date|no\.? of report|report|population)$",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column is. A share names the columns of its `part` and `whole`; low, best and high name their `group`."""

    name: str
    group: str = ""
    part: int | None = None
    whole: int | None = None
    base: str = ""


def kinds(names: Sequence[str], numeric: Sequence[bool], cells: Sequence[Sequence[Amount | None]]) -> list[Kind]:
    """The kind of each column, in order."""
    made: list[str] = []
    for name, number, column in zip(names, numeric, cells, strict=True):
        made.append(_kind(name, number, any(cell.percent for cell in column if cell)))
    if not any(kind in ("low", "high") for kind in made):
        made = ["part" if kind == "best" else kind for kind in made]
    shares = [at for at, kind in enumerate(made) if kind == "share"]
    found: list[Kind] = []
    for at, kind in enumerate(made):
        if kind in ("low", "high", "best"):
            group = re.sub(r"(?i)[ _.-]?(?:lower|low|minimum|min|from_count|upper|high|maximum|max|best)[ _.-]?", "", names[at])
            found.append(Kind(kind, group))
        elif at in shares:
            found.append(_share(names, made, at))
        else:
            found.append(
                Kind(
                    "part" if kind == "part_of_base" else "total" if kind == "base" and not shares else "other" if kind == "base" else kind
                )
            )
    return found


def _kind(name: str, numeric: bool, percent: bool) -> str:
    for kind, form in _FORMS.items():
        if re.search(form, name.strip(), re.I):
            if kind in ("change", "other") or numeric:
                return kind
            break
    return "share" if numeric and percent else "part" if numeric else "text"


def _share(names: Sequence[str], made: Sequence[str], at: int) -> Kind:
    """Of what a percentage is: the column it names, or the numerator and base there are, or the total row of the only column."""
    bare = _bare(names[at])
    counts = [one for one, kind in enumerate(made) if kind in ("part", "part_of_base", "total", "base")]
    named = [one for one in counts if bare and _bare(names[one]) == bare]
    bases = [one for one in counts if made[one] == "base"] or [one for one in counts if made[one] == "total"]
    tops = [one for one in counts if made[one] == "part_of_base"] or [one for one in counts if made[one] == "part"]
    part = named[0] if named else tops[0] if len(tops) == 1 else max((one for one in tops if one < at), default=None)
    if part is None:
        return Kind("share", part=bases[0] if len(bases) == 1 and made[bases[0]] == "total" else None, base="column")
    whole = next((one for one in bases if one != part), None)
    return Kind("share", part=part, whole=whole, base="row" if whole is not None else "column")


def _bare(name: str) -> str:
    words = re.sub(r"%|\bper ?cent\b|\bpercent(?:age)?\b|\bpct\b|\bshare\b|\brate\b|\bof\b|[()_]", " ", name.lower())
    return " ".join(words.split())
