"""`fairwitness analyse estimate`: how many there were, from the overlap of three or more lists; or why that cannot be said.

The rule it guards: what is documented comes first, then every model's number, then the interval that does not pretend to know which is
right.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings
from fairwitness.web.commands.begin import Progress

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.estimate.estimate_strata import Stratum
    from fairwitness.analyse.numbers.estimate.estimate_total import Estimate, Rung
    from fairwitness.analyse.numbers.read_table import Table

SHOWN = 40
LEAST_SHOWN = 5  # these numbers are people: a stratum with fewer is not printed


def arguments(parser: argparse.ArgumentParser) -> None:
    """The overlap, and what must be stated beside any number that comes out of it."""
    parser.add_argument(
        "overlap",
        type=Path,
        nargs="+",
        metavar="OVERLAP.csv",
        help="one 0/1 column for each list, the count last; several files: several linkage thresholds",
    )
    parser.add_argument("--strata", metavar="COLUMN", help="estimate each value of this column by itself, and add up")
    parser.add_argument("--strata-models", type=Path, metavar="FILE", help="a table: the stratum, its model as [12,3] or (list list)(list)")
    parser.add_argument("--criterion", default="bic", metavar="bic|aic", help="by which the ladder is ordered (default bic)")
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals (default .95)")
    parser.add_argument("--independence", default="", metavar="TEXT", help="an expert's written argument why two lists are independent")
    parser.add_argument("--weighted", action="store_true", help="counts are sums of weights and may be fractional")
    for name, words in (("population", "who is counted"), ("period", "from when to when"), ("place", "where")):
        parser.add_argument(f"--{name}", default="", metavar="TEXT", help=f"{words}; stated beside every number")


def run(given: argparse.Namespace) -> int:
    """Read, estimate, say. 0 when there is an estimate, 2 when it is refused."""
    from fairwitness.analyse.numbers.estimate.estimate_total import estimate
    from fairwitness.analyse.numbers.estimate.read_overlap import Overlap, read_overlap, read_strata
    from fairwitness.analyse.numbers.read_table import read_table

    if given.strata_models and not given.strata:
        raise BadInput("--strata-models needs --strata: name the column that says which stratum a row belongs to.")
    if given.strata and len(given.overlap) > 1:
        raise BadInput("Strata of one file at a time; leave --strata out to compare several files.")
    tables = [read_table(path) for path in given.overlap]
    strata: dict[str, Overlap] = {}
    if given.strata:
        # a person whose stratum is uncertain is divided among several: such counts are fractions by design
        strata = read_strata(tables[0], given.strata, weighted=True)
        first = next(iter(strata.values()))
        overlaps = [Overlap(first.names, sum((one.counts for one in strata.values()), 0 * first.counts))]
    else:
        overlaps = [read_overlap(table, weighted=given.weighted) for table in tables]
    progress = Progress("models fitted")
    found = [
        estimate(one, criterion=given.criterion, level=given.level, independence=given.independence, heard=progress) for one in overlaps
    ]
    progress.end()
    result = _result(given, found[0])
    layers = _strata(given, strata, result) if given.strata else []
    if len(found) > 1:
        result["thresholds"] = [{"file": table.name, **_short(one)} for table, one in zip(tables, found, strict=True)]
    warnings = [*found[0].warnings, *_unstated(given), *_fractions(overlaps[0].counts, given.strata)]
    if given.json:
        say_json(given, tables, result, warnings)
    else:
        # without an estimate nothing goes where a script looks for one: what is documented is said beside the reason
        with redirect_stdout(sys.stderr if found[0].refused else sys.stdout):
            _print(given, found, tables, layers, result)
        say_warnings(warnings)
    if found[0].refused:
        print(found[0].refused, file=sys.stderr)
    return 2 if found[0].refused else 0


def _result(given: argparse.Namespace, found: Estimate) -> dict[str, Any]:
    graphs = found.graphs
    return {
        "observed": found.observed,
        "lists": found.sizes,
        "best": None if found.best is None else {**_rung(found.best), "chosen": found.chosen},
        "models": [_rung(one) for one in found.models],
        "averaged": {"N": found.averaged, "ci": found.averaged_interval, "ci_by_weights": found.by_weights}
        if found.averaged is not None
        else None,
        "graphs": None
        if graphs is None
        else {
            "mean": graphs.mean,
            "mode": graphs.mode,
            "median": graphs.median,
            "ci": [graphs.low, graphs.high],
            "weights": [{"graph": name, "weight": weight} for name, weight in graphs.weights.items()],
        },
        "context": found.context,
        "fitted": found.fitted,
        "left_out": found.left_out,
        "refused": found.refused,
        "population": given.population or None,
        "period": given.period or None,
        "place": given.place or None,
    }


def _rung(one: Rung) -> dict[str, Any]:
    return {
        "model": one.model,
        "N": one.total,
        "ci": one.interval,
        "bic": one.bic,
        "aic": one.aic,
        "delta": one.delta,
        "weight": one.weight,
        "deviance": one.deviance,
        "df": one.df,
    }


def _short(one: Estimate) -> dict[str, Any]:
    return {
        "observed": one.observed,
        "model": one.best.model if one.best else None,
        "N": one.best.total if one.best else None,
        "ci": one.best.interval if one.best else None,
        "averaged": {"N": one.averaged, "ci": one.averaged_interval},
        "refused": one.refused,
    }


def _strata(given: argparse.Namespace, strata: Any, result: dict[str, Any]) -> list[Stratum]:
    from fairwitness.analyse.numbers.estimate.estimate_strata import add_up, estimate_strata

    named = _models(given.strata_models, list(strata)) if given.strata_models else {}
    layers = estimate_strata(strata, named, criterion=given.criterion)
    whole = add_up(layers, given.level)
    result["strata"] = [
        {
            "stratum": one.name,
            "observed": one.observed,
            "lists": one.lists,
            "model": one.model or None,
            "N": one.total,
            "sd": one.error or None,
            "refused": one.refused,
            "corrected": one.corrected,
        }
        for one in layers
    ]
    result["sum"] = {"observed": whole.observed, "N": whole.total, "ci": whole.interval, "refused": whole.refused}
    return layers


def _models(path: Path, strata: Sequence[str]) -> dict[str, str]:
    from fairwitness.analyse.numbers.read_table import read_table

    table = read_table(path)
    columns = list(table.columns)
    if len(columns) < 2:
        raise BadInput.of(Fault("", say("needs two columns: the stratum and its model."), table.name))
    named = dict(zip(table.columns[columns[0]], table.columns[columns[1]], strict=True))
    if not set(named) & set(strata):
        raise BadInput.of(Fault(columns[0], say("names none of the strata of the overlap."), table.name))
    return named


def _unstated(given: argparse.Namespace) -> list[str]:
    left = [name for name in ("population", "period", "place") if not getattr(given, name)]
    if not left:
        return []
    return [
        say("Not stated: {what}. A number without them means nothing to a reader; say --{first} “…”.", what=", ".join(left), first=left[0])
    ]


def _fractions(counts: Any, strata: str | None) -> list[str]:
    if strata and (counts != counts.round()).any():
        return [say("Counts are fractions: persons whose stratum is uncertain are divided among several.")]
    return []


def _print(given: argparse.Namespace, found: list[Estimate], tables: list[Table], layers: list[Stratum], result: dict[str, Any]) -> None:
    one = found[0]
    stated = ", ".join(part for part in (given.population, given.place, given.period) if part)
    print(f"At least {one.observed:,.0f} documented" + (f": {stated}." if stated else "."))
    print("Lists: " + ", ".join(f"{place} {name} {number:,.0f}" for place, (name, number) in enumerate(one.sizes.items(), 1)) + ".")
    if not one.refused and one.best is not None:
        _print_ladder(given, one)
    if layers:
        print("\nBy stratum (a stratum without an estimate counts as documented)")
        say_table(
            ["stratum", "documented", "model", "N", "sd", ""],
            [
                [
                    layer.name,
                    f"{layer.observed:.0f}" if layer.observed >= LEAST_SHOWN else "under 5",
                    layer.model or "–",
                    layer.total if not layer.refused else None,
                    layer.error or None,
                    layer.refused or ("one added to each count (Chapman)" if layer.corrected else ""),
                ]
                for layer in layers
            ],
        )
        low, high = result["sum"]["ci"]
        print(f"Sum: {result['sum']['N']:,.0f} ({low:,.0f}–{high:,.0f}); {result['sum']['refused']} strata as documented.")
    if len(found) > 1:
        print("\nUnder each linkage threshold (missed links raise the number, false links lower it)")
        say_table(
            ["file", "documented", "model", "N", "low", "high", "averaged low", "averaged high"],
            [
                [
                    table.name,
                    round(this.observed),
                    this.best.model if this.best else "refused",
                    this.best.total if this.best else None,
                    *((this.best.interval or (None, None)) if this.best else (None, None)),
                    *(this.averaged_interval or (None, None)),
                ]
                for table, this in zip(tables, found, strict=True)
            ],
        )


def _print_ladder(given: argparse.Namespace, one: Estimate) -> None:
    assert one.best is not None
    near = [rung for rung in one.models if rung.delta <= 10]
    print(
        f"\nModels within {given.criterion.upper()} 10 of the best: {len(near)} of {one.fitted}"
        + (f"; shown {SHOWN}" if len(near) > SHOWN else "")
    )
    say_table(
        ["model", "N", "low", "high", "BIC", "AIC", "delta", "weight"],
        [[rung.model, rung.total, *(rung.interval or (None, None)), rung.bic, rung.aic, rung.delta, rung.weight] for rung in near[:SHOWN]],
    )
    if one.left_out:
        print("Left out: " + ", ".join(f"{count} models, {why}" for why, count in one.left_out.items()) + ".")
    low, high = one.best.interval or (one.observed, float("inf"))
    print(f"\nBest by {one.chosen}: {one.best.model}, {one.best.total:,.0f} ({low:,.0f}–{high:,.0f}), if this one model is right.")
    if one.averaged is not None and one.averaged_interval:
        low, high = one.averaged_interval
        upper = f"{high:,.0f}" if high < float("inf") else "no upper end"
        print(f"Averaged over models: {one.averaged:,.0f}, {given.level:.0%} interval {low:,.0f}–{upper}.", end=" ")
        print("This is the number to quote, with its interval.")
    if one.graphs is not None:
        print(f"Second opinion, decomposable graphs: {one.graphs.median:,} ({one.graphs.low:,}–{one.graphs.high:,}).")
    simple = [f"{name} {value:,.0f}" for name, value in one.context.items() if not isinstance(value, tuple)]
    simple += [f"{name} {value[0]:,.0f}–{value[1]:,.0f}" for name, value in one.context.items() if isinstance(value, tuple)]
    if simple:
        print("Context, not for quoting: " + ", ".join(simple) + ".")
