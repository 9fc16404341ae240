"""Bring contacts: a list of institutions and partners becomes the mission's own.

Institutions are public bodies; people's names, telephones and addresses have no place here, and their columns are left unmatched.
The rule it guards: an institution the mission has already is not made twice, and its kind is one the mission uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.fold import fold
from fairwitness.mission.match_columns import NUMBER, Column, Making, Target, register
from fairwitness.mission.models import Counterpart
from fairwitness.mission.read_cells import day, institutions, one_of, places, text
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb

LEVELS = (("municipal", "municipal"), ("regional", "regional"), ("central", "central"), ("international", "international"))


def _kinds() -> list[tuple[str, str]]:
    known = sorted(set(Counterpart.objects.values_list("kind", flat=True)) | {"municipality", "court", "police", "partner"})
    return [(kind, kind) for kind in known]


KIND: dict[str, Any] = {
    "read": lambda cell, reading: one_of(_kinds())["read"](cell, reading), "pick": str, "choices": _kinds,
    "near": lambda cell: one_of(_kinds())["near"](cell),
}  # fmt: skip


def _make(values: Mapping[str, Any], making: Making) -> Counterpart:
    name = values["name"]
    code = values["code"] or _code(name)
    if Counterpart.objects.filter(code__iexact=code).exists():
        said = say("{code} is taken already; the institution may be known. Leave the row out, or give another code.", code=code)
        raise BadInput.of(Fault("code", said))
    if Counterpart.objects.filter(key=fold(name)[:400], ended__isnull=True).exists():
        raise BadInput.of(Fault("name", say("{name} is known already; leave the row out.", name=name[:80])))
    if values["established"] and values["ended"] and values["ended"] < values["established"]:
        raise BadInput.of(Fault("ended", say("lies before it was established; check both days")))
    return Counterpart(
        code=code, name=name, kind=values["kind"], level=values["level"] or "", place=values["place"], parent=values["parent"],
        established=values["established"], ended=values["ended"], source=(values["source"] or making.imported.file_name)[:500],
    )  # fmt: skip


def _code(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:80] or "institution"


def _once(things: Sequence[Counterpart], _making: Making) -> None:
    """Two rows of one list may give the same code; the second gets a number behind it."""
    seen: set[str] = set()
    for thing in things:
        code, again = thing.code, 1
        while thing.code.casefold() in seen or (again > 1 and Counterpart.objects.filter(code__iexact=thing.code).exists()):
            again += 1
            thing.code = f"{code[:76]}-{again}"
        seen.add(thing.code.casefold())


def _withdraw(things: Sequence[Counterpart], by: Hand, why: str) -> None:
    """An institution that came by mistake ends on the day it is withdrawn: it is offered nowhere any more."""
    for thing in things:
        if thing.ended is None:
            thing.ended = max(by.at.date(), thing.established or by.at.date())
            thing.keep(by=by, verb=Verb.IMPORT_WITHDRAW, why=why)


register(
    Target(
        "contacts", "Contacts: institutions and partners", Verb.COUNTERPART_EDIT, Counterpart,
        (
            Column(NUMBER, "Number in the list", text(80), called=("no", "nr", "id", "number")),
            Column("name", "Name", text(300), needed=True,
                   called=("institution", "organisation", "organization", "institucioni", "institucija")),
            Column("kind", "Kind", needed=True, called=("type", "lloji", "vrsta"), **KIND),
            Column("code", "Code", text(80), called=("abbreviation", "short name")),
            Column("level", "Level", called=("niveli", "nivo"), **one_of(LEVELS)),
            Column("place", "Place", called=("municipality", "komuna", "opština", "location", "vendi", "mesto"), **places()),
            Column("parent", "Part of", called=("parent",), **institutions()),
            Column("established", "Established", day),
            Column("ended", "Ended", day),
            Column("source", "Source", text(500), called=("url", "web", "link")),
        ),
        _make, number=_once, withdraw=_withdraw,
    )
)
