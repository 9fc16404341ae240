"""Seed rights: the lines of `default_rights.yaml`, put on record when a mission begins.

They are data of the mission from then on: each can be ended or added with a reason. The rule it guards: a word that
is no verb of the house, or a reach that does not exist, stops the seeding before anything is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.models import Grant
from fairwitness.record.hand import Hand
from fairwitness.record.keep import keep_many
from fairwitness.record.verbs import Verb

DEFAULTS = Path(__file__).parent / "default_rights.yaml"
REACHES = {"own", "below", "mission"}


def read_rights(path: Path = DEFAULTS) -> list[Grant]:
    """The lines of a file of rights, not yet kept. Raises BadInput naming role and word."""
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    known = {verb.value for verb in Verb}
    faults: list[Fault] = []
    found: dict[tuple[str, str, str, int], Grant] = {}
    for role, lines in data["roles"].items():
        for line in lines:
            verbs = [verb for name in line.get("sets", ()) for verb in data["sets"][name]] + list(line.get("verbs", ()))
            if line["reach"] not in REACHES:
                faults.append(Fault(role, say("reach {word!r} does not exist; use own, below or mission", word=line['reach']), path.name))
            for verb in verbs:
                if verb not in known:
                    faults.append(Fault(role, say("{verb!r} is no verb of the house; see record/verbs.py", verb=verb), path.name))
                key = (role, verb, line["reach"], line["ceiling"])
                found.setdefault(key, Grant(role=role, verb=verb, reach=line["reach"], ceiling=line["ceiling"]))
    if faults:
        raise BadInput.of(*faults)
    return list(found.values())


def seed_rights(*, by: Hand) -> int:
    """Put the defaults on record where a role has no right yet. Returns how many lines were kept."""
    taken = set(Grant.objects.values_list("role", flat=True))
    fresh = [grant for grant in read_rights() if grant.role not in taken]
    keep_many(fresh, by=by, verb=Verb.POST_EDIT, why="default rights of a new mission")
    return len(fresh)
