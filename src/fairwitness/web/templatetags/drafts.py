"""Drafts in forms: what the server kept of this form for whoever reads the page, put back only when asked.

`{% kept_draft form name as kept %}` gives the draft of this page's form, or nothing. With `?draft=NAME` in the address the form
is filled with it, without any script. A form that was sent and came back with faults is left alone: it holds newer words.
"""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.http import QueryDict

from fairwitness.web.models import Account, Draft

register = template.Library()


@register.simple_tag(takes_context=True)
def kept_draft(context: template.RequestContext, form: forms.Form | None, name: str) -> dict[str, Any] | None:
    """The draft of this form and whether it was put back: {"at", "name", "taken"}; None when there is none or nobody is signed in."""
    request = getattr(context, "request", None)
    account = getattr(request, "user", None)
    name = (request.GET.get("draft") if request is not None else "") or name
    if not isinstance(account, Account) or form is None or not name or getattr(form, "secret", False):
        return None
    assert request is not None
    draft = Draft.objects.filter(account_id=account.pk, page=request.path, name=name).first()
    words = draft.words() if draft is not None else None
    if draft is None or words is None:
        return None
    taken = request.GET.get("draft") == name and not form.is_bound
    if taken:
        put_back(form, words)
    return {"at": draft.at, "name": name, "taken": taken}


def put_back(form: forms.Form, words: list[tuple[str, str]]) -> None:
    """Fill an unsent form with the words of a draft; what the form does not ask (any more) is left out."""
    sent = QueryDict(mutable=True)
    for name, value in words:
        sent.appendlist(name, value)
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            continue
        key = form.add_prefix(name)
        value = field.widget.value_from_datadict(sent, {}, key)
        if not field.widget.value_omitted_from_data(sent, {}, key):
            form.initial[name] = value
