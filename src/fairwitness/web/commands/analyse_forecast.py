"""`fairwitness analyse forecast`: what the next periods may bring, as draws; or, with `score`, how a file of draws did.

    fairwitness analyse forecast PANEL.csv --unit U --time T --value V --origin T0 --leads 3-14 --draws 1000 --out DRAWS.csv
    fairwitness analyse forecast score DRAWS.csv ACTUALS.csv [--against OTHER_DRAWS.csv]

The rule it guards: never a bare point. What is printed is chances and intervals, and beside each how often its like held before.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_forecast_say import coverage_of, record_of, say_outlook, say_scores, units_of
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings
from fairwitness.web.commands.begin import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fairwitness.analyse.numbers.forecast.read_panel import Panel

METHODS = ("ours", "last-12", "last-poisson", "zero")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file or files, which columns they have, from when, how far and how often."""
    words = "a panel, one row per unit and period; or the word score, a file of draws and a file of what was seen"
    parser.add_argument("files", nargs="+", metavar="FILE", help=words)
    parser.add_argument("--unit", help="the column of units (score: as in the actuals, when its name is not known)")
    parser.add_argument("--time", help="the column of periods: whole numbers, 2019-01, 2019-W05 or dates")
    parser.add_argument("--value", help="the column of counts")
    parser.add_argument("--origin", help="the last period that is known, as the panel writes it")
    parser.add_argument("--leads", help="how many periods ahead: 3-14, or 1,2,3")
    parser.add_argument("--draws", type=int, default=1000, help="draws per unit and lead (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the draws (default 1)")
    parser.add_argument("--levels", type=float, nargs="+", default=[0.5, 0.9], help="of the intervals (default .5 .9)")
    parser.add_argument("--method", default="ours", help="ours, or a benchmark to compare with: last-12, last-poisson, zero")
    parser.add_argument("--out", type=Path, help="the file of draws to write: unit, time, draw, value, lead")
    parser.add_argument("--against", type=Path, help="score: a second file of draws, for the skill per unit")


def run(given: argparse.Namespace) -> int:
    """Forecast, or score."""
    if given.files[0] == "score" and len(given.files) > 1:
        return _score(given)
    if len(given.files) > 1:
        raise BadInput.of(Fault("forecast", say("takes one panel; to score draws, write: forecast score DRAWS.csv ACTUALS.csv.")))
    missing = [f"--{name}" for name in ("unit", "time", "value", "origin", "leads") if getattr(given, name) is None]
    if missing:
        raise BadInput.of(Fault("forecast", say("needs {options}.", options=", ".join(missing))))
    if given.against:
        raise BadInput.of(Fault("--against", say("belongs to score: forecast score DRAWS.csv ACTUALS.csv --against OTHER.csv.")))
    if given.method not in METHODS:
        raise BadInput.of(Fault("--method", say("“{method}” is none of {known}.", method=given.method[:40], known=", ".join(METHODS))))
    return _forecast(given)


def _forecast(given: argparse.Namespace) -> int:
    """Read, draw, look at the past, say."""
    from fairwitness.analyse.numbers.forecast.exchange_draws import write_draws
    from fairwitness.analyse.numbers.forecast.foresee import check, foresee
    from fairwitness.analyse.numbers.forecast.read_panel import living, origin_of, read_panel

    leads = leads_of(given.leads)
    _seed(given.seed)
    whole = read_panel(Path(given.files[0]), given.unit, given.time, given.value)
    origin = origin_of(whole, given.origin)
    panel, warnings = living(whole, origin)
    past = panel.upto(origin)
    check(past, leads, given.draws, given.levels)
    times = [panel.clock.text(origin + lead) for lead in leads]
    if given.method != "ours":
        return _benchmark(given, panel, past, origin, leads, warnings)
    progress = Progress("Past forecasts made again")
    outlook = foresee(past, leads, draws=given.draws, seed=given.seed, levels=given.levels, step=panel.clock.step, said=progress)
    progress.end()
    result: dict[str, Any] = {"method": given.method, "origin": panel.clock.text(origin), "leads": leads, "vintage": panel.table.digest}
    if given.out:
        digest = write_draws(given.out, panel.units, times, leads, outlook.draws)
        result["out"] = {"file": given.out.name, "sha256": digest, "rows": outlook.draws.size, "draws": given.draws}
    warnings += outlook.warnings
    result |= {"record": record_of(outlook), "coverage": coverage_of(outlook), "units": units_of(panel, origin, outlook, times)}
    if given.json:
        say_json(given, [panel.table], result, warnings)
        return 0
    say_outlook(panel, outlook, times)
    say_warnings(warnings)
    return 0


