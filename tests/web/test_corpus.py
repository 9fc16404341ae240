"""Hostile words through every form, read back wherever they come out: staff pages, public pages, paper, files, lines of the log.

The forms are walked as they stand on the pages: each is found on each address of the table, its questions are filled with `corpus`, and
what it refuses is answered as it asks until it takes the rest. Then every address is read. A real Chromium shows the pages that hold
most of it: nothing runs, nothing is fetched, no element comes from what was typed, and the security policy has nothing to refuse.
"""

from __future__ import annotations

import csv
import importlib
import io
import json
import logging
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import openpyxl
import pypdfium2  # type: ignore[import-untyped]
import pytest
from corpus import CORPUS, ELEMENTS, MARK, REFUSED, TYPESET, words_for
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from monitor.scene import observation
from monitor.scene import words as scene_words
from people import WHO, People
from share.scene import SEEN, build
from share.test_export import LISTS
from test_table import ROOMS, address_of, rows_of
from window import Answer, Window

from fairwitness.mission.bring import bring
from fairwitness.mission.take_rows import start, take, try_list
from fairwitness.monitor.attach import attach_file, open_attachment
from fairwitness.monitor.models import Attachment
from fairwitness.record.hand import command
from fairwitness.record.models import Entry
from fairwitness.share.export import risky
from fairwitness.share.publish import publish
from fairwitness.web.models import Account
from fairwitness.web.watch import Lines

pytestmark = pytest.mark.django_db

LEFT_ALONE = re.compile(r"/accounts/|/sessions/end/|/drafts/|/language/")
"""Forms that sign somebody out or in: nothing typed there is kept."""
GUESSES: tuple[tuple[str, str], ...] = (
    (r"place|area", "Prizren"),
    (r"time|hour", "10:00"),
    (r"from|until|since|due|day|date|told|began|ended|started|taken|cut_off|valid|left|rated|issued|end", "13.05.2026"),
    (r"from|until|since|told|began|ended|started|taken|cut_off|at", "13.05.2026 10:00"),
    (r"count|number|members|vehicles|percent|minutes|people|adults|children|left|top|width|height|order|figure", "3"),
    (r"language", "en"),
    (r"url|address|page", "https://example.org/zqx"),
    (r"code|symbol|slug|username|name", "ZQX-7"),
    (r"", ""),
    (r"", "13.05.2026"),
    (r"", "T-monitor"),
    (r"", "3"),
)
READERS = ("monitor", "analyst", "clearer", "drafter", "publisher", "keeper", "custodian", "leader")


@dataclass
class Form:
    """One form as it stands on a page."""

    action: str
    fields: list[dict[str, Any]] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page that send something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.at: Form | None = None
        self.choice: dict[str, Any] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.at = Form(given.get("action", "")) if given.get("method", "").lower() == "post" else None
            self.found += [self.at] if self.at else []
        elif self.at and tag in ("input", "textarea", "select", "button") and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            self.choice = {"name": given["name"], "kind": kind, "value": given.get("value", ""), "on": "checked" in given, "options": []}
            self.at.fields.append(self.choice)
        elif tag == "option" and self.choice and self.choice["kind"] == "select":
            self.choice["options"].append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.at = None


def filled(form: Form, number: int, wrong: dict[str, int]) -> dict[str, Any]:
    """An answer to every question: hostile words wherever somebody may type; where they were refused, what the question asks for."""
    data: dict[str, Any] = {}
    for place, one in enumerate(form.fields):
        name, kind, tries = one["name"], one["kind"], wrong.get(one["name"], 0)
        if kind == "hidden":
            data[name] = one["value"]
        elif kind == "file":
            data[name] = SimpleUploadedFile('"><zqx-made>.txt', b"zqx <script>zqx()</script>", "text/html")
        elif kind == "select":
            options = [value for value in one["options"] if value] or [""]
            data[name] = options[tries % len(options)]
        elif kind == "checkbox":
            data.setdefault(name, []).append(one["value"] or "on")
        elif kind in ("radio", "button"):
            data.setdefault(name, one["value"])
        elif kind not in ("submit", "password"):
            guesses = [guess for pattern, guess in GUESSES if re.search(pattern, name)]
            data[name] = (
                guesses[(tries - 2) % len(guesses)]
                if tries > 1
                else words_for(number + place, 120 if tries else 4000 if kind == "textarea" else 180)
            )
    return data


