"""The demonstration: the mission in Kosovo built on this machine from public facts, and the doors opened on it.

Everything on it says *Demonstration. Not an OSCE publication, not endorsed.* Passwords are made by chance and printed
once. It listens on this machine alone. Run twice, it changes nothing and opens the same doors again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Say = Callable[[str], None]
FACTS = Path(__file__).parent.parent / "packs" / "kosovo-demo" / "cycle.yaml"
LONG_AGO = datetime(1999, 7, 1, tzinfo=UTC)


def environment(folder: Path) -> None:
    """What the demonstration needs set before anything of the house is imported."""
    os.environ.setdefault("FAIRWITNESS_DATA", str(folder))
    os.environ["FAIRWITNESS_DEMO"] = "1"
    os.environ.setdefault("FAIRWITNESS_SECOND_FACTOR", "offered")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairwitness.web.settings")


def build(say: Say) -> dict[str, str]:
    """Build what is missing; returns the passwords made now, by account name (empty when everything stood already)."""
    import yaml
    from django.core.management import call_command

    from fairwitness.mission.apply_pack import apply
    from fairwitness.mission.models import MissionProfile
    from fairwitness.mission.pack import KOSOVO, read_pack
    from fairwitness.record.checkpoint import make_checkpoint
    from fairwitness.record.hand import command
    from fairwitness.record.verbs import Verb
    from fairwitness.record.work import meet_new_reactions, work_all

    call_command("migrate", verbosity=0, skip_checks=True)
    profile = MissionProfile.objects.first()
    facts = yaml.safe_load(FACTS.read_text("utf-8"))
    if profile is not None and profile.notice:
        return {}
    say("mission: mandate, places, structure and counterparts from the pack")
    apply(read_pack(KOSOVO), by=command())
    members, passwords = _people(facts["members"])
    _play(facts, members, say)
    meet_new_reactions()
    work_all()
    make_checkpoint("inner")
    make_checkpoint("public")
    profile = MissionProfile.objects.get()
    profile.notice = facts["notice"]
    profile.keep(by=command(), verb=Verb.MANDATE_EDIT, why="the demonstration is complete")
    return passwords


def _play(facts: dict[str, Any], members: dict[str, Any], say: Say) -> None:
    from fairwitness.monitor.models import Activity
    from fairwitness.record.hand import Door, Hand
    from fairwitness.web.demo_cycle import play
    from fairwitness.web.demo_weeks import live_a_year

    if not Activity.objects.exists():
        play(facts, members, say)
        say("monitor: a year of visits and signs, made up and saying so")
        live_a_year(Hand(members["PZ-M1"].id, Door.COMMAND))


def _people(lines: list[dict[str, str]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Roles with posts and accounts; a member who is there already gets a new password only when there is no account."""
    from fairwitness.mission.models import Member, Post, Tenure
    from fairwitness.record.hand import command
    from fairwitness.record.keep import writing
    from fairwitness.record.verbs import Verb
    from fairwitness.web.enrol import make_account
    from fairwitness.web.models import Account

    by = command()
    members: dict[str, Any] = {}
    passwords: dict[str, str] = {}
    for line in lines:
        member = Member.objects.filter(code=line["code"]).first()
        with writing(by):
            if member is None:
                member = Member(code=line["code"], name=line["what"], languages=["en"], invented=True)
                member.keep(by=by, verb=Verb.MEMBER_ENROL)
                post = Post.objects.get(code=line["post"])
                Tenure(member=member, post=post, since=LONG_AGO).keep(by=by, verb=Verb.POST_FILL)
        if not Account.objects.filter(member=member).exists():
            passwords[line["username"]] = make_account(member, line["username"], by=by)
        members[line["code"]] = member
    return members, passwords


def announce(passwords: dict[str, str], address: str, began: float) -> None:
    """Print where the doors are, and the passwords, once."""
    import yaml

    out = sys.stdout
    if passwords:
        print("\nAccounts of the demonstration. Passwords are printed this once:\n", file=out)
        roles = {line["username"]: line["what"] for line in yaml.safe_load(FACTS.read_text("utf-8"))["members"]}
        for name, password in passwords.items():
            print(f"  {name:<16}{password}   {roles.get(name, '')}", file=out)
    else:
        print("\nEverything stood already; the passwords were printed at the first run. Delete the folder to begin anew.", file=out)
    print("\nDemonstration. Not an OSCE publication, not endorsed. Accounts, posts held and team areas are made up.", file=out)
    seconds = f"{time.monotonic() - began:.0f} s"
    where = f"Ready after {seconds}: staff {address}/   public {address}/public/" if address else f"Built after {seconds}, and not served."
    print(where, file=out, flush=True)
