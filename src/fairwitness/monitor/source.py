"""Source: register somebody who tells us things, by code. Who it is goes to the vault and nowhere else.

The rule it guards: a source's page, its claims and every list know the code and what kind of source it is, never the
person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.access import may, require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Unit
from fairwitness.monitor.hold import holding_unit
from fairwitness.monitor.models import Source
from fairwitness.monitor.number import CODE, keep_numbered, made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb


def _address(reading: Reading, address: str) -> None:
    """Only a whole web address can be opened and compared by somebody else."""
    parts = urlsplit(address) if address and "public_source" not in {fault.field for fault in reading.faults} else None
    if parts is not None and (parts.scheme not in ("http", "https") or "." not in parts.netloc or " " in address):
        reading.fault("public_source", "is no public address; write the whole of it, as in https://example.org/statements, or nothing")


def may_know(hand: Hand, source: Source) -> bool:
    """Whether this hand may see what could say who a source is, such as the address at which it speaks: whoever keeps or opens it."""
    return may(hand, Verb.IDENTITY_OPEN, source) or may(hand, Verb.IDENTITY_KEEP, source)


def register_source(
    *, category: str, by: Hand, languages: Sequence[str] = (), risk: str = "", organisation: Counterpart | None = None,
    public_source: str = "", unit: Unit | None = None, sensitivity: int = Sensitivity.RESTRICTED, code: str = "",
    thing_id: UUID | None = None,
) -> Source:  # fmt: skip
    """Register a source under the next code (or one given by hand). Raises BadInput, Refused."""
    require(by, Verb.SOURCE_REGISTER)
    reading = Reading()
    values: dict[str, Any] = {
        "category": reading.text("category", category, 120, needed=True), "risk": reading.text("risk", risk, 5_000),
        "organisation": reading.thing("organisation", organisation, Counterpart, needed=False),
        "public_source": reading.text("public_source", public_source, 500), "sensitivity": reading.sensitivity(sensitivity),
        "code": reading.text("code", code, 32),
    }  # fmt: skip
    _address(reading, values["public_source"])
    spoken = [reading.text("languages", language, 16, needed=True) for language in languages]
    if values["code"] and not CODE.fullmatch(values["code"]):
        reading.fault("code", "may hold letters, digits and hyphens alone, such as S-0231; never a name")
    reading.done()
    holder = holding_unit(by, Verb.SOURCE_REGISTER, None, unit)
    made = Source(unit=holder, languages=spoken, **values, **({"id": thing_id} if thing_id else {}))
    require(by, Verb.SOURCE_REGISTER, made)
    try:
        with writing(by):
            before = made_before(Source, thing_id, by)
            if before is not None:
                return before
            return keep_numbered(made, "S-", by=by, verb=Verb.SOURCE_REGISTER)[0]
    except IntegrityError:
        raise BadInput.of(Fault("code", say("“{word}” is taken; leave it empty and the next code is given", word=values['code']))) from None
