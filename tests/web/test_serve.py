"""A node as a mission runs it: several processes and later work beside them; every write acknowledged is there and verifies; while the
doors are open nobody upgrades; an older store is not touched; health and figures speak of all processes."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from node import Node, _free_port, passwords

WRITERS, EACH = 8, 5


class Serving:
    """A mission served by two processes with later work beside them."""

    def __init__(self) -> None:
        self.node = Node()
        self.passwords = passwords(self.node.run("init").stdout.replace("-1 ", "_1 ").replace("-2 ", "_2 "))
        self.address = f"http://localhost:{_free_port()}"
        command = [sys.executable, "-m", "fairwitness", "serve", "--port", self.address.rpartition(":")[2], "--workers", "2", "--with-work"]
        around = {**self.node.environment, "FAIRWITNESS_SECOND_FACTOR": "offered"}
        self.said = (self.node.folder / "said").open("w")
        self.web = subprocess.Popen(command, env=around, cwd=self.node.folder, stderr=self.said, start_new_session=True)
        self.wait()

    def wait(self) -> None:
        end = time.monotonic() + 90
        while self.state()[0] != 200:
            assert self.web.poll() is None and time.monotonic() < end, (self.node.folder / "said").read_text()
            time.sleep(0.3)

    def state(self) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{self.address}/health/", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def stop(self) -> None:
        if self.web.poll() is None:
            self.web.send_signal(signal.SIGTERM)
            self.web.wait(40)
        self.said.close()


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    made = Serving()
    try:
        yield made
    finally:
        made.stop()


class Person:
    """A browser that signs in and sends forms."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.send("/accounts/login/", {"login": name, "password": password})

    def send(self, path: str, form: dict[str, str]) -> int:
        with self.opener.open(self.address + path, timeout=60) as page:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
        assert token, path
        data = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": token[1]}).encode()
        with self.opener.open(self.address + path, data, timeout=60) as answer:
            return int(answer.status)


def test_two_processes_lose_no_write_and_mix_none(serving: Serving) -> None:
    secret = serving.passwords["cu_1"]
    kept, wrong = [], []

    def write(number: int) -> None:
        person = Person(serving.address, "cu-1", secret)
        for one in range(EACH):
            code = f"W{number}-{one}"
            try:
                person.send("/manage/people/new/", {"code": code, "name": "Test", "languages": "en"})
                kept.append(code)
            except Exception as error:
                wrong.append(f"{code}: {error}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(kept) == WRITERS * EACH
    there = serving.node.python(
        "from fairwitness.mission.models import Member\nprint(' '.join(Member.objects.values_list('code', flat=True)))"
    )
    assert set(kept) <= set(there.split())
    assert serving.node.run("verify", "--all").returncode == 0


def test_health_and_figures_speak_of_all_processes(serving: Serving) -> None:
    status, said = serving.state()
    assert status == 200 and json.loads(said)["later_work"] == "well"
    time.sleep(6)  # each process writes its counts down every five seconds
    for _ in range(40):
        serving.state()
    with urllib.request.urlopen(f"{serving.address}/metrics/", timeout=20) as answer:
        text = answer.read().decode()
    processes = set(re.findall(r'fairwitness_requests_total\{process="(\d+)"', text))
    assert len(processes) == 2 and all(os.path.exists(f"/proc/{number}") for number in processes if sys.platform == "linux")


def test_nobody_upgrades_while_the_doors_are_open(serving: Serving) -> None:
    refused = serving.node.run("upgrade", check=False)
    assert refused.returncode == 1 and "Stop both" in refused.stderr
    if "FAIRWITNESS_DATABASE" not in serving.node.environment:
        assert "one after another" in (serving.node.folder / "said").read_text()


def test_every_process_ends_with_the_first(serving: Serving) -> None:
    serving.stop()
    end = time.monotonic() + 20
    while serving.node.run("upgrade", check=False).returncode and time.monotonic() < end:
        time.sleep(0.5)
    assert "Nothing waits" in serving.node.run("upgrade").stdout


@pytest.mark.parametrize("many", ["0", "65", "-1"])
def test_a_number_of_processes_that_makes_no_sense_is_refused(serving: Serving, many: str) -> None:
    refused = serving.node.run("serve", "--workers", many, check=False)
    assert refused.returncode == 1 and "--workers" in refused.stderr
