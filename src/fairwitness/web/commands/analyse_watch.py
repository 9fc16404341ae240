"""`fairwitness analyse watch`: all places of a panel, week by week, within a budget of false alarms for the whole mission.

The rule it guards: every place and week that has data gets a probability; an empty cell is no data and never a nought.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.pool import Point, Watch
    from fairwitness.analyse.numbers.read_table import Table


def arguments(parser: argparse.ArgumentParser) -> None:
    """The panel, what may be spent on it, and where its series are broken."""
    parser.add_argument("file", type=Path, metavar="PANEL.csv", help="one column per place, one row per week; an empty cell is no data")
    parser.add_argument("--budget", type=float, help="false alarms a week that the mission can afford over all places, such as 2")
    parser.add_argument("--alpha", type=float, help="instead of a budget: the rate of false alarms of each place")
    parser.add_argument("--cap", type=int, help="the most alarms raised in one week; the others are listed as held back")
    parser.add_argument("--fdr", type=float, help="the greatest share of false alarms among a week's alarms, such as 0.3")
    parser.add_argument("--frequency", type=int, default=52, help="rows of a year (default: 52)")
    parser.add_argument("--start", type=int, help="the first row judged, 1-based (default: the last half-year)")
    parser.add_argument("--places", help="the columns that are places, with commas between (default: all but --time)")
    parser.add_argument("--time", help="the column that names the week, if there is one")
    parser.add_argument("--break", dest="breaks", action="append", default=[], metavar="PLACE:ROW",
                        help="a series starts anew at this row (a municipality that was split); may be repeated")  # fmt: skip


def run(given: argparse.Namespace) -> int:
    """Judge the panel and say it."""
    import numpy as np

    from fairwitness.analyse.numbers.pool import detect_panel
    from fairwitness.analyse.numbers.read_table import read_table
    from fairwitness.web.commands.analyse_say import say_json, say_warnings
    from fairwitness.web.commands.begin import Progress

    table = read_table(given.file)
    names = _places(given, table)
    times = _times(given, table)
    panel = np.stack([table.counts(name, missing=True) for name in names], axis=1)
    progress = Progress("weeks judged")
    watch = detect_panel(panel, alpha=given.alpha, budget=given.budget, cap=given.cap, fdr=given.fdr, frequency=given.frequency,
                         start=_start(given, table.rows), names=names, breaks=_breaks(given, table), tell=progress)  # fmt: skip
    progress.end()
    warnings = _warnings(given, watch, int(np.isnan(panel[: watch.weeks[0].t - 1]).sum()))
    if given.json:
        say_json(given, [table], _whole(watch, times, given.frequency), warnings)
    else:
        _say(watch, times, given.frequency)
        say_warnings(warnings)
    return 0


def _places(given: argparse.Namespace, table: Table) -> list[str]:
    if given.places:
        return [name.strip() for name in given.places.split(",")]
    return [name for name in table.columns if name != given.time]


def _start(given: argparse.Namespace, rows: int) -> int:
    """The first row judged: as asked, else half a year before the end, as far as enough rows stand before it."""
    from fairwitness.analyse.numbers.pool.judge_weeks import least_past

    if given.start is not None:
        return int(given.start)
    most = max(int(given.frequency), 1)
    return max(least_past(most) + 1, rows - most // 2 + 1)


def _times(given: argparse.Namespace, table: Table) -> list[str] | None:
    """The names of the weeks; refused when a week stands twice or the clock goes back."""
    from datetime import date

    from fairwitness.analyse.numbers.read_table import stop
    from fairwitness.errors import say

    if not given.time:
        return None
    times = table.texts(given.time)
    first: dict[str, int] = {}
    faults = []
    for row, one in enumerate(times):
        if one in first:
            faults.append(table.fault(given.time, say("“{week}” stands here again; each week has one row.", week=one[:40]), row))
        first.setdefault(one, row)
    stop(faults)
    try:
        days = [date.fromisoformat(one.replace("/", "-")) for one in times]
    except ValueError:
        return times
    back = say("is not later than the row before; the rows must run forward in time.")
    stop([table.fault(given.time, back, row) for row in range(1, len(days)) if days[row] <= days[row - 1]])
    gap = say("does not follow the row before at the usual step; a week without data is a row with empty cells.")
    step = (days[1] - days[0]).days if len(days) > 1 else 0
    stop([table.fault(given.time, gap, row) for row in range(1, len(days)) if step < 28 and (days[row] - days[row - 1]).days != step])
    return times


def _breaks(given: argparse.Namespace, table: Table) -> dict[str, list[int]]:
    """The breaks by place; a row may be named by its number or by its cell in the column of time."""
    from fairwitness.errors import BadInput, Fault, say

    found: dict[str, list[int]] = {}
    times = table.texts(given.time) if given.time else []
    for one in given.breaks:
        place, colon, row = one.rpartition(":")
        if colon and row in times:
            found.setdefault(place, []).append(times.index(row) + 1)
        elif colon and row.isdecimal():
            found.setdefault(place, []).append(int(row))
        else:
            raise BadInput.of(Fault("break", say("“{given}” must be a place, a colon and a row, such as A:120.", given=one[:60])))
    return found


def _warnings(given: argparse.Namespace, watch: Watch, past: int) -> list[str]:
    """What a reader must know beside the figures; `past` cells before the first week judged have no data."""
    from fairwitness.analyse.numbers.budget import LOOSEST
    from fairwitness.errors import say

    told = [
        say("Counts of single places and weeks are small and stand for people; this output is for analysts and is not to be published.")
    ]
    empty = sum(point.p is None for own in watch.points for point in own)
    if empty:
        told.append(say("{count} cells have no data: they have no probability, which is not the same as quiet.", count=empty))
    if past:
        told.append(say("{count} cells before the weeks judged have no data: they teach nothing and are no nought.", count=past))
    if given.budget is not None and all(week.false_alarms < 0.5 * given.budget for week in watch.weeks):
        told.append(say("The budget is more than these places can spend: no alarm is given at a probability above {most}.", most=LOOSEST))
    return [str(one) for one in told]


def _point(point: Point, times: list[str] | None, frequency: int) -> dict[str, Any]:
    from fairwitness.analyse.numbers.budget import recurrence_years, say_recurrence

    words = None if point.p is None else str(say_recurrence(recurrence_years(point.p, frequency)))
    return {"t": point.t, **({"time": times[point.t - 1]} if times else {}), "observed": point.observed, "expected": point.expected,
            "upperbound": point.upperbound, "alarm": point.alarm, "p": point.p, "raised": point.raised, "ongoing": point.ongoing,
            "together": point.together, "expected_together": point.expected_together, "recurrence": words}  # fmt: skip


def _whole(watch: Watch, times: list[str] | None, frequency: int) -> dict[str, Any]:
    """The object of `--json`: the points of each place, the alarms by week and rank, and how each week's budget was spent."""
    alarms = [{"place": one.place, "rank": one.rank, "state": one.state, **_point(one.point, times, frequency), "q": one.q,
               "recurrence_years": one.recurrence_years, "mission_recurrence": str(one.mission_recurrence)}
              for one in watch.alarms]  # fmt: skip
    weeks = [{"t": one.t, **({"time": times[one.t - 1]} if times else {}), "alpha": one.alpha, "expected_false_alarms": one.false_alarms,
              "raised": one.raised, "ongoing": one.ongoing, "held_back": one.held_back} for one in watch.weeks]  # fmt: skip
    points = {name: [_point(one, times, frequency) for one in own] for name, own in zip(watch.names, watch.points, strict=True)}
    return {"points": points, "alarms": alarms, "weeks": weeks, "refused": None}


