"""`fairwitness upgrade`: carry the mission over to this version, with a backup first; `--back` undoes it."""

from __future__ import annotations

import argparse
from pathlib import Path

from fairwitness.errors import BadInput, Fault, OutOfOrder
from fairwitness.web.commands.begin import data_folder, ready
from fairwitness.web.commands.serve import hold_open


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where the backup goes; or the way back."""
    parser.add_argument("--backup", type=Path, help="new folder for the backup made first (default: before-upgrade/ in the data folder)")
    parser.add_argument("--back", action="store_true", help="put back the store as it was before the last upgrade")
    parser.add_argument("--giving-up", type=int, metavar="N", help="with --back: give up the N entries that came since")


def run(given: argparse.Namespace) -> int:
    """Upgrade or go back, alone on this node."""
    if given.giving_up is not None and not given.back:
        raise BadInput.of(Fault("--giving-up", "belongs to --back"))
    ready()
    from django.db import connection

    from fairwitness.record.upgrade import go_back, upgrade

    with connection.cursor() as cursor:
        if "record_entry" not in connection.introspection.table_names(cursor):
            raise OutOfOrder("There is no mission in {folder}. Name its folder in FAIRWITNESS_DATA.", folder=str(data_folder()))
    hold_open(alone=True)
    if given.back:
        last, lost = go_back(giving_up=given.giving_up)
        print(f"The store is as it was before the upgrade of {last.made}; {lost} entries were given up.")
        print("What was replaced was set aside (`replaced/` in the data folder, or a schema of its own). Now start the older version.")
        return 0
    done = upgrade(given.backup)
    print(done or "Nothing waits: this mission is kept by this version already.")
    return 0
