"""`fairwitness doctor`: what would hurt later, each with its remedy."""

from __future__ import annotations

import argparse
from pathlib import Path

from fairwitness.web.commands.begin import notes, ready


def arguments(parser: argparse.ArgumentParser) -> None:
    """It looks at everything; a checkpoint from elsewhere tells a fork."""
    parser.add_argument(
        "--checkpoint", action="append", type=Path, default=[], help="a checkpoint of a backup or another node; may be repeated"
    )


def run(given: argparse.Namespace) -> int:
    """Look. 1 when something needs a person."""
    ready()
    from fairwitness.record.doctor import examine_node
    from fairwitness.web.examine_doors import examine_doors

    symptoms = examine_node(notes(given.checkpoint))
    if symptoms[0].ok:
        symptoms += examine_doors()
    for one in symptoms:
        print(f"{'ok ' if one.ok else 'NOT'}  {one.sentence}{'' if one.ok else f' {one.remedy}'}")
    return int(any(not one.ok for one in symptoms))
