"""Index: the words under which things are found, with the right to find them inside the index itself.

Each room declares how its things stand here (`indexed`), which other things change the line of a thing (`part_of`), and
which are not found by words, and why (`left_out`). Whatever is kept is met in the very unit of work that keeps it: no
room can forget it, and a model without a declaration stops the start-up check. A line holds folded words, the facts
one narrows by, and for sealed words keyed tokens that match whole words and reveal nothing. The rules it guards: sealed
words are never written as they are and go with their key in the same transaction; lines are outside the log and can be
made again from the rows (see `rebuild`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from fairwitness.mission.fold import fold
from fairwitness.mission.models import ImportedRow
from fairwitness.mission.write_lines import Made, number_of, write_lines
from fairwitness.record import seal
from fairwitness.record.keep import meet_kept, meet_noted
from fairwitness.record.kept import Kept
from fairwitness.record.verbs import Verb

MOST_SEALED = 400
MOST_INDEXED = 10_000
LONGEST_WORD = 60
CLASSES = {Verb.OBSERVATION_READ: "obs", Verb.REPORT_READ: "rep"}
"""How the two reading verbs are written before an access key."""
OPEN = "open"
"""The mark of what every member may find: institutions, posts, people by code, obligations."""
_word = re.compile(r"[^\W_]+")
_plain = str.maketrans("", "", "'`")

M = TypeVar("M", bound=Kept)


@dataclass(frozen=True, slots=True)
class Line:
    """What the index holds of a thing: its access key (empty: open to members), its words, and when it happened.

    `sealed` are words that are never written as they are, closed by the key `scope`; `facts` further marks one narrows by.
    """

    access: str
    words: str
    at: datetime | date | None = None
    place: UUID | None = None
    facts: tuple[str, ...] = ()
    sealed: str = ""
    scope: str = ""


_lines: dict[type[Kept], tuple[Callable[[Any], Line | None], Verb | None]] = {}
_among: dict[type[Kept], Q] = {}
_parts: dict[type[Kept], Callable[[Sequence[Any]], Iterable[Kept]]] = {}
_left: dict[str, str] = {}


def indexed(
    model: type[M], read_by: Verb | None = None, among: Q | None = None
) -> Callable[[Callable[[M], Line | None]], Callable[[M], Line | None]]:
    """Declare how a thing of this model stands in the index, and by which verb it is read (None: open to members).

    A thing without a line (a struck paragraph) is not found; `among` then says in SQL which ones have one.
    """

    def register(line: Callable[[M], Line | None]) -> Callable[[M], Line | None]:
        _lines[model] = (line, read_by)
        if among is not None:
            _among[model] = among
        meet_kept(model, _meet_lines)
        return line

    return register


def part_of(model: type[M]) -> Callable[[Callable[[Sequence[M]], Iterable[Kept]]], Callable[[Sequence[M]], Iterable[Kept]]]:
    """Declare which things' lines are written anew when things of this model are kept."""

    def register(wholes: Callable[[Sequence[M]], Iterable[Kept]]) -> Callable[[Sequence[M]], Iterable[Kept]]:
        _parts[model] = wholes
        meet_kept(model, _meet_parts)
        return wholes

    return register


def left_out(why: str, *kinds: str) -> None:
    """Declare that things of these kinds are not found by words, and why."""
    _left.update(dict.fromkeys(kinds, why))


def undeclared(models: Iterable[type[Kept]]) -> list[type[Kept]]:
    """Of these models, those no room has said anything about."""
    return [model for model in models if model not in _lines and model not in _parts and model._meta.label_lower not in _left]


def kinds() -> list[str]:
    """Every kind of thing that stands in the index."""
    return sorted(model.kind_on_record() for model in _lines)


def models() -> list[type[Kept]]:
    """Every model that stands in the index, in a stable order."""
    return sorted(_lines, key=lambda model: model._meta.label)


def shown(model: type[Kept]) -> QuerySet[Any]:
    """The things of this model that have a line. What was withdrawn has none."""
    things: QuerySet[Any] = model._default_manager.exclude(pk__in=ImportedRow.objects.filter(undone=True).values("thing"))
    return things.filter(_among[model]) if model in _among else things


def readers() -> dict[str, Verb | None]:
    """For each kind the verb by which it is read."""
    return {model.kind_on_record(): verb for model, (_line, verb) in _lines.items()}


