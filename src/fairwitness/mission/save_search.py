"""Save a search: a member keeps what they look for, asks it again, and is told what is new since they looked.

The worker holds new things against the searches that want to be told, with the rights their member has at that moment, and
writes what it found beside the search; reading it holds it against the rights once more. The rules it guards: a search
belongs to one member and nobody else sees it; its words, which may be a name, are sealed and go with their key when it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from fairwitness.errors import BadInput, Fault, Gone, NotThere
from fairwitness.mission.find_places import below
from fairwitness.mission.index import kinds, tokens
from fairwitness.mission.models import MissionProfile, SavedSearch, Unit
from fairwitness.mission.search import LEAST, Found, Wanted, search
from fairwitness.mission.sort_names import in_order
from fairwitness.record.hand import Door, Hand
from fairwitness.record.keep import writing
from fairwitness.record.keyring import fetch
from fairwitness.record.seal import seal, unseal
from fairwitness.record.shred import shred
from fairwitness.record.verbs import Verb

FILTERS = ("kind", "room", "place", "unit", "from", "to", "s")
MOST = 30
"""Searches one member keeps at a time."""
MOST_NEWS = 200


def save_search(
    *, name: str, words: str, filters: dict[str, str], alert: bool, by: Hand, thing_id: UUID | None = None
) -> SavedSearch:  # fmt: skip
    """Keep a search of the hand's own member. The same form sent twice keeps one. Raises BadInput."""
    mine = SavedSearch.objects.filter(member_id=_member(by))
    before: SavedSearch | None = mine.filter(pk=thing_id).first() if thing_id else None
    if before is not None:
        return before
    faults = []
    name, words = " ".join(name.split()), " ".join(words.split())[:200]
    given = {key: str(filters[key])[:80] for key in FILTERS if filters.get(key)}
    if not name or len(name) > 120:
        faults.append(Fault("name", "give it a name of up to 120 characters; you see it on your home page"))
    if not given and len("".join(tokens(words))) < LEAST:
        faults.append(Fault("words", "a search holds three letters at least, or a choice of place, kind, room, unit, period or marking"))
    if mine.filter(ended__isnull=True).count() >= MOST:
        faults.append(Fault("name", f"you keep {MOST} searches already; end one you no longer ask"))
    if faults:
        raise BadInput.of(*faults)
    chosen: dict[str, Any] = {"id": thing_id} if thing_id else {}
    made = SavedSearch(member_id=_member(by), name=name, filters=given, alert=alert, looked=datetime.now(UTC), **chosen)
    made.words = seal(made.scope, words)
    made.keep(by=by, verb=Verb.SEARCH_SAVE)
    return made


def end_search(key: UUID, *, by: Hand) -> None:
    """End a search of one's own: nobody can read any more what was looked for."""
    one = my_search(key, by)
    with writing(by):
        one.ended = datetime.now(UTC)
        one.keep(by=by, verb=Verb.SEARCH_END)
        if fetch(one.scope) is not None:
            shred(one.scope, by=by, why="the search was ended")
        _forget_news(one)


def look(key: UUID, *, by: Hand) -> SavedSearch:
    """Say that one has looked: what was new is new no longer."""
    one = my_search(key, by)
    with writing(by):
        one.looked = datetime.now(UTC)
        one.keep(by=by, verb=Verb.SEARCH_LOOK)
        _forget_news(one)
    return one


def my_search(key: UUID, by: Hand) -> SavedSearch:
    """A search of the hand's own member that has not ended. Raises NotThere alike for another's and for none."""
    found: SavedSearch | None = SavedSearch.objects.filter(pk=key, member_id=_member(by), ended__isnull=True).first()
    if found is None:
        raise NotThere()
    return found


def my_searches(by: Hand) -> list[SavedSearch]:
    """The searches this hand's member keeps, by name."""
    rows = SavedSearch.objects.filter(member_id=_member(by), ended__isnull=True).order_by("id")
    return in_order(rows, lambda one: one.name)


def _member(by: Hand) -> UUID:
    if by.member is None:
        raise NotThere()
    return by.member


def words_of(one: SavedSearch) -> str:
    """What it looks for; empty when its key is gone."""
    try:
        return unseal(one.words)
    except Gone:
        return ""


