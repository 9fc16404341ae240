"""`fairwitness analyse detect`: the weeks of one column of a plain file, tested by one method with stated parameters.

The rule it guards: every parameter is printed with the answer, and one that the method does not know is refused.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings

if TYPE_CHECKING:
    from datetime import date

    from fairwitness.analyse.numbers.read_table import Table

OPTIONS: dict[str, tuple[type, str]] = {
    "b": (int, "years to look back"),
    "w": (int, "rows either side of the same week of former years"),
    "periods": (int, "levels the year is divided into (noPeriods)"),
    "past_weeks_not_included": (int, "last rows left out of the baseline"),
    "weights_threshold": (float, "residual from which past outbreaks weigh less"),
    "p_threshold_trend": (float, "keep a trend when its p is not above this"),
    "alpha": (float, "nominal probability of a false alarm"),
    "threshold_method": (str, "delta, nbPlugin or muan"),
    "power_transform": (str, "none, 1/2 or 2/3"),
    "baseline": (int, "rows before, for EARS"),
    "min_sigma": (float, "least standard deviation, for EARS"),
    "k": (float, "reference value of the CUSUM; limit of outbreakP"),
    "h": (float, "decision limit of the CUSUM"),
    "m": (float, "expected count of the CUSUM; else the mean before the first tested row"),
    "transform": (str, "rossi, standard or anscombe"),
    "c_arl": (float, "limit of the likelihood ratio"),
    "season": (int, "pairs of sine and cosine (S)"),
    "kappa": (float, "logarithm of the change, if it is fixed"),
    "direction": (str, "inc or dec"),
    "dispersion_alpha": (float, "alpha of the negative binomial; else estimated"),
}
SWITCHES = {"reweight": "weigh past outbreaks down", "trend": "allow a trend", "act_y": "use the weeks before, of this year"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("series", type=Path, metavar="SERIES.csv", help="a table with a row a week, in order")
    parser.add_argument("--column", required=True, action="append", help="the column of counts; for ours it may be given several times")
    parser.add_argument("--method", required=True, help="farrington_flexible, farrington, ears_c1, …, outbreakp or ours")
    parser.add_argument("--config", help="a named configuration of the method; single options go before it")
    parser.add_argument("--frequency", type=int, default=52, help="rows in a year: 52 or 12")
    parser.add_argument("--from-row", type=int, help="the first row tested, 1 is the first below the header")
    dates = "a column of dates, so that years are calendar years; none for rows; auto takes “date” when it is filled"
    parser.add_argument("--dates", default="auto", help=dates)
    for name, (kind, words) in OPTIONS.items():
        also = ["--no-periods"] if name == "periods" else []
        parser.add_argument("--" + name.replace("_", "-"), *also, type=kind, dest=name, help=words)
    for name, words in SWITCHES.items():
        parser.add_argument("--" + name.replace("_", "-"), action=argparse.BooleanOptionalAction, dest=name, default=None, help=words)
    parser.add_argument("--limit54", type=int, nargs=2, metavar=("COUNTS", "ROWS"), help="fewer counts in the last rows: no bound")


def run(given: argparse.Namespace) -> int:
    """Read, choose, test, print."""
    from fairwitness.analyse.numbers.read_table import read_table

    if given.frequency not in (12, 52):
        raise BadInput.of(Fault("frequency", say("is 52 (weeks) or 12 (months), not {value}.", value=given.frequency)))
    table = read_table(given.series)
    if table.rows == 0:
        raise BadInput.of(table.fault(given.column[0], say("has no rows.")))
    if given.method == "ours":
        return _run_ours(given, table)
    if len(given.column) != 1:
        raise BadInput.of(Fault("column", say("{method} reads one column at a time; only ours reads several.", method=given.method)))
    return _run_one(given, table)


def _run_one(given: argparse.Namespace, table: Table) -> int:
    from fairwitness.analyse.numbers.detect.choose_method import choose_first, choose_parameters, detect

    counts = table.counts(given.column[0])
    options = {name: getattr(given, name) for name in [*OPTIONS, *SWITCHES, "limit54"] if getattr(given, name) is not None}
    chosen = choose_parameters(given.method, given.config, options, frequency=given.frequency, rows=table.rows)
    start = given.from_row or choose_first(given.method, chosen, frequency=given.frequency, rows=table.rows)
    if (given.from_row is not None and given.from_row < 1) or start > table.rows:
        words = say("the first row to test is {start}; the series has {rows} rows, too few for this method.", start=start, rows=table.rows)
        raise BadInput.of(Fault("from_row" if given.from_row is not None else given.column[0], words, table.name))
    dates, said = _dates(given, table)
    found = detect(counts, given.method, chosen, start=start, frequency=given.frequency, dates=dates)
    points = [_point(*row) for row in zip(found.t, found.observed, found.expected, found.upperbound, found.alarm, found.p, strict=True)]
    warnings = [*found.warnings, *said]
    if not counts.any():
        warnings.append(say("every count is nought: a bound says what one first event would mean, not that nothing happened."))
    result = {"points": points, "method": given.method, "chosen": {**chosen, "from_row": start, "years": "calendar" if dates else "rows"}}
    return _say(given, table, result, warnings)


def _point(t: Any, observed: Any, expected: Any, upperbound: Any, alarm: Any, p: Any) -> dict[str, Any]:
    """One tested row; what is not stated is null."""
    clear = {name: None if value is None or value != value else float(value)
             for name, value in (("expected", expected), ("upperbound", upperbound), ("p", p))}  # fmt: skip
    verdict = None if alarm is None or alarm != alarm else bool(alarm)
    return {
        "t": int(t),
        "observed": _whole(observed),
        "expected": clear["expected"],
        "upperbound": clear["upperbound"],
        "alarm": verdict,
        "p": clear["p"],
    }


def _whole(observed: Any) -> int | None:
    return None if observed is None or observed != observed else int(observed)


def _say(given: argparse.Namespace, table: Table, result: dict[str, Any], warnings: list[Any]) -> int:
    if given.json:
        say_json(given, [table], result, warnings)
        return 0
    header = ("t", "observed", "expected", "upperbound", "alarm", "p")
    shown = {True: "ALARM", False: "", None: "?"}
    rows = [[shown[one[name]] if name == "alarm" else one[name] for name in header] for one in result["points"]]
    say_table(header, rows)
    chosen = ", ".join(f"{name} {value}" for name, value in result.get("chosen", {}).items())
    say_warnings([f"{given.method}: {chosen}." if chosen else given.method, *map(str, warnings)])
    return 0


def _dates(given: argparse.Namespace, table: Table) -> tuple[list[date] | None, list[Any]]:
    """The dates of the rows, checked to be one regular course; None where rows are counted, as Bayes and RKI do unless told."""
    from fairwitness.analyse.numbers.read_table import MISSING

    if given.dates == "none" or (given.dates == "auto" and not given.method.startswith("farrington")):
        return None, []
    if given.dates == "auto" and all(cell in MISSING for cell in table.columns.get("date", [])):
        return None, []
    name = "date" if given.dates == "auto" else given.dates
    days = table.days(name)
    for row, (one, after) in enumerate(pairwise(days)):
        gap = (after.year - one.year) * 12 + after.month - one.month if given.frequency == 12 else (after - one).days
        if gap != (1 if given.frequency == 12 else 7):
            words = say("{after} does not follow {one} by one {step}; give every {step} one row, or --dates none.", after=after, one=one,
                        step="month" if given.frequency == 12 else "week")  # fmt: skip
            raise BadInput.of(table.fault(name, words, row + 1))
    return days, [say("years are calendar years, by the column “{name}”; --dates none counts rows instead.", name=name)]


def _run_ours(given: argparse.Namespace, table: Table) -> int:
    """The mission's own detector plugs in here: `pool.detect_one` for one column. Its further options are its own command's."""
    from importlib import import_module

    try:
        detect_one = import_module("fairwitness.analyse.numbers.pool").detect_one
    except (ImportError, AttributeError) as why:
        words = say("“ours” is not part of this installation; choose farrington_flexible or another published method.")
        raise BadInput.of(Fault("method", words)) from why
    stray = [name for name in [*OPTIONS, *SWITCHES, "limit54", "config"] if name != "alpha" and getattr(given, name) is not None]
    if stray:
        raise BadInput.of(*(Fault(name, say("is not a parameter of ours.")) for name in stray))
    if len(given.column) != 1:
        raise BadInput.of(Fault("column", say("give one column here.")))
    counts = table.counts(given.column[0], missing=True)
    start = given.from_row or min(table.rows, given.frequency + 1)
    found = detect_one(counts, alpha=0.05 if given.alpha is None else given.alpha, frequency=given.frequency, start=start)
    points = [_point(one.t, one.observed, one.expected, one.upperbound, one.alarm, one.p) for one in found]
    result = {"points": points, "method": "ours"}
    return _say(given, table, result, [])
