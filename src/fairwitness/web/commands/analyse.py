"""`fairwitness analyse`: the numerical half of *analyse* on plain files, without a mission: for an analyst, a reviewer, a sceptic.

Every method reads a file, prints a readable table or, with `--json`, one object with its parameters, the digest of the data,
the version of the code and its warnings. A figure that the data do not allow is refused with its reason, in the same form.
Exit codes: 0 done; 2 refused: the file, the parameters or the method do not allow a figure.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from fairwitness.errors import BadInput
from fairwitness.web.commands.analyse_refuse import answer_misspelt, refuse

METHODS: dict[str, str] = {
    "rates": "rates of small places, smoothed, and whether neighbours resemble one another",
    "estimate": "how many there were, from the overlap of three or more lists; or why that cannot be said",
    "crossfoot": "figures of a table or a report that do not hold against one another",
    "scan": "where and when more happened than elsewhere and otherwise: clusters in space and time",
    "forecast": "what the next periods may bring, as draws with measured coverage; or score draws",
    "sum": "sums over an analysis set: counts with coverage, rates, overlap, trend as it stood on record",
    "agreement": "whether several raters agree beyond chance: Krippendorff, Cohen",
    "link": "suggest which entries of one list of persons, or of two, may be the same person",
    "match-events": "suggest which reports of several lists are of one event, by place, time and kind",
    "occupancy": "the share of sites that have it, when a visit may miss it; or not identified",
    "detect": "weeks above what a series lets expect, by one published method or ours",
    "watch": "all places of a mission week by week, within a budget of false alarms; places share strength",
}


def _module(name: str) -> Any:
    """The door of a method. It imports the arrays behind it only when it runs: every other command starts without them."""
    return import_module(f"fairwitness.web.commands.analyse_{name.replace('-', '_')}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """One method each, with its own options; a misspelt option is refused, never ignored."""
    below = parser.add_subparsers(dest="analysis", required=True)
    for name, words in METHODS.items():
        one = below.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".", allow_abbrev=False)
        one.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
        _module(name).arguments(one)
        answer_misspelt(one, name)
    answer_misspelt(parser)


def run(given: argparse.Namespace) -> int:
    """Run the method; a refusal is said in the form that was asked for."""
    try:
        return int(_module(given.analysis).run(given))
    except BadInput as error:
        return refuse(given, error)
