"""`fairwitness import`: a file of places, or a mission pack, read into the mission."""

from __future__ import annotations

import argparse
from pathlib import Path

from fairwitness.web.commands.begin import Progress, opened


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to import, from where."""
    below = parser.add_subparsers(dest="what", required=True)
    places = below.add_parser("places", help="a dump of GeoNames or GNS, outlines in GeoJSON, or a table of settlements")
    places.add_argument("file", type=Path)
    pack = below.add_parser("pack", help="a folder of a mission pack")
    pack.add_argument("folder", type=Path)


def run(given: argparse.Namespace) -> int:
    """Import; says per row what could not be read, and leaves nothing half-written. Again changes nothing."""
    opened()
    from fairwitness.record.hand import command

    if given.what == "pack":
        from fairwitness.mission.apply_pack import apply
        from fairwitness.mission.pack import read_pack

        applied = apply(read_pack(given.folder), by=command())
        print(f"{applied.kept} kept, {applied.changed} changed, {applied.same} the same")
        print("\n".join(applied.differences))
        return 0
    from fairwitness.mission.import_places import import_places

    progress = Progress("rows")
    done = import_places(given.file, by=command(), progress=progress)
    progress.end()
    for fault in done.faults:
        print(fault)
    print(f"{done.read} rows read: {done.kept} places kept, {done.changed} changed, {done.same} the same, {len(done.faults)} not taken")
    return 1 if done.faults else 0
