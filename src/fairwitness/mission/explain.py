"""Explain: what a member may do and why; and why something was refused, without saying whether it exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

from fairwitness.mission.access import TOP, may, rights, why_not
from fairwitness.mission.handling import Sensitivity
from fairwitness.mission.models import Grant, Place, Post, Power, Tenure, Unit
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


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a verb is open: the post and its role, or an hour of extra power; how far; until when, where it ends."""

    post: Post | None
    reach: str
    ceiling: str
    place: str
    until: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """A post that carries a verb: how far, and whether anybody holds it."""

    post: Post
    reach: str
    ceiling: str
    vacant: bool


def _standing() -> Q:
    now = datetime.now(UTC)
    return (Q(since__isnull=True) | Q(since__lte=now)) & (Q(until__isnull=True) | Q(until__gt=now))


def grounds(hand: Hand, verb: Verb) -> list[Ground]:
    """Each reason why this hand may do this; none when it may not. It asks rights, never things: what exists cannot be learnt here."""
    posts = rights(hand).posts
    found = []
    for grant in Grant.objects.filter(_standing(), verb=verb.value, role__in=[post.role for post in posts]).select_related("place"):
        place = grant.place.code if grant.place is not None else ""
        for post in posts:
            if post.role == grant.role:
                found.append(Ground(post, grant.get_reach_display(), _marking(grant.ceiling), place, grant.until))
    powers = Power.objects.filter(_standing(), verb=verb.value, member_id=hand.member) if hand.member else Power.objects.none()
    for power in powers.select_related("unit"):
        found.append(Ground(None, str(power.unit or ""), _marking(power.ceiling), "", power.until, power.reason))
    return found


def holders(verb: Verb) -> list[Holder]:
    """Which posts carry this verb, with how far it reaches, and which of them are vacant."""
    by_role = {grant.role: grant for grant in Grant.objects.filter(_standing(), verb=verb.value).order_by("ceiling")}
    held = set(Tenure.objects.filter(_standing()).values_list("post_id", flat=True))
    posts = Post.objects.filter(role__in=list(by_role), abolished__isnull=True).select_related("unit").order_by("title", "code")
    return [
        Holder(post, by_role[post.role].get_reach_display(), _marking(by_role[post.role].ceiling), post.pk not in held) for post in posts
    ]


def _marking(ceiling: int) -> str:
    return str(Sensitivity(min(ceiling, TOP)).label)
