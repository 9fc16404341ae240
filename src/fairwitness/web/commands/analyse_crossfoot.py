"""`fairwitness analyse crossfoot FILE`: which figures of a table or a report hold against one another, and which do not.

The rule it guards: a contradiction is named with its place and with what the other figures give; which of them is wrong is for a person.
Exit codes: 0 all identities hold; 1 at least one contradiction; 2 refused, also when nothing in the file can be held against anything.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.analyse_say import say_json, say_table, say_warnings

_INPUT = Path("-")
_SAID = {True: "yes", False: "NO", None: "no data"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """One file, or reports that follow each other."""
    parser.add_argument(
        "file",
        type=Path,
        nargs="+",
        help="a table (.csv) or a text (.txt, .md), - for standard input; several: reports from the oldest to the newest",
    )


def run(given: argparse.Namespace) -> int:
    """Read, hold each identity, say."""
    from fairwitness.analyse.numbers.crossfoot.compare_reports import compare_reports
    from fairwitness.analyse.numbers.crossfoot.foot_file import MOST_BYTES, foot_bytes, foot_file

    read = [
        foot_bytes("standard input", sys.stdin.buffer.read(MOST_BYTES + 1)) if path == _INPUT else foot_file(path) for path in given.file
    ]
    found = []
    for table, identities, _ in read:
        prefix = f"{table.name}, " if len(read) > 1 else ""
        found += [(f"{prefix}{one.where}", one) for one in identities]
    found += [(one.where, one) for one in compare_reports([(table.name, changes) for table, _, changes in read])]
    if not found:
        names = ", ".join(table.name for table, _, _ in read)
        words = say(
            "holds no total, percentage, comparison, delay or repeated figure that could be held against another; nothing was checked."
        )
        raise BadInput.of(Fault("", words, names))
    wrong = [(where, one) for where, one in found if one.holds is False]
    unknown = [one for _, one in found if one.holds is None]
    if len(unknown) == len(found):
        words = say("states nothing that could be checked: {first}.", first=f"{found[0][0]}: {unknown[0].note}")
        raise BadInput.of(Fault("", words, ", ".join(table.name for table, _, _ in read)))
    warnings = list(dict.fromkeys(f"{where}: {one.note}." for where, one in found if one.note))
    if given.json:
        result = {
            "identities": [{"where": where, "what": one.what, "holds": one.holds, "kind": one.kind} for where, one in found],
            "contradictions": [
                {"where": where, "what": one.what, "stated": one.stated, "computed": one.computed, "kind": one.kind} for where, one in wrong
            ],
            "refused": None,
        }
        say_json(given, [table for table, _, _ in read], result, warnings)
    else:
        say_table(["where", "what", "holds"], [[where, one.what, _SAID[one.holds]] for where, one in found])
        left = f", {len(unknown)} not checked for want of data" if unknown else ""
        print(f"{len(found) - len(unknown)} identities, {len(wrong)} contradictions{left}.")
        for where, one in wrong:
            print(f"{where}: stated {one.stated}, the other figures give {one.computed}.")
        say_warnings(warnings)
    return 1 if wrong else 0
