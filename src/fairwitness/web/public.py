"""The public door: what the mission published, what it asked for, what came of it, and how anybody checks that nothing was changed.

Nobody signs in here and nothing is written. Pages hold releases as they left and nothing else: no codes of staff or sources, no
number of the inner log, no hour of work. What was taken down answers 410 with its tombstone and its proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from fairwitness.errors import NotThere
from fairwitness.mission.sort_names import in_order
from fairwitness.mission.tell_time import today
from fairwitness.recommend.follow import WORDS
from fairwitness.recommend.models import Rating
from fairwitness.record.ledger.canonical import canonical
from fairwitness.share.export import write
from fairwitness.share.prove import entry_of, proof, sealed
from fairwitness.share.serve import Served, open_release, paper_of, releases
from fairwitness.share.track import Tracked, narrow, tracked
from fairwitness.web.ask import page
from fairwitness.web.door import open_door

COLUMNS = (
    "Recommendation", "Addressee", "Act", "Due", "Measured by", "Mission says", "Mission's evidence", "Last checked", "Authority says",
    "Authority's evidence", "Published in",
)  # fmt: skip


def _fresh(answer: HttpResponse) -> HttpResponse:
    """Whoever keeps a copy on the way asks again each time: a page may be taken down at any moment."""
    answer["Cache-Control"] = "no-cache, must-revalidate"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    frame = {"marking": _("Public"), "home_url": reverse("web:public"), "seal": sealed()}
    return _fresh(page(request, template, frame | context, status=status))


@open_door()
@vary_on_headers("Accept-Language")
def front(request: HttpRequest) -> HttpResponse:
    """Everything that was ever public, newest first; what ended says so."""
    found = Paginator(releases(), 50).get_page(request.GET.get("page"))
    return _show(request, "web/public/releases.html", {"rows": found.object_list, "page_of": found})


@open_door()
@vary_on_headers("Accept-Language")
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """One publication, as it left; or 410, the words that it ended, and the proof of both."""
    found = open_release(slug)
    number = found.published_entry if found.standing else found.ended_entry
    context: dict[str, Any] = {"r": found, "number": number, "back": found.published_entry}
    if found.standing:
        context |= {
            "content": found.content, "demo_notice": found.content["demo_notice"], "footnote": found.content["footnote"],
            "foot_notes": [found.content["language_note"]], "marking": found.content["marking"],
        }  # fmt: skip
        return _show(request, "web/public/release.html", context)
    return _show(request, "web/public/ended.html", context, status=410)


@open_door()
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The PDF of a publication that stands."""
    answer = HttpResponse(paper_of(slug), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{slug}.pdf"'
    return _fresh(answer)


@open_door()
def content(request: HttpRequest, slug: str) -> HttpResponse:
    """The very bytes whose SHA-256 stands in the public log."""
    found = _standing(slug)
    answer = HttpResponse(canonical(found.content), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{slug}.json"'
    return _fresh(answer)


def _standing(slug: str) -> Served:
    found = open_release(slug)
    if not found.standing:
        raise NotThere()
    return found


@open_door()
@vary_on_headers("Accept-Language")
def tracker(request: HttpRequest) -> HttpResponse:
    """What the mission asked for in public, and what came of it, as each side says."""
    lines = tracked()
    to, theme, words = (request.GET.get(name, "")[:200] for name in ("to", "theme", "q"))
    chosen = narrow(lines, to=to, theme=theme, words=words)
    form = request.GET.get("format", "")
    if form:
        made = write("recommendations", COLUMNS, [_row(one) for one in chosen], form, marking="Public")
        answer = HttpResponse(made.data, content_type=made.media_type)
        answer["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
        return _fresh(answer)
    asked = request.GET.copy()
    asked.pop("page", None)
    found = Paginator(chosen, 50).get_page(request.GET.get("page"))
    context = {
        "rows": found.object_list, "page_of": found, "counts": _counts(lines), "today": today(), "to": to, "theme": theme, "q": words,
        "addressees": in_order({one.addressee for one in lines}), "themes": in_order({one.theme for one in lines if one.theme}),
        "asked": asked.urlencode(), "chosen": len(chosen),
    }  # fmt: skip
    return _show(request, "web/public/tracker.html", context)


@open_door()
@vary_on_headers("Accept-Language")
def tracked_one(request: HttpRequest, code: str) -> HttpResponse:
    """One recommendation in public: the ask, every rating that was let out, and where it was published."""
    found = next((one for one in tracked() if one.code == code), None)
    if found is None:
        raise NotThere()
    ratings = [(rating, _entry(rating)) for rating in found.ratings]
    return _show(request, "web/public/tracked.html", {"one": found, "ratings": ratings, "today": today()})


def _entry(rating: Rating) -> int | None:
    entry = entry_of(rating.pk)
    return entry.seq if entry else None


def _counts(lines: Sequence[Tracked]) -> dict[str, int]:
    status = [one.mission.status if one.mission else "not_assessed" for one in lines]
    return {
        "all": len(lines), "done": sum(s in ("implemented", "sustained") for s in status),
        "begun": sum(s in ("started", "partly") for s in status), "unseen": sum(s == "not_assessed" for s in status),
        "late": sum(one.late for one in lines),
    }  # fmt: skip


def _row(one: Tracked) -> list[Any]:
    mission, authority = one.mission, one.authority
    return [
        one.code, one.addressee, one.act, one.due_words, one.indicator, WORDS[mission.status] if mission else "not assessed",
        mission.public_note if mission else "", one.last_checked, WORDS[authority.status] if authority else "no reply yet",
        authority.public_note if authority else "", one.page,
    ]  # fmt: skip


@open_door()
@vary_on_headers("Accept-Language")
def check(request: HttpRequest) -> HttpResponse:
    """How anybody checks the list: its newest signed root, the key, the command, and what it shows and does not."""
    return _show(request, "web/public/check.html", {})


@open_door()
def entry_proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof of one entry of the public log, as a file for `check-proof`."""
    made = proof(number)
    answer = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="public-entry-{number}.proof.json"'
    return _fresh(answer)


@open_door()
@vary_on_headers("Accept-Language")
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry of the public log in words, with its proof to take along."""
    made = proof(number)
    return _show(request, "web/public/entry.html", {"proof": made, "number": number})


@open_door()
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed root of the public log, as a note that witnesses keep."""
    found = sealed()
    if found is None:
        raise NotThere()
    return _fresh(HttpResponse(found.note, content_type="text/plain; charset=utf-8"))


urls = [
    path("public/", front, name="public"),
    path("public/tracker/", tracker, name="public_tracker"),
    path("public/tracker/<slug:code>/", tracked_one, name="public_tracked"),
    path("public/check/", check, name="public_check"),
    path("public/check/checkpoint", checkpoint, name="public_checkpoint"),
    path("public/check/<int:number>/", entry, name="public_entry"),
    path("public/check/<int:number>/proof.json", entry_proof, name="public_proof"),
    path("public/releases/<slug:slug>/", release, name="public_release"),
    path("public/releases/<slug:slug>/paper.pdf", paper, name="public_pdf"),
    path("public/releases/<slug:slug>/content.json", content, name="public_content"),
]
"""Every address of the public door."""
