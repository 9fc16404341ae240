"""Pulse: whether this node can do its work now, for whoever keeps it and for the machine that watches it.

`/health/` says *well* or *not*, check by check, in words a stranger may read: no number, no name, no version. It answers 503 when the
guards of the record are missing, the disk is nearly full, the database does not answer or later work stands still. `/metrics/` gives
figures of the machine to this machine alone, or to who holds a token; to anybody else there is nothing there.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from fairwitness.errors import NotThere
from fairwitness.record import guard
from fairwitness.record.beat import alive, silence
from fairwitness.record.checkpoint import newest, size_of
from fairwitness.record.models import Job
from fairwitness.record.quota import used
from fairwitness.web.door import open_door
from fairwitness.web.watch import STEPS, all_counts

HOLD = 5.0
"""Seconds for which an answer holds, so that asking often costs nothing."""
LOOPBACK = ("127.0.0.1", "::1")
_held: list[tuple[float, dict[str, bool]]] = []


CHECKS: dict[str, Callable[[], bool]] = {
    "guards": lambda: not guard.missing(),
    "disk": lambda: shutil.disk_usage(settings.FAIRWITNESS_DATA).free >= settings.LEAST_FREE,
    "later_work": alive,
}


def state(*, fresh: bool = False) -> dict[str, bool]:
    """Each check and whether it is well; `database` comes first, and without it nothing else is known."""
    if _held and not fresh and time.monotonic() - _held[0][0] < HOLD:
        return _held[0][1]
    found = {"database": True}
    for name, check in CHECKS.items():
        try:
            found[name] = check()
        except Error:
            found["database"] = found[name] = False
        except OSError:
            found[name] = False
    _held[:] = [(time.monotonic(), found)]
    return found


@open_door()
def health(request: HttpRequest) -> HttpResponse:
    """Well or not. 503 when not."""
    found = state()
    well = all(found.values())
    words = {name: "well" if one else "not" for name, one in found.items()}
    answer = JsonResponse({"state": "well" if well else "not", **words}, status=200 if well else 503)
    answer["Cache-Control"] = "no-store"
    return answer


def _may_measure(request: HttpRequest) -> bool:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and kind == "Bearer" and secrets.compare_digest(token.encode(), settings.METRICS_TOKEN.encode()):
        return True
    # A server before this one comes from this machine, too: what was passed on is not from here.
    passed_on = settings.PROXIES or any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"))
    return not passed_on and request.META.get("REMOTE_ADDR") in LOOPBACK


@open_door()
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures of the machine in the text form of Prometheus."""
    if not _may_measure(request):
        raise NotThere()
    text = "".join(f"{line}\n" for line in figures())
    answer = HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def figures() -> Iterator[str]:
    """Line by line. Counts of the machine's work, none of what the mission wrote about."""
    yield from _gauge("fairwitness_well", "Whether each check of /health/ is well.", {f'check="{n}"': int(v) for n, v in state().items()})
    yield from _gauge("fairwitness_log_entries", "Entries on record.", {f'log="{log}"': size_of(log) for log in ("inner", "public")})
    last = newest()
    if last is not None:
        age = (datetime.now(UTC) - datetime.fromisoformat(last.made)).total_seconds()
        yield from _gauge("fairwitness_checkpoint_age_seconds", "Since the newest checkpoint.", {"": round(age)})
    jobs = {"due": Job.DUE, "person": Job.PERSON}
    waiting = {f'state="{word}"': Job.objects.filter(state=kind).count() for word, kind in jobs.items()}
    yield from _gauge("fairwitness_jobs", "Later work that waits.", waiting)
    since = silence()
    if since is not None:
        yield from _gauge("fairwitness_later_work_silent_seconds", "Since later work gave a sign.", {"": round(since)})
    free = shutil.disk_usage(settings.FAIRWITNESS_DATA).free
    yield from _gauge("fairwitness_disk_free_bytes", "Free on the disk of the data folder.", {"": free})
    yield from _gauge("fairwitness_attachment_bytes", "Taken by attachments.", {"": used()})
    yield from _requests()


def _gauge(name: str, words: str, values: Mapping[str, int | float], kind: str = "gauge") -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"


def _requests() -> Iterator[str]:
    by_process = all_counts()
    total = {f'process="{p}",status="{s}"': n for p, one in by_process.items() for s, n in one["status"].items()}
    yield from _gauge("fairwitness_requests_total", "Requests answered.", total, "counter")
    name = "fairwitness_request_seconds"
    yield f"# HELP {name} How long requests took."
    yield f"# TYPE {name} histogram"
    for process, one in by_process.items():
        running = 0
        for step, many in zip([*map(str, STEPS), "+Inf"], one["steps"], strict=True):
            running += many
            yield f'{name}_bucket{{process="{process}",le="{step}"}} {running}'
        yield f'{name}_sum{{process="{process}"}} {one["seconds"]}'
        yield f'{name}_count{{process="{process}"}} {running}'


urls = [path("health/", health, name="health"), path("metrics/", metrics, name="metrics")]
