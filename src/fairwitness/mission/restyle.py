"""Restyle: how names of places are printed for an audience, changed on record.

A style says in which languages and in which order a name stands, with which sign between, and where the order differs. The rule it guards:
a text of last year keeps the names of its year. So a new way of writing is a new style from a day on; an existing one is edited to
correct a mistake, with the reason, at the version its writer saw; and a place or language nobody knows is never written into one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fairwitness.errors import BadInput, Fault, say
from fairwitness.mission.access import require
from fairwitness.mission.edit import LANGUAGES
from fairwitness.mission.models import HouseStyle
from fairwitness.mission.name_places import place_of
from fairwitness.record.hand import Hand
from fairwitness.record.keep import writing
from fairwitness.record.verbs import Verb

SEPARATORS = ("/", " / ", "-", " – ", ", ", " | ")


def rule_of(
    order: str, separator: str, exceptions: str, *, marks: bool, once_when_equal: bool, before: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The rule as a style keeps it, from what was typed; parts nobody typed stay as they were before. Raises BadInput, every fault at once.

    An exception is a line `sr-Latn, sq = ask:12 ask:14`: the order, then the places where it holds.
    """
    faults: list[Fault] = []
    found = {
        **(before or {}), "order": _languages("order", order, faults), "separator": separator, "marks": marks,
        "once_when_equal": once_when_equal, "exceptions": [],
    }  # fmt: skip
    if separator not in SEPARATORS:
        faults.append(Fault("separator", "is none of those offered; choose one"))
    for number, line in enumerate(exceptions.splitlines(), 1):
        if not line.strip():
            continue
        languages, sign, places = line.partition("=")
        keys = places.replace(",", " ").split()
        if not sign or not keys:
            faults.append(Fault("exceptions", say("Line {n} is not of the form “sr-Latn, sq = ask:12 ask:14”.", n=number)))
            continue
        unknown = [key for key in keys if not re.fullmatch(r"[a-z]{2,12}:[-A-Za-z0-9._]{1,40}", key) or place_of(key) is None]
        if unknown:
            faults.append(Fault("exceptions", say("Line {n} names {key}, which is no place known here.", n=number, key=unknown[0][:60])))
        found["exceptions"].append({"places": keys, "order": _languages("exceptions", languages, faults, number)})
    if faults:
        raise BadInput.of(*faults)
    return found


def _languages(field: str, text: str, faults: list[Fault], row: int | None = None) -> list[str]:
    order = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [one for one in order if one not in LANGUAGES]
    if not order:
        faults.append(Fault(field, "is empty; write languages in their order, such as sq, sr-Latn", row=row))
    elif wrong:
        faults.append(
            Fault(field, say("does not know {one}; write some of {all}", one=wrong[0][:20], all=", ".join(sorted(LANGUAGES))), row=row)
        )
    elif len(set(order)) < len(order):
        faults.append(Fault(field, "names a language twice", row=row))
    return order


def typed(rule: dict[str, Any]) -> dict[str, str]:
    """Order and exceptions of a rule as they are typed."""
    lines = [f"{', '.join(one.get('order', []))} = {' '.join(one.get('places', []))}" for one in rule.get("exceptions", [])]
    return {"order": ", ".join(rule.get("order", [])), "exceptions": "\n".join(lines)}


def add_style(
    code: str, name: str, audience: str, rule: dict[str, Any], *, by: Hand, valid_from: date | None = None, source: str = "",
    instead_of: HouseStyle | None = None, why: str = "", thing_id: UUID | None = None,
) -> HouseStyle:  # fmt: skip
    """Begin a style; `instead_of` ends on the day before. Raises BadInput, Refused, Stale."""
    require(by, Verb.TERM_EDIT)
    before = HouseStyle.objects.filter(pk=thing_id).first() if thing_id else None
    if before is not None:
        return before
    faults = [
        Fault(field, "is empty; fill it in")
        for field, value in (("code", code), ("name", name), ("audience", audience))
        if not value.strip()
    ]
    if HouseStyle.objects.filter(code__iexact=code.strip()).exists():
        faults.append(Fault("code", say("{code} is taken. Choose another.", code=code.strip())))
    if instead_of is not None and valid_from is None:
        faults.append(Fault("valid_from", "Say from which day the new style holds; the old one ends on the day before."))
    if instead_of is not None and valid_from and instead_of.valid_from and valid_from <= instead_of.valid_from:
        faults.append(Fault("valid_from", say("is not after the day the old style began ({day})", day=instead_of.valid_from.isoformat())))
    if faults:
        raise BadInput.of(*faults)
    made = HouseStyle(
        code=code.strip(), name=name.strip(), audience=audience.strip(), rule=rule, valid_from=valid_from, source=source.strip(),
        **({"id": thing_id} if thing_id else {}),
    )  # fmt: skip
    with writing(by):
        if instead_of is not None and valid_from is not None:
            instead_of.valid_to = valid_from - timedelta(days=1)
            instead_of.keep(by=by, verb=Verb.TERM_EDIT, why=why.strip() or "followed by another style")
        made.keep(by=by, verb=Verb.TERM_EDIT, why=why.strip())
    return made


def edit_style(style: HouseStyle, *, by: Hand, why: str, base: UUID | None = None, **changes: Any) -> HouseStyle:
    """Correct a style, with the reason, at the version its writer saw."""
    require(by, Verb.TERM_EDIT)
    faults = [] if why.strip() else [Fault("why", "Say why; it goes on record.")]
    allowed = {"name", "audience", "valid_from", "valid_to", "rule", "source"}
    faults += [Fault(name, "cannot be changed here") for name in sorted(set(changes) - allowed)]
    faults += [Fault(name, "is empty; fill it in") for name in ("name", "audience") if name in changes and not str(changes[name]).strip()]
    begins, ends = changes.get("valid_from", style.valid_from), changes.get("valid_to", style.valid_to)
    if begins and ends and ends < begins:
        faults.append(Fault("valid_to", "The end is not before the beginning."))
    if faults:
        raise BadInput.of(*faults)
    for name, value in changes.items():
        setattr(style, name, value.strip() if isinstance(value, str) else value)
    style.entry = base or style.entry
    style.keep(by=by, verb=Verb.TERM_EDIT, why=why.strip())
    return style
