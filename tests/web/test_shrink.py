"""What is text travels packed and arrives as it was; what is packed already, or has no body, passes as it is."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory
from people import People

from fairwitness.web.shrink import ShrinkMiddleware

pytestmark = pytest.mark.django_db
PACKED = {"HTTP_ACCEPT_ENCODING": "gzip"}


def test_a_page_is_packed_for_those_who_ask_and_says_the_same(people: People) -> None:
    plain, packed = Client().get("/public/"), Client().get("/public/", **PACKED)  # type: ignore[arg-type]
    assert "Content-Encoding" not in plain and packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert b"<h1" in gzip.decompress(packed.content)


def test_the_style_sheet_is_packed_too() -> None:
    answer = Client().get(f"{settings.STATIC_URL}fairwitness.css", **PACKED)  # type: ignore[arg-type]
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200 and answer["Content-Encoding"] == "gzip" and b"font-family" in gzip.decompress(body)


@pytest.mark.parametrize("kind", ["image/jpeg", "application/pdf", "application/octet-stream", "font/woff2"])
def test_what_is_packed_already_passes(kind: str) -> None:
    def give(_request: Any) -> HttpResponse:
        return HttpResponse(b"\x00" * 5000, content_type=kind)

    answer = ShrinkMiddleware(give)(RequestFactory().get("/", **PACKED))  # type: ignore[arg-type]
    assert "Content-Encoding" not in answer and answer.content == b"\x00" * 5000


def test_a_file_that_is_given_out_keeps_its_length(tmp_path: Any) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF" + b"\x00" * 5000)

    def give(_request: Any) -> FileResponse:
        return FileResponse((tmp_path / "a.pdf").open("rb"), content_type="application/pdf")

    answer = ShrinkMiddleware(give)(RequestFactory().get("/", **PACKED))  # type: ignore[arg-type,type-var]
    assert answer["Content-Length"] == "5004"


def test_the_same_page_twice_has_two_lengths(people: People) -> None:
    """Who only sees lengths learns little: each answer is padded anew."""
    lengths = {len(Client().get("/public/", **PACKED).content) for _ in range(12)}  # type: ignore[arg-type]
    assert len(lengths) > 1