def read_filters(words: str, given: dict[str, str], zone: str) -> tuple[Wanted, list[Fault]]:
    """What the words and choices of an address ask for, and what of them could not be read."""
    faults: list[Fault] = []
    places: tuple[UUID, ...] | None = None
    if given.get("place"):
        try:
            inside = below([UUID(given["place"])])
            places = tuple(inside) if inside is not None else None
        except ValueError:
            faults.append(Fault("place", "choose a place from what is found"))
    unit = None
    if given.get("unit"):
        unit = Unit.objects.filter(code=given["unit"]).values_list("id", flat=True).first()
        if unit is None:
            faults.append(Fault("unit", "there is no unit of this code; choose one from the list"))
    days = {name: _day(given.get(name, ""), name, faults) for name in ("from", "to")}
    step = given.get("s", "")
    if step and step not in ("0", "1", "2", "3"):
        faults.append(Fault("s", "choose one of the four markings"))
    kind = given.get("kind", "")
    if kind and kind not in kinds():
        faults.append(Fault("kind", "choose one from the list"))
    place = ZoneInfo(zone)
    return Wanted(
        words=words, kinds=(kind,) if kind and kind in kinds() else (), room=given.get("room", ""), places=places, unit=unit,
        since=datetime.combine(days["from"], time.min, place) if days["from"] else None,
        until=datetime.combine(days["to"] + timedelta(days=1), time.min, place) if days["to"] else None,
        sensitivity=int(step) if step in ("0", "1", "2", "3") else None,
    ), faults  # fmt: skip


def _day(text: str, name: str, faults: list[Fault]) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
        if day is not None and not 1900 <= day.year <= 2200:
            raise ValueError
        return day
    except ValueError:
        faults.append(Fault(name, "write the day as year, month, day: 2026-03-31"))
        return None


def mission_zone() -> str:
    """The zone in which the mission's days begin."""
    return MissionProfile.objects.order_by("id").values_list("time_zone", flat=True).first() or "UTC"


def ask_again(one: SavedSearch, by: Hand, *, things: tuple[UUID, ...] | None = None, limit: int = 50, zone: str = "") -> Found:
    """Ask a kept search, as far as this hand may read now; of these things alone when they are named."""
    wanted, faults = read_filters(words_of(one), dict(one.filters), zone or mission_zone())
    if faults or (one.words and not wanted.words):
        return Found()
    asked = Wanted(**{name: getattr(wanted, name) for name in wanted.__slots__} | {"things": things})
    return search(by, asked, limit=limit, count=things is None)


@dataclass(frozen=True, slots=True)
class News:
    """A kept search and what it found since its member looked; as far as the member may read it now."""

    search: SavedSearch
    found: list[tuple[str, UUID]]


def news_of(by: Hand) -> list[News]:
    """What is new for each search that wants to be told. Nothing is new to somebody without such a search."""
    asking = [one for one in my_searches(by) if one.alert] if by.member is not None else []
    if not asking:
        return []
    told: dict[str, list[UUID]] = {}
    with connection.cursor() as cursor:
        marks = ",".join(["%s"] * len(asking))
        cursor.execute(
            f"SELECT search, thing FROM mission_search_news WHERE search IN ({marks}) ORDER BY number DESC LIMIT {MOST_NEWS}",
            [str(one.id) for one in asking],
        )
        for key, thing in cursor.fetchall():
            told.setdefault(key, []).append(UUID(thing))
    zone = mission_zone() if told else ""
    return [
        News(one, ask_again(one, by, things=tuple(told[str(one.id)]), limit=MOST_NEWS, zone=zone).ids if str(one.id) in told else [])
        for one in asking
    ]


def tell_news(most: int = 400) -> int:
    """Hold new things against every search that wants to be told. Returns how many things were held; for the worker, again and again."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock = "" if connection.vendor == "sqlite" else " FOR UPDATE SKIP LOCKED"
        cursor.execute(f"SELECT thing FROM mission_word_new LIMIT {int(most)}{lock}")
        new = [row[0] for row in cursor.fetchall()]
        if not new:
            return 0
        asking = SavedSearch.objects.filter(alert=True, ended__isnull=True, member__left__isnull=True).order_by("member_id")
        hands: dict[UUID, Hand] = {}
        zone = mission_zone()
        things = tuple(UUID(one) for one in new)
        rows: list[Any] = []
        for one in asking:
            by = hands.setdefault(one.member_id, Hand(one.member_id, Door.STAFF))
            found = ask_again(one, by, things=things, limit=most, zone=zone).ids
            rows += [(str(one.id), str(pk), kind, _number(pk)) for kind, pk in found]
        if rows:
            told = "INSERT INTO mission_search_news (search, thing, kind, number) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
            cursor.executemany(told, rows)
        cursor.execute(f"DELETE FROM mission_word_new WHERE thing IN ({','.join(['%s'] * len(new))})", new)
    return len(new)


def _number(thing: UUID) -> int:
    return thing.int >> 80


def _forget_news(one: SavedSearch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mission_search_news WHERE search = %s", [str(one.id)])
