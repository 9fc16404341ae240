"""Enter a node as its staff: what the benches of the running house share. Starts a node of its own, signs people in, asks for pages.

    house = House(engine, folder); house.fill(rows); house.serve(workers=1); page = house.way("all").get("/monitor/")

Nothing here is measured by itself; run find.py, probe.py, neighbour.py, load.py.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
SIGN_IN = """
import json, sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from fairwitness.mission.models import Member
from fairwitness.web.models import Account
keys = {}
for code in sys.argv[1:]:
    member = Member.objects.get(code=code)
    account = Account.objects.filter(member=member).first() or Account.objects.create_account(code, None, member.id)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(account.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    keys[code] = session.session_key
print(json.dumps(keys))
"""
FILL = """
import sys
sys.path.insert(0, sys.argv[1])
import find
find.fill(int(sys.argv[2]))
"""


class House:
    """A node in a folder, with its server when it serves."""

    def __init__(self, engine: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port, self.server = folder, _free_port(), None
        self.environment = {
            **os.environ, "FAIRWITNESS_DATA": str(folder), "FAIRWITNESS_SECOND_FACTOR": "offered",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}",
        }  # fmt: skip
        self.environment.pop("FAIRWITNESS_DATABASE", None)
        if engine == "postgres":
            sys.path.insert(0, str(ROOT / "tests"))
            from engine import make_database, postgres_address

            made = (folder / "pg").exists()
            address = postgres_address(folder)
            name = address.replace("/fairwitness?", "/bench?")
            self.environment["FAIRWITNESS_DATABASE"] = name if made else make_database(address, "bench")

    def python(self, script: str, *arguments: str) -> str:
        """Run a script inside the node; what it printed."""
        head = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'fairwitness.web.settings'; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", head + script, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def fill(self, rows: int) -> None:
        """The mission of bench/find.py with that many observations."""
        self.python("from django.core.management import call_command\ncall_command('migrate', verbosity=0)\n" + FILL, str(HERE), str(rows))

    def sign_in(self, *codes: str) -> dict[str, str]:
        """A session for each of these members, by code."""
        keys: dict[str, str] = json.loads(self.python(SIGN_IN, *codes).splitlines()[-1])
        return keys

    def serve(self, *options: str) -> None:
        """Start the server as a mission does, and wait until it answers."""
        command = [sys.executable, "-m", "fairwitness", "serve", "--port", str(self.port), *options]
        quiet = subprocess.DEVNULL
        self.server = subprocess.Popen(
            command, env=self.environment, cwd=self.folder, stdout=quiet, stderr=quiet, start_new_session=True
        )  # fmt: skip
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("the server did not answer within two minutes")

    def processes(self) -> list[int]:
        """Every process of the server."""
        assert self.server is not None
        found, todo = [], [self.server.pid]
        while todo:
            one = todo.pop()
            found.append(one)
            for task in Path(f"/proc/{one}/task").iterdir():
                todo += [int(child) for child in (task / "children").read_text().split()]
        return found

    def resident(self) -> float:
        """Megabytes resident in every process of the server; pages that processes share are counted once for each (an upper bound)."""
        sizes = [re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{one}/status").read_text(), re.MULTILINE) for one in self.processes()]
        return sum(int(size[1]) / 1024 for size in sizes if size)

    def worked(self) -> float:
        """Seconds every process of the server has worked so far."""
        fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in self.processes()]
        return sum(int(field[11]) + int(field[12]) for field in fields) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """Stop the server."""
        if self.server is not None and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait(30)


class Way:
    """One person's kept-open connection."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session = port, session
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, address: str) -> tuple[int, bytes, float]:
        """Status, body, seconds."""
        start = time.perf_counter()
        head = {"Cookie": f"sessionid={self.session}", "Host": f"localhost:{self.port}"}
        try:
            self.line.request("GET", address, headers=head)
            answer = self.line.getresponse()
        except (http.client.HTTPException, ConnectionError):
            self.line.close()
            self.line.request("GET", address, headers=head)
            answer = self.line.getresponse()
        body = answer.read()
        return answer.status, body, time.perf_counter() - start


def percentile(times: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        found: int = one.getsockname()[1]
    return found


def said(failed: Any) -> int:
    """The exit code, said."""
    print("ABOVE THE LIMIT" if failed else "ok")
    return int(bool(failed))
