"""House styles: how names of places are printed, for whom and since when, with how some places look under each.

The rule it guards: whoever changes a style sees on the same page what that makes of well-known names, and who wrote what before stays
readable below it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.access import may
from fairwitness.mission.models import HouseStyle, Place
from fairwitness.mission.name_places import names_of
from fairwitness.mission.restyle import SEPARATORS, add_style, edit_style, rule_of, typed
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.manage_parts import acts, ask_page, base_of, one, table, thing_page
from fairwitness.web.typed_fields import Day

SHOWN = 12


@door(None)
def styles(request: StaffRequest) -> HttpResponse:
    """Every style, by audience and since when."""
    today = timezone.localdate()
    rows = [
        [
            (s.name, reverse("web:style", args=[s.id])),
            s.audience,
            ", ".join(s.rule.get("order", [])),
            s.valid_from,
            s.valid_to,
            _held(s, today),
        ]
        for s in HouseStyle.objects.order_by("audience", "valid_from", "code")
    ]
    columns = [_("Style"), _("For"), _("Languages in order"), _("Since"), _("Until"), _("Now")]
    context = {
        "h1": _("Names are printed in %(n)d styles") % {"n": len(rows)},
        "say": _("A text keeps the style of its day. To write differently from a day on, follow a style by a new one."),
        "tables": [table(_("House styles of names"), columns, rows, _("No style. Names stand as the gazetteer has them."))],
        "acts": acts(request.hand, (Verb.TERM_EDIT, _("Begin a style"), reverse("web:style_new"))),
    }
    return page(request, "web/manage/list.html", context)


def _held(style: HouseStyle, on: date) -> str:
    begun, ended = style.valid_from is None or style.valid_from <= on, style.valid_to is not None and style.valid_to < on
    return _("ended") if ended else _("holds") if begun else _("begins later")


@door(None)
def style(request: StaffRequest, key: str) -> HttpResponse:
    """One style: its rule, what it makes of some names, its history."""
    found = one(HouseStyle.objects, pk=key)
    rule, words = found.rule, typed(found.rule)
    on = found.valid_to or max(timezone.localdate(), found.valid_from or date.min)
    exceptions = [line.split(" = ") for line in words["exceptions"].splitlines()]
    edits = may(request.hand, Verb.TERM_EDIT)
    offered = acts(
        request.hand,
        (Verb.TERM_EDIT, _("Correct it"), reverse("web:style_edit", args=[found.id])),
        (Verb.TERM_EDIT, _("Follow it by a new one"), f"{reverse('web:style_new')}?after={found.id}"),
    )
    return thing_page(
        request, request.hand, [found.id],
        h1=found.name,
        code=found.code,
        up={"href": reverse("web:styles"), "text": _("House styles of names")},
        facts=[
            (_("For"), found.audience),
            (_("Languages in order"), words["order"] or "–"),
            (_("Between them"), f"“{rule.get('separator', '/')}”"),
            (_("With marks (ë, š)"), _("yes") if rule.get("marks", True) else _("no")),
            (_("Once, when all are equal"), _("yes") if rule.get("once_when_equal", True) else _("no")),
            (_("Since"), found.valid_from or "–"),
            (_("Until"), found.valid_to or "–"),
            (_("Source"), found.source or "–"),
        ],
        tables=[
            table(_("What it makes of names"), [_("Place"), _("Printed")], _examples(found, on), _("No place has a name yet.")),
            table(_("Where the order differs"), [_("Languages in order"), _("Places")], exceptions, _("Nowhere.")),
        ],
        acts=offered if edits and found.valid_to is None else offered[:1],
    )  # fmt: skip


def _examples(found: HouseStyle, on: date) -> list[list[Any]]:
    places = list(Place.objects.filter(kind="municipality").order_by("code")[:SHOWN])
    printed = names_of([p.pk for p in places], found.audience, on)
    return [[(f"{p.authority}:{p.code}", reverse("web:place", args=[p.pk])), printed.get(p.pk, "–")] for p in places]


class StyleForm(Ask):
    """A style as it is typed."""

    name = forms.CharField(label=lazy("Name"), max_length=200)
    audience = forms.CharField(
        label=lazy("For whom"), max_length=80, help_text=lazy("For example OSCE, or public-sq for readers of Albanian")
    )
    order = forms.CharField(label=lazy("Languages in their order"), max_length=120, help_text=lazy("With commas: sq, sr-Latn"))
    separator = forms.ChoiceField(label=lazy("Between them"), choices=[(sign, f"“{sign}”") for sign in SEPARATORS])
    marks = forms.BooleanField(label=lazy("With marks (ë, š)"), required=False, initial=True)
    once_when_equal = forms.BooleanField(label=lazy("Once, when all are equal"), required=False, initial=True)
    exceptions = forms.CharField(
        label=lazy("Where the order differs"), required=False, max_length=5000, widget=forms.Textarea,
        help_text=lazy("One line each: sr-Latn, sq = ask:12 ask:14"),
    )  # fmt: skip
    valid_from = Day(label=lazy("Since"), required=False)
    source = forms.CharField(label=lazy("Source"), max_length=500, required=False)
    why = forms.CharField(label=lazy("Why"), max_length=300)

    def rule(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The rule that was typed."""
        said = self.cleaned_data
        return rule_of(
            said["order"],
            said["separator"],
            said["exceptions"],
            marks=said["marks"],
            once_when_equal=said["once_when_equal"],
            before=before,
        )


