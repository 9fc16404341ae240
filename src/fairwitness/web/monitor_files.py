"""Files of monitoring: attach one, and take one down as it came.

The rule it guards: a file from outside is never shown inside a page of ours; it is handed over as a download, under the
kind its first bytes say, and the browser is told not to guess. What a page shows of a picture was made here (see `pictures`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from fairwitness.mission.access import open_one
from fairwitness.monitor.attach import attach_file, open_attachment
from fairwitness.monitor.models import Activity, Attachment, Claim, Observation
from fairwitness.record.verbs import Verb
from fairwitness.web.ask import told
from fairwitness.web.door import StaffRequest, door
from fairwitness.web.monitor_forms import AttachmentForm
from fairwitness.web.monitor_write import ask, sent

OWNERS: dict[str, Any] = {"observations": Observation, "claims": Claim, "activities": Activity}
PAGES = {"observations": "web:observation", "claims": "web:claim", "activities": "web:activity"}


@door(Verb.ATTACHMENT_ADD, "GET", "POST")
def attach(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Attach a file to an observation, a claim or an activity."""
    if kind not in OWNERS:
        raise Http404
    owner = open_one(request.hand, OWNERS[kind].objects.select_related("unit"), code=code)
    form = AttachmentForm(sent(request), request.FILES if request.method == "POST" else None, hand=request.hand)
    if request.method == "POST" and form.is_valid():
        with told(form):
            file = form.cleaned_data["file"]
            made = attach_file(owner, file, file_name=file.name, **form.said("file"), thing_id=form.new_id(), by=request.hand)
            # A picture goes on to its own page: what looks like it is offered there, and who is on it is asked.
            return redirect("web:picture", made.code) if made.is_picture else redirect(PAGES[kind], owner.code)
    title = _("Attach a file to %(code)s") % {"code": owner.code}
    return ask(request, form, title, _("Attach it"), cancel_url=reverse(PAGES[kind], args=[code]))


@door(Verb.ATTACHMENT_READ)
def download(request: StaffRequest, code: str) -> HttpResponse:
    """The file as it came, as a download."""
    thing = open_one(request.hand, Attachment.objects.select_related("unit", "claim__source"), code=code)
    answer = StreamingHttpResponse(open_attachment(thing, by=request.hand), content_type=thing.media_type)
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in thing.file_name)
    answer["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(thing.file_name)}"
    answer["Content-Length"] = str(thing.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


urls = [
    path("monitor/<slug:kind>/<slug:code>/attach", attach, name="attach"),
    path("monitor/files/<slug:code>", download, name="attachment"),
]
