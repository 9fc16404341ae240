"""Search: find things by their words and by what one narrows by, as far as the reader may see them.

A search asks for words, facts and rights at once, inside the index, newest first and without a rank: a rank would be
computed from what others may read. Counts stop at 1,000. A word also finds words that begin so, and the place it names in
any spelling finds what happened there. The rules it guards: nobody learns by a search, a count or its time of what they
may not read; and a question reads a bounded part of the index or is stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from fairwitness.mission.access import TOP, rights, visible
from fairwitness.mission.ask_lines import Asked, ask
from fairwitness.mission.find_places import below
from fairwitness.mission.handling import access_key
from fairwitness.mission.index import CLASSES, OPEN, mark, tokens
from fairwitness.mission.models import PlaceName
from fairwitness.mission.write_lines import first_number
from fairwitness.record import seal
from fairwitness.record.hand import Door, Hand
from fairwitness.record.verbs import Verb

LEAST = 3
"""Letters a word needs to find words that begin so; fewer would read half the index."""
BOUND = 1000
MOST_WORDS = 12
MOST_RUN = 4
"""Words the name of a place has at most."""
MOST_BEGUN = 48
"""Words that begin so, asked for one by one; beyond that the beginning itself is asked for."""

Screen = Callable[[Hand, Sequence[UUID], list[str]], set[UUID]]
_screens: dict[str, Screen] = {}


def screened(kind: str) -> Callable[[Screen], Screen]:
    """Declare who may learn that a thing of this kind holds these words, where some of its words are closed to some of its readers."""

    def register(screen: Screen) -> Screen:
        _screens[kind] = screen
        return screen

    return register


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Empty means any. `places` None is everywhere; `facts` are further marks, one of each group."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    room: str = ""
    places: tuple[UUID, ...] | None = None
    unit: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    sensitivity: int | None = None
    facts: tuple[tuple[str, ...], ...] = ()
    things: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Ids found, newest first; `count` stops at 1,000 and is then printed as more than that. `last` continues the list."""

    ids: list[tuple[str, UUID]] = field(default_factory=list)
    count: int = 0
    last: int | None = None

    @property
    def count_words(self) -> str:
        """The count in figures: 31 or 1,000+."""
        return f"{BOUND:,}+" if self.count > BOUND else str(self.count)


def find(
    hand: Hand, words: str, *, kinds: Sequence[str] = (), limit: int = 50, verb: Verb | None = None, before: int | None = None
) -> Found:  # fmt: skip
    """Things that hold all the words and that this hand may read. Words of fewer than three letters find only themselves."""
    if not tokens(words):
        return Found()
    return search(hand, Wanted(words=words, kinds=tuple(kinds)), limit=limit, before=before)


def search(hand: Hand, wanted: Wanted, *, limit: int = 50, before: int | None = None, count: bool = True) -> Found:
    """Everything that fits, as far as this hand may read it, newest first; with `before`, from that line on."""
    asked = _asked(hand, wanted)
    if asked is None:
        return Found()
    page, total = ask(asked, limit + 1, before, BOUND + 1 if count else 0)
    last = page[limit - 1][2] if len(page) > limit else None
    page = page[:limit]
    total = total if count else len(page)
    shown = _screen(hand, [(kind, UUID(thing)) for kind, thing, _number in page], tokens(wanted.words))
    if len(shown) < len(page) and total <= limit:
        total -= len(page) - len(shown)
    return Found(shown, total, last)


def _screen(hand: Hand, ids: list[tuple[str, UUID]], words: list[str]) -> list[tuple[str, UUID]]:
    shown = ids
    for kind in {kind for kind, _one in ids} & set(_screens) if words else ():
        some = [one for of, one in ids if of == kind]
        allowed = _screens[kind](hand, some, words)
        shown = [(of, one) for of, one in shown if of != kind or one in allowed]
    return shown


