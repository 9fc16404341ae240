"""Source: register somebody who tells us things, by code. Who it is goes to the vault and nowhere else.

The rule it guards: a source's page, its claims and every list know the code and what kind of source it is, never the
person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from fairwitness.errors import BadInput, Fault
from fairwitness.mission.access import require
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Counterpart, Unit
from fairwitness.monitor.hold import holding_unit
from fairwitness.monitor.models import Source
from fairwitness.monitor.number import CODE, keep_numbered, made_before
from fairwitness.monitor.read_input import Reading
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb


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
        raise BadInput.of(Fault("code", f"“{values['code']}” is taken; leave it empty and the next code is given")) from None
