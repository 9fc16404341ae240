"""A question that takes too long is stopped on both engines, with a sentence how to narrow it; writing is never cut off; others go on."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from fairwitness.web import in_time as module
from fairwitness.web.in_time import TooWide, in_time
from fairwitness.web.refuse import refuse

pytestmark = pytest.mark.django_db
ENDLESS = {
    "sqlite": "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT {n}) SELECT COUNT(*) FROM c",
    "postgresql": "SELECT COUNT(*) FROM generate_series(1, {n}::bigint) x",
}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 0.4)


def count(request: HttpRequest, n: int) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ENDLESS[connection.vendor].format(n=n))
        return HttpResponse(str(cursor.fetchone()[0]))


def test_a_long_question_is_stopped_and_says_how_to_narrow_it() -> None:
    request: Any = RequestFactory().get("/find/")
    began = time.monotonic()
    with pytest.raises(TooWide) as stopped:
        in_time(count, request, 100_000_000_000)
    assert time.monotonic() - began < 10
    answer = refuse(request, stopped.value)
    assert answer.status_code == 413 and "choose a place" in answer.content.decode()
    assert in_time(count, request, 10).content == b"10"


def test_a_question_to_the_full_text_table_is_stopped() -> None:
    """A full-text question without a match runs in few steps of the engine: what counts steps would hardly see it."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has it")
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE heap USING fts5(w, tokenize='ascii', detail=column)")
        rows = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 300000)"
        cursor.execute(f"INSERT INTO heap (rowid, w) {rows} SELECT x, CASE x % 2 WHEN 0 THEN 'even' ELSE 'odd' END FROM c")

    def ask(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            many = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 200)"
            cursor.execute(f"{many} SELECT SUM((SELECT COUNT(*) FROM heap WHERE heap MATCH 'even AND odd' AND x > 0)) FROM c")
            return HttpResponse("never stopped")

    request: Any = RequestFactory().get("/find/")
    with pytest.raises(TooWide):
        in_time(ask, request)


def test_writing_is_not_cut_off() -> None:
    request: Any = RequestFactory().post("/find/")
    slow = 3_000_000 if connection.vendor == "sqlite" else 4_000_000
    assert in_time(count, request, slow).content == str(slow).encode()


def test_other_faults_stay_what_they_are() -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise OperationalError("disk I/O error")

    request: Any = RequestFactory().get("/find/")
    with pytest.raises(OperationalError, match="disk"):
        in_time(broken, request)
