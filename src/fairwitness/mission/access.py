"""Access: who may do what, to which thing, here, now. Two questions, one file.

    require(hand, verb, thing)      may this hand do this? Refuses with why and who may.
    visible(hand, things)           of these, which may this hand see? Filtered in SQL.

A right is verb x post x unit x place x sensitivity x time: the roles of the posts a member holds (or acts in)
give it, an hour of extra power may add to it, and nobody is a standing superuser. What a hand may not
see does not exist for it: same status, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, reduce
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from fairwitness.errors import NotThere, Refused
from fairwitness.mission.handling import Handled, Sensitivity, access_key
from fairwitness.mission.models import Grant, ImportedRow, Member, Post, Power, Tenure, Unit
from fairwitness.record.hand import Door, Hand
from fairwitness.record.remember import recall
from fairwitness.record.verbs import Verb

TOP = max(Sensitivity)
Q_NOTHING = Q(pk__in=[])
M = TypeVar("M", bound=Any)

READERS = {
    "monitor": Verb.OBSERVATION_READ, "verify": Verb.OBSERVATION_READ, "analyse": Verb.OBSERVATION_READ, "warn": Verb.REPORT_READ,
    "report": Verb.REPORT_READ, "recommend": Verb.REPORT_READ, "assist": Verb.REPORT_READ, "share": Verb.REPORT_READ,
}  # fmt: skip
"""The verb that opens the things of a room for reading."""
BROUGHT: set[type[Any]] = set()
"""Models whose things an import may bring, and its undoing withdraws: withdrawn things leave every list and count."""


@dataclass(frozen=True, slots=True)
class Right:
    """One right as it stands now. `units` None is every unit; `place` None is everywhere."""

    units: frozenset[UUID] | None
    ceiling: int
    place: UUID | None = None


@dataclass(slots=True)
class Rights:
    """What a hand may do at this moment: its member's posts, and per verb the rights they give."""

    posts: list[Post] = field(default_factory=list)
    by_verb: dict[str, list[Right]] = field(default_factory=dict)

    def units(self) -> list[UUID]:
        """The units of the posts held."""
        return [post.unit_id for post in self.posts]


def rights(hand: Hand) -> Rights:
    """What this hand may do. Computed once per hand, that is once per request."""
    known: Rights | None = hand.memo.get("rights")
    if known is None:
        known = hand.memo["rights"] = _compute(hand)
    return known


def _compute(hand: Hand) -> Rights:
    found = Rights()
    if hand.member is None:
        return found
    now = datetime.now(UTC)
    found.posts = [post for since, until, post in _tenures(hand.member) if _holds(since, until, now)]
    grants, below = recall("mission.access.grants", (Grant,), _grants), recall("mission.access.tree", (Unit,), _tree)
    for post in found.posts:
        for since, until, verb, reach, ceiling, place in grants.get(post.role, ()):
            if _holds(since, until, now):
                units = {"own": _alone, "below": below, "mission": _every}[reach](post.unit_id)
                found.by_verb.setdefault(verb, []).append(Right(units, ceiling, place))
    for since, until, verb, unit, ceiling in _powers(hand.member):
        if _holds(since, until, now):
            found.by_verb.setdefault(verb, []).append(Right(below(unit) if unit else None, ceiling))
    return found


def _holds(since: datetime | None, until: datetime | None, now: datetime) -> bool:
    return (since is None or since <= now) and (until is None or until > now)


def _alone(unit: UUID) -> frozenset[UUID]:
    return frozenset([unit])


def _every(_unit: UUID) -> None:
    return None


def _tenures(member: UUID) -> list[tuple[datetime | None, datetime | None, Post]]:
    def read() -> list[tuple[datetime | None, datetime | None, Post]]:
        rows = Tenure.objects.filter(member_id=member, member__left__isnull=True).select_related("post")
        return [(row.since, row.until, row.post) for row in rows]

    return recall(("mission.access.tenures", member), (Tenure, Member, Post), read)


def _grants() -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for role, *row in Grant.objects.values_list("role", "since", "until", "verb", "reach", "ceiling", "place_id"):
        found.setdefault(role, []).append(tuple(row))
    return found


def _powers(member: UUID) -> list[tuple[Any, ...]]:
    def read() -> list[tuple[Any, ...]]:
        rows = Power.objects.filter(member_id=member, member__left__isnull=True)
        return list(rows.values_list("since", "until", "verb", "unit_id", "ceiling"))

    return recall(("mission.access.powers", member), (Power, Member), read)


def _tree() -> Callable[[UUID], frozenset[UUID]]:
    children: dict[UUID | None, list[UUID]] = {}
    for unit, parent in Unit.objects.values_list("id", "parent_id"):
        children.setdefault(parent, []).append(unit)

    @cache
    def below(unit: UUID) -> frozenset[UUID]:
        seen, todo = {unit}, [unit]
        while todo:
            for child in children.get(todo.pop(), ()):
                if child not in seen:
                    seen.add(child)
                    todo.append(child)
        return frozenset(seen)

    return below


