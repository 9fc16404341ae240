"""Read the history of visits: which sites were visited how often, with what effort, and what was found each time.

The rule it guards: a visit that was not made is missing, never a nought; a cell that is neither is a fault with its place.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fairwitness.analyse.numbers.read_table import MISSING, Table, stop
from fairwitness.errors import BadInput, Fault, say

Floats = NDArray[np.float64]
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    "mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_ORDINALS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|one|two|three|four|five|six|seven|eight|nine|ten"


@dataclass(frozen=True, slots=True)
class Visits:
    """What was found: `found` (sites, visits), NaN where nobody went; `site` (sites, columns) and `visit` (sites, visits, columns) hold
    the covariates, each with an intercept first; `offset` (sites, visits) is the log of effort over mean effort, or None.
    """

    found: Floats
    site: Floats
    visit: Floats
    offset: Floats | None = None
    site_names: tuple[str, ...] = ("(Int)",)
    visit_names: tuple[str, ...] = ("(Int)",)
    columns: tuple[str, ...] = ()
    unused: tuple[str, ...] = field(default=())


def choose_visits(table: Table, taken: Sequence[str]) -> list[str]:
    """The columns that are visits: all their cells are 0, 1 or missing, and their names are of one form (y1, y2, y3; dates).

    A property of the site may be 0 or 1 as well: names of several forms are refused. A column that is nearly so, or named like the
    visits, has faults.
    """
    yes: list[str] = []
    rest: list[str] = []
    nearly: list[str] = []
    for name, cells in table.columns.items():
        if name in taken or not cells:
            continue
        good = sum(cell in MISSING or cell in ("0", "1", "0.0", "1.0") for cell in cells)
        (yes if good == len(cells) else nearly if good >= 0.9 * len(cells) else rest).append(name)
    stems = {_stem(name) for name in yes}
    odd = nearly + [name for name in rest if _stem(name) in stems]
    stop(
        [
            table.fault(
                name,
                say(
                    "“{cell}” is neither 0, 1 nor NA, in a column that looks like a visit; name the visits with --visits.",
                    cell=table.columns[name][row][:40],
                ),
                row,
            )
            for name in odd
            for row in range(table.rows)
            if table.columns[name][row] not in MISSING and table.columns[name][row] not in ("0", "1", "0.0", "1.0")
        ]
    )
    if not yes:
        raise BadInput.of(Fault("", say("has no column of visits (cells 0, 1 or NA); name them with --visits."), table.name))
    _one_form(table, yes)
    return [name for name in table.columns if name in yes]


def _one_form(table: Table, names: Sequence[str]) -> None:
    """Refuse columns of 0 and 1 that are not all named like visits: one of them may be a property of the site."""
    forms: dict[str, list[str]] = {}
    for name in names:
        forms.setdefault(_form(name), []).append(name)
    if len(forms) < 2 or all(len(name) == 1 for name in names):
        return
    most = max(forms.values(), key=len)
    example = most if len(most) > 1 else names
    words = say(
        "the columns {names} hold only 0, 1 and NA, but are not named alike, as y1, y2, y3 or dates are: a visit cannot be told from a "
        "property of the site. Name the visits, as in --visits {example}.",
        names=", ".join(f"“{name[:40]}”" for name in names[:20]),
        example=" ".join(name if name.isidentifier() else shlex.quote(name) for name in example[:20]),
    )
    raise BadInput.of(Fault("", words, table.name))


def _form(name: str) -> str:
    """The form of a name: what numbers it, a number, a letter, a date or “first”, left out."""
    bare = re.sub(rf"\b(?:{_ORDINALS})\b", "#", re.sub(r"[\s_]+", " ", name.casefold()).strip())
    bare = re.sub(rf"(?<![a-z])(?:{_MONTHS})(?![a-z])", "#", bare)
    bare = re.sub(r"\d+(?:st|nd|rd|th)?", "#", bare)
    bare = re.sub(r"(?<=[ ._-])(?:[a-z]|i{2,3}|iv|vi{1,3}|ix)$", "#", bare)
    bare = re.sub(r"#(?:[ ./:-]*#)*", "#", bare)
    return re.sub(r"[ ._-]*#$", "", bare) if bare != "#" else bare


def _stem(name: str) -> str:
    return re.sub(r"[\d._ -]+$", "", name).casefold() or name


def read_visits(
    table: Table,
    visits: Sequence[str],
    *,
    counts: bool = False,
    covariates: Sequence[str] = (),
    visit_covariates: Mapping[str, Sequence[str]] | None = None,
    effort: Sequence[str] = (),
    scaled: bool = True,
) -> Visits:
    """The history in a table. `covariates` are site columns, `NAME^2` the square of one (after scaling); each visit covariate and the
    effort have one column per visit. `scaled`: covariates are centred and divided by their standard deviation.

    BadInput names every cell that is neither a result nor missing, and every visit made without its effort or covariate.
    """
    if len(set(visits)) != len(visits):
        raise BadInput.of(Fault("visits", say("names a column twice."), table.name))
    found = np.stack([table.counts(name, missing=True) for name in visits], axis=1)
    if not counts:
        stop(
            [
                table.fault(visits[at], say("“{cell}” is neither 0, 1 nor NA.", cell=f"{found[row, at]:g}"), int(row))
                for row, at in np.argwhere(found > 1)
            ]
        )
    kept: NDArray[np.bool_] = np.asarray(~np.isnan(found).all(axis=1))
    site = [np.ones(table.rows), *(_of_site(table, name, kept, scaled) for name in covariates)]
    visit = [np.ones_like(found)]
    for name, columns in (visit_covariates or {}).items():
        visit.append(_scale_visits(_per_visit(table, name, columns, visits, found), found, scaled))
    offset = None
    if effort:
        spent = _per_visit(table, "effort", effort, visits, found, least=0.0)
        stop(
            [
                table.fault(effort[at], say("is a visit without effort; leave the visit empty when nobody went."), int(row))
                for row, at in np.argwhere(~np.isnan(found) & (spent <= 0))
            ]
        )
        offset = np.where(np.isnan(found), 0.0, np.log(np.where(spent > 0, spent, 1.0) / np.mean(spent[~np.isnan(found)])))
    used = {
        *visits,
        *effort,
        *(name.partition("^2")[0] for name in covariates),
        *(one for many in (visit_covariates or {}).values() for one in many),
    }
    return Visits(
        found[kept],
        np.stack(site, axis=1)[kept],
        np.stack(visit, axis=2)[kept],
        None if offset is None else offset[kept],
        ("(Int)", *(f"({name})" for name in covariates)),
        ("(Int)", *(f"({name})" for name in visit_covariates or {})),
        tuple(visits),
        tuple(name for name in table.columns if name not in used),
    )


def _of_site(table: Table, name: str, kept: NDArray[np.bool_], scaled: bool) -> Floats:
    base, square, _ = name.partition("^2")
    values = _scale(table.numbers(base), kept) if scaled else table.numbers(base)
    return values**2 if square else values


def _per_visit(table: Table, what: str, columns: Sequence[str], visits: Sequence[str], found: Floats, least: float = -np.inf) -> Floats:
    if len(columns) != len(visits):
        words = say(
            "has {found} columns for {asked} visits; give one for each, in the order of the visits.", found=len(columns), asked=len(visits)
        )
        raise BadInput.of(Fault(what, words, table.name))
    values = np.stack([table.numbers(name, least=least, missing=True) for name in columns], axis=1)
    stop(
        [
            table.fault(columns[at], say("is empty, but the visit was made."), int(row))
            for row, at in np.argwhere(np.isnan(values) & ~np.isnan(found))
        ]
    )
    return values


def _scale(values: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Centred, over the standard deviation of all rows; a covariate that never changes explains nothing and is refused."""
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    if not spread or not np.ptp(values[kept]):
        raise BadInput.of(Fault("covariates", say("A covariate that is the same at every site explains nothing; leave it out.")))
    return np.asarray((values - values.mean()) / spread)


def _scale_visits(values: Floats, found: Floats, scaled: bool) -> Floats:
    made = ~np.isnan(found)
    if not scaled:
        return np.where(made, values, 0.0)
    spread = float(np.std(values[made], ddof=1)) if made.sum() > 1 else 0.0
    if not spread:
        raise BadInput.of(Fault("visit covariates", say("A covariate that is the same at every visit explains nothing; leave it out.")))
    return np.where(made, (values - values[made].mean()) / spread, 0.0)
