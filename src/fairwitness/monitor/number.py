"""Number what is kept: each thing gets a short code that people say aloud, in a series of its unit (PZ-0417, PZ-V-0088).

Two writers at once get two numbers, and the same form sent twice makes one thing. The rule it guards: a code is
never used again, and a number alone never decides what a thing is; the id does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from fairwitness.errors import NotThere, Unreachable
from fairwitness.mission.access import sees
from fairwitness.record.hand import Hand
from fairwitness.record.kept import Kept
from fairwitness.record.verbs import Verb

K = TypeVar("K", bound=Kept)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
TRIES = 40


def series_of(unit_code: str, letter: str = "") -> str:
    """The beginning of a code: the unit's, then the letter of the kind."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", unit_code).strip("-").upper()[:18] or "X"
    return f"{plain}-{letter}-" if letter else f"{plain}-"


def made_before(model: type[K], thing_id: UUID | None, by: Hand) -> K | None:
    """What the same form made when it was sent the first time, or nothing."""
    if thing_id is None:
        return None
    kept: Any = model.objects
    found: K | None = kept.filter(pk=thing_id).first()
    if found is not None and not sees(by, found):
        raise NotThere()
    return found


def keep_numbered(thing: K, series: str, *, by: Hand, verb: Verb, why: str = "") -> tuple[K, bool]:
    """Keep a new thing under the next code of a series (or the code it has). The thing that stands, and whether it was made now.

    Call inside `writing`. Raises IntegrityError when a code given by hand is taken.
    """
    given = bool(thing.code)  # type: ignore[attr-defined]
    model: type[Any] = type(thing)
    number = 0 if given else _newest(model, series)
    for _ in range(TRIES):
        number += 1
        if not given:
            thing.code = f"{series}{number:04d}"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                thing.keep(by=by, verb=verb, why=why)
            return thing, True
        except IntegrityError:
            same = made_before(model, thing.id, by)
            if same is not None:
                return same, False
            taken = model.objects.filter(code=thing.code).exists()  # type: ignore[attr-defined]
            if given or not taken:
                raise
            number = max(number, _newest(model, series))
    raise Unreachable("Too many writers asked for a number at once; nothing was written. Send it again.")


def number_many(things: Sequence[Any], series: Callable[[Any], str]) -> None:
    """Give the next codes of their series to those of these new things that have none. Call inside the transaction that keeps them.

    Another writer may take the same number meanwhile; the code is unique, so the transaction fails then and is tried again.
    """
    last: dict[str, int] = {}
    for thing in things:
        if thing.code:
            continue
        begins = series(thing)
        last[begins] = (last[begins] if begins in last else _newest(type(thing), begins)) + 1
        thing.code = f"{begins}{last[begins]:04d}"


def _newest(model: type[Any], series: str) -> int:
    """The highest number among the newest of the series; ids grow with time, so these are the last ones given."""
    codes = model.objects.filter(code__startswith=series).order_by("-id").values_list("code", flat=True)[:60]
    tails = [code.removeprefix(series) for code in codes]
    return max((int(tail) for tail in tails if tail.isdigit()), default=0)
