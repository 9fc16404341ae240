"""Pages on which members talk about a thing: comment, return it to its author, assign it, finish, say that one has read.

The rule it guards: these pages open with the thing and no further; what is said stands on record, and is no part of what the
mission says.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from fairwitness.mission.access import may, open_one
from fairwitness.mission.models import Member
from fairwitness.mission.tell_time import today
from fairwitness.monitor import discuss
from fairwitness.monitor.models import Assignment
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.monitor_forms import Sent
from fairwitness.web.monitor_versions import KINDS, address_of, open_thing
from fairwitness.web.monitor_write import ask, sent
from fairwitness.web.typed_fields import Day
from fairwitness.web.verify_fields import words

PAGES = {model.kind_on_record(): (kind, name) for kind, (model, name) in KINDS.items()}
"""For each kind of thing on record: its part of the address, and its page."""


class CommentForm(Sent):
    """A comment."""

    text = words(
        lazy("What you say"), most=5_000, help_text=lazy("Name a colleague as @code, and it stands on their home page. No names of sources")
    )


class ReturnForm(Sent):
    """Back to the author."""

    text = words(lazy("What is to be changed"), most=5_000, help_text=lazy("It stands on the author’s home page until they correct it"))
    due = Day(label=lazy("By when"), required=False)


class AssignForm(Sent):
    """A task for a member."""

    member = forms.ModelChoiceField(Member.objects.filter(left__isnull=True).order_by("code"), label=lazy("To whom"))
    task = forms.CharField(label=lazy("What is to be done"), max_length=300)
    due = Day(label=lazy("By when"), required=False)


class FinishForm(Sent):
    """It is done."""

    note = forms.CharField(label=lazy("What came of it"), max_length=300, required=False)


def talk_of(request: StaffRequest, kind: str, thing: Any) -> dict[str, Any]:
    """What `web/monitor/talk.html` shows under a thing."""
    hand, code = request.hand, getattr(thing, "code", "") or str(thing.id)
    asked = discuss.assignments_of(thing, hand)
    offered = (
        (Verb.COMMENT_MAKE, "comment", _("Comment")), (Verb.ASSIGNMENT_GIVE, "assign", _("Assign it")),
        (Verb.ENTRY_RETURN, "return", _("Return it to its author")),
    )  # fmt: skip
    return {
        "comments": discuss.comments_of(thing, hand), "unread": len(discuss.unread(thing, hand)), "kind": kind, "code": code,
        "assignments": [
            {"one": one, "late": one.done is None and one.due is not None and one.due < today(),
             "mine": one.done is None and hand.member in (one.member_id, one.given_by_id)}
            for one in asked
        ],
        "acts": [
            {"href": reverse(f"web:{name}", args=[kind, code]), "text": word} for verb, name, word in offered if may(hand, verb, thing)
        ],
    }  # fmt: skip


@door(Verb.COMMENT_MAKE, "GET", "POST")
def comment(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Comment on a thing."""
    thing = open_thing(request.hand, kind, code)
    form = CommentForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            discuss.comment(thing, form.cleaned_data["text"], thing_id=form.new_id(), by=request.hand)
            return redirect(address_of(kind, code) + "#talk")
    return ask(request, form, _("Comment on %(thing)s") % {"thing": thing}, _("Comment"), cancel_url=address_of(kind, code))


@door(Verb.ENTRY_RETURN, "GET", "POST")
def send_back(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Return a thing to its author."""
    thing = open_thing(request.hand, kind, code)
    form = ReturnForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            said = form.cleaned_data
            discuss.return_to_author(thing, said["text"], due=said["due"], thing_id=form.new_id(), by=request.hand)
            return redirect(address_of(kind, code) + "#talk")
    title = _("Return %(thing)s to its author") % {"thing": thing}
    return ask(request, form, title, _("Return it"), cancel_url=address_of(kind, code))


@door(Verb.ASSIGNMENT_GIVE, "GET", "POST")
def assign(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Ask a member to do something about a thing."""
    thing = open_thing(request.hand, kind, code)
    form = AssignForm(sent(request), hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            said = form.cleaned_data
            discuss.assign(thing, said["member"], task=said["task"], due=said["due"], thing_id=form.new_id(), by=request.hand)
            return redirect(address_of(kind, code) + "#talk")
    return ask(request, form, _("Assign %(thing)s") % {"thing": thing}, _("Assign it"), cancel_url=address_of(kind, code))


@door(Verb.COMMENT_READ, "POST")
def have_read(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Say that one has read where one was named."""
    thing = open_thing(request.hand, kind, code)
    discuss.read_mentions(thing, by=request.hand)
    return redirect(address_of(kind, code) + "#talk")


@door(Verb.ASSIGNMENT_FINISH, "GET", "POST")
def finish(request: StaffRequest, key: UUID) -> HttpResponse:
    """Say that something asked is done."""
    asked = open_one(request.hand, Assignment.objects.select_related("unit"), pk=key)
    kind, _name = PAGES[asked.kind]
    form = FinishForm(sent(request), hand=request.hand, initial={"base": asked.entry})
    back = address_of(kind, asked.about)
    if request.method == "POST" and form.is_valid():
        with told(form):
            discuss.finish(asked, note=form.cleaned_data["note"], base=form.cleaned_data["base"], by=request.hand)
            return redirect(back + "#talk")
    return ask(request, form, _("Is it done?"), _("It is done"), said=asked.task, cancel_url=back)


urls = [
    path("monitor/<slug:kind>/<slug:code>/comment", comment, name="comment"),
    path("monitor/<slug:kind>/<slug:code>/return", send_back, name="return"),
    path("monitor/<slug:kind>/<slug:code>/assign", assign, name="assign"),
    path("monitor/<slug:kind>/<slug:code>/read", have_read, name="have_read"),
    path("monitor/assignments/<uuid:key>/finish", finish, name="assignment_finish"),
]
