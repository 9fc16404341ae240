"""What leaves as a list: harmless to a spreadsheet, marked, as of a moment, no heavier than the right to carry it, the same again."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from people import People

from fairwitness.errors import BadInput, Refused
from fairwitness.mission.list_lines import bare
from fairwitness.mission.read_list import read_list
from fairwitness.recommend.draft import draft_recommendation
from fairwitness.record.models import Entry
from fairwitness.record.verbs import Verb
from fairwitness.share.export import export, risky, safe, write
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db
SIGNS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\u00a0+", "\u3000@", "\n-", "\ufeff="]
EVIL = [f"{sign}cmd|'/c calc'!A1" for sign in SIGNS]
LISTS = {
    "/monitor/": "observations", "/monitor/activities/": "activities", "/analyse/findings/": "findings", "/analyse/": "observations",
    "/warn/": "warnings", "/report/": "reports", "/recommend/": "recommendations", "/recommend/?show=drafts": "recommendations",
    "/assist/": "trainings", "/manage/counterparts/": "institutions", "/manage/places/": "places", "/manage/terms/": "words",
}  # fmt: skip

FILLED = ("/analyse/", "/recommend/", "/assist/", "/manage/counterparts/", "/manage/places/")
"""Lists that are not empty in the small mission, or offer their file even so."""


@pytest.mark.parametrize("cell", EVIL)
def test_no_cell_runs_as_a_formula_in_any_form(cell: str) -> None:
    assert risky(cell) and safe(cell) == f"'{cell}" and not risky(f"a{cell}")
    text = write("list", ["Words"], [[cell]], "csv", marking="Public").data.decode("utf-8-sig")
    assert all(not risky(line.strip('"')) for line in text.split("\r\n") if line)
    book = openpyxl.load_workbook(io.BytesIO(write("list", ["Words"], [[cell]], "xlsx", marking="Public").data))
    found = next(one for row in book.active.iter_rows() for one in row if "calc" in str(one.value))  # type: ignore[union-attr]
    assert found.data_type == "s" and found.quotePrefix


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=15)] * 3), min_size=1, max_size=6))
def test_a_file_comes_back_as_it_left(rows: list[tuple[str, str, str]]) -> None:
    wanted = [tuple(bare(cell) for cell in row) for row in rows if any(cell.strip() for cell in row)]
    clean = [row for row in rows if any(cell.strip() for cell in row)]
    if not clean or any(cell.startswith("'") for row in clean for cell in (one.strip() for one in row)):
        return
    for form in ("csv", "xlsx"):
        made = write("list", ["First", "Second", "Third"], clean, form, marking="Public", said=["As of now"])
        found = read_list(made.data)
        assert found.headings == ["First", "Second", "Third"] and [row.cells for row in found.rows] == wanted


def test_figures_days_and_nothing_stay_what_they_are_and_broken_signs_are_replaced(people: People) -> None:
    row = [7, date(2026, 5, 11), None, datetime(2026, 5, 11, 12, tzinfo=UTC), "a\x01b", 10**20]
    made = write("list", list("ABCDEF"), [row], "xlsx", marking="Public")
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    last = list(book.active.iter_rows(values_only=True))[-1]  # type: ignore[union-attr]
    assert last == (7, datetime(2026, 5, 11), None, "2026-05-11T12:00:00+00:00", "a\ufffdb", str(10**20))


def test_who_carries_what_is_on_record_and_nothing_heavier_leaves(people: People) -> None:
    by = people.hand(people.publisher)
    made = export("list", ["A"], [["x"]], "xlsx", by=by, marking=1, coverage="Two visits.")
    found = openpyxl.load_workbook(io.BytesIO(made.data)).active
    head = [row[0] for row in found.iter_rows(values_only=True)]  # type: ignore[union-attr]
    assert head[0] == "Mission internal" and head[-3:] == ["Two visits.", "A", "x"] and str(head[-4]).startswith("As of ")
    last = Entry.objects.order_by("-seq").first()
    assert last is not None and last.verb == "release.export" and last.member == str(people.publisher.pk)
    with pytest.raises(Refused):
        export("list", ["A"], [["x"]], "csv", by=by, marking=2)
    with pytest.raises(Refused):
        export("list", ["A"], [["x"]], "csv", by=people.hand(people.monitor), marking=0)
    with pytest.raises(BadInput, match="exe"):
        export("list", ["A"], [["x"]], "exe", by=by, marking=0)


def client(people: People, who: str) -> Client:
    cache.clear()
    made = Client(raise_request_exception=True)
    made.force_login(Account.objects.create_account(who, "a long enough one", getattr(people, who).id))
    return made


@pytest.mark.parametrize("address", list(LISTS))
def test_every_list_leaves_by_the_same_door(people: People, settings: Any, address: str) -> None:
    settings.SECOND_FACTOR = "offered"
    publisher, monitor = client(people, "publisher"), client(people, "monitor")
    sign = "&" if "?" in address else "?"
    assert ("format=xlsx" in publisher.get(address).content.decode()) or address not in FILLED
    assert "format=xlsx" not in monitor.get(address).content.decode()
    for form in ("csv", "xlsx", "json"):
        before = Entry.objects.filter(verb=Verb.RELEASE_EXPORT.value).count()
        answer = publisher.get(f"{address}{sign}format={form}")
        assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
        assert LISTS[address] in answer["Content-Disposition"]
        assert Entry.objects.filter(verb=Verb.RELEASE_EXPORT.value).count() == before + 1
        assert monitor.get(f"{address}{sign}format={form}").status_code == 403
    assert publisher.get(f"{address}{sign}format=exe").status_code == 400
    assert Entry.objects.filter(verb=Verb.RELEASE_EXPORT.value).count() == before + 1


def test_a_list_holds_what_its_reader_may_carry_and_nothing_else(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    for code, weight in (("R-INTERNAL", 1), ("R-HEAVY", 2)):
        draft_recommendation(
            code=code, title="=cmd()", act="Do it", override="For a test", sensitivity=weight, unit=people.units["HQ"],
            by=people.hand(people.drafter),
        )  # fmt: skip
    text = client(people, "publisher").get("/recommend/?show=drafts&format=csv").content.decode("utf-8-sig")
    assert "R-INTERNAL" in text and "R-HEAVY" not in text and "'=cmd()" in text and text.startswith("Mission internal")
