"""Ask: the one kind of form of the house, and how a page answers it.

Each form carries `once` (the id of the thing it makes: the same form sent twice makes one thing) and `base`
(the version the writer saw: a writer who comes second gets 409 with both versions). A ModelForm never saves here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django import forms
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fairwitness.errors import BadInput, spoken
from fairwitness.mission.sort_names import key_of
from fairwitness.record.hand import Hand
from fairwitness.record.kept import Kept
from fairwitness.record.ledger.entry import uuid7

K = TypeVar("K", bound=Kept)
LONGEST = 100_000
BY_NAME = (("name",), ("title",))


class Ask(forms.Form):
    """A form of the house. `hand` is who asks; fields may use it to offer only what the hand may see."""

    NEEDED: ClassVar[dict[str, Any]] = {}
    """When an answer is needed that is neither always needed nor optional: words beside the label."""
    required_css_class = "required"
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    base = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, hand: Hand, initial: dict[str, Any] | None = None, prefix: str | None = None
    ) -> None:
        """As a Django form; `once` is made anew for each empty form."""
        self.hand = hand
        super().__init__(data, files, initial={"once": uuid7(), **(initial or {})}, prefix=prefix)
        self.label_suffix = ""
        for name, field in self.fields.items():
            if name in self.NEEDED:
                field.needed_when = self.NEEDED[name]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                field.choices = [_said(one) for one in cast("Iterable[Any]", field.choices)]
            elif isinstance(field, forms.ModelChoiceField) and field.queryset is not None and field.queryset.query.order_by[:1] in BY_NAME:
                field.iterator = Alphabetical
                field.widget.choices = field.choices

    def __getitem__(self, name: str) -> forms.BoundField:
        """As a Django form, without maxlength: a browser would cut what is pasted in silence; here it is refused with a sentence."""
        self.fields[name].widget.attrs.pop("maxlength", None)
        return super().__getitem__(name)

    def full_clean(self) -> None:
        """As a Django form; text that arrived broken, or is longer than any form needs, is named with its field."""
        super().full_clean()
        for name, value in list(getattr(self, "cleaned_data", {}).items()):
            if isinstance(value, str) and "\ufffd" in value:
                self.add_error(name, _("Part of this did not arrive as text (broken UTF-8). Type it again."))
            elif isinstance(value, str) and len(value) > LONGEST:
                self.add_error(name, _("This is longer than %(most)s signs. Shorten it, or attach it as a file.") % {"most": LONGEST})

    def new_id(self) -> UUID:
        """The id of the thing this form makes."""
        found: UUID | None = self.cleaned_data.get("once")
        return found or uuid7()


class Alphabetical(ModelChoiceIterator):
    """Things to choose from that are asked for by name: in the reader's alphabet, not the database's."""

    def __iter__(self) -> Iterator[Any]:
        """The empty choice, where there is one, then the others."""
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from sorted((self.choice(one) for one in self.queryset), key=lambda choice: key_of(str(choice[1])))


def _said(choice: Any) -> Any:
    """One choice, or one group of choices, with labels of ours in the reader's language; the mission's own words pass as they are."""
    value, label = choice
    if isinstance(label, list | tuple):
        return (_(value) if isinstance(value, str) and value else value, [_said(one) for one in label])
    return (value, _(label) if type(label) is str and label else label)


@contextmanager
def told(form: forms.Form) -> Iterator[None]:
    """Inside, what a function refuses as bad input becomes errors of the form's fields, each with its remedy."""
    try:
        yield
    except BadInput as error:
        for fault in error.faults:
            form.add_error(fault.field if fault.field in form.fields else None, spoken(fault.sentence))
        if not error.faults:
            form.add_error(None, spoken(error.sentence))


def at_version(thing: K, base: UUID | None) -> K:
    """The thing, to be kept only if it still stands at the version the writer saw."""
    if base is not None:
        thing.entry = base
    return thing


def sent(request: HttpRequest) -> Any:
    """What was sent, also when it is empty; None when the page was only opened."""
    return request.POST if request.method == "POST" else None


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int | None = None) -> HttpResponse:
    """A page. When a form in the context (`form`) has errors, the status is 422, never 200."""
    if status is None:
        form = context.get("form")
        status = 422 if isinstance(form, forms.Form) and form.is_bound and form.errors else 200
    return render(request, template, context, status=status)
