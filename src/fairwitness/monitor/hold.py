"""Hold: which unit a new thing belongs to, and whether a hand may build upon what it names.

Whoever goes out for a field team writes for that team; the node's own command writes for the unit that answers for
the place. The rule it guards: a thing is never tied to something its writer may not see.
"""

from __future__ import annotations

from typing import Any

from fairwitness.errors import BadInput, Fault, NotThere
from fairwitness.mission.access import rights, sees
from fairwitness.mission.models import Area, Place, Unit
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb


def holding_unit(by: Hand, verb: Verb, place: Place | None, unit: Unit | None = None) -> Unit:
    """The unit given; else that of the post which allows this verb; else the one that answers for the place."""
    if unit is not None:
        return unit
    held = rights(by)
    reach = [right.units for right in held.by_verb.get(verb.value, ())]
    for post in held.posts:
        if any(units is None or post.unit_id in units for units in reach):
            return post.unit
    if held.posts:
        return held.posts[0].unit
    step = place
    while step is not None:
        area = Area.objects.filter(place=step, until__isnull=True).select_related("unit").order_by("id").first()
        if area is not None:
            return area.unit
        step = step.parent
    top = Unit.objects.filter(parent__isnull=True).order_by("id").first()
    if top is None:
        raise BadInput.of(Fault("unit", "this mission has no units yet; apply its pack first"))
    return top


def seen(by: Hand, *things: Any) -> None:
    """Refuse as if they did not exist those of these things the hand may not see."""
    for thing in things:
        if thing is not None and not sees(by, thing):
            raise NotThere()
