"""Places and all their names: each name with its language, script, form, time and authority.

The rule it guards: a place is never its name. Names are added and end; a place is found by any of them.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.access import may
from fairwitness.mission.edit import add_name, end_name
from fairwitness.mission.fold import fold
from fairwitness.mission.models import Area, Counterpart, Place, PlaceName
from fairwitness.mission.name_places import names_of
from fairwitness.mission.sort_names import InOrder, in_order
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.lists_along import list_along
from fairwitness.web.manage_parts import acts, ask_page, base_of, one, paged, table, thing_page
from fairwitness.web.manage_people import LANGUAGES
from fairwitness.web.narrow import address_of_place
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.typed_fields import Day

BUNCH = 5_000  # ids in one question: engines take only so many
FORMS = [("main", lazy("main")), ("usual", lazy("usual")), ("variant", lazy("variant")), ("historical", lazy("historical"))]


@door(None)
def places(request: StaffRequest) -> HttpResponse:
    """Places, found by any name."""
    words, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    kinds = sorted(set(Place.objects.order_by().values_list("kind", flat=True).distinct()))
    found = Place.objects.order_by("kind", "code", "id")
    if fold(words):
        found = found.filter(pk__in=PlaceName.objects.filter(key__startswith=fold(words)).values("place_id"))
    found = found.filter(kind=kind) if kind in kinds else found
    if asked_for(request):
        return list_along(request, "places", found, hand=request.hand)
    rows = paged(request, _by_kind_and_name(found)) | {"take_along": ways(request, request.hand)}
    names = names_of([p.id for p in rows["shown"]] + [p.parent_id for p in rows["shown"] if p.parent_id])
    listed = [
        [
            (names.get(p.id, p.code or "?"), reverse("web:place", args=[p.id])),
            p.kind,
            names.get(p.parent_id, "") if p.parent_id else "",
            f"{p.authority}:{p.code}" if p.code else "",
            p.ended,
        ]
        for p in rows["shown"]
    ]
    context = {
        **rows,
        "h1": _("%(n)d places") % {"n": rows["total"]},
        "searching": True,
        "q": words,
        "filters": [{"name": "kind", "label": _("Kind"), "choices": [(k, k) for k in kinds], "chosen": kind}],
        "tables": [
            table(
                _("Places"),
                [_("Name"), _("Kind"), _("In"), _("Code"), _("Ended")],
                listed,
                _("No place has such a name. Import places first."),
            )
        ],
    }
    return page(request, "web/manage/list.html", context)


def _by_kind_and_name(found: Any) -> InOrder:
    """Places by the names the page shows, kind by kind."""
    kinds = dict(found.values_list("pk", "kind"))
    turn = {kind: at for at, kind in enumerate(sorted(set(kinds.values())))}
    every, names = list(kinds), dict[Any, str]()
    for start in range(0, len(every), BUNCH):
        names |= names_of(every[start : start + BUNCH])
    return InOrder(found, names, {pk: turn[kind] for pk, kind in kinds.items()})


@door(None)
def place(request: StaffRequest, key: str) -> HttpResponse:
    """One place with every name it has or had."""
    found = one(Place.objects.select_related("parent"), pk=key)
    names = list(PlaceName.objects.filter(place=found).order_by("valid_to", "form", "language"))
    rows = _rows(names, may(request.hand, Verb.PLACE_EDIT))
    areas = Area.objects.filter(place=found, until__isnull=True).select_related("unit")
    holds = in_order(Counterpart.objects.filter(place=found))[:50]
    shown = names_of([found.id, *([found.parent_id] if found.parent_id else [])])
    facts = [
        (_("Kind"), found.kind),
        (_("In"), shown.get(found.parent_id, "–") if found.parent_id else "–"),
        (_("Code"), f"{found.authority}:{found.code}" if found.code else "–"),
        (_("Coordinates"), _where(found)),
        (_("Source"), found.source or "–"),
    ]
    return thing_page(
        request, request.hand, [found.id, *(name.id for name in names)],
        h1=shown.get(found.id, found.code or _("A place without a name")),
        code=found.code,
        up={"href": reverse("web:places"), "text": _("Places")}, work_url=address_of_place(found),
        facts=facts,
        tables=[
            table(
                _("Names"), [_("Name"), _("Language"), _("Script"), _("Form"), _("From"), _("To"), _("Authority")], rows, _("No name yet.")
            ),
            table(
                _("Who answers for it"),
                [_("Unit"), _("Since")],
                [[(a.unit.name, reverse("web:unit", args=[a.unit_id])), a.since] for a in areas],
                _("No unit of its own; the unit of what it lies in does."),
            ),
            table(
                _("Institutions there"),
                [_("Name"), _("Kind")],
                [[(c.name, reverse("web:counterpart", args=[c.id])), c.kind] for c in holds],
                _("None."),
            ),
        ],
        acts=acts(request.hand, (Verb.PLACE_EDIT, _("Add a name"), reverse("web:name_new", args=[found.id]))),
    )


def _rows(names: list[PlaceName], edit: bool) -> list[list[object]]:
    """A line for each name; where it still stands, whoever may can end it."""
    return [
        [_in(name), name.language, name.script, name.form, name.valid_from,
         name.valid_to or ((_("End it"), reverse("web:name_end", args=[name.place_id, name.id])) if edit else ""), name.authority]
        for name in names
    ]  # fmt: skip


def _in(name: PlaceName) -> str:
    return f"{name.text} ({_('given as')} {name.given})" if name.given and name.given != name.text else name.text


def _where(found: Place) -> str:
    return f"{found.latitude}, {found.longitude}" if found.latitude else "–"


class NameForm(Ask):
    """A name of a place."""

    text = forms.CharField(label=lazy("Name"), max_length=300)
    language = forms.ChoiceField(label=lazy("Language"), choices=LANGUAGES)
    form = forms.ChoiceField(label=lazy("Form"), choices=FORMS, initial="variant")
    valid_from = Day(label=lazy("From"), required=False)
    valid_to = Day(label=lazy("To"), required=False)
    authority = forms.CharField(
        label=lazy("Authority"), max_length=120, help_text=lazy("Who says so: a law, a gazetteer, the people who live there")
    )


@door(Verb.PLACE_EDIT, "GET", "POST")
def name_new(request: StaffRequest, key: str) -> HttpResponse:
    """Add a name to a place."""
    found = one(Place.objects, pk=key)
    form = NameForm(sent(request), hand=request.hand)
    address = reverse("web:place", args=[found.id])

    def act(asked: Ask) -> PlaceName:
        said = asked.cleaned_data
        return add_name(
            found,
            said["text"],
            said["language"],
            by=request.hand,
            form=said["form"],
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
            authority=said["authority"],
            thing_id=asked.new_id(),
        )

    h1 = _("Add a name to %(place)s") % {"place": names_of([found.id]).get(found.id, found.code)}
    return ask_page(request, form, act, lambda _made: address, h1=h1, submit=_("Add it"), back=address)


class NameEnd(Ask):
    """From when a name is no longer used."""

    on = Day(label=lazy("Last day"), help_text=lazy("It still finds the place, and texts of its time still print it"))
    why = forms.CharField(label=lazy("Why"), max_length=300, help_text=lazy("The act that renamed it, or who says so"))


@door(Verb.PLACE_EDIT, "GET", "POST")
def name_end(request: StaffRequest, key: str, name_key: str) -> HttpResponse:
    """End a name of a place, with the reason."""
    name = one(PlaceName.objects.select_related("place"), pk=name_key, place_id=key)
    form = NameEnd(sent(request), hand=request.hand, initial={"base": name.entry})
    address = reverse("web:place", args=[name.place_id])

    def act(asked: Ask) -> PlaceName:
        return end_name(name, on=asked.cleaned_data["on"], why=asked.cleaned_data["why"], base=base_of(asked), by=request.hand)

    h1 = _("%(name)s is no longer used") % {"name": name.text}
    return ask_page(request, form, act, lambda _made: address, h1=h1, submit=_("End it"), back=address)


urls = [
    path("manage/places/", places, name="places"),
    path("manage/places/<uuid:key>/", place, name="place"),
    path("manage/places/<uuid:key>/names/new/", name_new, name="name_new"),
    path("manage/places/<uuid:key>/names/<uuid:name_key>/end/", name_end, name="name_end"),
]
