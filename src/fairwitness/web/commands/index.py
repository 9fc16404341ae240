"""`fairwitness index`: make the index of words again from the rows, while people work."""

from __future__ import annotations

import argparse

from fairwitness.web.commands.begin import Progress, opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Look at it, make it again from the beginning, or go on where it stopped."""
    parser.add_argument("what", choices=["check", "rebuild", "resume"], help="look; make it again; go on where it stopped")


def run(given: argparse.Namespace) -> int:
    """Check or make the index. 1 when a check finds lines missing."""
    opened()
    from fairwitness.mission.rebuild import is_whole, missing, rebuild

    if given.what == "check":
        lacking = missing()
        for kind, (lines, things) in lacking.items():
            print(f"{kind}: {lines} lines for {things} things")
        print("The index is whole." if is_whole() and not lacking else "The index is not whole: run `fairwitness index rebuild`.")
        return int(bool(lacking) or not is_whole())
    progress = Progress("things")
    done = rebuild(anew=given.what == "rebuild", progress=progress)
    progress.end()
    print(f"{done} lines written; the index is whole")
    return 0
