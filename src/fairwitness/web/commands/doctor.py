"""`fairwitness doctor`: what would hurt later, each with its remedy."""

from __future__ import annotations

import argparse

from fairwitness.web.commands.begin import ready


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: it looks at everything."""


def run(given: argparse.Namespace) -> int:
    """Look. 1 when something needs a person."""
    ready()
    from fairwitness.record.doctor import examine_node

    symptoms = examine_node()
    for one in symptoms:
        print(f"{'ok ' if one.ok else 'NOT'}  {one.sentence}{'' if one.ok else f' {one.remedy}'}")
    return int(any(not one.ok for one in symptoms))
