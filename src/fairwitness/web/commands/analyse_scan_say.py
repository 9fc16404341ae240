"""Say the clusters of a scan: as rows for a person, or as one JSON object.

The rule it guards: a probability is said with what it is worth: how many copies it rests on, and how often chance would do as well.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from math import isfinite
from typing import Any

from fairwitness.analyse.numbers.read_table import Table
from fairwitness.analyse.numbers.scan.build_zones import Zones, names
from fairwitness.analyse.numbers.scan.find_clusters import Cluster, Scan
from fairwitness.analyse.numbers.scan.judge_clusters import Earlier, continues, in_words
from fairwitness.analyse.numbers.scan.read_cases import Cases
from fairwitness.analyse.numbers.scan.read_places import Places
from fairwitness.errors import say
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings

FEW = 5


def say_scan(
    given: argparse.Namespace,
    tables: Sequence[Table],
    places: Places,
    cases: Cases,
    zones: Zones,
    found: Scan,
    earlier: Sequence[Earlier],
) -> None:
    """Print what was found."""
    clusters = [{"rank": rank, **_cluster(given, places, cases, zones, one, earlier)} for rank, one in enumerate(found.clusters, 1)]
    warnings = [*cases.warnings, *_warnings(given, cases, found, clusters)]
    if given.json:
        result = {"clusters": clusters, "model": given.type, "direction": "prospective" if given.prospective else "retrospective",
                  "cases": int(cases.counts.sum()), "places": len(places.names), "zones": found.zones, "windows": found.windows,
                  "from": cases.periods.name(cases.periods.first), "to": cases.periods.name(cases.periods.last),
                  "periods": len(cases.periods), "replicates": len(found.maxima), "engine": found.engine,
                  "distance": places.unit}  # fmt: skip
        say_json(given, tables, result, warnings)
        return
    since, until = cases.periods.name(cases.periods.first), cases.periods.name(cases.periods.last)
    print(f"{int(cases.counts.sum())} cases at {len(places.names)} places, {since} to {until}; {found.zones} zones, "
          f"{found.windows} windows, {len(found.maxima)} copies.\n")  # fmt: skip
    if not clusters:
        print("Nowhere and at no time did more happen than was to be expected.")
        say_warnings(warnings)
        return
    rows = [[one["rank"], one["from"], one["to"], one["cases"], one["expected"], one["llr"], one["p"], one["recurrence_words"] or "–",
             _state(one), ", ".join(one["places"])] for one in clusters]  # fmt: skip
    say_table(["", "from", "to", "cases", "expected", "llr", "p", "recurrence", "", "places"], rows)
    say_warnings(warnings)


def _state(one: dict[str, Any]) -> str:
    return "ALARM" if one["alarm"] else f"goes on since {one['ongoing']}" if one["ongoing"] else ""


def _cluster(
    given: argparse.Namespace, places: Places, cases: Cases, zones: Zones, one: Cluster, earlier: Sequence[Earlier]
) -> dict[str, Any]:
    first, last = cases.periods.bounds(one.first)[0], cases.periods.bounds(one.last)[1]
    held = names(zones, one.zone, places.names)
    centre, radius = int(zones.centres[one.zone]), float(zones.radii[one.zone])
    days = cases.periods.days / one.p if given.prospective and isfinite(one.p) else None
    before = continues(held, first, last, earlier, gap=cases.periods.every) if given.prospective else None
    return {
        "places": held,
        "from": cases.periods.name(first),
        "to": cases.periods.name(last),
        "cases": one.cases,
        "expected": one.expected,
        "ratio": one.cases / one.expected,
        "llr": one.llr,
        "p": one.p if isfinite(one.p) else None,
        "p_gumbel": one.p_gumbel if isfinite(one.p_gumbel) else None,
        "recurrence": days,
        "recurrence_gumbel": cases.periods.days / one.p_gumbel if days is not None and one.p_gumbel > 0 else None,
        "recurrence_words": None if days is None else in_words(days),
        "alarm": days is not None and days >= given.alarm_days and before is None,
        "ongoing": None if before is None else cases.periods.name(before.first),
        "centre": places.names[centre] if centre >= 0 else None,
        "radius": radius if isfinite(radius) else None,
    }


def _warnings(given: argparse.Namespace, cases: Cases, found: Scan, clusters: Sequence[dict[str, Any]]) -> list[str]:
    said: list[str] = []
    if 0 < len(found.maxima) < 99:
        said.append(say("With {count} copies no probability below {least} can be shown.", count=len(found.maxima),
                        least=f"{1 / (1 + len(found.maxima)):.2g}"))  # fmt: skip
    if given.prospective and len(found.maxima) and given.alarm_days > cases.periods.days * (1 + len(found.maxima)):
        said.append(say("{count} copies cannot show a recurrence interval of {days} days; no alarm is possible. Take more copies.",
                        count=len(found.maxima), days=f"{given.alarm_days:g}"))  # fmt: skip
    if any(one["cases"] < FEW for one in clusters):
        said.append(say("There are clusters of fewer than {few} cases: for those who work on them, not for anything that leaves the house.",
                        few=FEW))  # fmt: skip
    return said
