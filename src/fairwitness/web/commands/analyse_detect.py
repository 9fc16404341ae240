"""`fairwitness analyse detect`: the weeks of one column of a plain file, tested by one method with stated parameters.

The rule it guards: every parameter is printed with the answer, and one that the method does not know is refused.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_detect_ours import run_ours
from fairwitness.web.commands.analyse_detect_say import say_points, state_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairwitness.analyse.numbers.detect.read_dates import Course
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
    "power_transform": (str, "none, 1/2 or 2/3; 1, 0.5 and 0.6667 mean the same"),
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
    "population": (str, "column of the population, an offset of the Farrington regression"),
    "fit_fun": (str, "the fit by its published name; each Farrington method has one"),
}
SWITCHES = {
    "reweight": "weigh past outbreaks down",
    "trend": "allow a trend",
    "act_y": "use the weeks before, of this year",
    "population_offset": "compare counts per head of --population",
}
_TRUTH = {"true": True, "t": True, "false": False, "f": False}
_PAIR = re.compile(r"(?:c?\()?\s*(\d+)\s*[,;]\s*(\d+)\s*\)?")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the method, and every parameter by its own option; the spellings of the published software are understood."""
    parser.add_argument("series", type=Path, metavar="SERIES.csv", help="a table with a row a week, in order")
    several = "the column of counts; for ours it may be given several times, then places share strength"
    parser.add_argument("--column", required=True, action="append", help=several)
    methods = "farrington_flexible, farrington, ears_c1, …, outbreakp or ours; farringtonFlexible, earsC_C1, glrnb … are the same"
    parser.add_argument("--method", required=True, help=methods)
    parser.add_argument("--config", help="a named configuration of the method; single options go before it")
    parser.add_argument("--frequency", type=int, help="rows in a year: 52 or 12 (default: by the dates; 52 where there are none)")
    parser.add_argument("--from-row", type=int, help="the first row tested, 1 is the first below the header")
    dates = "the column of dates: every row must follow the one before; auto finds it, none leaves it unread"
    parser.add_argument("--dates", default="auto", help=dates)
    for name, (kind, words) in OPTIONS.items():
        also = ["--no-periods"] if name == "periods" else []
        parser.add_argument("--" + name.replace("_", "-"), *also, type=kind, dest=name, help=words)
    for name, words in SWITCHES.items():
        parser.add_argument("--" + name.replace("_", "-"), action=argparse.BooleanOptionalAction, dest=name, default=None, help=words)
    parser.add_argument("--limit54", type=int, nargs=2, metavar=("COUNTS", "ROWS"), help="fewer counts in the last rows: no bound; or 5,4")
    plain_parse = parser.parse_known_args

    def parse(args: Any = None, namespace: Any = None) -> Any:
        return plain_parse(None if args is None else spell_out(args), namespace)

    parser.parse_known_args = parse  # type: ignore[method-assign]


def spell_out(words: Sequence[str]) -> list[str]:
    """The words of a call with the published spellings made ours: --weightsThreshold, --trend FALSE, --limit54 5,4."""
    known = {_plain(name): "--" + name.replace("_", "-") for name in [*OPTIONS, *SWITCHES, "limit54"]}
    known |= {"noperiods": "--periods", "powertrans": "--power-transform"}
    exact = {*known.values(), *("--no-" + name.replace("_", "-") for name in SWITCHES)}
    found: list[str] = []
    for word in words:
        name, equals, value = word.partition("=")
        if name.startswith("--") and name not in exact:
            name = known.get(_plain(name), name)
        before = found[-1] if found else ""
        switch = name if equals else before
        truth = _TRUTH.get((value if equals else word).casefold())
        if truth is not None and switch.removeprefix("--").replace("-", "_") in SWITCHES:
            found[len(found) if equals else -1 :] = [switch if truth else "--no-" + switch.removeprefix("--")]
        elif (pair := _PAIR.fullmatch(value if equals else word)) and switch == "--limit54":
            found += [*([name] if equals else []), pair[1], pair[2]]
        else:
            found.append(name + equals + value)
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def run(given: argparse.Namespace) -> int:
    """Read, choose, test, print."""
    from fairwitness.analyse.numbers.detect.name_method import name_method
    from fairwitness.analyse.numbers.detect.read_dates import choose_frequency, read_course
    from fairwitness.analyse.numbers.read_table import read_table

    asked, given.method = given.frequency, name_method(given.method)
    choose_frequency(None, asked, given.method)
    table = read_table(given.series)
    if table.rows == 0:
        raise BadInput.of(table.fault(given.column[0], say("has no rows.")))
    for column in given.column:
        table.texts(column)
    course = read_course(table, given.dates, given.column)
    given.frequency = choose_frequency(course, asked, given.method)
    warnings: list[Any] = []
    if course is None and asked is None:
        warnings.append(say("no dates say what a row is; it is taken for a week (frequency 52). For months give --frequency 12."))
    if given.method == "ours":
        return run_ours(given, table, [*OPTIONS, *SWITCHES, "limit54", "config"], warnings)
    if len(given.column) != 1:
        raise BadInput.of(Fault("column", say("{method} reads one column at a time; only ours reads several.", method=given.method)))
    return _run_one(given, table, course, warnings)


