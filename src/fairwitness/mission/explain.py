"""Explain: what a member may do and why; and why something was refused, without saying whether it exists."""

from __future__ import annotations

from dataclasses import dataclass

from fairwitness.mission.access import may, rights, why_not
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Place, Unit
from fairwitness.record.hand import Hand
from fairwitness.record.verbs import Verb


@dataclass(frozen=True, slots=True)
class Reach:
    """One line of what a hand may do: the verb, where (units in words), up to which sensitivity."""

    verb: str
    where: str
    ceiling: str


def reaches(hand: Hand) -> list[Reach]:
    """Everything this hand may do now, verb by verb."""
    names = dict(Unit.objects.values_list("id", "name"))
    found = []
    for verb, given in sorted(rights(hand).by_verb.items()):
        for right in given:
            if right.units is None:
                where = "the whole mission"
            else:
                where = ", ".join(sorted(names[unit] for unit in right.units if unit in names)[:4])
                where += f" and {len(right.units) - 4} more" if len(right.units) > 4 else ""
            if right.place is not None:
                place = Place.objects.filter(pk=right.place).first()
                where += f", in {place.code if place else 'one place'} alone"
            found.append(Reach(verb, where, Sensitivity(right.ceiling).label))
    return list(dict.fromkeys(found))


def explain(hand: Hand, verb: Verb) -> str:
    """One sentence: you may and why, or you may not, who may, and how to ask for an hour."""
    if not may(hand, verb):
        return why_not(hand, verb)
    lines = [reach for reach in reaches(hand) if reach.verb == verb.value]
    return "; ".join(f"You may, in {line.where}, up to {line.ceiling}" for line in lines) + "."
