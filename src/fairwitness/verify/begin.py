"""Begin a new thing: by somebody who may, in a unit they may write in, under a code people can say on the telephone.

The rule it guards: a refusal to make something says why; it does not pretend that a thing is missing which is not made yet.
"""

from __future__ import annotations

from typing import Any

from fairwitness.errors import Refused, say
from fairwitness.mission.access import may, why_not
from fairwitness.monitor.number import CODE
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb


def require_new(by: Hand, verb: Verb, thing: Any) -> None:
    """Refuse a thing in a unit, at a place or at a sensitivity its maker's right does not reach."""
    if not may(by, verb, thing):
        raise Refused(why_not(by, verb), verb=verb.value)


def read_code(reading: Reading, model: Any, code: str, *, needed: bool = False) -> str:
    """A code given by hand: it stands in addresses, and nobody has it yet. Empty where a number is to be given."""
    code = reading.text("code", code, 32, needed=needed)
    if code and not CODE.fullmatch(code):
        reading.fault("code", "is made of up to 32 plain letters, digits and dashes, as L-INT; write it so")
    elif code and model.objects.filter(code=code).exists():
        reading.fault("code", say("{code} is taken already; choose another", code=code))
    return code
