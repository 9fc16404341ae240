"""What the node says about itself: lines without a word anybody typed, health in words, figures for this machine alone."""

from __future__ import annotations

import io
import json
import logging
import os
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from people import People

from fairwitness.record import guard
from fairwitness.record.beat import SILENT, beat, run_folder
from fairwitness.web import pulse, watch
from fairwitness.web.models import Account
from fairwitness.web.watch import Lines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings: Any, db: None) -> None:
    settings.SECOND_FACTOR = "offered"
    pulse._held.clear()
    cache.clear()
    beat()


@pytest.fixture
def log() -> Any:
    """Everything logged, as the lines a node writes."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    named = [root, logging.getLogger("django"), logging.getLogger("django.server")]
    before = logging.getLogger("fairwitness.requests").level
    logging.getLogger("fairwitness.requests").setLevel(logging.INFO)
    for one in named:
        one.addHandler(handler)
    yield stream
    for one in named:
        one.removeHandler(handler)
    logging.getLogger("fairwitness.requests").setLevel(before)


SECRETS = ("Plla-Secret", "hunter2hunter2", "203.0.113.77", "pz.monitor.name", "evil.example", "sess-of-somebody")


def test_no_line_holds_what_was_asked_typed_or_where_from(log: io.StringIO, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.77")
    client.force_login(Account.objects.create_account("pz.monitor.name", "hunter2hunter2", people.monitor.id))
    client.get("/find/?q=Plla-Secret")
    client.get("/monitor/observations/Plla-Secret/")
    client.post("/accounts/login/", {"login": "pz.monitor.name", "password": "hunter2hunter2"})
    client.get("/", headers={"Host": "evil.example", "Cookie": "sessionid=sess-of-somebody"})
    Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "pz.monitor.name", "password": "hunter2hunter2"})

    def breaks(*_given: Any, **_named: Any) -> None:
        raise ValueError("a row with Plla-Secret in it")

    monkeypatch.setattr("fairwitness.web.find.page", breaks)
    assert client.get("/find/?q=Plla-Secret").status_code == 500
    said = log.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    assert not [secret for secret in SECRETS if secret in said], said
    pages = {line["page"] for line in lines if line["from"] == "fairwitness.requests"}
    assert {"web:find", "account_login"} <= pages
    broken = [line for line in lines if line.get("error") == "ValueError"]
    assert broken and any("breaks" in where for where in broken[0]["where"])
    assert all({"at", "level", "from", "process"} <= line.keys() for line in lines)


def test_a_line_of_requests_has_name_status_and_time(log: io.StringIO) -> None:
    Client().get("/public/")
    Client().generic("PROPFIND\n", "/public/")
    lines = [line for line in map(json.loads, log.getvalue().splitlines()) if line["from"] == "fairwitness.requests"]
    told = [(line["page"], line["method"], line["status"]) for line in lines]
    assert told == [("web:public", "GET", 200), ("web:public", "other", 405)] and all(line["ms"] >= 0 for line in lines)


def test_a_well_node_says_so_in_words_alone() -> None:
    answer = Client().get("/health/")
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    assert answer.json() == {"state": "well", "database": "well", "guards": "well", "disk": "well", "later_work": "well"}


def test_missing_guards_are_not_well() -> None:
    name = sorted(guard.guards())[0]
    statements = guard.guards()[name]
    with connection.cursor() as cursor:
        cursor.execute(statements[0])
    answer = Client().get("/health/")
    assert answer.status_code == 503 and answer.json()["guards"] == "not" and name not in answer.content.decode()


def test_a_full_disk_is_not_well(settings: Any) -> None:
    settings.LEAST_FREE = 1 << 60
    answer = Client().get("/health/")
    assert answer.status_code == 503 and answer.json()["disk"] == "not"


def test_silent_later_work_is_not_well() -> None:
    sign = run_folder() / "work.beat"
    long_ago = time.time() - SILENT - 5
    os.utime(sign, (long_ago, long_ago))
    assert Client().get("/health/").json()["later_work"] == "not"
    pulse._held.clear()
    sign.unlink()
    assert Client().get("/health/").status_code == 503


def test_asking_often_asks_the_database_once(django_assert_max_num_queries: Any) -> None:
    Client().get("/health/")
    with django_assert_max_num_queries(0):
        for _ in range(20):
            assert Client().get("/health/").status_code == 200


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "192.0.2.4"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": "192.0.2.4", "HTTP_AUTHORIZATION": "Bearer wrong-wrong-wrong-wrong"},
        {"REMOTE_ADDR": "192.0.2.4", "HTTP_AUTHORIZATION": "Bearer "},
        {"REMOTE_ADDR": "192.0.2.4", "HTTP_AUTHORIZATION": "Bearer \u00e4" * 30},
    ],
)
def test_figures_are_for_this_machine_or_a_token(settings: Any, extra: dict[str, str]) -> None:
    settings.METRICS_TOKEN = "a-token-of-more-than-twenty-signs"
    refused = Client().get("/metrics/", **extra)  # type: ignore[arg-type]
    nowhere = Client().get("/public/no-such/address/", **extra)  # type: ignore[arg-type]
    assert refused.status_code == nowhere.status_code == 404
    assert Client().get("/metrics/").status_code == 200
    given = {"REMOTE_ADDR": "192.0.2.4", "HTTP_AUTHORIZATION": "Bearer a-token-of-more-than-twenty-signs"}
    assert Client().get("/metrics/", **given).status_code == 200  # type: ignore[arg-type]


def test_without_a_token_no_token_opens(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics/", REMOTE_ADDR="192.0.2.4", HTTP_AUTHORIZATION="Bearer ").status_code == 404


def test_behind_a_server_this_machine_is_everybody(settings: Any) -> None:
    settings.PROXIES = 1
    assert Client().get("/metrics/").status_code == 404


def test_figures_are_read_by_a_machine_and_count_what_was_answered(people: People) -> None:
    client = Client()
    start = figures(client.get("/metrics/").content.decode())
    for _ in range(3):
        client.get("/public/")
    client.get("/nothing/here/")
    after = figures(client.get("/metrics/").content.decode())
    key = f'fairwitness_requests_total{{process="{os.getpid()}",status="%s"}}'
    assert after[key % "2xx"] - start.get(key % "2xx", 0) >= 4 and after[key % "4xx"] > start.get(key % "4xx", 0)
    assert after['fairwitness_log_entries{log="inner"}'] > 0 and after['fairwitness_well{check="guards"}'] == 1
    by_process: dict[str, list[float]] = {}
    for name, value in after.items():
        if name.startswith("fairwitness_request_seconds_bucket"):
            by_process.setdefault(name.partition('process="')[2].partition('"')[0], []).append(value)
    assert str(os.getpid()) in by_process
    for process, counted in by_process.items():
        assert counted == sorted(counted) and counted[-1] > 0, f"the counts of {process} do not add up from step to step"


def figures(text: str) -> dict[str, float]:
    """Every figure by its name; a line of another form fails."""
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))}


def test_counts_of_other_processes_are_added_and_of_dead_ones_dropped() -> None:
    run_folder().mkdir(exist_ok=True)
    for number in (1, 2**22 - 1):
        (run_folder() / f"requests-{number}.json").write_text(json.dumps({"status": {"2xx": 5}, "steps": [5] + [0] * 6, "seconds": 1.0}))
    found = watch.all_counts()
    assert os.getpid() in found and 2**22 - 1 not in found
    assert not (run_folder() / f"requests-{2**22 - 1}.json").exists()
    (run_folder() / "requests-1.json").unlink(missing_ok=True)