def _say(watch: Watch, times: list[str] | None, frequency: int) -> None:
    """The newest week in every place, then the alarms of all weeks judged, then what they cost."""
    from fairwitness.analyse.numbers.budget import recurrence_years, say_recurrence
    from fairwitness.web.commands.analyse_say import say_table

    def named(t: int) -> str:
        return times[t - 1] if times else str(t)

    newest = watch.weeks[-1]
    print(f"Week {named(newest.t)}, all places (so many or more, this week and the last together)")
    latest = [(name, own[-1]) for name, own in zip(watch.names, watch.points, strict=True)]
    rows = [[name, one.observed, one.expected, one.upperbound, one.p, "no data" if one.p is None
             else str(say_recurrence(recurrence_years(one.p, frequency)))] for name, one in latest]  # fmt: skip
    say_table(["place", "observed", "expected", "alarm above", "p", "so unusual"], rows)
    print(f"\nAlarms, weeks {named(watch.weeks[0].t)} to {named(newest.t)}")
    listed = [[named(one.point.t), one.rank, one.place, one.point.observed, one.point.expected, one.point.p, one.state,
               str(one.recurrence), str(one.mission_recurrence)] for one in watch.alarms]  # fmt: skip
    say_table(["week", "rank", "place", "observed", "expected", "p", "state", "here", "anywhere in the mission"], listed)
    mean = sum(one.false_alarms for one in watch.weeks) / len(watch.weeks)
    raised = sum(one.raised for one in watch.weeks)
    weeks = len(watch.weeks)
    print(f"\nRaised: {raised} in {weeks} weeks. By chance alone {mean:.2f} a week are expected, {mean * weeks:.1f} in all.")
