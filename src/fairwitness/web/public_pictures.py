"""Pictures at the public door: what was published, with caption, credit and licence; or the words that it was taken down.

Nobody signs in here and nothing is written. The rule it guards: consent of everybody on a picture is read at each request, and
nobody on the way keeps a copy without asking again.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from fairwitness.share.prove import sealed
from fairwitness.share.serve_picture import open_public_picture, points_of_public, public_pictures
from fairwitness.web.ask import page
from fairwitness.web.door import open_door


def _show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    frame = {"marking": _("Public"), "home_url": reverse("web:public"), "seal": sealed()}
    return _fresh(page(request, template, frame | context, status=status))


def _fresh(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-cache, must-revalidate"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@open_door()
@vary_on_headers("Accept-Language")
def every_picture(request: HttpRequest) -> HttpResponse:
    """Every picture that was ever public, newest first."""
    found = Paginator(public_pictures(), 50).get_page(request.GET.get("page"))
    return _show(request, "web/public/pictures.html", {"rows": found.object_list, "page_of": found})


@open_door()
@vary_on_headers("Accept-Language")
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """One picture as it left; or 410 and the words that it ended."""
    found = open_public_picture(slug)
    return _show(request, "web/public/picture.html", {"one": found, "number": found.entry}, 200 if found.standing else 410)


@open_door()
def points(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture itself."""
    answer = _fresh(HttpResponse(points_of_public(slug), content_type="image/jpeg"))
    answer["Content-Disposition"] = f'inline; filename="{slug}.jpg"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


urls = [
    path("public/pictures/", every_picture, name="public_pictures"),
    path("public/pictures/<slug:slug>/", one, name="public_picture"),
    path("public/pictures/<slug:slug>/picture.jpg", points, name="public_picture_points"),
]
