"""In time: a page that is read has two seconds for each question to the database; then the question is stopped, and the page says so.

Without it one reader's widest search makes everybody else wait. SQLite is interrupted by a thread that watches; PostgreSQL is
told a time for each statement. The rules it guards: only reading is bounded, for what is being written must not be cut off in the
middle; and who is stopped is told how to narrow the question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from fairwitness.errors import BadInput
from fairwitness.record.remember import look_once

LIMIT = 2.0
"""Seconds a question may take."""
LOOK = 0.1
"""Seconds between two looks of the watching thread."""
CANCELLED = "57014"
P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)


class TooWide(BadInput):
    """The question would have read too much."""

    code = "too_wide"
    status = 413

    def __init__(self) -> None:
        super().__init__(
            "This question was stopped after {seconds} seconds, so that others need not wait. Narrow it: choose a place, a unit, one kind"
            " or a shorter time, or add a word.",
            seconds=int(LIMIT) or LIMIT,
        )  # fmt: skip


class _Watched:
    """One connection while it reads for a page: since when its present question runs."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle
        self.began = time.monotonic()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.began = time.monotonic()
        return execute(sql, params, many, context)


_watched: set[_Watched] = set()
_awake = threading.Event()
_starting = threading.Lock()
_thread: threading.Thread | None = None


def _watch() -> None:
    while True:
        _awake.wait()
        time.sleep(LOOK)
        now = time.monotonic()
        with _starting:
            for one in list(_watched):
                if now - one.began > LIMIT:
                    one.began = now
                    one.handle.interrupt()
            if not _watched:
                _awake.clear()


def _start() -> None:
    global _thread
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_watch, name="in_time", daemon=True)
        _thread.start()


@contextmanager
def _sqlite() -> Iterator[None]:
    connection.ensure_connection()
    one = _Watched(connection.connection)
    with _starting:
        _start()
        _watched.add(one)
        _awake.set()
    try:
        with connection.execute_wrapper(one):
            yield
    finally:
        with _starting:
            _watched.discard(one)


class _Bounded:
    """Tells PostgreSQL the limit just before the first question of a page: a page that asks nothing stays at nothing."""

    def __init__(self) -> None:
        self.told = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not self.told:
            self.told = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(int(LIMIT * 1000))])
        return execute(sql, params, many, context)


@contextmanager
def _postgres() -> Iterator[None]:
    one = _Bounded()
    try:
        with connection.execute_wrapper(one):
            yield
    finally:
        # a transaction that failed takes the time back by itself; a connection that is gone is not used again
        if one.told:
            with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', '0', false)")


def in_time(view: Callable[Concatenate[R, P], HttpResponse], request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    """The page, its questions bounded where it is only read. Raises TooWide."""
    if request.method not in ("GET", "HEAD"):
        return view(request, *args, **kwargs)
    try:
        with look_once(), _sqlite() if connection.vendor == "sqlite" else _postgres():
            return view(request, *args, **kwargs)
    except OperationalError as error:
        if stopped(error):
            raise TooWide from error
        raise


def stopped(error: OperationalError) -> bool:
    """Whether the database says that the question was stopped."""
    return str(error) == "interrupted" or getattr(error.__cause__, "sqlstate", "") == CANCELLED
