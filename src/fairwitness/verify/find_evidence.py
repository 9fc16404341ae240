"""Find evidence by its codes, as people write them in a form or on a sheet: PZ-0417, PZ-0418; PZ-0420.

The rule it guards: one can rest a conclusion only on what one may read oneself. A code that is not there and
a code one may not open are told in the same words.
"""

from __future__ import annotations

import re

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.access import visible
from fairwitness.monitor.models import Claim, Observation
from fairwitness.record.hand import Hand

Evidence = Observation | Claim


def split_codes(text: str) -> list[str]:
    """The codes in a line of text, each once, in order."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text.strip()) if part))


def find_evidence(text: str, field: str, *, by: Hand) -> list[Evidence]:
    """The observations and claims with these codes. BadInput at `field` names every code that opens nothing."""
    codes = split_codes(text)
    if len(codes) > 200:
        raise BadInput.of(Fault(field, say(
            "{count} codes are more than one conclusion can rest on here. Give 200 at most.",
            count=len(codes),
        )))
    found: dict[str, Evidence] = {}
    for seen in (visible(by, Observation.objects.filter(code__in=codes)), visible(by, Claim.objects.filter(code__in=codes))):
        found |= {one.code: one for one in seen}
    missing = [code for code in codes if code not in found]
    if missing:
        named = ", ".join(code[:40] for code in missing[:5])
        raise BadInput.of(Fault(field, say(
            "Nothing you may open has the code {named}. Check the spelling, or leave it out.",
            named=named,
        )))
    return [found[code] for code in codes]
