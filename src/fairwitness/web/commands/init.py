"""`fairwitness init`: a mission begins, from a pack, with two custodians of posts and accounts."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fairwitness.errors import BadInput, Fault, OutOfOrder
from fairwitness.web.commands.begin import data_folder, ready

if TYPE_CHECKING:
    from fairwitness.mission.models import Post


def arguments(parser: argparse.ArgumentParser) -> None:
    """The pack, and the two custodians."""
    parser.add_argument("--pack", type=Path, default=None, help="folder of the mission pack (default: the pack of the Mission in Kosovo)")
    parser.add_argument(
        "--custodian", action="append", default=[], metavar="CODE:POST",
        help="member code and post code of a first custodian; twice, because two have to agree on what is dangerous",
    )  # fmt: skip


def run(given: argparse.Namespace) -> int:
    """Make keys and log, take over the pack, enrol the custodians and print their first passwords once."""
    custodians = [tuple(one.split(":", 1)) for one in given.custodian] or [("CU-1", "DAS-HR-1"), ("CU-2", "DAS-1")]
    if len(custodians) < 2 or any(len(one) != 2 or not all(one) for one in custodians):
        raise BadInput.of(Fault("--custodian", "is given twice, each as CODE:POST, for example --custodian CU-1:DAS-HR-1"))
    ready()
    from django.core.management import call_command

    from fairwitness.mission.apply_pack import apply
    from fairwitness.mission.models import MissionProfile, Post
    from fairwitness.mission.pack import KOSOVO, read_pack
    from fairwitness.record.checkpoint import vkey
    from fairwitness.record.hand import command
    from fairwitness.web.models import Account

    pack = read_pack(given.pack or KOSOVO)
    posts = {post.code for post in pack.posts}
    unknown = [Fault("--custodian", f"post {post} is not in the pack") for _, post in custodians if post not in posts]
    if unknown:
        raise BadInput.of(*unknown)
    call_command("migrate", verbosity=0)
    # A mission without accounts is one whose beginning was cut short: it goes on where it stopped.
    if MissionProfile.objects.exists() and Account.objects.count() >= len(custodians):
        raise OutOfOrder("{folder} holds a mission already. Name an empty folder in FAIRWITNESS_DATA.", folder=str(data_folder()))
    done = apply(pack, by=command())
    print(f"{done.kept} things of the pack are on record.")
    # Made now, so that they can be copied to the other place before anything hangs on them.
    print(f"Keys: {data_folder() / 'node.key'} and {data_folder() / 'keys.sqlite3'}. Copy them with `fairwitness backup --keys`.")
    print(f"Public key of the log: {vkey()}")
    print("First passwords, printed this once; each custodian changes theirs and sets up a second factor:\n")
    for code, post in custodians:
        if Account.objects.filter(username=code.lower()).exists():
            print(f"  {code.lower():<16}has an account already")
            continue
        print(f"  {code.lower():<16}{_enrol(code, Post.objects.get(code=post))}")
    return 0


def _enrol(code: str, post: Post) -> str:
    from fairwitness.mission.models import Member, Tenure
    from fairwitness.record.hand import command
    from fairwitness.record.keep import writing
    from fairwitness.record.verbs import Verb
    from fairwitness.web.enrol import make_account

    by = command()
    with writing(by):
        member = Member(code=code, languages=["en"])
        member.keep(by=by, verb=Verb.MEMBER_ENROL, why="first custodian")
        Tenure(member=member, post=post, since=datetime.now(UTC)).keep(by=by, verb=Verb.POST_FILL, why="first custodian")
        return make_account(member, code.lower(), by=by)
