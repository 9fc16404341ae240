"""`fairwitness work`: what reactions promised, and checkpoints on their schedule."""

from __future__ import annotations

import argparse
import os
import time

from fairwitness.web.commands.begin import ready


def arguments(parser: argparse.ArgumentParser) -> None:
    """Once, or until stopped."""
    parser.add_argument("--once", action="store_true", help="do what is due now and stop")
    parser.add_argument("--until-parent", type=int, default=0, help="stop when this process has ended")


def run(given: argparse.Namespace) -> int:
    """Work until stopped. The schedule of checkpoints is fixed, so that their times say nothing about the work."""
    ready()
    from django.db import close_old_connections

    from fairwitness.record.checkpoint import make_checkpoint, minutes
    from fairwitness.record.work import meet_new_reactions, work_all

    meet_new_reactions()
    if given.once:
        done = work_all()
        make_checkpoint("inner")
        print(f"{done} done")
        return 0
    last = int(time.time() // (minutes() * 60))
    while not given.until_parent or os.getppid() == given.until_parent:
        done = work_all(200)
        slot = int(time.time() // (minutes() * 60))
        if slot != last:
            make_checkpoint("inner")
            last = slot
        if not done:
            close_old_connections()
            time.sleep(2)
    return 0
