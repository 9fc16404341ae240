"""Edit what the mission is made of: units, areas, posts, rights, counterparts, names of places, words.

Each change goes on record at the version its writer saw. Nothing is deleted: units close, posts are abolished, rights and
words end, institutions point to their successors.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fairwitness.errors import BadInput, Fault, OutOfOrder, say
from fairwitness.mission.access import require, rights
from fairwitness.mission.fold import normalise_name, script_of
from fairwitness.mission.models import Area, Counterpart, Grant, Place, PlaceName, Post, Tenure, Term, Unit
from fairwitness.record.hand import Hand
from fairwitness.record.kept import Kept
from fairwitness.record.verbs import Verb

NEVER_EMPTY = {"name", "kind", "label", "title"}
SPANS = (("opened", "closed"), ("established", "ended"), ("established", "abolished"), ("since", "until"), ("valid_from", "valid_to"))
LANGUAGES = {"sq", "sr-Latn", "sr-Cyrl", "tr", "bs", "rom", "en", "mul", "und"}


def _new(model: type[Any], thing_id: UUID | None) -> Any:
    """The thing of this id that is kept already (the same form sent twice), or None."""
    return model.objects.filter(pk=thing_id).first() if thing_id else None


def _made(model: type[Any], thing_id: UUID | None, **values: Any) -> Any:
    return model(**values, **({"id": thing_id} if thing_id else {}))


def _change(thing: Kept, changes: dict[str, Any], allowed: set[str], verb: Verb, why: str, base: UUID | None, by: Hand) -> None:
    wrong = [Fault(name, "cannot be changed here") for name in sorted(set(changes) - allowed)]
    if wrong:
        raise BadInput.of(*wrong)
    _needed(**{name: value for name, value in changes.items() if name in NEVER_EMPTY})
    _in_order(thing, changes)
    for name, value in changes.items():
        setattr(thing, name, value.strip() if isinstance(value, str) else value)
    if base is not None:
        thing.entry = base
    thing.keep(by=by, verb=verb, why=why)


def _in_order(thing: Kept, changes: dict[str, Any]) -> None:
    for first, last in SPANS:
        begins, ends = changes.get(first, getattr(thing, first, None)), changes.get(last, getattr(thing, last, None))
        if begins and ends and ends < begins:
            raise BadInput.of(Fault(last, say(
                "The end is not before the beginning ({begins:%d.%m.%Y}). Correct one of them.",
                begins=begins,
            )))


def _needed(**values: str) -> None:
    faults = [Fault(name, "is empty; fill it in") for name, value in values.items() if not str(value or "").strip()]
    if faults:
        raise BadInput.of(*faults)


def add_unit(
    code: str, name: str, kind: str, parent: Unit, *, by: Hand, opened: date | None = None, thing_id: UUID | None = None
) -> Unit:
    """Open a unit below another."""
    require(by, Verb.UNIT_EDIT)
    if (before := _new(Unit, thing_id)) is not None:
        return before  # type: ignore[no-any-return]
    _needed(code=code, name=name, kind=kind)
    if Unit.objects.filter(code__iexact=code.strip()).exists():
        raise BadInput.of(Fault("code", say("{code} is taken. Choose another.", code=code)))
    unit: Unit = _made(Unit, thing_id, code=code.strip(), name=name.strip(), kind=kind.strip(), parent=parent, opened=opened)
    unit.keep(by=by, verb=Verb.UNIT_EDIT)
    return unit


def edit_unit(unit: Unit, *, by: Hand, why: str = "", base: UUID | None = None, **changes: Any) -> Unit:
    """Rename, move or close a unit. A unit is never below itself."""
    require(by, Verb.UNIT_EDIT)
    above = changes.get("parent")
    while above is not None:
        if above.pk == unit.pk:
            raise BadInput.of(Fault("parent", "A unit cannot lie below itself. Choose another."))
        above = above.parent
    _change(unit, changes, {"name", "kind", "parent", "opened", "closed"}, Verb.UNIT_EDIT, why, base, by)
    return unit


def assign_area(unit: Unit, place: Place, *, by: Hand, since: date | None = None, thing_id: UUID | None = None) -> Area:
    """Let a unit answer for a place. Two units may: who does what is then theirs to settle, and the page says so."""
    require(by, Verb.AREA_EDIT)
    if (before := _new(Area, thing_id)) is not None:
        return before  # type: ignore[no-any-return]
    if Area.objects.filter(unit=unit, place=place, until__isnull=True).exists():
        raise BadInput.of(Fault("place", "This unit answers for it already."))
    area: Area = _made(Area, thing_id, unit=unit, place=place, since=since)
    area.keep(by=by, verb=Verb.AREA_EDIT)
    return area


def end_area(area: Area, *, on: date, by: Hand, base: UUID | None = None) -> Area:
    """A unit no longer answers for a place."""
    require(by, Verb.AREA_EDIT)
    if area.until is not None:
        raise OutOfOrder("This ended already.")
    _change(area, {"until": on}, {"until"}, Verb.AREA_EDIT, "", base, by)
    return area


def add_post(code: str, title: str, unit: Unit, role: str, *, by: Hand, thing_id: UUID | None = None) -> Post:
    """Establish a post with a role whose rights it carries."""
    require(by, Verb.POST_EDIT)
    if (before := _new(Post, thing_id)) is not None:
        return before  # type: ignore[no-any-return]
    _needed(code=code, title=title, role=role)
    if Post.objects.filter(code__iexact=code.strip()).exists():
        raise BadInput.of(Fault("code", say("{code} is taken. Choose another.", code=code)))
    if not Grant.objects.filter(role=role).exists():
        raise BadInput.of(Fault("role", say("{role} has no rights yet. Choose a role that has, or give it one first.", role=role)))
    post: Post = _made(Post, thing_id, code=code.strip(), title=title.strip(), unit=unit, role=role)
    post.keep(by=by, verb=Verb.POST_EDIT)
    return post


def edit_post(post: Post, *, by: Hand, why: str = "", base: UUID | None = None, **changes: Any) -> Post:
    """Re-title, move or abolish a post. Its role does not change: what it may do would change unseen. Vacate before abolishing."""
    require(by, Verb.POST_EDIT)
    if changes.get("abolished") and Tenure.objects.filter(post=post, until__isnull=True).exists():
        raise BadInput.of(Fault("abolished", say("Somebody is in {code}. Vacate it first, then abolish it.", code=post.code)))
    _change(post, changes, {"title", "unit", "second_hat", "established", "abolished"}, Verb.POST_EDIT, why, base, by)
    return post


def add_grant(
    role: str, verb: str, reach: str, ceiling: int, why: str, *, by: Hand, place: Place | None = None, until: datetime | None = None,
    thing_id: UUID | None = None,
) -> Grant:  # fmt: skip
    """Give a role a right, with the reason."""
    require(by, Verb.POST_EDIT)
    if (before := _new(Grant, thing_id)) is not None:
        return before  # type: ignore[no-any-return]
    faults = []
    if verb not in {one.value for one in Verb}:
        faults.append(Fault("verb", "is no verb of the house; choose one of the list"))
    if reach not in dict(Grant.REACHES):
        faults.append(Fault("reach", "is own, below or mission"))
    if ceiling not in range(4):
        faults.append(Fault("ceiling", "is one of the four sensitivities"))
    if not why.strip():
        faults.append(Fault("why", "Say why; it goes on record."))
    if role in {post.role for post in rights(by).posts}:
        faults.append(Fault("role", "Nobody adds to the rights of a role they hold. Somebody in another role who edits posts may."))
    if faults:
        raise BadInput.of(*faults)
    grant: Grant = _made(Grant, thing_id, role=role, verb=verb, reach=reach, ceiling=ceiling, place=place, until=until)
    grant.keep(by=by, verb=Verb.POST_EDIT, why=why.strip())
    return grant


def end_grant(grant: Grant, why: str, *, by: Hand, base: UUID | None = None) -> Grant:
    """End a right, with the reason."""
    require(by, Verb.POST_EDIT)
    _needed(why=why)
    if grant.until is not None and grant.until <= datetime.now(UTC):
        raise OutOfOrder("This right ended already.")
    _change(grant, {"until": datetime.now(UTC)}, {"until"}, Verb.POST_EDIT, why.strip(), base, by)
    return grant


def add_counterpart(
    code: str, name: str, kind: str, *, by: Hand, level: str = "", place: Place | None = None, thing_id: UUID | None = None
) -> Counterpart:
    """Add an institution or a partner."""
    require(by, Verb.COUNTERPART_EDIT)
    if (before := _new(Counterpart, thing_id)) is not None:
        return before  # type: ignore[no-any-return]
    _needed(code=code, name=name, kind=kind)
    if Counterpart.objects.filter(code__iexact=code.strip()).exists():
        raise BadInput.of(Fault("code", say("{code} is taken. Choose another.", code=code)))
    made: Counterpart = _made(Counterpart, thing_id, code=code.strip(), name=name.strip(), kind=kind.strip(), level=level, place=place)
    made.keep(by=by, verb=Verb.COUNTERPART_EDIT)
    return made


def edit_counterpart(one: Counterpart, *, by: Hand, why: str = "", base: UUID | None = None, **changes: Any) -> Counterpart:
    """Rename, end, or point to the successor. The old name stays readable on what was said under it."""
    require(by, Verb.COUNTERPART_EDIT)
    after = changes.get("successor")
    while after is not None:
        if after.pk == one.pk:
            raise BadInput.of(Fault("successor", "An institution cannot succeed itself. Choose another."))
        after = after.successor
    _change(one, changes, {"name", "kind", "level", "place", "successor", "established", "ended"}, Verb.COUNTERPART_EDIT, why, base, by)
    return one


def add_name(
    place: Place, text: str, language: str, *, by: Hand, form: str = "variant", valid_from: date | None = None,
    valid_to: date | None = None, authority: str = "", thing_id: UUID | None = None,
) -> PlaceName:  # fmt: skip
    """Add a name to a place. U+00D0 becomes Đ; what was typed stays beside it."""
    require(by, Verb.PLACE_EDIT)
    if (before := _new(PlaceName, thing_id)) is not None:
        return before  # type: ignore[no-any-return]
    _needed(text=text, authority=authority)
    if language not in LANGUAGES:
        raise BadInput.of(Fault("language", say("is one of {names}", names=', '.join(sorted(LANGUAGES)))))
    if valid_from and valid_to and valid_to < valid_from:
        raise BadInput.of(Fault("valid_to", "The end is not before the beginning."))
    clean, _ = normalise_name(text.strip())
    if PlaceName.objects.filter(place=place, text=clean, language=language, valid_to__isnull=True).exists():
        raise BadInput.of(Fault("text", "The place has this name in this language already."))
    name: PlaceName = _made(
        PlaceName, thing_id, place=place, text=clean, given=text.strip() if clean != text.strip() else "", language=language, form=form,
        script=script_of(clean), valid_from=valid_from, valid_to=valid_to, authority=authority.strip(),
    )  # fmt: skip
    name.keep(by=by, verb=Verb.PLACE_EDIT)
    return name


def end_name(name: PlaceName, *, on: date, by: Hand, why: str = "", base: UUID | None = None) -> PlaceName:
    """A name is no longer used from the day after `on`. It still finds the place, and old documents still print it."""
    require(by, Verb.PLACE_EDIT)
    if name.valid_to is not None:
        raise OutOfOrder("This name ended already.")
    _change(name, {"valid_to": on}, {"valid_to"}, Verb.PLACE_EDIT, why, base, by)
    return name


def add_term(vocabulary: str, code: str, label: str, *, by: Hand, note: str = "", thing_id: UUID | None = None) -> Term:
    """Add a word to a vocabulary. Words are never invented by an import: this is the door for them."""
    require(by, Verb.TERM_EDIT)
    if (before := _new(Term, thing_id)) is not None:
        return before  # type: ignore[no-any-return]
    _needed(vocabulary=vocabulary, code=code, label=label)
    if not Term.objects.filter(vocabulary=vocabulary).exists():
        raise BadInput.of(Fault("vocabulary", "is not one of the mission's; choose one of the list"))
    if Term.objects.filter(vocabulary=vocabulary, code=code.strip()).exists():
        raise BadInput.of(Fault("code", "The vocabulary has this word already."))
    last = Term.objects.filter(vocabulary=vocabulary).order_by("-order").values_list("order", flat=True).first() or 0
    term: Term = _made(Term, thing_id, vocabulary=vocabulary, code=code.strip(), label=label.strip(), note=note.strip(), order=last + 1)
    term.keep(by=by, verb=Verb.TERM_EDIT)
    return term


def edit_term(term: Term, *, by: Hand, why: str = "", base: UUID | None = None, **changes: Any) -> Term:
    """Re-label or end a word; things that carry it stay readable."""
    require(by, Verb.TERM_EDIT)
    _change(term, changes, {"label", "labels", "note", "order", "ended"}, Verb.TERM_EDIT, why, base, by)
    return term