def may(hand: Hand, verb: Verb, thing: Any = None) -> bool:
    """Whether the hand may do this (to this thing). The node's own worker and command line act for nobody and may."""
    if hand.door in (Door.WORKER, Door.COMMAND) and hand.member is None:
        return True
    given = rights(hand).by_verb.get(verb.value, ())
    if thing is None:
        return bool(given)
    return any(_reaches(right, thing) for right in given)


def _reaches(right: Right, thing: Any) -> bool:
    holder = handled(thing)
    if holder is None:
        return True
    if right.units is not None and holder.unit_id not in right.units:
        return False
    if right.place is not None and getattr(thing, "place_id", None) != right.place:
        return False
    return holder.sensitivity <= right.ceiling


def handled(thing: Any) -> Handled | None:
    """The thing that carries unit and sensitivity for this one: itself, or what its access path leads to."""
    if isinstance(thing, Handled):
        return thing
    path = getattr(type(thing), "access_path", "")
    for step in path.split("__")[:-1]:
        thing = getattr(thing, step)
    return thing if isinstance(thing, Handled) else None


def require(hand: Hand, verb: Verb, thing: Any = None) -> None:
    """Refuse unless the hand may. What it may not even see is NotThere; the rest is Refused, with why and who may."""
    if may(hand, verb, thing):
        return
    if thing is not None and handled(thing) is not None and not sees(hand, thing):
        raise NotThere()
    raise Refused(why_not(hand, verb), verb=verb.value)


def sees(hand: Hand, thing: Any) -> bool:
    """Whether the hand may read this thing."""
    reader = reader_of(type(thing))
    return reader is None or may(hand, reader, thing)


def reader_of(model: type[Any]) -> Verb | None:
    """The verb that opens things of this model: its own, else that of its room."""
    own: Verb | None = getattr(model, "read_by", None)
    return own or READERS.get(model._meta.app_label)


def why_not(hand: Hand, verb: Verb) -> str:
    """One sentence: why the hand may not, who may, how to ask for an hour."""
    posts = ", ".join(str(post) for post in rights(hand).posts) or "no post"
    holders = Grant.objects.filter(verb=verb.value).values_list("role", flat=True).distinct()
    titles = sorted(set(Post.objects.filter(role__in=list(holders)).values_list("title", flat=True)))[:5]
    who = ", ".join(titles) if titles else "nobody at present"
    return f"You hold {posts}. That does not reach as far as this. Who may: {who}. You can ask for one hour, with a reason."


def filter_for(hand: Hand, verb: Verb, path: str = "access", place: str | None = "place_id") -> Q | None:
    """The SQL condition for what this verb reaches; None when there is nothing to filter."""
    if hand.door in (Door.WORKER, Door.COMMAND) and hand.member is None:
        return None
    given = rights(hand).by_verb.get(verb.value, ())
    if not given:
        return Q_NOTHING
    if any(right.units is None and right.place is None and right.ceiling >= TOP for right in given):
        return None
    return reduce(or_, (_condition(right, path, place) for right in given))


def _condition(right: Right, path: str, place: str | None) -> Q:
    if right.units is None:
        condition = Q(**{f"{path.removesuffix('access')}sensitivity__lte": right.ceiling})
    else:
        condition = Q(**{f"{path}__in": list(keys(right))})
    if right.place is not None:
        condition &= Q(**{place: right.place}) if place else Q_NOTHING
    return condition


def keys(right: Right) -> Iterable[str]:
    """The access keys a right opens (for row and search index alike)."""
    for unit in right.units or ():
        for step in range(right.ceiling + 1):
            yield access_key(unit, step)


def visible(hand: Hand, things: QuerySet[M]) -> QuerySet[M]:
    """Of these, what this hand may read and what stands. Things without handling (places, posts, terms) are open to members."""
    found = readable(hand, things)
    return found.exclude(pk__in=ImportedRow.objects.filter(undone=True).values("thing")) if things.model in BROUGHT else found


def readable(hand: Hand, things: QuerySet[M]) -> QuerySet[M]:
    """Of these, what this hand may read, also what was withdrawn: its page still says what it was and why it went."""
    model = things.model
    path = getattr(model, "access_path", None)
    verb = reader_of(model)
    if hand.member is None and hand.door is Door.PUBLIC:
        return things.none()
    if path is None or verb is None:
        return things
    has_place = any(f.attname == "place_id" for f in model._meta.concrete_fields)
    condition = filter_for(hand, verb, path, "place_id" if has_place else None)
    return things if condition is None else things.filter(condition)


def open_one(hand: Hand, things: QuerySet[M], **key: Any) -> M:
    """The one visible thing with this key, or NotThere, whether it does not exist or may not be seen."""
    found = readable(hand, things).filter(**key).first()
    if found is None:
        raise NotThere()
    return found
