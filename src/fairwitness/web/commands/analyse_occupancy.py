"""`fairwitness analyse occupancy HISTORY.csv`: the share of sites that have it, when a visit may miss it; or *not identified*.

The rule it guards: a figure that the visits do not identify is not printed; the reason is, with exit code 2.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import redirect_stdout
from pathlib import Path

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings

_SITE = {"site", "site_id", "siteid", "id", "place", "municipality", "settlement", "name"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the model, and which columns are visits, effort and covariates."""
    parser.add_argument(
        "history", type=Path, help="one row per site, one column per visit: 0 not found, 1 found (or a count), NA not visited"
    )
    parser.add_argument(
        "--model",
        choices=("occupancy", "poisson", "nb", "zip"),
        default="occupancy",
        help="occupancy, or an N-mixture of counts: Poisson, negative binomial, zero-inflated Poisson",
    )
    parser.add_argument("--site", help="the column that names the site (default: a column called site, id, place …)")
    parser.add_argument(
        "--visits", nargs="+", metavar="COL", help="the columns of visits (default: those with only 0, 1, NA, when they are named alike)"
    )
    parser.add_argument("--effort", nargs="+", metavar="COL", help="effort of each visit, one column per visit: hours, kilometres")
    parser.add_argument("--covariates", nargs="+", metavar="COL", help="covariates of the site; COL^2 for a square")
    parser.add_argument("--visit-covariates", nargs="+", metavar="NAME=COL,COL…", help="covariates of the visit, one column per visit")
    parser.add_argument(
        "--unscaled", action="store_true", help="take covariates as they are (default: centred, over their standard deviation)"
    )
    parser.add_argument("--most", type=int, help="N-mixtures: the largest number a site may hold (default: largest count + 100)")
    parser.add_argument("--level", type=float, default=0.95, help="of the interval (default 0.95)")


def run(given: argparse.Namespace) -> int:
    """Read, fit, say. 0: identified; 2: not identified, or the file is refused."""
    from fairwitness.analyse.numbers.occupy.read_visits import choose_visits, read_visits
    from fairwitness.analyse.numbers.occupy.state_share import state_share
    from fairwitness.analyse.numbers.read_table import read_table

    table = read_table(given.history)
    _sensible(given)
    covariates, effort = _split(given.covariates), _split(given.effort)
    by_visit = _named(given.visit_covariates)
    site = given.site or next((name for name in table.columns if name.casefold() in _SITE), None)
    if site is not None:
        _unique(table.texts(site), site, table.name)
    taken = [*covariates, *(name.partition("^2")[0] for name in covariates), *effort, *(one for many in by_visit.values() for one in many)]
    visits = _split(given.visits)
    if not visits and given.model != "occupancy":
        raise BadInput.of(
            Fault("--visits", say("name the columns of counts: without 0 and 1 alone they cannot be told from covariates."), table.name)
        )
    visits = visits or choose_visits(table, [*taken, *([site] if site else [])])
    found = read_visits(
        table,
        visits,
        counts=given.model != "occupancy",
        covariates=covariates,
        visit_covariates=by_visit,
        effort=effort,
        scaled=not given.unscaled,
    )
    result = state_share(found, given.model, given.most, given.level)
    warnings = _warnings(table.rows, len(found.found), visits, [name for name in found.unused if name != site])
    if given.json:
        say_json(given, [table], result, warnings)
    else:
        # the naive share is no answer: where the share is not identified it stands beside the reason, not where a script looks
        with redirect_stdout(sys.stderr if result["refused"] else sys.stdout):
            _print(result)
        say_warnings(warnings)
    if result["refused"]:
        print(result["refused"], file=sys.stderr)
        return 2
    return 0


def _sensible(given: argparse.Namespace) -> None:
    if not 0 < given.level < 1:
        raise BadInput.of(Fault("--level", say("must lie between 0 and 1, such as 0.95.")))
    if given.most is not None and not 1 <= given.most <= 20_000:
        raise BadInput.of(Fault("--most", say("must be from 1 to 20000.")))


def _split(names: list[str] | None) -> list[str]:
    return [one.strip() for many in names or [] for one in many.split(",") if one.strip()]


def _named(given: list[str] | None) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for one in given or []:
        name, equals, columns = one.partition("=")
        if not equals or not columns:
            raise BadInput.of(Fault("--visit-covariates", say("“{one}” is not of the form NAME=COL,COL.", one=one[:40])))
        made[name] = _split([columns])
    return made


def _unique(names: list[str], column: str, file: str) -> None:
    seen: set[str] = set()
    for row, name in enumerate(names):
        if name in seen:
            raise BadInput.of(Fault(column, say("the site “{name}” stands twice; one row is one site.", name=name[:40]), file, row + 2))
        seen.add(name)


def _warnings(rows: int, kept: int, visits: list[str], unused: list[str]) -> list[str]:
    made = [f"Visits are the columns {', '.join(visits)}."]
    if kept < rows:
        made.append(f"{rows - kept} of {rows} sites were never visited and are left out; the share says nothing of them.")
    if unused:
        made.append(f"Not used: {', '.join(unused)}.")
    return made


def _print(result: dict[str, object]) -> None:
    ci, se = result["ci"], result["se"]
    rows: list[list[object]] = [["naive share of sites", result["naive"], None, None, None]]
    if isinstance(ci, dict) and isinstance(se, dict):
        for name in ci:
            words = {
                "psi": "share of sites that have it (psi)",
                "abundance": "mean number at a site",
                "p": "chance that a visit finds it (p)",
            }[name]
            rows.append([words, result[name], se[name], *ci[name]])
    say_table(["", "estimate", "s.e.", "low", "high"], rows)
    print(f"{result['sites']} sites, {result['visits']} visits, {result['detections']} with a detection.")
