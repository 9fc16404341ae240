"""`fairwitness verify`: is what is stored what went on record?"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fairwitness.web.commands.begin import Progress, notes, opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which levels, and what to hold them against."""
    parser.add_argument("--log", action="store_true", help="stored bytes, links, tree and signatures")
    parser.add_argument("--blobs", action="store_true", help="every stored file against its name")
    parser.add_argument("--rows", action="store_true", help="each row against its newest entry")
    parser.add_argument("--all", action="store_true", help="all three levels, as when none is named")
    parser.add_argument("--checkpoint", action="append", type=Path, default=[], help="a checkpoint kept elsewhere; may be repeated")
    parser.add_argument("--key", action="append", default=[], help="a public key to check signatures with (default: this node's own)")
    parser.add_argument("--strict", action="store_true", help="also parse every header and body")
    parser.add_argument("--json", action="store_true")


def run(given: argparse.Namespace) -> int:
    """Check the levels asked for, all three by default. 1 when anything does not agree."""
    opened()
    from fairwitness.record.examine import examine_blobs, examine_log, examine_rows, of_log

    every = given.all or not (given.log or given.blobs or given.rows)
    found: dict[str, list[str]] = {}
    said: list[str] = []
    outside = notes(given.checkpoint)
    progress = Progress("checked")
    if given.log or every:
        for log in ("inner", "public"):
            verdict = examine_log(log, outside=of_log(outside, log), strict=given.strict, progress=progress, keys=given.key)
            found[f"log {log}"] = [] if verdict.clean else list(verdict.sentences())
            said += [f"log {log}: {line}" for line in verdict.sentences()] if verdict.clean else []
    if given.blobs or every:
        found["blobs"] = [str(one) for one in examine_blobs()]
    if given.rows or every:
        found["rows"] = [str(one) for one in examine_rows(progress=progress)]
    progress.end()
    if given.json:
        print(json.dumps({"faults": found, "notes": said}, ensure_ascii=False, indent=1))
    else:
        for level, faults in found.items():
            print(f"{level}: {'agrees' if not faults else f'{len(faults)} faults'}")
            print("".join(f"  {line}\n" for line in faults), end="")
        print("\n".join(said))
    return int(any(found.values()))