def leads_of(text: str) -> list[int]:
    """The leads that `3-14` or `1,2,3` or `1,3-5` names, in order."""
    found: set[int] = set()
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            least, most = int(first), int(last or first)
            if not 1 <= least <= most <= 10_000:
                raise ValueError
            found |= set(range(least, most + 1))
    except ValueError:
        raise BadInput.of(Fault("--leads", say("“{leads}” names no leads; write 3-14, or 1,2,3, from 1.", leads=text[:40]))) from None
    return sorted(found)


def _seed(seed: int) -> None:
    if not 0 <= seed < 2**32:
        raise BadInput.of(Fault("--seed", say("is a whole number from 0 to 4294967295.")))


def _benchmark(
    given: argparse.Namespace, panel: Panel, past: NDArray[np.float64], origin: int, leads: list[int], warnings: list[str]
) -> int:
    """Write the draws of a public benchmark, which has no intervals and no record."""
    from fairwitness.analyse.numbers.forecast.draw import baseline
    from fairwitness.analyse.numbers.forecast.exchange_draws import write_draws
    from fairwitness.analyse.numbers.forecast.foresee import habits_of

    if not given.out:
        raise BadInput.of(Fault("--out", say("is needed with a benchmark: its draws are all it has.")))
    draws = baseline(past, leads, given.method, given.draws, given.seed, habits_of(panel.clock.step))
    digest = write_draws(given.out, panel.units, [panel.clock.text(origin + lead) for lead in leads], leads, draws)
    result = {"method": given.method, "origin": panel.clock.text(origin), "leads": leads, "vintage": panel.table.digest,
              "out": {"file": given.out.name, "sha256": digest, "rows": draws.size, "draws": draws.shape[-1]}}  # fmt: skip
    warnings.append(str(say("Draws of a benchmark, to compare with; no intervals and no record are kept for it.")))
    if given.json:
        say_json(given, [panel.table], result, warnings)
        return 0
    say_table(
        ["method", "units", "leads", "from", "draws"], [[given.method, len(panel.units), len(leads), result["origin"], draws.shape[-1]]]
    )
    say_warnings(warnings)
    return 0


def _score(given: argparse.Namespace) -> int:
    """Read both files, set them side by side, judge, say."""
    import numpy as np

    from fairwitness.analyse.numbers.forecast.exchange_draws import matched, read_actuals, read_draws
    from fairwitness.analyse.numbers.forecast.judge import by_band, by_group, by_unit, judge

    if len(given.files) != 3:
        raise BadInput.of(Fault("score", say("takes a file of draws and a file of what was seen: score DRAWS.csv ACTUALS.csv.")))
    if not given.levels or not all(0 < level < 1 for level in given.levels):
        raise BadInput.of(Fault("--levels", say("lie between 0 and 1, as .5 .9.")))
    columns = given.unit, given.time, given.value
    sample = read_draws(Path(given.files[1]), *columns)
    actual, table = read_actuals(Path(given.files[2]), *columns)
    at, seen = matched(sample, actual, table.name)
    draws, keys = sample.draws[at], [sample.keys[one] for one in at]
    warnings = _unmatched(len(sample.keys), len(actual), len(keys))
    against, tables = None, [sample.table, table]
    if given.against:
        other = read_draws(given.against, *columns)
        place = {key: one for one, key in enumerate(other.keys)}
        if not all(key in place for key in keys):
            raise BadInput.of(Fault("--against", say("must have draws for every unit and time that is scored."), other.table.name))
        against = other.draws[[place[key] for key in keys]]
        tables.append(other.table)
    by_lead = by_group(draws, seen, sample.leads[at], given.levels, "lead") if sample.leads is not None else []
    by_time = by_group(draws, seen, np.array([time for _, time in keys]), given.levels, "time")
    units = by_unit(draws, seen, [unit for unit, _ in keys], against)
    result = {**judge(draws, seen, given.levels), "draws": draws.shape[-1], "by_lead": by_lead, "by_time": by_time,
              "by_level": by_band(draws, seen, given.levels), "by_unit": units, "vintage": table.digest}  # fmt: skip
    if against is not None:
        result["against"] = judge(against, seen, given.levels)
        result["skill"] = 1 - result["crps"] / result["against"]["crps"] if result["against"]["crps"] else None
    if given.json:
        say_json(given, tables, result, warnings)
        return 0
    say_scores(result, given.levels)
    say_warnings(warnings)
    return 0


def _unmatched(forecast: int, actual: int, both: int) -> list[str]:
    """What was forecast or seen, but not both."""
    found = []
    if both < forecast:
        found.append(say("{count} forecasts have nothing that was seen beside them and are not scored.", count=forecast - both))
    if both < actual:
        found.append(say("{count} counts that were seen have no forecast.", count=actual - both))
    return list(map(str, found))
