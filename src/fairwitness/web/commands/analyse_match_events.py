"""`fairwitness analyse match-events`: which reports of several lists are of one event, by place, time and kind, with a probability for
each pair.

The rule it guards: the count must not double, and nothing is merged by a machine. Suggestions come out; the lists stay as they are.
"""

from __future__ import annotations

import argparse
import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairwitness.errors import BadInput
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.match.match_events import Matched
    from fairwitness.analyse.numbers.match.read_events import Events, Taxonomy
    from fairwitness.analyse.numbers.read_table import Table

SHOWN = 40
ROLES = ("date", "end", "latitude", "longitude", "number")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The lists, the window, the taxonomies, and the columns where their headers do not say."""
    parser.add_argument("lists", nargs="+", type=Path, metavar="LIST.csv", help="two lists or more, each with a day and a point per event")
    parser.add_argument("--km", type=float, default=4.0, help="two reports farther apart are not one event (4)")
    parser.add_argument("--days", type=float, default=2.0, help="two reports more days apart are not one event (2)")
    parser.add_argument("--taxonomy", type=Path, nargs="+", action="extend", default=[], metavar="FILE.csv",
                        help="which words of the lists mean the same: data.source, base.categories, then meanings from narrow to broad; "
                             "the file's name ends in the column it explains")  # fmt: skip
    parser.add_argument("--partial", type=int, default=0, help="how many taxonomies may disagree (0)")
    parser.add_argument("--threshold", type=float, default=0.5, help="pairs less probable than this are not matched (0.5)")
    parser.add_argument("--no-words", action="store_true", help="do not compare the words of places and kinds that no taxonomy explains")
    parser.add_argument("--out", type=Path, metavar="PAIRS.csv", help="write every candidate pair")
    for role, words in zip(ROLES, ("its day", "its last day", "its latitude", "its longitude", "its own number"), strict=True):
        parser.add_argument(f"--{role}", metavar="COLUMN", help=f"the column of an event with {words}, where the header does not say")


def run(given: argparse.Namespace) -> int:
    """Match, print, write."""
    from fairwitness.analyse.numbers.match.match_events import match_events
    from fairwitness.analyse.numbers.match.read_events import columns_of_words, read_events, read_taxonomy
    from fairwitness.analyse.numbers.read_table import read_table

    _check(given)
    tables = [read_table(path) for path in given.lists]
    explained = [read_table(path) for path in given.taxonomy]
    taxonomies: list[Taxonomy] = [read_taxonomy(table, tables) for table in explained]
    words = [] if given.no_words else columns_of_words(tables, [one.column for one in taxonomies])
    asked = {role: getattr(given, role) for role in ROLES}
    lists = [read_events(table, taxonomies, words, asked) for table in tables]
    names = [one.name for one in lists]
    if len(set(names)) != len(names):
        raise BadInput(
            "Two lists have the same name ({names}); rename a file, so that a match can say which list it means.", names=", ".join(names)
        )
    matched = match_events(lists, given.km, given.days, [one.depth for one in taxonomies], partial=given.partial, threshold=given.threshold)
    rows = _rows(matched, lists, taxonomies, words)
    if given.out:
        _write(given.out, rows)
    warnings = ["These are suggestions; a person decides each, and the lists stay as they are."]
    flagged = int(matched.flagged.sum())
    if flagged:
        warnings.append(
            f"{flagged} pairs of an event of one day and an episode of several would match; they are flagged for a person, not counted."
        )
    if not taxonomies and not words:
        warnings.append("No kinds were compared: pairs rest on place and time alone. Name a taxonomy with --taxonomy.")
    _say(given, [*tables, *explained], matched, lists, rows, warnings)
    return 0


def _check(given: argparse.Namespace) -> None:
    if len(given.lists) < 2:
        raise BadInput("Give two lists or more; duplicates inside one list are not looked for.")
    if not 0.0 < given.km <= 1000.0:
        raise BadInput("--km is a distance above 0 and at most 1000.")
    if not 0.0 <= given.days <= 366.0:
        raise BadInput("--days is a number of days from 0 to 366.")
    if not 0.0 <= given.threshold <= 1.0:
        raise BadInput("--threshold is a probability, from 0 to 1.")
    if not 0 <= given.partial <= len(given.taxonomy):
        raise BadInput("--partial is from 0 to the number of taxonomies.")
    for path in [*given.lists, *given.taxonomy]:
        if not path.is_file():
            raise BadInput("{path} is not there; name a file that can be read.", path=str(path))
    if given.out and not given.out.resolve().parent.is_dir():
        raise BadInput("{path} cannot be written: its folder is not there.", path=str(given.out))


def _rows(matched: Matched, lists: list[Events], taxonomies: list[Taxonomy], words: list[str]) -> list[dict[str, Any]]:
    """Every candidate pair, the most probable first."""
    import numpy as np

    pairs, chance = matched.pairs, matched.probability
    home = {event: number for number, group in enumerate(matched.groups) for event in group}
    found = []
    for at in np.argsort(-chance, kind="stable"):
        one, other = (int(pairs.one[at]), int(pairs.left[at])), (int(pairs.other[at]), int(pairs.right[at]))
        agreed = {name: None if level < 0 else int(level) + 1 for name, level in
                  zip([*(each.column for each in taxonomies), *words], pairs.levels[at, 2:], strict=True)}  # fmt: skip
        found.append({
            "left_list": lists[one[0]].name, "left": lists[one[0]].numbers[one[1]], "right_list": lists[other[0]].name,
            "right": lists[other[0]].numbers[other[1]], "km": round(float(pairs.km[at]), 4), "days": float(pairs.days[at]),
            "probability": float(chance[at]), "match": bool(matched.eligible[at] and home[one] == home[other]),
            "flagged": bool(matched.flagged[at]), "open": bool(matched.open[at]), "levels": agreed,
        })  # fmt: skip
    return found


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        heads = ["left_list", "left", "right_list", "right", "km", "days", "probability", "match", "flagged", "open"]
        writer.writerow(heads)
        writer.writerows([f"{row[one]:.6f}" if one == "probability" else row[one] for one in heads] for row in rows)
    os.replace(part, path)


def _say(given: argparse.Namespace, tables: list[Table], matched: Matched, lists: list[Events], rows: list[dict[str, Any]],
         warnings: list[str]) -> None:  # fmt: skip
    from fairwitness.analyse.numbers.match.match_events import overlap

    records = sum(len(one.start) for one in lists)
    together = [group for group in matched.groups if len(group) > 1]
    patterns = overlap(matched, lists)
    lasting = sum(bool(lists[group[0][0]].lasting[group[0][1]]) for group in together)
    queue = int(matched.open.sum())
    if given.json:
        groups = [[{"list": lists[one].name, "number": lists[one].numbers[place]} for one, place in group] for group in together]
        say_json(given, tables, {
            "records": records, "matches": len(together), "event_matches": len(together) - lasting, "episode_matches": lasting,
            "duplicates": records - len(matched.groups), "unique": len(matched.groups), "overlap": patterns, "queue": queue,
            "queue_share": queue / records, "flagged": int(matched.flagged.sum()), "groups": groups, "pairs": rows, "refused": None,
        }, warnings)  # fmt: skip
        return
    shown = [row for row in rows if row["match"]]
    say_table(["left", "right", "km", "days", "probability"],
              [[f"{row['left_list']} {row['left']}", f"{row['right_list']} {row['right']}", row["km"], row["days"],
                f"{row['probability']:.3f}"]
               for row in shown[:SHOWN]])  # fmt: skip
    if len(shown) > SHOWN:
        print(f"… and {len(shown) - SHOWN} pairs more; --out writes all.")
    print(f"\n{records:,} reports; {len(together):,} matches, {records - len(matched.groups):,} duplicates, {len(matched.groups):,} "
          f"unique events; "
          f"{queue:,} pairs for a reviewer to look at closely.")  # fmt: skip
    say_table(["in these lists", "events"], [[pattern.replace("+", " + "), number] for pattern, number in patterns.items()])
    say_warnings(warnings)