class NewStyleForm(StyleForm):
    """A style that begins."""

    code = forms.CharField(label=lazy("Code"), max_length=80, help_text=lazy("Short and lasting, such as osce-2027"))
    field_order = ("code",)


class StyleChange(StyleForm):
    """A style that is corrected."""

    valid_to = Day(label=lazy("Until"), required=False, help_text=lazy("Empty while it holds"))
    field_order = (
        *("name", "audience", "order", "separator", "marks", "once_when_equal", "exceptions"),
        "valid_from",
        "valid_to",
        "source",
        "why",
    )


def _typed(found: HouseStyle) -> dict[str, Any]:
    rule = found.rule
    return {
        "name": found.name, "audience": found.audience, **typed(rule), "separator": rule.get("separator", "/"),
        "marks": rule.get("marks", True), "once_when_equal": rule.get("once_when_equal", True), "source": found.source,
    }  # fmt: skip


@door(Verb.TERM_EDIT, "GET", "POST")
def style_new(request: StaffRequest) -> HttpResponse:
    """Begin a style, also in place of another from a day on."""
    after = one(HouseStyle.objects, pk=request.GET["after"]) if "after" in request.GET else None
    form = NewStyleForm(sent(request), hand=request.hand, initial=_typed(after) if after else None)

    def act(asked: Ask) -> HouseStyle:
        said = asked.cleaned_data
        return add_style(
            said["code"], said["name"], said["audience"], form.rule(after.rule if after else None), by=request.hand,
            valid_from=said["valid_from"], source=said["source"], instead_of=after, why=said["why"], thing_id=asked.new_id(),
        )  # fmt: skip

    h1 = _("Follow “%(name)s” by a new style") % {"name": after.name} if after else _("Begin a style")
    back = reverse("web:styles")
    return ask_page(request, form, act, lambda made: reverse("web:style", args=[made.id]), h1=h1, submit=_("Begin it"), back=back)


@door(Verb.TERM_EDIT, "GET", "POST")
def style_edit(request: StaffRequest, key: str) -> HttpResponse:
    """Correct a style."""
    found = one(HouseStyle.objects, pk=key)
    start = {**_typed(found), "valid_from": found.valid_from, "valid_to": found.valid_to, "base": found.entry}
    form = StyleChange(sent(request), hand=request.hand, initial=start)
    address = reverse("web:style", args=[found.id])

    def act(asked: Ask) -> HouseStyle:
        said = asked.cleaned_data
        changes = {name: said[name] for name in ("name", "audience", "valid_from", "valid_to", "source")}
        return edit_style(found, by=request.hand, why=said["why"], base=base_of(asked), rule=form.rule(found.rule), **changes)

    say = _("Texts printed again are written by it as well. To write differently from a day on, follow it by a new style instead.")
    h1 = _("Correct “%(name)s”") % {"name": found.name}
    return ask_page(request, form, act, lambda _made: address, h1=h1, submit=_("Correct it"), back=address, say=say)


urls = [
    path("manage/styles/", styles, name="styles"),
    path("manage/styles/new/", style_new, name="style_new"),
    path("manage/styles/<uuid:key>/", style, name="style"),
    path("manage/styles/<uuid:key>/edit/", style_edit, name="style_edit"),
]
