"""Institutions and partners: whom the mission watches, addresses and shares with.

The rule it guards: a dissolved or merged institution points to its successor and stays readable under its own name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.edit import add_counterpart, edit_counterpart
from fairwitness.mission.fold import fold
from fairwitness.mission.models import Counterpart
from fairwitness.mission.name_places import names_of
from fairwitness.mission.sort_names import InOrder, in_order
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.lists_along import list_along
from fairwitness.web.manage_parts import acts, ask_page, base_of, one, paged, table, thing_page
from fairwitness.web.narrow import address_of_institution, narrowed
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.typed_fields import AnyPlace, Day

CHANGES = ("name", "kind", "level", "place", "successor", "established", "ended")


@door(None)
def counterparts(request: StaffRequest) -> HttpResponse:
    """Institutions and partners by name."""
    words, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    kinds = sorted(set(Counterpart.objects.values_list("kind", flat=True)))
    found = Counterpart.objects.select_related("successor").order_by("name")
    found = found.filter(key__contains=fold(words)) if words else found
    found = found.filter(kind=kind) if kind in kinds else found
    only = narrowed(request)
    found = only.apply(found, "place_id", institutions=("id",))
    if asked_for(request):
        return list_along(request, "institutions", found, hand=request.hand)
    rows = paged(request, InOrder(found)) | {"take_along": ways(request, request.hand)}
    listed = [[(c.name, reverse("web:counterpart", args=[c.id])), c.code, c.kind, c.level, c.successor or c.ended] for c in rows["shown"]]
    columns = [_("Name"), _("Code"), _("Kind"), _("Level"), _("Ended, or followed by")]
    context = {
        **rows,
        "h1": _("%(n)d institutions and partners") % {"n": rows["total"]},
        "searching": True,
        "q": words,
        "only": only,
        "filters": [{"name": "kind", "label": _("Kind"), "choices": [(k, k) for k in kinds], "chosen": kind}],
        "tables": [table(_("Institutions and partners"), columns, listed, _("None matches. Try fewer words, or add it."))],
        "acts": acts(request.hand, (Verb.COUNTERPART_EDIT, _("Add one"), reverse("web:counterpart_new"))),
    }
    return page(request, "web/manage/list.html", context)


def _listed(those: Iterable[Counterpart]) -> list[list[Any]]:
    return [[(one.name, reverse("web:counterpart", args=[one.id])), one.code] for one in those]


@door(None)
def counterpart(request: StaffRequest, key: str) -> HttpResponse:
    """One institution or partner."""
    found = one(Counterpart.objects.select_related("parent", "successor"), pk=key)
    before = in_order(Counterpart.objects.filter(successor=found))
    parts = in_order(Counterpart.objects.filter(parent=found))
    place = names_of([found.place_id]).get(found.place_id, "–") if found.place_id else "–"
    facts = [
        (_("Kind"), found.kind),
        (_("Level"), found.level or "–"),
        (_("Place"), place),
        (_("Part of"), found.parent or "–"),
        (_("Established"), found.established or "–"),
        (_("Ended"), found.ended or "–"),
        (_("Followed by"), found.successor or "–"),
        (_("Source"), found.source or "–"),
    ]
    h1 = _("%(name)s ended and was followed by %(next)s") % {"name": found.name, "next": found.successor} if found.successor else found.name
    return thing_page(
        request, request.hand, [found.id],
        h1=h1,
        code=found.code,
        facts=facts,
        up={"href": reverse("web:counterparts"), "text": _("Institutions and partners")}, work_url=address_of_institution(found),
        tables=[
            table(_("Before it"), [_("Name"), _("Code")], _listed(before), _("None known.")),
            table(_("Parts of it"), [_("Name"), _("Code")], _listed(parts), _("None.")),
        ],
        acts=acts(
            request.hand,
            (Verb.COUNTERPART_EDIT, _("Rename it, end it, name its successor"), reverse("web:counterpart_edit", args=[found.id])),
        ),
    )


class CounterpartForm(Ask):
    """A new institution or partner."""

    code = forms.CharField(label=lazy("Code"), max_length=80)
    name = forms.CharField(label=lazy("Name"), max_length=300)
    kind = forms.CharField(label=lazy("Kind"), max_length=80, help_text=lazy("For example municipality, court, police, partner"))
    level = forms.CharField(label=lazy("Level"), max_length=24, required=False, help_text=lazy("For example municipal, central"))
    place = AnyPlace(label=lazy("Place"), required=False)


class CounterpartChange(Ask):
    """What may change about an institution."""

    name = forms.CharField(label=lazy("Name"), max_length=300)
    kind = forms.CharField(label=lazy("Kind"), max_length=80)
    level = forms.CharField(label=lazy("Level"), max_length=24, required=False)
    place = AnyPlace(label=lazy("Place"), required=False)
    established = Day(label=lazy("Established"), required=False)
    ended = Day(label=lazy("Ended"), required=False)
    successor = forms.ModelChoiceField(Counterpart.objects.order_by("name"), label=lazy("Followed by"), required=False)
    why = forms.CharField(label=lazy("Why"), max_length=300)


@door(Verb.COUNTERPART_EDIT, "GET", "POST")
def counterpart_new(request: StaffRequest) -> HttpResponse:
    """Add an institution or a partner."""
    form = CounterpartForm(sent(request), hand=request.hand)

    def act(asked: Ask) -> Counterpart:
        said = asked.cleaned_data
        return add_counterpart(
            said["code"], said["name"], said["kind"], by=request.hand, level=said["level"], place=said["place"], thing_id=asked.new_id()
        )

    h1, then = _("Add an institution or a partner"), lambda made: reverse("web:counterpart", args=[made.id])
    return ask_page(request, form, act, then, h1=h1, submit=_("Add it"), back=reverse("web:counterparts"))


@door(Verb.COUNTERPART_EDIT, "GET", "POST")
def counterpart_edit(request: StaffRequest, key: str) -> HttpResponse:
    """Rename, end, name the successor."""
    found = one(Counterpart.objects.select_related("place"), pk=key)
    start: dict[str, Any] = {name: getattr(found, name) for name in CHANGES} | {"base": found.entry}
    form = CounterpartChange(sent(request), hand=request.hand, initial=start)
    address = reverse("web:counterpart", args=[found.id])

    def act(asked: Ask) -> Counterpart:
        changes = {name: asked.cleaned_data[name] for name in CHANGES}
        return edit_counterpart(found, by=request.hand, why=asked.cleaned_data["why"], base=base_of(asked), **changes)

    h1 = _("Change %(what)s") % {"what": found.name}
    return ask_page(request, form, act, lambda _made: address, h1=h1, submit=_("Change it"), back=address)


urls = [
    path("manage/counterparts/", counterparts, name="counterparts"),
    path("manage/counterparts/new/", counterpart_new, name="counterpart_new"),
    path("manage/counterparts/<uuid:key>/", counterpart, name="counterpart"),
    path("manage/counterparts/<uuid:key>/edit/", counterpart_edit, name="counterpart_edit"),
]
