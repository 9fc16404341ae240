"""`fairwitness analyse link`: which entries of one list of persons, or of two, may be the same person, with a probability for each pair.

The rule it guards: the machine suggests, a person decides. Nothing is merged, and no key made from a name is printed or written: the pairs
name entries by their own numbers.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairwitness.errors import BadInput
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings

if TYPE_CHECKING:
    from fairwitness.analyse.numbers.match.link_persons import Linked
    from fairwitness.analyse.numbers.read_table import Table

SHOWN = 40
# Between these a person has to look; above, a glance; below, the pair is not worth it.
QUEUE = (0.1, 0.9)


def arguments(parser: argparse.ArgumentParser) -> None:
    """One list or two, how its columns are to be read, and the threshold."""
    parser.add_argument(
        "lists", nargs="+", type=Path, metavar="LIST.csv", help="one list (duplicates inside it) or two (the same person in both)"
    )
    parser.add_argument(
        "--unique-id", metavar="COLUMN", help="the column with each entry's own number (guessed by its header; else the line)"
    )
    parser.add_argument("--threshold", type=float, default=0.5, help="print pairs of at least this probability (0.5)")
    parser.add_argument("--compare", action="append", default=[], metavar="COLUMN=KIND",
                        help="what a column holds: given, surname, name, date, id, email, code, text or category; "
                             "may be repeated")  # fmt: skip
    parser.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="a column never to be compared; may be repeated")
    parser.add_argument("--out", type=Path, metavar="PAIRS.csv", help="write every pair of probability 0.001 and more")
    parser.add_argument("--model", type=Path, metavar="MODEL.json", help="use what was learned before; nothing is learned now")
    parser.add_argument("--save-model", type=Path, metavar="MODEL.json", help="keep what was learned")
    parser.add_argument("--seed", type=int, default=1, help="of the random pairs on which agreement by chance is measured (1)")


def run(given: argparse.Namespace) -> int:
    """Link, print, write."""
    from fairwitness.analyse.numbers.match.guess_columns import guess_columns, guess_id
    from fairwitness.analyse.numbers.match.link_persons import link_persons, read_model
    from fairwitness.analyse.numbers.match.prepare_records import prepare_records
    from fairwitness.analyse.numbers.read_table import read_table

    _check(given)
    tables = [read_table(path) for path in given.lists]
    own = guess_id(tables, given.unique_id)
    kinds, left_out = guess_columns(tables, own, dict(_pair(one) for one in given.compare), given.ignore)
    model = read_model(given.model.read_text(encoding="utf-8")) if given.model else None
    prepared = [prepare_records(table, own, kinds) for table in tables]
    linked = link_persons(prepared, kinds, seed=given.seed, model=model, progress=_progress)
    numbers = [(table.name, str(one)) for table, columns in zip(tables, prepared, strict=True) for one in columns["unique_id"]]
    if given.save_model:
        _write(given.save_model, json.dumps(linked.model, ensure_ascii=False, indent=1) + "\n")
    if given.out:
        _write_pairs(given.out, linked, numbers)
    warnings = ["These are suggestions; a person decides each, and nothing was merged."]
    if left_out:
        warnings.append(f"Not compared: {', '.join(left_out)}. Name a column's kind with --compare if it should be.")
    if own is None:
        warnings.append("No column has each entry's own number; pairs name lines of the file.")
    _say(given, tables, linked, numbers, kinds, warnings)
    return 0


def _check(given: argparse.Namespace) -> None:
    if len(given.lists) > 2:
        raise BadInput("Give one list or two; link more lists two by two.")
    if not 0.0 <= given.threshold <= 1.0:
        raise BadInput("--threshold is a probability, from 0 to 1.")
    if given.seed < 1:
        raise BadInput("--seed is a whole number from 1 up.")
    for path in [*given.lists, *([given.model] if given.model else [])]:
        if not path.is_file():
            raise BadInput("{path} is not there; name a file that can be read.", path=str(path))
    for path in (given.out, given.save_model):
        if path and not path.resolve().parent.is_dir():
            raise BadInput("{path} cannot be written: its folder is not there.", path=str(path))


def _pair(text: str) -> tuple[str, str]:
    column, sign, kind = text.rpartition("=")
    if not sign:
        raise BadInput("“{text}” does not name a column and its kind; write it as --compare emri=given.", text=text)
    return column, kind


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"{words} …", file=sys.stderr)


def _write(path: Path, text: str) -> None:
    """The whole file or none of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def _write_pairs(path: Path, linked: Linked, numbers: list[tuple[str, str]]) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["left_list", "left", "right_list", "right", "probability", "weight"])
        for left, right, probability, weight in zip(linked.left, linked.right, linked.probability, linked.weight, strict=True):
            writer.writerow([*numbers[left], *numbers[right], f"{probability:.6f}", f"{weight:.4f}"])
    os.replace(part, path)


def _say(given: argparse.Namespace, tables: list[Table], linked: Linked, numbers: list[tuple[str, str]], kinds: dict[str, str],
         warnings: list[str]) -> None:  # fmt: skip
    from fairwitness.analyse.numbers.match.cluster_pairs import count_under

    shown = int((linked.probability >= given.threshold).sum())
    queue = int(((linked.probability > QUEUE[0]) & (linked.probability < QUEUE[1])).sum())
    thresholds = tuple(sorted({0.1, 0.5, 0.9}))
    clusters = count_under(len(numbers), linked.left, linked.right, linked.probability, thresholds)
    result: dict[str, Any] = {
        "records": len(numbers), "candidates": linked.candidates, "expected": linked.model["expected"], "suggested": shown, "queue": queue,
        "queue_share": queue / len(numbers), "clusters": clusters, "columns": kinds,
        "model": {key: linked.model[key] for key in ("share", "m", "u")},
    }  # fmt: skip
    if given.json:
        pairs = [{"left": numbers[left][1], "right": numbers[right][1], "left_list": numbers[left][0], "right_list": numbers[right][0],
                  "probability": float(probability), "weight": float(weight)}
                 for left, right, probability, weight in zip(linked.left[:shown], linked.right[:shown], linked.probability[:shown],
                                                             linked.weight[:shown], strict=True)]  # fmt: skip
        say_json(given, tables, {**result, "pairs": pairs, "refused": None}, warnings)
        return
    first = zip(linked.left[: min(shown, SHOWN)], linked.right, linked.probability, strict=False)
    say_table(["left", "right", "probability"], [[numbers[left][1], numbers[right][1], f"{chance:.3f}"] for left, right, chance in first])
    print(f"{shown:,} pairs of probability {given.threshold:g} and more among {len(numbers):,} entries"
          f"{f'; the first {SHOWN} are shown, --out writes all' if shown > SHOWN else ''}. {queue:,} for a reviewer to look at "
          f"closely.")  # fmt: skip
    print("Missed links inflate a number, false links deflate it. Persons, if every pair of at least this probability were one:")
    say_table(["threshold", "persons"], [[float(one), number] for one, number in clusters.items()])
    say_warnings(warnings)
