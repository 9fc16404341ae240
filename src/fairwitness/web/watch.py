"""Watch: what the node says about its own running, so that whoever keeps it sees a fault before the mission does.

One line of JSON for each thing worth telling, and counts of requests by status and duration. The rule it guards: a log is read by more
people than the record is. So a line never holds what somebody typed, an address with what was asked for, a network address, a name, or
the words of an error (they may quote a row): it holds the *name* of the page, the status, how long it took, and where in the program.
"""

from __future__ import annotations

import json
import logging
import os
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse

from fairwitness.record.beat import run_folder

OURS = "fairwitness"
STEPS = (0.05, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Seconds by which durations are sorted."""
EVERY = 5.0
"""Seconds after which a process writes its counts down for the others."""
_KNOWN = ("page", "method", "status", "ms", "status_code")
_requests = logging.getLogger("fairwitness.requests")


class Lines(logging.Formatter):
    """A line of JSON. Of a foreign library's message only the form is kept, never what it was filled with."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "process": record.process,
        }
        if record.name.partition(".")[0] == OURS:
            said["said"] = record.getMessage()
        elif record.args:
            said["said"] = str(record.msg)
        said |= {name: getattr(record, name) for name in _KNOWN if isinstance(getattr(record, name, None), str | int | float)}
        if record.exc_info and record.exc_info[0] is not None:
            said["error"] = record.exc_info[0].__name__
            said["where"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])[-8:]]
        return json.dumps(said, ensure_ascii=False)


class Counts:
    """Requests of this process: by status, and how long they took."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.status: dict[str, int] = {}
        self.steps = [0] * (len(STEPS) + 1)
        self.seconds = 0.0
        self.written = 0.0

    def count(self, status: int, seconds: float) -> None:
        """One more."""
        with self.lock:
            kind = f"{status // 100}xx"
            self.status[kind] = self.status.get(kind, 0) + 1
            self.steps[next((at for at, step in enumerate(STEPS) if seconds <= step), len(STEPS))] += 1
            self.seconds += seconds
            due = time.monotonic() - self.written > EVERY
            self.written = time.monotonic() if due else self.written
        if due:
            self.write()

    def as_dict(self) -> dict[str, Any]:
        """For a file."""
        with self.lock:
            return {"status": dict(self.status), "steps": list(self.steps), "seconds": round(self.seconds, 3)}

    def write(self) -> None:
        """Write down, for whichever process is asked. A full disk stops no page."""
        path = run_folder() / f"requests-{os.getpid()}.json"
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            part = path.with_suffix(f".part-{time.monotonic_ns()}")
            part.write_text(json.dumps(self.as_dict()), "utf-8")
            part.replace(path)
        except OSError:
            pass


counts = Counts()


def all_counts() -> dict[int, dict[str, Any]]:
    """Counts of every process of this node that is alive, by its number."""
    found = {os.getpid(): counts.as_dict()}
    for path in run_folder().glob("requests-*.json"):
        try:
            number = int(path.stem.partition("-")[2])
            os.kill(number, 0)
            found.setdefault(number, json.loads(path.read_text("utf-8")))
        except PermissionError:
            continue
        except (OSError, ValueError):
            path.unlink(missing_ok=True)
    return found


class WatchMiddleware:
    """Outermost: counts and times every request, and writes its line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on and note."""
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        counts.count(response.status_code, seconds)
        if _requests.isEnabledFor(logging.INFO):
            match = request.resolver_match
            page = match.view_name if match is not None else "static" if request.path_info.startswith("/static/") else "none"
            method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
            told = {"page": page, "method": method, "status": response.status_code, "ms": round(seconds * 1000)}
            _requests.info("request", extra=told)
        return response
