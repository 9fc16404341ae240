"""`fairwitness export analysis`: tables without identities, with a manifest and an end, for sums elsewhere. On record with its own verb."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.web.commands.begin import opened

MARKINGS = ("public", "internal", "restricted", "confidential")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What, where to, for whom, until when."""
    below = parser.add_subparsers(dest="what", required=True)
    one = below.add_parser("analysis", help="an analysis set: Parquet tables and a manifest", allow_abbrev=False)
    one.add_argument("folder", type=Path, help="a folder that does not exist yet")
    one.add_argument("--member", help="the code of the member in whose name it is taken out; the node's own custodian when left out")
    one.add_argument("--partner", help="the code of the partner it is for, under an agreement in force; the mission itself when left out")
    one.add_argument("--caveats-read", action="store_true", help="the conditions of the agreement were read and are kept")
    one.add_argument("--marking", default="internal", help=f"the heaviest thing in it: {', '.join(MARKINGS)} (internal)")
    one.add_argument("--until", help="the last day of the data, as 2026-11-30")
    one.add_argument("--as-of", help="as it stood on record at this moment, as 2026-11-30T18:00+01:00")
    one.add_argument("--expires", help="the last day on which the set may be used; 90 days when left out")


def run(given: argparse.Namespace) -> int:
    """Write it whole or not at all; say what is in it and what stayed behind."""
    faults: list[Fault] = []
    until, expires = _day(given.until, "--until", faults), _day(given.expires, "--expires", faults)
    as_of = _moment(given.as_of, faults)
    if given.marking not in MARKINGS:
        faults.append(Fault("--marking", say("“{word}” is not one of {names}", word=given.marking[:20], names=", ".join(MARKINGS))))
    if faults:
        raise BadInput.of(*faults)
    opened()
    from fairwitness.mission.models import Counterpart, Member
    from fairwitness.record.hand import Door, Hand, command
    from fairwitness.share.export_analysis import Order, export_analysis

    member, partner = _named(Member, given.member, "--member"), _named(Counterpart, given.partner, "--partner")
    by = command() if member is None else Hand(member.pk, Door.COMMAND)
    order = Order(given.folder, partner, given.caveats_read, MARKINGS.index(given.marking), until, as_of, expires)
    manifest = export_analysis(order, by=by)
    print(f"{given.folder}: {manifest['marking']}, as on record at {manifest['vintage']}, to be used until {manifest['expires']} "
          f"({manifest['expires_because']}).")  # fmt: skip
    for one in manifest["tables"]:
        kept_back = manifest["withheld"].get(one["table"], {})
        words = "".join(f", {number} withheld by {why}" for why, number in kept_back.items() if number)
        print(f"  {one['table']}: {one['rows']} rows{words}")
    print(f"Ask it anywhere: fairwitness analyse sum {given.folder}")
    return 0


def _named(model: Any, code: str | None, field: str) -> Any:
    if code is None:
        return None
    found = model.objects.filter(code=code).first()
    if found is None:
        raise BadInput.of(Fault(field, say("“{code}” is not the code of one here", code=code[:40])))
    return found


def _day(text: str | None, field: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        faults.append(Fault(field, say("“{text}” is not a day; write it as 2026-11-30", text=str(text)[:40])))
        return None


def _moment(text: str | None, faults: list[Fault]) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        found = None
    if text and (found is None or found.tzinfo is None):
        faults.append(Fault("--as-of", say("“{text}” is not a moment with its zone; write it as 2026-11-30T18:00+01:00", text=text[:40])))
        return None
    return found
