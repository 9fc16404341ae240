"""What the authorities of a place said they would do, for its page: their replies to recommendations, their responses to warnings,
what came of our being stopped, what they say about a check that was not met.

Each stands in their words with its day and leads to the thing it was said about. The rule it guards: it is what they said, not what
was done; whether it was done stands in the mission's own ratings and checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from fairwitness.mission.access import visible
from fairwitness.monitor.models import Restriction
from fairwitness.recommend.age import Aged
from fairwitness.verify.models import Check
from fairwitness.warn.models import Warning
from fairwitness.web.monitor_words import moment
from fairwitness.web.narrow import there
from fairwitness.web.place_work import READ, Where, day, row, section

Dated = tuple[date, dict[str, Any]]


def promises(at: Where, aged: Iterable[Aged]) -> dict[str, Any]:
    """What was said to us, newest first."""
    made = [*_replied(aged), *_responded(at), *_outcomes(at), *_explained(at)]
    rows = [line for _on, line in sorted(made, key=lambda pair: pair[0], reverse=True)]
    empty = _("No reply, response or explanation of an authority is on record that you may see.")
    return section("promises", _("Promises made to us"), rows, empty=empty)


def quoted(thing: Any, page: str, who: str, text: str, *meta: str) -> dict[str, Any]:
    """Somebody's words as a line that leads to what they were said about."""
    words = Truncator(" ".join(text.split())).chars(200)
    return row(thing.code, f"{who}: “{words}”" if who else f"“{words}”", reverse(f"web:{page}", args=[thing.code]), *meta)


def _replied(aged: Iterable[Aged]) -> Iterator[Dated]:
    """The newest reply to each open recommendation."""
    for one in aged:
        ask, reply = one.recommendation, next(iter(one.recommendation.replies.all()), None)
        if reply is not None:
            said = _("reply of %(day)s") % {"day": day(reply.received)}
            yield reply.received, quoted(ask, "recommendation", str(ask.addressee or ""), reply.text, said)


def _responded(at: Where) -> Iterator[Dated]:
    """Responses to warnings that stand."""
    standing = visible(at.hand, Warning.objects.filter(there(at.ids, "place_id", "addressee__place_id"), outcome=""))
    for warning in standing.select_related("addressee").prefetch_related("responses").order_by("-issued")[:READ]:
        for answer in warning.responses.all():
            said = _("response of %(day)s: %(kind)s") % {"day": day(answer.responded), "kind": answer.get_kind_display()}
            yield answer.responded, quoted(warning, "warning", warning.addressee.name, answer.text, said)


def _outcomes(at: Where) -> Iterator[Dated]:
    """What came of being stopped."""
    stopped = visible(at.hand, Restriction.objects.filter(there(at.ids, "place_id")).exclude(outcome=""))
    for one in stopped.order_by("-began")[:READ]:
        when = _("after we were stopped on %(at)s") % {"at": moment(one.began, one.time_zone)}
        yield one.began.date(), quoted(one, "restriction", one.actor, one.outcome, when)


def _explained(at: Where) -> Iterator[Dated]:
    """What they say about checks that were not met."""
    checks = Check.objects.filter(there(at.ids, "place_id"), value__in=("not_met", "partly")).exclude(explanation="")
    for check in visible(at.hand, checks).select_related("institution").order_by("-checked_on")[:READ]:
        said = _("about a check of %(day)s") % {"day": day(check.checked_on)}
        yield check.checked_on, quoted(check, "check", str(check.institution or ""), check.explanation, said)