def tokens(words: str) -> list[str]:
    """The folded words of a text, letters and figures alone, cut where no word of a language is as long.

    Letters that fold to no Latin ones are written as their bytes, since the two engines divide such words differently.
    """
    folded = words.lower().translate(_plain) if words.isascii() else fold(words)
    return [(word if word.isascii() else f"x{word.encode().hex()}")[:LONGEST_WORD] for word in _word.findall(folded)]


def mark(prefix: str, value: object) -> str:
    """A fact as the index holds it: letters and figures alone, such as `place` and twelve digits of an id."""
    if isinstance(value, UUID):
        return f"{prefix}{value.hex[-12:]}"
    return f"{prefix}{''.join(tokens(str(value)))}"


def put(*things: Kept) -> None:
    """Write the lines of these things anew, inside the transaction that keeps them."""
    _put([(thing, False) for thing in things])


def forget(scope: str) -> None:
    """Take out the tokens of everything sealed under this key, whether or not the key is still there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, thing FROM mission_word_of WHERE scope = %s", [scope])
        found = cursor.fetchall()
    things = [apps.get_model(kind)._default_manager.filter(pk=thing).first() for kind, thing in found]
    _put([(thing, False) for thing in things if thing is not None], sealed=False)


def _meet_lines(things: Sequence[tuple[Kept, bool]]) -> None:
    _put(things)


def _meet_parts(things: Sequence[tuple[Kept, bool]]) -> None:
    by_model: dict[type[Kept], list[Kept]] = {}
    for thing, _new in things:
        by_model.setdefault(type(thing), []).append(thing)
    wholes = {whole.pk: whole for model, some in by_model.items() for whole in _parts[model](some)}
    if connection.vendor == "postgresql":
        # Two parts of one whole may be kept at once: the second waits here and then reads what the first wrote.
        for one in {type(whole) for whole in wholes.values()}:
            ids = [pk for pk, whole in wholes.items() if type(whole) is one]
            list(one._base_manager.filter(pk__in=ids).select_for_update().order_by("pk").values_list("pk"))
    _put([(whole, False) for whole in wholes.values()])


def _shredded(content: dict[str, Any]) -> None:
    forget(str(content["scope"]))


meet_noted(Verb.KEY_SHRED, _shredded)


def _put(things: Sequence[tuple[Kept, bool]], *, sealed: bool = True) -> None:
    if things:
        gone = _withdrawn([thing.pk for thing, new in things if not new])
        with transaction.atomic(savepoint=False):
            write_lines([_made(thing, new, sealed) if thing.pk not in gone else _out(thing) for thing, new in things])


def _withdrawn(known: Sequence[UUID]) -> set[UUID]:
    return set(ImportedRow.objects.filter(undone=True, thing__in=known).values_list("thing", flat=True)) if known else set()


def _out(thing: Kept) -> Made:
    """A thing that has no line."""
    return Made(0, str(thing.pk), thing.kind_on_record(), "", [], [], [], new=False, out=True)


def _made(thing: Kept, new: bool, sealed: bool) -> Made:
    line, verb = _lines[type(thing)]
    said = line(thing)
    kind = thing.kind_on_record()
    if said is None:
        return _out(thing)
    words = list(dict.fromkeys(tokens(said.words)))[:MOST_INDEXED]
    hidden = sorted({f"t{seal.token(word)}" for word in tokens(said.sealed)[:MOST_SEALED]}) if sealed and said.sealed else []
    facts = [mark("kind", kind), mark("room", kind.partition(".")[0]), *said.facts]
    if verb is None or not said.access:
        facts.append(OPEN)
    else:
        opens = CLASSES[verb]
        facts += [f"{opens}{said.access}", f"{opens}{said.access[-2:]}", opens, f"unit{said.access[1:13]}", f"sens{said.access[-1]}"]
    if said.place is not None:
        facts.append(mark("place", said.place))
    return Made(
        number_of(said.at if said.at is not None else _made_at(thing.pk), thing.pk), str(thing.pk), kind, said.scope if hidden else "",
        words, hidden, facts, new=new, out=False,
    )  # fmt: skip


def _made_at(key: UUID) -> datetime:
    """The moment in a thing's id: ids carry the moment they were made. An id that carries none, or one that lies ahead, stands last."""
    seconds = (key.int >> 80) / 1000
    ours = key.version == 7 and seconds < datetime.now(UTC).timestamp() + 86_400
    return datetime.fromtimestamp(seconds if ours else 0, UTC)
