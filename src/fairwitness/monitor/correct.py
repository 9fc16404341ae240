"""Correct: write what was corrected over what stood, with the reason, at the version its writer saw.

Each kind of thing reads its own corrections (see `observe`, `visit`, `claim`, `cover`, `restrict`, `happen`); this is how they are
written. The rule it guards: nothing is overwritten in silence. The earlier version stays on record with the reason beside the new
one, whoever comes second is told so, nobody corrects a thing to where their own right ends, and its files, and
what was said about it, follow it.
"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from fairwitness.mission.access import require
from fairwitness.monitor.attach import follow_owner
from fairwitness.monitor.discuss import follow
from fairwitness.monitor.models import Activity, Claim, Coverage, Event, Observation, Restriction
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

T = TypeVar("T", Activity, Claim, Coverage, Event, Observation, Restriction)


def write_correction(thing: T, values: dict[str, Any], *, verb: Verb, why: str, base: UUID | None, by: Hand) -> T:
    """Write corrected values. Raises Stale when somebody else wrote after `base`, Refused where the hand may not write the result."""
    with writing(by):
        if base is not None:
            thing.entry = base
        for name, value in values.items():
            setattr(thing, name, value)
        require(by, verb, thing)
        thing.keep(by=by, verb=verb, why=why)
        if isinstance(thing, Activity | Claim | Observation):
            follow_owner(thing, by=by, verb=verb, why=why)
        follow(thing, by=by, verb=verb, why=why)
    return thing
