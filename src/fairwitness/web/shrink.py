"""Shrink: pages, style sheets and scripts travel packed; on a weak link a list of thirty kilobytes becomes one of seven.

Pictures and papers are packed already and pass as they are. Packing pages that repeat what a reader typed can betray a secret that
stands in the same page to somebody who sees only lengths; against that each answer is padded by a random length (Django's "Heal The
Breach"), tokens of forms are masked anew in every page, and no other site can make a browser fetch staff pages in silence with its session
(SameSite). The rule it guards: what has no body of text is never touched.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = frozenset({
    "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json", "text/plain", "text/csv",
})  # fmt: skip


class ShrinkMiddleware(GZipMiddleware):
    """Outside of everything that writes a body: packs text for those who can unpack it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, packed where it is text and whole."""
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind not in TEXTS or response.status_code == 206:
            return response
        return super().process_response(request, response)
