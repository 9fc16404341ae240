"""Suggest: names that begin as somebody has begun to type, for the lines of forms: places, institutions, words, members, own things.

A place is found by any of its names in any spelling and script, an institution by any word of its name or by a name of its place. What
is offered is written as the form would read it without a doubt. The rules it guards: eight rows at most and nothing under two
letters; only what the asker may open; an answer looks the same whether nothing exists or nothing may be seen; members are offered by
code and post, never by name, and never a source's identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairwitness.mission.access import visible
from fairwitness.mission.find_institutions import find_institutions, typed_as
from fairwitness.mission.find_places import find as find_places
from fairwitness.mission.fold import fold
from fairwitness.mission.models import Member, Place, Tenure, Term
from fairwitness.mission.name_places import names_of
from fairwitness.mission.read_typed import places_called
from fairwitness.monitor.models import Activity, Source
from fairwitness.record.hand import Hand
from fairwitness.web.door import StaffRequest, door

MOST = 8
LEAST = 2
Row = dict[str, str]


@door(None)
def suggest(request: StaffRequest) -> HttpResponse:
    """Names that begin so, as JSON: what to write, what to show, and how many in a sentence that is read out."""
    words = " ".join(request.GET.get("q", "").split())[:80]
    how = KINDS.get(request.GET.get("kind", ""))
    rows = how(request.hand, words, request.GET) if how is not None and len(fold(words).replace(" ", "")) >= LEAST else []
    said = ngettext("%(n)d name offered", "%(n)d names offered", len(rows)) % {"n": len(rows)} if rows else _("No name offered")
    return JsonResponse({"rows": rows, "said": said}, headers={"Cache-Control": "no-store"})


def _places(hand: Hand, words: str, _asked: Any) -> list[Row]:
    hits = [hit for hit in find_places(words, MOST * 3, least=LEAST) if hit.place.ended is None]
    key = fold(words)
    hits.sort(key=lambda hit: (fold(hit.matched) != key, hit.place.kind != "municipality"))
    hits = hits[:MOST]
    names = names_of([hit.place.id for hit in hits])
    rows = []
    for hit in hits:
        name = names.get(hit.place.id, hit.matched)
        other = hit.matched if fold(hit.matched) not in fold(name) else ""
        rows.append({"value": _place_typed(hit.place, name), "label": name, "note": _joined([other, _(hit.place.kind), hit.within])})
    return rows


def _place_typed(place: Place, name: str) -> str:
    """The name where it is this place's alone, else with its code behind it: what `AnyPlace` reads without asking back."""
    return name if name and len(places_called(name)) == 1 else f"{name} ({place.authority}:{place.code})".strip()


def _institutions(hand: Hand, words: str, _asked: Any) -> list[Row]:
    found = find_institutions(words, MOST)
    names = names_of([one.place_id for one in found if one.place_id])
    return [
        {"value": typed_as(one), "label": one.name, "note": _joined([one.kind, names.get(one.place_id, "") if one.place_id else ""])}
        for one in found
    ]


def _terms(hand: Hand, words: str, asked: Any) -> list[Row]:
    lists = [name[:40] for name in asked.get("list", "").split(",") if name][:8]
    key, rows = fold(words), []
    for term in Term.objects.filter(vocabulary__in=lists, ended__isnull=True).order_by("order", "code"):
        said = [str(word) for word in (term.label, *term.labels.values(), *term.aliases, term.code)]
        hit = next((word for word in said if f" {key}" in f" {fold(word)}"), None)
        if hit is not None:
            row = {"value": term.code, "label": term.label, "note": hit if hit != term.label else ""}
            rows.append((not fold(hit).startswith(key), row))
    return [row for _late, row in sorted(rows, key=lambda pair: pair[0])][:MOST]


def _members(hand: Hand, words: str, _asked: Any) -> list[Row]:
    key = fold(words)
    held = Tenure.objects.filter(until__isnull=True, member__left__isnull=True).select_related("member", "post").order_by("member__code")
    posts: dict[Any, tuple[Member, list[str]]] = {}
    for one in held:
        posts.setdefault(one.member_id, (one.member, []))[1].append(one.post.title)
    found = [(m, titles) for m, titles in posts.values() if any(f" {key}" in f" {fold(said)}" for said in (m.code, *titles))]
    return [{"value": member.code, "label": member.code, "note": "; ".join(titles)} for member, titles in found[:MOST]]


def _activities(hand: Hand, words: str, _asked: Any) -> list[Row]:
    wanted = Q(code__icontains=words) | Q(purpose__icontains=words)
    found = visible(hand, Activity.objects.filter(wanted)).exclude(state=Activity.NOT_DONE).order_by("-id")[:MOST]
    return [{"value": one.code, "label": f"{one.code} {one.purpose}", "note": one.get_kind_display()} for one in found]


def _sources(hand: Hand, words: str, _asked: Any) -> list[Row]:
    wanted = Q(code__icontains=words) | Q(category__icontains=words)
    found = visible(hand, Source.objects.filter(wanted)).order_by("code")[:MOST]
    return [{"value": one.code, "label": one.code, "note": one.category} for one in found]


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(dict.fromkeys(part for part in parts if part))


KINDS: dict[str, Callable[[Hand, str, Any], list[Row]]] = {
    "place": _places, "institution": _institutions, "term": _terms, "member": _members, "activity": _activities, "source": _sources,
}  # fmt: skip
urls = [path("find/suggest", suggest, name="suggest")]
