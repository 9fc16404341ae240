"""A node of its own for tests that need real commits, other processes or a browser.

Its data folder is temporary, its engine the run's engine, and everything goes through the command line
or through the doors, as it would for a person.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from engine import make_database

ROOT = Path(__file__).parent.parent


class Node:
    """One running house: its folder, its environment, its processes."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="fairwitness-node-"))
        self.environment = {**os.environ, "FAIRWITNESS_DATA": str(self.folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
        self.environment.pop("FAIRWITNESS_DATABASE", None)
        if os.environ.get("FAIRWITNESS_ENGINE") == "postgres":
            name = f"node_{uuid.uuid4().hex[:12]}"
            self.environment["FAIRWITNESS_DATABASE"] = make_database(os.environ["FAIRWITNESS_DATABASE"], name)
        self.web: subprocess.Popen[str] | None = None
        self.address = ""

    def run(self, *arguments: str, check: bool = True, **extra: str) -> subprocess.CompletedProcess[str]:
        """`fairwitness …` on this node."""
        done = subprocess.run(
            [sys.executable, "-m", "fairwitness", *arguments],
            env={**self.environment, **extra}, cwd=self.folder, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if check and done.returncode:
            raise AssertionError(f"fairwitness {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done

    def python(self, script: str, *arguments: str) -> str:
        """Run a script inside this node, with Django set up; returns what it printed."""
        prelude = "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'fairwitness.web.settings'); django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", prelude + script, *arguments],
            env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"script ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def serve(self, **extra: str) -> str:
        """Start the web doors; returns the address when they answer."""
        port = _free_port()
        self.web = subprocess.Popen(
            [sys.executable, "-m", "fairwitness", "serve", "--port", str(port)],
            env={**self.environment, **extra}, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        self.address = f"http://localhost:{port}"
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.web.poll() is not None:
                raise AssertionError(f"serve ended: {self.web.stdout.read() if self.web.stdout else ''}")
            try:
                urllib.request.urlopen(f"{self.address}/public/", timeout=2)
                return self.address
            except urllib.error.HTTPError:
                return self.address
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the web doors did not answer within a minute")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop the web doors."""
        if self.web is not None and self.web.poll() is None:
            os.killpg(self.web.pid, how)
            self.web.wait(20)
        self.web = None


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def passwords(printed: str) -> dict[str, str]:
    """Account name and password from lines `name  password` that a command printed once."""
    return dict(re.findall(r"^\s*(\w+)\s{2,}(\S{12,})", printed, flags=re.MULTILINE))
