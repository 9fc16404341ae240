"""`fairwitness analyse scan`: where and when did more happen than elsewhere and otherwise, and how often would chance alone do as well?

The rule it guards: every cluster is printed with its probability, counted over everything that was looked at, and with what the scan
could not know; a cluster that goes on is one alarm.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.read_table import Table
    from fairwitness.analyse.numbers.scan.build_zones import Zones
    from fairwitness.analyse.numbers.scan.read_cases import Cases
    from fairwitness.analyse.numbers.scan.read_places import Places


def arguments(parser: argparse.ArgumentParser) -> None:
    """The files, the model, the zones, the time, the copies."""
    parser.add_argument("cases", type=Path, help="CSV: a column of places, one of dates, one of counts")
    parser.add_argument("places", type=Path, help="CSV: a column of places, lat and lon in degrees (or x and y in a plane)")
    parser.add_argument("--type", required=True, choices=("permutation", "poisson-eb", "poisson-pb"), help="what is held to be usual")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--prospective", action="store_true", help="only clusters that still go on at the last period")
    way.add_argument("--retrospective", action="store_true", help="clusters at any time")
    _zone_arguments(parser)
    _time_arguments(parser)
    parser.add_argument("--population", type=Path, help="CSV for poisson-pb: place, population, and a date or covariates where they differ")
    parser.add_argument("--covariates", default="", help="columns of both the cases and the population, as age,sex")
    parser.add_argument("--expected", type=Path, help="CSV for poisson-eb: place, date, expected")
    parser.add_argument("--replicates", type=int, default=999, help="random copies of the data (default 999; 0: no probability)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the copies (default 1)")
    parser.add_argument("--least-cases", type=int, default=2, help="the fewest cases that make a cluster (default 2)")
    parser.add_argument("--clusters", type=int, default=10, help="how many clusters at most are printed (default 10)")
    parser.add_argument("--known", type=Path, help="the JSON of an earlier scan: what goes on from it is no new alarm")
    parser.add_argument("--alarm-days", type=float, help="the recurrence interval that makes an alarm (default 365, at least 20 periods)")
    parser.add_argument("--engine", choices=("auto", "numpy", "numba"), default="auto", help="the same answers, at different speeds")


def _zone_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--radius-km", "--radius", type=float, dest="radius_km", help="the largest circle: km, or units of x and y")
    parser.add_argument(
        "--max-share", type=float, help="the largest zone, in per cent of population or cases (default 50; 100 with --nearest)"
    )
    parser.add_argument("--nearest", type=int, help="the largest zone, as a number of nearest places, the centre included")
    parser.add_argument("--adjacency", type=Path, help="CSV of two columns: places that share a border; zones are connected sets of them")
    parser.add_argument("--max-places", type=int, default=4, help="with --adjacency: the most places in a zone (default 4)")
    parser.add_argument("--coordinates", help="the columns of coordinates, as LAT,LON, where they have other names")


def _time_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--max-days", type=float, help="the longest cluster in days (default: half of the time)")
    parser.add_argument("--max-periods", type=int, help="the longest cluster in periods, where dates are years, months or steps")
    parser.add_argument("--every", default="1", help="the length of a period: a number of days (or of the unit of the dates), month, year")
    parser.add_argument("--from", dest="since", help="the first day that was watched (default: of the first case)")
    parser.add_argument("--to", dest="until", help="the last day that was watched (default: of the last case)")
    parser.add_argument("--place-column")
    parser.add_argument("--date-column")
    parser.add_argument("--count-column")


def run(given: argparse.Namespace) -> int:
    """Read, scan, say. Raises BadInput."""
    from fairwitness.analyse.numbers.read_table import read_table
    from fairwitness.analyse.numbers.scan.find_clusters import scan
    from fairwitness.analyse.numbers.scan.read_cases import read_cases
    from fairwitness.analyse.numbers.scan.read_places import read_places
    from fairwitness.web.commands.begin import Progress

    _check(given)
    tables = [read_table(given.cases), read_table(given.places)]
    column = given.place_column if given.place_column in tables[1].columns else None
    places = read_places(tables[1], column=column, coordinates=given.coordinates, needed=given.adjacency is None)
    cases = read_cases(tables[0], places, place=given.place_column, when=given.date_column, count=given.count_column,
                       every=given.every, since=given.since, until=given.until)  # fmt: skip
    expected, weights = _expected(given, tables, places, cases)
    said = given.max_share is not None
    if not said:
        given.max_share = 50.0 if given.nearest is None else 100.0
    zones = _zones(given, tables, places, weights)
    _say_left_out(given, places, cases, weights, zones, wanted=said)
    earlier = _earlier(given, cases)
    if given.alarm_days is None:
        given.alarm_days = max(365.0, 20 * cases.periods.days)
    progress = Progress("copies of the data scanned")
    found = scan(cases.counts, expected, zones, model=given.type, longest=_longest(given, cases), prospective=given.prospective,
                 replicates=given.replicates, seed=given.seed, least=given.least_cases, most_clusters=given.clusters,
                 engine=given.engine, progress=progress)  # fmt: skip
    progress.end()
    from fairwitness.web.commands.analyse_scan_say import say_scan

    say_scan(given, tables, places, cases, zones, found, earlier)
    return 0


def _check(given: argparse.Namespace) -> None:
    """Refuse numbers that mean nothing, all at once."""
    from math import isfinite

    from fairwitness.analyse.numbers.read_table import stop
    from fairwitness.errors import Fault, say

    faults = []
    if given.radius_km is not None and not (given.radius_km > 0 and isfinite(given.radius_km)):
        faults.append(Fault("--radius-km", say("must be above 0; to look at every place alone, give --nearest 1.")))
    if given.max_share is not None and not 0 < given.max_share <= 100:
        faults.append(Fault("--max-share", say("is a percentage above 0, up to 100.")))
    if given.max_days is not None and not (given.max_days > 0 and isfinite(given.max_days)):
        faults.append(Fault("--max-days", say("must be above 0.")))
    if given.max_days is not None and given.max_periods is not None:
        faults.append(Fault("--max-periods", say("and --max-days say the same; give one of them.")))
    least = {"nearest": 1, "max_places": 1, "max_periods": 1, "replicates": 0, "seed": 0, "least_cases": 1, "clusters": 1}
    for name, lowest in least.items():
        if getattr(given, name) is not None and getattr(given, name) < lowest:
            faults.append(Fault(f"--{name.replace('_', '-')}", say("must be {lowest} or more.", lowest=lowest)))
    if given.replicates > 999_999:
        faults.append(Fault("--replicates", say("must be below a million.")))
    if given.adjacency is not None and (given.radius_km is not None or given.nearest is not None):
        faults.append(Fault("--adjacency", say("makes zones of neighbours; leave --radius-km and --nearest out.")))
    if given.expected is not None and given.type != "poisson-eb":
        faults.append(Fault("--expected", say("belongs to --type poisson-eb.")))
    if given.population is not None and given.type == "permutation":
        faults.append(Fault("--population", say("belongs to --type poisson-pb; a permutation needs none.")))
    if given.covariates and given.type == "permutation":
        faults.append(Fault("--covariates", say("belong to --type poisson-pb.")))
    stop(faults)


def _expected(given: argparse.Namespace, tables: list[Table], places: Places, cases: Cases) -> tuple[Any, Any]:
    """Expected cases, and what a share of a zone is a share of."""
    from fairwitness.analyse.numbers.read_table import read_table
    from fairwitness.analyse.numbers.scan.expect_cases import EXPECTED, POPULATION, by_margins, read_expected, read_population
    from fairwitness.errors import BadInput, say

    if given.type == "permutation":
        return by_margins(cases.counts), cases.counts.sum(axis=1).astype(float)
    covariates = [one.strip() for one in given.covariates.split(",") if one.strip()]

    def source(path: Path | None, known: tuple[str, ...]) -> Table | None:
        if path is not None:
            tables.append(read_table(path))
            return tables[-1]
        return next((table for table in (places.table, cases.table) if any(name.lower() in known for name in table.columns)), None)

    if (
        given.type == "poisson-eb"
        and (table := source(given.expected, EXPECTED)) is not None
        and (given.population is None or given.expected)
    ):
        found = read_expected(table, places, cases)
    elif (table := source(given.population, POPULATION)) is not None:
        found = read_population(table, places, cases, covariates)
    elif given.type == "poisson-pb":
        raise BadInput("--type poisson-pb needs a population: give --population FILE (place, population), or a column population in the "
                       "file of places. Where there is none, --type permutation asks only for the cases.")  # fmt: skip
    else:
        cases.warnings.append(say("No expected counts were given; they are taken from the totals of places and periods, the cluster's own "
                                  "cases among them, which makes this scan blunter than one with --expected."))  # fmt: skip
        found = by_margins(cases.counts)
    return found, found.sum(axis=1)


def _zones(given: argparse.Namespace, tables: list[Table], places: Places, weights: Any) -> Zones:
    """Circles, or sets of neighbours."""
    from fairwitness.analyse.numbers.read_table import read_table
    from fairwitness.analyse.numbers.scan.build_zones import circles, neighbours
    from fairwitness.analyse.numbers.scan.read_places import read_borders

    share = given.max_share / 100
    if given.adjacency is not None:
        tables.append(read_table(given.adjacency))
        return neighbours(weights, read_borders(tables[-1], places), most_places=given.max_places, share=share)
    assert places.far is not None
    return circles(places.far, weights, radius=given.radius_km, share=share, nearest=given.nearest)


def _say_left_out(given: argparse.Namespace, places: Places, cases: Cases, weights: Any, zones: Zones, *, wanted: bool) -> None:
    """Name the places that are in no zone because they alone are beyond the largest share; refuse where nobody asked for that."""
    from fairwitness.errors import BadInput, say

    covered = set(zones.indices.tolist())
    alone = [name for place, name in enumerate(places.names) if place not in covered and weights[place] > 0]
    if alone and not wanted:
        # a million cases on one day would otherwise be "nothing unusual": the one place they lie in was never looked at
        raise BadInput("{places}: alone more than {share} per cent of all, so no zone may hold it and nothing could be said of it. "
                       "Say --max-share 100 to look there too, or --max-share {share} to leave it out knowingly.",
                       places=", ".join(alone[:10]), share=f"{given.max_share:g}")  # fmt: skip
    if alone:
        cases.warnings.append(say("Not looked at, because beyond {share} per cent alone: {places}. Raise --max-share to look there too.",
                                  share=f"{given.max_share:g}", places=", ".join(alone[:10])))  # fmt: skip


def _longest(given: argparse.Namespace, cases: Cases) -> int:
    from fairwitness.errors import BadInput, Fault, say

    periods = cases.periods
    if given.max_periods is not None:
        return int(min(given.max_periods, len(periods)))
    if given.max_days is None:
        return max(len(periods) // 2, 1)
    if given.max_days < periods.days:
        raise BadInput.of(Fault("--max-days", say("is shorter than one period of {days} days; allow more days, or take shorter periods.",
                                                  days=f"{periods.days:g}")))  # fmt: skip
    if periods.days == 1 and given.max_days != int(given.max_days):
        raise BadInput.of(Fault("--max-days", say("is no whole number of days, and the cases are dated by days.")))
    return int(min(given.max_days // periods.days, len(periods)))


def _earlier(given: argparse.Namespace, cases: Cases) -> list[Any]:
    """The alarms of an earlier scan, and what went on from them. Raises NotReadable."""
    import json

    from fairwitness.analyse.numbers.scan.judge_clusters import Earlier
    from fairwitness.analyse.numbers.scan.set_periods import unit
    from fairwitness.errors import NotReadable

    if given.known is None:
        return []
    try:
        clusters = json.loads(given.known.read_text(encoding="utf-8"))["clusters"]
        grain = cases.periods.grain
        return [Earlier(frozenset(one["places"]), unit(one["from"], grain), unit(one["to"], grain))
                for one in clusters if one["alarm"] or one["ongoing"]]  # fmt: skip
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as why:
        raise NotReadable("{file} is not what `fairwitness analyse scan --json` printed; give that.", file=given.known.name) from why