def _asked(hand: Hand, wanted: Wanted) -> Asked | None:
    """The question to the index, rights inside; None when nothing may or can be found."""
    said = tokens(wanted.words)[:MOST_WORDS]
    if wanted.words.strip() and not said:
        return None
    asked = Asked(words=_words(said))
    opens = _rights(hand)
    if opens is not None:
        if not opens:
            return None
        asked.rights = opens
    groups = [
        tuple(mark("kind", kind) for kind in wanted.kinds), (mark("room", wanted.room),) if wanted.room else (),
        tuple(mark("place", place) for place in wanted.places or ()), (mark("unit", wanted.unit),) if wanted.unit else (),
        (f"sens{wanted.sensitivity}",) if wanted.sensitivity is not None else (), *wanted.facts,
    ]  # fmt: skip
    if wanted.places is not None and not wanted.places:
        return None
    asked.facts = [group for group in groups if group]
    asked.since = first_number(wanted.since) if wanted.since is not None else None
    asked.until = first_number(wanted.until) if wanted.until is not None else None
    asked.things = [str(one) for one in wanted.things] if wanted.things is not None else None
    return asked


def _words(said: list[str]) -> list[tuple[list[str], str, list[str]]]:
    """For each word or run of words: the words it may be, the beginning it may be, the marks of the places it names."""
    named = _named(said)
    groups: list[tuple[list[str], str, list[str]]] = []
    at = 0
    while at < len(said):
        size = max((size for start, size in named if start == at and size > 1), default=0)
        if size:  # a place named by several words: there, or all the words
            groups.append(([" ".join(said[at : at + size])], "", named[(at, size)]))
            at += size
            continue
        exact, begun = _may_be(said[at])
        groups.append((exact, begun, named.get((at, 1), [])))
        at += 1
    return groups


def _named(said: list[str]) -> dict[tuple[int, int], list[str]]:
    """Which runs of these words are the name of a place, and the marks of those places and of what lies in them."""
    runs = {
        " ".join(said[start : start + size]): (start, size)
        for size in range(1, MOST_RUN + 1)
        for start in range(len(said) - size + 1)
        if sum(map(len, said[start : start + size])) >= LEAST
    }
    found: dict[tuple[int, int], list[UUID]] = {}
    if runs:
        names = PlaceName.objects.filter(key__in=list(runs)).order_by("key").values_list("key", "place_id").distinct()[:40]
        for key, place in names:
            found.setdefault(runs[key], []).append(place)
    return {run: [mark("place", one) for one in below(places) or ()] for run, places in found.items()}


def _may_be(word: str) -> tuple[list[str], str]:
    """The words this one may be: itself, its sealed token, and those that begin so; or the beginning where they are too many."""
    exact = [word, f"t{seal.token(word)}"]
    if len(word) < LEAST or not word.isalpha():
        return exact, ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM mission_word_known WHERE word > %s AND word < %s ORDER BY word LIMIT %s", [word, f"{word}~", MOST_BEGUN + 1]
        )
        begun = [row[0] for row in cursor.fetchall()]
    return (exact, word) if len(begun) > MOST_BEGUN else (exact + begun, "")


def _rights(hand: Hand) -> list[tuple[str, ...]] | None:
    """Marks of which a line must bear one (or all of one group); None when everything is open."""
    if hand.member is None:
        return None if hand.door in (Door.WORKER, Door.COMMAND) else []
    found: set[tuple[str, ...]] = {(OPEN,)}
    everything = 0
    for verb, name in CLASSES.items():
        given = rights(hand).by_verb.get(verb.value, ())
        if any(right.units is None and right.place is None and right.ceiling >= TOP for right in given):
            everything += 1
            found.add((name,))
            continue
        for right in given:
            there = (mark("place", right.place),) if right.place is not None else ()
            for step in range(right.ceiling + 1):
                if right.units is None:
                    found.add((f"{name}s{step}", *there))
                else:
                    found |= {(f"{name}{access_key(unit, step)}", *there) for unit in right.units}
    return None if everything == len(CLASSES) else sorted(found)


def load(hand: Hand, kind: str, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """The things themselves, once more only those this hand may read: the index is never the last wall."""
    model: Any = apps.get_model(kind)
    return {thing.pk: thing for thing in visible(hand, model.objects.filter(pk__in=ids))}
