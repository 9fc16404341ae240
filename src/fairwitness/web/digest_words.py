"""The words of the daily mail: how many things of which kind need a member, and where to look. Nothing else.

A mail is not a safe place: it lies on servers of others and is read over shoulders. So it holds counts, kinds and links, and never a
place, a code, a name or a word of the record. The rule it guards: what is restricted or confidential is not even counted in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from fairwitness.mission.access import Rights, rights
from fairwitness.mission.handling import Sensitivity
from fairwitness.record.hand import Hand
from fairwitness.web.home_needs import MOST, Me, by_kind

CAP = int(Sensitivity.INTERNAL)
"""Up to this marking a thing may be counted in a mail."""
KINDS: dict[str, Callable[[int], str]] = {
    "planned": lambda n: ngettext("%(n)s activity planned, or to be reported", "%(n)s activities planned, or to be reported", n),
    "assigned": lambda n: ngettext("%(n)s thing colleagues asked of you", "%(n)s things colleagues asked of you", n),
    "mentioned": lambda n: ngettext("%(n)s comment that names you", "%(n)s comments that name you", n),
    "pending": lambda n: ngettext("%(n)s claim to test again", "%(n)s claims to test again", n),
    "expiring": lambda n: ngettext("%(n)s consent that ends", "%(n)s consents that end", n),
    "returned": lambda n: ngettext("%(n)s draft that came back to you", "%(n)s drafts that came back to you", n),
    "to_clear": lambda n: ngettext("%(n)s report to clear or return", "%(n)s reports to clear or return", n),
    "outcomes": lambda n: ngettext("%(n)s warning to judge", "%(n)s warnings to judge", n),
    "unanswered": lambda n: ngettext("%(n)s warning without a response", "%(n)s warnings without a response", n),
    "to_rate": lambda n: ngettext("%(n)s recommendation to rate", "%(n)s recommendations to rate", n),
    "powers": lambda n: ngettext("%(n)s use of extra power to review", "%(n)s uses of extra power to review", n),
    "stuck": lambda n: ngettext("%(n)s warning about later work of the node", "%(n)s warnings about later work of the node", n),
}
"""The words of each kind of need (`home_needs`), by the name of the function that finds it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: subject and text, in the reader's language."""

    subject: str
    text: str


def capped(hand: Hand) -> Hand:
    """The same hand with its rights cut at what may be counted in a mail."""
    full = rights(hand)
    cut = {verb: [replace(right, ceiling=min(right.ceiling, CAP)) for right in given] for verb, given in full.by_verb.items()}
    hand.memo["rights"] = Rights(full.posts, cut)
    return hand


def compose(hand: Hand, day: date, language: str) -> Letter | None:
    """What needs a member today, in numbers; nothing when nothing does."""
    with override(language):
        found = {kind: needs for kind, needs in by_kind(Me.of(capped(hand), day)).items() if needs}
        count = sum(len(needs) for needs in found.values())
        if not count:
            return None
        late = sum(1 for needs in found.values() for need in needs if need.days(day) < 0)
        subject = ngettext("%(n)d thing needs you", "%(n)d things need you", count) % {"n": count}
        return Letter(f"Fairwitness: {subject}", _text(subject, late, [(kind, len(needs)) for kind, needs in found.items()], day))


def _text(subject: str, late: int, kinds: list[tuple[str, int]], day: date) -> str:
    due = ngettext("%(n)d is late.", "%(n)d are late.", late) % {"n": late} if late else _("None is late.")
    lines = [f"- {KINDS[kind](n) % {'n': _figure(n)}}" for kind, n in kinds]
    return "\n".join((
        f"{date_format(day, 'DATE_FORMAT')}: {subject}. {due}", "", *lines, "",
        _("Look at them: %(address)s") % {"address": settings.MAIL_SITE + reverse("web:home")}, "",
        _("A mail is not a safe place: this one holds numbers only, and restricted things are not counted in it."),
        _("Turn it off: %(address)s") % {"address": settings.MAIL_SITE + reverse("web:digest")}, "",
    ))  # fmt: skip


def _figure(n: int) -> str:
    return f"{MOST}+" if n >= MOST else str(n)


def confirming(code: str, language: str) -> Letter:
    """The mail that asks whether an address is the member's."""
    with override(language):
        address = settings.MAIL_SITE + reverse("web:digest_confirm") + f"?code={code}"
        text = "\n".join((
            _("A member of a mission asks for a daily mail to this address. It will hold numbers and links only."), "",
            _("If it was you, confirm here, signed in: %(address)s") % {"address": address}, "",
            _("If it was not you, do nothing: no further mail will come."), "",
        ))  # fmt: skip
        return Letter(_("Fairwitness: is this your address?"), text)
