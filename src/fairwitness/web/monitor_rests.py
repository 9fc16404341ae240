"""What rests on something seen or told, as lines of a page: a name and a way to each thing the reader may open, a count of the rest.

The rule it guards: “nothing rests on it” is printed only when it is true for everybody, not when this reader sees nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fairwitness.analyse.models import Finding
from fairwitness.monitor.models import Claim, Observation
from fairwitness.recommend.models import Recommendation
from fairwitness.record.hand import Hand
from fairwitness.report.models import Report
from fairwitness.share.models import Release
from fairwitness.share.touch import rests_on
from fairwitness.verify.models import Check


def resting(bases: Iterable[Observation | Claim], hand: Hand) -> dict[str, Any]:
    """How many things rest on these, how many of them this reader may see, and those."""
    found = rests_on(bases, hand)
    return {"total": found.total, "seen": found.seen, "hidden": found.total - found.seen, "lines": [_line(one) for one in found.things]}


def _line(thing: Any) -> dict[str, str]:
    if isinstance(thing, Release):
        ended = _("taken down") if thing.taken_down else ""
        what = _("Public page") if thing.partner_id is None else _("Package for a partner")
        return {"what": what, "code": str(thing), "url": reverse("web:release", args=[thing.slug]), "state": ended}
    if isinstance(thing, Report):
        state = str(thing.get_state_display())
        return {"what": _("Report"), "code": thing.symbol, "url": reverse("web:report_page", args=[thing.slug]), "state": state}
    name, what = {
        Recommendation: ("recommendation", _("Recommendation")), Finding: ("finding", _("Finding")), Check: ("check", _("Check")),
    }.get(type(thing), ("warning", _("Warning")))  # fmt: skip
    return {"what": what, "code": thing.code, "url": reverse(f"web:{name}", args=[thing.code]), "state": ""}
