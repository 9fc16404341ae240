"""The line in which a place is typed: where a name belongs to several places, the choice stands under it, and one tick settles it.

The rule it guards: nothing is guessed, and nobody has to know a code. The tick counts only for the words it was offered for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fairwitness.mission.models import Place
from fairwitness.mission.name_places import names_of
from fairwitness.mission.read_typed import MOST_CHOICES, places_called
from fairwitness.web.suggest_line import SuggestLine


class PlaceLine(SuggestLine):
    """A line of text; the same form sent again with a tick sends the code of the place that was meant."""

    kind = "place"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The ticked place where the words are still those it was offered for; else the words."""
        typed, meant = data.get(name), data.get(f"{name}-which")
        return meant if meant and typed == data.get(f"{name}-of") else typed

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The line, and under it the places it may mean."""
        line = super().render(name, value, attrs, renderer)
        several = places_called(value)[:MOST_CHOICES] if isinstance(value, str) and value.strip() else []
        if len(several) < 2:
            return line
        names = names_of([place.id for place in several] + [place.parent_id for place in several if place.parent_id])
        ticks = format_html_join(
            "",
            '<label class="check"><input type="radio" name="{}" value="{}"><span>{}</span></label>',
            ((f"{name}-which", f"{place.authority}:{place.code}", _said(place, names)) for place in several),
        )
        return format_html(
            '{}<input type="hidden" name="{}" value="{}"><fieldset class="field"><legend>{}</legend>{}</fieldset>',
            line, f"{name}-of", value, _("Which one?"), ticks,
        )  # fmt: skip


def _said(place: Place, names: dict[Any, str]) -> str:
    within = names.get(place.parent_id, "") if place.parent_id else ""
    kind = _(place.kind)
    if within:
        return _("%(name)s, %(kind)s in %(within)s") % {"name": names.get(place.id, place.code), "kind": kind, "within": within}
    return _("%(name)s, %(kind)s") % {"name": names.get(place.id, place.code), "kind": kind}
