"""Words: the controlled vocabularies, with labels by language.

The rule it guards: an import never invents a word; this page is the door for new ones. Ended words stay readable on old things.
"""

from __future__ import annotations

from django import forms
from django.db.models import Count
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.access import may
from fairwitness.mission.edit import add_term, edit_term
from fairwitness.mission.models import Term
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import Ask, page, sent
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.lists_along import list_along
from fairwitness.web.manage_parts import acts, ask_page, base_of, one, paged, table
from fairwitness.web.take_along import asked_for, ways
from fairwitness.web.typed_fields import Day


@door(None)
def terms(request: StaffRequest) -> HttpResponse:
    """The words of the mission, vocabulary by vocabulary."""
    chosen = request.GET.get("vocabulary", "")
    books = dict(Term.objects.order_by().values_list("vocabulary").annotate(Count("id")))
    found = Term.objects.order_by("vocabulary", "order", "code")
    found = found.filter(vocabulary=chosen) if chosen in books else found
    if asked_for(request):
        return list_along(request, "words", found, hand=request.hand)
    rows = paged(request, found) | {"take_along": ways(request, request.hand)}
    edits = may(request.hand, Verb.TERM_EDIT)
    listed = [
        [
            (t.label, reverse("web:term_edit", args=[t.id])) if edits else t.label,
            t.code,
            t.vocabulary,
            ", ".join(f"{text} ({language})" for language, text in sorted(t.labels.items())),
            t.ended,
        ]
        for t in rows["shown"]
    ]
    columns = [_("Word"), _("Code"), _("Vocabulary"), _("In other languages"), _("Ended")]
    choices = [(name, f"{name} ({count})") for name, count in sorted(books.items())]
    context = {
        **rows,
        "h1": _("%(n)d words in %(books)d vocabularies") % {"n": rows["total"], "books": 1 if chosen in books else len(books)},
        "filters": [{"name": "vocabulary", "label": _("Vocabulary"), "choices": choices, "chosen": chosen}],
        "tables": [table(_("Words"), columns, listed, _("No word yet. A mission pack brings them."))],
        "acts": acts(request.hand, (Verb.TERM_EDIT, _("Add a word"), reverse("web:term_new"))),
    }
    return page(request, "web/manage/list.html", context)


class TermForm(Ask):
    """A new word."""

    vocabulary = forms.CharField(label=lazy("Vocabulary"), max_length=80, help_text=lazy("One of the mission's, as in the list"))
    code = forms.SlugField(label=lazy("Code"), max_length=80)
    label = forms.CharField(label=lazy("Word"), max_length=200)
    note = forms.CharField(label=lazy("What it means"), widget=forms.Textarea, max_length=2000, required=False)


class TermChange(Ask):
    """What may change about a word."""

    label = forms.CharField(label=lazy("Word"), max_length=200)
    note = forms.CharField(label=lazy("What it means"), widget=forms.Textarea, max_length=2000, required=False)
    ended = Day(label=lazy("Ended"), required=False, help_text=lazy("From then on nobody chooses it; old things keep it"))
    why = forms.CharField(label=lazy("Why"), max_length=300)


@door(Verb.TERM_EDIT, "GET", "POST")
def term_new(request: StaffRequest) -> HttpResponse:
    """Add a word."""
    form = TermForm(sent(request), hand=request.hand, initial={"vocabulary": request.GET.get("vocabulary", "")})

    def act(asked: Ask) -> Term:
        said = asked.cleaned_data
        return add_term(
            said["vocabulary"].strip(), said["code"], said["label"], by=request.hand, note=said["note"], thing_id=asked.new_id()
        )

    back = reverse("web:terms")
    return ask_page(
        request, form, act, lambda made: f"{back}?vocabulary={made.vocabulary}", h1=_("Add a word"), submit=_("Add it"), back=back
    )


@door(Verb.TERM_EDIT, "GET", "POST")
def term_edit(request: StaffRequest, key: str) -> HttpResponse:
    """Re-label or end a word."""
    found = one(Term.objects, pk=key)
    start = {"label": found.label, "note": found.note, "ended": found.ended, "base": found.entry}
    form = TermChange(sent(request), hand=request.hand, initial=start)

    def act(asked: Ask) -> Term:
        said = asked.cleaned_data
        return edit_term(
            found, by=request.hand, why=said["why"], base=base_of(asked), label=said["label"], note=said["note"], ended=said["ended"]
        )

    back = f"{reverse('web:terms')}?vocabulary={found.vocabulary}"
    return ask_page(
        request, form, act, lambda _made: back, h1=_("Change “%(word)s”") % {"word": found.label}, submit=_("Change it"), back=back
    )


urls = [
    path("manage/terms/", terms, name="terms"),
    path("manage/terms/new/", term_new, name="term_new"),
    path("manage/terms/<uuid:key>/edit/", term_edit, name="term_edit"),
]
