"""Receive: a request is taken in whole before any of the few threads that do the work begins with it.

A field office on a bad line sends slowly, and somebody who wants to stop the mission sends slowly on purpose. Neither may keep a
colleague waiting: what is on its way occupies no thread, only as much memory as was agreed, and is given up when it falls below the pace
of a telephone line. What is announced as too large is refused before a byte of it is read. The rule it guards: nothing sent touches
the disk before it is sealed, so it is held in memory, and that memory has an end.
"""

from __future__ import annotations

import asyncio
import io
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

Send = Callable[[dict[str, Any]], Awaitable[None]]
Take = Callable[[], Awaitable[dict[str, Any]]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

THREADS = 4
PATIENCE = 20.0
"""Seconds everybody has, however slow the line."""
PACE = 2048
"""Bytes a second that keep a sender in the room after that: a quarter of an hour a megabyte is given up, a telephone line is not."""
PER_ADDRESS = 32
"""Requests of one address on their way at the same time."""
BODILESS = ("GET", "HEAD", "OPTIONS")
_SAID = {
    400: "The length that was announced is no number.",
    408: "What was sent came too slowly, and was given up. Nothing was written. Send it again, in smaller parts.",
    413: "What was to be sent is larger than this node takes at once. Nothing was read. Send less, in several parts.",
    429: "Too much is on its way from where you are. Wait a moment, then send it again.",
    503: "Too much is on its way to this node. Nothing was written. Wait a moment, then send it again.",
}


class _No(Exception):
    """The request is not taken; `status` says why."""

    def __init__(self, status: int) -> None:
        self.status = status


@dataclass(slots=True)
class Room:
    """How much may be on its way at once."""

    most: int
    """Bytes of one request."""
    together: int
    """Bytes of all requests and answers that are held."""
    per_address: int = PER_ADDRESS
    patience: float = PATIENCE
    pace: int = PACE


class Receiver:
    """An ASGI application around a WSGI one: bodies come in on the event loop, work is done by a few threads."""

    def __init__(self, app: Wsgi, room: Room, *, threads: int = THREADS) -> None:
        self.app, self.room = app, room
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.held = 0
        self.coming: dict[str, int] = {}

    async def __call__(self, scope: dict[str, Any], receive: Take, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        try:
            body = await self._take(scope, receive)
        except _No as no:
            await _refuse(no.status, send)
            return
        if body is None:
            return
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.pool, self._work, environ(scope, body), _Out(send, loop, self.room), scope["method"] == "HEAD")
        finally:
            self.held -= len(body)

    async def _take(self, scope: dict[str, Any], receive: Take) -> bytes | None:
        """The whole body, its bytes counted as held; None when whoever sent it went away."""
        said = _length(scope)
        if said > self.room.most:
            raise _No(413)
        if said == 0 or (said < 0 and scope["method"] in BODILESS):
            return b""
        address = (scope.get("client") or ("",))[0]
        if self.coming.get(address, 0) >= self.room.per_address:
            raise _No(429)
        self.coming[address] = self.coming.get(address, 0) + 1
        try:
            return await self._gather(receive)
        finally:
            self.coming[address] -= 1
            if not self.coming[address]:
                del self.coming[address]

    async def _gather(self, receive: Take) -> bytes | None:
        began, parts, total = time.monotonic(), io.BytesIO(), 0
        try:
            while True:
                left = began + self.room.patience + total / self.room.pace - time.monotonic()
                try:
                    message = await asyncio.wait_for(receive(), max(left, 0.001))
                except TimeoutError:
                    raise _No(408) from None
                if message["type"] == "http.disconnect":
                    self.held -= total
                    return None
                part = message.get("body", b"")
                if total + len(part) > self.room.most:
                    raise _No(413)
                if self.held + len(part) > self.room.together:
                    raise _No(503)
                total, self.held = total + len(part), self.held + len(part)
                parts.write(part)
                if not message.get("more_body"):
                    return parts.getvalue()
        except _No:
            self.held -= total
            raise

    def _work(self, around: dict[str, Any], out: _Out, bare: bool) -> None:
        """In a thread: ask the application, hand its answer back to the loop."""
        said: list[Any] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> None:
            said[:] = [int(status.split(" ", 1)[0]), headers]

        parts = self.app(around, start)
        try:
            if bare:
                out.whole(said[0], said[1], [])
            else:
                out.answer(said[0], said[1], iter(parts))
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()


class _Out:
    """The way of an answer from a thread to the loop. A short answer is handed over whole, so that who reads slowly holds no thread."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop, room: Room) -> None:
        self.send, self.loop, self.room = send, loop, room

    def answer(self, status: int, headers: Headers, parts: Iterator[bytes]) -> None:
        """Hand over an answer: whole, or in pieces when it is longer than one request may be."""
        held, size = [], 0
        for part in parts:
            held.append(part)
            size += len(part)
            if size > self.room.most:
                break
        else:
            self.whole(status, headers, held)
            return
        self._send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
        self._send({"type": "http.response.body", "body": b"".join(held), "more_body": True})
        for part in parts:
            self._send({"type": "http.response.body", "body": part, "more_body": True})
        self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def whole(self, status: int, headers: Headers, parts: list[bytes]) -> None:
        """Hand over a whole answer and do not wait for its reader."""

        async def both() -> None:
            await self.send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
            await self.send({"type": "http.response.body", "body": b"".join(parts), "more_body": False})

        asyncio.run_coroutine_threadsafe(both(), self.loop).result(self.room.patience)

    def _send(self, message: dict[str, Any]) -> None:
        async def one() -> None:
            await self.send(message)

        asyncio.run_coroutine_threadsafe(one(), self.loop).result(self.room.patience)


def _length(scope: dict[str, Any]) -> int:
    """The length that was announced; -1 when none was."""
    for name, value in scope["headers"]:
        if name.lower() == b"content-length":
            if not value.isdigit() or len(value) > 18:
                raise _No(400)
            return int(value)
    return -1


def environ(scope: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What WSGI calls a request. A header with an underscore is dropped: it would pass for the one with a hyphen."""
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("localhost", 80)
    raw = scope.get("raw_path") or scope["path"].encode("utf-8")
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"], "SCRIPT_NAME": "", "PATH_INFO": unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"), "SERVER_NAME": server[0], "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0], "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}", "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope.get("scheme", "http"), "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in scope["headers"]:
        if b"_" in name or name.lower() == b"content-length":
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        found[key] = f"{found[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}" if key in found else text
    return found


def _raw(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _refuse(status: int, send: Send) -> None:
    """One sentence, before anything was asked of the house."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), (b"connection", b"close"),
        (b"x-content-type-options", b"nosniff"), (b"x-frame-options", b"DENY"), (b"referrer-policy", b"same-origin"),
        (b"content-security-policy", b"default-src 'none'"),
    ]  # fmt: skip
    if status in (429, 503):
        headers.append((b"retry-after", b"10"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": _SAID[status].encode(), "more_body": False})
