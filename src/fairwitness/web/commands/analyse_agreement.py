"""`fairwitness analyse agreement RATINGS.csv [--level L]`: do several raters agree beyond chance, and how surely do we know it?

The rule it guards: agreement is stated with its level of measurement and its interval; without variation there is no figure.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings
from fairwitness.web.commands.begin import Progress

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.read_table import Table

LEVELS = ("nominal", "ordinal", "interval", "ratio")
_UNSAID = "The level of measurement was not given: nominal, where two ratings are the same or not; name yours with --level."


def arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the level of measurement, and how the file is laid out."""
    parser.add_argument("ratings", type=Path, help="one row per thing rated, one column per rater; or columns unit, rater, rating")
    parser.add_argument(
        "--level", choices=LEVELS, help="of measurement (default: nominal, with the other levels beside it; ordinal with --order)"
    )
    parser.add_argument("--order", metavar="A,B,C", help="an ordinal scale of words, from lowest to highest")
    parser.add_argument("--unit", help="the column that names what was rated (with --raters-in-rows: the rater); - for none")
    parser.add_argument("--rater", help="long layout: the column that names the rater")
    parser.add_argument("--rating", help="long layout: the column of ratings")
    parser.add_argument("--raters-in-rows", action="store_true", help="rows are raters and columns are units")
    parser.add_argument("--replicates", type=int, default=1000, help="resamples of units for the interval (default 1000; 0 for none)")
    parser.add_argument("--confidence", type=float, default=0.95, help="of the interval (default 0.95)")
    parser.add_argument("--seed", type=int, default=1, help="of the resampling (default 1)")


def run(given: argparse.Namespace) -> int:
    """Read, weigh, say."""
    from fairwitness.analyse.numbers.agree.name_rows import UNITS
    from fairwitness.analyse.numbers.agree.read_ratings import read_ratings
    from fairwitness.analyse.numbers.agree.weigh_ratings import compare_two, weigh_ratings
    from fairwitness.analyse.numbers.read_table import read_table

    if not 0 <= given.replicates <= 100_000:
        raise BadInput.of(Fault("--replicates", say("must be from 0 to 100000.")))
    if not 0 < given.confidence < 1:
        raise BadInput.of(Fault("--confidence", say("must lie between 0 and 1, such as 0.95.")))
    table = read_table(given.ratings)
    order = [one.strip() for one in given.order.split(",")] if given.order else []
    level = given.level or ("ordinal" if order else "nominal")
    unsaid = not given.level and not order
    ratings = read_ratings(
        table, level, unit=given.unit, rater=given.rater, rating=given.rating, order=order, raters_in_rows=given.raters_in_rows
    )
    progress = Progress("Resamples")
    found = weigh_ratings(
        ratings,
        level,
        replicates=given.replicates,
        seed=given.seed,
        confidence=given.confidence,
        tell=lambda done: progress(done, given.replicates) if done % 100 == 0 else None,
    )
    progress.end()
    kappa, weighted, both = compare_two(ratings)
    beside = {one: _alpha(given, table, one) for one in LEVELS[1:]} if unsaid else {}
    warnings = [_UNSAID] if unsaid else []
    if ratings.names and ratings.names.casefold() not in UNITS and not given.unit:
        warnings.append(f"“{ratings.names}” names the {'raters' if given.raters_in_rows else 'units'}; it is not weighed as ratings.")
    warnings += _warnings(ratings.codes, found.units, found.low, found.alpha)
    result = {
        "alpha": found.alpha,
        "ci": None if found.low is None else [found.low, found.high],
        "level": level,
        "by_level": {level: found.alpha, **beside},
        "units": found.units,
        "raters": list(ratings.raters),
        "ratings": found.ratings,
        "missing": int((ratings.codes < 0).sum()),
        "observed_disagreement": found.observed,
        "expected_disagreement": found.expected,
        "kappa": kappa,
        "kappa_weighted": None if level == "nominal" else weighted,
        "rated_by_both": both if len(ratings.raters) == 2 else None,
        "replicates_usable": found.usable,
        "refused": None,
    }
    if given.json:
        say_json(given, [table], result, warnings)
        return 0
    rows: list[list[object]] = [[f"Krippendorff's alpha, {level}", found.alpha, found.low, found.high]]
    rows += [[f"if {one}", alpha, None, None] for one, alpha in beside.items()]
    if kappa is not None:
        rows.append([f"Cohen's kappa, {both} rated by both", kappa, None, None])
    say_table(["", "agreement", "low", "high"], rows)
    print(f"{found.units} units rated by two or more, {len(ratings.raters)} raters, {found.ratings} ratings.")
    say_warnings(warnings)
    return 0


def _alpha(given: argparse.Namespace, table: Table, level: str) -> float | None:
    """Alpha at another level, without its interval; None where the ratings are no numbers, as that level asks."""
    from fairwitness.analyse.numbers.agree.read_ratings import read_ratings
    from fairwitness.analyse.numbers.agree.weigh_ratings import weigh_ratings

    try:
        ratings = read_ratings(table, level, unit=given.unit, rater=given.rater, rating=given.rating, raters_in_rows=given.raters_in_rows)
        return weigh_ratings(ratings, level, replicates=0).alpha
    except BadInput:
        return None


def _warnings(codes: object, units: int, low: float | None, alpha: float) -> list[str]:
    made = []
    rows = len(codes)  # type: ignore[arg-type]
    if rows > units:
        made.append(f"{rows - units} of {rows} units were rated by fewer than two and say nothing about agreement.")
    if low is None:
        made.append("There are too few units for an interval.")
    elif low < 0.667:
        made.append(f"The interval reaches {'down to' if alpha >= 0.667 else 'below'} .667, the least for tentative conclusions.")
    return made
