"""A list brought by its pages, as by somebody with a keyboard and no script: file, columns, words, trial, taking, undoing."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from people import People

from fairwitness.mission.models import Import, Term
from fairwitness.monitor.models import Observation
from fairwitness.record.hand import command
from fairwitness.record.ledger.entry import uuid7
from fairwitness.record.verbs import Verb
from fairwitness.record.work import work_all
from fairwitness.web.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(people: People, settings: Any) -> Client:
    settings.SECOND_FACTOR = "offered"
    cache.clear()
    for vocabulary, code, label in (("event", "theft", "theft"), ("means", "authority", "received from an authority")):
        Term(vocabulary=vocabulary, code=code, label=label).keep(by=command(), verb=Verb.TERM_EDIT)
    made = Client()
    made.force_login(Account.objects.create_account("leader", "a long enough one", people.leader.id))
    return made


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def sent(client: Client, address: str, data: bytes, name: str, **values: Any) -> Any:
    given = {"file": SimpleUploadedFile(name, data), "target": "incidents", "sensitivity": "1", "once": str(uuid7()), **values}
    return client.post(f"/record/imports/{address}", given)


def test_a_police_list_from_file_to_undoing(leader: Client) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nr", "Title", "Type", "Where", "Date"])
    sheet.append([1, "Cable stolen", "thieft", "Prizren", "11.05.2026"])
    sheet.append([2, "Noise", "x", "Prizren", "?"])
    held = io.BytesIO()
    book.save(held)
    answer = sent(leader, "new/", held.getvalue(), "../police <b>.xlsx")
    assert answer.status_code == 302
    one = Import.objects.get()
    assert one.file_name == "police <b>.xlsx" and answer["Location"].endswith(f"/{one.code}/columns/")
    page = leader.get(answer["Location"])
    assert "For example Cable stolen · Noise" in text(page) and "<b>.xlsx" not in page.content.decode()
    columns = {"c0": "number", "c1": "headline", "c2": "kind", "c3": "place", "c4": "occurred_from", "day_order": "dmy"}
    columns["profile"] = "Police"
    missing = leader.post(answer["Location"], {**columns, "c4": ""})
    assert missing.status_code == 422 and "When, or from is needed" in text(missing) and "How it is known is needed" in text(missing)
    assert leader.post(answer["Location"], {**columns, "f_means": "authority"}).status_code == 302
    address = f"/record/imports/{one.code}/"
    waiting = leader.get(address)
    assert waiting["Refresh"] and "This page asks again by itself" in text(waiting)
    work_all()
    tried = leader.get(address)
    assert "Refresh" not in tried and "2 words are not known here" in text(tried) and "Take" not in text(tried)
    assert Observation.objects.count() == 0 and leader.post(f"{address}start/").status_code == 409
    words = leader.get(f"{address}words/")
    assert "theft" in text(words) and "leave its rows out" in text(words)
    assert leader.post(f"{address}words/", {"w0": "theft", "w1": "-"}).status_code == 302
    work_all()
    ready = leader.get(address)
    assert "Take 1 row" in text(ready)
    assert leader.post(f"{address}start/").status_code == 302
    work_all()
    done = leader.get(address)
    assert "1 rows became things" in text(done) and "Cable stolen" in text(done) and "Undo the whole import" in text(done)
    report = leader.get(f"{address}report.csv").content.decode("utf-8-sig").splitlines()
    assert report[0] == "Mission internal" and report[2].startswith("2,taken") and report[3].startswith("3,left out")
    assert leader.post(f"{address}undo/", {"why": ""}).status_code == 422
    assert leader.post(f"{address}undo/", {"why": "The wrong list"}).status_code == 302
    work_all()
    assert "1 things were withdrawn: The wrong list" in text(leader.get(address))
    thing = Observation.objects.get()
    shown = leader.get(f"/monitor/observations/{thing.code}/")
    assert shown.status_code == 200 and "The wrong list" in text(shown)
    assert "Cable stolen" not in text(leader.get("/monitor/"))


def test_the_kept_match_is_offered_again(leader: Client) -> None:
    data = "Title,Type,Where,Date\nA,theft,Prizren,11.05.2026\n"
    first = sent(leader, "new/", data.encode(), "a.csv")["Location"]
    columns = {"c0": "headline", "c1": "kind", "c2": "place", "c3": "occurred_from", "f_means": "authority", "day_order": "dmy"}
    leader.post(first, {**columns, "profile": "Ours"})
    again = leader.get(sent(leader, "new/", data.replace("A,", "B,").encode(), "b.csv")["Location"])
    page = again.content.decode()
    assert 'value="Ours"' in page and page.count("selected") >= 5


def test_what_cannot_be_read_is_said_at_the_file(leader: Client) -> None:
    for data, said in ((b"%PDF-1.7", "neither an Excel workbook"), (b"A,B\n", "no row below"), (b"PK\x03\x04x", "damaged")):
        answer = sent(leader, "new/", data, "x.csv")
        assert answer.status_code == 422 and said in text(answer)
    assert sent(leader, "new/", b"A,B\n1,2\n", "x.csv", target="recommendations").status_code == 422
    assert not Import.objects.exists()


def test_the_same_form_sent_twice_makes_one_import(leader: Client) -> None:
    once = str(uuid7())
    for _ in range(2):
        assert sent(leader, "new/", b"Title,Type\nA,theft\n", "x.csv", once=once).status_code == 302
    assert Import.objects.count() == 1
