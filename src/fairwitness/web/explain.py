"""Explain: what one may see and do, and why; and after a refusal, why not, who may, and how to come by it.

The rule it guards: an explanation speaks of rights and never of things. It is asked with a verb, not with a case, so nobody learns from it
whether a case exists; and the page of what is not there, which is also the page of what is hidden, leads nowhere.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.errors import BadInput, Fault
from fairwitness.mission.access import READERS, may, rights
from fairwitness.mission.explain import Ground, grounds, holders
from fairwitness.mission.models import Member
from fairwitness.mission.take_power import lendable
from fairwitness.record.hand import Door, Hand
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import page
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.history import PAST
from fairwitness.web.manage_parts import one, table

MOST = 60


def _verb(text: str) -> Verb:
    found = next((verb for verb in Verb if verb.value == text), None)
    if found is None:
        raise BadInput.of(Fault("verb", _("This is not something that can be done here. Come by the link of a refusal.")))
    return found


def _ground(one_: Ground) -> list[Any]:
    whose = f"{one_.post.title} ({one_.post.role})" if one_.post else _("extra power: %(why)s") % {"why": one_.reason}
    reach = ", ".join(part for part in (one_.reach or _("the whole mission"), one_.place) if part)
    return [whose, reach, one_.ceiling, one_.until]


@door(None)
def why(request: StaffRequest) -> HttpResponse:
    """Without a verb: everything one may read, and why. With one: why one may, or may not, and who may."""
    if request.GET.get("verb"):
        return _one_verb(request, _verb(request.GET["verb"]))
    context = {
        "h1": _("What you may see and do, and why"),
        "say": _("Rights come from the post you hold, while you hold it. What is hidden from you looks as if it did not exist."),
        "tables": _all(request.hand),
        "acts": [{"text": _("You"), "href": reverse("web:me")}],
    }
    return page(request, "web/manage/list.html", context)


@door(Verb.ACCESS_EXPLAIN)
def person_why(request: StaffRequest, key: str) -> HttpResponse:
    """The same for somebody else: what a member may see and do, and why."""
    member = one(Member.objects, pk=key)
    context = {
        "h1": _("What %(code)s may see and do, and why") % {"code": member.code},
        "tables": _all(Hand(member.id, Door.STAFF)),
        "acts": [{"text": member.code, "href": reverse("web:person", args=[member.id])}],
    }
    return page(request, "web/manage/list.html", context)


def _all(hand: Hand) -> list[dict[str, Any]]:
    columns = [_("What"), _("Because of"), _("Reach"), _("Up to"), _("Until")]
    reading = sorted(set(READERS.values()) | {Verb.ATTACHMENT_READ, Verb.COUNT_READ, Verb.STAFF_READ, Verb.LOG_READ})
    acting = sorted(verb for verb in Verb if verb.value in rights(hand).by_verb and verb not in reading)
    return [
        table(_("To read"), columns, _rows(hand, reading), _("Nothing at present.")),
        table(_("To do"), columns, _rows(hand, acting), _("Nothing at present.")),
    ]


def _rows(hand: Hand, verbs: list[Verb]) -> list[list[Any]]:
    found = []
    for verb in verbs:
        words = (PAST.get(verb.value, verb.value), f"{reverse('web:why')}?{urlencode({'verb': verb.value})}")
        lines = [_ground(ground) for ground in grounds(hand, verb)]
        found += [[words if number == 0 else "", *line] for number, line in enumerate(lines)] or [
            [words, _("no post of yours"), "", "", ""]
        ]
    return found


def _one_verb(request: StaffRequest, verb: Verb) -> HttpResponse:
    allowed, act = may(request.hand, verb), PAST.get(verb.value, verb.value)
    mine = [_ground(ground) for ground in grounds(request.hand, verb)]
    carrying = holders(verb)
    theirs = [[h.post.title, h.post.unit, h.reach, h.ceiling, _("vacant") if h.vacant else ""] for h in carrying[:MOST]]
    heads = {True: _("You may, as far as your posts reach: %(act)s"), False: _("No post of yours carries this: %(act)s")}
    say = _("This is about rights alone. Whether a thing exists is never said here: what you may not see looks as if it were not.")
    context = {
        "h1": heads[allowed] % {"act": act},
        "say": say,
        "tables": [
            table(_("Why you may"), [_("Because of"), _("Reach"), _("Up to"), _("Until")], mine, _("No post of yours carries it.")),
            table(_("Who may"), [_("Post"), _("Unit"), _("Reach"), _("Up to"), ""], theirs, _("No post carries it at present.")),
        ],
        "acts": _ways(request, verb),
    }
    return page(request, "web/manage/list.html", context)


def _ways(request: StaffRequest, verb: Verb) -> list[dict[str, str]]:
    """How to come by it."""
    found = [{"text": _("What you may see and do, and why"), "href": reverse("web:why")}]
    if verb in lendable() and may(request.hand, Verb.POWER_TAKE):
        address = f"{reverse('web:power_take')}?{urlencode({'verb': verb.value})}"
        found.insert(0, {"text": _("Take one hour of extra power, with a reason"), "href": address})
    return found


urls = [path("why/", why, name="why"), path("manage/people/<uuid:key>/why/", person_why, name="person_why")]