def _run_one(given: argparse.Namespace, table: Table, course: Course | None, warnings: list[Any]) -> int:
    from fairwitness.analyse.numbers.detect.choose_method import check_judged, choose_first, choose_parameters, detect
    from fairwitness.analyse.numbers.detect.name_method import check_fit, name_power

    counts = table.counts(given.column[0])
    _choose_population(given, table)
    check_fit(given.method, given.fit_fun)
    if given.power_transform is not None:
        given.power_transform = name_power(given.power_transform)
    options = {name: getattr(given, name) for name in [*OPTIONS, *SWITCHES, "limit54"]
               if name not in ("fit_fun", "population_offset") and getattr(given, name) is not None}  # fmt: skip
    chosen = choose_parameters(given.method, given.config, options, frequency=given.frequency, rows=table.rows)
    check_judged(counts, given.method, chosen, frequency=given.frequency, column=given.column[0])
    start = given.from_row or choose_first(given.method, chosen, frequency=given.frequency, rows=table.rows)
    if (given.from_row is not None and given.from_row < 1) or start > table.rows:
        words = say("the first row to test is {start}; the series has {rows} rows, too few for this method.", start=start, rows=table.rows)
        raise BadInput.of(Fault("from_row" if given.from_row is not None else given.column[0], words, table.name))
    population = table.numbers(given.population, least=0.0) if given.population else None
    # Without being told, only the Farrington family takes its years from the calendar: so the published figures were made.
    calendar = course is not None and (given.dates != "auto" or given.method.startswith("farrington"))
    days = course.days if course is not None and calendar else None
    found = detect(counts, given.method, chosen, start=start, frequency=given.frequency, dates=days, population=population)
    points = [
        state_point(*row) for row in zip(found.t, found.observed, found.expected, found.upperbound, found.alarm, found.p, strict=True)
    ]
    warnings = [*found.warnings, *warnings]
    if course is not None and calendar:
        warnings.append(say("years are calendar years, by the column “{name}”; --dates none counts rows instead.", name=course.column))
    chosen |= {"frequency": given.frequency, "from_row": start, "years": "calendar" if calendar else "rows"}
    return say_points(given, table, {"points": points, "method": given.method, "chosen": chosen}, warnings)


def _choose_population(given: argparse.Namespace, table: Table) -> None:
    """The column of the population when it is to be an offset; refused where what is asked contradicts itself or the method has none."""
    from fairwitness.analyse.numbers.detect.name_method import FITS

    if given.population_offset is not None and given.method not in FITS:
        words = say("is not a parameter of {method}: only {names} fit a regression, in which a population can be an offset.",
                    method=given.method, names=", ".join(FITS))  # fmt: skip
        raise BadInput.of(Fault("population_offset", words))
    if given.population_offset and given.population is None:
        if "population" not in table.columns:
            raise BadInput.of(Fault("population_offset", say("needs the column of the population: write --population COLUMN.")))
        given.population = "population"
    if given.population_offset is False and given.population is not None:
        raise BadInput.of(Fault("population", say("is given, but the offset is switched off; leave one of the two.")))
    if given.method in FITS:
        given.population_offset = given.population is not None
