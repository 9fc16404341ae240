"""Managing the mission: where to go, and the units with the places they answer for.

There is no other way in for administrators: what stands here is changed by a post's rights, at the version its writer saw, on
record. Nothing is deleted; units close, areas end.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.access import may
from fairwitness.mission.edit import add_unit, assign_area, edit_unit, end_area
from fairwitness.mission.models import Area, Counterpart, Grant, HouseStyle, Member, Place, Post, Power, Tenure, Term, Unit
from fairwitness.mission.name_places import names_of
from fairwitness.record.verbs import Verb
from fairwitness.web import (
    manage_counterparts,
    manage_people,
    manage_places,
    manage_posts,
    manage_rights,
    manage_sign_in,
    manage_styles,
    manage_terms,
)
from fairwitness.web.ask import Ask, page, sent
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.manage_parts import acts, ask_page, base_of, one, table, thing_page
from fairwitness.web.typed_fields import AnyPlace, Day

HOME = "web:manage"


@door(None)
def manage(request: StaffRequest) -> HttpResponse:
    """Everything the mission is made of, with its number."""
    vacant = Post.objects.filter(abolished__isnull=True).exclude(tenures__in=Tenure.objects.filter(until__isnull=True)).count()
    rooms = [
        (_("Mandate"), "web:mandate", _("decisions, tasks, structure, figures by year")),
        (_("Units and areas"), "web:units", _("%(n)d units") % {"n": Unit.objects.filter(closed__isnull=True).count()}),
        (_("Places and their names"), "web:places", _("%(n)d places") % {"n": Place.objects.count()}),
        (_("Institutions and partners"), "web:counterparts", _("%(n)d of them") % {"n": Counterpart.objects.count()}),
        (_("Words"), "web:terms", _("%(n)d terms") % {"n": Term.objects.filter(ended__isnull=True).count()}),
        (_("House styles of names"), "web:styles", _("%(n)d styles") % {"n": HouseStyle.objects.count()}),
    ]
    if may(request.hand, Verb.STAFF_READ):
        rooms[1:1] = [
            (_("People"), "web:people", _("%(n)d members") % {"n": Member.objects.filter(left__isnull=True).count()}),
            (_("Posts"), "web:posts", _("%(n)d vacant") % {"n": vacant}),
            (_("Rights"), "web:rights", _("%(n)d lines") % {"n": Grant.objects.filter(until__isnull=True).count()}),
            (_("Extra power"), "web:powers", _("%(n)d to review") % {"n": Power.objects.filter(review="").count()}),
        ]
    listed = [{"text": text, "href": reverse(name), "note": note} for text, name, note in rooms]
    return page(request, "web/manage/manage.html", {"rooms": listed})


@door(None)
def units(request: StaffRequest) -> HttpResponse:
    """Units, each under the one above it."""
    below: dict[Any, list[Unit]] = {}
    for unit in Unit.objects.order_by("closed", "code"):
        below.setdefault(unit.parent_id, []).append(unit)
    areas: dict[Any, int] = {}
    for held in Area.objects.filter(until__isnull=True).values_list("unit_id", flat=True):
        areas[held] = areas.get(held, 0) + 1
    rows: list[list[Any]] = []

    def walk(parent: Any, depth: int) -> None:
        for unit in below.get(parent, ()):
            state = _("closed") if unit.closed else _("made up") if unit.invented else ""
            name = f"{'— ' * depth}{unit.name}"
            rows.append([(name, reverse("web:unit", args=[unit.id])), unit.code, unit.kind, areas.get(unit.id, 0), state])
            walk(unit.id, depth + 1)

    walk(None, 0)
    columns = [_("Unit"), _("Code"), _("Kind"), _("Places it answers for"), _("State")]
    tables = [table(_("Units"), columns, rows, _("No unit yet. A mission pack brings them, or open one."))]
    offered = acts(request.hand, (Verb.UNIT_EDIT, _("Open a unit"), reverse("web:unit_new")))
    h1 = _("The mission has %(n)d units") % {"n": len(rows)}
    return page(request, "web/manage/list.html", {"h1": h1, "tables": tables, "acts": offered})


@door(None)
def unit(request: StaffRequest, key: str) -> HttpResponse:
    """One unit: its facts, the places it answers for, its posts."""
    found = one(Unit.objects.select_related("parent"), pk=key)
    areas = list(Area.objects.filter(unit=found).order_by("until", "since"))
    names = names_of(area.place_id for area in areas)
    edits = may(request.hand, Verb.AREA_EDIT)
    area_rows = [
        [
            (names.get(area.place_id, "?"), reverse("web:place", args=[area.place_id])),
            area.since,
            area.until,
            (_("End it"), reverse("web:area_end", args=[area.id]))
            if edits and area.until is None
            else (_("made up") if area.invented else ""),
        ]
        for area in areas
    ]
    posts = Post.objects.filter(unit=found).order_by("code")
    post_rows = [[(post.title, reverse("web:post", args=[post.id])), post.code, post.role] for post in posts]
    return thing_page(
        request, request.hand, [found.id, *(area.id for area in areas)],
        h1=found.name,
        code=found.code,
        up={"href": reverse("web:units"), "text": _("Units")},
        facts=[
            (_("Kind"), found.kind),
            (_("Above it"), found.parent or "–"),
            (_("Opened"), found.opened or "–"),
            (_("Closed"), found.closed or "–"),
        ],
        tables=[
            table(_("Places it answers for"), [_("Place"), _("Since"), _("Until"), ""], area_rows, _("It answers for no place.")),
            table(_("Posts"), [_("Post"), _("Code"), _("Role")], post_rows, _("It has no post.")),
        ],
        acts=acts(
            request.hand,
            (Verb.UNIT_EDIT, _("Rename, move or close it"), reverse("web:unit_edit", args=[found.id])),
            (Verb.AREA_EDIT, _("Let it answer for a place"), reverse("web:area_new", args=[found.id])),
        ),
    )


class UnitForm(Ask):
    """A unit."""

    code = forms.CharField(label=lazy("Code"), max_length=80, help_text=lazy("Short and lasting, such as PZ-T2"))
    name = forms.CharField(label=lazy("Name"), max_length=200)
    kind = forms.CharField(label=lazy("Kind"), max_length=24, help_text=lazy("For example field team, regional centre, department"))
    parent = forms.ModelChoiceField(Unit.objects.filter(closed__isnull=True).order_by("name"), label=lazy("Above it"))
    opened = Day(label=lazy("Opened"), required=False)


class UnitChange(Ask):
    """What may change about a unit."""

    name = forms.CharField(label=lazy("Name"), max_length=200)
    kind = forms.CharField(label=lazy("Kind"), max_length=24)
    parent = forms.ModelChoiceField(Unit.objects.order_by("name"), label=lazy("Above it"), required=False)
    closed = Day(label=lazy("Closed"), required=False, help_text=lazy("Empty while it works"))
    why = forms.CharField(label=lazy("Why"), max_length=300)


class AreaForm(Ask):
    """A place a unit answers for."""

    place = AnyPlace(label=lazy("Place"))
    since = Day(label=lazy("Since"), required=False)


@door(Verb.UNIT_EDIT, "GET", "POST")
def unit_new(request: StaffRequest) -> HttpResponse:
    """Open a unit."""
    form = UnitForm(sent(request), hand=request.hand)

    def act(asked: Ask) -> Unit:
        told = asked.cleaned_data
        return add_unit(
            told["code"], told["name"], told["kind"], told["parent"], by=request.hand, opened=told["opened"], thing_id=asked.new_id()
        )

    return ask_page(
        request,
        form,
        act,
        lambda made: reverse("web:unit", args=[made.id]),
        h1=_("Open a unit"),
        submit=_("Open it"),
        back=reverse("web:units"),
    )


@door(Verb.UNIT_EDIT, "GET", "POST")
def unit_edit(request: StaffRequest, key: str) -> HttpResponse:
    """Rename, move or close a unit."""
    found = one(Unit.objects, pk=key)
    start = {"name": found.name, "kind": found.kind, "parent": found.parent_id, "closed": found.closed, "base": found.entry}
    form = UnitChange(sent(request), hand=request.hand, initial=start)
    address = reverse("web:unit", args=[found.id])

    def act(asked: Ask) -> Unit:
        changes = {name: asked.cleaned_data[name] for name in ("name", "kind", "parent", "closed")}
        return edit_unit(found, by=request.hand, why=asked.cleaned_data["why"], base=base_of(asked), **changes)

    return ask_page(
        request, form, act, lambda _made: address, h1=_("Change %(what)s") % {"what": found.name}, submit=_("Change it"), back=address
    )


@door(Verb.AREA_EDIT, "GET", "POST")
def area_new(request: StaffRequest, key: str) -> HttpResponse:
    """Let a unit answer for a place."""
    found = one(Unit.objects, pk=key)
    form = AreaForm(sent(request), hand=request.hand)
    address = reverse("web:unit", args=[found.id])

    def act(asked: Ask) -> Area:
        told = asked.cleaned_data
        return assign_area(found, told["place"], by=request.hand, since=told["since"], thing_id=asked.new_id())

    h1 = _("Let %(unit)s answer for a place") % {"unit": found.name}
    return ask_page(request, form, act, lambda _made: address, h1=h1, submit=_("Let it answer"), back=address)


class DayForm(Ask):
    """From which day."""

    on = Day(label=lazy("Last day"))


@door(Verb.AREA_EDIT, "GET", "POST")
def area_end(request: StaffRequest, key: str) -> HttpResponse:
    """A unit no longer answers for a place."""
    found = one(Area.objects.select_related("unit"), pk=key)
    form = DayForm(sent(request), hand=request.hand, initial={"on": timezone.localdate(), "base": found.entry})
    address = reverse("web:unit", args=[found.unit_id])
    h1 = _("%(unit)s no longer answers for %(place)s") % {"unit": found.unit, "place": names_of([found.place_id]).get(found.place_id, "?")}
    return ask_page(
        request,
        form,
        lambda asked: end_area(found, on=asked.cleaned_data["on"], by=request.hand, base=base_of(asked)),
        lambda _made: address,
        h1=h1,
        submit=_("End it"),
        back=address,
    )


urls = [
    path("manage/", manage, name="manage"),
    path("manage/units/", units, name="units"),
    path("manage/units/new/", unit_new, name="unit_new"),
    path("manage/units/<uuid:key>/", unit, name="unit"),
    path("manage/units/<uuid:key>/edit/", unit_edit, name="unit_edit"),
    path("manage/units/<uuid:key>/areas/new/", area_new, name="area_new"),
    path("manage/areas/<uuid:key>/end/", area_end, name="area_end"),
    *manage_people.urls,
    *manage_sign_in.urls,
    *manage_posts.urls,
    *manage_rights.urls,
    *manage_counterparts.urls,
    *manage_places.urls,
    *manage_terms.urls,
    *manage_styles.urls,
]
