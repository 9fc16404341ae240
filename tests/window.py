"""A window on the house: a real Chromium that is shown what the house answered, byte for byte and with its headers.

The answers are taken through every layer of the house in the test's own transaction, which is rolled back afterwards; the browser then
loads them as pages, with their styles, scripts and security policy. Whatever the page asks for beside itself and the house's
own files is refused and noted, because no page of ours may ask for more.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.test import Client

ORIGIN = "http://localhost"
PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
QUIET = ("no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync")
WATCH = "addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));"
PICTURE = re.compile(rb'<ima?ge?\b[^>]*?\s(?:src|href)="(/[^"]+)"')
# The browser remarks on the console that a page came with 404; that is the answer, not a fault of the page.
STATUS_LINE = "Failed to load resource: the server responded with a status of"


@contextmanager
def a_chromium() -> Iterator[Any]:
    """A real Chromium, named by FAIRWITNESS_CHROMIUM or found where systems put it."""
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the driver keeps a loop in this thread; the database is asked beside it
    path = os.environ.get("FAIRWITNESS_CHROMIUM") or next((place for place in PLACES if Path(place).exists()), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[f"--{word}" for word in QUIET])
        yield browser
        browser.close()


class Answer(NamedTuple):
    """What the house answered to one request, and how a failure names it; `pictures` are what the page shows beside itself."""

    name: str
    status: int
    headers: dict[str, str]
    body: bytes
    pictures: Mapping[str, Any] = {}

    @classmethod
    def of(cls, name: str, response: Any) -> Answer:
        """An answer of the test client."""
        body = getattr(response, "whole", None)
        if body is None:
            body = b"".join(response) if response.streaming else response.content
        return cls(name, response.status_code, {key: value for key, value in response.headers.items() if key != "Content-Length"}, body)

    def with_pictures(self, ask: Callable[[str], Any]) -> Answer:
        """The same with its pictures, each asked for by the same person."""
        wanted = dict.fromkeys(html.unescape(one.decode()) for one in PICTURE.findall(self.body))
        return self._replace(pictures={path: Answer.of(path, ask(path)) for path in wanted})

    @property
    def is_page(self) -> bool:
        """Whether a browser shows it as a page."""
        return self.headers.get("Content-Type", "").startswith("text/html") and bool(self.body)


class Window:
    """One page of a browser, in which one answer after another is shown."""

    def __init__(self, chromium: Any, scripts: tuple[str, ...] = ()) -> None:
        self.context = chromium.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        for script in (WATCH, *scripts):
            self.page.add_init_script(script)
        self.context.route("**/*", self._serve)
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.faults: list[str] = []
        self.answer: Answer | None = None
        self.files: dict[str, Answer] = {}

    def show(self, answer: Answer, path: str = "/") -> None:
        """Load an answer as if it came from this address of the house."""
        self.answer, self.faults[:] = answer, []
        self.page.goto(ORIGIN + path, wait_until="load")
        self.faults[:] = [text for text in self.faults if not text.startswith(STATUS_LINE)]

    def close(self) -> None:
        """Close the window and what it kept."""
        self.context.close()

    def _serve(self, route: Any) -> None:
        path = urlsplit(route.request.url).path
        if route.request.is_navigation_request():
            found = self.answer
        elif path.startswith("/static/") and route.request.url.startswith(ORIGIN):
            found = self.files.get(path) or Answer.of(path, Client().get(path))
            self.files[path] = found
        elif self.answer is not None and path in self.answer.pictures:
            found = self.answer.pictures[path]
        else:
            self.faults.append(f"asks for {route.request.method} {route.request.url}")
            found = None
        if found is None:
            route.abort()
        else:
            route.fulfill(status=found.status, headers=found.headers, body=found.body)
