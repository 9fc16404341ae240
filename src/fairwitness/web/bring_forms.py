"""Forms of bringing a list: the file, which column is which, what unknown words mean. Everything is a choice; the keyboard is enough.

The rule it guards: nothing is matched unseen. Each column stands with what its first rows say, and a word of the list
is given a meaning only from what the mission has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy as when_asked
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from fairwitness.mission.access import may
from fairwitness.mission.bring import LEAVE
from fairwitness.mission.fold import fold
from fairwitness.mission.handling import SENSITIVITIES
from fairwitness.mission.list_lines import MOST_BYTES
from fairwitness.mission.match_columns import Column, target_of, targets
from fairwitness.mission.models import Import, ListProfile
from fairwitness.mission.read_csv import ENCODINGS
from fairwitness.mission.read_list import ReadList
from fairwitness.record.hand import Hand
from fairwitness.web.ask import Ask

SHOWN_WORDS = 60
"""Unknown words to a page: the most frequent first, and the rest after these are settled."""
EMPTY = "~empty"


def _labels() -> list[tuple[str, str]]:
    return [("", _("Choose")), *((one.name, _(one.label)) for one in targets())]


class BringForm(Ask):
    """A file, and what it is a list of."""

    file = forms.FileField(
        label=lazy("File"), help_text=when_asked(lambda: _("Excel (.xlsx) or CSV, at most %(mb)s MB") % {"mb": MOST_BYTES >> 20}, str)()
    )
    target = forms.ChoiceField(label=lazy("What it is a list of"), choices=_labels)
    sensitivity = forms.TypedChoiceField(label=lazy("How sensitive its things are"), choices=SENSITIVITIES, coerce=int, initial=1)
    sheet = forms.CharField(
        label=lazy("Sheet"), max_length=120, required=False, help_text=lazy("Of a workbook; left empty, the first that is not hidden")
    )
    encoding = forms.ChoiceField(
        label=lazy("Encoding"), required=False, choices=[("", lazy("find out")), *((one, one) for one in ENCODINGS)],
        help_text=lazy("Only for a CSV file whose letters came out wrong"),
    )  # fmt: skip

    def __init__(self, *given: Any, hand: Hand, **values: Any) -> None:
        """Offers only the kinds of lists whose things this hand may make."""
        super().__init__(*given, hand=hand, **values)
        allowed = [(one.name, _(one.label)) for one in targets() if may(hand, one.verb)]
        self.fields["target"].choices = [("", _("Choose")), *allowed]  # type: ignore[attr-defined]


class ColumnsForm(Ask):
    """Which column is which field, one value for all rows where a column is missing, and how days are written."""

    def __init__(self, *given: Any, hand: Hand, imported: Import, found: ReadList, **values: Any) -> None:
        """A choice for each column of the file, with what its first rows say."""
        super().__init__(*given, hand=hand, initial={"base": imported.entry}, **values)
        self.imported, self.target = imported, target_of(imported.target)
        offered = [("", _("not taken")), *((one.name, self._words(one)) for one in self.target.columns)]
        for at, heading in enumerate(imported.headings):
            said = " · ".join(dict.fromkeys(row.cells[at][:40] for row in found.rows[:40] if row.cells[at]))[:120]
            self.fields[f"c{at}"] = forms.ChoiceField(
                label=heading, choices=offered, required=False, initial=imported.columns.get(heading, ""),
                help_text=_("For example %(cells)s") % {"cells": said} if said else _("Empty in the first rows"),
            )  # fmt: skip
        for column in self.target.columns:
            if column.choices is not None and (column.needed or imported.fixed.get(column.name)):
                self._fixed(column)
        self.fields["day_order"] = forms.ChoiceField(
            label=_("How days are written"), choices=ListProfile.ORDERS, initial=imported.day_order
        )
        self.fields["profile"] = forms.CharField(
            label=_("Keep this match under a name"), max_length=80, required=False,
            initial=imported.profile.name if imported.profile else "", help_text=_("It is offered when your unit brings this list again"),
        )  # fmt: skip

    def _words(self, column: Column) -> str:
        return f"{_(column.label)} ({_('needed')})" if column.needed else str(_(column.label))

    def _fixed(self, column: Column) -> None:
        choices = column.choices() if column.choices is not None else []
        label = _("%(field)s, the same for every row") % {"field": _(column.label)}
        start = self.imported.fixed.get(column.name, "")
        if choices:
            field: forms.Field = forms.ChoiceField(label=label, choices=[("", _("from a column")), *choices], required=False, initial=start)
        else:
            field = forms.CharField(label=label, max_length=300, required=False, initial=start)
        field.help_text = _(column.hint) if column.hint else _("Only where no column says it")
        self.fields[f"f_{column.name}"] = field

    def columns(self) -> dict[str, str]:
        """Heading to field."""
        return {heading: self.cleaned_data.get(f"c{at}", "") for at, heading in enumerate(self.imported.headings)}

    def fixed(self) -> dict[str, str]:
        """Field to the value of every row."""
        return {name[2:]: value for name, value in self.cleaned_data.items() if name.startswith("f_")}


class WordsForm(Ask):
    """What words of the list mean here: something the mission has, nothing, or that their rows are left out."""

    def __init__(self, *given: Any, hand: Hand, imported: Import, **values: Any) -> None:
        """A choice for each unknown word, the nearest known ones first."""
        super().__init__(*given, hand=hand, initial={"base": imported.entry}, **values)
        self.words: list[dict[str, Any]] = imported.unknown[:SHOWN_WORDS]
        target = target_of(imported.target)
        every: dict[str, Sequence[tuple[str, str]]] = {}
        for at, word in enumerate(self.words):
            column = target.column(word["field"])
            if column is None:
                continue
            if column.name not in every:
                every[column.name] = column.choices() if column.choices is not None else []
            self._ask(at, word, column, every[column.name])

    def _ask(self, at: int, word: dict[str, Any], column: Column, every: Sequence[tuple[str, str]]) -> None:
        near = [(str(code), str(label)) for code, label in word["near"]]
        ways = [(LEAVE, _("leave its rows out"))] + ([] if column.needed else [(EMPTY, _("leave the field empty"))])
        groups: list[Any] = [("", _("not said yet"))]
        groups += [(_("Nearest"), near)] if near else []
        groups += [(_("All"), list(every))] if every else []
        times = ngettext("in %(n)d row, first in row %(row)d", "in %(n)d rows, first in row %(row)d", word["times"])
        self.fields[f"w{at}"] = forms.ChoiceField(
            label=_("%(field)s “%(word)s”") % {"field": _(column.label), "word": word["word"]}, choices=[*groups, (_("Otherwise"), ways)],
            required=False, help_text=times % {"n": word["times"], "row": word["row"]},
        )  # fmt: skip
        if not every:
            self.fields[f"t{at}"] = forms.CharField(
                label=_("or write which is meant by “%(word)s”") % {"word": word["word"]}, max_length=200, required=False,
                help_text=_("A code, or a name the mission knows"),
            )  # fmt: skip

    def meant(self) -> dict[str, dict[str, str]]:
        """Field to word to what is meant, of the words about which something was said."""
        found: dict[str, dict[str, str]] = {}
        for at, word in enumerate(self.words):
            said = self.cleaned_data.get(f"t{at}", "").strip() or self.cleaned_data.get(f"w{at}", "")
            if said:
                found.setdefault(word["field"], {})[word.get("key") or fold(word["word"])] = "" if said == EMPTY else said
        return found