@dataclass
class Walk:
    """What came of walking a room: how many forms took it, and every page that was shown, with its address and reader."""

    sent: int = 0
    taken: list[str] = field(default_factory=list)
    answers: list[tuple[str, str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)


class Noted(logging.Handler):
    """Everything that is logged, as it would be written."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines
        self.setFormatter(Lines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


walks: dict[str, Walk] = {}


def walked(room: str, people: People) -> Walk:
    """Walk a room once; the tests of this module look at the same answers."""
    if room not in walks:
        walk = walks[room] = Walk()
        noted, loggers = Noted(walk.lines), [logging.getLogger(), logging.getLogger("fairwitness.requests"), logging.getLogger("django")]
        level = loggers[1].level
        for one in loggers:
            one.addHandler(noted)
        loggers[1].setLevel(logging.INFO)
        try:
            _walk(room, people, walk)
        finally:
            loggers[1].setLevel(level)
            for one in loggers:
                one.removeHandler(noted)
    return walks[room]


def _walk(room: str, people: People, walk: Walk) -> None:
    cache.clear()
    module = importlib.import_module(f"table.{room}")
    made = (module.things(people) if hasattr(module, "things") else None) or {}
    clients = {}
    for who in READERS:
        found = Account.objects.filter(member=getattr(people, who)).first()
        clients[who] = Client(raise_request_exception=False)
        clients[who].force_login(found or Account.objects.create_account(f"{who}.walks", "a long enough one", getattr(people, who).id))
    addresses = {address_of(row, made): None for row in rows_of(room) if row.expected.get("GET", {}).get("monitor") != 400}
    known: set[str] = set()
    senders: dict[str, str] = {}
    for address in addresses:
        for who, client in clients.items():
            page = client.get(address)
            if page.status_code == 200 and page.headers["Content-Type"].startswith("text/html"):
                for form in Forms(page.content.decode()).found:
                    action = urljoin(address, form.action or address)
                    if urlsplit(action).path not in known and not LEFT_ALONE.search(action):
                        known.add(urlsplit(action).path)
                        _send(walk, who, client, action, form)
                        senders |= {urlsplit(one).path: who for one in walk.taken if urlsplit(one).path not in senders}
                senders.setdefault(urlsplit(address).path, who)
                break
    for address in [*addresses, "/", f"/find/?q={MARK}", "/record/", *dict.fromkeys(walk.taken)]:
        who = senders.get(urlsplit(address).path, "monitor")
        answer = clients[who].get(address)
        answer.whole = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
        if answer.status_code == 200:
            walk.answers.append((who, address, answer))
        elif answer.status_code >= 500:
            walk.faults.append(f"GET {address} as {who}: {answer.status_code}")
    for address in (one for one in LISTS if one.split("/")[1] == room):
        for form in ("csv", "xlsx", "json"):
            data = clients["publisher"].get(f"{address}{'&' if '?' in address else '?'}format={form}").content
            walk.files.append((address, form, data))


def _send(walk: Walk, who: str, client: Client, action: str, form: Form) -> None:
    wrong: dict[str, int] = {}
    for _try in range(5):
        walk.sent += 1
        answer = client.post(action, filled(form, walk.sent, wrong))
        if answer.status_code >= 500:
            walk.faults.append(f"POST {action} as {who}: {answer.status_code}")
        if answer.status_code == 302:
            walk.taken.append(answer["Location"])
        if answer.status_code != 422:
            return
        body = answer.whole = answer.content  # type: ignore[attr-defined]
        if not _try:
            walk.answers.append((who, action, answer))
        named = set(re.findall(r'href="#id_(\w+?)(?:_set)?"', body.decode())) & {one["name"] for one in form.fields}
        if not named:
            return
        for name in named:
            wrong[name] = wrong.get(name, 0) + 1


class Made(HTMLParser):
    """What of a page would run, fetch or be an element that nobody of ours wrote."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if MARK in tag or any(MARK in name or name.startswith("on") for name in given):
            self.wrong.append(f"<{tag} {given}>")
        if tag in ("base", "iframe", "object", "embed", "style") or (tag == "script" and not given.get("src", "").startswith("/static/")):
            self.wrong.append(f"<{tag} {given}>")
        for name in ("href", "src", "action", "formaction", "srcset", "poster"):
            leads = re.sub(r"[\s\x00-\x1f]", "", given.get(name, "")).lower()
            if leads.startswith(("javascript:", "data:text", "vbscript:", "//")):
                self.wrong.append(f"<{tag} {name}={leads[:60]}>")


@pytest.mark.parametrize("room", ROOMS)
def test_what_was_typed_stays_words_on_every_page(room: str, people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    walk = walked(room, people)
    wrong = list(walk.faults)
    sharp = [one for one in CORPUS if set(one) & set("<>\"'")]
    for who, address, answer in walk.answers:
        kind = answer.headers.get("Content-Type", "")
        if MARK in str(dict(answer.headers)).replace(f"?q={MARK}", "") and "filename" not in str(dict(answer.headers)):
            wrong.append(f"{address} as {who}: typed words in a header: {dict(answer.headers)}")
        if b"\x00" in answer.whole and kind.startswith("text/"):
            wrong.append(f"{address} as {who}: an empty sign")
        if kind.startswith("text/html"):
            text = answer.whole.decode()
            wrong += [f"{address} as {who}: {said}" for said in Made(text).wrong]
            wrong += [f"{address} as {who}: raw: {one}" for one in sharp if one in text]
        elif "html" in kind or answer.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{address} as {who}: may be taken for a page")
    assert not wrong, "\n".join(wrong[:20])


def test_the_walk_reaches_what_it_should(people: People, settings: Any) -> None:
    """A walk that is refused everywhere would prove nothing: the room of monitoring takes hostile words in many forms and shows them."""
    settings.SECOND_FACTOR = "offered"
    walk = walked("monitor", people)
    shown = [answer for _who, _address, answer in walk.answers if f"&lt;{MARK}-made" in answer.whole.decode("utf-8", "replace")]
    assert len(walk.taken) >= 12 and len(shown) >= 12, (len(walk.taken), len(shown))


@pytest.mark.parametrize("room", ROOMS)
def test_no_line_of_the_log_holds_what_was_typed(room: str, people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    walk = walked(room, people)
    assert walk.lines and not [line for line in walk.lines if MARK in line or "\n" in line or "\r" in line]
    assert all(json.loads(line)["level"] for line in walk.lines)


@pytest.mark.parametrize("room", ROOMS)
def test_no_page_of_a_monitor_holds_the_names_of_colleagues(room: str, people: People, settings: Any) -> None:
    """Colleagues stand by code and post; who reads a page learns no list of people from it."""
    settings.SECOND_FACTOR = "offered"
    names = [name for word, name, _role, _unit in WHO if word != "monitor"]
    pages = [
        (address, answer.whole.decode("utf-8", "replace")) for who, address, answer in walked(room, people).answers if who == "monitor"
    ]
    assert pages
    assert not [(address, name) for address, text in pages for name in names if name in text]


@pytest.mark.browser
@pytest.mark.parametrize("room", ROOMS)
def test_no_page_runs_or_fetches_what_was_typed(room: str, people: People, settings: Any, chromium: Any) -> None:
    """The pages that hold most of it, in a real browser."""
    settings.SECOND_FACTOR = "offered"
    pages = [Answer.of(f"GET {address}", answer) for _who, address, answer in walked(room, people).answers]
    held = sorted((page for page in pages if page.is_page and MARK.encode() in page.body), key=lambda page: -page.body.count(MARK.encode()))
    window, wrong = Window(chromium), []
    window.page.on("dialog", lambda said: (wrong.append(f"dialog {said.message}"), said.dismiss()))
    for page in held[:6]:
        quiet = page._replace(
            body=re.sub(rb'<ima?ge?\b[^>]*?\s(?:src|href)="/[^"]*"', b"<img", page.body)
        )  # pictures of ours are asked for elsewhere
        window.show(quiet, page.name.split()[1])
        window.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        found = window.page.evaluate(LIVING)
        wrong += [f"{page.name}: {said}" for said in (*found, *window.faults)]
    window.close()
    assert not wrong, "\n".join(wrong[:20])


LIVING = f"""() => {{
  const made = [...document.querySelectorAll('*')].filter(one => one.localName.includes('{MARK}')
    || [...one.attributes].some(a => a.name.includes('{MARK}') || a.name.startsWith('on'))
    || ['iframe', 'object', 'embed', 'base', 'math', 'animate'].includes(one.localName)
    || (one.localName === 'script' && !one.src.startsWith(location.origin + '/static/'))
    || ['href', 'src', 'action'].some(n =>
       /^(javascript|data:text|vbscript)/i.test(String(one[n] && one[n].baseVal === undefined ? one[n] : ''))
       || String(one[n]).startsWith('https://{MARK}.example/x')));
  return [...made.map(one => one.outerHTML.slice(0, 160)), ...(typeof window.{MARK} === 'undefined' ? [] : ['a script ran'])];
}}"""


@pytest.mark.parametrize("room", ["manage", "monitor", "recommend"])
def test_no_export_holds_a_formula(room: str, people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    files = walked(room, people).files
    held = [(address, form, data) for address, form, data in files if MARK.encode() in data or form == "xlsx"]
    assert len(held) > len(files) / 3
    for _address, form, data in held:
        if form == "csv":
            assert not [cell for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in line if risky(cell)]
        elif form == "json":
            assert json.loads(data)["columns"]
        else:
            cells = [cell for line in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows() for cell in line]  # type: ignore[union-attr]
            assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]


PRINTED = " ".join(one for one in (*ELEMENTS, *TYPESET) if one.isascii())


def told_of(people: People) -> Any:
    """A report that says it, published."""
    stage = build(people)
    report = stage.report((f"{SEEN} {_plain(PRINTED)}", "PZ-0417"), title=f"{MARK} {ELEMENTS[0]} {TYPESET[0]}")
    return publish(report, by=people.hand(people.publisher))


def _plain(text: str) -> str:
    """Braces are the marks of a citation in a paragraph, and nothing else."""
    return text.replace("{", "(").replace("}", ")")


def test_a_printed_report_says_what_was_typed_and_runs_none_of_it(people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    release = told_of(people)
    public = Client()
    answer = public.get(reverse("web:public_pdf", args=[release.slug]))
    data = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    document = pypdfium2.PdfDocument(data)
    said = re.sub(r"[\s\u00ad-]+", "", "".join(page.get_textpage().get_text_range() for page in document))
    for one in (*ELEMENTS[:6], *TYPESET):
        assert re.sub(r"[\s-]+", "", _plain(one)) in said, one
    assert "root:x" not in said and b"/JavaScript" not in data and b"/Launch" not in data and b"/EmbeddedFile" not in data
    for address in ("/public/", f"/public/releases/{release.slug}/", "/public/tracker/"):
        shown = public.get(address)
        assert shown.status_code == 200 and not Made(shown.content.decode()).wrong
        assert not [one for one in CORPUS if set(one) & set("<>\"'") and one in shown.content.decode()]
    assert b"&lt;script&gt;window.zqx=1" in public.get(f"/public/releases/{release.slug}/").content


@pytest.mark.parametrize("bad", REFUSED)
def test_signs_that_no_engine_keeps_come_back_with_a_sentence(people: People, settings: Any, bad: str) -> None:
    settings.SECOND_FACTOR = "offered"
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.create_account("monitor", "a long enough one", people.monitor.id))
    for path in ("observations/new", "sources/new", "activities/new"):
        before = Entry.objects.count()
        fields = client.get(f"/monitor/{path}").context["form"].fields
        answer = client.post(f"/monitor/{path}", dict.fromkeys(fields, bad))
        assert answer.status_code in (400, 422) and Entry.objects.count() == before


BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/x-www-form-urlencoded", b""),
    ("application/x-www-form-urlencoded", b"=&=&&;%00=%"),
    ("multipart/form-data", b""),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a'),
    ("application/json", b"{"),
    ("", b"\x00\xff"),
)


@pytest.mark.parametrize("room", ["monitor", "report", "pictures"])
def test_no_body_however_empty_or_broken_is_our_fault(room: str, people: People, settings: Any) -> None:
    settings.SECOND_FACTOR = "offered"
    cache.clear()
    module = importlib.import_module(f"table.{room}")
    made = module.things(people) or {}
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.create_account("who", "a long enough one", people.monitor.id))
    wrong = []
    for number, row in enumerate(row for row in rows_of(room) if "POST" in row.expected):
        address = address_of(row, made)
        for kind, body in (BODIES[number % len(BODIES)], BODIES[(number + 2) % len(BODIES)]):
            status = client.post(address, body, content_type=kind).status_code
            wrong += [f"{address} {kind} {body!r}: {status}"] if status >= 500 else []
    assert not wrong, "\n".join(wrong)


def test_two_files_of_one_name_in_one_second_are_two(people: People) -> None:
    scene_words()
    thing = observation(people)
    given = {"file_name": "photo.txt", "caption": "c", "credit": "x", "licence": "CC0", "by": people.hand(people.monitor)}
    first, second = (attach_file(thing, io.BytesIO(data), **given) for data in (b"the first words", b"the second words"))
    assert first.pk != second.pk and first.code != second.code and Attachment.objects.count() == 2
    read = [b"".join(open_attachment(one, by=people.hand(people.monitor))) for one in (first, second)]
    assert read == [b"the first words", b"the second words"]


def test_a_longer_list_asks_no_more_questions_for_each_row(people: People) -> None:
    """What an import costs is counted in questions to the database, not in seconds: a row more costs what a row costs, never a search."""

    def cost(count: int, name: str) -> int:
        data = ("Recommendation\n" + "".join(f"Do the {name} thing number {n}.\n" for n in range(count))).encode()
        with CaptureQueriesContext(connection) as asked:
            one = bring(data, file_name=f"{name}.csv", target="recommendations", unit=people.units["PZ-T1"], by=command())
            try_list(one, by=command())
            take(start(one, by=command(), background=False), by=command())
        return len(asked)

    cost(5, "warm")
    short, long = cost(20, "short"), cost(120, "long")
    assert long - short <= 100 * 2, f"{short} questions for 20 rows, {long} for 120"
