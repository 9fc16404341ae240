"""`fairwitness work`: what reactions promised, and checkpoints on their schedule."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import time
from datetime import UTC, datetime

from fairwitness.errors import FairwitnessError
from fairwitness.web.commands.begin import opened
from fairwitness.web.commands.serve import hold_open

log = logging.getLogger("fairwitness.work")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Once, or until stopped."""
    parser.add_argument("--once", action="store_true", help="do what is due now and stop")
    parser.add_argument("--until-parent", type=int, default=0, help="stop when this process has ended")


def run(given: argparse.Namespace) -> int:
    """Work until stopped. The schedule of checkpoints is fixed, so that their times say nothing about the work."""
    opened()
    from django.db import Error, close_old_connections

    from fairwitness.mission.rebuild import go_on, rebuild
    from fairwitness.mission.save_search import tell_news
    from fairwitness.record.beat import beat
    from fairwitness.record.checkpoint import checkpoint_if_due, make_checkpoint
    from fairwitness.record.work import meet_new_reactions, work_all
    from fairwitness.web.digest_send import send_due

    hold_open()
    meet_new_reactions()
    if given.once:
        done = work_all() + rebuild(anew=False)
        while told := tell_news():
            done += told
        done += send_due()
        make_checkpoint("inner")
        print(f"{done} done")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while not given.until_parent or os.getppid() == given.until_parent:
        done, wait = 0, 2
        try:
            done = work_all(20) + go_on() + tell_news()
            checkpoint_if_due(datetime.now(UTC))
            beat()
            done += send_due()
        except (FairwitnessError, Error) as error:
            # A worker that stopped at the first fault would be missed only when somebody needs it.
            # The sentence without what fills it: a log is read by more people than the record.
            sentence = getattr(error.sentence, "one", "") if isinstance(error, FairwitnessError) else "The database did not answer."
            log.error("%s Trying again in half a minute.", sentence)
            wait = 30
        if not done:
            close_old_connections()
            time.sleep(wait)
    return 0
